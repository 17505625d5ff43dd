"""Prints the names that honest pickles written under this Python's libraries may hold: `kind module name [rule]`.

Run by collect.py in one environment after another; see the gate's README for what the kinds and rules mean.
"""

import importlib
import inspect
import pkgutil
import re
import sys
import types
import warnings

# Modules whose classes are no parts of fitted estimators: tests, downloads, drawing, running of other code.
SKIPPED = re.compile(
    r"\.(tests?|conftest|datasets|externals|setup|_?testing|_?mocking|estimator_checks|_test_common|_joblib|parallel|fixes"
    r"|_plot\w*|plot\w*|plotting|graphics|sandbox|_build_utils|_pprint|_repr_html|_estimator_html_repr|_show_versions"
    r"|deprecation|_dynamic_nested|__main__|_openmp_helpers|metaestimators|callback|examples|iolib|show_versions|dask"
    r"|mltable|x13|_x12|exceptions|_arpack|_encode|_missing|doctest\w*|_ufunc_reconstruct|common_tests?|utils_random"
    r"|keras|tensorflow|_pairwise_distances_reduction|libqsturng|multivariate_tools|docstring|_available_if|_user_interface"
    r"|_metadata_requests|_array_api|_mask|inspection|_unittest_backport|linear_assignment_|validation|_param_validation|_set_output|_cython_blas|rls|decorators|version|_version|distributed|metadata_routing|_isfinite)(\.|$)"
)
# Where scikit-learn keeps the functions that estimators are given as parameters. All of them only compute.
VALUES = re.compile(
    r"^sklearn\.(metrics(\.(?!scorer|_scorer)\w+)*|feature_selection\.(_?univariate_selection|_?mutual_info_?)"
    r"|gaussian_process\.correlation_models|gaussian_process\.regression_models)$"
)
IO_WORDS = re.compile(r"load|fetch|read|save|dump|write|open|plot|show|download|parallel|check|deprecat|_reduce|scorer")
EXTENSIONS = re.compile(
    r"^sklearn\.(tree\._tree|tree\._criterion|tree\._splitter|neighbors\.\w+|metrics\._dist_metrics|_loss\._loss"
    r"|linear_model\.(_sgd_fast|sgd_fast))$"
)


def modules_of(package):
    try:
        root = importlib.import_module(package)
    except Exception:
        return
    yield root
    for found in pkgutil.walk_packages(getattr(root, "__path__", []), package + ".", onerror=lambda name: None):
        if SKIPPED.search(found.name[len(package) :]):
            continue
        try:
            yield importlib.import_module(found.name)
        except BaseException:  # some modules want what is not installed, some end the process
            continue


def is_extension(a_class):
    return not a_class.__flags__ & (1 << 9)


def rule_of(a_class):
    if issubclass(a_class, dict):
        return "dict"
    if issubclass(a_class, list):
        return "list"
    if issubclass(a_class, tuple) or is_extension(a_class) or hasattr(a_class, "__getnewargs__"):
        return "any"
    return ""


def runs_when_made(a_class):
    """What an honest part of an estimator has no need of."""
    odd = (BaseException, type, types.ModuleType)
    aside = re.match(r"sklearn\.utils$|sklearn\.utils\.(?!_tags$|_bunch$)", a_class.__module__)
    return issubclass(a_class, odd) or bool(aside) or "." in a_class.__qualname__ or "__del__" in vars(a_class)


def classes(module):
    for thing in vars(module).values():
        if not isinstance(thing, type) or runs_when_made(thing):
            continue
        home = thing.__module__
        if is_extension(thing):
            # Cython leaves the package out of some modules' names.
            if EXTENSIONS.match(module.__name__) and ("." + module.__name__).endswith("." + home):
                yield "class", home, thing.__qualname__, rule_of(thing)
        elif home == module.__name__:
            yield "class", home, thing.__qualname__, rule_of(thing)


def cython_constructors(module):
    if not EXTENSIONS.match(module.__name__):
        return
    for name, thing in vars(module).items():
        home = getattr(thing, "__module__", None) or module.__name__
        if name == "newObj":
            yield "constructor", home, name, "new"
        elif name.startswith("__pyx_unpickle_") and "Enum" not in name:
            yield "constructor", home, name, "pyx"


