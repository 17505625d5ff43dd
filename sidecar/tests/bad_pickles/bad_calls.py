"""Honest names, called with what they are never given, and BUILD on what has no state."""

from .assemble import (
    EMPTY_DICT,
    EMPTY_TUPLE,
    FALSE,
    NEWOBJ,
    NONE,
    POP,
    REDUCE,
    TRUE,
    a_dict,
    a_list,
    a_tuple,
    array,
    array_of_dill,
    build,
    by_line,
    call,
    data,
    dtype,
    estimator,
    get,
    integer,
    new,
    pickle,
    put,
    text,
)

TREE = "sklearn.neighbors._kd_tree"
STATS = "statsmodels.base.data"


def cases(canary):
    yield from builds(canary)
    yield from constructors(canary)
    yield from values(canary)
    yield from evaluated(canary)


def builds(canary):
    function = by_line("numpy", "log1p")
    code = a_dict(__code__=text("x"))
    yield "build-on-a-function", "build", pickle(build(function, code))
    yield (
        "build-on-a-class",
        "build",
        pickle(build(by_line("sklearn.pipeline", "Pipeline"), a_dict(predict=function)) + POP + NONE),
    )
    slots = a_tuple(NONE, a_dict(__reduce__=function))
    yield "build-slots-on-a-class", "build", pickle(build(by_line("builtins", "int"), slots))
    yield "build-on-a-list", "build", pickle(build(b"]", EMPTY_DICT))
    yield "build-on-a-text", "build", pickle(build(text("x"), a_dict(x=NONE)))
    yield "build-a-dunder", "build", pickle(estimator(a_dict(__class__=by_line("numpy", "float64"))))
    yield "build-a-dunder-slot", "build", pickle(estimator(a_tuple(NONE, a_dict(__dict__=EMPTY_DICT))))
    yield (
        "build-with-a-tuple-of-pairs",
        "build",
        pickle(estimator(a_tuple(a_tuple(text("a"), NONE), a_tuple(text("b"), NONE)))),
    )
    key = call(by_line("numpy.core.multiarray", "scalar"), dtype("U1", 8, 4), data(b"f\0\0\0"))
    yield "build-with-a-key-like-a-text", "build", pickle(estimator(b"}(" + key + NONE + b"u"))
    late = EMPTY_DICT + put(1) + POP + estimator(get(1)) + POP + get(1) + text("__class__") + NONE + b"s"
    yield "state-changed-after-the-check", "build", pickle(late)
    yield "build-on-a-module", "build", pickle(build(module_of_dill("numpy"), a_dict(log1p=NONE)))
    yield "build-a-state-that-is-an-instance", "build", pickle(estimator(call(by_line("collections", "OrderedDict"))))


def module_of_dill(name):
    return call(by_line("dill._dill", "_import_module"), text(name))


