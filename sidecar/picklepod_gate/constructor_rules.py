"""The rules of honest.txt for constructors: the arguments that honest pickles hand them, as README.md says them."""

from __future__ import annotations

import re
from typing import Any
from typing import Dict as Mapping

from . import numpy_rules
from .arrays import REFERENCE
from .class_rules import encode, spend_range, with_any
from .demands import CONTAINERS, Items, Rule, demand, free, has_kind, is_class, is_text
from .machine import Machine
from .methods import method
from .partials import partial
from .states import check_dicts, is_dict_heir
from .things import Array, Dict, Global, Instance, List, Tuple

# By a class's rule: what it is an heir of. The heirs of tuple are named tuples.
BASES: Mapping[str, Items] = {
    "dict": ("dict",),
    "defaultdict": ("dict",),
    "list": ("list",),
    "items": ("set", "frozenset", "tuple"),
    "any": ("tuple",),
}


ZONE = re.compile(r"[A-Za-z0-9_+\-]{1,40}(/[A-Za-z0-9_+\-]{1,40}){0,3}", re.ASCII)
# What Python makes by their own functions alone.
NEVER_OF_OBJECT = ("dtype", "bytes", "bytearray", "items", "fraction")


def reconstructor(m: Machine, callee: Global, items: Items) -> Any:
    demand(len(items) == 3 and is_class(items[0]) and items[1].__class__ is Global, "what is no honest class")
    made, base, state = items
    rule = made.kinds["class"]
    demand(base.module in ("builtins", "__builtin__"), f"the base {base.text}")
    if base.name == "object":
        demand(state is None and rule not in NEVER_OF_OBJECT, "a state for object, or what is none")
    else:
        demand(base.name in BASES.get(rule, ()) or rule == "own", "a base that is not its own")
        demand(has_kind(state, *CONTAINERS))
        free(m, (state,))
    return Instance(made.text, rule)


def package_of(found: Global) -> str:
    return found.module.split(".")[0]


def pyx(m: Machine, callee: Global, items: Items) -> Any:
    """Cython sets the fields of an instance by the tuple, and its attributes by a dict in that."""
    demand(len(items) == 3 and is_class(items[0]), "what is no honest class")
    made, checksum, state = items
    demand(package_of(made) == package_of(callee), f"a class of {made.module}")
    demand(checksum.__class__ is int and (state is None or has_kind(state, Tuple)))
    free(m, items[2:])
    instance = Instance(made.text, made.kinds["class"], any_state=True)
    if state is not None:
        m.walk(len(state.items))
        check_dicts(m, instance, [item for item in state.items if item.__class__ is Dict])
        demand(not any(map(is_dict_heir, state.items)), "a dict of another kind than dict")
    return instance


def new(m: Machine, callee: Global, items: Items) -> Any:
    """The trees and distances of scikit-learn, each by the function of its own module."""
    demand(len(items) == 1 and is_class(items[0]), "what is no honest class")
    demand(items[0].module == callee.module and items[0].kinds["class"] == "any", f"the class {items[0].text}")
    return Instance(items[0].text, "any")


def index(m: Machine, callee: Global, items: Items) -> Any:
    demand(
        len(items) == 2 and is_class(items[0]) and package_of(items[0]) == "pandas" and items[0].name.endswith("Index"),
        "what is no index of pandas",
    )
    demand(has_kind(items[1], Dict) and items[1].odd_key is None, "odd keywords")
    for item in items[1].entries.values():
        spend_data(m, item)
    return Instance(items[0].text, items[0].kinds["class"])


def spend_data(m: Machine, item: Any) -> None:
    """pandas copies what it must convert."""
    if item.__class__ is Array:
        m.spend(item.count * REFERENCE)
    elif item.__class__ is List:
        m.spend(item.size * REFERENCE)
    else:
        spend_range(m, item)


def complete(m: Machine, callee: Global, items: Items) -> Any:
    """What has no state of its own, or is one for all, as NaT and UTC are."""
    free(m, items)
    return Instance(callee.text, "complete")


def zone(m: Machine, callee: Global, items: Items) -> Any:
    """pytz opens the file of that name below its own folder."""
    demand(len(items) in (1, 4) and is_text(items[0]) and ZONE.fullmatch(items[0]), "what is no name of a zone")
    demand(all(item.__class__ is int for item in items[1:3]) and all(map(is_text, items[3:])))
    return Instance(callee.text, "complete")


CONSTRUCTORS: Mapping[str, Rule] = {
    **numpy_rules.CONSTRUCTORS,
    "any": with_any,
    "encode": encode,
    "reconstructor": reconstructor,
    "method": method,
    "pyx": pyx,
    "new": new,
    "index": index,
    "complete": complete,
    "zone": zone,
    "partial": partial,
}
