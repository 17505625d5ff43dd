"""What an artifact says of the columns it was fitted with, held against those that its step hands over."""

from __future__ import annotations

import re
from typing import Any, List, Optional

from .fault import Fault

MADE_UP = re.compile(r"const|x\d+$")  # statsmodels' names for a bare array's columns


def difference(artifact: Any, columns: Optional[List[str]]) -> Optional[str]:
    """A sentence where the names differ; a Fault where they are the same in another order, which is always wrong."""
    fitted = fitted_columns(artifact)
    if fitted is None or columns is None or fitted == columns or len(fitted) != len(columns):
        return None
    place = next(i for i, (was, given) in enumerate(zip(fitted, columns)) if was != given)
    who = type(artifact).__name__
    first = f"column {place} was {fitted[place]}, the step hands over {columns[place]}"
    if sorted(fitted) == sorted(columns):
        raise Fault(f"{who} was fitted with its columns in another order: {first}. Order them so.")
    return f"{who} was fitted with columns of other names: {first}. Make sure that they mean the same."


def fitted_columns(artifact: Any) -> Optional[List[str]]:
    names = getattr(artifact, "feature_names_in_", None)
    if names is None:
        names = getattr(getattr(artifact, "model", None), "exog_names", None)
        if names is None or all(MADE_UP.match(str(name)) for name in names):
            return None
    return [str(name) for name in names]
