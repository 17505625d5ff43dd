"""What tensors may cost to read: a shape is a claim, and takes no memory before the bytes are there."""

from __future__ import annotations

import json
import tracemalloc
from typing import Any, Dict

import pytest

from picklepod_sidecar.problems import Problem
from picklepod_sidecar.request import Request
from picklepod_sidecar.tensors import TensorReader

TEXTS = TensorReader({"numbers": [], "codes": [], "texts": ["t"]})
NUMBERS = TensorReader({"numbers": ["a"], "codes": [], "texts": []})
CODES = TensorReader({"numbers": [], "codes": [{"name": "kind", "categories": ["a", "b"]}], "texts": []})


def request_of(tensor: Dict[str, Any], binary: bytes = b"") -> Request:
    head = json.dumps({"inputs": [tensor]}).encode()
    return Request(memoryview(bytearray(head + binary)), len(head))


def texts(count: int, binary: bytes) -> Request:
    parameters = {"binary_data_size": len(binary)}
    return request_of({"name": "t", "datatype": "BYTES", "shape": [count], "parameters": parameters}, binary)


@pytest.mark.parametrize("count", [200, 10**6, 3 * 10**8, 10**12, 2**63, 10**400], ids=str)
def test_texts_that_are_only_claimed_are_refused_before_they_take_memory(count: int) -> None:
    request = texts(count, b"\0" * 5)
    tracemalloc.start()
    try:
        with pytest.raises(Problem, match=r"more rows than the body has bytes|its shape needs 800 or more") as refused:
            TEXTS.read(request)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (refused.value.name, most < 1 << 20) == ("bad-tensors", True)


def test_a_number_of_rows_that_cannot_be_written_is_a_bad_tensor_too() -> None:
    shape = [10**4299, 1]  # its bytes would have more digits than Python prints
    parameters = {"binary_data_size": 8}
    request = request_of({"name": "numbers", "datatype": "FP64", "shape": shape, "parameters": parameters}, b"\0" * 8)
    with pytest.raises(Problem, match="more rows than the body has bytes"):
        NUMBERS.read(request)


def test_as_many_empty_texts_as_there_are_bytes_for_are_read() -> None:
    count = 1000
    assert TEXTS.read(texts(count, b"\0" * 4 * count)).texts["t"].tolist() == [""] * count


def codes(*values: int) -> Request:
    return request_of({"name": "codes", "datatype": "INT32", "shape": [len(values), 1], "data": values})


@pytest.mark.parametrize("code", [2**31, 2**32, -(2**31) - 1, -(2**32), 2**64], ids=str)
def test_a_code_that_does_not_fit_is_refused_and_becomes_no_other(code: int) -> None:
    """numpy < 2 makes 0 of 2**32."""
    with pytest.raises(Problem, match="hold a number that does not fit INT32"):
        CODES.read(codes(0, code))


def test_codes_from_json_are_read_as_they_are() -> None:
    assert CODES.read(codes(-1, 0, 1)).codes.tolist() == [[-1], [0], [1]]
