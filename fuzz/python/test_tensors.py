"""A call's tensors, whatever a stranger writes there: read rightly or refused as bad; never another failure."""

from __future__ import annotations

import json
import struct
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from picklepod_sidecar.problems import Problem
from picklepod_sidecar.request import Request
from picklepod_sidecar.tensors import TensorReader

INPUTS = {
    "numbers": ["a", "b"],
    "codes": [{"name": "c", "categories": ["x", "y"]}],
    "texts": ["t"],
}
READER = TensorReader(INPUTS)
MOST_CODE = len(INPUTS["codes"][0]["categories"]) - 1  # type: ignore[arg-type, index]


def read(body: bytes, header_length: int | None) -> Any:
    try:
        return READER.read(Request(memoryview(bytearray(body)), header_length))
    except Problem:
        return None


def framed(texts: list[str]) -> bytes:
    return b"".join(struct.pack("<I", len(raw)) + raw for raw in (text.encode() for text in texts))


def call(numbers: list[float], codes: list[int], texts: list[str]) -> tuple[dict[str, Any], list[bytes]]:
    """A right call's header and its tensors, written here without the sidecar's own code."""
    count = len(texts)
    parts = [struct.pack(f"<{len(numbers)}d", *numbers), struct.pack(f"<{len(codes)}i", *codes), framed(texts)]
    kinds = [("numbers", "FP64", [count, 2]), ("codes", "INT32", [count, 1]), ("t", "BYTES", [count])]
    inputs = [
        {"name": name, "datatype": datatype, "shape": shape, "parameters": {"binary_data_size": len(part)}}
        for (name, datatype, shape), part in zip(kinds, parts, strict=True)
    ]
    return {"id": "1", "parameters": {"binary_data_output": True}, "inputs": inputs}, parts


def written(header: Any, parts: list[bytes]) -> tuple[bytes, int]:
    head = json.dumps(header).encode()
    return head + b"".join(parts), len(head)


@st.composite
def right_calls(draw: st.DrawFn) -> tuple[list[float], list[int], list[str]]:
    count = draw(st.integers(1, 5))
    numbers = draw(st.lists(st.floats(), min_size=2 * count, max_size=2 * count))
    codes = draw(st.lists(st.integers(-1, MOST_CODE), min_size=count, max_size=count))
    return numbers, codes, draw(st.lists(st.text(), min_size=count, max_size=count))


@given(right_calls())
def test_a_right_call_is_read_bit_by_bit(given_: tuple[list[float], list[int], list[str]]) -> None:
    numbers, codes, texts = given_
    columns = read(*written(*call(numbers, codes, texts)))
    assert columns is not None
    assert columns.numbers.tobytes() == struct.pack(f"<{len(numbers)}d", *numbers)
    assert columns.codes.tolist() == [[code] for code in codes]
    assert columns.texts["t"].tolist() == texts


def is_well_formed(columns: Any) -> bool:
    numbers, codes, texts = columns.numbers, columns.codes, columns.texts["t"]
    kinds = numbers.dtype == np.float64 and codes.dtype == np.int32 and all(type(text) is str for text in texts)
    shapes = numbers.shape == (columns.rows, 2) and codes.shape == (columns.rows, 1) and texts.shape == (columns.rows,)
    return bool(kinds and shapes and ((codes >= -1) & (codes <= MOST_CODE)).all())


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4) | st.sampled_from(["FP64", "BYTES"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


def changed(value: Any, path: list[int], to: Any) -> Any:
    if not path or not isinstance(value, (dict, list)) or not value:
        return to
    keys = list(value) if isinstance(value, dict) else list(range(len(value)))
    chosen = keys[path[0] % len(keys)]
    copied = dict(value) if isinstance(value, dict) else list(value)
    copied[chosen] = changed(value[chosen], path[1:], to)
    return copied


@given(right_calls(), st.lists(st.integers(0, 9), min_size=1, max_size=5), JSON)
def test_any_change_of_the_header_is_read_as_columns_or_refused(given_: Any, path: list[int], to: Any) -> None:
    header, parts = call(*given_)
    columns = read(*written(changed(header, path, to), parts))
    assert columns is None or is_well_formed(columns)


@given(right_calls(), st.integers(0), st.binary(max_size=6), st.integers(0, 6), st.integers(-9, 9) | st.none())
def test_any_change_of_the_bytes_is_read_as_columns_or_refused(
    given_: Any, at: int, put: bytes, cut: int, off: int | None
) -> None:
    body, length = written(*call(*given_))
    place = at % len(body)
    columns = read(body[:place] + put + body[place + cut :], None if off is None else length + off)
    assert columns is None or is_well_formed(columns)


@given(st.data())
def test_any_data_written_as_json_are_read_as_columns_or_refused(data: st.DataObject) -> None:
    values = st.none() | st.floats() | st.integers() | st.text(max_size=3) | st.booleans()
    rows = st.lists(values, max_size=4) | st.lists(st.lists(values, max_size=3), max_size=3) | JSON
    shape = st.lists(st.integers(-1, 3), max_size=3) | JSON
    inputs = [
        {"name": name, "datatype": datatype, "shape": data.draw(shape), "data": data.draw(rows)}
        for name, datatype in (("numbers", "FP64"), ("codes", "INT32"), ("t", "BYTES"))
    ]
    columns = read(*written({"inputs": inputs}, []))
    assert columns is None or is_well_formed(columns)


@given(st.binary(max_size=200), st.integers(-5, 205) | st.none())
def test_bytes_of_any_kind_are_refused_or_read(body: bytes, length: int | None) -> None:
    columns = read(body, length)
    assert columns is None or is_well_formed(columns)
