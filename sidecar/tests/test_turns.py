"""Which calls the event loop computes itself, and which it leaves to the worker."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from picklepod_sidecar.app import LONGEST_TURN, App, Times
from picklepod_sidecar.problems import Problem
from picklepod_sidecar.served import Served

BODY = memoryview(b"")


class Instant:
    """A ready bundle whose calls are short, or not."""

    name, version, state, reason = "instant", "1", "ready", None

    def __init__(self, short: bool = True):
        self.short = short
        self.asked = 0

    def is_short(self, *_: Any) -> bool:
        return self.short

    def infer(self, *_: Any) -> str:
        self.asked += 1
        return "answer"


def ask(app: App, served: Any, turn: float = 0.0) -> Any:
    now = time.monotonic()
    return app.infer(served, BODY, None, Times(now, now - turn))


def test_a_short_call_is_answered_at_once() -> None:
    assert ask(App([]), Instant()) == "answer"


def test_a_long_call_is_the_workers() -> None:
    future = ask(App([]), Instant(short=False))
    assert isinstance(future, Future) and future.result(5) == "answer"


def test_a_short_call_does_not_run_beside_the_workers() -> None:
    app = App([])
    ask(app, Instant(short=False)).result(5)
    assert isinstance(ask(app, Instant()), Future)
    app.is_done()
    app.is_done()
    assert ask(app, Instant()) == "answer"


def test_a_call_for_which_no_thread_can_be_started_is_refused_and_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    def start(_: Any) -> None:
        raise RuntimeError("can't start new thread")

    app, bundle = App([]), Instant(short=False)
    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", start)
        with pytest.raises(Problem, match=r"cannot be started \(can't start new thread\)") as refused:
            ask(app, bundle)
    assert (refused.value.status, app.waiting) == (503, 0)
    assert ask(app, bundle).result(5) == "answer"
    assert (bundle.asked, app.waiting) == (1, 1)


def test_many_short_calls_in_a_row_let_health_have_its_turn() -> None:
    assert isinstance(ask(App([]), Instant(), turn=LONGEST_TURN + 0.01), Future)
    assert ask(App([]), Instant(), turn=LONGEST_TURN / 2) == "answer"


def test_much_json_is_the_workers_to_read(mixed: Path) -> None:
    served = Served(mixed, None, tried=True)
    served.bring_up()
    assert served.proof is not None
    served.proof.pace.fixed = served.proof.pace.per_byte = 0.0
    assert served.is_short(10_000_000, 300)
    assert not served.is_short(10_000_000, None)
    assert not served.is_short(10_000_000, 100_000)


def test_code_of_a_users_own_is_the_workers(raising: Path) -> None:
    served = Served(raising, None, tried=True)
    served.bring_up()
    assert served.proof is not None
    assert not served.is_short(10, None)
