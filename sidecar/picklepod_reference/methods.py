"""An artifact's method. XGBoost's bare Booster is the one that takes no rows as they are."""

from __future__ import annotations

from typing import Any


def call(artifact: Any, kind: str, rows: Any) -> Any:
    if kind == "predict" and f"{type(artifact).__module__}.{type(artifact).__name__}" == "xgboost.core.Booster":
        from xgboost import DMatrix

        artifact.set_param({"nthread": 1})
        rows = DMatrix(rows, feature_names=artifact.feature_names, nthread=1)
    return getattr(artifact, kind)(rows)
