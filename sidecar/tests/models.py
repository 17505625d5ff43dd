"""Small models, trained on the spot on numbers of a fixed seed."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

import numpy as np
from pinned import draft, dump, pin, step
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

NUMBERS = ["age", "income", "height", "weight"]
CODES = [
    {"name": "day", "categories": ["monday", "tuesday", "sunday"]},
    {"name": "grade", "categories": [1, 2]},
]
DUMMIES = ["day_monday", "day_tuesday", "day_sunday", "grade_1", "grade_2"]


def random_rows(count: int, width: int, seed: int = 0) -> Any:
    return np.random.RandomState(seed).randn(count, width)


def two_classes(rows: Any) -> Any:
    return (rows[:, : min(5, rows.shape[1])].sum(axis=1) + random_rows(len(rows), 1, 7)[:, 0] > 0).astype(int)


def regression_bundle(folder: Path, rows: int = 64, limit: int = 64, width: int = 100, **rest: Any) -> Path:
    """A scaler and a logistic regression: outputs probability (float) and class (integer)."""
    names = [f"x{i}" for i in range(width)]
    training = random_rows(400, width)
    scaler = StandardScaler().fit(training)
    model = LogisticRegression(solver="lbfgs", max_iter=1000).fit(scaler.transform(training), two_classes(training))
    dump(folder, scaler=scaler, model=model)
    steps = [
        step("transform", "scaled", "scaler", columns=names),
        step("predict_proba", "probabilities", "model", from_="scaled"),
        step("threshold", "class", from_="probabilities", column=1, compare="at_least", value="0.5"),
    ]
    outputs = {"probability": ("probabilities", 1), "class": "class"}
    pin(folder, draft(steps, outputs, limit, numbers=names, **rest), {"numbers": random_rows(rows, width, 1).tolist()})
    return folder


def mixed_bundle(folder: Path) -> Path:
    training = random_rows(300, 9)
    scaler = StandardScaler().fit(training[:, :4])
    model = LogisticRegression(solver="lbfgs").fit(training[:, :6], two_classes(training))
    dump(folder, scaler=scaler, model={"weights": [model], "variables": ["age", *DUMMIES]})
    steps = [
        step("transform", "scaled", "scaler", columns=NUMBERS),
        step("one_hot", "dummies", columns=["day", "grade"]),
        step("select", "selected", columns={"file": "model.pkl", "key": ["variables"]}),
        step("predict_proba", "probabilities", {"file": "model.pkl", "key": ["weights", 0]}, from_="selected"),
        step("threshold", "class", from_="probabilities", column=1, compare="at_least", value="0.5"),
        step("labels", "outcome", from_="class", map=[[0, "no évent"], [1, "event"]]),
    ]
    outputs = {"probability": ("probabilities", 1), "scaled": "scaled", "class": "class", "outcome": "outcome"}
    drafted = draft(steps, outputs, numbers=NUMBERS, codes=CODES)
    rows = random_rows(70, 4, 1).tolist()
    codes = [[i % 4 - 1, i % 3 - 1] for i in range(70)]
    pin(folder, drafted, {"numbers": rows, "codes": codes, "samples": {"readme.json": [3, 2]}})
    return folder


def raising_bundle(folder: Path) -> Path:
    """Its class is in a module of the bundle's own, as a user's would be."""
    source = Path(__file__).with_name("touchy.py").read_bytes()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "of_a_user.py").write_bytes(source)
    (folder / "model.pkl").write_bytes(b"\x80\x02cof_a_user\nTouchy\n)\x81.")
    own = {"file": "of_a_user.py", "sha256": hashlib.sha256(source).hexdigest(), "size": len(source)}
    steps = [step("predict", "double", "model", columns=["x"])]
    drafted = {**draft(steps, ["double"], numbers=["x"]), "name": "touchy", "code": {"of_a_user": own}}
    pin(folder, drafted, {"numbers": random_rows(64, 1).tolist()})
    return folder


def python_path() -> str:
    here = Path(__file__).resolve().parent
    return os.pathsep.join([str(here.parent), str(here)])
