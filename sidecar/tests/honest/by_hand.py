"""Names that no walk through a library finds: what builtins, numpy, pandas, joblib, dill and the boosters pickle with.

Every constructor here was read in its library's source; see the gate's README for what its rule lets through.
"""

import re

import tables

BUILTINS = ("builtins", "__builtin__")  # the second is what protocols below 3 write
NUMPY_CORES = ("numpy.core", "numpy._core")
MADE_WITH_ARGUMENTS = re.compile(
    r"Dtype$|offsets\.|BlockManager$|(Timestamp|Timedelta|Interval|Period|IntIndex|BlockIndex|BlockPlacement|Flags)$"
)


def spread(table):
    return [(module, name) for module, names in table.items() for name in names.split()]


def builtin():
    for module in BUILTINS:
        for name in [
            "int",
            "float",
            "str",
            "bool",
            "bytes",
            "list",
            "dict",
            "tuple",
            "set",
            "frozenset",
            "object",
            "complex",
        ]:
            yield "value", module, name
        yield "class", module, "object"
        yield "class", module, "bytes", "bytes"
        yield "class", module, "bytearray", "bytearray"
        for name in ("set", "frozenset"):
            yield "class", module, name, "items"
        for name in ("slice", "complex"):
            yield "class", module, name, "any"
        yield "constructor", module, "getattr", "method"
        for name in ("Ellipsis", "NotImplemented"):
            yield "value", module, name
    yield "value", "__builtin__", "long"
    yield "value", "__builtin__", "unicode"
    yield "class", "builtins", "range", "range"
    yield "class", "__builtin__", "xrange", "range"
    yield "constructor", "_codecs", "encode", "encode"
    yield "constructor", "copyreg", "_reconstructor", "reconstructor"
    yield "constructor", "copy_reg", "_reconstructor", "reconstructor"


def collections():
    for name in ("OrderedDict", "Counter"):
        yield "class", "collections", name, "dict"
    yield "class", "collections", "defaultdict", "defaultdict"
    yield "class", "collections", "deque", "list"
    for name in ("OrderedDict", "Counter", "defaultdict"):
        yield "value", "collections", name
    for name in ("date", "datetime", "time", "timedelta", "timezone"):
        yield "class", "datetime", name, "any"
    yield "class", "decimal", "Decimal", "any"
    yield "class", "fractions", "Fraction", "fraction"
    yield "constructor", "functools", "partial", "partial"
    yield "constructor", "pytz", "_UTC", "complete"
    yield "constructor", "pytz", "_p", "zone"


def numpy():
    for core in NUMPY_CORES:
        for home in (core + ".multiarray", core + "._multiarray_umath"):
            yield "constructor", home, "_reconstruct", "reconstruct"
            yield "constructor", home, "scalar", "scalar"
        yield "constructor", core + ".numeric", "_frombuffer", "frombuffer"
        yield "constructor", core, "_ufunc_reconstruct", "ufunc"
    yield "class", "numpy", "dtype", "dtype"
    yield "value", "numpy", "dtype"
    yield "value", "numpy", "ndarray"
    for name in ("numpy matrix", "numpy recarray", "numpy.rec recarray", "numpy.matrixlib.defmatrix matrix"):
        yield ("value", *name.split())
    yield "value", "numpy", "record"
    for home in ("numpy.ma.core", "numpy.ma"):
        yield "value", home, "MaskedArray"
        yield "constructor", home, "_mareconstruct", "mareconstruct"
    yield "class", "numpy.ma.core", "MaskedConstant"
    for name in tables.SCALARS.split():
        yield "value", "numpy", name
    for home, name in spread(tables.NUMPY_FUNCTIONS):
        yield "value", home, name
    yield "class", "numpy", "vectorize"
    yield "class", "numpy.lib.function_base", "vectorize"
    yield "class", "numpy", "poly1d"
    yield "class", "numpy.lib.polynomial", "poly1d"
    yield "class", "numpy.lib._polynomial_impl", "poly1d"
    yield "class", "numpy.polynomial.polynomial", "Polynomial"


