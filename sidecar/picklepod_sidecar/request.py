"""One infer call as it came: its JSON part read, its binary part still bytes."""

from __future__ import annotations

import json
from typing import Any, List

from .problems import Problem


class Request:
    """`body` is writable memory: some artifacts of older libraries take no read-only arrays."""

    def __init__(self, body: memoryview, header_length: int | None):
        length = len(body) if header_length is None else header_length
        if not 0 < length <= len(body):
            raise bad(f"Inference-Header-Content-Length is {length}, the body has {len(body)} bytes.")
        header = parse(bytes(body[:length]))
        self.body = body
        self.offset = length
        self.id = header.get("id")
        self.inputs: List[Any] = a_list(header.get("inputs"), "inputs")
        self.outputs: List[Any] = a_list(header.get("outputs") or [], "outputs")
        parameters = header.get("parameters") or {}
        if not isinstance(parameters, dict) or not isinstance(self.id, (str, type(None))):
            raise bad("`parameters` must be an object and `id` a string.")
        self.digest = parameters.get("digest")
        self.timeout_ms = duration(parameters, "timeout_ms")
        self.longest_ms = duration(parameters, "longest_ms")  # that any caller waits for any call
        self.binary_output = parameters.get("binary_data_output") is True

    def take(self, name: str, size: Any) -> memoryview:
        """The next `size` bytes of the binary part."""
        left = len(self.body) - self.offset
        if type(size) is not int or not 0 <= size <= left:
            raise bad(f"{name} says it has {size!r} bytes, {left} are left in the body.")
        self.offset += size
        return self.body[self.offset - size : self.offset]


def parse(header: bytes) -> Any:
    try:
        parsed = json.loads(header.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise bad(f"The JSON part cannot be read ({error}). Is Inference-Header-Content-Length right?") from None
    if not isinstance(parsed, dict):
        raise bad("The JSON part must be an object.")
    return parsed


def a_list(value: Any, name: str) -> List[Any]:
    if not isinstance(value, list):
        raise bad(f"`{name}` must be a list.")
    return value


def duration(parameters: Any, name: str) -> Any:
    value = parameters.get(name)
    if value is None or (type(value) in (int, float) and 0 <= value <= 1e12):
        return value
    raise bad(f"`{name}` is {value!r}. It must be a number of milliseconds.")


def bad(sentence: str) -> Problem:
    return Problem("bad-tensors", sentence)
