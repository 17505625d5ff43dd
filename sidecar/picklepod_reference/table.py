"""The columns that steps can name: the inputs, then every step's, later ones in place of earlier ones."""

from __future__ import annotations

from typing import Any

import numpy as np

from .fault import Fault
from .rows import Rows
from .values import Value


class Table:
    def __init__(self, rows: Rows, inputs: dict[str, Any]):
        self.count = rows.length()
        self.outputs: dict[str, Value] = {}
        self.codes = {c["name"]: rows.codes[:, i] for i, c in enumerate(inputs["codes"])}
        self.categories = {c["name"]: c["categories"] for c in inputs["codes"]}
        self.values = dict(self.categories)  # of the columns that still hold them
        self.columns: dict[str, Any] = {name: rows.numbers[:, i] for i, name in enumerate(inputs["numbers"])}
        self.columns.update({name: texts.astype(object) for name, texts in rows.texts.items()})
        self.columns.update({name: self.category_values(name) for name in self.codes})

    def category_values(self, name: str) -> Any:
        values = np.array([*self.categories[name], float("nan")], dtype=object)
        return values[self.codes[name]]  # code -1 is the last: nan

    def add(self, output: str, value: Value) -> None:
        self.outputs[output] = value
        if value.columns is not None:
            for i, name in enumerate(value.columns):
                self.columns[name] = value.data[:, i]
                self.values.pop(name, None)
        elif getattr(value.data, "ndim", 2) == 1:
            self.columns[output] = value.data
            self.values.pop(output, None)

    def cells(self, name: str) -> Any:
        """A column as a DataFrame or a vectorizer takes it: texts and categories as objects."""
        if name not in self.columns:
            raise Fault(f"There is no column {name} at this step. Take a column of the inputs or of an earlier step.")
        column = self.columns[name]
        return column.astype(object) if column.dtype.kind == "U" else column

    def matrix(self, names: list[str]) -> Any:
        columns = [self.cells(name) for name in names]
        for name, column in zip(names, columns):
            if column.dtype.kind == "O":
                raise Fault(f"The column {name} holds no numbers. Encode it first, or use `as: dataframe`.")
        return np.column_stack([column.astype(np.float64) for column in columns])

    def columns_of(self, output: str) -> list[str]:
        return self.outputs[output].columns or [output]
