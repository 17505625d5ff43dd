"""The rules of honest.txt for constructors: the arguments that honest pickles hand them, as README.md says them."""

from __future__ import annotations

from typing import Any
from typing import Dict as Mapping

from . import numpy_rules
from .class_rules import encode, with_any
from .demands import CONTAINERS, Items, Rule, demand, free, has_kind, is_class
from .machine import Machine
from .partials import partial
from .things import Dict, Global, Instance, Tuple

# By a class's rule: what it is an heir of. The heirs of tuple are named tuples.
BASES: Mapping[str, Items] = {
    "dict": ("dict",),
    "defaultdict": ("dict",),
    "list": ("list",),
    "items": ("set", "frozenset", "tuple"),
    "any": ("tuple",),
}

# What these keep as attributes are methods of their own.
DISTRIBUTION_METHODS = ("_entropy",)
COUNTS = "statsmodels.discrete.count_model."
COUNT_METHODS = ("_hessian_logit", "_hessian_probit")


def reconstructor(m: Machine, callee: Global, items: Items) -> Any:
    demand(len(items) == 3 and is_class(items[0]) and items[1].__class__ is Global, "what is no honest class")
    made, base, state = items
    rule = made.kinds["class"]
    demand(base.module in ("builtins", "__builtin__"), f"the base {base.text}")
    if base.name == "object":
        demand(state is None, "a state for object")
    else:
        demand(base.name in BASES.get(rule, ()) or rule == "own", "a base that is not its own")
        demand(has_kind(state, *CONTAINERS))
        free(m, (state,))
    return Instance(made.text, rule)


def method(m: Machine, callee: Global, items: Items) -> Any:
    demand(len(items) == 2 and items[0].__class__ is Instance, "something")
    counts = items[0].rule == "" and items[0].of.startswith(COUNTS)
    allowed = COUNT_METHODS if counts else DISTRIBUTION_METHODS if items[0].rule == "distribution" else ()
    demand(items[1].__class__ is str and items[1] in allowed, "the name of another method")
    return Instance("builtins.getattr", None)


def pyx(m: Machine, callee: Global, items: Items) -> Any:
    demand(len(items) == 3 and is_class(items[0]), "what is no honest class")
    demand(items[1].__class__ is int and (items[2] is None or has_kind(items[2], Tuple)))
    free(m, items[2:])
    return Instance(items[0].text, None)


def new(m: Machine, callee: Global, items: Items) -> Any:
    demand(len(items) == 1 and is_class(items[0]), "what is no honest class")
    package = callee.module.rpartition(".")[0]
    demand(items[0].module.rpartition(".")[0] == package, f"a class of {items[0].module}")
    return Instance(items[0].text, None)


def index(m: Machine, callee: Global, items: Items) -> Any:
    demand(
        len(items) == 2 and is_class(items[0]) and items[0].module.split(".")[0] == "pandas",
        "what is no class of pandas",
    )
    demand(has_kind(items[1], Dict) and items[1].odd_key is None, "odd keywords")
    return Instance(items[0].text, None)


CONSTRUCTORS: Mapping[str, Rule] = {
    **numpy_rules.CONSTRUCTORS,
    "any": with_any,
    "encode": encode,
    "reconstructor": reconstructor,
    "method": method,
    "pyx": pyx,
    "new": new,
    "index": index,
    "partial": partial,
}