def constructors(canary):
    touch = text("touch " + canary)
    yield "dill-import-os", "arguments", pickle(module_of_dill("os"))
    yield "dill-import-dotted", "arguments", pickle(module_of_dill("os.system"))
    yield "dill-import-canary", "arguments", pickle(module_of_dill("antigravity"))
    yield (
        "dill-get-attr-of-numpy",
        "arguments",
        pickle(call(by_line("dill._dill", "_get_attr"), module_of_dill("numpy"), text("load"))),
    )
    yield (
        "dill-get-attr-dotted",
        "arguments",
        pickle(call(by_line("dill._dill", "_get_attr"), module_of_dill("numpy"), text("os.system"))),
    )
    yield "dill-load-type-code", "arguments", pickle(call(by_line("dill._dill", "_load_type"), text("CodeType")))
    yield "dill-load-type-file", "arguments", pickle(call(by_line("dill._dill", "_load_type"), text("FileType")))
    created = call(by_line("dill._dill", "_create_array"), by_line("numpy", "log1p"), a_tuple(touch), EMPTY_TUPLE)
    yield "dill-create-array-by-another-function", "arguments", pickle(created)
    design = text(f"__import__('os').system('touch {canary}')")
    yield "dill-create-array-with-attributes", "arguments", pickle(array_of_dill(a_dict(design_info=design)))
    both = a_dict(_getitem=FALSE, design_info=design)
    yield "dill-create-array-with-more-than-a-matrix-has", "arguments", pickle(array_of_dill(both))
    yield "dill-create-array-with-a-text", "arguments", pickle(array_of_dill(a_dict(_getitem=design)))
    later = array_of_dill(EMPTY_DICT + put(1)) + POP + get(1) + text("design_info") + design + b"s"
    yield "dill-create-array-with-attributes-later", "build", pickle(later)
    for encoding in ("rot13", "zlib", "bz2", "hex", "utf-16", "idna", "unicode_escape"):
        yield f"encode-{encoding}", "arguments", pickle(call(by_line("_codecs", "encode"), text("x"), text(encoding)))
    yield (
        "encode-a-class",
        "arguments",
        pickle(call(by_line("_codecs", "encode"), by_line("numpy", "float64"), text("latin1"))),
    )
    reconstruct = by_line("numpy.core.multiarray", "_reconstruct")
    estimator_class = by_line("sklearn.pipeline", "Pipeline")
    yield (
        "reconstruct-another-class",
        "arguments",
        pickle(call(reconstruct, estimator_class, a_tuple(integer(0)), data(b"b"))),
    )
    yield (
        "reconstruct-a-shape",
        "arguments",
        pickle(call(reconstruct, by_line("numpy", "ndarray"), a_tuple(integer(2**30)), data(b"b"))),
    )
    reconstructor = by_line("copyreg", "_reconstructor")
    yield (
        "reconstructor-another-base",
        "arguments",
        pickle(call(reconstructor, estimator_class, by_line("builtins", "str"), touch)),
    )
    yield (
        "reconstructor-a-state",
        "arguments",
        pickle(call(reconstructor, estimator_class, by_line("builtins", "object"), a_list())),
    )
    yield (
        "reconstructor-no-class",
        "arguments",
        pickle(call(reconstructor, text("x"), by_line("builtins", "object"), NONE)),
    )
    yield "kdtree-newobj-another-class", "arguments", pickle(call(by_line(TREE, "newObj"), estimator_class))
    yield "kdtree-newobj-two", "arguments", pickle(call(by_line(TREE, "newObj"), by_line(TREE, "KDTree"), touch))
    pyx = by_line("numpy.random.bit_generator", "__pyx_unpickle_SeedSequence")
    yield "pyx-of-a-value", "arguments", pickle(call(pyx, by_line("numpy", "log1p"), integer(1), NONE))
    index = by_line("pandas.core.indexes.base", "_new_Index")
    yield "index-of-another-class", "arguments", pickle(call(index, estimator_class, EMPTY_DICT))
    yield (
        "ufunc-of-another-module",
        "arguments",
        pickle(call(by_line("numpy.core", "_ufunc_reconstruct"), text("os"), text("system"))),
    )
    random = by_line("numpy.random._pickle", "__randomstate_ctor")
    yield "randomstate-another-function", "arguments", pickle(call(random, text("MT19937"), by_line("numpy", "log1p")))
    yield "getattr", "arguments", pickle(call(by_line("builtins", "getattr"), estimator(), text("fit")))
    yield (
        "getattr-of-a-class",
        "arguments",
        pickle(call(by_line("builtins", "getattr"), estimator_class, text("__init__"))),
    )
    zip_model = new(by_line("statsmodels.discrete.count_model", "ZeroInflatedPoisson"))
    yield "getattr-of-counts", "arguments", pickle(call(by_line("builtins", "getattr"), zip_model, text("fit")))
    yield "entropy-of-counts", "arguments", pickle(call(by_line("builtins", "getattr"), zip_model, text("_entropy")))
    ols = new(by_line("statsmodels.regression.linear_model", "OLS"))
    hessian = call(by_line("builtins", "getattr"), ols, text("_hessian_logit"))
    yield "hessian-of-no-counts", "arguments", pickle(hessian)
    yield "bytearray-of-a-number", "arguments", pickle(call(by_line("builtins", "bytearray"), integer(2**31 - 1)))
    yield (
        "set-of-a-range",
        "arguments",
        pickle(call(by_line("builtins", "set"), call(by_line("builtins", "range"), integer(2**30)))),
    )
    yield (
        "booster-from-a-file",
        "arguments",
        pickle(call(by_line("xgboost.core", "Booster"), NONE, EMPTY_TUPLE, text(canary))),
    )
    yield "counter-of-a-class", "arguments", pickle(call(by_line("collections", "Counter"), estimator_class))
    yield (
        "scalar-of-objects",
        "arguments",
        pickle(call(by_line("numpy.core.multiarray", "scalar"), dtype("O8", 63), data(b"12345678"))),
    )


