"""Which calls are short enough for the event loop."""

from __future__ import annotations

import pytest

from picklepod_sidecar import pace
from picklepod_sidecar.pace import Pace, measured


class Clock:
    def __init__(self) -> None:
        self.time = 0.0

    def perf_counter(self) -> float:
        return self.time


def test_the_time_of_a_call_is_told_by_its_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr(pace, "time", clock)

    def call(rows: int) -> int:
        clock.time += 0.001 + 0.0001 * rows
        return 100 * rows

    found = measured(1, 101, call)
    assert (found.fixed, found.per_byte) == (pytest.approx(0.001), pytest.approx(0.000001))
    assert [found.is_short(size) for size in (0, 3900, 4100)] == [True, True, False]


def test_one_hiccup_is_forgotten_after_a_few_calls() -> None:
    found = Pace(0.001, 0)
    found.took(100, 0.1)
    assert not found.is_short(100)
    calls = 0
    while not found.is_short(100):
        found.took(100, 0.001)
        calls += 1
    assert 1 <= calls <= 10


def test_a_bundle_that_has_become_slow_is_not_short_any_more() -> None:
    found = Pace(0.001, 0)
    for _ in range(50):
        found.took(100, 0.01)
    assert not found.is_short(0)


def test_no_call_takes_less_than_nothing() -> None:
    found = Pace(0.001, 0.001)
    for _ in range(100):
        found.took(1000, 0.0)
    assert found.fixed == 0.0
