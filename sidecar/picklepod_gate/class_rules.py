"""The rules of honest.txt for classes: the arguments that honest pickles make them with, as README.md says them."""

from __future__ import annotations

import re
from typing import Any
from typing import Dict as Mapping

from . import dtypes
from .demands import CONTAINERS, LATIN, Items, Rule, demand, free, has_kind, is_latin, is_text
from .machine import Machine
from .things import Bytes, Dict, Global, Instance, List, Set, Tuple

LONGEST_RANGE = 1_000_000
OF_A_NUMBER = 40  # bytes, with the place that refers to it
FRACTION = re.compile(r"[-+]?\d{1,4300}(/\d{1,4300})?", re.ASCII)


def without(m: Machine, callee: Global, items: Items) -> Any:
    demand(not items)
    return Instance(callee.text, callee.kinds["class"])


def with_any(m: Machine, callee: Global, items: Items) -> Any:
    free(m, items)
    return Instance(callee.text, callee.kinds.get("class"))


def as_dict(m: Machine, callee: Global, items: Items) -> Any:
    demand(not items or (len(items) == 1 and has_kind(items[0], Dict, List, Tuple)))
    return with_any(m, callee, items)


def as_defaultdict(m: Machine, callee: Global, items: Items) -> Any:
    demand(not items or items[0] is None or (items[0].__class__ is Global and items[0].loose is None))
    demand(len(items) < 3 and all(has_kind(item, Dict, List) for item in items[1:]))
    return with_any(m, callee, items)


def as_list(m: Machine, callee: Global, items: Items) -> Any:
    demand(not items or has_kind(items[0], List, Tuple, Set))
    demand(len(items) < 3 and all(item is None or item.__class__ is int for item in items[1:]))
    return with_any(m, callee, items)


def as_items(m: Machine, callee: Global, items: Items) -> Any:
    demand(not items or (len(items) == 1 and has_kind(items[0], *CONTAINERS)))
    free(m, items)
    return Instance(callee.text, "items")


def as_bytes(m: Machine, callee: Global, items: Items) -> Any:
    demand(not items)
    return Bytes(0)


def as_bytearray(m: Machine, callee: Global, items: Items) -> Any:
    if len(items) == 2:
        return encode(m, callee, items)
    demand(not items or (len(items) == 1 and has_kind(items[0], Bytes)), "something else than bytes")
    return made_bytes(m, items[0].size if items else 0)


def encode(m: Machine, callee: Global, items: Items) -> Any:
    demand(len(items) == 2 and is_text(items[0]) and is_text(items[1], *LATIN), "another encoding than latin-1")
    m.spend(len(items[0]))
    demand(is_latin(items[0]), "a text beyond latin-1")
    return Bytes(len(items[0]))


def made_bytes(m: Machine, size: int) -> Bytes:
    m.spend(size)
    return Bytes(size)


def a_range(m: Machine, callee: Global, items: Items) -> Any:
    """It takes no room itself; what is made of it, as an index of pandas', does."""
    demand(0 < len(items) < 4 and all(item.__class__ is int for item in items))
    demand(len(items) < 3 or items[2], "a step of nothing")
    length = length_of_range(*items)
    demand(length <= LONGEST_RANGE, f"more than {LONGEST_RANGE} numbers")
    made = Instance(callee.text, "complete")
    made.range_length = length
    m.has_ranges = m.has_ranges or length > 0
    return made


def spend_range(m: Machine, item: Any) -> None:
    """Whoever takes a range may make a list of it, or an array."""
    if item.__class__ is Instance:
        m.spend(item.range_length * OF_A_NUMBER)


def spend_ranges(m: Machine, items: Any) -> None:
    if m.has_ranges:  # as in hardly any pickle
        for item in items:
            spend_range(m, item)


def length_of_range(start: int, stop: int | None = None, step: int = 1) -> int:
    first, end = (0, start) if stop is None else (start, stop)
    return max(0, (end - first + step - (1 if step > 0 else -1)) // step)


def dtype(m: Machine, callee: Global, items: Items) -> Any:
    demand(len(items) == 3 and is_text(items[0]) and all(item.__class__ in (bool, int) for item in items[1:]))
    made = dtypes.parsed(items[0])
    demand(made is not None, "the type of an array that no library pickles")
    return made


def fraction(m: Machine, callee: Global, items: Items) -> Any:
    """A text with an exponent would be multiplied out: 1e9999999999 does not end."""
    plain = len(items) == 1 and is_text(items[0]) and FRACTION.fullmatch(items[0])
    demand(plain or (len(items) in (0, 2) and all(item.__class__ is int for item in items)))
    return Instance(callee.text, "fraction")


CLASSES: Mapping[str, Rule] = {
    "": without,
    "any": with_any,
    "own": with_any,
    "dict": as_dict,
    "defaultdict": as_defaultdict,
    "list": as_list,
    "items": as_items,
    "fraction": fraction,
    "range": a_range,
    "bytes": as_bytes,
    "bytearray": as_bytearray,
    "dtype": dtype,
    "wrapper": without,
    "distribution": without,
}
