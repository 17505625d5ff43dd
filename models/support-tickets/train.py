"""Trains the support-tickets bundle: text, categories and numbers in one Pipeline that wants named columns."""

from __future__ import annotations

import argparse
import pickle
import sys
from pathlib import Path
from typing import Any, Tuple

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from synthetic import tickets

SEED = 313
TRAINING_ROWS, HELD_OUT_ROWS = 4000, 1000
CATEGORIES = ["channel", "plan"]
NUMBERS = ["hours_waiting", "earlier_tickets", "order_value"]


def tell(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def as_number(value: Any) -> float:
    if value is None:
        return np.nan
    return float(value.replace("$", "").replace(",", "")) if isinstance(value, str) else float(value)


def make_data() -> Tuple[pd.DataFrame, np.ndarray]:
    labelled = list(tickets.labelled_rows(SEED, TRAINING_ROWS + HELD_OUT_ROWS))
    rows = pd.DataFrame([row for row, _ in labelled])
    for name in NUMBERS:
        rows[name] = rows[name].map(as_number).astype(float)
    # Plain object columns, as they will be when the model is served.
    rows = rows.astype(dict.fromkeys(["message", *CATEGORIES], object))
    return rows, np.array([team for _, team in labelled])


def make_model() -> Pipeline:
    columns = ColumnTransformer(
        [
            ("words", TfidfVectorizer(ngram_range=(1, 2), min_df=3, sublinear_tf=True), "message"),
            ("kinds", OneHotEncoder(handle_unknown="ignore"), CATEGORIES),
            ("amounts", make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), NUMBERS),
        ]
    )
    return Pipeline([("columns", columns), ("team", LogisticRegression(C=2.0, max_iter=1000, random_state=SEED))])


def report(model: Pipeline, rows: pd.DataFrame, teams: np.ndarray) -> None:
    surest = model.predict_proba(rows).max(axis=1)
    shares = {str(team): round(float(np.mean(teams == team)), 3) for team in model.classes_}
    spread = np.percentile(surest, [5, 50, 95]).round(3)
    tell(f"held out: accuracy {model.score(rows, teams):.3f}, teams {shares}, surest {spread}")


def forget_addresses(model: Pipeline) -> None:
    """The vectorizer keeps where in memory its stop words lay; without it two trainings write the same bytes."""
    del model.named_steps["columns"].named_transformers_["words"]._stop_words_id


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=HERE, help="where the artifact goes (default: beside this file)")
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)

    tell(f"making {TRAINING_ROWS + HELD_OUT_ROWS} tickets")
    rows, teams = make_data()
    tell(f"fitting {TRAINING_ROWS} tickets")
    model = make_model().fit(rows[:TRAINING_ROWS], teams[:TRAINING_ROWS])
    report(model, rows[TRAINING_ROWS:], teams[TRAINING_ROWS:])
    forget_addresses(model)

    (out / "model.pkl").write_bytes(pickle.dumps(model, protocol=5))
    tell(f"wrote {out / 'model.pkl'}")


if __name__ == "__main__":
    main()
