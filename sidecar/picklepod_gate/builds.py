"""What BUILD may do: set the state of an instance, never that of a function, a class or a module."""

from __future__ import annotations

from typing import Any

from .arrays import build_array, count_of, step_over
from .dtypes import build_dtype
from .formula import is_argument_parser
from .machine import Machine, shown
from .partials import build_partial
from .states import check_dicts, is_dict_heir
from .things import Array, Dict, Dtype, Global, Instance, List, Partial, Set, Tuple

# Numbers, texts, sets, and what is one for all: no pickle sets a state of theirs.
SEALED = ("items", "fraction", "complete")
# Python hands the second dict of a pair to setattr, and so to whatever properties the class has. These have slots.
SLOTTED = ("scipy.interpolate.", "sklearn.utils._tags.")


def build(m: Machine) -> bool:
    """True: the bytes of an array of objects follow, a pickle of their own."""
    state = m.stack.pop()
    target = m.stack[-1]
    kind = target.__class__
    if kind is Instance and target.rule == "wrapper":
        nested = step_over(m, state)
        m.stack[-1] = Array(built=True, count=count_of(state.entries["shape"]))
        return nested
    if kind is Array:
        m.hold(target, (state,))
        build_array(m, target, state)
    elif kind is Dtype:
        m.hold(target, (state,))
        build_dtype(m, target, state)
    elif kind is Partial:
        m.hold(target, (state,))
        build_partial(m, target, state)
    elif kind is Instance:
        build_instance(m, target, state)
    elif not (kind is Global and target.fault is not None):
        m.danger("build", f"It sets attributes of {named(target)}: that could put anything in its place.")
    return False


def build_instance(m: Machine, target: Instance, state: Any) -> None:
    m.hold(target, (state,))
    if target.foreign:
        return
    dicts = None if target.rule in SEALED else dicts_of(m, target, state)
    if dicts is None or (target.rule != "own" and sets_slots(target, state)):
        m.danger("build", f"The state of {target.of} is of a kind that no library pickles.", target.of)
        return
    check_dicts(m, target, dicts)
    if target.rule == "distribution":
        check_distribution(m, target, state)


def dicts_of(m: Machine, target: Instance, state: Any) -> list[Dict] | None:
    if state.__class__ is Dict:
        return [state]
    if state.__class__ is Tuple:
        m.walk(len(state.items))
        dicts = [item for item in state.items if item.__class__ is Dict]
        pair = len(state.items) == 2 and all(item is None or item.__class__ is Dict for item in state.items)
        old = target.rule == "distribution" and len(state.items) == 2
        return dicts if pair or old or (target.any_state and not has_dict_heir(state)) else None
    plain = state.__class__ not in (Instance, Global, Set) and target.any_state
    return [] if plain else None


def sets_slots(target: Instance, state: Any) -> bool:
    if state.__class__ is not Tuple or len(state.items) != 2 or target.of.startswith(SLOTTED):
        return False
    second = state.items[1]
    return second.__class__ is Dict and bool(second.size)


def has_dict_heir(state: Tuple) -> bool:
    """Python sets attributes by a pair's second dict, also by an OrderedDict."""
    return len(state.items) == 2 and any(map(is_dict_heir, state.items))


def check_distribution(m: Machine, target: Instance, state: Any) -> None:
    """scipy runs exec on _parse_arg_template; and takes a tuple of pairs for a dict."""
    if state.__class__ is Tuple:
        first = state.items[0] if state.items else None
        if not (first.__class__ is Dict and len(first.entries) > 2):
            m.danger("build", f"The state of {target.of} is of a kind that no library pickles.", target.of)
            return
        state = first
    template = state.entries.get("_parse_arg_template")
    if template is not None and not (template.__class__ is str and is_argument_parser(template)):
        m.danger("formula", f"{target.of} would run the Python code {shown(str(template))[:80]}.", target.of)


def named(target: Any) -> str:
    if target.__class__ is Global:
        return shown(target.text)
    return "a list" if target.__class__ is List else "what is no instance of an honest class"
