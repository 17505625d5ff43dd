"""One JSON object a line: events on stderr, and the one line that announces the port on stdout."""

from __future__ import annotations

import json
import logging
import sys
import threading
from typing import Any

_one_line_at_a_time = threading.Lock()


def log(level: str, event: str, **rest: Any) -> None:
    write(sys.stderr, {"level": level, "event": event, **rest})


def announce(**event: Any) -> None:
    write(sys.stdout, event)


def write(stream: Any, event: dict[str, Any]) -> None:
    with _one_line_at_a_time:
        stream.write(json.dumps(event, ensure_ascii=False, default=str) + "\n")
        stream.flush()


class AsEvents(logging.Handler):
    """What asyncio and the libraries log, and Python's warnings, as events of ours."""

    def emit(self, record: logging.LogRecord) -> None:
        log(record.levelname.lower(), record.name, text=record.getMessage().strip())


def take_over_logging() -> None:
    logging.basicConfig(handlers=[AsEvents()], level=logging.WARNING)
    logging.captureWarnings(True)
