"""On a machine that the samples do not know: how far its honest numbers may be from the stored ones."""

from __future__ import annotations

from typing import Any, Dict

import numpy as np

from .answers import bound_of, vector
from .columns import Columns
from .problems import Refusal
from .samples import Outputs, Samples
from .steps import Pipeline

# Of an output's largest stored magnitude. Ulp say little near zero.
LARGEST = {"FP64": 1e-11, "FP32": 1e-5}


def check(pipeline: Pipeline, samples: Samples) -> None:
    for fingerprint in samples.fingerprints:
        check_outputs(pipeline, "proof.npz", samples.proof, samples.stored(fingerprint))
    for sample in samples.by_hand:
        for stored in sample.outputs.values():
            check_outputs(pipeline, f"the sample {sample.name}", sample.columns, stored)


def check_outputs(pipeline: Pipeline, where: str, rows: Columns, stored: Outputs) -> None:
    values = pipeline.compute(rows)
    for output, (name, got) in zip(pipeline.bundle.outputs, pipeline.outputs(values).items()):
        expected = stored.get(name)
        if expected is None or expected.shape != got.shape or expected.dtype.kind != got.dtype.kind:
            raise Refusal(f"The stored outputs of {where} have no fitting {name}. Run `picklepod pin` on the bundle.")
        wrong = too_far(expected, got) if got.dtype.kind == "f" else expected != got
        if got.dtype.kind != "f" and wrong.any():
            wrong &= ~near_threshold(pipeline, output["from"], values)
        if wrong.any():
            place = tuple(np.argwhere(wrong)[0])
            raise Refusal(
                "The bundle does not give its samples again, not even nearly, on this kind of processor: "
                f"row {place[0]} of {where}, output {name}: expected about {expected[place].item()!r}, "
                f"got {got[place].item()!r}. "
                "Restore the bundle's artifacts and samples, or, if the change is meant, run `picklepod pin` on it."
            )


def too_far(expected: Any, got: Any) -> Any:
    largest = LARGEST["FP32" if got.dtype == np.float32 else "FP64"]
    finite = np.isfinite(expected)
    scale = np.abs(expected[finite]).max() if finite.any() else 0.0
    same = (expected == got) | (np.isnan(expected) & np.isnan(got))
    with np.errstate(invalid="ignore"):
        near = np.abs(got.astype(np.float64) - expected) <= largest * float(scale)
    return ~(same | near)


def near_threshold(pipeline: Pipeline, output: str, values: Dict[str, Any]) -> Any:
    """Rows whose label may differ, since the score that it comes from is next to its threshold."""
    step = next(step for step in pipeline.bundle.steps if step["output"] == output)
    if step["kind"] == "labels":
        return near_threshold(pipeline, step["from"], values)
    if step["kind"] != "threshold":
        return np.False_  # of ~, Python's own False makes -1
    scores = vector(step)(values)
    scale = np.abs(scores[np.isfinite(scores)]).max(initial=0.0)
    largest = LARGEST["FP32" if scores.dtype == np.float32 else "FP64"]
    return np.abs(scores.astype(np.float64) - bound_of(pipeline.bundle, step)) <= largest * float(scale)
