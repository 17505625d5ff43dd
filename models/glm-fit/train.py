"""Trains the glm-fit bundle: a statsmodels logit on 25 columns made of ten fields, as they come."""

from __future__ import annotations

import argparse
import pickle
import sys
from pathlib import Path
from typing import Any, Tuple

import numpy as np
import pandas as pd
import statsmodels.api as sm

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from synthetic import tabular

SEED = 75
TRAINING_ROWS, HELD_OUT_ROWS = 6000, 2000
NUMBERS = ["x91", "x53", "x44", "x12", "x62", "x58", "x56"]
# The values that have a column; a row of any other value has zeros in all of them.
VALUES = {
    "x5": ["monday", "tuesday", "saturday", "sunday"],
    "x31": ["asia", "germany", "japan"],
    "x81": [month for month in tabular.MONTHS if month != "April"],
}


def tell(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def as_number(value: Any) -> float:
    """Money in brackets is negative; of a percentage only the sign goes."""
    if not isinstance(value, str):
        return float(value)
    bare = value.replace("$", "").replace(",", "").replace("%", "")
    return -float(bare.strip("()")) if bare.startswith("(") else float(bare)


def make_data() -> Tuple[pd.DataFrame, np.ndarray]:
    labelled = list(tabular.labelled_rows("glm-fit", SEED, TRAINING_ROWS + HELD_OUT_ROWS))
    rows = pd.DataFrame([row for row, _ in labelled])
    columns = {
        f"{name}_{value}": (rows[name] == value).astype(float) for name, values in VALUES.items() for value in values
    }
    columns.update({name: rows[name].map(as_number) for name in NUMBERS})
    return pd.DataFrame(columns), np.array([label for _, label in labelled], dtype=int)


def report(model: Any, features: pd.DataFrame, labels: np.ndarray) -> None:
    probabilities = np.asarray(model.predict(features))
    accuracy = np.mean((probabilities >= 0.5) == labels)
    spread = np.percentile(probabilities, [5, 50, 95]).round(3)
    tell(f"held out: accuracy {accuracy:.3f}, positives {np.mean(labels):.1%}, probabilities {spread}")
    tell(f"events (phat > 0.75) {np.mean(probabilities > 0.75):.1%}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=HERE, help="where the artifacts go (default: beside this file)")
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)

    tell(f"making {TRAINING_ROWS + HELD_OUT_ROWS} rows")
    features, labels = make_data()

    tell(f"fitting {features.shape[1]} columns")
    final_fit = sm.Logit(labels[:TRAINING_ROWS], features[:TRAINING_ROWS]).fit(disp=0)
    report(final_fit, features[TRAINING_ROWS:], labels[TRAINING_ROWS:])

    final_fit.remove_data()
    for name, artifact in (("final_fit.pkl", final_fit), ("variables.pickle", list(features.columns))):
        (out / name).write_bytes(pickle.dumps(artifact, protocol=5))
        tell(f"wrote {out / name}")


if __name__ == "__main__":
    main()
