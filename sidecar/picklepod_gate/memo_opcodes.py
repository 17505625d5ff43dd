"""The opcodes of the memo."""

from __future__ import annotations

from typing import Any

from .literal_opcodes import four_unsigned
from .machine import Machine
from .verdict import Refused


def memoize(m: Machine) -> None:
    m.remember(len(m.memo))


def put_at(m: Machine, number: int) -> None:
    if not 0 <= number <= m.pos - m.start:
        raise Refused("expansion", f"The memo number {number} would make a memo of that size.")
    m.remember(number)


def put(m: Machine) -> None:
    put_at(m, int(m.line()))


def binput(m: Machine) -> None:
    number = m.data[m.pos]
    m.pos += 1
    put_at(m, number)


def long_binput(m: Machine) -> None:
    (number,) = four_unsigned(m.data, m.pos)
    m.pos += 4
    put_at(m, number)


def get(m: Machine) -> None:
    m.stack.append(m.memo[int(m.line())])


def binget(m: Machine) -> None:
    m.stack.append(m.memo[m.data[m.pos]])
    m.pos += 1


def long_binget(m: Machine) -> None:
    m.stack.append(m.memo[four_unsigned(m.data, m.pos)[0]])
    m.pos += 4


HANDLERS: dict[bytes, Any] = {
    b"\x94": memoize,
    b"p": put,
    b"q": binput,
    b"r": long_binput,
    b"g": get,
    b"h": binget,
    b"j": long_binget,
}
