"""The table of steps, and the pipeline that runs them in order."""

from __future__ import annotations

from typing import Any, Callable, Dict, List

import numpy as np

from . import given
from .blocks import BlockRule, call_in_blocks
from .bundle import Bundle
from .columns import CODES, Columns, Directory, Gather
from .problems import Problem, Refusal
from .single_thread import overwrites_its_input
from .values import BadResult, check, normal

Run = Callable[[Dict[str, Any], int], Any]  # values by source, count of rows: what the step makes


class Pipeline:
    def __init__(self, bundle: Bundle):
        self.bundle = bundle
        self.artifact_steps: Dict[str, ArtifactStep] = {}
        self.runs: List[Run] = []
        directory = Directory(bundle.inputs)
        for step in bundle.steps:
            self.runs.append(self.compiled(step, directory))
            directory.add(step["output"], bundle.tensors.get(step["output"]))

    def compiled(self, step: Dict[str, Any], directory: Directory) -> Run:
        if step["kind"] not in STEPS:
            raise Refusal(f"bundle.json has a step of the kind {step['kind']}, which is none of {', '.join(STEPS)}.")
        run: Run = STEPS[step["kind"]](self.bundle, step, directory)
        if isinstance(run, ArtifactStep):
            self.artifact_steps[step["output"]] = run
        return run

    def use_rules(self, rules: Dict[str, str]) -> None:
        for output, artifact_step in self.artifact_steps.items():
            if output not in rules:
                raise Refusal(f"The samples hold no block rule for the step {output}. Run `npm run pin` on the bundle.")
            artifact_step.rule = BlockRule.parse(rules[output], self.bundle.limit)

    def compute(self, columns: Columns) -> Dict[str, Any]:
        """What every step made, by its output's name."""
        values = columns.sources()
        for step, run in zip(self.bundle.steps, self.runs):
            try:
                value = run(values, columns.rows)
                check(value, self.bundle.tensors.get(step["output"]))
            except Exception as error:
                raise Problem("artifact-failed", failure(step, error)) from error
            values[step["output"]] = value
        return values

    def outputs(self, values: Dict[str, Any]) -> Dict[str, Any]:
        return {output["name"]: chosen(values[output["from"]], output) for output in self.bundle.outputs}


def chosen(value: Any, output: Dict[str, Any]) -> Any:
    return value[:, output["column"]] if "column" in output else value


def failure(step: Dict[str, Any], error: Exception) -> str:
    reference = step.get("artifact")
    artifact = " of " + "/".join(map(str, [reference["file"], *reference.get("key", [])])) if reference else ""
    reason = str(error) if isinstance(error, BadResult) else f"{type(error).__name__}: {error}"
    return f"The step {step['output']} ({step['kind']}{artifact}) failed: {reason}"


class ArtifactStep:
    def __init__(self, bundle: Bundle, step: Dict[str, Any], directory: Directory):
        artifact = bundle.artifact(step["artifact"])
        method = getattr(artifact, step["kind"], None)
        if not callable(method):
            raise Refusal(f"{step['artifact']['file']} holds a {type(artifact).__name__}, which has no {step['kind']}.")
        self.method: Callable[[Any], Any] = method
        self.make = given.maker(step, directory)
        self.copies = overwrites_its_input(artifact)
        self.rule = BlockRule.parse("constant 1", bundle.limit)

    def __call__(self, values: Dict[str, Any], count: int) -> Any:
        rows = self.make(values, count)
        if self.copies and isinstance(rows, np.ndarray):
            rows = rows.copy()
        return call_in_blocks(self.call, rows, self.rule)

    def call(self, rows: Any) -> Any:
        handed = rows.to_pandas() if isinstance(rows, given.Frame) else rows
        return normal(self.method(handed), rows.shape[0])


def one_hot(bundle: Bundle, step: Dict[str, Any], directory: Directory) -> Run:
    columns = [directory.place(name)[1] for name in step["columns"]]
    sizes = [len(directory.categories[name]) for name in step["columns"]]
    width = sum(sizes)
    first = np.cumsum([0, *sizes[:-1]])

    def run(values: Dict[str, Any], count: int) -> Any:
        codes = values[CODES][:, columns]
        places = codes + first + (np.arange(count) * width).reshape(-1, 1)
        matrix = np.zeros((count, width))
        matrix.ravel()[places[codes >= 0]] = 1.0
        return matrix

    return run


def select(bundle: Bundle, step: Dict[str, Any], directory: Directory) -> Run:
    names = step["columns"]
    return Gather(directory, [str(name) for name in (bundle.artifact(names) if isinstance(names, dict) else names)])


def vector(step: Dict[str, Any]) -> Callable[[Dict[str, Any]], Any]:
    source, column = step["from"], step.get("column")

    def read(values: Dict[str, Any]) -> Any:
        value = values[source]
        if value.ndim == 1:
            return value
        if column is None and value.shape[1] != 1:
            raise BadResult(f"{source} has {value.shape[1]} columns, and the step does not say which one it takes")
        return value[:, column or 0]

    return read


def bound_of(bundle: Bundle, step: Dict[str, Any]) -> float:
    value = step["value"]
    return float(bundle.artifact(value) if isinstance(value, dict) else value)


def threshold(bundle: Bundle, step: Dict[str, Any], directory: Directory) -> Run:
    bound, read = bound_of(bundle, step), vector(step)
    compare = {"at_least": np.greater_equal, "above": np.greater}[step["compare"]]
    return lambda values, count: compare(read(values).astype(np.float64, copy=False), bound).astype(np.int64)


def labels(bundle: Bundle, step: Dict[str, Any], directory: Directory) -> Run:
    read = vector(step)
    widest = max(len(label) for _, label in step["map"])

    def run(values: Dict[str, Any], count: int) -> Any:
        read_values = read(values)
        labelled = np.empty(count, dtype=f"U{max(widest, 1)}")
        without = np.ones(count, dtype=bool)
        for key, label in step["map"]:
            if kind_of_key(key) == kind_of_values(read_values):
                hit = read_values == key
                labelled[hit] = label
                without &= ~hit
        if without.any():
            raise BadResult(f"there is no label for {read_values[without][0]!r}; add it to the map")
        return labelled

    return run


def kind_of_key(key: Any) -> str:
    return "boolean" if isinstance(key, bool) else ("text" if isinstance(key, str) else "number")


def kind_of_values(values: Any) -> str:
    return {"b": "boolean", "U": "text"}.get(values.dtype.kind, "number")


STEPS: Dict[str, Any] = {
    "transform": ArtifactStep,
    "predict": ArtifactStep,
    "predict_proba": ArtifactStep,
    "one_hot": one_hot,
    "select": select,
    "threshold": threshold,
    "labels": labels,
}
