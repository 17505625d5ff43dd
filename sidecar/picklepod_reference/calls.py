"""The steps that are called in blocks under a rule: artifacts, the bundle's own code, and numpy's log and exp."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, NamedTuple, Optional

import numpy as np

from .bits import is_sparse
from .bundle import Bundle
from .fault import Fault
from .fitted_columns import difference
from .given import Given, given
from .methods import call
from .table import Table
from .values import normal

Names = Optional[List[str]]


class Call(NamedTuple):
    rows: int
    of: Callable[[Any], Any]  # places of rows: what comes back for them
    names: Callable[[Any], Names]  # everything that came back: what its columns are called


def artifact_call(bundle: Bundle, step: dict[str, Any], table: Table) -> Call:
    artifact, what = bundle.artifact(step["artifact"]), given(step, table)
    note = difference(artifact, what.columns)
    if note is not None:
        bundle.notes.append(f"The step {step['output']}: {note}")

    def of(places: Any) -> Any:
        return counted(normal(call(artifact, step["kind"], what.take(places))), places)

    return Call(what.rows, of, lambda data: names(step, data, artifact, what))


def counted(result: Any, places: Any) -> Any:
    if result.shape[0] != len(places):
        raise Fault(f"{result.shape[0]} rows came back for {len(places)}.")
    return result


def names(step: dict[str, Any], data: Any, artifact: Any, what: Given) -> Names:
    if is_sparse(data) or data.ndim == 1:
        return None
    width = data.shape[1]
    if step["kind"] == "transform" and what.columns is not None and what.width == width:
        return list(what.columns)
    if step["kind"] in ("predict_proba", "decision_function"):
        classes = list(getattr(artifact, "classes_", range(width)))
        return [str(c) for c in classes] if len(classes) == width else [str(i) for i in range(width)]
    return numbered(step, width)


def numbered(step: dict[str, Any], width: int) -> list[str]:
    return [f"{step['output']}_{i}" for i in range(width)]


def encode(bundle: Bundle, step: dict[str, Any], table: Table) -> Call:
    columns = [encoder["column"] for encoder in step["encoders"]]
    encoders = {encoder["column"]: encoder_of(bundle, encoder) for encoder in step["encoders"]}
    cells = {column: table.cells(column) for column in columns}

    def of(places: Any) -> Any:
        encoded = [one_encoded(name, encoders[name], cells[name][places]) for name in columns]
        return np.column_stack(encoded)

    return Call(table.count, of, lambda data: columns)


def encoder_of(bundle: Bundle, encoder: dict[str, Any]) -> Any:
    found = bundle.artifact(encoder["artifact"])
    if not isinstance(found, dict):
        return found
    if encoder["column"] not in found:
        raise Fault(f"{encoder['artifact']['file']} is a dict without an encoder for {encoder['column']}.")
    return found[encoder["column"]]


def one_encoded(column: str, encoder: Any, cells: Any) -> Any:
    whole = cells.dtype.kind == "O" and all(type(cell) is int for cell in cells.tolist())
    codes = np.asarray(encoder.transform(np.array(cells.tolist(), dtype=np.int64) if whole else cells))
    if codes.size != len(cells) or codes.dtype.kind not in "biuf":
        raise Fault(f"the encoder of {column} gave {codes.dtype} of shape {codes.shape}, and not a number a row.")
    return codes.ravel().astype(np.float64)


def code(bundle: Bundle, step: dict[str, Any], table: Table) -> Call:
    function = getattr(bundle.code.get(step["module"]), step["function"], None)
    if not callable(function):
        raise Fault(f"the module {step['module']} has no function {step['function']}.")
    what = given(step, table)
    seen: Dict[str, Any] = {}

    def of(places: Any) -> Any:
        result = function(what.take(places))
        columns = [str(column) for column in result.columns] if hasattr(result, "columns") else None
        if seen.setdefault("columns", columns) != columns:
            raise Fault(
                f"it gave the columns {seen['columns']}, and then {columns}. They must be the same for any rows."
            )
        return counted(shaped(normal(plain(result)), step), places)

    def names(data: Any) -> Names:
        if is_sparse(data) or data.ndim == 1:
            return None
        called = step.get("names") or seen.get("columns") or numbered(step, data.shape[1])
        if len(called) != data.shape[1] or len(set(called)) != len(called):
            raise Fault(f"it gave {data.shape[1]} columns, called {called}. Name each of them, and each otherwise.")
        return list(called)

    return Call(what.rows, of, names)


def plain(result: Any) -> Any:
    """A DataFrame's or a Series' values."""
    if not hasattr(result, "to_numpy"):
        return result
    kinds = [result.dtype] if not hasattr(result, "columns") else list(result.dtypes)
    if hasattr(result, "columns") and all(getattr(kind, "kind", "O") in "biuf" for kind in kinds):
        return result.astype("float64").to_numpy()
    numbers = not hasattr(result, "columns") and getattr(kinds[0], "kind", "O") in "biuf"
    return result.to_numpy() if numbers else result.astype(object).to_numpy()


def shaped(data: Any, step: dict[str, Any]) -> Any:
    """A vector that has a name is a matrix of one column."""
    return data.reshape(-1, 1) if "names" in step and data.ndim == 1 else data


FUNCTIONS: Dict[str, Dict[str, Callable[[Any], Any]]] = {
    "log": {"e": np.log, "2": np.log2, "10": np.log10, "1p": np.log1p},
    "exp": {"e": np.exp, "2": np.exp2, "10": lambda x: np.power(10.0, x), "1p": np.expm1},
}


def elementwise(bundle: Bundle, step: dict[str, Any], table: Table) -> Call:
    function = FUNCTIONS[step["kind"]][step["base"]]
    if "from" in step:
        columns, data = table.outputs[step["from"]].columns, table.outputs[step["from"]].data
    else:
        columns, data = step["columns"], table.matrix(step["columns"])
    if is_sparse(data) or data.dtype.kind not in "biuf":
        raise Fault(f"{step['from']} holds no numbers in full. Take a vector or a matrix of numbers.")
    numbers = data if data.dtype == np.float32 else data.astype(np.float64)

    def of(places: Any) -> Any:
        with np.errstate(all="ignore"):
            return function(np.ascontiguousarray(numbers[places]))

    return Call(len(numbers), of, lambda data: columns)


CALLS: Dict[str, Callable[[Bundle, Dict[str, Any], Table], Call]] = {
    "transform": artifact_call,
    "predict": artifact_call,
    "predict_proba": artifact_call,
    "decision_function": artifact_call,
    "encode": encode,
    "code": code,
    "log": elementwise,
    "exp": elementwise,
}
