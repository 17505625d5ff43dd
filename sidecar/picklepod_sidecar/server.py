"""Listens, announces the port, brings the bundles up, and ends in time."""

from __future__ import annotations

import os
import socket
import sys
import threading
import warnings
from pathlib import Path
from typing import Any, List

import uvicorn

from .app import App
from .asgi import Asgi
from .child import end_children
from .log import announce, log, take_over_logging
from .served import Served

KEEP_ALIVE_SECONDS = 75  # longer than any client keeps a connection, so that none closes under a request
DRAIN_SECONDS = 4


class Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, app: App):
        super().__init__(config)
        self.app = app

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets=sockets)
        announce(event="listening", port=sockets[0].getsockname()[1], pid=os.getpid())
        threading.Thread(target=self.app.bring_up, name="bring-up", daemon=True).start()

    async def shutdown(self, sockets: Any = None) -> None:
        await super().shutdown(sockets=sockets)
        # Neither a training nor a call that runs too long may hold us up.
        end_now()


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
    app = App([Served(folder, state_dir) for folder in folders])
    Server(config(app), app).run(sockets=[listener])
    return 0


def config(app: App) -> uvicorn.Config:
    return uvicorn.Config(
        Asgi(app),
        lifespan="off",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=DRAIN_SECONDS,
    )


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
