"""One call as far as its bytes have come."""

from __future__ import annotations

import re
from typing import Dict

from .http_reply import Reply
from .problems import Problem
from .served import Served

LARGEST_BODY = 256 * 1024 * 1024  # 10,000 rows of 3,000 numbers are 240 MB
LENGTHS = (b"inference-header-content-length", b"content-length")
LENGTH = re.compile(rb"[0-9]{1,12}")


class Call:
    __slots__ = (
        "arrived",
        "authorization",
        "body",
        "gap",
        "json_length",
        "last",
        "lengths",
        "method",
        "reply",
        "served",
        "target",
        "wants_continue",
    )

    def __init__(self) -> None:
        self.method = b""
        self.target = b""
        self.arrived = 0.0  # its head
        self.last = False  # the connection ends with its answer
        self.wants_continue = False
        self.authorization = b""
        self.lengths: Dict[bytes, bytes] = {}
        self.json_length: int | None = None
        self.served: Served | None = None  # whose rows are in the body
        self.reply: Reply | None = None  # where it is known without the body
        self.gap = 0
        self.body = bytearray()

    def keep(self, name: bytes, value: bytes) -> None:
        name = name.lower()
        if name in LENGTHS:
            self.lengths[name] = value
        elif name == b"authorization":
            self.authorization = value
        elif name == b"expect":
            self.wants_continue = value.lower() == b"100-continue"

    def await_body(self, served: Served) -> None:
        """Into memory that artifacts may write to, with the first tensor where a float64 may stand."""
        self.json_length, length = (self.length(name) for name in LENGTHS)
        if (length or 0) > LARGEST_BODY:
            raise TooLarge()
        self.served = served
        self.gap = -(self.json_length or 0) % 8
        self.body += bytes(self.gap)

    def length(self, name: bytes) -> int | None:
        text = self.lengths.get(name)
        if text is not None and not LENGTH.fullmatch(text):
            raise Problem("bad-tensors", f"{name.decode()} is not a length.")
        return None if text is None else int(text)

    def whole_body(self) -> memoryview:
        return memoryview(self.body)[self.gap :]


class TooLarge(Problem):
    """Nothing more of it is wanted."""

    def __init__(self) -> None:
        super().__init__("bad-tensors", f"The body is larger than {LARGEST_BODY} bytes. Send fewer rows at once.")
