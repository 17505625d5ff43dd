"""The steps that stand for what apps do by hand: sidecar and reference agree to the bit, and both with the app."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas
import pytest
from models import random_rows, two_classes
from pinned import draft, dump, pin, step
from running import brought_up
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.preprocessing import LabelEncoder, StandardScaler
from sklearn.svm import LinearSVC

from picklepod_reference.rows import from_json

CITIES = ["Rome", "Oslo", "Bonn"]
DAYS = {"name": "day", "categories": ["mon", "tue", "sun"]}
MONTHS = {"name": "month", "categories": [1, 2, 12]}
CODES = [[i % 4 - 1, i % 3] for i in range(64)]  # the first among them without a category


def proved(folder: Path, drafted: dict, columns: dict) -> Any:
    """The description, and the outputs of the proof's rows, which the sidecar gave again alone and among others."""
    description = pin(folder, drafted, columns)
    metadata = brought_up(folder)
    assert (metadata["state"], metadata["proof"]) == ("ready", "exact"), metadata["reason"]
    (path,) = (folder / "samples").glob("proof.*.npz")
    with np.load(str(path)) as stored:
        return description, {name: stored[name] for name in stored.files}


def refused(folder: Path, drafted: dict, columns: dict) -> str:
    with pytest.raises(Exception) as raised:
        pin(folder, drafted, columns)
    return str(raised.value)


def test_decision_function_gives_a_vector_for_two_classes_and_a_matrix_for_three(tmp_path: Path) -> None:
    numbers = random_rows(64, 5)
    classes = np.array(CITIES)[np.arange(64) % 3]
    two = LogisticRegression(solver="lbfgs").fit(numbers, two_classes(numbers))
    three = LinearSVC(random_state=0).fit(numbers, classes)
    dump(tmp_path, two=two, three=three)
    names = list("abcde")
    steps = [
        step("decision_function", "score", "two", columns=names),
        step("threshold", "over", from_="score", compare="above", value="0.5"),
        step("decision_function", "scores", "three", columns=names),
    ]
    drafted = draft(steps, ["score", "over", "scores"], 32, numbers=names)
    description, outputs = proved(tmp_path, drafted, {"numbers": numbers.tolist()})
    assert description["tensors"]["score"] == {"datatype": "FP64", "columns": None}
    assert description["tensors"]["scores"] == {"datatype": "FP64", "columns": sorted(CITIES)}
    np.testing.assert_allclose(outputs["score"], two.decision_function(numbers), rtol=1e-12)
    np.testing.assert_allclose(outputs["scores"], three.decision_function(numbers), rtol=1e-12)
    assert outputs["over"].tolist() == (outputs["score"] > 0.5).astype(int).tolist()


def test_a_sparse_result_is_handed_over_dense_where_a_model_wants_it_so(tmp_path: Path) -> None:
    texts = [f"{word} {other} city" for word in CITIES for other in CITIES] * 8
    vectorizer = CountVectorizer().fit(texts)
    model = GaussianNB().fit(vectorizer.transform(texts).toarray(), ["Rome" in text for text in texts])
    dump(tmp_path, vectorizer=vectorizer, model=model)
    steps = [
        step("transform", "words", "vectorizer", columns=["review"], as_="text"),
        step("predict_proba", "probabilities", "model", from_="words", as_="dense"),
    ]
    _, outputs = proved(
        tmp_path, draft(steps, ["probabilities"], 16, texts=["review"]), {"texts": [[t] for t in texts]}
    )
    expected = model.predict_proba(vectorizer.transform(texts).toarray())
    np.testing.assert_allclose(outputs["probabilities"], expected, rtol=1e-12)


def test_label_encoders_by_column_take_categories_texts_and_numbers(tmp_path: Path) -> None:
    encoders = {
        "day": LabelEncoder().fit(["mon", "sun", "tue", "wed"]),
        "month": LabelEncoder().fit([1, 2, 3, 12]),
        "city": LabelEncoder().fit(CITIES),
    }
    dump(tmp_path, encoders=encoders, alone=LabelEncoder().fit([0.5, 1.5]))
    reference = {"file": "encoders.pkl", "key": []}
    steps = [
        {
            "kind": "encode",
            "encoders": [{"column": name, "artifact": reference} for name in encoders],
            "output": "encoded",
        },
        {
            "kind": "encode",
            "encoders": [{"column": "size", "artifact": {"file": "alone.pkl", "key": []}}],
            "output": "sizes",
        },
        step("select", "chosen", columns=["size", "city", "day", "month"]),
        step("one_hot", "flags", columns=["day"]),  # reads the categories, not what was made of them
    ]
    days, months = [i % 3 for i in range(64)], [i % 2 for i in range(64)]
    cities = [CITIES[i % 3] for i in range(64)]
    drafted = draft(steps, ["chosen", "flags"], 16, numbers=["size"], codes=[DAYS, MONTHS], texts=["city"])
    columns = {
        "numbers": [[0.5 + i % 2] for i in range(64)],
        "codes": [list(pair) for pair in zip(days, months)],
        "texts": [[city] for city in cities],
    }
    description, outputs = proved(tmp_path, drafted, columns)
    assert description["tensors"]["encoded"] == {"datatype": "FP64", "columns": ["day", "month", "city"]}
    expected = [
        [i % 2 for i in range(64)],
        encoders["city"].transform(cities),
        encoders["day"].transform([DAYS["categories"][day] for day in days]),
        encoders["month"].transform([MONTHS["categories"][month] for month in months]),
    ]
    assert outputs["chosen"].tolist() == np.array(expected, dtype=float).T.tolist()
    assert outputs["flags"].tolist() == np.eye(3)[days].tolist()


