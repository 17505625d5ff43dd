"""How long a bundle's calls take: a + b x bytes, measured at its proof and corrected by every call."""

from __future__ import annotations

import time
from typing import Callable, List

SHORT_SECONDS = 0.005  # that nobody minds who asks for health meanwhile
WEIGHT = 1 / 16  # of the newest call: one hiccup is forgotten after a few


class Pace:
    def __init__(self, fixed: float, per_byte: float):
        self.fixed = fixed
        self.per_byte = per_byte

    def expected(self, size: int) -> float:
        return self.fixed + self.per_byte * size

    def is_short(self, size: int) -> bool:
        return self.expected(size) < SHORT_SECONDS

    def took(self, size: int, seconds: float) -> None:
        surprise = seconds - self.expected(size)
        self.fixed = max(0.0, self.fixed + surprise * WEIGHT)


def measured(small: int, large: int, call: Callable[[int], int]) -> Pace:
    """`call` computes so many rows, and says how many bytes they are."""
    (size, seconds), (larger_size, more_seconds) = timed(call, small), timed(call, large)
    per_byte = max(0.0, more_seconds - seconds) / max(1, larger_size - size)
    return Pace(max(0.0, seconds - per_byte * size), per_byte)


def timed(call: Callable[[int], int], rows: int) -> tuple[int, float]:
    times: List[float] = []
    size = 0
    for _ in range(3):
        started = time.perf_counter()
        size = call(rows)
        times.append(time.perf_counter() - started)
    return size, sorted(times)[1]
