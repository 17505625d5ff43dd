"""Rows as the API sends them, and where each column that a step names is to be found."""

from __future__ import annotations

from typing import Any, Dict, List, NamedTuple, Tuple

import numpy as np

from .problems import Refusal

NUMBERS, CODES = "inputs numbers", "inputs codes"  # sources; no output's name has a blank


class Columns(NamedTuple):
    rows: int
    numbers: Any  # float64 [n, k]
    codes: Any  # int32 [n, m]
    texts: Dict[str, Any]  # name: object [n]

    def take(self, places: Any) -> Columns:
        numbers = np.ascontiguousarray(self.numbers[places])
        texts = {name: column[places] for name, column in self.texts.items()}
        return Columns(len(places), numbers, self.codes[places], texts)

    def size(self) -> int:
        """Bytes, as they come in a call."""
        texts = sum(4 + len(text.encode("utf-8", "surrogatepass")) for c in self.texts.values() for text in c)
        return int(self.numbers.nbytes + self.codes.nbytes + texts)

    def sources(self) -> Dict[str, Any]:
        texts = {text_source(name): column for name, column in self.texts.items()}
        return {NUMBERS: self.numbers, CODES: self.codes, **texts}


def text_source(name: str) -> str:
    return f"inputs text {name}"


Place = Tuple[str, int]  # a source and the column in it; -1: the source is the column


class Directory:
    """Known at start-up for every step, so that no name is looked up while rows wait."""

    def __init__(self, inputs: Dict[str, Any]):
        self.places: Dict[str, Place] = {name: (NUMBERS, i) for i, name in enumerate(inputs["numbers"])}
        self.codes = {c["name"]: i for i, c in enumerate(inputs["codes"])}  # whatever a step makes of them
        self.places.update({name: (CODES, i) for name, i in self.codes.items()})
        self.places.update({name: (text_source(name), -1) for name in inputs["texts"]})
        self.categories = {c["name"]: c["categories"] for c in inputs["codes"]}
        self.datatypes = {NUMBERS: "FP64", CODES: "codes", **{text_source(n): "BYTES" for n in inputs["texts"]}}
        self.widths = {NUMBERS: len(inputs["numbers"])}
        self.names: Dict[str, List[str]] = {}

    def add(self, output: str, tensor: Dict[str, Any] | None) -> None:
        if tensor is None:  # sparse: reached by `from` only
            return
        self.datatypes[output] = tensor["datatype"]
        self.names[output] = tensor["columns"] or [output]
        if tensor["columns"] is None:
            self.places[output] = (output, -1)
        else:
            self.widths[output] = len(tensor["columns"])
            self.places.update({name: (output, i) for i, name in enumerate(tensor["columns"])})

    def place(self, name: str) -> Place:
        if name not in self.places:
            raise Refusal(
                f"bundle.json has a step that takes {name}, which no input and no earlier step makes. Pin it again."
            )
        return self.places[name]


class Gather:
    """Brings named columns together into one C-contiguous float64 matrix; no copy where they are one already."""

    def __init__(self, directory: Directory, names: List[str]):
        places = [directory.place(name) for name in names]
        for name, (source, _) in zip(names, places):
            if directory.datatypes[source] in ("codes", "BYTES"):
                raise Refusal(
                    f"A step takes {name} as a number, and it is none. Encode it first, or use `as: dataframe`."
                )
        self.width = len(names)
        groups: Dict[str, Tuple[List[int], List[int]]] = {}
        for target, (source, column) in enumerate(places):
            columns, targets = groups.setdefault(source, ([], []))
            columns.append(column)
            targets.append(target)
        self.whole = self.one_whole_source(directory, groups)
        self.groups = [(source, *map(places_of, both)) for source, both in groups.items()]

    def one_whole_source(self, directory: Directory, groups: Dict[str, Any]) -> str | None:
        ((source, (columns, _)),) = list(groups.items())[:1] or (("", ([], [])),)
        all_of_it = len(groups) == 1 and columns == list(range(directory.widths.get(source, -1)))
        return source if all_of_it and directory.datatypes[source] == "FP64" else None

    def __call__(self, values: Dict[str, Any], count: int) -> Any:
        if self.whole is not None:
            return np.ascontiguousarray(values[self.whole])
        matrix = np.empty((count, self.width))
        for source, columns, targets in self.groups:
            value = values[source]
            matrix[:, targets] = value[:, columns] if value.ndim == 2 else value.reshape(-1, 1)
        return matrix


def places_of(columns: List[int]) -> Any:
    """A slice where they follow each other, which numpy takes at once."""
    if columns == list(range(columns[0], columns[0] + len(columns))) and columns[0] >= 0:
        return slice(columns[0], columns[0] + len(columns))
    return np.array(columns)
