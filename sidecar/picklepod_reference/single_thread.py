"""n_jobs=1 on every estimator inside an artifact: threads add up in any order, and so change bits."""

from __future__ import annotations

from typing import Any, Iterator


def use_one_thread(root: Any) -> None:
    for estimator in estimators(root):
        calm(estimator)


def estimators(root: Any) -> Iterator[Any]:
    """Every estimator inside an artifact, itself among them."""
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
        elif is_object_array(item):
            waiting.extend(item.ravel().tolist())
        elif hasattr(item, "get_params") and not isinstance(item, type):
            yield item
            waiting.extend(getattr(item, "__dict__", {}).values())


def is_object_array(item: Any) -> bool:
    return getattr(getattr(item, "dtype", None), "kind", "") == "O" and hasattr(item, "ravel")


def calm(estimator: Any) -> None:
    if "n_jobs" in getattr(estimator, "__dict__", {}):
        estimator.n_jobs = 1
    booster: Any = getattr(estimator, "_Booster", None)
    if hasattr(booster, "set_param"):  # xgboost keeps its own count
        booster.set_param({"nthread": 1})
