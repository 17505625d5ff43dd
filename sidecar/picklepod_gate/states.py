"""What stands in a state and is called or evaluated later, when the model answers: README.md, "States"."""

from __future__ import annotations

from typing import Any

from .formula import is_plain_formula
from .machine import Machine, shown
from .methods import check_methods_of
from .things import ENTRIES_KEPT, Dict, Global, Instance, List, Partial, Tuple

# scikit-learn looks these up by getattr, and calls what it finds with the rows.
METHOD_KEYS = (
    *("stack_method_", "stack_method", "response_method", "_response_method"),
    *("chain_method_", "chain_method"),
)
METHODS = (
    *("auto", "predict", "predict_proba", "predict_log_proba", "decision_function"),
    *("transform", "score", "score_samples"),
)
VECTORIZERS = "sklearn.feature_extraction.text."
SELECTORS = "sklearn.feature_selection."
EVALUATED_BY = ("statsmodels", "patsy")
PARTS = ("model", "_results", "data")
DICTS = ("dict", "defaultdict")


def is_dict_heir(thing: Any) -> bool:
    """Python takes it for a dict of attributes, and nobody looked at its keys."""
    return thing.__class__ is Instance and thing.rule in DICTS


def check_dicts(m: Machine, target: Instance, dicts: list[Dict]) -> None:
    """What its dicts say is checked now, and so must stay."""
    for entries in dicts:
        m.walk(entries.size)
        entries.closed = True
        if entries.odd_key is not None:
            m.danger("build", f"The state of {target.of} has {entries.odd_key}: that replaces what it does.", target.of)
        check_methods_of(m, target, entries)
    if target.rule not in ("own", "distribution"):
        check_state(m, target, dicts)


def check_state(m: Machine, target: Instance, dicts: list[Dict]) -> None:
    package = target.of.split(".")[0]
    for entries in dicts:
        check_methods(m, target, entries)
        if target.of.startswith(SELECTORS) and not is_getter(entries.entries.get("importance_getter")):
            m.danger("build", f"{target.of} would look up whatever its importance_getter names.", target.of)
        if entries.design:
            m.danger("formula", f"statsmodels would evaluate the design that {target.of} has as a formula.", target.of)
        if target.of.startswith(VECTORIZERS) and entries.entries.get("input", "content") != "content":
            m.danger("build", f"{target.of} would open files that whoever asks it names (input).", target.of)
        if package in EVALUATED_BY:
            check_evaluated(m, target, entries)


def check_methods(m: Machine, target: Instance, entries: Dict) -> None:
    for key in METHOD_KEYS:
        named = entries.entries.get(key)
        if named.__class__ is List:
            named.closed = True
        if not is_method(named) and not are_methods(named):
            m.danger("build", f"{target.of} would call whatever its {key} names.", target.of)


def is_method(named: Any) -> bool:
    return named is None or (named.__class__ is str and named in METHODS)


def are_methods(named: Any) -> bool:
    whole = named.__class__ in (List, Tuple) and len(named.items) <= ENTRIES_KEPT
    return whole and (named.__class__ is Tuple or named.size == len(named.items)) and all(map(is_method, named.items))


def is_getter(found: Any) -> bool:
    """A path of plain attributes, for operator.attrgetter; or a function that computes."""
    if found.__class__ is str:
        return all(part and not part.startswith("_") for part in found.split("."))
    own = found.__class__ is Instance and (found.foreign or found.rule == "own")
    return found is None or found.__class__ in (Global, Partial) or own


def check_evaluated(m: Machine, target: Instance, entries: Dict) -> None:
    formula = entries.entries.get("formula")
    if formula is not None and not (formula.__class__ is str and is_plain_formula(formula)):
        text = shown(formula)[:80] if formula.__class__ is str else "that is no text"
        m.danger("formula", f"Loading {target.of} evaluates the formula {text}, which is more than names.", target.of)
    for key in PARTS:
        part = entries.entries.get(key)
        if part.__class__ is Instance and not is_part(part):
            m.danger("formula", f"{target.of} has a {key} that is a {part.of}: it could hold any formula.", target.of)


def is_part(part: Instance) -> bool:
    """Others could have an attribute, a column or a row of the name that is evaluated."""
    ours = part.of.split(".")[0] in EVALUATED_BY and part.rule == ""
    return part.foreign or part.rule == "own" or ours
