"""The gate lets through what honest libraries write, at a price that nobody notices."""

from __future__ import annotations

import _compat_pickle
import bz2
import collections
import functools
import gzip
import pickle
import time
import zlib
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pytest
import sklearn
from models import random_rows, two_classes
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.model_selection import GridSearchCV
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, LabelEncoder, StandardScaler

from picklepod_gate import is_allowed, scan
from picklepod_gate.checked import Unchecked, checked
from picklepod_gate.expand import expanded
from picklepod_gate.formula import is_argument_parser, is_plain_formula
from picklepod_gate.memo import Memo
from picklepod_gate.names import DANGEROUS, HONEST
from picklepod_reference import loading
from picklepod_sidecar.unpickle import load_artifact

ROWS = np.abs(random_rows(60, 4))
CLASSES = two_classes(ROWS - 0.5)
ESTIMATORS = {
    "logistic regression": make_pipeline(StandardScaler(), LogisticRegression(solver="lbfgs")),
    "numpy's function": make_pipeline(
        FunctionTransformer(np.log1p, validate=False), LogisticRegression(solver="lbfgs")
    ),
    "a partial function": make_pipeline(
        FunctionTransformer(functools.partial(np.clip, a_min=0.0, a_max=0.5), validate=False),
        LogisticRegression(solver="lbfgs"),
    ),
    "forest": RandomForestClassifier(3, random_state=np.random.RandomState(0)),
    "boosting": GradientBoostingClassifier(n_estimators=3),
    "neighbours by a tree": KNeighborsClassifier(algorithm="kd_tree"),
    "stochastic descent": SGDClassifier(random_state=0),
    "search": GridSearchCV(LogisticRegression(solver="lbfgs"), {"C": [0.1, 1.0]}, cv=3),
}


@pytest.mark.parametrize("how", ["protocol 0", "protocol 2", "protocol 4", "joblib", "joblib compressed"])
@pytest.mark.parametrize("name", list(ESTIMATORS))
def test_estimators_pass_and_answer_as_before(tmp_path: Path, name: str, how: str) -> None:
    model = ESTIMATORS[name].fit(ROWS, CLASSES)
    path = tmp_path / "model"
    if how.startswith("joblib"):
        joblib.dump(model, str(path), compress=3 if how.endswith("compressed") else 0)
    else:
        path.write_bytes(pickle.dumps(model, int(how[-1])))
    pinned = loading.load(path)
    served = load_artifact(path, pinned.pin)
    assert np.array_equal(served.predict(ROWS), model.predict(ROWS))
    assert np.array_equal(pinned.value.predict(ROWS), model.predict(ROWS))


def test_gradient_boosting_with_categories_passes(tmp_path: Path) -> None:
    """scikit-learn 1.4 and later keep a partial of check_array in it."""
    if tuple(map(int, sklearn.__version__.split(".")[:2])) < (1, 0):
        pytest.skip("this scikit-learn has it as an experiment, or without categories")
    rows = np.column_stack([np.arange(60) % 3, ROWS])
    model = sklearn.ensemble.HistGradientBoostingClassifier(categorical_features=[0], max_iter=3).fit(rows, CLASSES)
    joblib.dump(model, str(tmp_path / "model"))
    pinned = loading.load(tmp_path / "model")
    served = load_artifact(tmp_path / "model", pinned.pin)
    assert np.array_equal(served.predict_proba(rows), model.predict_proba(rows))


def test_what_is_highly_compressible_passes_and_bombs_do_not() -> None:
    zeros = pickle.dumps(np.zeros(5_000_000), 4)
    assert [scan(zlib.compress(zeros, 9)).honest, scan(bz2.compress(zeros)).honest] == [True, True]
    noise = np.random.RandomState(0).bytes(3 << 20)
    assert len(expanded(gzip.compress(noise) + gzip.compress(bytes(90 << 20)))) == 93 << 20
    for bomb in (gzip.compress(bytes(90 << 20)), gzip.compress(bytes(90 << 20)) + gzip.compress(noise)):
        assert [danger.code for danger in scan(bomb).dangers] == ["expansion"]


