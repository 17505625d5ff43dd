"""Runs the steps in order; an artifact's method is called in blocks, under the rule of its step."""

from __future__ import annotations

from typing import Any, Callable

import numpy as np

from .blocks import in_blocks
from .bundle import Bundle
from .fault import Fault
from .fitted_columns import difference
from .given import Given, given
from .rows import Rows
from .table import Table
from .values import Value, normal

CALLS = ("transform", "predict", "predict_proba")
FindRule = Callable[[str, Callable[[Any], Any], int], str]  # step output, a call of any rows, how many: its rule


def compute(bundle: Bundle, rows: Rows, find_rule: FindRule) -> Table:
    table = Table(rows, bundle.inputs)
    for step in bundle.steps:
        try:
            table.add(step["output"], run(bundle, step, table, find_rule))
        except Exception as error:
            raise Fault(f"{bundle.name}: the step {step['output']} ({step['kind']}) failed: {error}") from error
    return table


def run(bundle: Bundle, step: dict[str, Any], table: Table, find_rule: FindRule) -> Value:
    if step["kind"] in CALLS:
        artifact, what = bundle.artifact(step["artifact"]), given(step, table)
        note = difference(artifact, what.columns)
        if note is not None:
            bundle.notes.append(f"The step {step['output']}: {note}")
        call = caller(artifact, step["kind"], what)
        rule = find_rule(step["output"], call, what.rows)
        data = in_blocks(call, np.arange(what.rows), rule, bundle.limit)
        return Value(data, names(step, data, artifact, what))
    return PLAIN[step["kind"]](bundle, step, table)


def caller(artifact: Any, method: str, what: Given) -> Callable[[Any], Any]:
    def call(places: Any) -> Any:
        result = normal(getattr(artifact, method)(what.take(places)))
        if result.shape[0] != len(places):
            raise Fault(f"{result.shape[0]} rows came back for {len(places)}.")
        return result

    return call


def names(step: dict[str, Any], data: Any, artifact: Any, what: Given) -> list[str] | None:
    if hasattr(data, "tocsr") or data.ndim == 1:
        return None
    width = data.shape[1]
    if step["kind"] == "transform" and what.columns is not None and what.width == width:
        return list(what.columns)
    if step["kind"] == "predict_proba":
        classes = list(getattr(artifact, "classes_", range(width)))
        return [str(c) for c in classes] if len(classes) == width else [str(i) for i in range(width)]
    return [f"{step['output']}_{i}" for i in range(width)]


def one_hot(bundle: Bundle, step: dict[str, Any], table: Table) -> Value:
    columns = {
        f"{name}_{category}": (table.codes[name] == code).astype(np.float64)
        for name in step["columns"]
        for code, category in enumerate(table.categories[name])
    }
    return Value(np.column_stack(list(columns.values())), list(columns))


def select(bundle: Bundle, step: dict[str, Any], table: Table) -> Value:
    chosen = step["columns"]
    columns = [str(name) for name in (bundle.artifact(chosen) if isinstance(chosen, dict) else chosen)]
    return Value(table.matrix(columns), columns)


def vector(step: dict[str, Any], table: Table) -> Any:
    data = table.outputs[step["from"]].data
    if data.ndim == 1:
        return data
    if "column" not in step and data.shape[1] != 1:
        raise Fault(f"{step['from']} has {data.shape[1]} columns. Say which one is meant.")
    return data[:, step.get("column", 0)]


def threshold(bundle: Bundle, step: dict[str, Any], table: Table) -> Value:
    value = step["value"]
    bound = float(bundle.artifact(value) if isinstance(value, dict) else value)
    scores = vector(step, table).astype(np.float64)
    reached = scores >= bound if step["compare"] == "at_least" else scores > bound
    return Value(reached.astype(np.int64), None)


def labels(bundle: Bundle, step: dict[str, Any], table: Table) -> Value:
    # A tuple with "is it a boolean" keeps True apart from 1, which Python takes for equal.
    mapped = {(isinstance(key, bool), key): label for key, label in step["map"]}
    values = vector(step, table).tolist()
    missing = [value for value in values if (isinstance(value, bool), value) not in mapped]
    if missing:
        raise Fault(f"there is no label for {missing[0]!r}. Add it to the map.")
    return Value(np.array([mapped[isinstance(value, bool), value] for value in values], dtype=str), None)


PLAIN = {"one_hot": one_hot, "select": select, "threshold": threshold, "labels": labels}
