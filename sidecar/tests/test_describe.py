"""`describe`: what artifacts are once they are loaded, and in which form they run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from models import random_rows, two_classes
from pinned import draft, dump, reference, step
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LinearRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC

TEXTS = ["good bread", "bad bread", "good wine", "bad cheese"]


def describe(folder: Path, drafts: dict, places: list, columns: dict) -> Any:
    asked = {
        "drafts": drafts,
        "places": [{"file": f"{name}.pkl", "key": key} for name, key in places],
        "columns": columns,
    }
    (folder / "request.json").write_text(json.dumps(asked))
    out = folder / "facts.json"
    done = reference("describe", "--folder", folder, "--request", folder / "request.json", "--out", out)
    assert done.returncode == 0, done.stderr
    return json.loads(out.read_text())


def test_tells_what_each_artifact_is(tmp_path: Path) -> None:
    rows = random_rows(50, 3)
    classes = np.array(["no", "yes"], dtype=object)[two_classes(rows)]
    dump(tmp_path, scaler=StandardScaler().fit(rows), model={"clf": LinearSVC().fit(rows, classes)})
    place = {"file": "model.pkl", "key": ["clf"]}
    steps = [
        step("transform", "scaled", "scaler", columns=["a", "b", "c"]),
        step("predict", "prediction", place, from_="scaled"),
        step("predict_proba", "probabilities", place, from_="scaled"),
    ]
    facts = describe(
        tmp_path,
        {"as-is": draft(steps, ["prediction"], numbers=["a", "b", "c"])},
        [("scaler", []), ("model", ["clf"])],
        {"numbers": [[1, 2, 3], [0, None, 1]][:1]},
    )
    scaler, model = facts["places"]
    assert (scaler["class"], scaler["methods"]) == ("sklearn.preprocessing." + kind_of(StandardScaler), ["transform"])
    assert model["key"] == ["clf"]
    assert model["methods"] == ["predict", "decision_function"]
    assert (model["width"], model["classes"]) == (3, ["no", "yes"])
    tried = facts["tried"]["as-is"]
    assert tried["scaled"] == {"shape": [1, 3], "columns": ["a", "b", "c"], "datatype": "float64"}
    assert tried["probabilities"] == {"absent": True}


def kind_of(estimator: type) -> str:
    return f"{estimator.__module__.split('.')[-1]}.{estimator.__name__}"


def test_tells_which_form_runs_and_why_another_does_not(tmp_path: Path) -> None:
    words = CountVectorizer().fit(TEXTS)
    dump(tmp_path, words=words, model=GaussianNB().fit(words.transform(TEXTS).toarray(), [1, 0, 1, 0]))

    def with_form(form: str) -> dict:
        first = step("transform", "counts", "words", columns=["text"], as_="text")
        steps = [first, step("predict", "prediction", "model", from_="counts", as_=form)]
        return draft(steps, ["prediction"], texts=["text"])

    drafts = {"as-is": with_form("matrix"), "dense": with_form("dense")}
    facts = describe(tmp_path, drafts, [("words", [])], {"texts": [["good wine"], ["bad"]]})
    assert facts["places"][0]["words"] == ["bad", "bread", "cheese", "good", "wine"]
    assert "error" in facts["tried"]["as-is"]["prediction"]
    assert facts["tried"]["dense"]["prediction"] == {"shape": [2], "columns": None, "datatype": "int64"}


def test_a_step_behind_one_that_failed_fails_too(tmp_path: Path) -> None:
    dump(tmp_path, scaler=StandardScaler().fit(random_rows(9, 3)), model=LinearRegression().fit([[1.0], [2.0]], [1, 2]))
    steps = [step("transform", "scaled", "scaler", columns=["a"]), step("predict", "p", "model", from_="scaled")]
    facts = describe(tmp_path, {"as-is": draft(steps, ["p"], numbers=["a"])}, [("model", [])], {"numbers": [[1]]})
    assert facts["tried"]["as-is"]["p"] == {"error": "the step scaled made nothing"}
    assert facts["places"][0]["width"] == 1


def test_an_artifact_that_cannot_be_loaded_is_told_and_nothing_is_tried(tmp_path: Path) -> None:
    (tmp_path / "model.pkl").write_bytes(b"\x80\x04cgone\nModel\n)R.")
    steps = [step("predict", "p", "model", columns=["a"])]
    facts = describe(tmp_path, {"as-is": draft(steps, ["p"], numbers=["a"])}, [("model", [])], {"numbers": [[1]]})
    assert facts["tried"] == {}
    assert facts["unloadable"]["code"] == "distrusted"
    assert "model.pkl" in facts["unloadable"]["why"]
