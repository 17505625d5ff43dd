"""What REDUCE and NEWOBJ may call, and what comes of it."""

from __future__ import annotations

from typing import Any

from .class_rules import CLASSES, spend_ranges
from .constructor_rules import CONSTRUCTORS
from .demands import Unlike
from .machine import Machine, shown
from .things import Dict, Global, Instance, Module, Tuple
from .verdict import Refused

NO_CONTAINER = "The arguments of a call are no tuple."


def reduce(m: Machine) -> None:
    arguments = m.stack.pop()
    m.stack[-1] = called(m, m.stack[-1], arguments, "constructor")


def newobj(m: Machine) -> None:
    arguments = m.stack.pop()
    m.stack[-1] = called(m, m.stack[-1], arguments, None)


def newobj_ex(m: Machine) -> None:
    keywords = m.stack.pop()
    arguments = m.stack.pop()
    if keywords.__class__ is not Dict:
        raise Refused("malformed", "The keywords of a call are no dict.")
    spend_ranges(m, keywords.entries.values())
    made = called(m, m.stack[-1], arguments, None)
    takes_keywords = made.__class__ is Instance and (made.foreign or made.rule in ("any", "own"))
    if keywords.size and not takes_keywords:
        name = m.stack[-1].text
        m.danger("arguments", f"{name} is made with keywords, which it never is.", name)
    m.hold(made, (keywords,))
    m.stack[-1] = made


def called(m: Machine, callee: Any, arguments: Any, also: str | None) -> Any:
    if arguments.__class__ is not Tuple:
        raise Refused("malformed", NO_CONTAINER)
    m.walk(len(arguments.items))
    spend_ranges(m, arguments.items)
    if callee.__class__ is not Global:
        foreign = callee.__class__ is Instance and callee.foreign
        if not foreign:
            m.danger("call", f"It calls {kind_of(callee)}: that could run anything.")
        return counted(m, Instance("unknown", None, foreign=True), arguments)
    if callee.fault is not None:
        return counted(m, Instance(callee.text, None, foreign=True), arguments)
    return made_by(m, callee, arguments, also)


def made_by(m: Machine, callee: Global, arguments: Tuple, also: str | None) -> Any:
    rules, rule = CLASSES, callee.kinds.get("class")
    if rule is None and also is not None:
        rules, rule = CONSTRUCTORS, callee.kinds.get(also)
    if rule is None:
        m.danger("call", f"It calls {shown(callee.text)}, which an honest pickle only refers to.", callee.text)
        return counted(m, Instance(callee.text, None, foreign=True), arguments)
    try:
        made = rules[rule](m, callee, arguments.items)
    except Unlike as unlike:
        m.danger("arguments", f"{callee.text} is called with {unlike}: no library pickles that.", callee.text)
        made = Instance(callee.text, None, foreign=True)
    return made if made.__class__ is Global or made.__class__ is Module else counted(m, made, arguments)


def counted(m: Machine, made: Any, arguments: Tuple) -> Any:
    m.bound(made, max(made.depth, arguments.depth + 1), made.weight + arguments.weight)
    return m.make(made)


def kind_of(callee: Any) -> str:
    return f"what {callee.of} made" if callee.__class__ is Instance else "what is no function or class"


HANDLERS: dict[bytes, Any] = {b"R": reduce, b"\x81": newobj, b"\x92": newobj_ex}
