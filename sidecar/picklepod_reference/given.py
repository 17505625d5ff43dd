"""What an artifact is called with, made afresh for every block of rows."""

from __future__ import annotations

from typing import Any, Callable, List, NamedTuple, Optional

import numpy as np

from .bits import is_sparse
from .fault import Fault
from .table import Table


class Given(NamedTuple):
    rows: int
    width: int
    columns: Optional[List[str]]
    take: Callable[[Any], Any]  # places of rows: what the artifact is handed


def given(step: dict[str, Any], table: Table) -> Given:
    form = step.get("as", "matrix")
    if form == "dataframe":
        return frame(step, table)
    if form == "categorical":
        return frame(step, table, table.values)
    if form == "text":
        return text(step, table)
    return dense(matrix(step, table)) if form == "dense" else matrix(step, table)


def dense(what: Given) -> Given:
    def take(rows: Any) -> Any:
        block = what.take(rows)
        return np.ascontiguousarray(block.toarray()) if is_sparse(block) else block

    return what._replace(take=take)


def matrix(step: dict[str, Any], table: Table) -> Given:
    if "from" not in step:
        data = table.matrix(step["columns"])
        return Given(len(data), data.shape[1], step["columns"], lambda rows: np.ascontiguousarray(data[rows]))
    value = table.outputs[step["from"]]
    if is_sparse(value.data):
        return Given(value.data.shape[0], value.data.shape[1], None, lambda rows: value.data[rows])
    whole = value.data if value.data.ndim == 2 else value.data.reshape(-1, 1)
    columns = value.columns or [step["from"]]
    return Given(len(whole), whole.shape[1], columns, lambda rows: np.ascontiguousarray(whole[rows]))


def frame(step: dict[str, Any], table: Table, categories: dict[str, list[Any]] | None = None) -> Given:
    """`categories`: the columns that are to be of pandas' own dtype, each with its values."""
    import pandas

    names = step.get("columns") or table.columns_of(step["from"])
    columns = {name: table.cells(name) for name in names}

    def take(rows: Any) -> Any:
        cells = {name: column[rows] for name, column in columns.items()}
        for name, values in (categories or {}).items():
            if name in cells:
                cells[name] = pandas.Categorical(cells[name], categories=index_of(values))
        return pandas.DataFrame(cells, columns=names)

    return Given(table.count, len(names), names, take)


def index_of(values: list[Any]) -> Any:
    """Texts as objects, which is what they were before pandas 3."""
    import pandas

    return pandas.Index(values, dtype=object if isinstance(values[0], str) else None)


def text(step: dict[str, Any], table: Table) -> Given:
    names = step.get("columns") or table.columns_of(step["from"])
    if len(names) != 1:
        raise Fault(f"The step {step['output']} takes {len(names)} texts. `as: text` takes exactly one column.")
    column = table.cells(names[0])
    return Given(table.count, 1, None, lambda rows: column[rows])
