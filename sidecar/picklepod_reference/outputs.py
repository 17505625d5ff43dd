"""The manifest's outputs out of a computed table, as arrays and as JSON."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np

from .bundle import Bundle
from .table import Table


def outputs_of(bundle: Bundle, table: Table) -> dict[str, Any]:
    return {output["name"]: one(output, table) for output in bundle.outputs}


def one(output: dict[str, Any], table: Table) -> Any:
    data = table.outputs[output["from"]].data
    return data[:, output["column"]] if "column" in output else data


def as_json(outputs: dict[str, Any], rows: slice = slice(None)) -> dict[str, Any]:
    return {name: array[rows].tolist() for name, array in outputs.items()}


def file_name(fingerprint: str) -> str:
    return f"proof.{hashlib.sha256(fingerprint.encode()).hexdigest()[:12]}.npz"


def save(path: Path, outputs: dict[str, Any]) -> None:
    np.savez_compressed(path, **{name: np.ascontiguousarray(array) for name, array in outputs.items()})
