"""How an artifact is called: by its own method, but for what wants its rows in a form of its own."""

from __future__ import annotations

from typing import Any, Callable, Optional


def method(artifact: Any, name: str) -> Optional[Callable[[Any], Any]]:
    if name == "predict" and is_bare_booster(artifact):
        artifact.set_param({"nthread": 1})  # it keeps its own count
        return lambda rows: artifact.predict(own_matrix(artifact, rows))
    found = getattr(artifact, name, None)
    return found if callable(found) else None


def is_bare_booster(artifact: Any) -> bool:
    """XGBoost's own, without scikit-learn's manners around it."""
    return (type(artifact).__module__, type(artifact).__name__) == ("xgboost.core", "Booster")


def own_matrix(booster: Any, rows: Any) -> Any:
    import xgboost

    return xgboost.DMatrix(rows, feature_names=booster.feature_names, nthread=1)
