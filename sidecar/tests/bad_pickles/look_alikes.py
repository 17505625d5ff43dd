"""Honest pickles that look like bad ones: none of these may be refused."""

import gzip

from .assemble import (
    EMPTY_DICT,
    EMPTY_TUPLE,
    FALSE,
    NEWOBJ,
    NONE,
    TRUE,
    a_dict,
    a_list,
    a_tuple,
    array,
    array_of_dill,
    build,
    by_line,
    by_stack,
    call,
    data,
    dtype,
    estimator,
    field,
    integer,
    new,
    pickle,
    structure,
    text,
    wrapper,
)


def cases(canary):
    one = a_tuple(integer(1))
    yield (
        "texts-like-code",
        pickle(a_list(text("os"), text("system"), text("__import__('os').system('x')"), text("cos\nsystem\n"))),
    )
    yield "protocol-0", b"(dp0\nVos\np1\nVsystem\np2\ns."
    yield "keys-like-dunders", pickle(a_dict(__class__=text("x"), __reduce__=NONE))
    yield "a-label-called-eval", pickle(new(by_line("sklearn.preprocessing._label", "LabelEncoder")))
    yield "numbers", pickle(a_list(integer(-1), b"\x8a\x09" + b"\xff" * 8 + b"\0", b"L123L\n", b"I01\n", b"F1.5\n"))
    yield (
        "bytes-by-codecs",
        pickle(call(by_line("_codecs", "encode"), text("\u00ff\u0080"), text("latin1")), protocol=2),
    )
    yield (
        "reconstructor",
        pickle(
            call(
                by_line("copy_reg", "_reconstructor"),
                by_line("collections", "Counter"),
                by_line("__builtin__", "dict"),
                EMPTY_DICT,
            ),
            protocol=0,
        )[2:],
    )
    yield "a-factory", pickle(call(by_line("collections", "defaultdict"), by_line("builtins", "int")))
    yield "numpy-log1p", pickle(estimator(a_dict(func=by_stack("numpy", "log1p"), validate=FALSE)))
    yield "objects", pickle(array(one, dtype("O8", 63, order="|"), a_list(text("x"))))
    yield "array", pickle(array(a_tuple(integer(2)), dtype("f8"), data(bytes(16))))
    # As numpy writes it before its second version; and the lowest of them.
    for flags in (-112, -128):
        aligned = structure("ab", 16, flags, a=field(dtype("i1", order="|")), b=field(dtype("f8"), 8))
        yield f"array-aligned{flags}", pickle(array(a_tuple(integer(3)), aligned, data(bytes(48))))
    yield "array-of-nothing", pickle(array(a_tuple(integer(0), integer(5)), dtype("f8"), data(b"")))
    yield "joblib", pickle(wrapper(one, dtype("f8"), 16) + b"\x03\xff\xff\xff" + bytes(8))
    home = by_line("joblib.numpy_pickle", "NumpyArrayWrapper")
    made = call(by_line("copy_reg", "_reconstructor"), home, by_line("__builtin__", "object"), NONE)
    state = a_dict(subclass=by_line("numpy", "ndarray"), shape=one, order=text("C"), dtype=dtype("f8"))
    yield "joblib-by-protocol-0", pickle(build(made, state) + b"cos\nx\n.\n")
    yield "joblib-opcodes-in-the-array", pickle(wrapper(one, dtype("f8")) + b"cos\nx\n.\n")
    nested = pickle(array(one, dtype("O8", 63, order="|"), a_list(text("x"))), protocol=2)
    yield "joblib-objects", pickle(wrapper(one, dtype("O8", 63, order="|")) + nested)
    yield "gzip", gzip.compress(pickle(a_list(text("x"))))
    dill = call(
        by_line("dill._dill", "_get_attr"), call(by_line("dill._dill", "_import_module"), text("numpy")), text("log1p")
    )
    yield "dill-ufunc", pickle(estimator(a_dict(func=dill)))
    slices = call(call(by_line("dill._dill", "_load_type"), text("slice")), integer(0), integer(2), NONE)
    yield "dill-slice", pickle(slices)
    yield "dill-array", pickle(a_list(array_of_dill(EMPTY_DICT), array_of_dill(NONE)))
    yield "dill-matrix", pickle(array_of_dill(a_dict(_getitem=FALSE)))
    formula = a_dict(formula=text("y ~ x1 + C(kind) : (z - 1) * 2.5"))
    yield "formula", pickle(build(by_line("statsmodels.base.data", "PandasData") + EMPTY_TUPLE + NEWOBJ, formula))
    methods = a_dict(stack_method_=a_list(text("predict_proba"), text("decision_function")), stack_method=text("auto"))
    yield "methods", pickle(build(new(by_line("sklearn.ensemble._stacking", "StackingClassifier")), methods))
    scorer = a_dict(_response_method=a_tuple(text("decision_function"), text("predict_proba")))
    yield "methods-of-a-scorer", pickle(build(new(by_line("sklearn.metrics._scorer", "_Scorer")), scorer))
    moment = (integer(3600), integer(0), text("CET"))
    pytz = [call(by_line("pytz", "_p"), text("Europe/Zurich"), *moment), call(by_line("pytz", "_p"), text("Etc/GMT+1"))]
    yield "zones-of-pytz", pickle(a_list(*pytz))
    yield "a-word-like-a-zone", pickle(a_list(text("dateutil/tz"), text("x")))
    content = a_dict(input=text("content"))
    yield "input", pickle(build(new(by_line("sklearn.feature_extraction.text", "CountVectorizer")), content))
    data_of = build(new(by_line("statsmodels.base.data", "PandasData")), a_dict(restore_design_info=TRUE))
    model = a_dict(data=data_of, design_info=NONE, formula=text("y ~ x"))
    made = build(new(by_line("statsmodels.regression.linear_model", "OLS")), model)
    yield (
        "statsmodels",
        pickle(build(new(by_line("statsmodels.regression.linear_model", "OLSResults")), a_dict(model=made))),
    )
    newer = a_dict(restore_model_spec=TRUE, frame=NONE, formula=text("y ~ x1 + C(kind)"))
    yield "statsmodels-since-0.15", pickle(build(new(by_line("statsmodels.base.data", "PandasData")), newer))
    chain = new(by_line("sklearn.multioutput", "ClassifierChain"))
    orders = a_list(text("decision_function"), text("predict_proba"))
    yield "methods-of-a-chain", pickle(build(chain, a_dict(chain_method=orders, chain_method_=text("predict_proba"))))
    for name, getter in {"auto": text("auto"), "path": text("named_steps.my-model.coef_"), "none": NONE}.items():
        selector = new(by_line("sklearn.feature_selection._from_model", "SelectFromModel"))
        yield f"getter-{name}", pickle(build(selector, a_dict(importance_getter=getter)))
    selector = new(by_line("sklearn.feature_selection._rfe", "RFE"))
    yield "getter-function", pickle(build(selector, a_dict(importance_getter=by_line("numpy", "abs"))))
    yield "many-things", pickle(a_list(*[a_list(integer(1)) + b"\x94"] * 300_000))
    yield "memo-number-again", pickle(a_list(*[NONE + b"q\x01"] * 1_000_000))
    counts = new(by_line("statsmodels.discrete.count_model", "ZeroInflatedPoisson")) + b"q\x01"
    results = by_line("statsmodels.discrete.count_model", "ZeroInflatedPoissonResults")
    hessian = call(by_line("builtins", "getattr"), b"h\x01", text("_hessian_logit"))
    yield "methods-of-counts", pickle(build(counts, a_dict(_hessian_inflate=hessian, result_class=results)))
    fraction = by_line("fractions", "Fraction")
    yield "fractions", pickle(a_list(call(fraction, text("-1/3")), call(fraction, integer(1), integer(3))))
    yield "shared-things", pickle(a_list(a_tuple(text("x")) + b"q\x00", b"h\x00" * 200))
    yield "deep-but-not-too-deep", pickle(b"]" * 500 + b"a" * 499)
    yield "unused-true", pickle(TRUE)
