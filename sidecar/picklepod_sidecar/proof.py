"""The proof: a bundle serves only when it gives its samples' outputs again, alone and among others."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, Dict, Iterator, NamedTuple, Sequence

import numpy as np

from picklepod_reference.fingerprint import fingerprint

from . import kernel_distance
from .bits import rows_that_differ, ulp, with_nan_of
from .bundle import Bundle
from .columns import Columns
from .pace import Pace, measured
from .problems import Refusal
from .samples import FEWEST_ROWS, Outputs, Samples
from .search import searched_here
from .steps import Pipeline

SIZES = [*range(1, 34), 63, 64, 65, 255, 256, 257, 1000, 1023, 1024]
SECONDS = 2.0  # for the rows alone beyond the first 64, and again for the rotations


class Proof(NamedTuple):
    verdict: str  # exact or other-kernel
    fingerprint: str
    blocks: Dict[str, str]
    distances: Dict[str, Any]
    checked: Dict[str, int]
    pace: Pace


def prove(bundle: Bundle, pipeline: Pipeline, proofs: Sequence[Path]) -> Proof:
    samples, here = Samples(bundle), fingerprint()
    known = here in samples.fingerprints
    if known:
        entry, expected = samples.fingerprints[here], samples.stored(here)
    else:
        entry, expected = searched_here(bundle, here, proofs)
    pipeline.use_rules(entry["blocks"])
    checked = prove_rows(pipeline, samples.proof, expected)
    if known:
        prove_by_hand(pipeline, samples, here)
    else:
        kernel_distance.check(pipeline, samples)
    pace = measured(1, min(256, bundle.limit), lambda size: computed(pipeline, samples.proof, size))
    return Proof("exact" if known else "other-kernel", here, entry["blocks"], entry["distances"], checked, pace)


def prove_rows(pipeline: Pipeline, rows: Columns, expected: Outputs) -> Dict[str, int]:
    everything = np.arange(rows.rows)
    compare(pipeline, rows, expected, everything, "all together")
    alone = sum(compare(pipeline, rows, expected, places, "alone") for places in each_alone(rows.rows))
    limit = pipeline.bundle.limit
    rotated = sum(
        compare(pipeline, rows, expected, places, f"in a call of {len(places)}")
        for places in rotations(rows.rows, limit)
    )
    return {"together": rows.rows, "alone": alone, "rotations": rotated}


def each_alone(count: int) -> Iterator[Any]:
    first = np.unique(np.linspace(0, count - 1, FEWEST_ROWS).round().astype(int))
    others = np.setdiff1d(np.arange(count), first)
    end = None
    for place in [*first.tolist(), *others.tolist()]:
        if place == (others[0] if len(others) else None):
            end = time.monotonic() + SECONDS
        if end is not None and time.monotonic() > end:
            return
        yield np.array([place])


def rotations(count: int, limit: int) -> Iterator[Any]:
    end = time.monotonic() + SECONDS
    for turn, size in enumerate(sorted({min(size, limit) for size in SIZES})):
        if time.monotonic() > end:
            return
        yield (np.arange(size) + 7 * turn + 1) % count


def compare(pipeline: Pipeline, rows: Columns, expected: Outputs, places: Any, manner: str) -> int:
    got = pipeline.outputs(pipeline.compute(rows.take(places)))
    for name, array in got.items():
        if name not in expected or len(expected[name]) != rows.rows:
            raise Refusal(
                f"The stored outputs of the proof have no {name} for every row. Run `picklepod pin` on the bundle."
            )
        wanted = expected[name][places]
        differing = rows_that_differ(wanted, array)
        if differing.any():
            first = int(np.argmax(differing))
            raise Refusal(difference(f"row {places[first]} of proof.npz", manner, name, wanted[first], array[first]))
    return 1


def prove_by_hand(pipeline: Pipeline, samples: Samples, here: str) -> None:
    for sample in samples.by_hand:
        if here not in sample.outputs:
            continue
        for places in [np.arange(sample.columns.rows), *np.arange(sample.columns.rows).reshape(-1, 1)]:
            got = pipeline.outputs(pipeline.compute(sample.columns.take(places)))
            for name, array in got.items():
                wanted = with_nan_of(sample.outputs[here][name][places], array)
                differing = rows_that_differ(wanted, array)
                if differing.any():
                    first = int(np.argmax(differing))
                    where = f"row {places[first]} of the sample {sample.name}"
                    manner = "alone" if len(places) == 1 else "all together"
                    raise Refusal(difference(where, manner, name, wanted[first], array[first]))


def computed(pipeline: Pipeline, rows: Columns, size: int) -> int:
    """So many rows, for the clock; gives their bytes."""
    taken = rows.take(np.arange(size) % rows.rows)
    pipeline.compute(taken)
    return taken.size()


def difference(where: str, manner: str, output: str, expected: Any, got: Any) -> str:
    expected, got, column = first_difference(expected, got)
    distance = f", {ulp(expected, got)} ulp apart" if comparable(expected, got) else ""
    return (
        f"The bundle does not give its samples again: {where}, computed {manner}, output {output}{column}: "
        f"expected {shown(expected)}, got {shown(got)}{distance}. Restore the bundle's artifacts and samples, "
        "or, if the change is meant, run `picklepod pin` on the bundle."
    )


def first_difference(expected: Any, got: Any) -> tuple[Any, Any, str]:
    if np.ndim(got) == 0 or np.shape(expected) != np.shape(got):
        return expected, got, ""
    column = int(np.argmax(rows_that_differ(expected, got)))
    return expected[column], got[column], f" (column {column})"


def comparable(a: Any, b: Any) -> bool:
    same_type = getattr(a, "dtype", None) == getattr(b, "dtype", None)
    return same_type and np.ndim(a) == 0 and a.dtype.kind == "f"


def shown(value: Any) -> str:
    return repr(value.item()) if np.ndim(value) == 0 and value.dtype != np.float32 else str(value)
