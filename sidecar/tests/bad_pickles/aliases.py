"""One object known as two things: what is checked under one name, and changed under the other."""

from .assemble import (
    EMPTY_DICT,
    EMPTY_TUPLE,
    FALSE,
    NEWOBJ,
    NONE,
    POP,
    TRUE,
    a_dict,
    a_list,
    a_tuple,
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

GETATTR = by_line("builtins", "getattr")
COUNTS = "statsmodels.discrete.count_model"
TREES = "sklearn.neighbors._kd_tree"
PARSER = """
def _parse_args(self,  loc=0, scale=1):
    return (), loc, scale

def _parse_args_rvs(self,  loc=0, scale=1, size=None):
    return self._argcheck_rvs( loc, scale, size=size)

def _parse_args_stats(self,  loc=0, scale=1, moments='mv'):
    return (), loc, scale, moments
"""


def cases(canary):
    code = f"import os\nos.system('touch {canary}')\n"
    yield from replaced(code)
    yield from methods(code)
    yield from slots()
    yield from without_rules()
    yield from shared()


def norm():
    return new(by_line("scipy.stats._continuous_distns", "norm_gen"))


def count():
    return new(by_line(COUNTS, "ZeroInflatedPoisson"))


def entropy(owner):
    return call(GETATTR, owner, text("_entropy"))


def hessian(owner):
    return call(GETATTR, owner, text("_hessian_logit"))


def replaced(code):
    """The state puts another object in the method's place; what getattr gives is that, and no rule holds for it."""
    state = a_dict(_parse_arg_template=text(PARSER), numargs=integer(0), moment_type=integer(1), _entropy=get(1))
    two = norm() + put(1) + POP + build(norm() + put(2), state) + POP
    yield "alias-by-entropy", "build", pickle(two, build(entropy(get(2)), a_dict(_parse_arg_template=text(code))))
    stats = new(by_line("statsmodels.base.data", "PandasData")) + put(1) + POP
    two = stats + build(count() + put(2), a_dict(_hessian_logit=get(1))) + POP
    later = a_dict(restore_design_info=TRUE, formula=text("y ~ x"), frame=EMPTY_DICT)
    yield "alias-by-hessian", "build", pickle(two, build(hessian(get(2)), later))
    for name in ("_entropy", "_hessian_logit", "_hessian_probit"):
        yield f"alias-{name}-in-an-estimator", "build", pickle(estimator(a_dict(**{name: NONE})))
    yield "alias-in-a-pair", "build", pickle(build(norm(), a_tuple(a_dict(_entropy=NONE), NONE)))
    many = a_dict(**{f"a{number}": NONE for number in range(100)}, _entropy=NONE)
    yield "alias-behind-others", "build", pickle(build(norm(), many))
    own = build(norm() + put(1), a_dict(_entropy=entropy(get(1))))
    yield "alias-of-its-own-method", "arguments", pickle(own)


def methods(code):
    """A bound method is no instance, and stays only where libraries keep it."""
    yield "method-built", "build", pickle(build(entropy(norm()), a_dict(_parse_arg_template=text(code))))
    yield "method-built-by-a-pair", "build", pickle(build(entropy(norm()), a_tuple(NONE, a_dict(x=NONE))))
    yield "method-called", "call", pickle(call(hessian(count()), NONE))
    yield "method-as-the-root", "arguments", pickle(entropy(norm()))
    yield "method-in-a-list", "arguments", pickle(a_list(entropy(norm())))
    yield "method-in-a-tuple", "arguments", pickle(a_tuple(a_tuple(entropy(norm()))))
    yield "method-as-a-function", "arguments", pickle(estimator(a_dict(func=entropy(norm()))))
    yield "method-as-a-key", "arguments", pickle(EMPTY_DICT + entropy(norm()) + NONE + b"s")
    yield "method-as-a-state", "arguments", pickle(estimator(entropy(norm())))
    wrapped = call(by_line("functools", "partial"), entropy(norm()))
    yield "method-in-a-partial", "arguments", pickle(estimator(a_dict(func=wrapped)))
    random = by_line("numpy.random._pickle", "__randomstate_ctor")
    yield "method-as-an-argument", "arguments", pickle(call(random, entropy(norm())))
    yield "method-of-another", "arguments", pickle(build(count(), a_dict(_hessian_inflate=hessian(count()))))
    yield "method-of-an-estimator", "arguments", pickle(estimator(a_dict(pyfunc=entropy(norm()))))
    kept = a_dict(pyfunc=entropy(norm()))
    yield "method-in-no-state", "arguments", pickle(estimator(a_dict(kw_args=kept)))
    yield "method-in-a-counter", "arguments", pickle(call(by_line("collections", "Counter"), kept))
    bunch = new(by_line("sklearn.utils", "Bunch")) + text("pyfunc") + entropy(norm()) + b"s"
    yield "method-in-a-bunch", "arguments", pickle(bunch)
    vectorized = new(by_line("numpy", "vectorize"))
    yield "method-under-another-key", "arguments", pickle(build(vectorized, a_dict(otypes=entropy(norm()))))
    results = new(by_line(COUNTS, "ZeroInflatedPoissonResultsWrapper"))
    yield "method-of-results", "arguments", pickle(hessian(results))


def slots():
    """Python sets these by setattr: csr_matrix.shape has the attributes of what its reshape gives."""
    matrix = new(by_line("scipy.sparse._csr", "csr_matrix"))
    shape = a_dict(shape=a_tuple(integer(1), integer(1)))
    yield "slots-of-a-matrix", "build", pickle(build(matrix, a_tuple(EMPTY_DICT, shape)))
    yield "slots-of-an-estimator", "build", pickle(estimator(a_tuple(NONE, a_dict(x=NONE))))
    day = new(by_line("pandas._libs.tslibs.offsets", "Day"))
    yield "slots-of-a-day", "build", pickle(build(day, a_tuple(NONE, a_dict(x=NONE))))


def without_rules():
    """What a constructor makes is an instance like others: the rules of its class hold."""
    evil = a_dict(_response_method=text("eval"))
    scorer = by_line("sklearn.metrics._scorer", "_PredictScorer")
    distance = by_line("sklearn.metrics._dist_metrics", "newObj")
    yield "newobj-of-a-scorer", "arguments", pickle(build(call(distance, scorer), evil))
    tree = call(by_line(TREES, "newObj"), by_line(TREES, "KDTree"))
    yield "newobj-with-a-method", "build", pickle(build(tree, evil))
    other = by_line("sklearn.neighbors._ball_tree", "BallTree")
    yield "newobj-of-another-module", "arguments", pickle(call(by_line(TREES, "newObj"), other))
    pyx = by_line("sklearn.metrics._dist_metrics", "__pyx_unpickle_DistanceMetric")
    yield "pyx-with-a-method", "build", pickle(build(call(pyx, scorer, integer(1), NONE), evil))
    yield "pyx-with-a-method-at-once", "build", pickle(call(pyx, scorer, integer(1), a_tuple(integer(1), evil)))
    dunder = a_tuple(a_dict(__class__=NONE))
    yield "pyx-with-a-dunder", "build", pickle(call(pyx, scorer, integer(1), dunder))
    later = call(pyx, scorer, integer(1), a_tuple(EMPTY_DICT + put(1))) + POP + get(1) + text("x") + NONE + b"s"
    yield "pyx-state-changed-later", "build", pickle(later)
    heir = call(by_line("collections", "OrderedDict")) + text("_response_method") + text("eval") + b"s"
    ordered = a_tuple(integer(1), NONE, heir)
    yield "pyx-with-an-ordered-dict", "arguments", pickle(call(pyx, scorer, integer(1), ordered))
    seed = by_line("numpy.random.bit_generator", "__pyx_unpickle_SeedSequence")
    yield "pyx-of-another-package", "arguments", pickle(call(seed, scorer, integer(1), NONE))
    index = by_line("pandas.core.indexes.base", "_new_Index")
    frame = by_line("pandas.core.frame", "DataFrame")
    yield "index-of-a-frame", "arguments", pickle(call(index, frame, EMPTY_DICT))
    made = call(index, by_line("pandas.core.indexes.base", "Index"), EMPTY_DICT)
    yield "index-with-a-state-of-a-kind", "build", pickle(build(made, a_tuple(NONE, NONE, NONE)))
    yield "index-with-a-method", "build", pickle(build(made, evil))
    random = call(by_line("numpy.random._pickle", "__randomstate_ctor"), text("MT19937"))
    yield "randomstate-with-a-method", "build", pickle(build(random, evil))


def shared():
    """One for all bundles of a process: a state of it would be everybody's. And numbers, which have none."""
    nat = call(by_line("pandas._libs.tslibs.nattype", "_nat_unpickle"), NONE)
    utc = call(by_line("pytz", "_UTC"))
    number = call(by_line("numpy.core.multiarray", "scalar"), dtype("f8"), data(bytes(8)))
    fraction = call(by_line("fractions", "Fraction"), text("1/3"))
    a_set = call(by_line("builtins", "set"), a_list())
    for name, made in {"nat": nat, "utc": utc, "scalar": number, "fraction": fraction, "set": a_set}.items():
        yield f"state-of-{name}", "build", pickle(build(made, a_dict(x=NONE)))
    for module, name in (("numpy", "dtype"), ("fractions", "Fraction"), ("builtins", "bytearray")):
        made = call(by_line("copyreg", "_reconstructor"), by_line(module, name), by_line("builtins", "object"), NONE)
        yield f"reconstructor-of-{name}", "arguments", pickle(made)
    matrix = by_line("joblib.numpy_pickle", "NumpyArrayWrapper") + EMPTY_TUPLE + NEWOBJ
    state = a_dict(subclass=by_line("numpy", "recarray"), shape=a_tuple(integer(1)), order=text("C"), dtype=dtype("f8"))
    yield "joblib-of-records", "arguments", pickle(build(matrix, state) + bytes(8))


def honest():
    """As scipy, statsmodels, numpy and scikit-learn write them."""
    vectorized = build(new(by_line("numpy", "vectorize")), a_dict(pyfunc=entropy(get(1)), cache=FALSE))
    state = a_dict(_parse_arg_template=text(PARSER), numargs=integer(0), moment_type=integer(1), vecentropy=vectorized)
    yield "method-of-a-distribution", pickle(build(norm() + put(1), state))
    tags = new(by_line("sklearn.utils._tags", "TargetTags"))
    yield "slots-of-tags", pickle(build(tags, a_tuple(NONE, a_dict(required=TRUE))))
    tree = call(by_line(TREES, "newObj"), by_line(TREES, "KDTree"))
    yield "newobj-of-a-tree", pickle(build(tree, a_tuple(integer(1), NONE)))
    backed = by_line("pandas._libs.arrays", "__pyx_unpickle_NDArrayBacked")
    made = call(backed, by_line("pandas.core.arrays.datetimes", "DatetimeArray"), integer(1), NONE)
    yield "pyx-of-an-array", pickle(build(made, a_tuple(NONE, integer(1), a_dict(_freq=NONE))))
