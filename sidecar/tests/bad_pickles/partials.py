"""functools.partial, which calls what it holds: around something else, or changed afterwards."""

from .assemble import (
    EMPTY_DICT,
    EMPTY_LIST,
    EMPTY_TUPLE,
    FALSE,
    NEWOBJ,
    NONE,
    POP,
    a_dict,
    a_list,
    a_tuple,
    build,
    by_line,
    by_stack,
    call,
    data,
    estimator,
    get,
    integer,
    pickle,
    put,
    text,
)

PARTIAL = by_line("functools", "partial")
CHECK = by_line("sklearn.utils.validation", "check_array")
CLIP = by_line("numpy", "clip")
FLOAT = by_line("numpy", "float64")


def state(function, arguments=EMPTY_TUPLE, keywords=EMPTY_DICT, attributes=NONE):
    return a_tuple(function, arguments, keywords, attributes)


def transformer(partial):
    return pickle(estimator(a_dict(func=partial, validate=FALSE)))


def cases(canary):
    touch = text("touch " + canary)
    made = call(PARTIAL, CHECK)
    for name, module, function in (
        ("os-system", "os", "system"),
        ("exec", "builtins", "exec"),
        ("getattr", "operator", "attrgetter"),
    ):
        evil = by_line(module, function)
        wrapped = build(call(PARTIAL, evil), state(evil, a_tuple(touch)))
        yield f"partial-of-{name}", "dangerous-global", transformer(wrapped)
        yield f"partial-built-to-{name}", "dangerous-global", transformer(build(made, state(evil, a_tuple(touch))))
    yield "partial-of-eval-by-stack", "dangerous-global", transformer(call(PARTIAL, by_stack("builtins", "eval")))
    yield "partial-of-a-partial", "arguments", transformer(call(PARTIAL, made))
    yield "partial-of-the-partial", "arguments", transformer(call(PARTIAL, PARTIAL))
    yield "partial-of-a-constructor", "arguments", transformer(call(PARTIAL, by_line("dill._dill", "_import_module")))
    yield "partial-of-a-class", "arguments", transformer(call(PARTIAL, by_line("sklearn.pipeline", "Pipeline")))
    yield "partial-of-another-value", "arguments", transformer(call(PARTIAL, by_line("numpy", "asarray")))
    yield "partial-of-nothing", "arguments", transformer(call(PARTIAL))
    yield "partial-with-arguments-of-the-call", "arguments", transformer(call(PARTIAL, CHECK, touch))
    yield "partial-as-a-value", "arguments", transformer(PARTIAL)
    yield "partial-called", "call", pickle(call(made, touch))
    yield "partial-by-newobj", "call", pickle(PARTIAL + a_tuple(CHECK) + NEWOBJ)
    yield "partial-with-keywords", "call", pickle(PARTIAL + a_tuple(CHECK) + a_dict(x=touch) + b"\x92")
    yield "partial-subclass", "unknown-global", transformer(call(by_line("functools", "partialish"), CHECK))
    yield "partialmethod", "dangerous-global", transformer(call(by_line("functools", "partialmethod"), CHECK))
    reconstructor = by_line("copyreg", "_reconstructor")
    heir = call(reconstructor, PARTIAL, by_line("builtins", "object"), NONE)
    yield "partial-by-reconstructor", "arguments", transformer(heir)
    yield from states(made, touch)


def states(made, touch):
    for name, given in {
        "another-function": state(CLIP),
        "too-many-arguments": state(CHECK, a_tuple(*[NONE] * 65)),
        "a-long-tuple": state(CHECK, a_tuple(a_tuple(*[NONE] * 65))),
        "another-partial": state(call(PARTIAL, CHECK)),
        "no-function": state(NONE),
        "a-dict": a_dict(func=CLIP),
        "a-pair": a_tuple(NONE, a_dict(func=CLIP)),
        "three": a_tuple(CHECK, EMPTY_TUPLE, EMPTY_DICT),
        "five": a_tuple(CHECK, EMPTY_TUPLE, EMPTY_DICT, NONE, NONE),
        "a-function-as-argument": state(CHECK, a_tuple(CLIP)),
        "an-estimator-as-argument": state(CHECK, a_tuple(estimator())),
        "bytes-as-argument": state(CHECK, a_tuple(data(b"x"))),
        "a-list-of-lists": state(CHECK, a_tuple(a_list(EMPTY_LIST))),
        "a-list-of-arguments": state(CHECK, EMPTY_LIST),
        "a-function-as-keyword": state(CHECK, keywords=a_dict(dtype=CLIP)),
        "a-dunder-as-keyword": state(CHECK, keywords=a_dict(__class__=NONE)),
        "a-number-as-keyword": state(CHECK, keywords=EMPTY_DICT + integer(1) + NONE + b"s"),
        "keywords-by-an-ordered-dict": state(CHECK, keywords=call(by_line("collections", "OrderedDict"))),
        "many-keywords": state(CHECK, keywords=a_dict(**{f"a{number}": NONE for number in range(70)})),
        "attributes": state(CHECK, attributes=a_dict(func=CLIP)),
    }.items():
        yield f"partial-built-with-{name}", "build", transformer(build(made, given))
    yield "partial-built-twice", "build", transformer(build(build(made, state(CHECK)), state(CHECK)))
    later = estimator(build(made, state(CHECK, keywords=EMPTY_DICT + put(1)))) + POP
    yield "partial-keywords-changed-later", "build", pickle(later + get(1) + text("x") + CLIP + b"s")
    later = build(made, state(CHECK, a_tuple(EMPTY_LIST + put(1)))) + POP
    yield "partial-arguments-changed-later", "build", pickle(later + get(1) + CLIP + b"a")
    later = build(made, state(CHECK, attributes=EMPTY_DICT + put(1))) + POP
    yield "partial-attributes-changed-later", "build", pickle(later + get(1) + text("x") + touch + b"s")
    yield "partial-set-items", "call", pickle(made + text("x") + NONE + b"s")


def honest():
    """As scikit-learn's gradient boosting with categories has it; and what people make of numpy's functions."""
    keywords = a_dict(dtype=a_list(FLOAT), force_all_finite=FALSE)
    yield "partial-of-check-array", transformer(build(call(PARTIAL, CHECK), state(CHECK, keywords=keywords)))
    clip = state(CLIP, keywords=a_dict(a_min=integer(0), a_max=NONE), attributes=EMPTY_DICT)
    yield "partial-of-clip", transformer(build(call(PARTIAL, CLIP), clip))
    power = call(by_line("numpy.core", "_ufunc_reconstruct"), text("numpy"), text("power")) + put(1)
    yield "partial-of-a-ufunc", transformer(build(call(PARTIAL, power), state(get(1), a_tuple(integer(2)), NONE)))
    yield "partial-not-built", transformer(call(PARTIAL, CHECK))
