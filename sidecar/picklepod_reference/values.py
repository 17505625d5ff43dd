"""What a step makes, brought to the few forms that a tensor can carry."""

from __future__ import annotations

from typing import Any, List, NamedTuple, Optional

import numpy as np

from .bits import is_sparse
from .fault import Fault

DATATYPES = {"float64": "FP64", "float32": "FP32", "int64": "INT64", "int32": "INT32", "bool": "BOOL"}


class Value(NamedTuple):
    data: Any  # [n], [n, k] or sparse
    columns: Optional[List[str]]  # None: a vector, or sparse


def normal(result: Any) -> Any:
    """The same values as float64, float32, int64, int32, bool or unicode; sparse as it is."""
    if is_sparse(result):
        return result.tocsr()
    array = np.asarray(result)
    if array.ndim not in (1, 2):
        raise Fault(f"a result of shape {array.shape} came back. Only vectors and matrices can be served.")
    if array.dtype.kind == "O":
        array = from_objects(array)
    if array.dtype.kind == "U" or array.dtype.name in DATATYPES:
        return array
    wider = {"float16": "float32", "int8": "int32", "int16": "int32", "uint8": "int32", "uint16": "int32"}
    wider["uint32"] = "int64"
    if array.dtype.name not in wider:
        raise Fault(f"a result of type {array.dtype} came back. Only numbers, booleans and texts can be served.")
    return array.astype(wider[array.dtype.name])


def from_objects(array: Any) -> Any:
    kinds = {type(item) for item in array.ravel().tolist()}
    if kinds <= {str, np.str_}:
        return array.astype(str)
    if len(kinds) == 1 and kinds <= {bool, int, float}:
        return np.array(array.tolist())
    names = ", ".join(sorted(kind.__name__ for kind in kinds))
    raise Fault(f"a result of mixed objects ({names}) came back. Only numbers, booleans and texts can be served.")


def stack(parts: list[Any]) -> Any:
    if len(parts) == 1:
        return parts[0]
    if is_sparse(parts[0]):
        from scipy import sparse

        return sparse.vstack(parts, format="csr")
    return np.concatenate(parts)


def datatype(data: Any) -> str:
    return "BYTES" if data.dtype.kind == "U" else DATATYPES[data.dtype.name]
