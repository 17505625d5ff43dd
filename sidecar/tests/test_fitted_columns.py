"""Columns in another order than the training's: the mistake that gives wrong answers without any error."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from picklepod_reference.fault import Fault
from picklepod_reference.fitted_columns import difference


def fitted_with(*names: str) -> Any:
    return SimpleNamespace(feature_names_in_=np.array(names, dtype=object))


def test_the_same_columns_in_the_same_order_are_fine() -> None:
    assert difference(fitted_with("age", "income"), ["age", "income"]) is None


def test_the_same_columns_in_another_order_are_refused() -> None:
    with pytest.raises(Fault, match=r"another order: column 0 was age, the step hands over income\. Order them so\."):
        difference(fitted_with("age", "income"), ["income", "age"])


def test_other_names_are_told_but_not_refused() -> None:
    told = difference(fitted_with("Age", "income"), ["age", "income"])
    assert told is not None and "column 0 was Age, the step hands over age" in told


def test_an_artifact_that_knows_no_names_says_nothing() -> None:
    assert difference(object(), ["age"]) is None


def test_statsmodels_names_for_a_bare_array_are_no_names() -> None:
    made_up = SimpleNamespace(model=SimpleNamespace(exog_names=["const", "x1", "x2"]))
    assert difference(made_up, ["x2", "x1", "const"]) is None
    named = SimpleNamespace(model=SimpleNamespace(exog_names=["x5_monday", "x91"]))
    with pytest.raises(Fault, match="another order"):
        difference(named, ["x91", "x5_monday"])
