"""numpy's arrays: shape, type and data must fit, also where joblib puts the data between the opcodes."""

from __future__ import annotations

from typing import Any

from .demands import Unlike, demand
from .machine import Machine
from .things import Array, Bytes, Dict, Dtype, Global, List, Tuple
from .verdict import Refused

WRAPPED = ("numpy.ndarray", "numpy.matrix", "numpy.matrixlib.defmatrix.matrix")
ALIGNMENT = "numpy_array_alignment_bytes"
# What else stands in a wrapper's state hides joblib's own methods, which it calls as it loads.
WRITTEN = frozenset(("subclass", "shape", "order", "dtype", "allow_mmap", ALIGNMENT))
# Of items without a byte, the file's length bounds no number.
MOST_EMPTY = 10_000
MOST_SIDES = 64  # as numpy has it
REFERENCE = 8


def is_shape(thing: Any) -> bool:
    short = thing.__class__ is Tuple and len(thing.items) <= MOST_SIDES
    return short and all(item.__class__ is int and item >= 0 for item in thing.items)


def count_of(shape: Tuple) -> int:
    count = 1
    for length in shape.items:
        count *= length
    return count


def length_of(data: Any) -> int:
    """Of bytes, or of the text that Python 2 wrote for them; -1 for what is neither."""
    if data.__class__ is Bytes:
        return int(data.size)
    return len(data) if data.__class__ is str else -1


def demand_length(m: Machine, given: int, wanted: int) -> None:
    if given != wanted:
        m.danger("length", f"An array says that it has {wanted} bytes, {given} are there.")


def build_array(m: Machine, array: Array, state: Any) -> None:
    if array.built:
        m.danger("build", "It changes an array that is complete.")
        return
    array.built = True
    try:
        if array.masked:
            array.count = set_masked(m, state)
        else:
            array.count = set_array(m, state)
    except Unlike as unlike:
        m.danger("arguments", f"An array has {unlike}: no library pickles that.")


def set_array(m: Machine, state: Any) -> int:
    demand(state.__class__ is Tuple and len(state.items) in (4, 5), "a state that numpy does not write")
    shape, dtype, _fortran, data = state.items[-4:]
    demand(len(state.items) == 4 or state.items[0].__class__ is int, "a state that numpy does not write")
    return demand_data(m, shape, dtype, data)


def demand_data(m: Machine, shape: Any, dtype: Any, data: Any) -> int:
    demand(is_shape(shape) and dtype.__class__ is Dtype, "no shape or no type")
    dtype.used = True
    count = count_of(shape)
    if dtype.objects:
        demand(data.__class__ is List, "objects that are no list")
        demand_length(m, data.size, count)
        m.spend(data.size * REFERENCE)
    else:
        demand(length_of(data) >= 0, "data that are no bytes")
        demand(dtype.size or count <= MOST_EMPTY, "items without a byte, and more of them than anyone has")
        demand_length(m, length_of(data), count * dtype.size)
        m.spend(length_of(data))
    return count


def set_masked(m: Machine, state: Any) -> int:
    demand(state.__class__ is Tuple and len(state.items) == 7, "a state that numpy does not write")
    _version, shape, dtype, _fortran, data, mask, _fill = state.items
    count = demand_data(m, shape, dtype, data)
    demand(length_of(mask) >= 0, "a mask that is no bytes")
    demand_length(m, length_of(mask), count * dtype.fields)
    m.spend(length_of(mask))
    return count


def step_over(m: Machine, state: Any) -> bool:
    """Behind joblib's wrapper: over the bytes of an array of numbers. True: objects follow, a pickle of their own."""
    try:
        dtype = wrapped(m, state)
    except Unlike as unlike:
        raise Refused("arguments", f"An array of joblib's has {unlike}: where its bytes end cannot be told.") from None
    if m.pos < m.frame_end:
        raise Refused(
            "malformed", "The bytes of an array lie within a frame: Python and joblib would read on at two places."
        )
    if dtype.objects:
        return True
    if state.entries.get(ALIGNMENT) is not None:
        padding = m.take(1)
        m.take(m.data[padding])
    count = count_of(state.entries["shape"])
    if not dtype.size and count > MOST_EMPTY:
        raise Refused("arguments", "An array of joblib's has items without a byte, and more of them than anyone has.")
    m.take(count * dtype.size)
    m.verdict.payload_ends.append(m.pos)
    return False


def wrapped(m: Machine, state: Any) -> Dtype:
    demand(not m.nested, "another one within it")
    demand(state.__class__ is Dict and state.size == len(state.entries), "a state that joblib does not write")
    demand(WRITTEN.issuperset(state.entries), "an attribute that joblib does not write")
    demand(state.entries.get("allow_mmap", False).__class__ is bool, "an odd allow_mmap")
    state.closed = True
    found, dtype, alignment = (state.entries.get(key) for key in ("subclass", "dtype", ALIGNMENT))
    demand(found.__class__ is Global and found.fault is None and found.text in WRAPPED, "another class than numpy's")
    demand(dtype.__class__ is Dtype and is_shape(state.entries.get("shape")), "no shape or no type")
    demand(state.entries.get("order") in ("C", "F"), "another order than C or F")
    demand(alignment is None or alignment.__class__ is int, "an odd alignment")
    known: Dtype = dtype
    known.used = True
    return known
