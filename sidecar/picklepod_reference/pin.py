"""Pins a draft: loads its artifacts, finds its block rules, and writes what they compute for its proof."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from . import exact_json, outputs, rows
from .bundle import Bundle
from .distinct import distinct
from .fault import Fault
from .fingerprint import fingerprint
from .search import Search
from .steps import compute
from .table import Table
from .values import datatype


def pin(draft: Path, folder: Path, columns: Path, out: Path, code: Path | None = None) -> None:
    """`code`: where the bundle's own modules are, when that is not where its artifacts are."""
    bundle = Bundle(exact_json.read(draft), folder, out, code)
    given = exact_json.read(columns)
    proof_rows = rows.from_json(given, bundle.inputs, columns.parent)
    search = Search(bundle.limit)
    table = compute(bundle, proof_rows, search.find_rule)
    for note in bundle.notes:
        print(f"NOTE: {note}", file=sys.stderr)
    computed = outputs.outputs_of(bundle, table)
    out.mkdir(parents=True, exist_ok=True)
    rows.save(out / "proof.npz", proof_rows)
    write_fingerprint(out, computed, search)
    description = {
        "artifacts": bundle.pins(),
        "tensors": tensors(table),
        "fingerprint": fingerprint(),
        "distinct": distinct(computed),
        "outputs": samples(given.get("samples") or {}, computed, proof_rows.length()),
    }
    exact_json.write(out / "description.json", description)


def write_fingerprint(out: Path, computed: dict[str, Any], search: Search) -> None:
    here = fingerprint()
    outputs.save(out / outputs.file_name(here), computed)
    entry = {"outputs": outputs.file_name(here), "blocks": search.blocks, "distances": search.distances}
    exact_json.write(out / "fingerprints.json", {here: entry})


def tensors(table: Table) -> dict[str, Any]:
    dense = {name: value for name, value in table.outputs.items() if not hasattr(value.data, "tocsr")}
    return {name: {"datatype": datatype(v.data), "columns": v.columns} for name, v in dense.items()}


def samples(ranges: dict[str, Any], computed: dict[str, Any], count: int) -> dict[str, Any]:
    for name, (first, rows_of_it) in ranges.items():
        if not 0 <= first <= first + rows_of_it <= count:
            raise Fault(f"The sample {name} names rows {first} to {first + rows_of_it} of {count}. Mend its range.")
    return {name: outputs.as_json(computed, slice(first, first + n)) for name, (first, n) in ranges.items()}
