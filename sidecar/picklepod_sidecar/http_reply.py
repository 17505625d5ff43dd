"""An answer as HTTP has it: its head put together beforehand where it is always the same."""

from __future__ import annotations

import traceback
from http import HTTPStatus
from typing import Any, List, NamedTuple

from .answer import Encoded
from .log import log
from .problems import Problem
from .tensors import dumps


class Reply(NamedTuple):
    head: bytes  # up to where content-length stands
    parts: List[bytes]
    ends: bool = False  # the connection too: the rest of the call is not wanted


def written(reply: Reply, last: bool, without_body: bool) -> bytes:
    """All of it in one piece, since a write costs more than the copy."""
    size = sum(map(len, reply.parts))
    head = b"%bcontent-length: %d\r\n%b\r\n" % (reply.head, size, b"connection: close\r\n" if last else b"")
    return head if without_body else b"".join([head, *reply.parts])


def status_line(status: int) -> bytes:
    return f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n".encode()


JSON_TYPE = b"content-type: application/json\r\n"
OK_JSON = status_line(200) + JSON_TYPE
OK_TENSORS = status_line(200) + b"content-type: application/octet-stream\r\ninference-header-content-length: %d\r\n"
TIMED = b"server-timing: infer;dur=%.3f\r\n"  # W3C Server Timing: milliseconds


def as_json(status: int, content: Any, ends: bool = False, more: bytes = b"") -> Reply:
    if status == 503:
        more += b"retry-after: 1\r\n"
    return Reply(status_line(status) + JSON_TYPE + more, [dumps(content)], ends)


def wrong_method(allowed: str) -> Reply:
    return as_json(405, {"error": f"Use {allowed}."}, more=f"allow: {allowed}\r\n".encode())


def as_tensors(encoded: Encoded) -> Reply:
    timed = TIMED % (encoded.seconds * 1000)
    if not encoded.tensors:
        return Reply(OK_JSON + timed, [encoded.header])
    return Reply(OK_TENSORS % len(encoded.header) + timed, [encoded.header, *encoded.tensors])


def as_failure(error: BaseException, ends: bool = False) -> Reply:
    if isinstance(error, Problem):
        return as_json(error.status, {"error": str(error), "problem": error.name}, ends)
    log("error", "unexpected", traceback="".join(traceback.format_exception(type(error), error, error.__traceback__)))
    sentence = f"Something unforeseen happened: {type(error).__name__}. The sidecar's log has the traceback."
    return as_json(500, {"error": sentence, "problem": "artifact-failed"}, ends)
