"""Honest classes whose state would run, read or reckon something later, when the model answers."""

from .assemble import (
    EMPTY_TUPLE,
    FALSE,
    NEWOBJ,
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
    estimator,
    get,
    integer,
    new,
    pickle,
    put,
    text,
)

LINEAR = "statsmodels.regression.linear_model"


def cases(canary):
    yield from evaluated(f"__import__('os').system('touch {canary}')")
    yield from called(canary)
    yield from reckoned()
    yield from zones()
    yield from pointers()


def instance(module, name, state):
    return build(by_line(module, name) + EMPTY_TUPLE + NEWOBJ, state)


def evaluated(code):
    """patsy.dmatrix evaluates a design that is a text."""
    for key in ("design_info", "design_info_linear", "scale_design_info", "model_spec"):
        yield f"state-{key}", "formula", pickle(instance(LINEAR, "OLS", a_dict(**{key: text(code)})))
    stats = ("statsmodels.base.data", "PandasData")
    for flag in ("restore_design_info", "restore_model_spec"):
        yield f"state-{flag}-text", "formula", pickle(instance(*stats, a_dict(**{flag: text(code)})))
        given = a_dict(**{flag: TRUE}, frame=NONE, formula=text(f"y ~ {code}"))
        yield f"state-{flag}-formula", "formula", pickle(instance(*stats, given))
    many = a_dict(**{f"a{number}": NONE for number in range(100)}, design_info=text(code))
    yield "state-design_info-behind-others", "formula", pickle(instance(LINEAR, "OLS", many))
    hidden = a_dict(design_info=text(code))
    spaces = instance("types", "SimpleNamespace", hidden)
    yield "state-design-by-a-namespace", "formula", pickle(instance(LINEAR, "OLS", a_dict(data=spaces)))
    yield "state-model-of-a-namespace", "formula", pickle(instance(LINEAR, "RegressionResults", a_dict(model=spaces)))
    frame = instance("pandas.core.frame", "DataFrame", hidden)
    yield "state-design-of-a-frame", "formula", pickle(instance(LINEAR, "OLS", a_dict(data=frame)))
    cached = instance("pandas.core.frame", "DataFrame", a_dict(_item_cache=hidden))
    yield "state-design-of-a-frame's-cache", "formula", pickle(instance(LINEAR, "OLS", a_dict(data=cached)))
    bunch = by_line("statsmodels.tools.tools", "Bunch") + EMPTY_TUPLE + NEWOBJ + text("design_info") + text(code) + b"s"
    yield "state-design-by-a-bunch", "formula", pickle(instance(LINEAR, "OLS", a_dict(data=bunch)))
    series = by_line("pandas.core.series", "Series") + EMPTY_TUPLE + NEWOBJ
    yield (
        "state-results-of-a-series",
        "formula",
        pickle(instance(LINEAR, "RegressionResultsWrapper", a_dict(_results=series))),
    )


def called(canary):
    """scikit-learn calls what such a state names: DataFrame.eval, to_pickle, statsmodels' load."""
    stacking, forest = (
        ("sklearn.ensemble._stacking", "StackingClassifier"),
        "sklearn.model_selection._classification_threshold",
    )
    yield "state-stack-method", "build", pickle(instance(*stacking, a_dict(stack_method_=a_list(text("eval")))))
    yield "state-stack-method-tuple", "build", pickle(instance(*stacking, a_dict(stack_method_=a_tuple(text("eval")))))
    later = instance(*stacking, a_dict(stack_method_=b"]" + put(1))) + POP + get(1) + text("eval") + b"a"
    yield "state-stack-method-later", "build", pickle(later)
    many = a_list(*[text("predict")] * 80, text("eval"))
    yield "state-stack-method-behind-others", "build", pickle(instance(*stacking, a_dict(stack_method_=many)))
    yield (
        "state-response-method",
        "build",
        pickle(instance(forest, "FixedThresholdClassifier", a_dict(response_method=text("to_pickle")))),
    )
    yield (
        "state-scorer-method",
        "build",
        pickle(instance("sklearn.metrics._scorer", "_Scorer", a_dict(_response_method=text("eval")))),
    )
    chain = ("sklearn.multioutput", "ClassifierChain")
    for key in ("chain_method_", "chain_method"):
        yield f"state-{key}", "build", pickle(instance(*chain, a_dict(**{key: text("eval")})))
        yield f"state-{key}-list", "build", pickle(instance(*chain, a_dict(**{key: a_list(text("eval"))})))
    yield from looked_up()
    for given in ("filename", "file"):
        state = a_dict(input=text(given))
        yield (
            f"state-input-{given}",
            "build",
            pickle(instance("sklearn.feature_extraction.text", "CountVectorizer", state)),
        )
    heir = call(by_line("collections", "OrderedDict")) + text("__class__") + by_line("numpy", "float64") + b"s"
    day = new(by_line("pandas._libs.tslibs.offsets", "Day"))
    yield "state-slots-by-an-ordered-dict", "build", pickle(build(day, a_tuple(NONE, heir)))


