"""Open Inference Protocol v2 tensors to columns: strict in names, datatypes, shapes, sizes and codes."""

from __future__ import annotations

import json
import struct
from typing import Any, Dict, List, NamedTuple

import numpy as np

from .columns import Columns
from .problems import Problem
from .request import Request

AS_THEY_ARE = frozenset(np.dtype(kind) for kind in ("<f8", "<f4", "<i8", "<i4", "?"))
NUMPY_TYPES = {"FP64": np.dtype("<f8"), "INT32": np.dtype("<i4")}


class Expected(NamedTuple):
    datatype: str
    width: int  # 0: a vector


class TensorReader:
    def __init__(self, inputs: Dict[str, Any]):
        self.expected: Dict[str, Expected] = {}
        if inputs["numbers"]:
            self.expected["numbers"] = Expected("FP64", len(inputs["numbers"]))
        if inputs["codes"]:
            self.expected["codes"] = Expected("INT32", len(inputs["codes"]))
        self.texts: List[str] = inputs["texts"]
        self.expected.update({name: Expected("BYTES", 0) for name in self.texts})
        self.category_names = [c["name"] for c in inputs["codes"]]
        self.category_counts = np.array([len(c["categories"]) for c in inputs["codes"]], dtype=np.uint32)

    def read(self, request: Request) -> Columns:
        tensors = self.by_name(request.inputs)
        counts = {self.row_count(name, tensor) for name, tensor in tensors.items()}
        if len(counts) != 1:
            raise bad(f"The tensors have different numbers of rows: {', '.join(map(str, sorted(counts)))}.")
        count = counts.pop()
        if count > len(request.body):  # before memory is taken for them: no row is smaller than a byte
            raise bad(f"The tensors have more rows than the body has bytes ({len(request.body)}).")
        # In the order listed, which is the order of the binary data.
        data = {name: self.data(name, tensor, count, request) for name, tensor in tensors.items()}
        if request.offset != len(request.body):
            raise bad(f"{len(request.body) - request.offset} bytes are left after the last tensor.")
        codes = data.get("codes", np.empty((count, 0), np.int32))
        if codes.size:
            self.check_codes(codes)
        return Columns(count, data.get("numbers", np.empty((count, 0))), codes, {t: data[t] for t in self.texts})

    def by_name(self, inputs: List[Any]) -> Dict[str, Dict[str, Any]]:
        tensors: Dict[str, Dict[str, Any]] = {}
        for tensor in inputs:
            name = tensor.get("name") if isinstance(tensor, dict) else None
            if not isinstance(name, str) or name not in self.expected or name in tensors:
                raise bad(
                    f"{name!r} is not an input tensor, or is there twice. There must be: {', '.join(self.expected)}."
                )
            tensors[name] = tensor
        missing = [name for name in self.expected if name not in tensors]
        if missing:
            raise bad(f"The input tensor {', '.join(missing)} is missing.")
        return tensors

    def row_count(self, name: str, tensor: Dict[str, Any]) -> int:
        expected, shape = self.expected[name], tensor.get("shape")
        if tensor.get("datatype") != expected.datatype:
            raise bad(f"{name} has the datatype {tensor.get('datatype')!r}. It must be {expected.datatype}.")
        inner = [expected.width] if expected.width else []
        whole = isinstance(shape, list) and all(type(n) is int for n in shape)
        if not whole or len(shape) != 1 + len(inner) or shape[1:] != inner or shape[0] < 1:  # type: ignore
            raise bad(f"{name} has the shape {shape!r}. It must be {['n', *inner]} with n of at least 1.")
        return int(shape[0])  # type: ignore

    def data(self, name: str, tensor: Dict[str, Any], count: int, request: Request) -> Any:
        expected = self.expected[name]
        parameters = tensor.get("parameters") or {}
        size = parameters.get("binary_data_size") if isinstance(parameters, dict) else None
        if size is None:
            return from_json(name, expected, tensor.get("data"), count)
        raw = request.take(name, size)
        if expected.datatype == "BYTES":
            return texts_from_bytes(name, raw, count)
        dtype = NUMPY_TYPES[expected.datatype]
        if len(raw) != count * expected.width * dtype.itemsize:
            raise bad(f"{name} has {len(raw)} bytes, its shape needs {count * expected.width * dtype.itemsize}.")
        array = np.frombuffer(raw, dtype).reshape(count, expected.width)
        return array if array.flags.aligned else array.copy()

    def check_codes(self, codes: Any) -> None:
        wrong = (codes + np.int32(1)).view(np.uint32) > self.category_counts  # what is below -1 becomes huge
        if wrong.any():
            row, column = np.argwhere(wrong)[0]
            most = int(self.category_counts[column]) - 1
            raise bad(
                f"Row {row} has the code {codes[row, column]} for {self.category_names[column]}. "
                f"Codes go from -1 to {most}."
            )


