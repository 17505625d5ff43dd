"""How artifacts are called. XGBoost is in none of the tests' environments: what stands here has its manners."""

from __future__ import annotations

import sys
import types
from typing import Any

import numpy as np
import pytest

import picklepod_reference.methods
import picklepod_sidecar.methods


class DMatrix:
    def __init__(self, rows: Any, feature_names: Any, nthread: int):
        self.rows, self.feature_names, self.nthread = rows, feature_names, nthread


class Booster:
    __module__ = "xgboost.core"
    feature_names = ("a", "b")
    threads = 0

    def set_param(self, params: Any) -> None:
        self.threads = params["nthread"]

    def predict(self, matrix: DMatrix) -> Any:
        assert (matrix.feature_names, matrix.nthread, self.threads) == (("a", "b"), 1, 1)
        return matrix.rows.sum(axis=1)


@pytest.fixture(autouse=True)
def xgboost(monkeypatch: Any) -> None:
    module: Any = types.ModuleType("xgboost")
    module.DMatrix = DMatrix
    monkeypatch.setitem(sys.modules, "xgboost", module)


def test_a_bare_booster_gets_its_rows_in_a_matrix_of_its_own_on_one_thread() -> None:
    rows = np.array([[1.0, 2.0], [3.0, 4.0]])
    call: Any = picklepod_sidecar.methods.method(Booster(), "predict")
    assert call(rows).tolist() == [3.0, 7.0]
    assert picklepod_reference.methods.call(Booster(), "predict", rows).tolist() == [3.0, 7.0]


def test_what_is_no_method_is_none() -> None:
    assert picklepod_sidecar.methods.method(Booster(), "transform") is None
    assert picklepod_sidecar.methods.method(Booster(), "feature_names") is None
