"""The classification bundle's artifacts, called as a careful engineer would call them: loaded once, columns by name, fixed
one-hot columns, numpy instead of pandas. Every peer scores with this, and answers the records of POST /predict."""

from __future__ import annotations

import json
import os
import re
from typing import Any

import joblib
import numpy as np

FOLDER = os.environ["BUNDLE"]
CATEGORIES: dict[str, list[str]] = json.loads(os.environ["CATEGORIES"])
NAMES: list[str] = json.loads(os.environ["INPUTS"])
NUMBERS = [name for name in NAMES if name not in CATEGORIES]

imputer = joblib.load(f"{FOLDER}/imputer.pkl")
scaler = joblib.load(f"{FOLDER}/scaler.pkl")
model = joblib.load(f"{FOLDER}/model.pkl")
place = {name: i for i, name in enumerate([*NUMBERS, *(f"{c}_{v}" for c in CATEGORIES for v in CATEGORIES[c])])}
columns = [place[name] for name in model["variables"]]
inputs_behind = {f"{c}_{v}": c for c in CATEGORIES for v in CATEGORIES[c]}
selected = list(dict.fromkeys(inputs_behind.get(name, name) for name in model["variables"]))
one_hot = []
width = 0
for category, values in CATEGORIES.items():
    one_hot.append((category, {value: width + j for j, value in enumerate(values)}))
    width += len(values)
tidy = re.compile(r"[$,%]")


def number(value: Any) -> float:
    if value is None or value == "" or value == "nan":
        return np.nan
    if isinstance(value, str):
        text = tidy.sub("", value)
        return -float(text[1:-1]) if text.startswith("(") else float(text)
    return value


def probabilities(rows: list[dict[str, Any]]) -> list[float]:
    numbers = np.array([[number(row[name]) for name in NUMBERS] for row in rows], dtype=np.float64)
    dummies = np.zeros((len(rows), width))
    for i, row in enumerate(rows):
        for category, codes in one_hot:
            dummies[i, codes[row[category]]] = 1.0
    table = np.hstack([scaler.transform(imputer.transform(numbers)), dummies])
    return np.asarray(model["model_weights"].predict(np.ascontiguousarray(table[:, columns]))).tolist()


def score(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"probability_positiveclass": round(p, 10), "selected_features": selected, "predicted_class": int(p >= 0.5)}
        for p in probabilities(rows)
    ]