def test_an_encoder_that_is_not_there_is_told(tmp_path: Path) -> None:
    dump(tmp_path, encoders={"day": LabelEncoder().fit(["mon"])})
    encoder = {"column": "city", "artifact": {"file": "encoders.pkl", "key": []}}
    drafted = draft([{"kind": "encode", "encoders": [encoder], "output": "e"}], ["e"], texts=["city"])
    told = refused(tmp_path, drafted, {"texts": [["Rome"]] * 64})
    assert "encoders.pkl is a dict without an encoder for city" in told


def test_values_are_mapped_to_numbers_whatever_their_column_holds(tmp_path: Path) -> None:
    maps = [
        {"name": "day", "map": [["mon", "0.1"], ["tue", "-0"], ["nan", "7"]]},
        {"name": "month", "map": [["1", "31"], ["2", "28"], ["12", "31"]]},
        {"name": "city", "map": [["Rome", "1e21"]]},
        {"name": "grade", "map": [["1", "10"], ["2.5", "20"], ["nan", "30"]]},
    ]
    steps = [{"kind": "map", "columns": maps, "other": "nan", "output": "mapped"}]
    grades = [[1.0, 2.5, 3.0, float("nan")][i % 4] for i in range(64)]
    columns = {
        "numbers": [[grade] for grade in grades],
        "codes": CODES,
        "texts": [[CITIES[i % 3]] for i in range(64)],
    }
    drafted = draft(steps, ["mapped"], numbers=["grade"], codes=[DAYS, MONTHS], texts=["city"])
    _, outputs = proved(tmp_path, drafted, columns)
    nan = float("nan")
    expected = [
        [[7, 0.1, -0.0, nan][i % 4], [31, 28, 31][i % 3], [1e21, nan, nan][i % 3], [10, 20, nan, 30][i % 4]]
        for i in range(64)
    ]
    np.testing.assert_array_equal(outputs["mapped"], np.array(expected))
    assert np.signbit(outputs["mapped"][2, 0])


def test_a_value_that_no_map_lists_is_told(tmp_path: Path) -> None:
    steps = [{"kind": "map", "columns": [{"name": "city", "map": [["Rome", "1"]]}], "output": "mapped"}]
    told = refused(tmp_path, draft(steps, ["mapped"], texts=["city"]), {"texts": [["Oslo"]] * 64})
    assert "there is no number for 'Oslo' of city" in told


def test_one_hot_makes_the_columns_of_the_training_in_its_order(tmp_path: Path) -> None:
    values = [["sun", "mon"], [2, 12]]
    steps = [step("one_hot", "flags", columns=["day", "month"], values=values)]
    drafted = draft(steps, ["flags"], codes=[DAYS, MONTHS])
    description, outputs = proved(tmp_path, drafted, {"codes": CODES})
    assert description["tensors"]["flags"]["columns"] == ["day_sun", "day_mon", "month_2", "month_12"]
    days, months = (np.array(column) for column in zip(*CODES))
    expected = np.column_stack([days == 2, days == 0, months == 1, months == 2]).astype(float)
    assert outputs["flags"].tolist() == expected.tolist()


def test_one_hot_without_the_first_is_get_dummies_with_drop_first(tmp_path: Path) -> None:
    steps = [step("one_hot", "flags", columns=["day"], values=[["tue", "sun"]])]
    codes = [[i % 3] for i in range(64)]
    _, outputs = proved(tmp_path, draft(steps, ["flags"], codes=[DAYS]), {"codes": codes})
    cells = pandas.Categorical([DAYS["categories"][code] for (code,) in codes], categories=DAYS["categories"])
    dummies = pandas.get_dummies(pandas.Series(cells), drop_first=True)
    assert outputs["flags"].tolist() == dummies.to_numpy(dtype=float).tolist()


