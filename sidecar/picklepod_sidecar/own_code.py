"""The step `code`: a function of the bundle's own module is called as an artifact is."""

from __future__ import annotations

from typing import Any, Callable, Dict, List

import numpy as np

from . import given
from .bundle import Bundle
from .called import CalledStep, copied
from .columns import Directory
from .problems import Refusal
from .values import BadResult, normal


def code(bundle: Bundle, step: Dict[str, Any], directory: Directory) -> CalledStep:
    function = function_of(bundle, step)
    tensor = bundle.tensors.get(step["output"])
    names: List[str] | None = tensor["columns"] if tensor else None

    def call(rows: Any) -> Any:
        return result_of(function(given.handed(rows)), names, rows.shape[0])

    return CalledStep(bundle, copied(given.maker(step, directory)), call)


def function_of(bundle: Bundle, step: Dict[str, Any]) -> Callable[[Any], Any]:
    module, name = step["module"], step["function"]
    if module not in bundle.code:
        raise Refusal(f"The step {step['output']} calls {module}.{name}, and bundle.json pins no code for {module}.")
    function = getattr(bundle.code[module], name, None)
    if not callable(function):
        raise Refusal(f"The step {step['output']} calls {module}.{name}, and the module has no such function.")
    found: Callable[[Any], Any] = function
    return found


def result_of(result: Any, names: List[str] | None, rows: int) -> Any:
    """`names`: those of bundle.json, which a DataFrame's must be whatever rows it was made of."""
    if hasattr(result, "columns") and hasattr(result, "to_numpy"):
        if [str(column) for column in result.columns] != names:
            raise BadResult(f"it returned the columns {list(result.columns)}, bundle.json has {names}")
        result = frame_values(result)
    elif hasattr(result, "to_numpy"):
        result = result.to_numpy() if is_number(result.dtype) else result.astype(object).to_numpy()
    value = normal(result, rows)
    if isinstance(value, np.ndarray) and value.ndim == 1 and names is not None:
        return value.reshape(-1, 1)
    return value


def frame_values(frame: Any) -> Any:
    if all(is_number(dtype) for dtype in frame.dtypes):
        return frame.astype("float64").to_numpy()
    return frame.astype(object).to_numpy()


def is_number(dtype: Any) -> bool:
    return getattr(dtype, "kind", "O") in "biuf"
