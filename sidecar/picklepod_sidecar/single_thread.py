"""n_jobs=1 on every estimator inside an artifact: threads add up in any order, and so change bits."""

from __future__ import annotations

from typing import Any, Iterator


def use_one_thread(artifact: Any) -> None:
    for estimator in estimators(artifact):
        if "n_jobs" in vars(estimator):
            estimator.n_jobs = 1
        booster = vars(estimator).get("_Booster")
        if hasattr(booster, "set_param"):  # xgboost keeps its own count
            booster.set_param({"nthread": 1})


def overwrites_its_input(artifact: Any) -> bool:
    """`copy=False` lets an estimator write its result over the columns that others still need."""
    options = ("copy", "copy_X", "copy_x")
    return any(vars(estimator).get(option) is False for estimator in estimators(artifact) for option in options)


def estimators(root: Any) -> Iterator[Any]:
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        item = waiting.pop()
        if id(item) in seen:
            continue
        seen.add(id(item))
        if isinstance(item, dict):
            waiting.extend(item.values())
        elif isinstance(item, (list, tuple)):
            waiting.extend(item)
        elif getattr(getattr(item, "dtype", None), "kind", "") == "O" and hasattr(item, "tolist"):
            waiting.extend(item.ravel().tolist())
        elif hasattr(item, "get_params") and hasattr(item, "__dict__") and not isinstance(item, type):
            yield item
            waiting.extend(vars(item).values())
