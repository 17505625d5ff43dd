"""What scikit-learn's check_array gives for a matrix as we hand it over, said in three numpy calls."""

from __future__ import annotations

import inspect
from typing import Any, Callable, Dict, List

import numpy as np

FLOAT64, FLOAT32 = np.dtype("f8"), np.dtype("f4")
# Parameters that change nothing for such a matrix, whatever they are.
WITHOUT_EFFECT = {"accept_sparse", "accept_large_sparse", "allow_nd", "ensure_2d", "estimator", "input_name"}
WITH_EFFECT = {"dtype", "order", "copy", "ensure_min_samples", "ensure_min_features"}
FINITE = ("force_all_finite", "ensure_all_finite")  # its name until 1.5, and since
UNDERSTOOD = frozenset({*WITHOUT_EFFECT, *WITH_EFFECT, *FINITE, "force_writeable"})
# What it does where a parameter is not given, from 0.21 to 1.9.
DEFAULTS: Dict[str, List[Any]] = {
    **{name: [False] for name in ("accept_sparse", "copy", "allow_nd", "force_writeable", "ensure_non_negative")},
    **{name: [True] for name in ("accept_large_sparse", "ensure_2d")},
    **{name: [1] for name in ("ensure_min_samples", "ensure_min_features")},
    **{name: [None] for name in ("order", "warn_on_dtype", "estimator")},
    "array": [inspect.Parameter.empty],
    "dtype": ["numeric"],
    "force_all_finite": [True, "deprecated"],
    "ensure_all_finite": [True, None],
    "input_name": [""],
}


def is_known(check_array: Callable[..., Any]) -> bool:
    """A parameter of a newer version may do something where it is not given."""
    parameters = inspect.signature(check_array).parameters.values()
    return all(each.default in DEFAULTS.get(each.name, []) for each in parameters)


def checked(rows: Any, given: Dict[str, Any]) -> Any:
    """What check_array gives for these rows, or None: let it say so itself."""
    if type(rows) is not np.ndarray or rows.dtype != FLOAT64 or rows.ndim != 2 or not UNDERSTOOD.issuperset(given):
        return None
    flags, fewest = rows.flags, (given.get("ensure_min_samples", 1), given.get("ensure_min_features", 1))
    if not flags.c_contiguous or not flags.writeable or rows.shape[0] < fewest[0] or rows.shape[1] < fewest[1]:
        return None
    dtype = given.get("dtype", "numeric")
    if given.get("order") not in (None, "C"):
        return None
    if dtype is np.float32 or dtype is FLOAT32:
        result = rows.astype(FLOAT32)
    elif is_float64(dtype):
        result = rows.copy() if given.get("copy", False) else rows
    else:
        return None
    return result if is_finite(result, given) else None


def is_float64(dtype: Any) -> bool:
    if dtype is None or dtype is np.float64:
        return True
    return bool(dtype == "numeric") if isinstance(dtype, str) else type(dtype) in (list, tuple) and np.float64 in dtype


def is_finite(rows: Any, given: Dict[str, Any]) -> bool:
    wanted = given.get(FINITE[0], given.get(FINITE[1], True))
    if wanted is True:
        return bool(np.isfinite(rows).all())
    return wanted is False or (wanted == "allow-nan" and not np.isinf(rows).any())
