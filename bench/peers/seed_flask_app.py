"""The Flask app as such systems are found: Flask's own server, the pickles loaded in every request, a pandas pipeline. Only what
it computed wrongly is mended, so that it may be timed: the dummies' columns are fixed, and money in brackets is negative."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

import joblib
import pandas as pd
from flask import Flask, Response, jsonify, request

FOLDER = os.environ["BUNDLE"]
CATEGORIES: dict[str, list[str]] = json.loads(os.environ["CATEGORIES"])
NUMBERS = [name for name in json.loads(os.environ["INPUTS"]) if name not in CATEGORIES]

app = Flask(__name__)


def without_signs(column: pd.Series) -> pd.Series:
    text = column.astype(str).str.replace(r"[$,%)]", "", regex=True)
    return text.str.replace("(", "-", regex=False)


def prepare(rows: list[dict[str, Any]], model: dict[str, Any]) -> pd.DataFrame:
    data = pd.DataFrame(rows)
    for name in ("x12", "x63"):
        data[name] = without_signs(data[name])
    numbers = data[NUMBERS].apply(pd.to_numeric, errors="coerce")
    imputer = joblib.load(f"{FOLDER}/{model['imputer_file']}")
    scaler = joblib.load(f"{FOLDER}/{model['scaler_file']}")
    imputed = pd.DataFrame(imputer.transform(numbers.to_numpy(dtype=float)), columns=NUMBERS)
    scaled = pd.DataFrame(scaler.transform(imputed.to_numpy()), columns=NUMBERS)
    dummies = [
        pd.get_dummies(pd.Categorical(data[name], categories=values), prefix=name) for name, values in CATEGORIES.items()
    ]
    return pd.concat([scaled, *dummies], axis=1)[model["variables"]]


@app.route("/predict", methods=["POST"])
def predict() -> Response:
    body = request.get_json()
    model = joblib.load(f"{FOLDER}/model.pkl")
    features = prepare(body if isinstance(body, list) else [body], model)
    answers = pd.DataFrame({"probability_positiveclass": model["model_weights"].predict(features).round(10)})
    selected = list(dict.fromkeys(name.split("_")[0] for name in model["variables"]))
    answers["selected_features"] = [selected] * len(answers)
    answers["predicted_class"] = (answers["probability_positiveclass"] >= 0.5).astype(int)
    return jsonify(answers.to_dict("records"))


if __name__ == "__main__":
    app.run(port=int(sys.argv[1]), threaded=True)
