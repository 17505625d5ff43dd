"""Arrays that lie about themselves, and joblib streams, which are not one pickle."""

import struct

from .assemble import (
    EMPTY_DICT,
    FALSE,
    NONE,
    POP,
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
    field,
    get,
    integer,
    new,
    pickle,
    put,
    structure,
    text,
    wrapper,
)


def cases(canary):
    yield from arrays()
    yield from dtypes()
    yield from joblib(canary)


def arrays():
    vast = a_tuple(b"\x8a\x05" + (1 << 36).to_bytes(5, "little"))
    yield "array-shape", "length", pickle(array(vast, dtype("f8"), data(b"")))
    yield "array-short", "length", pickle(array(a_tuple(integer(2)), dtype("f8"), data(bytes(8))))
    yield "array-negative-shape", "arguments", pickle(array(a_tuple(integer(-1)), dtype("f8"), data(bytes(8))))
    yield "array-of-pointers", "arguments", pickle(array(a_tuple(integer(1)), dtype("O8", 63), data(bytes(8))))
    yield "array-of-too-few-objects", "length", pickle(array(a_tuple(integer(100)), dtype("O8", 63), a_list(NONE)))
    shape = a_tuple(integer(1))
    twice = build(
        array(shape, dtype("f8"), data(bytes(8))), a_tuple(integer(1), shape, dtype("f8"), FALSE, data(bytes(8)))
    )
    yield "array-built-twice", "build", pickle(twice)
    frombuffer = by_line("numpy.core.numeric", "_frombuffer")
    yield "frombuffer-length", "length", pickle(call(frombuffer, data(bytes(8)), dtype("f8"), vast, text("C")))
    yield (
        "frombuffer-of-objects",
        "arguments",
        pickle(call(frombuffer, data(bytes(8)), dtype("O8", 63), shape, text("C"))),
    )


def dtypes():
    yield "dtype-objects-without-their-flag", "arguments", pickle(dtype("O8", 0))
    yield "dtype-pointer-flag", "arguments", pickle(dtype("f8", 63))
    yield "dtype-text-of-many", "arguments", pickle(call(by_line("numpy", "dtype"), text("f8,O"), FALSE, TRUE))
    yield (
        "dtype-of-a-class",
        "arguments",
        pickle(call(by_line("numpy", "dtype"), by_line("sklearn.pipeline", "Pipeline"), FALSE, TRUE)),
    )
    state = a_tuple(integer(3), text("<"), NONE, NONE, NONE, integer(-1), integer(-1), integer(0))
    yield "dtype-built-twice", "build", pickle(build(dtype("f8"), state))
    first = call(by_line("numpy", "dtype"), text("V8"), FALSE, TRUE) + put(9) + POP
    later = array(a_tuple(integer(1)), get(9), data(bytes(8))) + POP + build(get(9), state)
    yield "dtype-changed-below-an-array", "build", pickle(first + later)
    # A bare c is a text of that size to numpy.
    yield "dtype-bare-c", "arguments", pickle(dtype("c", size=4096, order="|"))
    large = call(by_line("numpy.core.multiarray", "scalar"), dtype("|c", size=4096, order="|"), data(b"x"))
    yield "dtype-bare-c-of-a-scalar", "arguments", pickle(large)
    yield "dtype-bare-u", "arguments", pickle(call(by_line("numpy", "dtype"), text("u"), FALSE, TRUE))
    yield from structures()


def structures():
    objects, number = dtype("O8", 63, order="|"), dtype("f4")
    yield "dtype-with-objects-in-a-field", "arguments", pickle(structure("x", x=field(objects)))
    yield "dtype-with-a-field-beyond-its-end", "arguments", pickle(structure("x", x=field(dtype("f8"), 4)))
    hidden = structure(("pos", "pos"), pos=field(number), key=field(objects))
    yield "dtype-with-a-field-twice-and-objects", "arguments", pickle(hidden)
    twice = structure(("pos", "pos"), pos=field(number), key=field(number, 4))
    yield "dtype-with-a-field-twice", "arguments", pickle(twice)
    beyond = structure(("pos", "pos"), pos=field(number), key=field(number, 2**30))
    yield "dtype-with-a-field-twice-and-one-beyond-its-end", "arguments", pickle(beyond)
    nameless = structure(("pos", "mass"), pos=field(number), key=field(number, 4))
    yield "dtype-with-a-name-without-a-field", "arguments", pickle(nameless)
    fields = a_dict(x=field(number)) + put(1)
    state = a_tuple(integer(3), text("|"), NONE, a_tuple(text("x")), fields, integer(8), integer(1), integer(0))
    made = build(call(by_line("numpy", "dtype"), text("V8"), FALSE, TRUE), state)
    yield "dtype-with-a-field-changed-later", "build", pickle(made + POP + get(1) + text("x") + field(objects) + b"s")


def joblib(canary):
    evil = pickle(call(by_line("os", "system"), text("touch " + canary)))
    one = a_tuple(integer(1))
    objects = dtype("O8", 63, order="|")
    yield "joblib-nested", "dangerous-global", pickle(wrapper(one, objects) + evil)
    yield "joblib-nested-in-a-list", "dangerous-global", pickle(b"](" + wrapper(one, objects) + evil + b"e")
    escaped = evil.replace(b"cos\nsystem\n", b"V\\u006fs\nVsystem\n\x93")
    yield "joblib-nested-escaped", "dangerous-global", pickle(wrapper(one, objects) + escaped)
    yield "joblib-nested-persistent-id", "persistent-id", pickle(wrapper(one, objects) + b"\x80\x02Px\n.")
    yield (
        "joblib-wrapper-within-a-nested",
        "arguments",
        pickle(wrapper(one, objects) + pickle(wrapper(one, dtype("f8")) + bytes(8))),
    )
    yield (
        "joblib-behind-an-array",
        "dangerous-global",
        pickle(
            b"]("
            + wrapper(one, dtype("f8"), 16)
            + b"\x02\xff\xff"
            + bytes(8)
            + call(by_line("os", "system"), text("touch " + canary))
            + b"e"
        ),
    )
    yield (
        "joblib-shape",
        "length",
        pickle(wrapper(a_tuple(integer(2**31 - 1), integer(2**31 - 1)), dtype("f8")) + bytes(8)),
    )
    yield (
        "joblib-shape-that-wraps-around",
        "length",
        pickle(wrapper(a_tuple(*[integer(2**30)] * 4), dtype("f8")) + bytes(8)),
    )
    yield "joblib-negative-shape", "arguments", pickle(wrapper(a_tuple(integer(-8)), dtype("f8")) + bytes(8))
    yield (
        "joblib-another-class",
        "arguments",
        pickle(wrapper(one, dtype("f8"), subclass=by_line("sklearn.pipeline", "Pipeline")) + bytes(8)),
    )
    yield (
        "joblib-without-state",
        "arguments",
        pickle(build(new(by_line("joblib.numpy_pickle", "NumpyArrayWrapper")), EMPTY_DICT)),
    )
    yield (
        "joblib-old-wrapper",
        "dangerous-global",
        pickle(new(by_line("joblib.numpy_pickle_compat", "NDArrayWrapper"), text("x.npy"))),
    )
    in_frame = wrapper(one, dtype("f8")) + bytes(8) + NONE + POP
    yield "joblib-within-a-frame", "malformed", b"\x80\x04\x95" + struct.pack("<Q", len(in_frame)) + in_frame + b"."
    yield "joblib-trailing", "trailing-bytes", pickle(wrapper(one, dtype("f8")) + bytes(8)) + b"x"
