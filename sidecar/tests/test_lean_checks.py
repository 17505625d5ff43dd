"""scikit-learn's checks made lean say what scikit-learn's own say, in every version that the tests run under."""

from __future__ import annotations

import inspect
import itertools
import pickle
import sys
import threading
import warnings
from functools import partial
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import sklearn.base
import sklearn.utils.validation as validation
from models import random_rows, regression_bundle, two_classes
from running import brought_up
from sklearn.ensemble import RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from picklepod_sidecar import lean_checks, lean_matrix

OWN = validation.check_array
FINITE = "ensure_all_finite" if "ensure_all_finite" in inspect.signature(OWN).parameters else "force_all_finite"


@pytest.fixture(autouse=True)
def as_it_was() -> Any:
    yield
    lean_checks.remove()
    lean_checks._given_up = False


def with_cell(value: float) -> Any:
    rows = random_rows(5, 3)
    rows[2, 1] = value
    return rows


def read_only() -> Any:
    rows = random_rows(5, 3)
    rows.flags.writeable = False
    return rows


ROWS = {
    "finite": random_rows(5, 3),
    "nan": with_cell(np.nan),
    "inf": with_cell(np.inf),
    "minus zero and the smallest": np.array([[-0.0, 5e-324]]),
    "huge, so that its sum is infinite": np.full((4, 2), 1.7e308),
    "no rows": np.empty((0, 3)),
    "no columns": np.empty((3, 0)),
    "float32": random_rows(5, 3).astype(np.float32),
    "integers": np.arange(6).reshape(2, 3),
    "objects": random_rows(5, 3).astype(object),
    "a vector": random_rows(5, 1).ravel(),
    "three dimensions": np.zeros((2, 2, 2)),
    "Fortran's order": np.asfortranarray(random_rows(5, 3)),
    "a slice": random_rows(5, 6)[:, ::2],
    "big-endian": random_rows(5, 3).astype(">f8"),
    "read-only": read_only(),
    "a list": [[1.0, 2.0]],
}
PARAMETERS = [
    dict(zip(("dtype", FINITE, "copy", "order"), those))
    for those in itertools.product(
        ("numeric", None, np.float64, np.float32, "float64", np.int64, [np.float32], (np.float64, np.float32)),
        (True, False, "allow-nan"),
        (True, False),
        (None, "C", "F"),
    )
] + [
    {"ensure_min_samples": 5},
    {"ensure_min_samples": 6},
    {"ensure_min_features": 3},
    {"ensure_min_features": 4},
    {"accept_sparse": "csr", "ensure_2d": False, "allow_nd": True, "estimator": "Somebody"},
    {"no_such_parameter": 1},
    {FINITE: "nonsense"},
]


