"""Rows as the API sends them: numbers, codes of categories, texts."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, NamedTuple

import numpy as np

from .fault import Fault


class Rows(NamedTuple):
    numbers: Any  # float64 [n, k]
    codes: Any  # int32 [n, m]
    texts: Dict[str, Any]  # name: unicode [n]

    def length(self) -> int:
        return int(self.numbers.shape[0])

    def take(self, places: Any) -> Rows:
        return Rows(self.numbers[places], self.codes[places], {k: v[places] for k, v in self.texts.items()})


def from_json(columns: Dict[str, Any], inputs: Dict[str, Any], folder: Path | None = None) -> Rows:
    numbers, codes, texts = (columns.get(kind) or [] for kind in ("numbers", "codes", "texts"))
    widths = {"numbers": len(inputs["numbers"]), "codes": len(inputs["codes"]), "texts": len(inputs["texts"])}
    if isinstance(numbers, dict):
        assert folder is not None
        numbers = numbers_in_file(folder / numbers["file"], numbers["rows"], widths["numbers"])
    count = max(len(numbers), len(codes), len(texts))
    for kind, given in (("numbers", numbers), ("codes", codes), ("texts", texts)):
        check_widths(kind, given, count, widths[kind])
    return Rows(
        numbers if isinstance(numbers, np.ndarray) else as_floats(numbers).reshape(count, widths["numbers"]),
        np.array(codes, dtype=np.int32).reshape(count, widths["codes"]),
        {name: text_column([row[i] for row in texts]) for i, name in enumerate(inputs["texts"])},
    )


def as_floats(rows: list[Any]) -> Any:
    cells = [[float("nan") if cell is None else float(cell) for cell in row] for row in rows]
    return np.array(cells, dtype=np.float64)


def numbers_in_file(path: Path, count: int, width: int) -> Any:
    """Wide rows come as they lie in memory: as JSON they would take gigabytes."""
    numbers = np.fromfile(str(path), dtype="<f8")
    if numbers.size != count * width:
        raise Fault(f"{path} holds {numbers.size} numbers, and {count} rows of {width} are {count * width}.")
    return numbers.reshape(count, width).astype(np.float64, copy=False)


def check_widths(kind: str, given: list[Any], count: int, width: int) -> None:
    if width and len(given) != count:
        raise Fault(f"The columns hold {len(given)} rows of {kind} and {count} rows in all. Give every row its {kind}.")
    for place, row in enumerate(given):
        if len(row) != width:
            raise Fault(f"Row {place} has {len(row)} {kind}, the bundle has {width}. Give one for each, in order.")


def text_column(texts: list[str]) -> Any:
    if any(text.endswith("\0") for text in texts):
        raise Fault("A text ends with NUL, which numpy cannot keep in a file. Leave that row out of the proof.")
    return np.array(texts, dtype=str)


def save(path: Path, rows: Rows) -> None:
    texts = {f"text:{name}": column for name, column in rows.texts.items()}
    np.savez_compressed(path, numbers=rows.numbers, codes=rows.codes, **texts)


def read(path: Path, inputs: Dict[str, Any]) -> Rows:
    with np.load(path, allow_pickle=False) as members:
        texts = {name: members[f"text:{name}"] for name in inputs["texts"]}
        return Rows(members["numbers"], members["codes"], texts)