def texts_from_bytes(name: str, raw: memoryview, count: int) -> Any:
    if count * 4 > len(raw):  # before memory is taken for them: each begins with its length
        raise bad(f"{name} has {len(raw)} bytes, its shape needs {count * 4} or more.")
    texts = np.empty(count, dtype=object)
    offset = 0
    try:
        for i in range(count):
            (length,) = struct.unpack_from("<I", raw, offset)
            if offset + 4 + length > len(raw):
                raise bad(f"The text {i} of {name} says it has {length} bytes, which is more than there are.")
            texts[i] = str(raw[offset + 4 : offset + 4 + length], "utf-8")
            offset += 4 + length
    except (struct.error, UnicodeDecodeError) as error:
        raise bad(f"The text {i} of {name} cannot be read ({error}).") from None
    if offset != len(raw):
        raise bad(f"{len(raw) - offset} bytes are left after the last text of {name}.")
    return texts


INT32 = np.iinfo(np.int32)
KINDS_IN_JSON: Dict[str, Any] = {"FP64": {int, float, type(None)}, "INT32": {int}, "BYTES": {str}}


def from_json(name: str, expected: Expected, data: Any, count: int) -> Any:
    """Flat or nested; null among numbers is NaN, which JSON cannot write."""
    flat = flattened(data, count, expected.width)
    size = count * (expected.width or 1)
    if flat is None or len(flat) != size or not set(map(type, flat)) <= KINDS_IN_JSON[expected.datatype]:
        raise bad(f"The data of {name} must be {size} values of {expected.datatype}, flat or in rows.")
    if expected.datatype == "BYTES":
        texts = np.empty(count, dtype=object)
        texts[:] = flat
        return texts
    try:
        if expected.datatype == "FP64":
            flat = [float("nan") if x is None else float(x) for x in flat]
        elif min(flat) < INT32.min or max(flat) > INT32.max:  # of which numpy < 2 takes the lowest 32 bits
            raise OverflowError
        return np.array(flat, NUMPY_TYPES[expected.datatype]).reshape(count, expected.width)
    except (OverflowError, ValueError):
        raise bad(f"The data of {name} hold a number that does not fit {expected.datatype}.") from None


def flattened(data: Any, count: int, width: int) -> Any:
    if not isinstance(data, list) or not data or not isinstance(data[0], list):
        return data if isinstance(data, list) else None
    fits = len(data) == count and all(isinstance(row, list) and len(row) == width for row in data)
    return [cell for row in data for cell in row] if fits and width else None


def bad(sentence: str) -> Problem:
    return Problem("bad-tensors", sentence)


def encode(array: Any) -> bytes:
    """A tensor's bytes: little-endian, row-major; a text is its length and its UTF-8."""
    if array.dtype in AS_THEY_ARE:
        return bytes(array.tobytes())
    if array.dtype.kind != "U":
        return bytes(np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<"), copy=False).tobytes())
    texts = array.ravel().tolist()
    encoded = {text: text.encode("utf-8", "surrogatepass") for text in set(texts)}  # labels repeat
    framed = {text: struct.pack("<I", len(raw)) + raw for text, raw in encoded.items()}
    return b"".join([framed[text] for text in texts])


def to_json(array: Any) -> List[Any]:
    """Flat; what is not finite is null, which is all that JSON can say."""
    values: List[Any] = array.ravel().tolist()
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        return [value if np.isfinite(value) else None for value in values]
    return values


def dumps(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass")
