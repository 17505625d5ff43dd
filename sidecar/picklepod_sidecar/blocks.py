"""Calls an artifact under its block rule: `any`, `multiple m` (rounded up) or `constant b` (filled up)."""

from __future__ import annotations

from typing import Any, Callable, NamedTuple

import numpy as np


class BlockRule(NamedTuple):
    text: str
    multiple: int
    largest: int

    @classmethod
    def parse(cls, text: str, limit: int) -> BlockRule:
        kind, _, number = text.partition(" ")
        multiple = int(number or 1)
        return cls(text, multiple, multiple if kind == "constant" else limit - limit % multiple)


def call_in_blocks(call: Callable[[Any], Any], rows: Any, rule: BlockRule) -> Any:
    """`rows`: whatever can be sliced by rows (see given.py); a row's neighbours never change its bits."""
    count = rows.shape[0]
    if count <= rule.largest:
        return padded_call(call, rows, rule.multiple)
    starts = range(0, count, rule.largest)
    return stack([padded_call(call, rows[i : i + rule.largest], rule.multiple) for i in starts])


def padded_call(call: Callable[[Any], Any], rows: Any, multiple: int) -> Any:
    count = rows.shape[0]
    missing = -count % multiple
    if not missing:
        return call(rows)
    return call(with_last_row_repeated(rows, missing))[:count]


def with_last_row_repeated(rows: Any, missing: int) -> Any:
    count = rows.shape[0]
    if isinstance(rows, np.ndarray):
        padded = np.empty((count + missing,) + rows.shape[1:], rows.dtype)
        padded[:count] = rows
        padded[count:] = rows[count - 1]
        return padded
    return rows[np.minimum(np.arange(count + missing), count - 1)]


def stack(parts: list[Any]) -> Any:
    if isinstance(parts[0], np.ndarray):
        return np.concatenate(parts)
    from scipy import sparse

    return sparse.vstack(parts, format="csr")
