"""Stand-ins for what a pickle would make. Texts, numbers and None stand for themselves; a float's value is not kept."""

from __future__ import annotations

from typing import Any
from typing import Dict as Mapping
from typing import List as Items
from typing import Tuple as Pair

PLAIN = frozenset((str, int, float, bool, type(None)))
# Of a dict only the first entries are kept, and those that decide wherever they come.
ENTRIES_KEPT = 64
ALWAYS_KEPT = frozenset(
    (
        *("formula", "_parse_arg_template", "input", "model", "_results", "data"),
        *("stack_method_", "stack_method", "response_method", "_response_method"),
        *("chain_method_", "chain_method", "importance_getter"),
        *("_entropy", "_hessian_logit", "_hessian_probit"),
    )
)
# What statsmodels hands to patsy or formulaic: a text there is a formula.
DESIGNS = ("design_info", "model_spec")
# Flags of theirs, before and since 0.15: the formula beside them is what is evaluated.
FLAGS = ("restore_design_info", "restore_model_spec")
# No attribute has a longer one; and a long key that is set again and again would be read through each time.
LONGEST_NAME = 1000
HARMLESS_DUNDERS = ("__doc__", "__name__")


class Thing:
    __slots__ = ("depth", "loose", "weight")

    def __init__(self) -> None:
        self.depth = 0  # how deeply things are nested in it
        self.weight = 1  # how many things it stands for, each counted as often as it is referred to
        self.loose: Global | Method | None = None  # what is strict in it, which must not stay as a value


class Global(Thing):
    """A class or function by name. `fault` is its danger code, where it is not honest."""

    __slots__ = ("fault", "kinds", "module", "name")

    def __init__(self, module: str, name: str, kinds: Mapping[str, str], fault: str | None):
        super().__init__()
        self.module = module
        self.name = name
        self.kinds = kinds
        self.fault = fault
        if fault is None and "value" not in kinds:
            self.loose = self

    @property
    def text(self) -> str:
        return f"{self.module}.{self.name}"


class Tuple(Thing):
    __slots__ = ("items",)

    def __init__(self, items: Pair[Any, ...]):
        super().__init__()
        self.items = items


class List(Thing):
    __slots__ = ("closed", "items", "size")

    def __init__(self) -> None:
        super().__init__()
        self.size = 0
        self.items: Pair[Any, ...] = ()  # the first of them
        self.closed = False  # it was looked at: what comes later would not be


class Set(Thing):
    __slots__ = ()


NO_ENTRIES: Mapping[str, Any] = {}  # one for all that are empty: a bomb is made of nothing else


class Dict(Thing):
    __slots__ = ("closed", "design", "entries", "methods", "odd_key", "size")

    def __init__(self) -> None:
        super().__init__()
        self.size = 0  # counts a key as often as it is set
        self.entries = NO_ENTRIES
        self.odd_key: str | None = None  # the first key that no state has
        self.closed = False  # it was a state: what comes later would not be checked
        self.design = False  # it has a design for patsy, which no pickle has
        self.methods: Items[Pair[str, Method]] | None = None  # and their keys: BUILD looks at them

    def put(self, key: Any, value: Any) -> None:
        self.size += 1
        if key.__class__ is not str:
            self.odd_key = self.odd_key or "a key that is no text"
            return
        if value is not None and len(key) < LONGEST_NAME and any(design in key for design in DESIGNS):
            self.design = self.design or not (key in FLAGS and value.__class__ is bool)
        if len(self.entries) < ENTRIES_KEPT or key in ALWAYS_KEPT or key in self.entries:
            if self.entries is NO_ENTRIES:
                self.entries = {}
            self.entries[key] = value
        if key[:2] == "__" == key[-2:] and key not in HARMLESS_DUNDERS:
            self.odd_key = self.odd_key or repr(key[:80])


class Bytes(Thing):
    __slots__ = ("size",)

    def __init__(self, size: int):
        super().__init__()
        self.size = size


class Instance(Thing):
    """What a class or a constructor would make. `rule` is its class's, or None for what else a constructor returns."""

    __slots__ = ("any_state", "foreign", "of", "range_length", "rule")

    def __init__(self, of: str, rule: str | None, foreign: bool = False, any_state: bool = False):
        super().__init__()
        self.of = of
        self.rule = rule
        self.foreign = foreign
        self.range_length = 0  # of a builtin range, which takes no room until something is made of it
        self.any_state = any_state or rule in (None, "any", "own")  # its state may be of another kind than a dict


class Method(Thing):
    """What getattr gives: no instance, for its class has no state; see methods.py."""

    __slots__ = ("name", "owner")

    def __init__(self, owner: Instance, name: str):
        super().__init__()
        self.owner = owner
        self.name = name
        self.loose = self

    @property
    def text(self) -> str:
        return f"{self.owner.of}.{self.name}"


class Dtype(Thing):
    __slots__ = ("built", "fields", "letter", "objects", "size", "used")

    def __init__(self, letter: str, size: int):
        super().__init__()
        self.letter = letter
        self.size = size
        self.objects = letter == "O"
        self.fields = 1
        self.built = False
        self.used = False


class Array(Thing):
    __slots__ = ("built", "count", "masked")

    def __init__(self, masked: bool = False, built: bool = False, count: int = 0):
        super().__init__()
        self.masked = masked
        self.built = built
        self.count = count  # of the items that it has


class Partial(Thing):
    """A functools.partial: nothing may call it, and it may be built once, around the same function."""

    __slots__ = ("built", "function")

    def __init__(self, function: Global):
        super().__init__()
        self.function = function
        self.built = False


class Module(Thing):
    """What dill's _import_module returns: only its _get_attr may take it."""

    __slots__ = ("name",)

    def __init__(self, name: str):
        super().__init__()
        self.name = name
