"""What is small in the file and large or slow once it is loaded, and what hides the methods of joblib's wrapper."""

from .assemble import (
    EMPTY_DICT,
    EMPTY_TUPLE,
    FALSE,
    MARK,
    NEWOBJ,
    NONE,
    POP,
    REDUCE,
    TRUE,
    a_dict,
    a_list,
    a_tuple,
    array,
    build,
    by_line,
    call,
    data,
    dtype,
    get,
    integer,
    new,
    pickle,
    put,
    text,
)

INDEX = ("pandas.core.indexes.base", "Index")
MEGABYTE = 1 << 20
OFTEN = 200
ONE = a_tuple(integer(1))


def cases(canary):
    yield from zeros()
    yield from ranges()
    yield from copies()
    yield from walks()
    yield from wrappers()
    yield "template-in-a-pair", "formula", pickle(distribution(canary))


def scalar(*arguments):
    return call(by_line("numpy.core.multiarray", "scalar"), *arguments)


def plain(letters):
    return call(by_line("numpy", "dtype"), text(letters), FALSE, TRUE)


def zeros():
    """A type of a hundred million bytes, and items of none."""
    for letters in ("V100000000", "S4097", "U1025"):
        yield f"scalar-of-{letters}-without-bytes", "arguments", pickle(scalar(plain(letters)))
    vast = a_tuple(integer(10**9))
    for letter in "VSU":
        yield f"array-of-{letter}0", "arguments", pickle(array(vast, plain(letter + "0"), data(b"")))
    frombuffer = by_line("numpy.core.numeric", "_frombuffer")
    yield "frombuffer-of-V0", "arguments", pickle(call(frombuffer, data(b""), plain("V0"), vast, text("C")))
    yield "joblib-of-V0", "arguments", pickle(wrapped(shape=vast, dtype=plain("V0")))
    sides = a_tuple(*[integer(1)] * 65)
    yield "array-of-65-sides", "arguments", pickle(array(sides, plain("f8"), data(bytes(8))))


def index(content, **more):
    return call(by_line("pandas.core.indexes.base", "_new_Index"), by_line(*INDEX), a_dict(data=content, **more))


def a_range(*numbers, name="range", module="builtins"):
    return call(by_line(module, name), *map(integer, numbers))


def ranges():
    yield "range-vast", "arguments", pickle(a_range(0, 10**8))
    yield "range-of-python-2", "arguments", pickle(a_range(10**8, name="xrange", module="__builtin__"), protocol=2)
    yield "range-downwards", "arguments", pickle(a_range(10**8, 0, -1))
    yield "range-with-steps-of-nothing", "arguments", pickle(a_range(0, 1, 0))
    yield "range-of-texts", "arguments", pickle(call(by_line("builtins", "range"), text("x")))
    yield "range-built", "build", pickle(build(a_range(1), EMPTY_DICT))
    many = a_range(0, 10**6) + put(1) + POP
    of_ranges = index(get(1), dtype=text("object"))
    yield "indexes-of-one-range", "expansion", pickle(many + a_list(*[of_ranges] * 3))
    placement = call(by_line("pandas._libs.internals", "BlockPlacement"), get(1))
    yield "placements-of-one-range", "expansion", pickle(many + a_list(*[placement] * 3))