def numpy_random():
    home = "numpy.random._pickle"
    yield "constructor", home, "__randomstate_ctor", "randomstate"
    yield "constructor", home, "__generator_ctor", "randomstate"
    yield "constructor", home, "__bit_generator_ctor", "bitgenerator"
    yield "constructor", "numpy.random", "__RandomState_ctor", "any"
    yield "constructor", "mtrand", "__RandomState_ctor", "any"
    for kind in ("MT19937", "PCG64", "Philox", "SFC64"):
        yield "class", "numpy.random._" + kind.lower(), kind
    yield "class", "numpy.random.bit_generator", "SeedSequence"
    yield "constructor", "numpy.random.bit_generator", "__pyx_unpickle_SeedSequence", "pyx"
    yield "class", "numpy.random.mtrand", "RandomState"


def wrapped():
    """What only computes or validates, whatever plain data it is given besides: a partial may wrap it."""
    for home, name in spread(tables.WRAPPED):
        yield "value", home, name, "wrapped"


def pandas():
    for home, name in spread(tables.PANDAS):
        yield ("class", home, name, "any") if MADE_WITH_ARGUMENTS.search(home + "." + name) else ("class", home, name)
        if name.endswith("Dtype"):
            yield "value", home, name
    yield "class", "pandas.core.indexes.frozen", "FrozenList", "list"
    yield "value", "pandas._libs.missing", "NA"
    yield "value", "pandas", "NA"
    yield "value", "pandas._libs.lib", "_NoDefault"
    for home, name in spread(tables.PANDAS_CONSTRUCTORS):
        yield "constructor", home, name, "index"
    yield "class", "pandas.indexes.base", "Index"
    yield "constructor", "pandas._libs.internals", "_unpickle_block", "complete"
    yield "constructor", "pandas._libs.arrays", "__pyx_unpickle_NDArrayBacked", "pyx"
    yield "constructor", "pandas._libs.tslibs.period", "__pyx_unpickle_PeriodMixin", "pyx"
    yield "constructor", "pandas._libs.internals", "__pyx_unpickle_BlockPlacement", "pyx"
    yield "constructor", "pandas._libs.tslibs.nattype", "__nat_unpickle", "complete"
    yield "constructor", "pandas._libs.tslibs.nattype", "_nat_unpickle", "complete"
    yield "constructor", "pandas._libs.tslibs.timestamps", "_unpickle_timestamp", "complete"
    yield "constructor", "pandas._libs.tslibs.timedeltas", "_timedelta_unpickle", "complete"


def joblib():
    for home in ("joblib.numpy_pickle", "sklearn.externals.joblib.numpy_pickle"):
        yield "class", home, "NumpyArrayWrapper", "wrapper"


def dill():
    for home in ("dill._dill", "dill.dill"):
        for name in ("_create_array", "_load_type", "_import_module", "_get_attr"):
            yield "constructor", home, name, name.strip("_").replace("_", "-")


def statsmodels():
    for home, name in spread(tables.STATSMODELS):
        yield "class", home, name
    for home, name in spread(tables.RESULT_CLASSES):
        yield "value", home, name
    for home, name in spread(tables.DISTRIBUTIONS):
        yield "class", home, name, "distribution"


def others():
    for home, name in spread(tables.NLTK) + spread(tables.BOOSTERS) + spread(tables.PLAIN_CLASSES):
        yield "class", home, name
    for home, name in spread(tables.DICTS):
        yield "class", home, name, "dict"
    for home, name in spread(tables.FUNCTIONS):
        yield "value", home, name
    yield "class", "scipy.interpolate._bsplines", "BSpline", "any"


def everything():
    for part in (builtin, collections, numpy, wrapped, numpy_random, pandas, joblib, dill, statsmodels, others):
        yield from part()
