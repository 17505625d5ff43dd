"""A bundle's samples: the rows of its proof, what they gave where, and the requests written by hand."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, Dict, List, NamedTuple

import numpy as np

from .bundle import Bundle
from .bundle_files import file_in
from .columns import Columns
from .problems import Refusal
from .tensors import TensorReader

FEWEST_ROWS = 64
NUMPY_TYPES = {"FP64": "f8", "FP32": "f4", "INT64": "i8", "INT32": "i4", "BOOL": "?", "BYTES": "U"}
NOT_SAMPLES = ("fingerprints.json", "description.json")

Outputs = Dict[str, Any]


class Sample(NamedTuple):
    name: str
    columns: Columns
    outputs: Dict[str, Outputs]  # by fingerprint


class Samples:
    def __init__(self, bundle: Bundle):
        self.bundle = bundle
        self.folder = bundle.samples[0]
        self.reader = TensorReader(bundle.inputs)
        self.fingerprints: Dict[str, Any] = read_json(self.folder / "fingerprints.json")
        self.proof = self.read_proof()
        self.by_hand = [sample for folder in bundle.samples for sample in self.read_by_hand(folder)]
        check_enough(bundle, self.proof)

    def read_proof(self) -> Columns:
        members = read_arrays(self.folder / "proof.npz")
        inputs = self.bundle.inputs
        try:
            numbers = np.ascontiguousarray(members["numbers"], dtype=np.float64)
            codes = np.ascontiguousarray(members["codes"], dtype=np.int32)
            texts = {name: members[f"text:{name}"].astype(object) for name in inputs["texts"]}
        except KeyError as error:
            raise Refusal(f"{self.folder / 'proof.npz'} lacks {error}. Run `picklepod pin` on the bundle.") from None
        columns = Columns(len(numbers), numbers, codes, texts)
        self.check_columns("proof.npz", columns)
        return columns

    def check_columns(self, name: str, columns: Columns) -> None:
        inputs = self.bundle.inputs
        wanted: List[Any] = [(columns.rows, len(inputs["numbers"])), (columns.rows, len(inputs["codes"]))]
        wanted += [(columns.rows,)] * len(inputs["texts"])
        if [a.shape for a in (columns.numbers, columns.codes, *columns.texts.values())] != wanted:
            raise Refusal(f"The columns in {name} are not this bundle's inputs. Run `picklepod pin` on the bundle.")
        self.reader.check_codes(columns.codes)

    def stored(self, fingerprint: str) -> Outputs:
        return read_arrays(file_in(self.folder, self.fingerprints[fingerprint]["outputs"]))

    def read_by_hand(self, folder: Path) -> List[Sample]:
        paths = sorted(path for path in folder.glob("*.json") if path.name not in NOT_SAMPLES)
        read = [(path.name, read_json(path)) for path in paths]
        return [self.sample(name, content) for name, content in read if content.get("columns")]

    def sample(self, name: str, content: Dict[str, Any]) -> Sample:
        try:
            columns = self.columns_from_json(content["columns"])
            outputs = {k: self.outputs_from_json(v) for k, v in (content.get("outputs") or {}).items()}
        except (ValueError, TypeError, KeyError, IndexError) as error:
            raise Refusal(f"The sample {name} cannot be read ({error!r}). Run `picklepod pin` on the bundle.") from None
        self.check_columns(name, columns)
        return Sample(name, columns, outputs)

    def columns_from_json(self, given: Dict[str, Any]) -> Columns:
        numbers, codes, texts = (given.get(kind) or [] for kind in ("numbers", "codes", "texts"))
        count = max(map(len, (numbers, codes, texts)))
        names = self.bundle.inputs["texts"]
        return Columns(
            count,
            floats(numbers).reshape(count, len(self.bundle.inputs["numbers"])),
            np.array(codes, dtype=np.int32).reshape(count, len(self.bundle.inputs["codes"])),
            {name: np.array([row[i] for row in texts], dtype=object) for i, name in enumerate(names)},
        )

    def outputs_from_json(self, given: Dict[str, Any]) -> Outputs:
        types = {output["name"]: self.bundle.output_tensor(output)[0] for output in self.bundle.outputs}
        return {
            name: floats(given[name]).astype(NUMPY_TYPES[kind])
            if kind.startswith("FP")
            else np.array(given[name], dtype=NUMPY_TYPES[kind])
            for name, kind in types.items()
        }


def floats(rows: List[Any]) -> Any:
    return np.array(rows, dtype=np.float64)  # numpy takes None for NaN


def read_json(path: Path) -> Dict[str, Any]:
    try:
        content: Dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return content
    except (OSError, ValueError) as error:
        raise Refusal(f"{path} cannot be read ({error}). Run `picklepod pin` on the bundle.") from None


def read_arrays(path: Path) -> Outputs:
    try:
        with np.load(str(path), allow_pickle=False) as members:
            return {name: members[name] for name in members.files}
    except Exception as error:
        raise Refusal(f"{path} cannot be read ({error}). Run `picklepod pin` on the bundle.") from None


def check_enough(bundle: Bundle, proof: Columns) -> None:
    """With few rows agreement is luck, unless there are no more rows to be had."""
    if proof.rows >= FEWEST_ROWS:
        return
    categories_only = bool(bundle.inputs["codes"]) and not bundle.inputs["numbers"] and not bundle.inputs["texts"]
    possible = int(np.prod([len(c["categories"]) for c in bundle.inputs["codes"]])) if categories_only else FEWEST_ROWS
    without_none = proof.codes[(proof.codes >= 0).all(axis=1)]
    if not categories_only or len(np.unique(without_none, axis=0)) < possible:
        raise Refusal(
            f"The proof has {proof.rows} rows, and at least {FEWEST_ROWS} (or every combination of categories) "
            "are needed. Run `picklepod pin` on the bundle with more rows."
        )


def short_name(fingerprint: str) -> str:
    return hashlib.sha256(fingerprint.encode("utf-8")).hexdigest()[:12]
