"""The steps that are called in blocks, under the rule that keeps every row's bits: artifacts, own code, log and exp."""

from __future__ import annotations

from typing import Any, Callable, Dict

import numpy as np

from . import given
from .blocks import BlockRule, call_in_blocks
from .bundle import Bundle
from .columns import Directory
from .methods import method
from .problems import Refusal
from .single_thread import overwrites_its_input
from .values import BadResult, normal


class CalledStep:
    """`make` puts together what is handed over, `call` takes a block of it."""

    def __init__(self, bundle: Bundle, make: given.Make, call: Callable[[Any], Any]):
        self.make = make
        self.call = call
        self.rule = BlockRule.parse("constant 1", bundle.limit)

    def __call__(self, values: Dict[str, Any], count: int) -> Any:
        return call_in_blocks(self.call, self.make(values, count), self.rule)


def artifact(bundle: Bundle, step: Dict[str, Any], directory: Directory) -> CalledStep:
    loaded = bundle.artifact(step["artifact"])
    call = method(loaded, step["kind"])
    if call is None:
        raise Refusal(f"{step['artifact']['file']} holds a {type(loaded).__name__}, which has no {step['kind']}.")
    make = given.maker(step, directory)
    if overwrites_its_input(loaded):
        make = copied(make)
    return CalledStep(bundle, make, lambda rows: normal(call(given.handed(rows)), rows.shape[0]))


def copied(make: given.Make) -> given.Make:
    """For what may write over its input, which other steps still need."""

    def make_copy(values: Dict[str, Any], count: int) -> Any:
        rows = make(values, count)
        return rows.copy() if isinstance(rows, np.ndarray) else rows

    return make_copy


def encode(bundle: Bundle, step: Dict[str, Any], directory: Directory) -> CalledStep:
    names = [encoder["column"] for encoder in step["encoders"]]
    encoders = [encoder_for(bundle, encoder) for encoder in step["encoders"]]

    def call(frame: given.Frame) -> Any:
        matrix = np.empty(frame.shape)
        for place, (encoder, cells) in enumerate(zip(encoders, frame.columns)):
            matrix[:, place] = numbers_of(encoder.transform(as_integers(cells)), names[place], frame.shape[0])
        return matrix

    return CalledStep(bundle, given.dataframe({"columns": names}, directory), call)


def encoder_for(bundle: Bundle, encoder: Dict[str, Any]) -> Any:
    found, column = bundle.artifact(encoder["artifact"]), encoder["column"]
    if isinstance(found, dict):
        found = found.get(column)
    if not callable(getattr(found, "transform", None)):
        file = encoder["artifact"]["file"]
        raise Refusal(f"{file} holds no encoder for {column}: {type(found).__name__} has no transform. Mend `encode`.")
    return found


def as_integers(cells: Any) -> Any:
    """Whole numbers that are categories are objects in the table; encoders were fitted with numbers."""
    if cells.dtype.kind != "O" or {*map(type, cells.tolist())} != {int}:
        return cells
    return cells.astype(np.int64)


def numbers_of(codes: Any, column: str, rows: int) -> Any:
    array = np.asarray(codes)
    if array.dtype.kind not in "biuf" or array.size != rows:
        raise BadResult(f"the encoder of {column} gave {array.dtype} of shape {array.shape} for {rows} rows")
    return array.reshape(rows)


Elementwise = Callable[[Any], Any]
FUNCTIONS: Dict[str, Elementwise] = {
    "log e": np.log,
    "log 2": np.log2,
    "log 10": np.log10,
    "log 1p": np.log1p,
    "exp e": np.exp,
    "exp 2": np.exp2,
    "exp 10": lambda numbers: np.power(10.0, numbers),
    "exp 1p": np.expm1,
}


def elementwise(bundle: Bundle, step: Dict[str, Any], directory: Directory) -> CalledStep:
    function = FUNCTIONS[f"{step['kind']} {step['base']}"]

    def call(block: Any) -> Any:
        with np.errstate(all="ignore"):  # what is not finite is told where an output is
            return function(block.copy())

    if "columns" in step:
        return CalledStep(bundle, given.matrix(step, directory), call)
    source = step["from"]
    if directory.datatypes.get(source) not in ("FP64", "FP32", "INT64", "INT32", "BOOL"):
        raise Refusal(f"The step {step['output']} takes {source}, which holds no numbers in full. Take others.")

    def make(values: Dict[str, Any], count: int) -> Any:
        value = values[source]
        return value if value.dtype == np.float32 else value.astype(np.float64, copy=False)

    return CalledStep(bundle, make, lambda block: call(np.ascontiguousarray(block)))
