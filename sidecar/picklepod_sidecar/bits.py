"""Which rows differ in any bit, and how far apart two numbers are."""

from __future__ import annotations

from typing import Any

import numpy as np


def rows_that_differ(expected: Any, got: Any) -> Any:
    """A boolean per row. NaN equals only its own payload, -0 is not 0."""
    if expected.shape != got.shape or expected.dtype.kind != got.dtype.kind:
        return np.ones(len(got), dtype=bool)
    differ = as_bits(expected) != as_bits(got)
    return differ.any(axis=1) if differ.ndim == 2 else differ


def as_bits(array: Any) -> Any:
    array = np.ascontiguousarray(array)
    return array.view(f"u{array.dtype.itemsize}") if array.dtype.kind == "f" else array


def ulp(a: Any, b: Any) -> int:
    return abs(place(a) - place(b))


def place(number: Any) -> int:
    """A float's place among all floats of its width; -0 stands right below 0."""
    bits = int(as_bits(np.atleast_1d(number))[0])
    sign = 1 << (8 * number.dtype.itemsize - 1)
    return sign - 1 - bits if bits >= sign else bits


def with_nan_of(expected: Any, got: Any) -> Any:
    """`expected` came out of JSON, where NaN has no payload: it takes got's, where that is NaN too."""
    if expected.dtype.kind != "f" or expected.shape != got.shape:
        return expected
    return np.where(np.isnan(expected) & np.isnan(got), got, expected)
