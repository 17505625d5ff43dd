"""numpy's arrays: shape, type and data must fit, also where joblib puts the data between the opcodes."""

from __future__ import annotations

from typing import Any

from .demands import Unlike, demand
from .machine import Machine
from .things import Array, Bytes, Dict, Dtype, Global, List, Tuple
from .verdict import Refused

WRAPPED = ("numpy.ndarray", "numpy.matrix", "numpy.matrixlib.defmatrix.matrix")
ALIGNMENT = "numpy_array_alignment_bytes"


def is_shape(thing: Any) -> bool:
    return thing.__class__ is Tuple and all(item.__class__ is int and item >= 0 for item in thing.items)


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
            set_masked(m, state)
        else:
            set_array(m, state)
    except Unlike as unlike:
        m.danger("arguments", f"An array has {unlike}: no library pickles that.")


def set_array(m: Machine, state: Any) -> None:
    demand(state.__class__ is Tuple and len(state.items) in (4, 5), "a state that numpy does not write")
    shape, dtype, _fortran, data = state.items[-4:]
    demand(len(state.items) == 4 or state.items[0].__class__ is int, "a state that numpy does not write")
    demand_data(m, shape, dtype, data)


def demand_data(m: Machine, shape: Any, dtype: Any, data: Any) -> None:
    demand(is_shape(shape) and dtype.__class__ is Dtype, "no shape or no type")
    dtype.used = True
    if dtype.objects:
        demand(data.__class__ is List, "objects that are no list")
        demand_length(m, data.size, count_of(shape))
    else:
        demand(length_of(data) >= 0, "data that are no bytes")
        demand_length(m, length_of(data), count_of(shape) * dtype.size)


def set_masked(m: Machine, state: Any) -> None:
    demand(state.__class__ is Tuple and len(state.items) == 7, "a state that numpy does not write")
    _version, shape, dtype, _fortran, data, mask, _fill = state.items
    demand_data(m, shape, dtype, data)
    demand(length_of(mask) >= 0, "a mask that is no bytes")
    demand_length(m, length_of(mask), count_of(shape) * dtype.fields)


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
    m.take(count_of(state.entries["shape"]) * dtype.size)
    m.verdict.payload_ends.append(m.pos)
    return False


def wrapped(m: Machine, state: Any) -> Dtype:
    demand(not m.nested, "another one within it")
    demand(state.__class__ is Dict and state.size == len(state.entries), "a state that joblib does not write")
    state.closed = True
    found, dtype, alignment = (state.entries.get(key) for key in ("subclass", "dtype", ALIGNMENT))
    demand(found.__class__ is Global and found.fault is None and found.text in WRAPPED, "another class than numpy's")
    demand(dtype.__class__ is Dtype and is_shape(state.entries.get("shape")), "no shape or no type")
    demand(state.entries.get("order") in ("C", "F"), "another order than C or F")
    demand(alignment is None or alignment.__class__ is int, "an odd alignment")
    known: Dtype = dtype
    known.used = True
    return known