def copies():
    """Of one text or bytes that are memoised."""
    for name, function, arguments in (
        ("encode", by_line("_codecs", "encode"), (text("a" * MEGABYTE), text("latin1"))),
        ("bytearray", by_line("builtins", "bytearray"), (data(bytes(MEGABYTE)),)),
        ("bytearray-of-texts", by_line("builtins", "bytearray"), (text("a" * MEGABYTE), text("latin-1"))),
        ("scalars", by_line("numpy.core.multiarray", "scalar"), (plain(f"S{MEGABYTE}"), data(bytes(MEGABYTE)))),
    ):
        parts = (function, put(1), POP, a_tuple(*arguments), put(2), POP)
        yield f"copies-by-{name}", "expansion", pickle(*parts, a_list(*[get(1) + get(2) + REDUCE] * OFTEN))
    kept = data(bytes(MEGABYTE)) + put(1) + POP
    shape = a_tuple(integer(MEGABYTE // 8))
    swapped = array(shape, dtype("f8", order=">"), get(1))
    yield "copies-by-swapped-arrays", "expansion", pickle(kept + a_list(*[swapped] * OFTEN))
    of_bytes = array(a_tuple(integer(MEGABYTE)), plain("i1"), data(bytes(MEGABYTE))) + put(1) + POP
    converted = index(get(1), dtype=text("object"))
    yield "copies-by-indexes", "expansion", pickle(of_bytes + a_list(*[converted] * OFTEN))


def walks():
    """A long container that is looked through each time it is used."""
    named = text("predict") + put(1) + POP
    chain = by_line("sklearn.multioutput", "ClassifierChain") + EMPTY_TUPLE + NEWOBJ
    for length in (65, 100_000):
        methods = MARK + get(1) * length + b"t" + put(2) + POP
        state = build(chain, a_dict(chain_method=get(2)))
        yield f"methods-in-a-tuple-of-{length}", "build", pickle(named + methods + a_list(*[state] * 100))
    long = MARK + NONE * 100_000 + b"t" + put(1) + POP
    own_state = by_line("sklearn.tree._tree", "Tree")
    states = a_list(*[build(call(own_state, integer(1)), get(1))] * 100)
    yield "states-of-one-tuple", "expansion", pickle(long + states)
    called = by_line("builtins", "slice") + get(1) + REDUCE
    yield "calls-with-one-tuple", "expansion", pickle(long + a_list(*[called] * 100))
    parts = EMPTY_DICT + MARK + b"".join(text(f"a{n}") + NONE for n in range(30_000)) + b"u" + put(1) + POP
    yield "states-of-one-dict", "expansion", pickle(parts + a_list(*[build(chain, get(1))] * 100))


def wrapped(**more):
    state = {"subclass": by_line("numpy", "ndarray"), "shape": ONE, "order": text("C"), "dtype": dtype("f8"), **more}
    return build(new(by_line("joblib.numpy_pickle", "NumpyArrayWrapper")), a_dict(**state))


def wrappers():
    """joblib's own methods, which it calls as it loads, hidden by attributes of the state."""
    for name in ("read", "read_array", "read_mmap", "safe_get_numpy_array_alignment_bytes", "x"):
        yield f"joblib-with-{name}", "arguments", pickle(wrapped(**{name: by_line("numpy", "max")}) + bytes(8))
    yield "joblib-with-an-odd-allow_mmap", "arguments", pickle(wrapped(allow_mmap=text("x")) + bytes(8))


def distribution(canary):
    made = by_line("scipy.stats._continuous_distns", "norm_gen") + EMPTY_TUPLE + NEWOBJ
    template = text(f"__import__('os').system('touch {canary}')")
    return build(made, a_tuple(a_dict(_parse_arg_template=template, a=NONE, b=NONE), NONE))


def honest():
    yield "range", pickle(a_list(a_range(0, 10, 2), a_range(10**6), a_range(0), a_range(10, 0, -3), index(a_range(9))))
    yield "ranges-of-python-2", pickle(a_range(0, 10, 1, name="xrange", module="__builtin__"), protocol=2)
    yield "range-that-others-keep", pickle(a_dict(rows=a_list(*[a_range(10**6)] * 100)))
    zero = a_tuple(integer(0), integer(10**9))
    nothing = array(a_tuple(integer(3)), plain("V0"), data(b""))
    yield "arrays-of-nothing", pickle(a_list(nothing, array(zero, plain("f8"), data(b""))))
    yield "scalar-of-zeros", pickle(scalar(plain("V4096")))
    encoded = call(by_line("_codecs", "encode"), text("a" * (30 * MEGABYTE)), text("latin1"))
    yield "many-bytes-by-protocol-2", pickle(array(a_tuple(integer(30 * MEGABYTE)), plain("i1"), encoded), protocol=2)
    bools = array(a_tuple(integer(10 * MEGABYTE)), plain("b1"), data(bytes(10 * MEGABYTE)))
    yield "an-index-of-truths", pickle(index(bools))
    rows = MARK + NONE * 1_000_000 + b"t"
    yield "a-long-tuple", pickle(a_list(rows, a_tuple(rows)))
    yield "a-wrapper-with-allow_mmap", pickle(wrapped(allow_mmap=FALSE) + bytes(8))
