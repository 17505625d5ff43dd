"""When a call counts as one that never ends.

Nobody is left to wait for it long before: but a slow model is not to be ended for being slow. So a call has as long as
any caller waits, and a multiple of what the bundle's proof and its calls have shown that it takes, and a grace.
"""

from __future__ import annotations

import time
from typing import NamedTuple

from .pace import Pace
from .request import Request

GRACE_SECONDS = 20.0  # a machine that stood still, or code of a user's own that waits for something
SLOWER = 3  # than was measured, when nothing else ran
UNTOLD_SECONDS = 60.0  # where it is not the API that asks
MOST_TOLD_SECONDS = 7200.0  # the API's most is an hour, and a millisecond for each row


class Running(NamedTuple):
    rows: int
    since: float
    until: float


class Patience:
    """With the one call of a bundle that runs, if any. It is asked by another thread than the call's."""

    def __init__(self, grace: float = GRACE_SECONDS):
        self.grace = grace
        self.running: Running | None = None

    def begins(self, request: Request, rows: int, pace: Pace) -> None:
        now = time.monotonic()
        expected = pace.expected(len(request.body))
        self.running = Running(rows, now, now + told_seconds(request) + SLOWER * expected + self.grace)

    def ended(self) -> None:
        self.running = None

    def lost(self) -> str | None:
        """What has run for so long that nobody believes in its end."""
        running, now = self.running, time.monotonic()
        if running is None or now < running.until:
            return None
        rows = "1 row" if running.rows == 1 else f"{running.rows} rows"
        return f"{rows} for {now - running.since:.0f} s"


def told_seconds(request: Request) -> float:
    told: float | None = request.longest_ms
    if told is None:
        told = max(request.timeout_ms or 0, UNTOLD_SECONDS * 1000)
    return min(told / 1000, MOST_TOLD_SECONDS)
