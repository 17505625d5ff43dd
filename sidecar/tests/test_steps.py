"""Each kind of step and each form of input, from the pickle to the answer over HTTP."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas
import pytest
from models import random_rows, two_classes
from pinned import draft, dump, pin, reference, step
from running import Sidecar, decoded, tensor, text_tensor
from sklearn.compose import ColumnTransformer
from sklearn.decomposition import PCA
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.tree import DecisionTreeClassifier

WORDS = ["good", "bad", "fine", "awful", "so", "not", "very", "plot", "naïve", "actor"]


def some_texts(count: int) -> list:
    random = np.random.RandomState(2)
    return [" ".join(random.choice(WORDS, 5)) for _ in range(count)]


def answer_of(folder: Path, inputs: list, binary: bytes) -> Any:
    with Sidecar(folder) as sidecar:
        metadata = sidecar.wait_until_ready().get("/v2/models/small")[1]
        assert metadata["state"] == "ready", metadata["reason"]
        content = {"parameters": {"binary_data_output": True}, "inputs": inputs}
        status, answer, raw = sidecar.post("/v2/models/small/infer", content, binary)
        assert status == 200, answer
        return metadata, decoded(answer, raw)


def test_sparse_text_goes_from_a_vectorizer_to_a_model(tmp_path: Path) -> None:
    texts = some_texts(80)
    vectorizer = TfidfVectorizer().fit(texts)
    model = LogisticRegression(solver="lbfgs").fit(vectorizer.transform(texts), [int("good" in t) for t in texts])
    dump(tmp_path, vectorizer=vectorizer, model=model)
    steps = [
        step("transform", "words", "vectorizer", columns=["review"], as_="text"),
        step("predict_proba", "probabilities", "model", from_="words"),
        step("predict", "class", "model", from_="words"),
        step("labels", "outcome", from_="class", map=[[0, "bad"], [1, "good"]]),
    ]
    drafted = draft(steps, ["probabilities", "outcome"], 8, texts=["review"])
    description = pin(tmp_path, drafted, {"texts": [[text] for text in texts]})
    assert "words" not in description["tensors"]
    assert description["tensors"]["probabilities"] == {"datatype": "FP64", "columns": ["0", "1"]}

    described, raw = text_tensor("review", texts[:3])
    metadata, outputs = answer_of(tmp_path, [described], raw)
    assert metadata["blocks"] == {"words": "any", "probabilities": "any", "class": "any"}
    assert outputs["probabilities"].tobytes() == model.predict_proba(vectorizer.transform(texts[:3])).tobytes()
    assert outputs["outcome"] == ["good" if "good" in text else "bad" for text in texts[:3]]


def test_a_pipeline_takes_a_dataframe_of_numbers_categories_and_texts(tmp_path: Path) -> None:
    numbers, texts = random_rows(80, 2), some_texts(80)
    days = np.array(["monday", "sunday"], dtype=object)[np.arange(80) % 2]
    frame = pandas.DataFrame({"x0": numbers[:, 0], "x1": numbers[:, 1], "day": days, "review": texts})
    columns = [
        ("numbers", StandardScaler(), ["x0", "x1"]),
        ("days", OneHotEncoder(), ["day"]),
        ("words", TfidfVectorizer(), "review"),
    ]
    model = Pipeline([("columns", ColumnTransformer(columns)), ("model", DecisionTreeClassifier(max_depth=4))])
    model.fit(frame, np.where(two_classes(numbers), "yes", "no"))
    dump(tmp_path, model=model)
    names = ["x0", "x1", "day", "review"]
    steps = [
        step("predict", "answer", "model", columns=names, as_="dataframe"),
        step("predict_proba", "probabilities", "model", columns=names, as_="dataframe"),
    ]
    inputs = {
        "numbers": ["x0", "x1"],
        "codes": [{"name": "day", "categories": ["monday", "sunday"]}],
        "texts": ["review"],
    }
    drafted = draft(steps, ["answer", "probabilities"], 4, **inputs)
    codes = [[i % 2] for i in range(80)]
    pin(tmp_path, drafted, {"numbers": numbers.tolist(), "codes": codes, "texts": [[t] for t in texts]})

    described, raw = text_tensor("review", texts[:3])
    sent = numbers[:3].copy(), np.array(codes[:3], dtype=np.int32)
    tensors = [described, tensor("numbers", sent[0]), tensor("codes", sent[1])]
    _, outputs = answer_of(tmp_path, tensors, raw + sent[0].tobytes() + sent[1].tobytes())
    assert outputs["answer"] == model.predict(frame[:3]).tolist()
    assert outputs["probabilities"].tolist() == model.predict_proba(frame[:3]).tolist()


def test_later_columns_take_the_place_of_earlier_ones_and_keep_their_names(tmp_path: Path) -> None:
    numbers = random_rows(64, 4)
    dump(tmp_path, scaler=StandardScaler().fit(numbers[:, :2]), reducer=PCA(2).fit(numbers), bound=0.25)
    steps = [
        step("transform", "scaled", "scaler", columns=["b", "a"]),
        step("select", "mixed", columns=["d", "a"]),
        step("transform", "reduced", "reducer", columns=["a", "b", "c", "d"]),
        step("threshold", "over", from_="reduced", column=1, compare="above", value={"file": "bound.pkl", "key": []}),
    ]
    outputs = ["scaled", "mixed", "reduced", "over"]
    description = pin(tmp_path, draft(steps, outputs, numbers=list("abcd")), {"numbers": numbers.tolist()})
    assert description["tensors"] == {
        "scaled": {"datatype": "FP64", "columns": ["b", "a"]},
        "mixed": {"datatype": "FP64", "columns": ["d", "a"]},
        "reduced": {"datatype": "FP64", "columns": ["reduced_0", "reduced_1"]},
        "over": {"datatype": "INT64", "columns": None},
    }
    _, got = answer_of(tmp_path, [tensor("numbers", numbers)], numbers.tobytes())
    assert got["mixed"][:, 0].tolist() == numbers[:, 3].tolist()
    assert got["mixed"][:, 1].tolist() == got["scaled"][:, 1].tolist()
    assert got["over"].tolist() == (got["reduced"][:, 1] > 0.25).astype(int).tolist()


def test_an_estimator_that_overwrites_its_input_changes_nobody_elses(tmp_path: Path) -> None:
    numbers = random_rows(64, 3)
    dump(tmp_path, scaler=StandardScaler(copy=False).fit(numbers.copy()))
    steps = [
        step("transform", "scaled", "scaler", columns=["a", "b", "c"]),
        step("transform", "again", "scaler", from_="scaled"),
    ]
    pin(tmp_path, draft(steps, ["scaled", "again"], numbers=list("abc")), {"numbers": numbers.tolist()})
    _, got = answer_of(tmp_path, [tensor("numbers", numbers)], numbers.tobytes())
    scaler = StandardScaler().fit(numbers)
    assert got["scaled"].tobytes() == scaler.transform(numbers).tobytes()
    assert got["again"].tobytes() == scaler.transform(scaler.transform(numbers)).tobytes()


def test_run_gives_the_same_outputs_under_stored_and_given_rules(mixed: Path, tmp_path: Path) -> None:
    columns = {"numbers": random_rows(5, 4, 9).tolist(), "codes": [[0, 1]] * 5}
    (tmp_path / "columns.json").write_text(json.dumps(columns))
    stored = next(iter(json.loads((mixed / "samples" / "fingerprints.json").read_text()).values()))
    (tmp_path / "blocks.json").write_text(json.dumps(stored["blocks"]))
    outputs = []
    for blocks in ("samples", tmp_path / "blocks.json"):
        out = tmp_path / "outputs.json"
        given = ["--bundle", mixed, "--columns", tmp_path / "columns.json", "--blocks", blocks, "--out", out]
        done = reference("run", *given)
        assert done.returncode == 0, done.stderr
        outputs.append(json.loads(out.read_text(encoding="utf-8")))
    assert outputs[0] == outputs[1]
    assert list(outputs[0]) == ["probability", "scaled", "class", "outcome"]


def test_pin_gives_the_outputs_of_the_sample_rows(mixed: Path) -> None:
    description = json.loads((mixed / "samples" / "description.json").read_text(encoding="utf-8"))
    (path,) = (mixed / "samples").glob("proof.*.npz")
    with np.load(str(path)) as stored:
        expected = {name: stored[name][3:5].tolist() for name in stored.files}
    assert description["outputs"] == {"readme.json": expected}


@pytest.mark.parametrize(
    "change, sentence",
    [
        ({"columns": ["a", "nowhere"]}, "There is no column nowhere at this step"),
        ({"columns": ["a", "word"]}, "The column word holds no numbers"),
        ({"artifact": {"file": "gone.pkl", "key": []}}, "gone.pkl cannot be read"),
        ({"artifact": {"file": "scaler.pkl", "key": ["x"]}}, "scaler.pkl holds nothing under the key 'x'"),
    ],
)
def test_pin_says_in_one_line_what_is_wrong_with_a_step(tmp_path: Path, change: dict, sentence: str) -> None:
    dump(tmp_path, scaler=StandardScaler().fit(random_rows(9, 2)))
    steps = [{**step("transform", "scaled", "scaler", columns=["a", "b"]), **change}]
    drafted = draft(steps, ["scaled"], numbers=["a", "b"], texts=["word"])
    (tmp_path / "draft.json").write_text(json.dumps(drafted))
    (tmp_path / "columns.json").write_text(json.dumps({"numbers": [[1, 2]], "texts": [["w"]]}))
    paths = ["--draft", tmp_path / "draft.json", "--folder", tmp_path, "--columns", tmp_path / "columns.json"]
    done = reference("pin", *paths, "--out", tmp_path / "samples")
    assert done.returncode == 1
    assert done.stderr.startswith("error: ") and sentence in done.stderr and done.stderr.count("\n") == 1


def test_the_verb_pin_writes_everything_that_a_proof_needs(tmp_path: Path) -> None:
    dump(tmp_path, scaler=StandardScaler().fit(random_rows(9, 2)))
    drafted = draft([step("transform", "scaled", "scaler", columns=["a", "b"])], ["scaled"], numbers=["a", "b"])
    (tmp_path / "draft.json").write_text(json.dumps(drafted))
    columns = {"numbers": [[1, None], *random_rows(64, 2).tolist()], "samples": {"first.json": [0, 1]}}
    (tmp_path / "columns.json").write_text(json.dumps(columns).replace("NaN", "null"))
    paths = ["--draft", tmp_path / "draft.json", "--folder", tmp_path, "--columns", tmp_path / "columns.json"]
    done = reference("pin", *paths, "--out", tmp_path / "samples")
    assert (done.returncode, done.stderr) == (0, "")
    description = json.loads((tmp_path / "samples" / "description.json").read_text())
    assert description["outputs"]["first.json"]["scaled"][0][1] is None
    ((fingerprint, entry),) = json.loads((tmp_path / "samples" / "fingerprints.json").read_text()).items()
    assert fingerprint == description["fingerprint"]
    assert entry["blocks"] == {"scaled": "any"}
    assert entry["distances"] == {"scaled": {"alone": 0, "one_call": 0}}
    written = sorted(path.name for path in (tmp_path / "samples").iterdir())
    assert written == ["description.json", "fingerprints.json", entry["outputs"], "proof.npz"]
