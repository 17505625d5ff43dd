"""Names by module, as pickles of one era or another say them: what no walk through a library finds."""

SCALARS = (
    "float16 float32 float64 longdouble complex64 complex128 int8 int16 int32 int64 uint8 uint16 "
    "uint32 uint64 intc uintc longlong ulonglong bool_ bool str_ bytes_ object_ datetime64 "
    "timedelta64 float_ int_ object str number integer floating"
)
NUMPY_FUNCTIONS = {
    "numpy": (
        "abs absolute round around clip mean median sum std var min max amin amax nan_to_num ravel "
        "squeeze reshape transpose asarray array nanmean nanmedian nanstd nansum nanmin nanmax cumsum "
        "cumprod diff"
    ),
    "numpy.core.fromnumeric": (
        "round around clip mean sum std var amin amax min max ravel squeeze reshape transpose cumsum"
    ),
    "numpy.lib.function_base": "median diff",
    "numpy.lib.nanfunctions": "nanmean nanmedian nanstd nansum nanmin nanmax",
    "numpy.lib.type_check": "nan_to_num",
}
UFUNCS = (
    "power float_power multiply add subtract divide true_divide floor_divide mod remainder maximum minimum fmax fmin "
    "log log2 log10 log1p exp expm1 sqrt cbrt square absolute sign"
)
WRAPPED = {
    "sklearn.utils.validation": "check_array as_float_array",
    "numpy": "clip round around nan_to_num " + UFUNCS,
    "numpy.core.fromnumeric": "clip round around",
    "numpy.lib.type_check": "nan_to_num",
    "numpy.core.umath": UFUNCS,
    "numpy.core._multiarray_umath": UFUNCS,
    "numpy._core.umath": UFUNCS,
    "numpy._core._multiarray_umath": UFUNCS,
}
PANDAS = {
    "pandas.core.frame": "DataFrame",
    "pandas.core.series": "Series",
    "pandas.core.indexes.base": "Index",
    "pandas.core.indexes.category": "CategoricalIndex",
    "pandas.core.indexes.datetimes": "DatetimeIndex",
    "pandas.core.indexes.interval": "IntervalIndex",
    "pandas.core.indexes.multi": "MultiIndex",
    "pandas.core.indexes.numeric": "Float64Index Int64Index UInt64Index NumericIndex",
    "pandas.core.indexes.period": "PeriodIndex",
    "pandas.core.indexes.range": "RangeIndex",
    "pandas.core.indexes.timedeltas": "TimedeltaIndex",
    "pandas.core.indexes.frozen": "FrozenNDArray",
    "pandas.core.internals.managers": "BlockManager SingleBlockManager",
    "pandas.core.internals": "BlockManager SingleBlockManager",
    "pandas.core.arrays.boolean": "BooleanArray BooleanDtype",
    "pandas.core.arrays.categorical": "Categorical",
    "pandas.core.arrays.datetimes": "DatetimeArray",
    "pandas.core.arrays.floating": "FloatingArray Float32Dtype Float64Dtype",
    "pandas.core.arrays.integer": (
        "IntegerArray Int8Dtype Int16Dtype Int32Dtype Int64Dtype UInt8Dtype UInt16Dtype UInt32Dtype UInt64Dtype"
    ),
    "pandas.core.arrays.interval": "IntervalArray",
    "pandas.core.arrays.numpy_": "PandasArray PandasDtype NumpyExtensionArray",
    "pandas.core.arrays.period": "PeriodArray",
    "pandas.core.arrays.sparse.array": "SparseArray",
    "pandas.core.arrays.sparse.dtype": "SparseDtype",
    "pandas.core.arrays.string_": "StringArray StringDtype",
    "pandas.core.arrays.timedeltas": "TimedeltaArray",
    "pandas.core.dtypes.dtypes": "CategoricalDtype DatetimeTZDtype PeriodDtype IntervalDtype SparseDtype PandasDtype",
    "pandas.core.flags": "Flags",
    "pandas.arrays": (
        "BooleanArray DatetimeArray FloatingArray IntegerArray PeriodArray SparseArray StringArray "
        "TimedeltaArray IntervalArray NumpyExtensionArray Categorical"
    ),
    "pandas": (
        "BooleanDtype Categorical CategoricalDtype CategoricalIndex DataFrame DatetimeIndex "
        "DatetimeTZDtype Float32Dtype Float64Dtype Index Int8Dtype Int16Dtype Int32Dtype Int64Dtype "
        "UInt8Dtype UInt16Dtype UInt32Dtype UInt64Dtype Interval IntervalDtype IntervalIndex MultiIndex "
        "PeriodDtype PeriodIndex RangeIndex Series SparseDtype StringDtype Timedelta TimedeltaIndex "
        "Timestamp"
    ),
    "pandas._libs.interval": "Interval",
    "pandas._libs.sparse": "IntIndex BlockIndex",
    "pandas._libs.internals": "BlockPlacement",
    "pandas._libs.tslibs.timestamps": "Timestamp",
    "pandas._libs.tslibs.timedeltas": "Timedelta",
    "pandas._libs.tslibs.period": "Period",
    "pandas._libs.tslibs.offsets": (
        "Day Hour Minute Second Milli Micro Nano Week MonthBegin MonthEnd QuarterBegin QuarterEnd "
        "YearBegin YearEnd BusinessDay BDay BusinessMonthBegin BusinessMonthEnd"
    ),
    "pandas.tseries.offsets": (
        "Day Hour Minute Second Week MonthBegin MonthEnd QuarterBegin QuarterEnd YearBegin YearEnd BusinessDay"
    ),
}
# Made by REDUCE.
PANDAS_CONSTRUCTORS = {
    "pandas.core.indexes.base": "_new_Index",
    "pandas.core.indexes.datetimes": "_new_DatetimeIndex",
    "pandas.core.indexes.timedeltas": "_new_TimedeltaIndex",
    "pandas.core.indexes.period": "_new_PeriodIndex",
    "pandas.core.indexes.interval": "_new_IntervalIndex",
    "pandas.indexes.base": "_new_Index",
}
NLTK = {
    "nltk.stem.porter": "PorterStemmer",
    "nltk.stem.lancaster": "LancasterStemmer",
    "nltk.stem.wordnet": "WordNetLemmatizer",
    "nltk.stem.snowball": "SnowballStemmer EnglishStemmer PorterStemmer",
    "nltk.tokenize.treebank": "TreebankWordTokenizer",
    "nltk.tokenize.destructive": "NLTKWordTokenizer",
    "nltk.tokenize.casual": "TweetTokenizer",
}
BOOSTERS = {
    "xgboost.core": "Booster",
    "xgboost.sklearn": "XGBModel XGBClassifier XGBRegressor XGBRanker XGBRFClassifier XGBRFRegressor",
    "xgboost.compat": "XGBoostLabelEncoder",
    "xgboost.callback": "EarlyStopping EvaluationMonitor",
    "lightgbm.basic": "Booster",
    "lightgbm.compat": "LGBMLabelEncoder _LGBMLabelEncoder",
    "catboost.core": "CatBoost CatBoostClassifier CatBoostRegressor CatBoostRanker",
}
STATSMODELS = {
    "statsmodels.tsa.deterministic": (
        "DeterministicProcess TimeTrend Seasonality Fourier CalendarFourier CalendarSeasonality CalendarTimeTrend"
    ),
}
COUNT_RESULTS = [
    f"{which}ZeroInflated{family}Results{wrapper}"
    for which in ("", "L1")
    for family in ("Poisson", "GeneralizedPoisson", "NegativeBinomial")
    for wrapper in ("", "Wrapper")
]
# Such a model remembers what class its results are of; that is no function of the rows.
RESULT_CLASSES = {
    "statsmodels.miscmodels.ordinal_model": "OrderedResults",
    "statsmodels.discrete.count_model": " ".join(COUNT_RESULTS),
}
DISTRIBUTIONS = {
    "statsmodels.distributions.discrete": (
        "genpoisson_p_gen zipoisson_gen zigeneralizedpoisson_gen zinegativebinomial_gen truncatedpoisson_gen "
        "truncatednegbin_gen"
    ),
}
# Heirs of dict.
DICTS = {
    "sklearn.utils": "Bunch",
    "sklearn.utils._bunch": "Bunch",
    "sklearn.datasets.base": "Bunch",
    "sklearn.utils.deprecation": "DeprecationDict",
    "statsmodels.tools.decorators": "ResettableCache",
    "statsmodels.tools.tools": "Bunch",
    "scipy.optimize._optimize": "OptimizeResult",
    "scipy.optimize.optimize": "OptimizeResult",
}
PLAIN_CLASSES = {
    "sklearn.utils._metadata_requests": "MetadataRequest MethodMetadataRequest",
    "types": "SimpleNamespace",
    "scipy.interpolate._bsplines": "_BSpline",
    "scipy.optimize._lbfgsb_py": "LbfgsInvHessProduct",
    "scipy.optimize.lbfgsb": "LbfgsInvHessProduct",
}
FUNCTIONS = {
    "sklearn.feature_extraction.text": "strip_accents_unicode strip_accents_ascii",
    "sklearn.metrics._scorer": "_passthrough_scorer",
    "sklearn.metrics.scorer": "_passthrough_scorer",
    "sklearn.model_selection._search_successive_halving": "_refit_callable",
    "sklearn.cluster._kmeans": "_kmeans_single_lloyd _kmeans_single_elkan",
    "sklearn.cluster.k_means_": "_kmeans_single_lloyd _kmeans_single_elkan",
    "builtins": "FutureWarning DeprecationWarning UserWarning",
    "exceptions": "FutureWarning DeprecationWarning UserWarning",
}
