"""numpy's dtypes: what their texts and states say. One that lies about itself makes numpy read numbers as pointers."""

from __future__ import annotations

import re
from typing import Any

from .demands import Unlike, demand
from .machine import Machine
from .things import Dict, Dtype, Tuple

# c and u with digits alone: to numpy a bare c is a text as long as its state says, and a bare u is nothing.
TEXT = re.compile(r"[|<>=]?([bBhHiIlLqQpPefdgFDGSUVOMm?]|[cu](?=\d))(\d{0,9})", re.ASCII)
# Of letters without digits; S, U and V then have no bytes until their state says otherwise.
SIZES = {
    letter: size
    for size, letters in {1: "?bB", 2: "hHe", 4: "iIf", 8: "lLqQdpPmMFO", 16: "gD", 32: "G"}.items()
    for letter in letters
}
FLEXIBLE = "SUV"
OBJECT_FLAGS = 63  # what numpy writes for objects, and only for them
POINTER_FLAGS = 7  # counted, pickled as a list, a pointer
FLAGS = range(-128, 256)  # a signed char before numpy 2, where an aligned structure has the highest bit


def parsed(text: str) -> Dtype | None:
    found = TEXT.fullmatch(text)
    if found is None:
        return None
    letter, digits = found.groups()
    if letter in FLEXIBLE or digits:
        return Dtype(letter, int(digits or 0) * (4 if letter == "U" else 1))
    return Dtype(letter, SIZES.get(letter, 0))


def build_dtype(m: Machine, dtype: Dtype, state: Any) -> None:
    if dtype.built or dtype.used:
        m.danger(
            "build", "It changes the type of an array that exists: numpy would read numbers as pointers.", "numpy.dtype"
        )
        return
    dtype.built = True
    try:
        set_state(dtype, state)
    except Unlike as unlike:
        m.danger(
            "arguments", f"The type of an array has {unlike}: numpy would read numbers as pointers.", "numpy.dtype"
        )


def set_state(dtype: Dtype, state: Any) -> None:
    demand(state.__class__ is Tuple and len(state.items) in (8, 9), "a state that numpy does not write")
    version, order, subdtype, names, fields, size, alignment, flags = state.items[:8]
    demand(
        all(number.__class__ is int for number in (version, size, alignment, flags)),
        "a state that numpy does not write",
    )
    demand((order is None or order.__class__ is str) and subdtype is None, "a type within it")
    expected = flags == OBJECT_FLAGS if dtype.letter == "O" else flags in FLAGS and not flags & POINTER_FLAGS
    demand(expected, f"the flags {flags}")
    if dtype.letter in FLEXIBLE:
        demand(size >= 0, "a negative size")
        dtype.size = size
    if names is not None or fields is not None:
        demand(dtype.letter == "V", "fields")
        set_fields(dtype, names, fields)


def set_fields(dtype: Dtype, names: Any, fields: Any) -> None:
    demand(names.__class__ is Tuple and fields.__class__ is Dict, "odd fields")
    demand(fields.size == len(names.items) == len(fields.entries), "odd fields")
    demand(all(name.__class__ is str for name in names.items), "odd fields")
    demand(len(set(names.items)) == len(names.items), "a field twice, and so another that has no name")
    for name in names.items:
        field: Any = fields.entries.get(name)
        demand(field.__class__ is Tuple and len(field.items) in (2, 3), "odd fields")
        inner, offset = field.items[:2]
        demand(inner.__class__ is Dtype and not inner.objects and offset.__class__ is int, "objects in its fields")
        demand(offset >= 0 and offset + inner.size <= dtype.size, "fields beyond its end")
        inner.used = True
    fields.closed = True
    dtype.fields = len(names.items)
