"""The constructors that can do harm refuse at run time, too, what the scan refuses: a second line of defence."""

from __future__ import annotations

import functools
import types
from typing import Any, Callable

from .names import is_honest
from .numpy_rules import NUMPY_MODULES

BASES = (object, dict, list, set, frozenset, tuple)


class Unchecked(Exception):
    """The scan let something through that it must not: a defect of Picklepod."""


def demand(condition: bool, name: str) -> None:
    if not condition:
        raise Unchecked(f"{name} was called with arguments that the scan should have refused. Report this file.")


def checked(module: str, name: str, found: Any) -> Any:
    """`found`, or where it is one of the constructors below, a stand-in that looks at its arguments first."""
    check = CHECKS.get(name) if module.split(".")[0] in OWNERS else None
    if check is None:
        return found

    @functools.wraps(found, assigned=("__name__", "__doc__"), updated=())
    def guarded(*arguments: Any) -> Any:
        demand(check(*arguments), f"{module}.{name}")
        made = found(*arguments)
        demand(found is not getattr or is_own_method(made, *arguments), f"{module}.{name}")
        return made

    return guarded


def is_array_class(found: Any) -> bool:
    return getattr(found, "__module__", "").split(".")[0] == "numpy"


def is_own_method(made: Any, thing: Any, name: str) -> bool:
    """Not something that a state put in the method's place, which could be anything."""
    return type(made) is types.MethodType and made.__self__ is thing and name not in vars(thing)


OWNERS = ("_codecs", "builtins", "__builtin__", "copyreg", "copy_reg", "dill", "numpy")
CHECKS: dict[str, Callable[..., bool]] = {
    "encode": lambda text, encoding: type(text) is str and encoding in ("latin1", "latin-1"),
    "getattr": lambda thing, name: name in ("_entropy", "_hessian_logit", "_hessian_probit"),
    "_reconstructor": lambda a_class, base, state: base in BASES,
    "_reconstruct": lambda a_class, shape, letter: is_array_class(a_class) and shape == (0,),
    "_ufunc_reconstruct": lambda module, name: module.split(".")[0] == "numpy" and is_honest(module, name),
    "_import_module": lambda name: name in NUMPY_MODULES,
    "_get_attr": lambda module, name: is_honest(module.__name__, name),
    "_load_type": lambda name: is_honest("builtins", name),
    "_create_array": lambda made_by, *arguments: made_by.__name__ == "_reconstruct",
}
