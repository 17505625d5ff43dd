"""The steps that make an answer of what a model gave: threshold and labels."""

from __future__ import annotations

from typing import Any, Callable, Dict

import numpy as np

from .bundle import Bundle
from .columns import Directory
from .values import BadResult

Run = Callable[[Dict[str, Any], int], Any]  # values by source, count of rows: what the step makes


def vector(step: Dict[str, Any]) -> Callable[[Dict[str, Any]], Any]:
    source, column = step["from"], step.get("column")

    def read(values: Dict[str, Any]) -> Any:
        value = values[source]
        if value.ndim == 1:
            return value
        if column is None and value.shape[1] != 1:
            raise BadResult(f"{source} has {value.shape[1]} columns, and the step does not say which one it takes")
        return value[:, column or 0]

    return read


def bound_of(bundle: Bundle, step: Dict[str, Any]) -> float:
    value = step["value"]
    return float(bundle.artifact(value) if isinstance(value, dict) else value)


def threshold(bundle: Bundle, step: Dict[str, Any], directory: Directory) -> Run:
    bound, read = bound_of(bundle, step), vector(step)
    compare = {"at_least": np.greater_equal, "above": np.greater}[step["compare"]]
    return lambda values, count: compare(read(values).astype(np.float64, copy=False), bound).astype(np.int64)


def labels(bundle: Bundle, step: Dict[str, Any], directory: Directory) -> Run:
    read = vector(step)
    widest = max(len(label) for _, label in step["map"])

    def run(values: Dict[str, Any], count: int) -> Any:
        read_values = read(values)
        labelled = np.empty(count, dtype=f"U{max(widest, 1)}")
        without = np.ones(count, dtype=bool)
        for key, label in step["map"]:
            if kind_of_key(key) == kind_of_values(read_values):
                hit = read_values == key
                labelled[hit] = label
                without &= ~hit
        if without.any():
            raise BadResult(f"there is no label for {read_values[without][0]!r}; add it to the map")
        return labelled

    return run


def kind_of_key(key: Any) -> str:
    return "boolean" if isinstance(key, bool) else ("text" if isinstance(key, str) else "number")


def kind_of_values(values: Any) -> str:
    return {"b": "boolean", "U": "text", "O": "text"}.get(values.dtype.kind, "number")
