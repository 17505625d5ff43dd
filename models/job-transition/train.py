"""Trains the job-transition bundle: one Pipeline over 3,000 columns that the pickle has no names for."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Tuple

import dill
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from synthetic import candidates

SEED = 10124
TRAINING_ROWS, HELD_OUT_ROWS = 1600, 400


def tell(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def make_data() -> Tuple[np.ndarray, np.ndarray]:
    """A bare array: that its columns are candidates.NAMES, in that order, stands in model.yaml alone."""
    rows, labels = zip(*candidates.labelled_rows(SEED, TRAINING_ROWS + HELD_OUT_ROWS))
    return np.array([[row[name] for name in candidates.NAMES] for row in rows]), np.array(labels, dtype=bool)


def report(model: Pipeline, features: np.ndarray, labels: np.ndarray) -> None:
    accuracy = np.mean(model.predict(features) == labels)
    spread = np.percentile(model.predict_proba(features)[:, 1], [5, 50, 95]).round(3)
    tell(f"held out: accuracy {accuracy:.3f}, positives {np.mean(labels):.1%}, probabilities {spread}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=HERE, help="where the artifact goes (default: beside this file)")
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)

    tell(f"making {TRAINING_ROWS + HELD_OUT_ROWS} candidates")
    features, labels = make_data()

    tell(f"fitting {features.shape[1]} columns")
    # Twice as many columns as candidates: without strong regularisation every probability would be 0 or 1.
    model = Pipeline(
        [("scaler", StandardScaler()), ("classifier", LogisticRegression(C=0.002, max_iter=500, random_state=SEED))]
    ).fit(features[:TRAINING_ROWS], labels[:TRAINING_ROWS])
    report(model, features[TRAINING_ROWS:], labels[TRAINING_ROWS:])

    (out / "model.pkl").write_bytes(dill.dumps(model))
    tell(f"wrote {out / 'model.pkl'}")


if __name__ == "__main__":
    main()