def test_what_apps_keep_beside_a_model() -> None:
    beside = {
        "encoders": {"city": LabelEncoder().fit(["a", "b"])},
        "columns": ["a", "b"],
        "counts": collections.Counter("abc"),
        "defaults": collections.defaultdict(int, a=1),
        "order": collections.OrderedDict(a=1),
        "arrays": [np.array(["a", None], dtype=object), np.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f8")])],
        "numbers": [np.float32(1), np.int64(2), np.str_("x"), np.ma.masked_array([1, 2], [0, 1]), 2**100, 1j],
        "random": [np.random.RandomState(0)],
        "types": [np.float64, int],
    }
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert scan(pickle.dumps(beside, protocol)).dangers == []


def test_an_aligned_structure_passes() -> None:
    """Its flags are a signed char to numpy < 2, and so below zero."""
    rows = np.zeros(3, np.dtype([("a", "i1"), ("b", "f8")], align=True))
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert scan(pickle.dumps(rows, protocol)).dangers == []


def test_a_name_of_python_2_never_becomes_another_that_is_dangerous() -> None:
    for module, name in HONEST:
        now = _compat_pickle.NAME_MAPPING.get((module, name)) or (
            _compat_pickle.IMPORT_MAPPING.get(module, module),
            name,
        )
        assert now in HONEST or now == ("builtins", "int") or now == ("builtins", "str"), (module, name, now)


def test_nothing_honest_is_on_the_list_of_what_is_known_for_harm() -> None:
    dangerous = {(module, name) for module, name in HONEST if f"{module}.{name}" in DANGEROUS}
    assert dangerous - {(m, "getattr") for m in ("builtins", "__builtin__")} == set()


def test_every_rule_is_known() -> None:
    from picklepod_gate.class_rules import CLASSES as OF_CLASSES
    from picklepod_gate.constructor_rules import CONSTRUCTORS

    assert {kinds["class"] for kinds in HONEST.values() if "class" in kinds} <= set(OF_CLASSES)
    assert {kinds["constructor"] for kinds in HONEST.values() if "constructor" in kinds} <= set(CONSTRUCTORS)


def test_what_getattr_gives_is_a_method_of_its_own_when_it_is_loaded_too() -> None:
    """A state could have put any object in its place; the scan refuses that, and this is behind the scan."""

    class Distribution:
        def _entropy(self) -> int:
            return 1

    thing: Any = Distribution()
    guarded = checked("builtins", "getattr", getattr)
    assert guarded(thing, "_entropy")() == 1
    for name in ("__class__", "__init__", "_entropy_"):
        with pytest.raises(Unchecked):
            guarded(thing, name)
    for replaced in (Distribution(), Distribution()._entropy, thing._entropy, max):
        vars(thing)["_entropy"] = replaced
        with pytest.raises(Unchecked):
            guarded(thing, "_entropy")


def test_what_the_memo_takes_is_counted_and_costs_little() -> None:
    assert scan(b"\x80\x04N" + b"\x94" * 400_000 + b".").honest
    assert [danger.code for danger in scan(b"\x80\x04N" + b"\x94" * 800_000 + b".").dangers] == ["expansion"]
    again = pickle.dumps([[str(number), [number]] for number in range(200_000)], 4)
    assert scan(again).honest and scan(zlib.compress(again)).honest
    memo = Memo()
    taken = [memo.put(number, number) for number in (0, 2, 3, 1, 2, 2, 3, 4, 0)]
    assert taken == [True, True, True, True, False, False, False, True, False] and len(memo) == 5
    assert [memo[number] for number in range(5)] == [0, 1, 2, 3, 4]
    for missing in (-1, 5):
        with pytest.raises(KeyError):
            memo[missing]


def test_own_code_is_allowed_by_its_module_alone() -> None:
    own = frozenset(["preprocessing", "__main__"])
    assert is_allowed("preprocessing", "clean", own) and is_allowed("__main__", "Shifted", own)
    assert not is_allowed("preprocessing", "os.system", own) and not is_allowed("preprocessing.more", "clean", own)


def test_a_million_opcodes_take_about_a_second() -> None:
    content = pickle.dumps([{"a": index, "b": float(index)} for index in range(100_000)], 4)
    began = time.perf_counter()
    assert scan(content).honest
    assert time.perf_counter() - began < 5  # of about 800,000 opcodes, on a machine that does other things too


@pytest.mark.parametrize("cut", range(1, 60))
def test_a_damaged_file_is_refused_without_an_exception(cut: int) -> None:
    content = bytearray(pickle.dumps(ESTIMATORS["logistic regression"], 4))
    generator = np.random.RandomState(cut)
    for _ in range(5):
        content[generator.randint(len(content))] = generator.randint(256)
    scan(bytes(content))
    scan(bytes(content[: generator.randint(len(content))]))


def test_what_is_no_pickle_is_told() -> None:
    assert "Git LFS" in str(scan(b"version https://git-lfs.github.com/spec/v1\noid sha256:00\n").note)
    assert "empty" in str(scan(b"").note)
    assert "as text" in str(scan(b"\xef\xbf\xbd\x03c").note)


def test_formulas() -> None:
    plain = ["y ~ x1 + C(kind) : z", "y ~ (a + b) * 2.5 - 1", "Größe ~ a", ""]
    beyond = [
        "y ~ f(x)",
        "y ~ x.a",
        "y ~ x[0]",
        "y ~ 'x'",
        "y ~ C(x)(y)",
        "a ** b",
        "xC(y)",
        "(a)(b)",
        "y ~ C(f(x))",
        "a b",
    ]
    assert [formula for formula in plain if not is_plain_formula(formula)] == []
    assert [formula for formula in beyond if is_plain_formula(formula)] == []


def test_scipys_argument_parsers() -> None:
    stats = pytest.importorskip("scipy.stats")
    if not hasattr(stats.uniform, "_parse_arg_template"):
        pytest.skip("this scipy makes them anew")
    parsers = [getattr(stats, name)._parse_arg_template for name in ("uniform", "randint", "beta")]
    assert [parser for parser in parsers if not is_argument_parser(parser)] == []
    assert not is_argument_parser(parsers[0] + "import os\n")
    assert not is_argument_parser(parsers[2].replace("a, b, ", "a=print(1), b, "))