def values(canary):
    yield "call-a-value", "call", pickle(call(by_line("numpy", "log1p"), integer(1)))
    yield "call-a-text", "call", pickle(call(text("os.system"), text("touch " + canary)))
    yield "call-an-instance", "call", pickle(call(estimator(), text("x")))
    yield (
        "new-of-a-constructor",
        "call",
        pickle(by_line("_codecs", "encode") + a_tuple(text("x"), text("latin1")) + NEWOBJ),
    )
    yield "append-to-an-instance", "call", pickle(estimator() + text("x") + b"a")
    yield "set-items-of-an-instance", "call", pickle(estimator() + text("x") + NONE + b"s")
    yield "add-to-an-instance", "call", pickle(estimator() + b"(" + text("x") + b"\x90")
    hidden = by_line("dill._dill", "_import_module")
    yield "a-constructor-as-a-value", "arguments", pickle(estimator(a_dict(func=hidden)))
    yield "a-constructor-in-a-tuple", "arguments", pickle(estimator(a_dict(func=a_tuple(a_tuple(hidden)))))
    yield "a-constructor-as-the-root", "arguments", pickle(hidden)
    yield "a-constructor-as-a-factory", "arguments", pickle(call(by_line("collections", "defaultdict"), hidden))
    yield "reduce-without-a-tuple", "malformed", pickle(by_line("collections", "OrderedDict") + EMPTY_DICT + REDUCE)
    keywords = a_dict(model_file=text(canary))
    yield (
        "new-with-keywords",
        "arguments",
        pickle(by_line("xgboost.core", "Booster") + EMPTY_TUPLE + keywords + b"\x92"),
    )


def evaluated(canary):
    def formula(value):
        return build(
            new(by_line(STATS, "PandasData")), a_dict(restore_design_info=TRUE, frame=EMPTY_DICT, formula=value)
        )

    code = f"__import__('os').system('touch {canary}')"
    for case, value in {
        "formula-import": f"y ~ {code}",
        "formula-call": "y ~ f(x)",
        "formula-np-call": "y ~ np.loadtxt('x')",
        "formula-attribute": "y ~ x.values",
        "formula-index": "y ~ x[0]",
        "formula-string": "y ~ Q('x')",
        "formula-called-factor": "y ~ C(x)(z)",
        "formula-factor-call": "y ~ C(f(x))",
        "formula-like-a-factor": "y ~ xC(z)",
    }.items():
        yield case, "formula", pickle(formula(text(value)))
    yield (
        "formula-no-text",
        "formula",
        pickle(formula(call(by_line("numpy.core.multiarray", "scalar"), dtype("U1", 8, 4), data(b"y\0\0\0")))),
    )
    parser = a_dict(_parse_arg_template=text(code))
    uniform = new(by_line("scipy.stats._continuous_distns", "uniform_gen"))
    yield "scipy-parser", "formula", pickle(build(uniform, parser))
    yield (
        "scipy-parser-by-pairs",
        "build",
        pickle(build(uniform, a_tuple(a_dict(_parse_arg_template=NONE, x=NONE), NONE))),
    )
    yield (
        "scipy-parser-in-an-array-of-objects",
        "formula",
        pickle(array(a_tuple(integer(1)), dtype("O8", 63, order="|"), a_list(build(uniform, parser)))),
    )
    yield "dtype-of-two", "arguments", pickle(call(by_line("numpy", "dtype"), text("O,f8"), FALSE, TRUE))
