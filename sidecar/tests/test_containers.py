"""Artifacts are recognised by their content: pickles of any protocol, dill's, joblib's, compressed or not."""

from __future__ import annotations

import pickle
import sys
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pytest
from models import random_rows, two_classes
from sklearn.calibration import CalibratedClassifierCV
from sklearn.cluster import KMeans
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from picklepod_reference.loading import load
from picklepod_reference.single_thread import use_one_thread
from picklepod_sidecar import single_thread
from picklepod_sidecar.unpickle import load_artifact

SCALER = StandardScaler().fit(random_rows(20, 3))


def assert_loads_alike(path: Path, expected: Any) -> None:
    loaded = load(path)
    again = load_artifact(path, loaded.pin)
    for artifact in (loaded.value, again):
        assert type(artifact) is type(expected)
        assert artifact.mean_.tobytes() == expected.mean_.tobytes()
    assert loaded.pin["root"].endswith(".StandardScaler")
    assert loaded.pin["globals"] == sorted(loaded.pin["globals"])
    assert any(line.endswith(" StandardScaler") for line in loaded.pin["globals"])


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_pickle_of_any_protocol(tmp_path: Path, protocol: int) -> None:
    (tmp_path / "model.joblib").write_bytes(pickle.dumps(SCALER, protocol))
    assert_loads_alike(tmp_path / "model.joblib", SCALER)


@pytest.mark.parametrize("compress", [0, "zlib", "gzip", "bz2", "xz", "lzma"])
def test_a_joblib_stream_whatever_its_name_and_compression(tmp_path: Path, compress: Any) -> None:
    joblib.dump(SCALER, str(tmp_path / "model.pkl"), compress=(compress, 3) if compress else 0)
    assert_loads_alike(tmp_path / "model.pkl", SCALER)


def test_a_joblib_stream_with_arrays_of_objects_and_of_fortran_order(tmp_path: Path) -> None:
    value = {"o": np.array(["a", None, 3], dtype=object), "f": np.asfortranarray(random_rows(3, 4))}
    joblib.dump(value, str(tmp_path / "x"))
    loaded = load(tmp_path / "x")
    for got in (loaded.value, load_artifact(tmp_path / "x", loaded.pin)):
        assert got["o"].tolist() == ["a", None, 3]
        assert got["f"].tolist() == value["f"].tolist() and got["f"].flags.f_contiguous


def test_a_pickle_that_dill_wrote(tmp_path: Path) -> None:
    dill = pytest.importorskip("dill")
    (tmp_path / "model.pkl").write_bytes(dill.dumps(SCALER))
    assert_loads_alike(tmp_path / "model.pkl", SCALER)


@pytest.mark.skipif(sys.version_info[:2] not in ((3, 10), (3, 11)), reason="these scikit-learns name the module _loss")
def test_a_gradient_boosting_whose_loss_has_cythons_short_name(tmp_path: Path) -> None:
    from sklearn.ensemble import HistGradientBoostingClassifier

    rows = random_rows(60, 3)
    model = HistGradientBoostingClassifier(max_iter=2).fit(rows, two_classes(rows))
    (tmp_path / "model.pkl").write_bytes(pickle.dumps(model))
    loaded = load(tmp_path / "model.pkl")
    again = load_artifact(tmp_path / "model.pkl", loaded.pin)
    assert again.predict_proba(rows).tobytes() == model.predict_proba(rows).tobytes()


@pytest.mark.parametrize("one_thread", [use_one_thread, single_thread.use_one_thread])
def test_every_nested_estimator_uses_one_thread(one_thread: Any) -> None:
    rows = random_rows(60, 3)
    forest = RandomForestClassifier(n_estimators=3, n_jobs=2)
    search = GridSearchCV(make_pipeline(StandardScaler(), forest), {}, n_jobs=2, cv=3).fit(rows, two_classes(rows))
    one_thread({"models": [search]})
    inner = search.best_estimator_.steps[-1][1]
    assert {search.n_jobs, search.estimator.steps[-1][1].n_jobs, inner.n_jobs} == {1}
    assert all(getattr(tree, "n_jobs", 1) == 1 for tree in inner.estimators_)


@pytest.mark.parametrize("one_thread", [use_one_thread, single_thread.use_one_thread])
def test_an_estimator_within_what_is_none_uses_one_thread_too(one_thread: Any) -> None:
    rows = random_rows(60, 3)
    forest = RandomForestClassifier(n_estimators=3, n_jobs=2)
    calibrated = CalibratedClassifierCV(forest, cv=2).fit(rows, two_classes(rows))
    clusters = KMeans(2, n_init=1).fit(rows)
    clusters._n_threads = 1_000_000
    one_thread([calibrated, clusters])
    kept = [
        part.__dict__.get("estimator", part.__dict__.get("base_estimator"))
        for part in calibrated.calibrated_classifiers_
    ]
    assert [forest.n_jobs for forest in kept] == [1, 1]
    assert clusters._n_threads == 1
