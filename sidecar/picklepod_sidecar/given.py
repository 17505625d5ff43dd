"""What an artifact is called with: a matrix, a DataFrame or texts, put together from what steps made before."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Tuple

import numpy as np

from .columns import Directory, Gather, Place
from .problems import Refusal

Make = Callable[[Dict[str, Any], int], Any]  # values by source, count of rows: something that slices by rows


def maker(step: Dict[str, Any], directory: Directory) -> Make:
    form = step.get("as", "matrix")
    if form not in FORMS:
        raise Refusal(f"A step of bundle.json says `as: {form}`. Use {', '.join(FORMS)}.")
    return FORMS[form](step, directory)


def matrix(step: Dict[str, Any], directory: Directory) -> Make:
    if "columns" in step:
        return Gather(directory, step["columns"])
    source = step["from"]

    def whole(values: Dict[str, Any], count: int) -> Any:
        value = values[source]
        if not isinstance(value, np.ndarray):
            return value  # sparse
        return np.ascontiguousarray(value if value.ndim == 2 else value.reshape(-1, 1))

    return whole


def dense(step: Dict[str, Any], directory: Directory) -> Make:
    make = matrix(step, directory)

    def whole(values: Dict[str, Any], count: int) -> Any:
        rows = make(values, count)
        return rows if isinstance(rows, np.ndarray) else Sparse(rows)

    return whole


def texts(step: Dict[str, Any], directory: Directory) -> Make:
    names = step.get("columns") or directory.names[step["from"]]
    if len(names) != 1:
        raise Refusal(f"The step {step['output']} takes {len(names)} texts. `as: text` takes exactly one column.")
    reader = column_reader(names[0], directory)
    return lambda values, count: reader(values)


def dataframe(step: Dict[str, Any], directory: Directory) -> Make:
    names = step.get("columns") or directory.names[step["from"]]
    readers = [column_reader(name, directory) for name in names]
    return lambda values, count: Frame(names, [reader(values) for reader in readers], count)


def categorical(step: Dict[str, Any], directory: Directory) -> Make:
    """What was trained on pandas' categories asks for their dtype."""
    names = step.get("columns") or directory.names[step["from"]]
    readers = [coded_reader(name, directory) for name in names]
    return lambda values, count: Frame(names, [reader(values) for reader in readers], count)


class MadePerBlock:
    """Rows that become what is handed over only block by block."""

    shape: Tuple[int, ...]

    def __getitem__(self, rows: Any) -> MadePerBlock:
        raise NotImplementedError

    def handed(self) -> Any:
        raise NotImplementedError


def handed(rows: Any) -> Any:
    return rows.handed() if isinstance(rows, MadePerBlock) else rows


class Sparse(MadePerBlock):
    """Of a sparse matrix no more than a block is ever written out in full."""

    def __init__(self, rows: Any):
        self.rows = rows
        self.shape = rows.shape

    def __getitem__(self, rows: Any) -> Sparse:
        return Sparse(self.rows[rows])

    def handed(self) -> Any:
        return np.ascontiguousarray(self.rows.toarray())


class Frame(MadePerBlock):
    """Columns that become a DataFrame only block by block, so that its inner layout never depends on the call."""

    def __init__(self, names: List[str], columns: List[Any], count: int):
        self.names = names
        self.columns = columns
        self.shape = (count, len(names))

    def __getitem__(self, rows: Any) -> Frame:
        columns = [column[rows] for column in self.columns]
        return Frame(self.names, columns, columns[0].shape[0])

    def handed(self) -> Any:
        import pandas

        cells = [frame_cells(column) for column in self.columns]
        return pandas.DataFrame(dict(zip(self.names, cells)), columns=self.names)


class Coded:
    """A category's codes, which become pandas' own dtype where the DataFrame is made."""

    def __init__(self, codes: Any, values: Any):
        self.codes = codes
        self.values = values
        self.shape = codes.shape

    def __getitem__(self, rows: Any) -> Coded:
        return Coded(self.codes[rows], self.values)

    def handed(self) -> Any:
        import pandas

        # An index of objects: pandas 3 would make its own strings of texts.
        index = pandas.Index(self.values, dtype=object if isinstance(self.values[0], str) else None)
        return pandas.Categorical.from_codes(self.codes, index)


def frame_cells(column: Any) -> Any:
    if isinstance(column, Coded):
        return column.handed()
    import pandas

    # As a Series of objects: pandas 3 would make its own strings of an array of them.
    return pandas.Series(column, dtype=object) if column.dtype.kind == "O" else column


def column_reader(name: str, directory: Directory) -> Callable[[Dict[str, Any]], Any]:
    source, column = directory.place(name)
    if directory.datatypes[source] == "codes":
        return category_reader((source, column), directory.categories[name])

    def read(values: Dict[str, Any]) -> Any:
        cells = values[source] if column < 0 else values[source][:, column]
        return cells.astype(object) if cells.dtype.kind == "U" else cells

    return read


def coded_reader(name: str, directory: Directory) -> Callable[[Dict[str, Any]], Any]:
    source, column = directory.place(name)
    if directory.datatypes[source] != "codes":
        return column_reader(name, directory)
    categories = directory.categories[name]
    return lambda values: Coded(values[source][:, column], categories)


def category_reader(place: Place, categories: List[Any]) -> Callable[[Dict[str, Any]], Any]:
    source, column = place
    by_code = np.array([*categories, float("nan")], dtype=object)  # code -1 is the last
    return lambda values: by_code[values[source][:, column]]


FORMS = {"matrix": matrix, "dataframe": dataframe, "categorical": categorical, "text": texts, "dense": dense}
