"""Equality to the last bit (NaN with NaN's payload, -0 apart from 0) and distances in ulp."""

from __future__ import annotations

from typing import Any

import numpy as np

UNLIKE = 2**64 - 1  # the distance of things that cannot be compared


def is_sparse(value: Any) -> bool:
    return hasattr(value, "tocsr")


def as_bits(array: Any) -> Any:
    array = np.ascontiguousarray(array)
    return array.view(f"u{array.dtype.itemsize}") if array.dtype.kind == "f" else array


def equal_bits(a: Any, b: Any) -> bool:
    if is_sparse(a) != is_sparse(b) or a.shape != b.shape or a.dtype.kind != b.dtype.kind:
        return False
    if not is_sparse(a):
        return (a.dtype == b.dtype or a.dtype.kind == "U") and bool(np.array_equal(as_bits(a), as_bits(b)))
    a, b = canonical(a), canonical(b)
    same_places = np.array_equal(a.indptr, b.indptr) and np.array_equal(a.indices, b.indices)
    return bool(same_places and equal_bits(a.data, b.data))


def canonical(sparse: Any) -> Any:
    rows = sparse.tocsr().copy()
    rows.sort_indices()
    return rows


def largest_ulp(a: Any, b: Any) -> int:
    """The largest distance between numbers that stand in the same place; 0 where the bits are equal."""
    if equal_bits(a, b):
        return 0
    if is_sparse(a):
        return largest_ulp(canonical(a).data, canonical(b).data) or UNLIKE
    if a.shape != b.shape or a.dtype != b.dtype or a.dtype.kind != "f":
        return UNLIKE
    return max(abs(x - y) for x, y in zip(ordered(a), ordered(b)))


def ordered(array: Any) -> list[int]:
    """Each float's place among all floats, as a Python integer; -0 and 0 are one apart."""
    sign = 1 << (8 * array.dtype.itemsize - 1)
    return [sign - 1 - bits if bits >= sign else bits for bits in (int(x) + 0 for x in as_bits(array).ravel())]
