"""What the rules of honest.txt are made of."""

from __future__ import annotations

from typing import Any, Callable
from typing import Tuple as Pair

from .machine import Machine
from .things import PLAIN, Dict, Global, List, Set, Tuple

Items = Pair[Any, ...]
Rule = Callable[[Machine, Global, Items], Any]
LATIN = ("latin1", "latin-1")
CONTAINERS = (List, Tuple, Set, Dict)


class Unlike(Exception):
    """Arguments that an honest pickle never has there."""


def demand(condition: Any, arguments: str = "other arguments than it is pickled with") -> None:
    if not condition:
        raise Unlike(arguments)


def free(m: Machine, items: Items) -> None:
    """No strict global among them: what is not named by a rule must be a value."""
    for item in items:
        if item.__class__ not in PLAIN and item.loose is not None:
            m.loose(item.loose)


def is_class(thing: Any) -> bool:
    return thing.__class__ is Global and thing.fault is None and "class" in thing.kinds


def is_text(thing: Any, *texts: str) -> bool:
    return thing.__class__ is str and (not texts or thing in texts)


def has_kind(thing: Any, *classes: Any) -> bool:
    return thing.__class__ in classes


def is_latin(text: str) -> bool:
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        return False
    return True
