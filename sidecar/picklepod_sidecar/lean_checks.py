"""scikit-learn's checks of what it is handed, without what is known: most of a single row's time is spent in them.

For a matrix as we hand it over (two-dimensional float64, C-contiguous) `check_array` gives the matrix itself, a copy or
its float32, once it is found finite: that is done here in three numpy calls. What depends on the estimator alone (is it
fitted, does it take so many columns) is asked once. Whatever else comes, and whatever is not finite, goes to
scikit-learn's own functions, so that an error stays its own. The proof runs with these in place; they are off where a
bundle has no proof with them, and where check_array takes parameters or has defaults that are not known here.
"""

from __future__ import annotations

import sys
from copy import copy
from functools import wraps
from typing import Any, Callable, Dict, Iterable, List

import numpy as np

from .lean_matrix import UNDERSTOOD, checked, is_known
from .single_thread import parts

NAMES = ("check_array", "check_is_fitted", "validate_data")

_ours: Dict[int, Any] = {}  # the parts of loaded artifacts, which stay as they are
_originals: Dict[Any, Any] = {}  # by what stands in their place
_undo: List[Callable[[], None]] = []
_given_up = False


# Each is known by the name of what it stands for (wraps), which pickle and people look for.


def lean_check_array(original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def check_array(array: Any, *more: Any, **given: Any) -> Any:
        found = None if more else checked(array, given)
        return original(array, *more, **given) if found is None else found

    return check_array


def lean_validate_data(original: Callable[..., Any]) -> Callable[..., Any]:
    passed = set()  # an estimator and how many columns it was found to take

    @wraps(original)
    def validate_data(*those: Any, reset: bool = True, **given: Any) -> Any:
        ours = reset is False and len(those) == 2 and type(those[1]) is np.ndarray and id(those[0]) in _ours
        if not ours or not UNDERSTOOD.issuperset(given):
            return original(*those, reset=reset, **given)
        estimator, rows = those
        key = (id(estimator), rows.shape[1:], given.get("ensure_2d", True))  # without it, columns are not counted
        found = checked(rows, given) if key in passed else None
        if found is None:
            found = original(estimator, rows, reset=reset, **given)
            passed.add(key)
        return found

    return validate_data


def lean_check_is_fitted(original: Callable[..., Any]) -> Callable[..., Any]:
    passed = set()

    @wraps(original)
    def check_is_fitted(estimator: Any, *more: Any, **given: Any) -> None:
        attributes = tuple([tuple(each) if isinstance(each, list) else each for each in more])
        key = None if given or id(estimator) not in _ours else (id(estimator), attributes)
        if key is not None and key in passed:
            return
        original(estimator, *more, **given)
        if key is not None:
            passed.add(key)

    return check_is_fitted


LEAN = {
    "check_array": lean_check_array,
    "check_is_fitted": lean_check_is_fitted,
    "validate_data": lean_validate_data,
    "_validate_data": lean_validate_data,
}


def install(artifacts: Iterable[Any]) -> None:
    """For these artifacts' estimators. One thread at a time may do so, while others compute: before and after a name
    is replaced it says the same.
    """
    if _given_up:
        return
    for artifact in artifacts:
        for part in parts(artifact):
            _ours[id(part)] = part
    for part in _ours.values():
        if type(part).__module__.partition(".")[0] == "xgboost":
            keep(part, "get_params" if hasattr(part, "get_params") else "num_features")
    validation, base = sys.modules.get("sklearn.utils.validation"), sys.modules.get("sklearn.base")
    if validation is not None and base is not None and is_known(own_check_array(validation)):
        replace_in(modules(), vars(validation), base.BaseEstimator)


def own_check_array(validation: Any) -> Any:
    return _originals.get(validation.check_array, validation.check_array)


def modules() -> List[Any]:
    """Of scikit-learn, as far as they are there by now; what is imported later takes what is found here."""
    return [each for name, each in list(sys.modules.items()) if each and name.partition(".")[0] == "sklearn"]


def replace_in(modules: List[Any], own: Dict[str, Any], base: Any) -> None:
    lean = {own[name]: LEAN[name](own[name]) for name in NAMES if name in own and own[name] not in _originals}
    _originals.update({replacement: original for original, replacement in lean.items()})
    swap(modules, lean)
    method = vars(base).get("_validate_data")
    if method is not None and method not in _originals:
        base._validate_data = lean_validate_data(method)
        _originals[base._validate_data] = method
        _undo.append(lambda: setattr(base, "_validate_data", method))


def swap(modules: List[Any], by: Dict[Any, Any]) -> None:
    for module in modules:
        for name in NAMES:
            found = vars(module).get(name)
            if callable(found) and found in by:
                setattr(module, name, by[found])


def keep(part: Any, name: str) -> None:
    """XGBoost asks its library for what never changes, in every call: its whole configuration, written out and read."""
    ask = getattr(part, name, None)
    if ask is None or name in vars(part):
        return
    answer = ask()
    if repr(answer) == repr(ask()):  # and not drawn at random
        setattr(part, name, lambda *_, **__: copy(answer))
        _undo.append(lambda: delattr(part, name))


def give_up() -> None:
    """For the life of this process: every bundle in it shares scikit-learn's functions."""
    global _given_up
    remove()
    _given_up = True


def remove() -> bool:
    """Whether there was anything to remove. Also from modules that were imported since."""
    removed = bool(_undo or _originals)
    swap(modules(), _originals)
    _originals.clear()
    while _undo:
        _undo.pop()()
    return removed
