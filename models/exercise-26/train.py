"""Trains the exercise-26 bundle when it first starts: split, impute, scale, select, fit, and find the cut-off."""

from __future__ import annotations

import argparse
import json
import pickle
import sys
from pathlib import Path
from typing import Any, List, Optional

import numpy as np
import pandas as pd
import statsmodels.api as sm
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from synthetic import tabular

SEED = 26
ROWS, SELECTED, CUTOFF_PERCENTILE, PROOF_ROWS = 8000, 25, 75, 128


def tell(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def read_data(path: Optional[Path]) -> pd.DataFrame:
    if path is not None:
        return pd.read_csv(path)
    labelled = tabular.labelled_rows("exercise-26", SEED, ROWS)
    return pd.DataFrame([{**row, "y": int(label)} for row, label in labelled], columns=[*tabular.NAMES, "y"])


def as_number(value: Any) -> float:
    """Money in brackets is negative; of a percentage only the sign goes; null, "" and "nan" are missing."""
    if value is None or value in ("", "nan"):
        return np.nan
    if not isinstance(value, str):
        return float(value)
    bare = value.replace("$", "").replace(",", "").replace("%", "")
    return -float(bare.strip("()")) if bare.startswith("(") else float(bare)


def one_hot(rows: pd.DataFrame) -> pd.DataFrame:
    columns = {
        f"{name}_{value}": (rows[name] == value).astype(float)
        for name, values in tabular.CATEGORIES.items()
        for value in values
    }
    return pd.DataFrame(columns)


def select(features: pd.DataFrame, labels: pd.Series) -> List[str]:
    sparse = LogisticRegression(penalty="l1", C=0.5, solver="liblinear", random_state=SEED).fit(features, labels)
    strongest = np.argsort(-np.abs(sparse.coef_[0]), kind="stable")[:SELECTED]
    return [str(name) for name in features.columns[sorted(strongest)]]


def proof_columns(numbers: np.ndarray) -> dict:
    """Rows that the fit has not seen; their categories go through every value, and none (-1)."""
    shown = [[None if np.isnan(value) else value for value in row] for row in numbers[:PROOF_ROWS].tolist()]
    sizes = [len(values) for values in tabular.CATEGORIES.values()]
    codes = [[index % (size + 1) - 1 for size in sizes] for index in range(len(shown))]
    return {"numbers": shown, "codes": codes, "texts": []}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=HERE / "trained", help="where the artifacts go (default: trained/)")
    parser.add_argument("--data", type=Path, help="a CSV of x0 to x99 and y (default: synthetic rows)")
    options = parser.parse_args()
    out: Path = options.out
    out.mkdir(parents=True, exist_ok=True)

    tell("1/5 reading {}".format(options.data or f"{ROWS} synthetic rows"))
    data = read_data(options.data)
    training, held_out = train_test_split(data, test_size=0.1, random_state=SEED)

    tell(f"2/5 imputing and scaling {len(training)} rows")
    numbers = training[tabular.NUMBERS].applymap(as_number).to_numpy(dtype=float)
    imputer = SimpleImputer(strategy="mean").fit(numbers)
    scaler = StandardScaler().fit(imputer.transform(numbers))
    scaled = pd.DataFrame(scaler.transform(imputer.transform(numbers)), training.index, tabular.NUMBERS)
    features = pd.concat([scaled, one_hot(training)], axis=1)

    tell(f"3/5 selecting {SELECTED} of {features.shape[1]} columns")
    variables = select(features, training["y"])

    tell("4/5 fitting")
    result = sm.Logit(training["y"], features[variables]).fit(disp=0)
    probabilities = np.asarray(result.predict(features[variables]))
    cutoff = float(np.percentile(probabilities, CUTOFF_PERCENTILE))
    accuracy = np.mean((probabilities >= 0.5) == training["y"])
    tell(f"training rows: accuracy {accuracy:.3f}, positives {training['y'].mean():.1%}, cut-off {cutoff!r}")
    result.remove_data()

    tell(f"5/5 writing {out}")
    model = {"result": result, "variables": variables, "cutoff": cutoff}
    for name, artifact in (("imputer.pkl", imputer), ("scaler.pkl", scaler), ("model.pkl", model)):
        (out / name).write_bytes(pickle.dumps(artifact, protocol=4))
    unseen = held_out[tabular.NUMBERS].applymap(as_number).to_numpy(dtype=float)
    (out / "columns.json").write_text(json.dumps(proof_columns(unseen)))


if __name__ == "__main__":
    main()
