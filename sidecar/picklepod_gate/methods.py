"""The methods of their own that scipy's distributions and statsmodels' counts keep, and pickle as a call of getattr.

Of such a call only the name of what it gives is known: where the state of the same object had something else under that
name, it would be that, of any class, and its own state would go unchecked. So no state may have one of these names, and
what getattr gives is a kind of its own, which nothing may build or call, and which stays only where libraries keep it.
"""

from __future__ import annotations

from typing import Any

from .demands import Items, demand
from .machine import Machine
from .things import Dict, Global, Instance, Method

ENTROPY = ("_entropy",)
HESSIANS = ("_hessian_logit", "_hessian_probit")
COUNTS = frozenset(
    f"statsmodels.discrete.count_model.{name}"
    for name in (
        *("GenericZeroInflated", "ZeroInflatedPoisson"),
        *("ZeroInflatedGeneralizedPoisson", "ZeroInflatedNegativeBinomialP"),
    )
)
VECTORIZED = ("numpy.vectorize", "numpy.lib.function_base.vectorize")
# numpy's vectorize keeps any function; a count keeps its own.
OF_VECTORIZE = "pyfunc"
OF_A_COUNT = "_hessian_inflate"


def method(m: Machine, callee: Global, items: Items) -> Any:
    demand(len(items) == 2 and items[0].__class__ is Instance, "something")
    owner, name = items
    counts = owner.rule == "" and owner.of in COUNTS
    allowed = HESSIANS if counts else ENTROPY if owner.rule == "distribution" else ()
    demand(name.__class__ is str and name in allowed, "the name of another method")
    m.has_methods = True
    return Method(owner, name)


def take_methods(m: Machine, target: Dict, items: Any) -> Any:
    """The items without the methods under the keys that keep one: these wait for the BUILD that the dict is for."""
    if not m.has_methods:  # as nearly every pickle
        return items
    others = []
    for key, value in zip(items[::2], items[1::2]):
        others.append(key)
        if value.__class__ is Method and key.__class__ is str and key in (OF_VECTORIZE, OF_A_COUNT):
            target.methods = target.methods or []
            target.methods.append((key, value))
            m.bound(target, max(target.depth, value.depth + 1), target.weight + value.weight)
            m.holders[id(target)] = target
        else:
            others.append(value)
    return others


def check_methods_of(m: Machine, target: Instance, entries: Dict) -> None:
    if target.rule != "own":
        for name in (*ENTROPY, *HESSIANS):
            if name in entries.entries:
                m.danger("build", f"The state of {target.of} has {name}, which is a method: it could be anything.")
    for key, kept in entries.methods or ():
        its_own = key == OF_A_COUNT and kept.owner is target
        if not (its_own or (key == OF_VECTORIZE and target.of in VECTORIZED)):
            m.loose(kept)
    m.holders.pop(id(entries), None)


def tell_holders(m: Machine) -> None:
    """A dict that was no state, and so has nobody whose method it is."""
    for holder in m.holders.values():
        for _key, kept in holder.methods or ():
            m.loose(kept)
