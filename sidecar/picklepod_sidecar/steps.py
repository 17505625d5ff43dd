"""The table of steps, and the pipeline that runs them in order."""

from __future__ import annotations

from typing import Any, Dict, List

from .answers import Run, labels, threshold
from .blocks import BlockRule
from .bundle import Bundle
from .called import CalledStep, artifact, elementwise, encode
from .clean_text import clean_text
from .columns import Columns, Directory
from .derived import arithmetic, map_values, one_hot, select
from .own_code import code
from .problems import Problem, Refusal
from .values import BadResult, check

STEPS: Dict[str, Any] = {
    "transform": artifact,
    "predict": artifact,
    "predict_proba": artifact,
    "decision_function": artifact,
    "encode": encode,
    "code": code,
    "one_hot": one_hot,
    "select": select,
    "map": map_values,
    "log": elementwise,
    "exp": elementwise,
    "arithmetic": arithmetic,
    "clean_text": clean_text,
    "threshold": threshold,
    "labels": labels,
}


class Pipeline:
    def __init__(self, bundle: Bundle):
        self.bundle = bundle
        self.called_steps: Dict[str, CalledStep] = {}
        self.runs: List[Run] = []
        directory = Directory(bundle.inputs)
        for step in bundle.steps:
            self.runs.append(self.compiled(step, directory))
            directory.add(step["output"], bundle.tensors.get(step["output"]))

    def compiled(self, step: Dict[str, Any], directory: Directory) -> Run:
        if step["kind"] not in STEPS:
            raise Refusal(f"bundle.json has a step of the kind {step['kind']}, which is none of {', '.join(STEPS)}.")
        run: Run = STEPS[step["kind"]](self.bundle, step, directory)
        if isinstance(run, CalledStep):
            self.called_steps[step["output"]] = run
        return run

    def use_rules(self, rules: Dict[str, str]) -> None:
        for output, called_step in self.called_steps.items():
            if output not in rules:
                raise Refusal(
                    f"The samples hold no block rule for the step {output}. Run `picklepod pin` on the bundle."
                )
            called_step.rule = BlockRule.parse(rules[output], self.bundle.limit)

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
    column = value[:, output["column"]] if "column" in output else value
    return column.astype(str) if column.dtype.kind == "O" else column


def failure(step: Dict[str, Any], error: Exception) -> str:
    reference = step.get("artifact")
    called = " of " + "/".join(map(str, [reference["file"], *reference.get("key", [])])) if reference else ""
    if "function" in step:
        called = f" {step['module']}.{step['function']}"
    reason = str(error) if isinstance(error, BadResult) else f"{type(error).__name__}: {error}"
    return f"The step {step['output']} ({step['kind']}{called}) failed: {reason}"
