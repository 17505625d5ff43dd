"""The steps that are plain arithmetic or look-ups, a row at a time."""

from __future__ import annotations

from typing import Any

import numpy as np

from .bundle import Bundle
from .fault import Fault
from .table import Table
from .text_cleaning import clean_text
from .values import Value


def one_hot(bundle: Bundle, step: dict[str, Any], table: Table) -> Value:
    columns = {}
    for place, name in enumerate(step["columns"]):
        values = step["values"][place] if "values" in step else table.categories[name]
        for value in values:
            code = table.categories[name].index(value)
            columns[f"{name}_{value}"] = (table.codes[name] == code).astype(np.float64)
    if not columns:
        return Value(np.zeros((table.count, 0)), [])
    return Value(np.column_stack(list(columns.values())), list(columns))


def select(bundle: Bundle, step: dict[str, Any], table: Table) -> Value:
    chosen = step["columns"]
    columns = [str(name) for name in (bundle.artifact(chosen) if isinstance(chosen, dict) else chosen)]
    return Value(table.matrix(columns), columns)


def map_values(bundle: Bundle, step: dict[str, Any], table: Table) -> Value:
    names = [column["name"] for column in step["columns"]]
    mapped = [[mapped_cell(cell, column, step) for cell in table.cells(column["name"])] for column in step["columns"]]
    return Value(np.array(mapped, dtype=np.float64).T.copy(), names)


def mapped_cell(cell: Any, column: dict[str, Any], step: dict[str, Any]) -> float:
    for word, number in column["map"]:
        if is_word(cell, word):
            return float(number)
    if "other" not in step:
        raise Fault(f"there is no number for {cell!r} of {column['name']}. Add it to the map, or say `other`.")
    return float(step["other"])


def is_word(cell: Any, word: str) -> bool:
    if cell != cell:  # nan, the missing value
        return word == "nan"
    return str(cell) == word if isinstance(cell, (str, int)) else float(cell) == float(word)


def arithmetic(bundle: Bundle, step: dict[str, Any], table: Table) -> Value:
    names = [column["name"] for column in step["columns"]]
    with np.errstate(all="ignore"):
        made = [evaluated(column["expression"], table) for column in step["columns"]]
    return Value(np.column_stack(made), names)


def evaluated(expression: Any, table: Table) -> Any:
    if isinstance(expression, str):
        return table.matrix([expression])[:, 0]
    operator, *operands = expression
    if operator == "number":
        return np.full(table.count, float(operands[0]))
    if operator == "**":
        return power(evaluated(operands[0], table), int(operands[1]))
    if operator == "negative":
        return -evaluated(operands[0], table)
    left, right = (evaluated(operand, table) for operand in operands)
    if operator == "+":
        return left + right
    if operator == "-":
        return left - right
    return left * right if operator == "*" else left / right


def power(base: Any, exponent: int) -> Any:
    """By multiplication from the left, which has the same bits in every library."""
    product = np.ones(len(base))
    for _ in range(abs(exponent)):
        product = product * base
    return 1.0 / product if exponent < 0 else product


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


PLAIN = {
    "one_hot": one_hot,
    "select": select,
    "map": map_values,
    "arithmetic": arithmetic,
    "clean_text": clean_text,
    "threshold": threshold,
    "labels": labels,
}
