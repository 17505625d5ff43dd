"""Pickles put together opcode by opcode: what no pickler would write."""

import struct

STOP = b"."
NONE = b"N"
TRUE = b"\x88"
FALSE = b"\x89"
MARK = b"("
EMPTY_TUPLE = b")"
EMPTY_LIST = b"]"
EMPTY_DICT = b"}"
REDUCE = b"R"
BUILD = b"b"
NEWOBJ = b"\x81"
NEWOBJ_EX = b"\x92"
POP = b"0"
STACK_GLOBAL = b"\x93"
MEMOIZE = b"\x94"


def pickle(*parts, protocol=4):
    return b"\x80" + bytes((protocol,)) + b"".join(parts) + STOP


def by_line(module, name):
    return b"c" + module.encode() + b"\n" + name.encode() + b"\n"


def by_stack(module, name):
    return text(module) + text(name) + STACK_GLOBAL


def text(value):
    encoded = value.encode("utf-8", "surrogatepass")
    return b"X" + struct.pack("<I", len(encoded)) + encoded


def data(value):
    return b"B" + struct.pack("<I", len(value)) + value


def integer(value):
    return b"J" + struct.pack("<i", value)


def put(number):
    return b"q" + bytes((number,))


def get(number):
    return b"h" + bytes((number,))


def a_tuple(*parts):
    return MARK + b"".join(parts) + b"t"


def a_list(*parts):
    return EMPTY_LIST + MARK + b"".join(parts) + b"e"


def a_dict(**values):
    return EMPTY_DICT + MARK + b"".join(text(key) + value for key, value in values.items()) + b"u"


def call(function, *arguments):
    return function + a_tuple(*arguments) + REDUCE


def new(a_class, *arguments):
    return a_class + a_tuple(*arguments) + NEWOBJ


def build(thing, state):
    return thing + state + BUILD


def estimator(state=None):
    """An honest instance, to hide things in."""
    made = new(by_line("sklearn.preprocessing._function_transformer", "FunctionTransformer"))
    return made if state is None else build(made, state)


def dtype(letters, flags=0, size=-1, order="<"):
    made = call(by_line("numpy", "dtype"), text(letters), FALSE, TRUE)
    numbers = (integer(size), integer(-1), integer(flags))
    return build(made, a_tuple(integer(3), text(order), NONE, NONE, NONE, *numbers))


def structure(names, size=8, flags=0, **fields):
    """A dtype of such fields, which need not be those that it names."""
    made = call(by_line("numpy", "dtype"), text(f"V{size}"), FALSE, TRUE)
    named = (a_tuple(*map(text, names)), a_dict(**fields))
    return build(made, a_tuple(integer(3), text("|"), NONE, *named, integer(size), integer(1), integer(flags)))


def field(inner, offset=0):
    return a_tuple(inner, integer(offset))


def array(shape, type_of_items, content, core="numpy.core"):
    ndarray = by_line("numpy", "ndarray")
    made = call(by_line(core + ".multiarray", "_reconstruct"), ndarray, a_tuple(integer(0)), data(b"b"))
    return build(made, a_tuple(integer(1), shape, type_of_items, FALSE, content))


def array_of_dill(attributes):
    inner = a_tuple(by_line("numpy", "recarray"), a_tuple(integer(0)), data(b"b"))
    state = a_tuple(integer(1), a_tuple(integer(1)), dtype("f8"), FALSE, data(bytes(8)))
    reconstruct = by_line("numpy.core.multiarray", "_reconstruct")
    return call(by_line("dill._dill", "_create_array"), reconstruct, inner, state, attributes)


def wrapper(shape, type_of_items, alignment=None, subclass=None):
    """joblib's stand-in for an array whose bytes follow right behind it."""
    state = {
        "subclass": subclass or by_line("numpy", "ndarray"),
        "shape": shape,
        "order": text("C"),
        "dtype": type_of_items,
        "allow_mmap": TRUE,
    }
    if alignment is not None:
        state["numpy_array_alignment_bytes"] = integer(alignment)
    return build(new(by_line("joblib.numpy_pickle", "NumpyArrayWrapper")), a_dict(**state))
