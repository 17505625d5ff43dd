"""A call that never ends: when that is believed, and what is told then."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from picklepod_sidecar import patience, server
from picklepod_sidecar.app import App, Times
from picklepod_sidecar.pace import Pace
from picklepod_sidecar.patience import GRACE_SECONDS, Patience
from picklepod_sidecar.problems import Problem
from picklepod_sidecar.request import Request
from picklepod_sidecar.served import Served

STUCK = "touchy has computed 1 row for 0 s, far longer than anybody waits, and no other call is answered before"
INSTANT = Pace(0.0, 0.0)


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(patience, "time", clock)
    return clock


def call(number: float = 1, **parameters: Any) -> memoryview:
    inputs = [{"name": "numbers", "datatype": "FP64", "shape": [1, 1], "data": [number]}]
    return memoryview(bytearray(json.dumps({"inputs": inputs, "parameters": parameters}).encode()))


def seconds_until_lost(clock: Clock, pace: Pace = INSTANT, **parameters: Any) -> int:
    """Of a call that began just now."""
    waits = Patience()
    waits.begins(Request(call(**parameters), None), 1, pace)
    began = clock.now
    while waits.lost() is None:
        clock.now += 1
    return round(clock.now - began)


def test_a_call_is_given_as_long_as_any_caller_waits_and_a_grace(clock: Clock) -> None:
    assert seconds_until_lost(clock, timeout_ms=1000, longest_ms=11000) == 11 + GRACE_SECONDS


def test_a_caller_in_a_hurry_makes_no_call_a_lost_one(clock: Clock) -> None:
    assert seconds_until_lost(clock, timeout_ms=1, longest_ms=60000) == 60 + GRACE_SECONDS


def test_a_slow_model_is_given_three_times_what_it_takes_besides(clock: Clock) -> None:
    body = len(call(longest_ms=1000))
    assert seconds_until_lost(clock, Pace(10.0, 50.0 / body), longest_ms=1000) == 1 + 3 * 60 + GRACE_SECONDS


def test_a_caller_that_is_not_the_api_is_given_a_minute_or_what_it_asks_for(clock: Clock) -> None:
    assert seconds_until_lost(clock) == 60 + GRACE_SECONDS
    assert seconds_until_lost(clock, timeout_ms=5) == 60 + GRACE_SECONDS
    assert seconds_until_lost(clock, timeout_ms=100_000) == 100 + GRACE_SECONDS
    assert seconds_until_lost(clock, timeout_ms=1e12) == 7200 + GRACE_SECONDS


@pytest.fixture
def app(raising: Path) -> Any:
    """Its model's calls of more than 100 take a second, and are lost after a tenth."""
    served = Served(raising, None, tried=True)
    served.bring_up()
    assert served.state == "ready", served.reason
    served.patience.grace = 0.1
    app = App([served])
    yield app
    app.worker.shutdown()


def begun(app: App, number: float) -> Any:
    now = time.monotonic()
    return app.infer(app.bundles[0], call(number, longest_ms=0), None, Times(now, now))


def stuck(app: App) -> None:
    begun(app, 500).add_done_callback(lambda _: app.is_done())
    time.sleep(0.3)


def test_one_that_is_stuck_says_so_wherever_it_is_asked(app: App) -> None:
    (served,) = app.bundles
    stuck(app)
    assert app.ready() == (503, {"ready": False, "stuck": STUCK})
    assert app.model_ready(served) == (503, {"name": "touchy", "ready": False})
    told = app.model(served)[1]
    assert (told["state"], told["reason"]) == ("stuck", STUCK)
    with pytest.raises(Problem, match="has computed 1 row") as refused:
        begun(app, 1)
    assert refused.value.status == 503


def test_a_call_that_ends_after_all_leaves_it_well(app: App) -> None:
    (served,) = app.bundles
    stuck(app)
    app.worker.submit(time.monotonic).result(5)  # what runs has ended
    assert (app.ready()[0], app.model(served)[1]["state"]) == (200, "ready")
    assert begun(app, 1).result(5)


def test_a_call_that_fails_is_over(app: App) -> None:
    with pytest.raises(Problem):
        begun(app, 5000).result(5)
    time.sleep(0.2)
    assert app.ready()[0] == 200


class Loop:
    def time(self) -> float:
        return time.monotonic()

    def call_later(self, *_: Any) -> None:
        pass


def test_while_stuck_it_gives_no_sign_of_life_and_ends_itself_in_the_end(
    app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    ended: list = []
    monkeypatch.setattr(server, "end_now", ended.append)
    alive = tmp_path / "alive"
    ours = server.Server(app, Loop(), b"", alive)
    ours.look()
    assert alive.exists()
    alive.unlink()
    stuck(app)
    for _ in range(server.STUCK_LOOKS):
        ours.look()
    assert (alive.exists(), ended) == (False, [])
    ours.look()
    assert ended == [1]
    said = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [line["event"] for line in said if line["level"] == "error"] == ["stuck", "stuck"]
    assert said[-2]["text"].startswith(STUCK)
    app.worker.submit(time.monotonic).result(5)
    ours.look()
    assert (alive.exists(), ours.stuck_looks) == (True, 0)
