"""What the API can ask the sidecar. Read this first."""

from __future__ import annotations

import gc
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any, List, NamedTuple

from .child import end_launcher
from .metadata import metadata
from .problems import Problem
from .served import Served

MOST_WAITING = 64  # calls; the API keeps its own queue, and this one is for the moment
LONGEST_TURN = 0.05  # seconds that short calls may keep the event loop from health, one after another
SERVER = {"name": "picklepod", "version": "1", "extensions": ["binary_tensor_data"]}


class Times(NamedTuple):
    arrived: float  # the call's head
    turn: float  # when the event loop last looked at its sockets


def one_worker() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="worker")


class App:
    def __init__(self, bundles: List[Served]):
        self.bundles = bundles
        # One, so that calls do not slow each other down, and the event loop always has time for health.
        self.worker = one_worker()
        self.waiting = 0

    def server(self) -> Any:
        return 200, SERVER

    def live(self) -> Any:
        return 200, {"live": True}

    def stuck(self) -> str | None:
        """Why no call is answered any more: one never ends, and there is one worker."""
        return next(filter(None, (served.stuck() for served in self.bundles)), None)

    def ready(self) -> Any:
        stuck = self.stuck()
        if stuck is not None:
            return 503, {"ready": False, "stuck": stuck}
        ready = all(served.settled() for served in self.bundles)
        return (200 if ready else 503), {"ready": ready}

    def model_ready(self, served: Served) -> Any:
        ready = served.state == "ready" and self.stuck() is None
        return (200 if ready else 503), {"name": served.name, "ready": ready}

    def model(self, served: Served) -> Any:
        return 200, metadata(served, self.stuck())

    def find(self, name: str, version: str | None) -> Served:
        for served in self.bundles:
            if served.name == name and version in (None, served.version):
                return served
        raise Problem("unknown-model", f"There is no model {name} {version or ''}".rstrip() + " here.")

    def check_room(self, served: Served) -> None:
        """Before a byte of the body is read."""
        if served.state != "ready":
            raise Problem("not-ready", served.reason or f"{served.name} is {served.state}. Ask again when it is ready.")
        stuck = self.stuck() if self.waiting else None
        if stuck is not None:
            raise Problem("not-ready", f"{stuck}. Ask again when it has been started anew.")
        if self.waiting >= MOST_WAITING:
            raise Problem("not-ready", f"{self.waiting} calls are waiting already. Ask again in a moment.")

    def infer(self, served: Served, body: memoryview, header_length: int | None, times: Times) -> Any:
        """The answer of a call that is expected to be short; of any other a future, and the worker computes it.

        Waking the worker and being woken by it takes 80 us, which is as much as many a model takes for a row.
        """
        self.check_room(served)
        busy = self.waiting or time.monotonic() - times.turn > LONGEST_TURN
        if not busy and served.is_short(len(body), header_length):
            return served.infer(body, header_length, times.arrived)
        future = self.submit(served.infer, body, header_length, times.arrived)
        self.waiting += 1
        return future

    def submit(self, *call: Any) -> Any:
        try:
            return self.worker.submit(*call)
        except RuntimeError as error:
            self.worker = one_worker()  # the old one has no thread, but keeps the call, which nobody waits for
            raise Problem("not-ready", f"Its thread cannot be started ({error}). Ask again in a moment.") from None

    def is_done(self) -> None:
        """To be said, on the event loop, of each of infer's futures."""
        self.waiting -= 1

    def bring_up(self) -> None:
        """On a thread of its own; a bundle that fails never stops the next."""
        for served in self.bundles:
            served.bring_up()
        end_launcher()
        gc.collect()
        gc.freeze()  # what is loaded stays: no collection need look through it again
