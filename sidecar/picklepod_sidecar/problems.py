"""Everything that can be wrong: a bundle that must not serve, or a call that cannot be answered."""

from __future__ import annotations

STATUSES = {
    "bad-tensors": 400,
    "unknown-model": 404,
    "wrong-digest": 409,
    "artifact-failed": 500,
    "not-ready": 503,
    "expired": 504,
}


class Refusal(Exception):
    """A bundle cannot be served: one sentence of what is wrong, then the remedy."""


class Problem(Exception):
    """A call cannot be answered; `name` is one of STATUSES."""

    def __init__(self, name: str, sentence: str):
        super().__init__(sentence)
        self.name = name
        self.status = STATUSES[name]
