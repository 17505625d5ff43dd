"""The steps that make columns of columns, each row by itself: one_hot, select, map, arithmetic."""

from __future__ import annotations

from typing import Any, Callable, Dict, List

import numpy as np

from .answers import Run
from .bundle import Bundle
from .columns import CODES, Directory, Gather
from .given import column_reader
from .values import BadResult

Compute = Callable[[Dict[str, Any], int], Any]


def one_hot(bundle: Bundle, step: Dict[str, Any], directory: Directory) -> Run:
    columns = [directory.codes[name] for name in step["columns"]]
    lists = step.get("values") or [directory.categories[name] for name in step["columns"]]
    width = sum(map(len, lists))
    # For each column: where its part of the result begins and ends, and what a code makes of it.
    parts: List[Any] = []
    end = 0
    for name, column, values in zip(step["columns"], columns, lists):
        parts.append((column, end, end + len(values), rows_by_code(directory.categories[name], values)))
        end += len(values)

    def run(values: Dict[str, Any], count: int) -> Any:
        matrix = np.empty((count, width))
        codes = values[CODES]
        for column, first, end, rows in parts:
            matrix[:, first:end] = rows[codes[:, column]]
        return matrix

    return run


def rows_by_code(categories: List[Any], values: List[Any]) -> Any:
    """The last is for the code -1, no category: as one that is none of the values, it turns nothing on."""
    rows = np.zeros((len(categories) + 1, len(values)))
    for code, category in enumerate(categories):
        if category in values:
            rows[code, values.index(category)] = 1.0
    return rows


def select(bundle: Bundle, step: Dict[str, Any], directory: Directory) -> Run:
    names = step["columns"]
    return Gather(directory, [str(name) for name in (bundle.artifact(names) if isinstance(names, dict) else names)])


def map_values(bundle: Bundle, step: Dict[str, Any], directory: Directory) -> Run:
    other = float(step["other"]) if "other" in step else None
    columns = [(column_reader(c["name"], directory), mapper(c, other)) for c in step["columns"]]

    def run(values: Dict[str, Any], count: int) -> Any:
        matrix = np.empty((count, len(columns)))
        for place, (read, map_cell) in enumerate(columns):
            matrix[:, place] = [map_cell(cell) for cell in read(values).tolist()]
        return matrix

    return run


def mapper(column: Dict[str, Any], other: float | None) -> Callable[[Any], float]:
    by_text = {word: float(number) for word, number in column["map"]}
    by_number = {n: by_text[word] for word in by_text for n in [as_number(word)] if n is not None}

    def map_cell(cell: Any) -> float:
        if cell != cell:
            found = by_text.get("nan", other)
        elif isinstance(cell, float):
            found = by_number.get(cell, other)
        else:
            found = by_text.get(str(cell), other)
        if found is None:
            raise BadResult(f"there is no number for {cell!r} of {column['name']}; add it to the map, or say `other`")
        return found

    return map_cell


def as_number(word: str) -> float | None:
    try:
        return float(word)
    except ValueError:
        return None


def arithmetic(bundle: Bundle, step: Dict[str, Any], directory: Directory) -> Run:
    expressions = [compiled(column["expression"], directory) for column in step["columns"]]

    def run(values: Dict[str, Any], count: int) -> Any:
        matrix = np.empty((count, len(expressions)))
        with np.errstate(all="ignore"):  # as IEEE has it: a division by zero is infinite, or nan
            for place, compute in enumerate(expressions):
                matrix[:, place] = compute(values, count)
        return matrix

    return run


OPERATORS = {"+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide}


def compiled(expression: Any, directory: Directory) -> Compute:
    if isinstance(expression, str):
        column = Gather(directory, [expression])
        return lambda values, count: column(values, count)[:, 0]
    operator = expression[0]
    if operator == "number":
        number = np.float64(expression[1])
        return lambda values, count: number
    inner = compiled(expression[1], directory)
    if operator == "negative":
        return lambda values, count: np.negative(inner(values, count))
    if operator == "**":
        exponent = int(expression[2])
        return lambda values, count: raised(inner(values, count), exponent)
    other, function = compiled(expression[2], directory), OPERATORS[operator]
    return lambda values, count: function(inner(values, count), other(values, count))


def raised(base: Any, exponent: int) -> Any:
    """numpy.power's bits depend on the library: x ** 3 is (x * x) * x."""
    if exponent == 0:
        return np.ones_like(base)
    result = base
    for _ in range(abs(exponent) - 1):
        result = np.multiply(result, base)
    return result if exponent > 0 else np.divide(1.0, result)
