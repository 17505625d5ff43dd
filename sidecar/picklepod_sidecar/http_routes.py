"""Paths to what app.py offers."""

from __future__ import annotations

import hmac
import re
from typing import Any, Callable, Dict
from urllib.parse import unquote

import httptools

from .answer import Encoded
from .app import App, Times
from .http_call import Call, TooLarge
from .http_reply import Reply, as_failure, as_json, as_tensors, wrong_method
from .served import Served

MODEL_PATH = re.compile(r"/v2/models/([^/]+)(?:/versions/([^/]+))?(?:/(ready|infer))?")

UNKNOWN = as_json(
    401,
    {
        "error": "This sidecar answers its API alone. Give both the same SIDECAR_TOKEN or SIDECAR_TOKEN_FILE, "
        "and send it as `Authorization: Bearer <token>`."
    },
    ends=True,
    more=b"www-authenticate: Bearer\r\n",
)

Done = Callable[[Call, Reply], None]


class Routes:
    def __init__(self, app: App, loop: Any, token: bytes = b""):
        self.app = app
        self.loop = loop
        self.expected = b"Bearer " + token if token else b""
        self.fixed = {"/v2": app.server, "/v2/health/live": app.live, "/v2/health/ready": app.ready}
        # The one path that counts, as clients write it; any other spelling is found as all paths are.
        self.infer: Dict[bytes, Served] = {f"/v2/models/{s.name}/infer".encode(): s for s in reversed(app.bundles)}

    def open(self, call: Call) -> None:
        """When the head is there: the reply already, or whose rows the body will hold."""
        try:
            if self.expected and not self.is_known(call):
                call.reply = UNKNOWN
                return
            served = self.infer.get(call.target) if call.method == b"POST" else None
            found = self.find(call.method, call.target) if served is None else served
            if isinstance(found, Reply):
                call.reply = found
                return
            self.app.check_room(found)
            call.await_body(found)
        except Exception as error:
            call.reply = as_failure(error, ends=isinstance(error, TooLarge))

    def is_known(self, call: Call) -> bool:
        """Whether it lives and is ready is told to everybody: a probe of the container knows no token."""
        return hmac.compare_digest(call.authorization, self.expected) or path_of(call.target) in self.fixed

    def find(self, method: bytes, target: bytes) -> Any:
        """A reply, or the bundle that rows are sent to."""
        path = path_of(target)
        if path in self.fixed:
            return as_json(*self.fixed[path]()) if method == b"GET" else wrong_method("GET")
        match = MODEL_PATH.fullmatch(path)
        if match is None:
            return as_json(404, {"error": f"There is no {path[:200]} here."})
        name, version, verb = match.groups()
        served = self.app.find(name, version)
        if verb == "infer":
            return served if method == b"POST" else wrong_method("POST")
        offered = self.app.model_ready if verb == "ready" else self.app.model
        return as_json(*offered(served)) if method == b"GET" else wrong_method("GET")

    def answer(self, call: Call, turn: float, done: Done) -> Any:
        """Says it when it is done; until then what is given can be cancelled."""
        if call.reply is not None or call.served is None:
            done(call, call.reply or as_json(404, {"error": "There is nothing here."}))
            return None
        try:
            result = self.app.infer(call.served, call.whole_body(), call.json_length, Times(call.arrived, turn))
        except Exception as error:
            done(call, as_failure(error))
            return None
        if isinstance(result, Encoded):
            done(call, as_tensors(result))
            return None
        result.add_done_callback(lambda future: self.loop.call_soon_threadsafe(self.computed, call, future, done))
        return result

    def computed(self, call: Call, future: Any, done: Done) -> None:
        self.app.is_done()
        if not future.cancelled():
            done(call, outcome(future))


def outcome(future: Any) -> Reply:
    error = future.exception()
    return as_tensors(future.result()) if error is None else as_failure(error)


def path_of(target: bytes) -> str:
    try:
        path = httptools.parse_url(target).path or b""
    except httptools.HttpParserInvalidURLError:
        path = b""
    return unquote(path.decode("latin-1"))
