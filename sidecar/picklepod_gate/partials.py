"""functools.partial: around a function that only computes, with plain data, and around no other afterwards."""

from __future__ import annotations

from typing import Any

from .demands import Items, Unlike, demand
from .machine import Machine
from .things import ENTRIES_KEPT, PLAIN, Dict, Global, List, Partial, Tuple

# scikit-learn's own partials hold dtype=[np.float64].
TYPES = frozenset(
    f"{home}.{name}"
    for home, names in {
        "numpy": "float32 float64 int32 int64 object_ bool_",
        "builtins": "float int object str bool",
        "__builtin__": "float int object str bool",
    }.items()
    for name in names.split()
)


def partial(m: Machine, callee: Global, items: Items) -> Any:
    demand(len(items) == 1 and may_be_wrapped(items[0]), "a function that it may not wrap")
    return Partial(items[0])


def may_be_wrapped(thing: Any) -> bool:
    return thing.__class__ is Global and thing.fault is None and thing.kinds.get("value") == "wrapped"


def build_partial(m: Machine, target: Partial, state: Any) -> None:
    if target.built:
        m.danger("build", "It changes a partial function that is complete.", "functools.partial")
        return
    target.built = True
    try:
        demand_plain_state(target, state)
    except Unlike as unlike:
        m.danger("build", f"The state of a partial function has {unlike}.", "functools.partial")


def demand_plain_state(target: Partial, state: Any) -> None:
    demand(state.__class__ is Tuple and len(state.items) == 4, "another form than Python writes")
    function, arguments, keywords, attributes = state.items
    same = function.__class__ is Global and function.text == target.function.text
    demand(same, "another function than it was made of")
    few = arguments.__class__ is Tuple and len(arguments.items) <= ENTRIES_KEPT
    demand(few and all(map(is_plain, arguments.items)), "arguments that are no plain data")
    demand(attributes is None or (attributes.__class__ is Dict and not attributes.size), "attributes of its own")
    for entries in (keywords, attributes):
        if entries is not None:
            demand(entries.__class__ is Dict and entries.odd_key is None, "keywords that are no names")
            demand(entries.size == len(entries.entries) <= ENTRIES_KEPT, "more keywords than any function takes")
            demand(all(map(is_plain, entries.entries.values())), "keywords that are no plain data")
            entries.closed = True


def is_plain(thing: Any) -> bool:
    if thing.__class__ is List:
        thing.closed = True
        return thing.size == len(thing.items) and all(map(is_single, thing.items))
    return is_single(thing) or (thing.__class__ is Tuple and are_single(thing.items))


def are_single(items: Items) -> bool:
    return len(items) <= ENTRIES_KEPT and all(map(is_single, items))


def is_single(thing: Any) -> bool:
    return thing.__class__ in PLAIN or (thing.__class__ is Global and thing.fault is None and thing.text in TYPES)
