"""Trains the classification bundle: imputer, scaler, and a logit on the 25 columns that an L1 fit likes best."""

from __future__ import annotations

import argparse
import pickle
import sys
from pathlib import Path
from typing import Any, List, Tuple

import numpy as np
import pandas as pd
import statsmodels.api as sm
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from synthetic import tabular

SEED = 1303
TRAINING_ROWS, HELD_OUT_ROWS = 8000, 2000
SELECTED = 25


def tell(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def as_number(value: Any) -> float:
    """Money in brackets is negative; of a percentage only the sign goes; null, "" and "nan" are missing."""
    if value is None or value in ("", "nan"):
        return np.nan
    if not isinstance(value, str):
        return float(value)
    bare = value.replace("$", "").replace(",", "").replace("%", "")
    return -float(bare.strip("()")) if bare.startswith("(") else float(bare)


def make_data() -> Tuple[np.ndarray, pd.DataFrame, np.ndarray]:
    labelled = list(tabular.labelled_rows("classification", SEED, TRAINING_ROWS + HELD_OUT_ROWS))
    rows = pd.DataFrame([row for row, _ in labelled])
    numbers = rows[tabular.NUMBERS].applymap(as_number).to_numpy(dtype=float)
    return numbers, rows[list(tabular.CATEGORIES)], np.array([label for _, label in labelled], dtype=int)


def one_hot(categories: pd.DataFrame) -> pd.DataFrame:
    columns = {
        f"{name}_{value}": (categories[name] == value).astype(float)
        for name, values in tabular.CATEGORIES.items()
        for value in values
    }
    return pd.DataFrame(columns)


def select(features: pd.DataFrame, labels: np.ndarray) -> List[str]:
    sparse = LogisticRegression(penalty="l1", C=0.5, solver="liblinear", random_state=SEED).fit(features, labels)
    strongest = np.argsort(-np.abs(sparse.coef_[0]), kind="stable")[:SELECTED]
    return [str(name) for name in features.columns[sorted(strongest)]]


def report(model: Any, features: pd.DataFrame, labels: np.ndarray) -> None:
    probabilities = np.asarray(model.predict(features))
    accuracy = np.mean((probabilities >= 0.5) == labels)
    spread = np.percentile(probabilities, [5, 50, 95]).round(3)
    tell(f"held out: accuracy {accuracy:.3f}, positives {np.mean(labels):.1%}, probabilities {spread}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=HERE, help="where the artifacts go (default: beside this file)")
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)

    tell(f"making {TRAINING_ROWS + HELD_OUT_ROWS} rows")
    numbers, categories, labels = make_data()
    training = slice(0, TRAINING_ROWS)
    imputer = SimpleImputer(strategy="mean").fit(numbers[training])
    scaler = StandardScaler().fit(imputer.transform(numbers[training]))
    scaled = pd.DataFrame(scaler.transform(imputer.transform(numbers)), columns=tabular.NUMBERS)
    features = pd.concat([scaled, one_hot(categories)], axis=1)

    tell(f"selecting {SELECTED} of {features.shape[1]} columns")
    variables = select(features[training], labels[training])
    model = sm.Logit(labels[training], features[variables][training]).fit(disp=0)
    report(model, features[variables][TRAINING_ROWS:], labels[TRAINING_ROWS:])

    model.remove_data()
    weights = {
        "variables": variables,
        "model_weights": model,
        "imputer_file": "imputer.pkl",
        "scaler_file": "scaler.pkl",
    }
    for name, artifact in (("imputer.pkl", imputer), ("scaler.pkl", scaler), ("model.pkl", weights)):
        (out / name).write_bytes(pickle.dumps(artifact, protocol=4))
        tell(f"wrote {out / name}")


if __name__ == "__main__":
    main()
