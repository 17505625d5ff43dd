"""Block rules: with how many rows an artifact is called at once. `any`, `multiple m` or `constant b`."""

from __future__ import annotations

from typing import Any, Callable, Iterator, Tuple

import numpy as np

from .values import stack


def in_blocks(call: Callable[[Any], Any], places: Any, rule: str, limit: int) -> Any:
    return stack([call(block)[:wanted] for block, wanted in blocks(places, rule, limit)])


def blocks(places: Any, rule: str, limit: int) -> Iterator[Tuple[Any, int]]:
    """The places of each block, filled up with copies of its last row, and how many of them are wanted."""
    kind, _, number = rule.partition(" ")
    multiple = int(number or 1)
    size = multiple if kind == "constant" else limit - limit % multiple
    for start in range(0, len(places), size):
        wanted = places[start : start + size]
        missing = -len(wanted) % multiple
        yield np.concatenate([wanted, np.repeat(wanted[-1:], missing)]), len(wanted)