def outcome(check: Any, rows: Any, given: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            got = check(rows, **given)
        except Exception as error:
            return type(error), str(error).replace("check_array()", "")
    flags = got.flags.c_contiguous, got.flags.f_contiguous, got.flags.writeable
    return got is rows, np.shares_memory(got, np.asarray(rows)), got.dtype, got.shape, flags, got.tobytes()


@pytest.mark.parametrize("what", list(ROWS))
def test_check_array_gives_what_it_gives(what: str) -> None:
    lean = lean_checks.lean_check_array(OWN)
    for given in PARAMETERS:
        assert outcome(lean, ROWS[what], given) == outcome(OWN, ROWS[what], given), given


def test_a_matrix_as_it_is_handed_over_is_not_looked_at_by_scikit_learn() -> None:
    def never(*_: Any, **__: Any) -> None:
        raise AssertionError("scikit-learn was asked")

    lean = lean_checks.lean_check_array(never)
    rows = random_rows(5, 3)
    assert lean(rows, accept_sparse="csr", dtype=(np.float64, np.float32)) is rows
    with pytest.raises(AssertionError):
        lean(with_cell(np.nan))


def models() -> Any:
    rows = random_rows(300, 6)
    classes = two_classes(rows)
    holes = np.where(random_rows(300, 6, 3) > 1.5, np.nan, rows)
    return [
        (SimpleImputer().fit(holes), "transform"),
        (StandardScaler().fit(holes), "transform"),
        (LogisticRegression(solver="lbfgs").fit(rows, classes), "predict_proba"),
        (RandomForestClassifier(n_estimators=5, random_state=0).fit(rows, classes), "predict_proba"),
        (make_pipeline(StandardScaler(), LogisticRegression(solver="lbfgs")).fit(rows, classes), "predict"),
    ]


def said(model: Any, method: str, rows: Any) -> Any:
    try:
        return getattr(model, method)(rows.copy()).tobytes()
    except ValueError as error:
        return str(error)


def test_estimators_give_the_same_bits_and_the_same_errors() -> None:
    rows = [random_rows(7, 6, 5), random_rows(7, 5, 5), with_cell(np.nan), with_cell(np.inf)]
    rows += [np.where(random_rows(7, 6, 6) > 1, hole, random_rows(7, 6, 5)) for hole in (np.nan, np.inf)]
    for model, method in models():
        expected = [said(model, method, those) for those in rows]
        lean_checks.install([model])
        assert validation.check_array is not OWN
        for _ in range(2):  # what was asked once is not asked again
            assert [said(model, method, those) for those in rows] == expected, model
        lean_checks.remove()
        assert validation.check_array is OWN


def test_another_estimator_than_the_artifacts_is_asked_each_time_whether_it_is_fitted() -> None:
    lean_checks.install([models()[1][0]])
    for _ in range(2):
        with pytest.raises(sklearn.exceptions.NotFittedError):
            StandardScaler().transform(random_rows(2, 2))
    scaler = StandardScaler().fit(random_rows(9, 2))
    scaler.transform(random_rows(2, 2))
    with pytest.raises(ValueError):
        scaler.transform(random_rows(2, 3))


def test_fitting_is_as_it_was() -> None:
    rows = random_rows(30, 6)
    expected = LogisticRegression(solver="lbfgs").fit(rows, two_classes(rows)).coef_.tobytes()
    lean_checks.install([models()[2][0]])
    assert LogisticRegression(solver="lbfgs").fit(rows, two_classes(rows)).coef_.tobytes() == expected


def validate_data(scaler: Any) -> Any:
    """A function from 1.6 on, before that a method, and not there in the oldest."""
    if hasattr(scaler, "_validate_data"):
        return scaler._validate_data
    return partial(validation.validate_data, scaler) if hasattr(validation, "validate_data") else None


def test_columns_are_counted_also_where_another_call_did_without() -> None:
    scaler = models()[1][0]
    lean_checks.install([scaler])
    validate = validate_data(scaler)
    if validate is not None:
        validate(random_rows(2, 5), reset=False, ensure_2d=False)
        with pytest.raises(ValueError):
            validate(random_rows(2, 5), reset=False)


def test_a_check_array_with_another_parameter_or_default_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    assert lean_matrix.is_known(OWN)
    scaler = models()[1][0]

    def newer(array: Any, dtype: Any = "numeric", ensure_odd: bool = True) -> Any: ...

    def other(array: Any, dtype: Any = "numeric", copy: bool = True) -> Any: ...

    for check_array in (newer, other):
        monkeypatch.setattr(validation, "check_array", check_array)
        lean_checks.install([scaler])
        assert validation.check_array is check_array


def test_removing_them_finds_modules_that_were_imported_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    lean_checks.install([])
    late = ModuleType("sklearn.late")
    late.check_array = validation.check_array  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "sklearn.late", late)
    assert lean_checks.remove()
    assert vars(late)["check_array"] is OWN
    assert not lean_checks.remove()


def test_what_refers_to_them_can_be_pickled_as_ever() -> None:
    lean_checks.install([])
    assert validation.check_array is not OWN
    for name in ("check_array", "check_is_fitted"):
        assert pickle.loads(pickle.dumps(getattr(validation, name))) is getattr(validation, name)


def test_switching_them_while_others_compute_changes_nothing() -> None:
    (model, method), rows = models()[4], random_rows(7, 6, 5)
    lean_checks.install([model])
    expected, done, wrong = said(model, method, rows), threading.Event(), []

    def compute() -> None:
        while not done.is_set():
            if said(model, method, rows) != expected:
                wrong.append(rows)

    threads = [threading.Thread(target=compute) for _ in range(2)]
    for thread in threads:
        thread.start()
    for _ in range(100):
        lean_checks.remove()
        lean_checks.install([model])
    done.set()
    for thread in threads:
        thread.join()
    assert wrong == []


class Booster:
    """In the manner of XGBoost's, which is in none of the tests' environments."""

    __module__ = "xgboost.core"

    def __init__(self, answers: list):
        self.answers = answers
        self.asked = 0

    def num_features(self) -> int:
        self.asked += 1
        return self.answers[self.asked % len(self.answers)]


def test_xgboost_is_asked_for_what_never_changes_no_more_than_twice() -> None:
    constant, changing = Booster([7]), Booster([7, 8])
    lean_checks.install([constant, changing])
    assert [constant.num_features() for _ in range(3)] == [7, 7, 7] and constant.asked == 2
    assert [changing.num_features() for _ in range(3)] == [8, 7, 8]


def test_where_the_lean_checks_give_no_proof_the_full_ones_serve(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    folder = regression_bundle(tmp_path / "bundle")
    monkeypatch.setattr(lean_checks, "checked", lambda rows, given: rows + 1)
    metadata = brought_up(folder)
    assert (metadata["state"], metadata["proof"]) == ("ready", "exact"), metadata["reason"]
    assert "small has its proof only with all of scikit-learn's own checks." in capsys.readouterr().err
    assert validation.check_array is OWN
    lean_checks.install([])  # as the next bundle does in the same process
    assert validation.check_array is OWN


def test_a_bundle_without_proof_takes_the_lean_checks_from_no_other(tmp_path: Any) -> None:
    folder = regression_bundle(tmp_path / "bundle")
    path = next((folder / "samples").glob("proof.*.npz"))
    with np.load(str(path)) as members:
        np.savez(str(path), **{name: members[name] + 1 for name in members.files})
    assert brought_up(folder)["state"] == "failed"
    assert validation.check_array is not OWN
