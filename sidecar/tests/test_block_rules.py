"""Which rule `pin` finds for which model. Rules belong to kernels, so some hold for one Python alone."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest
from models import random_rows, two_classes
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

from picklepod_reference.blocks import blocks, in_blocks
from picklepod_reference.search import SIZES, Search

TRAINING = random_rows(600, 100)
PROOF = random_rows(64, 100, 1)


def caller(method: Any) -> Any:
    return lambda places: method(np.ascontiguousarray(PROOF[places]))


def found(method: Any, limit: int) -> str:
    return Search(limit).find_rule("output", caller(method), len(PROOF))


def test_scalers_and_trees_need_no_rule() -> None:
    scaler = StandardScaler().fit(TRAINING)
    tree = DecisionTreeClassifier(max_depth=5).fit(TRAINING, two_classes(TRAINING))
    assert found(scaler.transform, 64) == "any"
    assert found(tree.predict_proba, 64) == "any"


def test_a_logistic_regression_needs_multiples_of_four() -> None:
    model = LogisticRegression(solver="lbfgs", max_iter=1000).fit(TRAINING, two_classes(TRAINING))
    search = Search(64)
    assert search.find_rule("output", caller(model.decision_function), len(PROOF)) == "multiple 4"
    assert search.distances["output"]["alone"] > 0


@pytest.mark.skipif(sys.version_info < (3, 13), reason="this is about the newest numpy's OpenBLAS")
def test_a_three_class_lda_of_100_columns_needs_constant_blocks_where_multiples_of_four_do_not_hold() -> None:
    # With two classes they hold on a SkylakeX kernel; with three and up to 1,024 rows not wherever there is AVX-512.
    classes = np.random.RandomState(0).randint(0, 3, len(TRAINING))
    model = LinearDiscriminantAnalysis().fit(TRAINING, classes)
    rule = found(model.predict_proba, 1024)
    assert Search(1024).holds(caller(model.predict_proba), len(PROOF), rule)
    fours_hold = Search(1024).holds(caller(model.predict_proba), len(PROOF), "multiple 4")
    assert rule in (("any", "multiple 4") if fours_hold else ("constant 4", "constant 32", "constant 128"))


def fake(sensitive: Any) -> Any:
    """An artifact whose bits change with the size of the call as `sensitive` tells."""
    return lambda places: PROOF[places, 0] + sensitive(len(places))


@pytest.mark.parametrize(
    "sensitive, rule",
    [
        (lambda size: 0, "any"),
        (lambda size: size % 4 > 0, "multiple 4"),
        (lambda size: size % 8 > 0, "multiple 8"),
        (lambda size: size % 32 > 0, "multiple 32"),
        (lambda size: size if size != 4 else 0, "constant 128"),
        (lambda size: np.arange(size), "constant 1"),
    ],
)
def test_finds_the_cheapest_rule_that_holds(monkeypatch: Any, sensitive: Any, rule: str) -> None:
    monkeypatch.setattr("picklepod_reference.search.cost", lambda call, places: 1.0)
    assert Search(128).find_rule("output", fake(sensitive), len(PROOF)) == rule


@pytest.mark.parametrize("dear, rule", [(128, "constant 32"), (32, "constant 4")])
def test_a_larger_constant_block_must_cost_little_more_than_the_smallest(
    monkeypatch: Any, dear: int, rule: str
) -> None:
    cost = {size: 1.5 if size < dear else 1.6 for size in (4, 32, 128)}
    cost[4] = 1.0
    monkeypatch.setattr("picklepod_reference.search.cost", lambda call, places: cost[len(places)])
    assert Search(128).find_rule("output", fake(lambda size: size), len(PROOF)) == rule


def test_minus_zero_and_a_nan_of_another_payload_break_a_rule() -> None:
    nans = np.array([0x7FF8000000000000, 0x7FF8000000000001], dtype=np.uint64).view(np.float64)
    assert not Search(64).holds(lambda places: np.full(len(places), 0.0 if len(places) > 1 else -0.0), 64, "any")
    assert not Search(64).holds(lambda places: np.full(len(places), nans[int(len(places) > 1)]), 64, "any")
    assert Search(64).holds(lambda places: np.full(len(places), nans[1]), 64, "any")


def test_an_artifact_that_is_random_gets_no_rule() -> None:
    random = np.random.RandomState(0)
    with pytest.raises(Exception, match="bits change even when it is called alone"):
        Search(64).find_rule("output", lambda places: random.rand(len(places)), 64)


@pytest.mark.parametrize("rule, sizes", [("any", [10, 3]), ("multiple 4", [8, 8]), ("constant 4", [4, 4, 4, 4])])
def test_blocks_are_filled_up_with_copies_of_the_last_row(rule: str, sizes: list) -> None:
    made = list(blocks(np.arange(13), rule, 10))
    assert [len(block) for block, _ in made] == sizes
    assert [place for block, wanted in made for place in block[:wanted]] == list(range(13))
    assert all(place == 12 for block, wanted in made for place in block[wanted:])


@pytest.mark.parametrize("rule", ["any", "multiple 4", "multiple 32", "constant 4", "constant 32", "constant 1"])
def test_the_sidecar_makes_the_blocks_of_the_reference(rule: str) -> None:
    from picklepod_sidecar.blocks import BlockRule, call_in_blocks

    for size in [size for size in SIZES if size <= 257]:
        theirs: list = []
        ours: list = []
        rows = np.arange(size, dtype=float).reshape(-1, 1)
        in_blocks(lambda places: theirs.append(places.tolist()) or places, np.arange(size), rule, 100)
        call_in_blocks(lambda rows: ours.append(rows[:, 0].tolist()) or rows, rows, BlockRule.parse(rule, 100))
        assert ours == theirs


def test_a_slow_artifact_is_searched_with_fewer_rotations_so_that_nobody_waits_for_minutes(monkeypatch: Any) -> None:
    def rotations(each: float, once: float) -> int:
        monkeypatch.setattr("picklepod_reference.search.seconds", lambda call, places: once + each * len(places))
        return Search(1024).affordable(fake(lambda size: 0), len(PROOF))

    assert rotations(0, 1e-6) == 128
    assert 4 < rotations(0, 0.01) < 128
    assert rotations(0.1, 0) == 4
