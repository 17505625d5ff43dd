"""n_jobs=1 on every estimator inside an artifact: threads add up in any order, and so change bits."""

from __future__ import annotations

import types
from typing import Any, Iterator

NO_INSTANCES = (type, types.FunctionType, types.ModuleType, str, int, float)


def use_one_thread(root: Any) -> None:
    for part in instances(root):
        calm(part)


def estimators(root: Any) -> Iterator[Any]:
    """Every estimator inside an artifact, itself among them."""
    return filter(is_estimator, instances(root))


def is_estimator(item: Any) -> bool:
    return hasattr(item, "get_params")


def instances(root: Any) -> Iterator[Any]:
    """Also what is no estimator, for that may hold one: CalibratedClassifierCV's calibrated classifiers do."""
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
        elif is_object_array(item):
            waiting.extend(item.ravel().tolist())
        elif hasattr(item, "__dict__") or is_estimator(item):
            yield item
            waiting.extend(getattr(item, "__dict__", {}).values())


def is_object_array(item: Any) -> bool:
    return getattr(getattr(item, "dtype", None), "kind", "") == "O" and hasattr(item, "ravel")


def calm(part: Any) -> None:
    for count in ("n_jobs", "_n_threads"):  # KMeans remembers the threads that it was fitted with
        if count in getattr(part, "__dict__", {}):
            setattr(part, count, 1)
    if hasattr(part, "set_param"):  # xgboost's booster has a count of its own
        part.set_param({"nthread": 1})
