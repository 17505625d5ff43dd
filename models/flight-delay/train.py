"""Trains the flight-delay bundle: a grid search around XGBoost, over 37 one-hot columns."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Tuple

import joblib
import numpy as np
import pandas as pd
from sklearn.model_selection import GridSearchCV
from xgboost import XGBClassifier

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from synthetic import flights

SEED = 552
TRAINING_ROWS, HELD_OUT_ROWS = 12000, 4000
GRID = {"learning_rate": [0.1, 0.3], "n_estimators": [30, 60]}


def tell(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def one_hot(rows: pd.DataFrame) -> pd.DataFrame:
    """37 columns; their order (23 airlines, 2 types, 12 months) is the model's from now on."""
    columns = {
        f"{name}_{value}": (rows[name] == value).astype(float)
        for name, values in flights.CATEGORIES.items()
        for value in values
    }
    return pd.DataFrame(columns)


def make_data() -> Tuple[pd.DataFrame, np.ndarray]:
    labelled = list(flights.labelled_rows(SEED, TRAINING_ROWS + HELD_OUT_ROWS))
    return one_hot(pd.DataFrame([row for row, _ in labelled])), np.array([late for _, late in labelled], dtype=int)


def forget_timings(search: GridSearchCV) -> None:
    """How long each fit took is in a grid search's results; without it two trainings write the same bytes."""
    search.refit_time_ = 0.0
    for key, values in search.cv_results_.items():
        if key.endswith("_time"):
            search.cv_results_[key] = np.zeros_like(values)


def report(model: GridSearchCV, columns: pd.DataFrame, labels: np.ndarray) -> None:
    predicted = model.predict(columns)
    spread = np.percentile(model.predict_proba(columns)[:, 1], [5, 50, 95]).round(3)
    tell(f"held out: accuracy {np.mean(predicted == labels):.3f}, probabilities {spread}")
    tell(f"late {np.mean(labels):.1%}, predicted late {np.mean(predicted):.1%}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=HERE, help="where the artifact goes (default: beside this file)")
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)

    tell(f"making {TRAINING_ROWS + HELD_OUT_ROWS} flights")
    columns, labels = make_data()
    training, held_out = slice(0, TRAINING_ROWS), slice(TRAINING_ROWS, None)

    classifier = XGBClassifier(
        max_depth=4, objective="binary:logistic", eval_metric="logloss", use_label_encoder=False,
        tree_method="exact", n_jobs=1, random_state=SEED,
    )  # fmt: skip
    tell(f"searching {GRID}")
    model = GridSearchCV(classifier, GRID, cv=3, scoring="accuracy").fit(columns[training], labels[training])
    report(model, columns[held_out], labels[held_out])
    forget_timings(model)

    joblib.dump(model, out / "XGBoost-model.joblib")
    tell(f"wrote {out / 'XGBoost-model.joblib'}")


if __name__ == "__main__":
    main()
