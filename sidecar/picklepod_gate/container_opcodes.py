"""The opcodes of the stack and the containers."""

from __future__ import annotations

from typing import Any

from .literal_opcodes import eight
from .machine import DEEPEST, Machine
from .methods import take_methods
from .things import ENTRIES_KEPT, Dict, Instance, List, Set, Tuple
from .verdict import Refused

HIGHEST_PROTOCOL = 5


def mark(m: Machine) -> None:
    m.below.append(m.stack)
    m.stack = []
    if len(m.below) > DEEPEST:
        raise Refused("depth", f"More than {DEEPEST} marks are open: reading it could end the process.")


def pop(m: Machine) -> None:
    if m.stack:
        m.stack.pop()
    else:
        m.to_mark()


def pop_mark(m: Machine) -> None:
    m.to_mark()


def dup(m: Machine) -> None:
    m.stack.append(m.stack[-1])


NO_ITEMS = Tuple(())  # one for all, as in Python itself


def tuple_of(m: Machine, items: Any) -> None:
    m.stack.append(m.tuple(items))


def empty_tuple(m: Machine) -> None:
    m.stack.append(NO_ITEMS)


def tuple_to_mark(m: Machine) -> None:
    items = m.to_mark()
    tuple_of(m, items)


def tuple_of_last(count: int) -> Any:
    def handler(m: Machine) -> None:
        if len(m.stack) < count:
            raise IndexError
        items = m.stack[-count:]
        del m.stack[-count:]
        tuple_of(m, items)

    return handler


def extend(m: Machine, target: Any, items: Any) -> None:
    if target.__class__ is List:
        if target.closed and len(items):
            m.danger("build", "It changes the state of an object after that was checked.")
        target.size += len(items)
        if len(target.items) < ENTRIES_KEPT:
            target.items = (*target.items, *items[: ENTRIES_KEPT - len(target.items)])
    elif not (target.__class__ is Instance and (target.foreign or target.rule in ("list", "own"))):
        m.danger("call", "It appends to what is no list: that calls a method of it.")
        return
    m.hold(target, items)


def empty_list(m: Machine) -> None:
    m.stack.append(m.make(List()))


def list_to_mark(m: Machine) -> None:
    items = m.to_mark()
    m.stack.append(m.make(List()))
    extend(m, m.stack[-1], items)


def append(m: Machine) -> None:
    item = m.stack.pop()
    extend(m, m.stack[-1], (item,))


def appends(m: Machine) -> None:
    items = m.to_mark()
    extend(m, m.stack[-1], items)


def put_pairs(m: Machine, target: Any, items: Any) -> None:
    if len(items) % 2:
        raise Refused("malformed", "A dict has a key without a value.")
    if target.__class__ is Dict:
        if target.closed and items:
            m.danger("build", "It changes the state of an object after that was checked.")
        for place in range(0, len(items), 2):
            target.put(items[place], items[place + 1])
        items = take_methods(m, target, items)
    elif not (target.__class__ is Instance and (target.foreign or target.rule in ("dict", "defaultdict", "own"))):
        m.danger("call", "It sets items of what is no dict: that calls a method of it.")
        return
    m.hold(target, items)


def empty_dict(m: Machine) -> None:
    m.stack.append(m.make(Dict()))


def dict_to_mark(m: Machine) -> None:
    items = m.to_mark()
    m.stack.append(m.make(Dict()))
    put_pairs(m, m.stack[-1], items)


def setitem(m: Machine) -> None:
    value = m.stack.pop()
    key = m.stack.pop()
    put_pairs(m, m.stack[-1], (key, value))


def setitems(m: Machine) -> None:
    items = m.to_mark()
    put_pairs(m, m.stack[-1], items)


def empty_set(m: Machine) -> None:
    m.stack.append(m.make(Set()))


def additems(m: Machine) -> None:
    items = m.to_mark()
    if m.stack[-1].__class__ is not Set:
        m.danger("call", "It adds to what is no set: that calls a method of it.")
        return
    m.hold(m.stack[-1], items)


def frozenset_to_mark(m: Machine) -> None:
    items = m.to_mark()
    m.stack.append(m.make(Set()))
    m.hold(m.stack[-1], items)


def proto(m: Machine) -> None:
    if m.data[m.pos] > HIGHEST_PROTOCOL:
        raise Refused("malformed", f"It is of protocol {m.data[m.pos]}, which no Python knows.")
    m.pos += 1


def frame(m: Machine) -> None:
    if m.at < m.frame_end:
        raise Refused("malformed", "A frame begins within another.")
    (length,) = eight(m.data, m.pos)
    m.pos += 8
    if length > len(m.data) - m.pos:
        raise Refused("length", f"A frame of {length} bytes is said, {len(m.data) - m.pos} are left.")
    m.frame_end = m.pos + length


HANDLERS: dict[bytes, Any] = {
    b"(": mark,
    b"0": pop,
    b"1": pop_mark,
    b"2": dup,
    b")": empty_tuple,
    b"t": tuple_to_mark,
    b"\x85": tuple_of_last(1),
    b"\x86": tuple_of_last(2),
    b"\x87": tuple_of_last(3),
    b"]": empty_list,
    b"l": list_to_mark,
    b"a": append,
    b"e": appends,
    b"}": empty_dict,
    b"d": dict_to_mark,
    b"s": setitem,
    b"u": setitems,
    b"\x8f": empty_set,
    b"\x90": additems,
    b"\x91": frozenset_to_mark,
    b"\x80": proto,
    b"\x95": frame,
}
