"""What artifacts are once they are loaded: which methods they really have, and in which form a chain of them runs."""

from __future__ import annotations

import copy
import warnings
from pathlib import Path
from typing import Any, Dict, List

from . import exact_json, rows
from .bundle import Bundle
from .fault import Distrusted, Fault
from .single_thread import estimators
from .steps import run
from .table import Table

METHODS = ("predict", "predict_proba", "decision_function", "transform")
MOST_WORDS = 200
MOST_CLASSES = 1000


def describe(folder: Path, request: Path, out: Path) -> None:
    asked = exact_json.read(request)
    drafts: Dict[str, Any] = asked["drafts"]
    try:
        bundle = Bundle(next(iter(drafts.values())), folder, folder)
    except Fault as fault:
        code = "distrusted" if isinstance(fault, Distrusted) else "not-here"
        exact_json.write(out, {"unloadable": {"code": code, "why": str(fault)}, "places": [], "tried": {}})
        return
    places = [described(bundle, place) for place in asked["places"]]
    tried = {name: attempt(bundle, draft, asked["columns"]) for name, draft in drafts.items()}
    exact_json.write(out, {"places": places, "tried": tried})


def described(bundle: Bundle, place: Dict[str, Any]) -> Dict[str, Any]:
    artifact = bundle.artifact(place)
    return {
        **place,
        "class": f"{type(artifact).__module__}.{type(artifact).__qualname__}",
        "methods": [method for method in METHODS if has(artifact, method)],
        "width": width(artifact),
        "names": texts(attribute(artifact, "feature_names_in_")),
        "classes": classes(artifact),
        "words": words(artifact),
    }


def attribute(artifact: Any, name: str) -> Any:
    """A property may raise anything where its estimator cannot say."""
    try:
        return getattr(artifact, name, None)
    except Exception:
        return None


def has(artifact: Any, method: str) -> bool:
    return callable(attribute(artifact, method))


def width(artifact: Any) -> Any:
    """Before scikit-learn 0.24 only some estimators kept it, each under a name of its own."""
    for name in ("n_features_in_", "n_features_"):
        try:
            return int(attribute(artifact, name))
        except (TypeError, ValueError):
            continue
    shape = getattr(attribute(artifact, "coef_"), "shape", ())
    return int(shape[-1]) if shape else None


def texts(value: Any) -> Any:
    return None if value is None else [str(name) for name in value]


def classes(artifact: Any) -> Any:
    values = attribute(artifact, "classes_")
    if not hasattr(values, "tolist") or getattr(values, "ndim", 0) != 1 or len(values) > MOST_CLASSES:
        return None
    return [value if isinstance(value, (bool, int, float, str)) else str(value) for value in values.tolist()]


def words(artifact: Any) -> List[str]:
    """Some of what a vectorizer knows, evenly out of all of it."""
    for estimator in estimators(artifact):
        vocabulary = attribute(estimator, "vocabulary_")
        if isinstance(vocabulary, dict):
            known = sorted(word for word in vocabulary if isinstance(word, str) and word.strip())
            return known[:: max(1, len(known) // MOST_WORDS)][:MOST_WORDS]
    return []


def attempt(bundle: Bundle, draft: Dict[str, Any], columns: Dict[str, Any]) -> Dict[str, Any]:
    """Every step with a few rows: what comes out, or why nothing does."""
    own = copy.copy(bundle)
    own.steps, own.inputs, own.notes = draft["steps"], draft["inputs"], []
    table = Table(rows.from_json(columns, own.inputs), own.inputs)
    return {step["output"]: outcome(own, step, table) for step in own.steps}


def outcome(bundle: Bundle, step: Dict[str, Any], table: Table) -> Dict[str, Any]:
    if step["kind"] in METHODS and not has(bundle.artifact(step["artifact"]), step["kind"]):
        return {"absent": True}
    if step.get("from", step["output"]) not in {*table.outputs, step["output"]}:
        return {"error": f"the step {step['from']} made nothing"}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what matters of them is an error when the artifacts are pinned
            value = run(bundle, step, table, lambda output, call, count: "any")
        table.add(step["output"], value)
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}
    shape = [int(size) for size in value.data.shape]
    return {"shape": shape, "columns": value.columns, "datatype": str(value.data.dtype)}