def test_what_a_scaler_makes_of_some_columns_is_what_later_steps_find_under_their_names(tmp_path: Path) -> None:
    numbers = random_rows(64, 4)
    scaler = StandardScaler().fit(numbers[:, [2, 0]])
    scaled = numbers.copy()
    scaled[:, [2, 0]] = scaler.transform(numbers[:, [2, 0]])
    model = LinearRegression().fit(scaled, numbers.sum(axis=1))
    dump(tmp_path, scaler=scaler, model=model)
    steps = [
        step("transform", "scaled", "scaler", columns=["c", "a"]),
        step("select", "all", columns=list("abcd")),
        step("predict", "answer", "model", columns=list("abcd")),
    ]
    drafted = draft(steps, ["all", "answer"], 16, numbers=list("abcd"))
    description, outputs = proved(tmp_path, drafted, {"numbers": numbers.tolist()})
    assert description["tensors"]["scaled"]["columns"] == ["c", "a"]
    assert outputs["all"].tolist() == scaled.tolist()
    np.testing.assert_allclose(outputs["answer"], model.predict(scaled), rtol=1e-12)


@pytest.mark.parametrize(
    "base, log, exp",
    [
        ("e", np.log, np.exp),
        ("2", np.log2, np.exp2),
        ("10", np.log10, lambda x: np.power(10.0, x)),
        ("1p", np.log1p, np.expm1),
    ],
)
def test_log_goes_in_and_exp_comes_out(tmp_path: Path, base: str, log: Any, exp: Any) -> None:
    numbers = np.abs(random_rows(64, 3)) + 0.1
    numbers[5, 0], numbers[6, 1] = 0.0, np.inf
    steps = [
        step("log", "logs", columns=["a", "c"], base=base),
        step("select", "mixed", columns=["a", "b", "c"]),
        step("exp", "some", columns=["b"], base=base),
        step("exp", "back", from_="mixed", base=base),
    ]
    drafted = draft(steps, ["logs", "back", "some"], 64, numbers=list("abc"))
    pinned = {"numbers": [["1e999" if cell == np.inf else cell for cell in row] for row in numbers.tolist()]}
    description, outputs = proved(tmp_path, drafted, pinned)
    assert description["tensors"]["logs"]["columns"] == ["a", "c"]
    with np.errstate(all="ignore"):
        np.testing.assert_allclose(outputs["logs"], log(numbers[:, [0, 2]]), rtol=1e-15)
        mixed = numbers.copy()
        mixed[:, [0, 2]] = outputs["logs"]
        np.testing.assert_allclose(outputs["back"], exp(mixed), rtol=1e-14)
        np.testing.assert_allclose(outputs["some"], exp(numbers[:, [1]]), rtol=1e-14)


def test_arithmetic_is_that_of_ieee_754(tmp_path: Path) -> None:
    numbers = random_rows(64, 3)
    numbers[3] = [1.0, 0.0, 2.0]
    numbers[4] = [0.0, 0.0, -2.0]
    expressions = {
        "ratio": ["/", "a", "b"],
        "total": ["-", ["+", "a", "b"], ["number", "1"]],
        "area": ["*", ["-", "a", "b"], ["number", "0.1"]],
        "cube": ["**", "c", "3"],
        "inverse": ["**", ["negative", "c"], "-2"],
        "one": ["**", "b", "0"],
        "constant": ["/", ["number", "1"], ["number", "3"]],
    }
    columns = [{"name": name, "expression": expression} for name, expression in expressions.items()]
    steps = [
        {"kind": "arithmetic", "columns": columns, "output": "derived"},
        step("select", "s", columns=["ratio", "a"]),
    ]
    description, outputs = proved(
        tmp_path, draft(steps, ["derived", "s"], numbers=list("abc")), {"numbers": numbers.tolist()}
    )
    assert description["tensors"]["derived"]["columns"] == list(expressions)
    a, b, c = numbers.T
    with np.errstate(all="ignore"):
        third = np.full(64, 1 / 3)
        expected = [a / b, a + b - 1, (a - b) * 0.1, c * c * c, 1 / (-c * -c), np.ones(64), third]
    assert outputs["derived"].tobytes() == np.ascontiguousarray(np.column_stack(expected)).tobytes()
    assert np.isinf(outputs["s"][3, 0]) and np.isnan(outputs["s"][4, 0])


def test_a_text_is_no_number_to_calculate_with(tmp_path: Path) -> None:
    columns = [{"name": "x", "expression": ["+", "city", ["number", "1"]]}]
    drafted = draft([{"kind": "arithmetic", "columns": columns, "output": "d"}], ["d"], texts=["city"])
    assert "The column city holds no numbers" in refused(tmp_path, drafted, {"texts": [["Rome"]] * 64})


def test_wide_numbers_come_in_a_file_of_their_own(tmp_path: Path) -> None:
    numbers = random_rows(64, 3)
    numbers[0] = [-0.0, np.nan, 1e-310]
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "numbers.f64").write_bytes(numbers.astype("<f8").tobytes())
    drafted = draft([step("select", "all", columns=list("cab"))], ["all"], numbers=list("abc"))
    rows = {"numbers": {"file": "numbers.f64", "rows": 64}}
    given = from_json(rows, drafted["inputs"], tmp_path / "work")
    assert given.numbers.tobytes() == numbers.tobytes()
    with pytest.raises(Exception, match="holds 192 numbers, and 63 rows of 3 are 189"):
        from_json({"numbers": {**rows["numbers"], "rows": 63}}, drafted["inputs"], tmp_path / "work")
