"""The classification bundle behind FastAPI, as a careful engineer would write it: artifacts loaded once, columns by name,
fixed one-hot columns, numpy instead of pandas, orjson in and out. Answers the same records as POST /predict."""

from __future__ import annotations

import os
import re
from typing import Any

for library in ("OPENBLAS", "OMP", "MKL"):
    os.environ[f"{library}_NUM_THREADS"] = "1"

import joblib
import numpy as np
import orjson
from fastapi import FastAPI, Request, Response

FOLDER = os.environ["BUNDLE"]
CATEGORIES: dict[str, list[str]] = orjson.loads(os.environ["CATEGORIES"])
NAMES: list[str] = orjson.loads(os.environ["INPUTS"])
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


def score(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    numbers = np.array([[number(row[name]) for name in NUMBERS] for row in rows], dtype=np.float64)
    dummies = np.zeros((len(rows), width))
    for i, row in enumerate(rows):
        for category, codes in one_hot:
            dummies[i, codes[row[category]]] = 1.0
    table = np.hstack([scaler.transform(imputer.transform(numbers)), dummies])
    probability = np.asarray(model["model_weights"].predict(np.ascontiguousarray(table[:, columns])))
    return [
        {"probability_positiveclass": round(p, 10), "selected_features": selected, "predicted_class": int(p >= 0.5)}
        for p in probability.tolist()
    ]


app = FastAPI()


@app.post("/predict")
async def predict(request: Request) -> Response:
    body = orjson.loads(await request.body())
    return Response(orjson.dumps(score(body if isinstance(body, list) else [body])), media_type="application/json")
