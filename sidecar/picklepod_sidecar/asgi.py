"""The only code that talks ASGI: paths to what app.py offers, bodies in, answers out."""

from __future__ import annotations

import re
import traceback
from typing import Any, Dict, List, Tuple

from .answer import Encoded
from .app import App, now
from .log import log
from .problems import Problem
from .tensors import dumps

LARGEST_BODY = 256 * 1024 * 1024  # 10,000 rows of 3,000 numbers are 240 MB
MODEL_PATH = re.compile(r"/v2/models/([^/]+)(?:/versions/([^/]+))?(?:/(ready|infer))?")

Headers = List[Tuple[bytes, bytes]]


class Asgi:
    def __init__(self, app: App):
        self.app = app
        self.fixed = {"/v2": app.server, "/v2/health/live": app.live, "/v2/health/ready": app.ready}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        arrived = now()
        try:
            status, headers, parts = await self.answer(scope, receive, arrived)
        except Problem as problem:
            status, headers, parts = as_json(problem.status, {"error": str(problem), "problem": problem.name})
        except Gone:
            return
        except Exception as error:
            log("error", "unexpected", traceback=traceback.format_exc())
            sentence = f"Something unforeseen happened: {type(error).__name__}. The sidecar's log has the traceback."
            status, headers, parts = as_json(500, {"error": sentence, "problem": "artifact-failed"})
        await reply(send, status, headers, parts)

    async def answer(self, scope: Any, receive: Any, arrived: float) -> Any:
        path, method = scope["path"], scope["method"]
        if path in self.fixed:
            return wrong_method("GET") if method != "GET" else as_json(*self.fixed[path]())
        match = MODEL_PATH.fullmatch(path)
        if match is None:
            return as_json(404, {"error": f"There is no {path[:200]} here."})
        name, version, verb = match.groups()
        served = self.app.find(name, version)
        if verb != "infer":
            offered = self.app.model_ready if verb == "ready" else self.app.model
            return wrong_method("GET") if method != "GET" else as_json(*offered(served))
        if method != "POST":
            return wrong_method("POST")
        self.app.check_room(served)
        headers = dict(scope["headers"])
        json_length = length_of(headers, b"inference-header-content-length")
        body = await read_body(receive, length_of(headers, b"content-length"), json_length or 0)
        return as_tensors(await self.app.infer(served, body, json_length, arrived))


class Gone(Exception):
    """The caller hung up."""


def length_of(headers: Dict[bytes, bytes], name: bytes) -> int | None:
    text = headers.get(name)
    if text is None:
        return None
    if not re.fullmatch(rb"[0-9]{1,12}", text):
        raise Problem("bad-tensors", f"{name.decode()} is not a length.")
    return int(text)


async def read_body(receive: Any, length: int | None, json_length: int) -> memoryview:
    """Into memory that artifacts may write to, with the first tensor where a float64 may stand."""
    if length is not None and length > LARGEST_BODY:
        raise too_large()
    gap = -json_length % 8
    body = bytearray(gap)
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone()
        body += message.get("body", b"")
        if len(body) > LARGEST_BODY:
            raise too_large()
        if not message.get("more_body", False):
            return memoryview(body)[gap:]


def too_large() -> Problem:
    return Problem("bad-tensors", f"The body is larger than {LARGEST_BODY} bytes. Send fewer rows at once.")


def as_json(status: int, content: Any) -> Any:
    return status, [(b"content-type", b"application/json")], [dumps(content)]


def wrong_method(allowed: str) -> Any:
    status, headers, parts = as_json(405, {"error": f"Use {allowed}."})
    return status, [*headers, (b"allow", allowed.encode())], parts


def as_tensors(encoded: Encoded) -> Any:
    if not encoded.tensors:
        return 200, [(b"content-type", b"application/json")], [encoded.header]
    length = str(len(encoded.header)).encode()
    headers = [(b"content-type", b"application/octet-stream"), (b"inference-header-content-length", length)]
    return 200, headers, [encoded.header, *encoded.tensors]


async def reply(send: Any, status: int, headers: Headers, parts: List[bytes]) -> None:
    body = b"".join(parts)
    extra = [(b"content-length", str(len(body)).encode())]
    if status == 503:
        extra.append((b"retry-after", b"1"))
    await send({"type": "http.response.start", "status": status, "headers": headers + extra})
    await send({"type": "http.response.body", "body": body})
