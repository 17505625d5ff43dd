"""Listens, announces the port, brings the bundles up, and ends in time."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import threading
from pathlib import Path
from typing import Any, List, Optional, Set, Tuple

from .api_token import take_token
from .app import App
from .box import box
from .child import start_launcher
from .environment import mind_warnings
from .http_connection import Connection
from .http_routes import Routes
from .log import announce, log, take_over_logging
from .served import Served

KEEP_ALIVE_SECONDS = 75  # longer than any client keeps a connection, so that none closes under a request
LOOK_SECONDS = 5  # between two looks for idle connections, and two signs of life
DRAIN_SECONDS = 4
LOOK_FOR_IT = (
    "Look in the API's log for the requests that had no answer then (504): a row of theirs leads the model, or code of "
    "the bundle's own, into a loop or a wait without end, and will again until that is mended"
)
STUCK_LOOKS = 6  # at a call that never ends, before it ends with the process: time for others to see, and say, why
BACKLOG = 2048


class Server:
    def __init__(self, app: App, loop: Any, token: bytes, alive: Path | None = None):
        self.alive = alive
        self.app = app
        self.loop = loop
        self.token = token
        self.connections: Set[Connection] = set()
        self.draining = False
        self.stuck_looks = 0

    def run(self, listener: socket.socket) -> None:
        asyncio.set_event_loop(self.loop)
        routes = Routes(self.app, self.loop, self.token)
        make = lambda: Connection(routes, self.loop, self.connections)  # noqa: E731
        self.listening = self.loop.run_until_complete(self.loop.create_server(make, sock=listener, backlog=BACKLOG))
        for number in (signal.SIGINT, signal.SIGTERM):
            self.loop.add_signal_handler(number, self.drain)
        announce(event="listening", port=listener.getsockname()[1], pid=os.getpid())
        threading.Thread(target=self.app.bring_up, name="bring-up", daemon=True).start()
        self.look()
        self.loop.run_forever()

    def look(self) -> None:
        self.loop.call_later(LOOK_SECONDS, self.look)
        for connection in list(self.connections):
            connection.close_if_idle(self.loop.time() - KEEP_ALIVE_SECONDS)
        stuck = self.app.stuck()
        self.stuck_looks = self.stuck_looks + 1 if stuck is not None else 0
        if stuck is not None:
            self.is_stuck(stuck)
        elif self.alive is not None:
            self.alive.write_bytes(b"")  # its time changes by being written: the box lets nobody set one

    def is_stuck(self, why: str) -> None:
        """No thread can be ended from outside: only the process can, and whatever keeps it running starts it again."""
        if self.stuck_looks == 1:
            log("error", "stuck", text=f"{why}. {LOOK_FOR_IT}")
        elif self.stuck_looks > STUCK_LOOKS:
            log("error", "stuck", text="The sidecar ends itself, since nothing else has ended it.")
            end_now(1)

    def drain(self) -> None:
        """Answers what has come. Neither a training nor a call that runs too long may hold us up."""
        if self.draining:
            end_now()
        self.draining = True
        self.listening.close()
        for connection in list(self.connections):
            connection.drain()
        self.loop.call_later(DRAIN_SECONDS, end_now)
        self.end_when_drained()

    def end_when_drained(self) -> None:
        if not self.connections:
            end_now()
        self.loop.call_later(0.02, self.end_when_drained)


Wanted = Tuple[Path, Optional[str]]  # a folder, and the digest of the only bundle that may lie in it


def serve(wanted: List[Wanted], port: int, state_dir: Path | None, alive: Path | None, exit_with_stdin: bool) -> int:
    take_over_logging()
    mind_warnings()
    try:
        token = take_token()
    except ValueError as error:
        log("error", "token", text=str(error))
        return 1
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError as error:
        log("error", "port", text=f"The port {port} cannot be had ({error.strerror}). Free it, or choose another.")
        return 1
    # Read before anything of a bundle runs: what is trained outside of the box is told to the launcher now or never.
    served = [Served(folder, state_dir, wanted=digest) for folder, digest in wanted]
    start_launcher(served, state_dir)
    box(state_dir, alive)
    if exit_with_stdin:
        threading.Thread(target=end_with_stdin, name="stdin", daemon=True).start()
    Server(App(served), new_loop(), token, alive).run(listener)
    return 0


def new_loop() -> Any:
    try:
        import uvloop
    except ImportError:  # where it has no wheel
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()


def end_with_stdin() -> None:
    """The one who started us holds the other end: where he is gone, even by kill -9, nobody needs us."""
    while os.read(0, 4096):
        pass
    end_now()


def end_now(status: int = 0) -> None:
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)