def looked_up():
    """operator.attrgetter is handed this, and the estimator."""
    selector = ("sklearn.feature_selection._from_model", "SelectFromModel")
    for number, path in enumerate(("__class__", "coef_.__class__", "_x", "a..b", "", "named_steps._x.coef_")):
        yield f"state-getter-{number}", "build", pickle(instance(*selector, a_dict(importance_getter=text(path))))
    letters = "__class__".encode("utf-32-le")
    made = call(by_line("numpy.core.multiarray", "scalar"), dtype("U9", 8, len(letters)), data(letters))
    yield "state-getter-by-a-scalar", "build", pickle(instance(*selector, a_dict(importance_getter=made)))
    for name in ("RFE", "RFECV"):
        rfe = instance("sklearn.feature_selection._rfe", name, a_dict(importance_getter=text("__dict__")))
        yield f"state-getter-of-{name}", "build", pickle(rfe)


def reckoned():
    fraction = by_line("fractions", "Fraction")
    yield "fraction-with-an-exponent", "arguments", pickle(call(fraction, text("1e9999999999")))
    yield "fraction-of-an-instance", "arguments", pickle(call(fraction, estimator(), integer(1)))
    seed = by_line("numpy.random.bit_generator", "SeedSequence")
    yield "seed-of-a-vast-pool", "arguments", pickle(call(seed, integer(1), NONE, EMPTY_TUPLE, integer(2**30)))


def zones():
    """pytz opens the file of the zone's name, pandas the one that stands behind dateutil/."""
    for number, name in enumerate(("../../etc/passwd", "/etc/passwd", "a/", "a//b", "Europe/Zurich\n", "", "a.b")):
        offsets = (integer(3600), integer(0), text("CET"))
        yield f"zone-of-pytz-{number}", "arguments", pickle(call(by_line("pytz", "_p"), text(name), *offsets))
    other = (text("UTC"), text("x"), integer(0), text("CET"))
    yield "zone-of-pytz-with-texts", "arguments", pickle(call(by_line("pytz", "_p"), *other))
    yield "zone-of-pytz-built", "build", pickle(build(call(by_line("pytz", "_p"), text("UTC")), a_dict(zone=text("x"))))
    home = by_line("pandas.core.dtypes.dtypes", "DatetimeTZDtype")
    name = text("dateutil//dev/zero")
    yield "zone-by-a-path", "arguments", pickle(call(home, text("ns"), name))
    yield "zone-by-a-state", "arguments", pickle(build(new(home), a_dict(unit=text("ns"), tz=name)))
    interval = by_line("pandas.core.dtypes.dtypes", "IntervalDtype")
    yield "zone-in-a-type", "arguments", pickle(call(interval, text("datetime64[ns, dateutil//dev/zero]")))
    yield "zone-escaped", "arguments", pickle(call(home, text("ns"), b"Vdateut\\u0069l//dev/zero\n"))
    yield "zone-escaped-as-python-2", "arguments", pickle(call(home, text("ns"), b"S'dateut\\x69l//dev/zero'\n"))
    letters = "dateutil//dev/zero".encode("utf-32-le")
    made = call(by_line("numpy.core.multiarray", "scalar"), dtype("U18", 8, len(letters)), data(letters))
    yield "zone-by-a-scalar", "arguments", pickle(call(home, text("ns"), made))


def pointers():
    """numpy takes these for an address: of a label of a Series, of a key of a Bunch."""
    state = a_dict(
        data=a_tuple(integer(4096), FALSE), shape=a_tuple(integer(8)), typestr=text("|u1"), version=integer(3)
    )
    for name in ("__array_interface__", "__array_struct__"):
        bunch = by_line("sklearn.utils", "Bunch") + EMPTY_TUPLE + NEWOBJ + text(name) + state + b"s"
        yield f"pointer-{name.strip('_')}", "arguments", pickle(bunch)
    hidden = b"V__array\\u005finterface__\n"
    yield "pointer-escaped", "arguments", pickle(a_list(hidden, TRUE))
    yield "pointer-escaped-as-python-2", "arguments", pickle(a_list(b"S'__array\\x5finterface__'\n"))
    for order, encoding in (("<", "utf-32-le"), (">", "utf-32-be")):
        letters = "__array_interface__".encode(encoding)
        made = array(a_tuple(integer(1)), dtype("U19", 8, len(letters), order), data(letters))
        yield f"pointer-in-an-array-{encoding}", "arguments", pickle(made)