def functions(module):
    if not VALUES.match(module.__name__):
        return
    for name, thing in vars(module).items():
        if not callable(thing) or name.startswith("_") or IO_WORDS.search(name):
            continue
        is_function = isinstance(inspect.unwrap(thing), types.FunctionType)
        if is_function and thing.__module__ == module.__name__ and thing.__name__ == name:
            yield "value", module.__name__, name, ""


def ufuncs():
    import numpy

    homes = [
        "numpy",
        "numpy.core._multiarray_umath",
        "numpy.core.umath",
        "numpy._core._multiarray_umath",
        "numpy._core.umath",
    ]
    homes += ["numpy.core.multiarray", "scipy.special", "scipy.special._ufuncs"]
    for home in homes:
        try:
            module = importlib.import_module(home)
        except Exception:
            continue
        for name, thing in list(vars(module).items()):
            if isinstance(thing, numpy.ufunc):
                yield "value", home, name, ""


def distributions():
    """Of scipy.stats: the classes that a random search's distributions are instances of."""
    try:
        from scipy import stats
    except Exception:
        return
    from scipy.stats import _distn_infrastructure as infrastructure

    for thing in vars(stats).values():
        if isinstance(thing, infrastructure.rv_generic) and "." not in type(thing).__qualname__:
            yield "class", type(thing).__module__, type(thing).__qualname__, "distribution"
    for name in ("rv_frozen", "rv_continuous_frozen", "rv_discrete_frozen"):
        if hasattr(infrastructure, name):
            yield "class", infrastructure.__name__, name, ""


def sparse():
    import scipy.sparse

    for thing in vars(scipy.sparse).values():
        if isinstance(thing, type) and re.search(r"_(matrix|array)$", thing.__name__):
            yield "class", thing.__module__, thing.__name__, "dict" if issubclass(thing, dict) else ""


def interpolators():
    for name in (
        "interp1d",
        "BSpline",
        "CubicSpline",
        "PchipInterpolator",
        "PPoly",
        "Akima1DInterpolator",
        "UnivariateSpline",
    ):
        module = importlib.import_module("scipy.interpolate")
        yield "class", getattr(module, name).__module__, name, ""


def estimators(package):
    """Only what has the methods of an estimator: packages with much else in them."""
    for module in modules_of(package):
        for kind, home, name, rule in classes(module):
            if hasattr(getattr(module, name), "get_params"):
                yield kind, home, name, rule


def statsmodels():
    wanted = re.compile(
        r"^statsmodels\.(base\.(model|data|wrapper|optimizer|covtype|distributed_estimation|elastic_net|transform)"
        r"|discrete\.\w+|genmod\.(families\.\w+|generalized_linear_model|generalized_estimating_equations|cov_struct"
        r"|bayes_mixed_glm)|regression\.(?!_)\w+|robust\.(norms|robust_linear_model)|gam\.\w+|miscmodels\.ordinal_model"
        r"|tsa\.(ar_model|arima\.\w+|arima_model|holtwinters\.\w+|statespace\.sarimax|exponential_smoothing\.\w+|vector_ar\.var_model)"
        r"|tools\.(decorators|grouputils))$"
    )
    for module in modules_of("statsmodels"):
        if wanted.match(module.__name__):
            yield from classes(module)


def everything():
    for module in modules_of("sklearn"):
        yield from classes(module)
        yield from cython_constructors(module)
        yield from functions(module)
    for package in (
        "imblearn",
        "category_encoders",
        "mlxtend",
        "lightgbm",
        "feature_engine",
        "xgboost.sklearn",
        "catboost",
    ):
        yield from estimators(package)
    yield from statsmodels()
    yield from ufuncs()
    yield from distributions()
    yield from sparse()
    yield from interpolators()


def main():
    warnings.simplefilter("ignore")
    lines = sorted({" ".join(filter(None, line)) for line in everything()})
    sys.__stdout__.write("".join(line + "\n" for line in lines))


if __name__ == "__main__":
    main()
