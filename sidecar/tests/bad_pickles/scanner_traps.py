"""Streams that made a published scanner read something else than Python reads, or give up before it was done."""

import gzip
import struct

from .assemble import (
    BUILD,
    EMPTY_DICT,
    MARK,
    MEMOIZE,
    NONE,
    POP,
    REDUCE,
    STACK_GLOBAL,
    a_dict,
    a_list,
    a_tuple,
    array,
    by_line,
    call,
    dtype,
    estimator,
    get,
    integer,
    pickle,
    put,
    text,
    wrapper,
)

OBJECTS = dtype("O8", flags=63, order="|")


def cases(canary):
    touch = text("touch " + canary)
    evil = call(by_line("os", "system"), touch)
    known = "dangerous-global"
    yield "published-payload-then-nonsense", known, b"\x80\x04" + evil + b"\xff\xfe\xfd"
    yield "published-payload-then-an-unknown-memo", known, b"\x80\x04" + evil + get(200) + b"."
    yield "published-payload-then-an-empty-stack", known, b"\x80\x04" + evil + POP + POP + b"."
    yield "published-payload-then-a-bad-length", known, b"\x80\x04" + evil + b"X\xff\xff\xff\xff"
    yield "published-payload-then-a-bad-number", known, b"\x80\x04" + evil + b"Inone\n."
    yield "published-payload-without-an-end", known, b"\x80\x04" + evil
    yield "published-build-behind-it", known, pickle(evil + EMPTY_DICT + BUILD)
    yield "published-its-result-in-a-dict", known, pickle(EMPTY_DICT + text("k") + evil + b"s")
    yield "published-its-result-in-a-tuple-dropped", known, pickle(a_tuple(evil) + POP + NONE)
    # PUT counts otherwise than MEMOIZE: what a scanner took for torch._utils is os.
    names = text("os") + put(0) + text("system") + put(1)
    decoys = text("torch._utils") + MEMOIZE + text("_rebuild_tensor_v2") + MEMOIZE
    asked = POP * 4 + get(0) + get(1) + STACK_GLOBAL + a_tuple(touch) + REDUCE
    yield "published-memo-of-two-kinds", known, pickle(names + decoys + asked)
    yield (
        "published-name-of-short-strings",
        known,
        pickle(b"U\x02osU\x06system" + STACK_GLOBAL + a_tuple(touch) + REDUCE),
    )
    yield "published-name-of-bytes", "malformed", pickle(b"C\x02osC\x06system" + STACK_GLOBAL)
    yield "published-name-put-together", "unknown-global", pickle(text("o\u200bs") + text("system") + STACK_GLOBAL)
    yield (
        "published-protocol-0-behind-protocol-4",
        known,
        b"\x80\x04cposix\nsystem\n(S'touch " + canary.encode() + b"'\ntR.",
    )
    yield "published-two-protocols", known, b"\x80\x02\x80\x04" + evil + b"."
    yield "published-frame-of-nothing", known, b"\x80\x04\x95" + struct.pack("<Q", len(evil) + 1) + evil + b"."
    yield "published-zip-behind-a-pickle", "trailing-bytes", pickle(NONE) + b"PK\x03\x04" + bytes(40)
    yield "published-by-extension-code", "extension-code", pickle(b"\x82\x7f" + a_tuple(touch) + REDUCE)
    yield "published-class-by-obj", known, pickle(MARK + by_line("subprocess", "Popen") + touch + b"o")
    yield "published-alias-of-python-2", known, pickle(call(by_line("__builtin__", "apply"), touch), protocol=1)
    yield "published-commands-of-python-2", known, pickle(call(by_line("commands", "getstatusoutput"), touch))
    yield "published-a-chain-of-getters", known, pickle(call(call(by_line("operator", "attrgetter"), touch), NONE))
    yield "published-a-chain-by-import", known, pickle(call(by_line("importlib", "import_module"), text("os")))
    objects = array(a_tuple(integer(1)), OBJECTS, a_list(evil))
    yield "published-in-an-array-of-objects", known, pickle(objects)
    inner = b"\x80\x04" + evil + b"."
    yield "published-in-joblibs-inner-pickle", known, pickle(wrapper(a_tuple(integer(1)), OBJECTS) + inner)
    yield "published-in-joblib-in-gzip", known, gzip.compress(pickle(wrapper(a_tuple(integer(1)), OBJECTS) + inner))
    yield "published-as-a-transformers-function", known, pickle(estimator(a_dict(func=by_line("numpy", "load"))))
    loader = a_dict(func=by_line("joblib", "load"), kw_args=a_dict(filename=touch))
    yield "published-as-a-loader-in-a-pipeline", known, pickle(estimator(loader))
    yield (
        "published-own-name-of-a-scanner",
        "unknown-global",
        pickle(call(by_line("picklescan.scanner", "scan_url"), touch)),
    )
