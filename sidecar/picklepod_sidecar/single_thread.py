"""n_jobs=1 on every estimator inside an artifact: threads add up in any order, and so change bits."""

from __future__ import annotations

from types import FunctionType, ModuleType
from typing import Any, Iterator

NO_INSTANCES = (type, FunctionType, ModuleType, str, int, float)


def use_one_thread(artifact: Any) -> None:
    for part in parts(artifact):
        for count in ("n_jobs", "_n_threads"):  # the second is what KMeans and its kin were fitted with
            if count in vars(part):
                setattr(part, count, 1)
        if hasattr(part, "set_param"):  # xgboost's booster keeps its own count
            part.set_param({"nthread": 1})


def overwrites_its_input(artifact: Any) -> bool:
    """`copy=False` lets an estimator write its result over the columns that others still need."""
    options = ("copy", "copy_X", "copy_x")
    return any(vars(estimator).get(option) is False for estimator in estimators(artifact) for option in options)


def estimators(root: Any) -> Iterator[Any]:
    return (part for part in parts(root) if hasattr(part, "get_params"))


def parts(root: Any) -> Iterator[Any]:
    """Every instance inside an artifact: an estimator may be kept by what is none, as calibration does."""
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        item = waiting.pop()
        if id(item) in seen or isinstance(item, NO_INSTANCES):
            continue
        seen.add(id(item))
        if isinstance(item, dict):
            waiting.extend(item.values())
        elif isinstance(item, (list, tuple)):
            waiting.extend(item)
        elif getattr(getattr(item, "dtype", None), "kind", "") == "O" and hasattr(item, "tolist"):
            waiting.extend(item.ravel().tolist())
        elif hasattr(item, "__dict__"):
            yield item
            waiting.extend(vars(item).values())
