"""The rules of honest.txt for numpy's constructors, and for those through which dill reaches them."""

from __future__ import annotations

from typing import Any
from typing import Dict as Mapping

from . import arrays
from .demands import Items, Rule, demand, free, has_kind, is_class, is_text
from .machine import Machine
from .names import HONEST
from .things import Array, Bytes, Dict, Dtype, Global, Instance, Module, Tuple

CORES = [f"numpy.{core}.{part}" for core in ("core", "_core") for part in ("multiarray", "_multiarray_umath")]
NUMPY_MODULES = ("numpy", *CORES)
ARRAYS = ("numpy.ndarray", "numpy.matrix", "numpy.matrixlib.defmatrix.matrix", "numpy.recarray", "numpy.rec.recarray")
# Without its bytes a scalar is made of as many zeros as its type says.
LARGEST_OF_ZEROS = 4096
MASKED = ("numpy.ma.core.MaskedArray", "numpy.ma.MaskedArray")


def is_letter(thing: Any) -> bool:
    return (is_text(thing) and len(thing) == 1) or (has_kind(thing, Bytes) and thing.size == 1)


def is_zero_shape(thing: Any) -> bool:
    return has_kind(thing, Tuple) and [(type(item), item) for item in thing.items] == [(int, 0)]


def is_named(thing: Any, *texts: str) -> bool:
    return thing.__class__ is Global and thing.fault is None and thing.text in texts


def reconstruct(m: Machine, callee: Global, items: Items) -> Any:
    demand(len(items) == 3 and is_named(items[0], *ARRAYS), "another class than numpy's arrays")
    demand(is_zero_shape(items[1]) and is_letter(items[2]), "another shape than (0,)")
    return Array()


def mareconstruct(m: Machine, callee: Global, items: Items) -> Any:
    demand(len(items) == 4 and is_named(items[0], *MASKED) and is_named(items[1], "numpy.ndarray"), "another class")
    demand(is_zero_shape(items[2]) and is_letter(items[3]), "another shape than (0,)")
    return Array(masked=True)


def used(thing: Any) -> Dtype:
    demand(has_kind(thing, Dtype) and not thing.objects, "a dtype of objects, or none")
    dtype: Dtype = thing
    dtype.used = True
    return dtype


def scalar(m: Machine, callee: Global, items: Items) -> Any:
    demand(len(items) in (1, 2))
    dtype = used(items[0])
    if len(items) == 1:
        demand(dtype.size <= LARGEST_OF_ZEROS, "a large type, and no bytes")
    else:
        demand(arrays.length_of(items[1]) >= dtype.size, "too few bytes")
    m.spend(dtype.size)
    return Instance(callee.text, "complete")


def frombuffer(m: Machine, callee: Global, items: Items) -> Any:
    demand(len(items) == 4 and has_kind(items[0], Bytes) and is_text(items[3], "C", "F"))
    demand(arrays.is_shape(items[2]), "what is no shape")
    size = used(items[1]).size
    count = arrays.count_of(items[2])
    demand(size or count <= arrays.MOST_EMPTY, "items without a byte, and more of them than anyone has")
    arrays.demand_length(m, items[0].size, count * size)
    return Array(built=True, count=count)


def create_array(m: Machine, callee: Global, items: Items) -> Any:
    demand(
        len(items) in (3, 4) and items[0].__class__ is Global and items[0].kinds.get("constructor") == "reconstruct",
        "another function",
    )
    demand(has_kind(items[1], Tuple) and has_kind(items[2], Tuple))
    array = reconstruct(m, callee, items[1].items)
    free(m, items[2:])
    arrays.build_array(m, array, items[2])
    for attributes in items[3:]:
        demand_none_of_its_own(attributes)
    return array


def demand_none_of_its_own(attributes: Any) -> None:
    """What an array has in its __dict__ is read by name, as a design by statsmodels, and no BUILD looks at it."""
    if attributes is not None:
        demand(has_kind(attributes, Dict) and (not attributes.size or is_matrix_s(attributes)), "attributes of its own")
        attributes.closed = True


def is_matrix_s(attributes: Dict) -> bool:
    """Every numpy.matrix has this one, which is set while a row is taken out of it."""
    return attributes.size == 1 and attributes.entries.get("_getitem").__class__ is bool


def bitgenerator(m: Machine, callee: Global, items: Items) -> Any:
    demand(len(items) < 2 and all(is_text(item) or of_numpy_random(item) for item in items), "what is no bit generator")
    return Instance(callee.text, None)


def of_numpy_random(thing: Any) -> bool:
    return is_class(thing) and thing.module.startswith("numpy.random.")


def randomstate(m: Machine, callee: Global, items: Items) -> Any:
    demand(
        len(items) < 3 and all(is_text(item) or has_kind(item, Instance) for item in items[:1]),
        "what is no bit generator",
    )
    for item in items[1:]:
        demand(item.__class__ is Global and item.kinds.get("constructor") == "bitgenerator", "another function")
    return Instance(callee.text, None)


def named(m: Machine, module: str, name: str) -> Global:
    found = HONEST.get((module, name))
    demand(found is not None and "." not in name, f"the name {module}.{name}"[:200])
    return m.find(module, name)


def ufunc(m: Machine, callee: Global, items: Items) -> Any:
    demand(
        len(items) == 2 and is_text(items[0]) and is_text(items[1]) and items[0].split(".")[0] == "numpy",
        "another module",
    )
    found = named(m, *items)
    demand("value" in found.kinds, f"the name {found.text}")
    return found


def load_type(m: Machine, callee: Global, items: Items) -> Any:
    demand(len(items) == 1 and is_text(items[0]), "what is no name")
    return named(m, "builtins", items[0])


def import_module(m: Machine, callee: Global, items: Items) -> Any:
    demand(
        len(items) == 1 and is_text(items[0], *NUMPY_MODULES), "another module than numpy's own: it would import that"
    )
    return Module(items[0])


def get_attr(m: Machine, callee: Global, items: Items) -> Any:
    demand(len(items) == 2 and has_kind(items[0], Module) and is_text(items[1]), "what is no module of numpy")
    return named(m, items[0].name, items[1])


CONSTRUCTORS: Mapping[str, Rule] = {
    "reconstruct": reconstruct,
    "mareconstruct": mareconstruct,
    "scalar": scalar,
    "frombuffer": frombuffer,
    "bitgenerator": bitgenerator,
    "randomstate": randomstate,
    "ufunc": ufunc,
    "create-array": create_array,
    "load-type": load_type,
    "import-module": import_module,
    "get-attr": get_attr,
}
