"""What an artifact returned, brought to the few types that a tensor can carry, and checked."""

from __future__ import annotations

from typing import Any

import numpy as np

DATATYPES = {"float64": "FP64", "float32": "FP32", "int64": "INT64", "int32": "INT32", "bool": "BOOL"}
BY_DTYPE = {np.dtype(name): datatype for name, datatype in DATATYPES.items()}  # a dtype's name is slow to make
WIDER = {
    "float16": np.float32,
    "int8": np.int32,
    "int16": np.int32,
    "uint8": np.int32,
    "uint16": np.int32,
    "uint32": np.int64,
}


class BadResult(Exception):
    """An artifact or a step returned what its bundle does not promise."""


def normal(result: Any, rows: int) -> Any:
    if type(result) is not np.ndarray and hasattr(result, "tocsr"):
        value = result.tocsr()
    else:
        value = np.asarray(result)
        if value.dtype not in BY_DTYPE and value.dtype.name not in DATATYPES and value.dtype.kind != "U":
            value = converted(value)
    if value.shape[:1] != (rows,):
        raise BadResult(f"it returned the shape {value.shape} for {rows} rows")
    return value


def converted(array: Any) -> Any:
    if array.dtype.kind == "O":
        kinds = {type(item) for item in array.ravel().tolist()}
        if kinds <= {str, np.str_}:
            return array.astype(str)
        if len(kinds) == 1 and kinds <= {bool, int, float}:
            return np.array(array.tolist())
    elif array.dtype.name in WIDER:
        return array.astype(WIDER[array.dtype.name])
    raise BadResult(f"it returned values of type {array.dtype}, which no tensor can carry")


def check(value: Any, tensor: dict[str, Any] | None) -> None:
    """Against bundle.json's description: None for a sparse value."""
    if type(value) is not np.ndarray and hasattr(value, "tocsr"):
        matches = tensor is None
    elif tensor is None:
        matches = False
    else:
        shape = value.shape[1:]
        promised = () if tensor["columns"] is None else (len(tensor["columns"]),)
        matches = shape == promised and datatype(value) == tensor["datatype"]
    if not matches:
        got = "sparse" if hasattr(value, "tocsr") else f"{datatype(value)} of shape {value.shape}"
        raise BadResult(f"it returned {got}, which is not what bundle.json describes")


def datatype(array: Any) -> str:
    found = BY_DTYPE.get(array.dtype)
    return found or ("BYTES" if array.dtype.kind in "UO" else DATATYPES[array.dtype.name])
