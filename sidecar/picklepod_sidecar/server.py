"""Listens, announces the port, brings the bundles up, and ends in time."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import threading
import warnings
from pathlib import Path
from typing import Any, List, Set

from .app import App
from .child import end_children
from .http_connection import Connection
from .http_routes import Routes
from .log import announce, log, take_over_logging
from .served import Served

KEEP_ALIVE_SECONDS = 75  # longer than any client keeps a connection, so that none closes under a request
LOOK_SECONDS = 5  # between two looks for idle connections
DRAIN_SECONDS = 4
BACKLOG = 2048


class Server:
    def __init__(self, app: App, loop: Any):
        self.app = app
        self.loop = loop
        self.connections: Set[Connection] = set()
        self.draining = False

    def run(self, listener: socket.socket) -> None:
        asyncio.set_event_loop(self.loop)
        routes = Routes(self.app, self.loop)
        make = lambda: Connection(routes, self.loop, self.connections)  # noqa: E731
        self.listening = self.loop.run_until_complete(self.loop.create_server(make, sock=listener, backlog=BACKLOG))
        for number in (signal.SIGINT, signal.SIGTERM):
            self.loop.add_signal_handler(number, self.drain)
        announce(event="listening", port=listener.getsockname()[1], pid=os.getpid())
        threading.Thread(target=self.app.bring_up, name="bring-up", daemon=True).start()
        self.close_idle()
        self.loop.run_forever()

    def close_idle(self) -> None:
        for connection in list(self.connections):
            connection.close_if_idle(self.loop.time() - KEEP_ALIVE_SECONDS)
        self.loop.call_later(LOOK_SECONDS, self.close_idle)

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


def serve(folders: List[Path], port: int, state_dir: Path | None, exit_with_stdin: bool) -> int:
    take_over_logging()
    # Whatever scikit-learn only warns of here may give other numbers.
    warnings.filterwarnings("error", message="Trying to unpickle estimator")
    # A matrix is handed over on purpose: when the bundle was pinned, the names were compared.
    warnings.filterwarnings("ignore", message="X does not have valid feature names")
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError as error:
        log("error", "port", text=f"The port {port} cannot be had ({error.strerror}). Free it, or choose another.")
        return 1
    if exit_with_stdin:
        threading.Thread(target=end_with_stdin, name="stdin", daemon=True).start()
    Server(App([Served(folder, state_dir) for folder in folders]), new_loop()).run(listener)
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


def end_now() -> None:
    end_children()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)
