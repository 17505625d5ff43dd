"""Reads a whole file: what holds the pickle, the pickle, the pickles within it, and what comes after."""

from __future__ import annotations

import struct
from typing import Any, Callable, FrozenSet, Tuple
from typing import List as Stack

from . import builds, calls, container_opcodes, literal_opcodes, memo_opcodes, methods
from .expand import expanded, no_pickle
from .machine import Machine, most_spent, most_things
from .names import resolve
from .things import Global
from .verdict import Danger, Refused, Verdict

NESTED = "nested"
STOPPED = "stopped"
Handler = Callable[[Machine], Any]


def refuse(code: str, what: str) -> Handler:
    def handler(m: Machine) -> None:
        raise Refused(code, what)

    return handler


def global_by_line(m: Machine) -> None:
    module = m.line().decode("utf-8")
    m.stack.append(m.find(module, m.line().decode("utf-8")))


def stack_global(m: Machine) -> None:
    name = m.stack.pop()
    m.stack.append(m.find(m.stack.pop(), name))


def inst(m: Machine) -> None:
    global_by_line(m)
    OLD(m)


def build(m: Machine) -> str | None:
    return NESTED if builds.build(m) else None


def stop(m: Machine) -> str:
    if m.below or len(m.stack) != 1:
        raise Refused("malformed", "It ends with another number of things than one.")
    if getattr(m.stack[0], "loose", None) is not None:
        m.loose(m.stack[0].loose)
    methods.tell_holders(m)
    return STOPPED


PERSISTENT = refuse("persistent-id", "It asks its reader for something outside of the file.")
EXTENSION = refuse("extension-code", "It names a function by a number that only its writer knows.")
OLD = refuse("old-instance", "It makes an instance as Python 2 did: that calls any class with any arguments.")
BUFFER = refuse("malformed", "It wants bytes from outside of the file.")
HANDLERS: dict[bytes, Handler] = {
    **literal_opcodes.HANDLERS,
    **container_opcodes.HANDLERS,
    **memo_opcodes.HANDLERS,
    **calls.HANDLERS,
    b"c": global_by_line,
    b"\x93": stack_global,
    b"b": build,
    b".": stop,
    b"P": PERSISTENT,
    b"Q": PERSISTENT,
    b"\x82": EXTENSION,
    b"\x83": EXTENSION,
    b"\x84": EXTENSION,
    b"i": inst,
    b"o": OLD,
    b"\x97": BUFFER,
    b"\x98": BUFFER,
}
UNKNOWN = refuse("malformed", "It has an opcode that no pickle has.")
TABLE = [HANDLERS.get(bytes((code,)), UNKNOWN) for code in range(256)]
BROKEN = (IndexError, KeyError, ValueError, struct.error, UnicodeError)


def scan(content: bytes, own: FrozenSet[str] = frozenset()) -> Verdict:
    """`own`: the modules of the bundle's own code, which are trusted because they are pinned."""
    verdict = Verdict()
    try:
        verdict.content = expanded(content)
        verdict.note = no_pickle(verdict.content)
        verdict.most = most_things(len(verdict.content), len(content))
        verdict.may_spend = most_spent(len(verdict.content), len(content))
    except Refused as refused:
        verdict.add(Danger(refused.code, refused.what, None, 0))
    else:
        if verdict.note is None:
            read_stream(verdict, own)
            look_for_words(verdict)
    return verdict


def read_stream(verdict: Verdict, own: FrozenSet[str]) -> None:
    data = verdict.content
    machines: Stack[Machine] = [Machine(data, 0, verdict, own)]
    try:
        while machines:
            machine = machines[-1]
            if run(machine) == NESTED:
                machines.append(Machine(data, machine.pos, verdict, own, nested=True))
                continue
            machines.pop()
            if machines:
                take_over(machines[-1], machine)
        after(verdict, machine)
    except Refused as refused:
        verdict.add(Danger(refused.code, refused.what, None, machine.at))
    except BROKEN as error:
        what = f"It is no whole pickle ({type(error).__name__}: it ends early or breaks the rules of its opcodes)."
        verdict.add(Danger("malformed", what, None, machine.at))


def run(m: Machine) -> Any:
    table, data = TABLE, m.data
    while True:
        m.at = at = m.pos
        m.pos = at + 1
        outcome = table[data[at]](m)
        if outcome is not None:
            return outcome


def take_over(outer: Machine, inner: Machine) -> None:
    """What the inner pickle made stands in place of joblib's wrapper."""
    outer.pos = inner.pos
    outer.stack[-1] = inner.stack[-1]
    outer.verdict.payload_ends.append(inner.pos)


def look_for_words(verdict: Verdict) -> None:
    """Also where an array's bytes say it: they become labels and names."""
    look_for(verdict, literal_opcodes.POINTERS, literal_opcodes.POINTER)
    if any(module.split(".")[0] == "pandas" for module, _ in verdict.names):
        look_for(verdict, (literal_opcodes.ZONE,), literal_opcodes.OF_A_ZONE)


def look_for(verdict: Verdict, words: Tuple[str, ...], what: str) -> None:
    for word in words:
        for encoding in ("ascii", "utf-32-le", "utf-32-be"):
            found = verdict.content.find(word.encode(encoding))
            if found >= 0:
                verdict.add(Danger("arguments", what, None, found))
                return


def after(verdict: Verdict, machine: Machine) -> None:
    rest = verdict.content[machine.pos : machine.pos + 1]
    machine.at = machine.pos
    if rest == b"\x80":
        raise Refused("second-pickle", "Another pickle follows: what is in it would stay unseen.")
    if rest:
        raise Refused("trailing-bytes", f"{len(verdict.content) - machine.pos} bytes follow that are no part of it.")


def is_allowed(module: str, name: str, own: FrozenSet[str]) -> bool:
    found: Global = resolve(module, name, own)
    return found.fault is None
