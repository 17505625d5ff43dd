"""Functions of the bundle's own modules as steps: what they are handed, and what is taken back from them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas
from models import random_rows
from pinned import draft, pin, step, write_bundle
from running import brought_up
from test_derived_steps import CITIES, proved, refused

SOURCE = """
import numpy as np
import pandas
from scipy import sparse


def ratio(matrix):
    assert matrix.dtype == np.float64 and matrix.flags.c_contiguous
    return matrix[:, 0] / matrix[:, 1]


def halves(matrix):
    return (matrix[:, 0] / 2).astype(np.float32)


def both(matrix):
    matrix *= 2  # its own copy
    return matrix


def frame(rows):
    return pandas.DataFrame({"bmi": rows["weight"] / rows["height"] ** 2, "tall": rows["height"] > 0})


def capitals(texts):
    assert texts.ndim == 1 and texts.dtype == object
    return [text.upper() for text in texts]


def length(rows):
    return rows["city"].str.len()


def codes(rows):
    assert list(rows["day"].cat.categories) == ["fri", "sat"]
    assert list(rows["size"].cat.categories) == [3, 1]
    assert rows["weight"].dtype == np.float64
    return pandas.DataFrame({name: rows[name].cat.codes for name in ["day", "size"]})


def words(texts):
    return sparse.csr_matrix([[float(text.count(letter)) for letter in "on"] for text in texts])


def ratio_of_frame(rows):
    return rows["day"] / rows["weight"]


def dummies(rows):
    return pandas.get_dummies(rows[["city"]])


def centred(matrix):
    return matrix[:, 0] - matrix[:, 0].mean()


def counted(matrix):
    counted.calls += 1
    return matrix[:, 0] + counted.calls


counted.calls = 0


def short(matrix):
    return matrix[:-1]
"""
NUMBERS = np.abs(random_rows(64, 2)) + 0.5
TEXTS = [[CITIES[i % 3]] for i in range(64)]
COLUMNS = {"numbers": NUMBERS.tolist(), "texts": TEXTS}


def own(function: str, output: str, **rest: Any) -> dict:
    return {**step("code", output, **rest), "module": "features", "function": function}


def with_code(folder: Path, steps: list, outputs: list, source: str = SOURCE, limit: int = 16) -> dict:
    folder.mkdir(parents=True, exist_ok=True)
    content = source.encode()
    (folder / "features.py").write_bytes(content)
    drafted = draft(steps, outputs, limit, numbers=["weight", "height"], texts=["city"])
    pinned = {"file": "features.py", "sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
    return {**drafted, "code": {"features": pinned}}


def test_a_matrix_becomes_a_vector_or_columns_that_have_names(tmp_path: Path) -> None:
    names = ["weight", "height"]
    steps = [
        own("ratio", "ratio", columns=names, as_="matrix"),
        own("ratio", "named", columns=names, as_="matrix", names=["weight"]),
        own("halves", "halves", from_="ratio", as_="matrix"),
        step("exp", "back", from_="halves", base="1p"),
        own("both", "both", columns=names, as_="matrix"),
        own("both", "again", columns=names, as_="matrix", names=["a", "b"]),
        step("select", "last", columns=["weight", "height", "b", "both_0"]),
    ]
    outputs = ["ratio", "named", "halves", "back", "both", "again", "last"]
    description, got = proved(tmp_path, with_code(tmp_path, steps, outputs), COLUMNS)
    described = {name: (tensor["datatype"], tensor["columns"]) for name, tensor in description["tensors"].items()}
    assert described == {
        "ratio": ("FP64", None),
        "named": ("FP64", ["weight"]),
        "halves": ("FP32", None),
        "back": ("FP32", None),
        "both": ("FP64", ["both_0", "both_1"]),
        "again": ("FP64", ["a", "b"]),
        "last": ("FP64", ["weight", "height", "b", "both_0"]),
    }
    ratio = NUMBERS[:, 0] / NUMBERS[:, 1]
    assert got["ratio"].tolist() == ratio.tolist()
    assert got["halves"].tolist() == (ratio / 2).astype(np.float32).tolist()
    np.testing.assert_allclose(got["back"], np.expm1(got["halves"]), rtol=1e-6)
    doubled = np.column_stack([ratio * 2, NUMBERS[:, 1] * 2])  # named has taken the place of weight
    assert got["both"].tolist() == got["again"].tolist() == doubled.tolist()
    assert got["last"].tolist() == np.column_stack([ratio, NUMBERS[:, 1], doubled[:, [1, 0]]]).tolist()


def test_a_dataframe_brings_the_names_of_its_columns_and_a_series_is_one_value_a_row(tmp_path: Path) -> None:
    steps = [
        own("frame", "made", columns=["weight", "height"], as_="dataframe"),
        own("length", "length", columns=["city"], as_="dataframe"),
        step("select", "chosen", columns=["tall", "bmi"]),
    ]
    description, got = proved(tmp_path, with_code(tmp_path, steps, ["made", "length", "chosen"]), COLUMNS)
    assert description["tensors"]["made"] == {"datatype": "FP64", "columns": ["bmi", "tall"]}
    assert description["tensors"]["length"] == {"datatype": "INT64", "columns": None}
    expected = pandas.DataFrame({"bmi": NUMBERS[:, 0] / NUMBERS[:, 1] ** 2, "tall": NUMBERS[:, 1] > 0})
    assert got["made"].tolist() == expected.to_numpy(dtype=float).tolist()
    assert got["chosen"].tolist() == expected[["tall", "bmi"]].to_numpy(dtype=float).tolist()
    assert got["length"].tolist() == [4] * 64


def test_categories_are_of_pandas_own_dtype_where_the_step_says_so(tmp_path: Path) -> None:
    categories = [{"name": "day", "categories": ["fri", "sat"]}, {"name": "size", "categories": [3, 1]}]
    codes = [[i % 3 - 1, (i + 1) % 3 - 1] for i in range(64)]
    steps = [own("codes", "made", columns=["weight", "day", "size"], as_="categorical")]
    drafted = with_code(tmp_path, steps, ["made"])
    drafted["inputs"]["codes"] = categories
    description, got = proved(tmp_path, drafted, {**COLUMNS, "codes": codes})
    assert description["tensors"]["made"] == {"datatype": "FP64", "columns": ["day", "size"]}
    assert got["made"].tolist() == codes


def test_a_category_that_a_step_made_a_number_of_is_handed_over_as_that_number(tmp_path: Path) -> None:
    steps = [
        step("map", "mapped", columns=[{"name": "day", "map": [["fri", "2"], ["sat", "4"]]}]),
        own("ratio_of_frame", "made", columns=["day", "weight"], as_="categorical"),
    ]
    drafted = with_code(tmp_path, steps, ["made"])
    drafted["inputs"]["codes"] = [{"name": "day", "categories": ["fri", "sat"]}]
    _, got = proved(tmp_path, drafted, {**COLUMNS, "codes": [[i % 2] for i in range(64)]})
    assert got["made"].tolist() == [(2 + 2 * (i % 2)) / NUMBERS[i, 0] for i in range(64)]


def test_texts_become_texts_or_a_sparse_matrix_which_may_be_handed_on_in_full(tmp_path: Path) -> None:
    steps = [
        own("capitals", "capitals", columns=["city"], as_="text"),
        own("words", "words", columns=["city"], as_="text"),
        own("both", "twice", from_="words", as_="dense"),
        step("labels", "answer", from_="capitals", map=[[city.upper(), city] for city in CITIES]),
    ]
    drafted = with_code(tmp_path, steps, ["capitals", "twice", "answer"])
    description, got = proved(tmp_path, drafted, COLUMNS)
    assert "words" not in description["tensors"]
    assert description["tensors"]["capitals"] == {"datatype": "BYTES", "columns": None}
    assert got["capitals"].tolist() == [city.upper() for (city,) in TEXTS]
    assert got["twice"].tolist() == [[2 * city.count("o"), 2 * city.count("n")] for (city,) in TEXTS]
    assert got["answer"].tolist() == [city for (city,) in TEXTS]


def test_a_function_that_looks_at_other_rows_is_called_with_each_alone(tmp_path: Path) -> None:
    drafted = with_code(tmp_path, [own("centred", "centred", columns=["weight"], as_="matrix")], ["centred"])
    _, got = proved(tmp_path, drafted, COLUMNS)
    assert got["centred"].tolist() == [0.0] * 64
    assert brought_up(tmp_path)["blocks"] == {"centred": "constant 1"}


def refusal_of(folder: Path, function: str, **rest: Any) -> str:
    given = {"columns": ["weight"], "as_": "matrix", **rest}
    return refused(folder, with_code(folder, [own(function, "made", **given)], ["made"]), COLUMNS)


def test_what_cannot_be_served_is_told(tmp_path: Path) -> None:
    told = refusal_of(tmp_path / "a", "counted")
    assert "a row's bits change even when it is called alone" in told
    assert "They must be the same for any rows" in refusal_of(
        tmp_path / "b", "dummies", columns=["city"], as_="dataframe"
    )
    assert "rows came back for" in refusal_of(tmp_path / "c", "short")
    assert "the module features has no function nowhere" in refusal_of(tmp_path / "d", "nowhere")
    assert "it gave 1 columns, called ['a', 'b']" in refusal_of(tmp_path / "e", "both", names=["a", "b"])


def test_a_dataframe_of_other_columns_than_pinned_is_the_codes_failure(tmp_path: Path) -> None:
    steps = [own("frame", "made", columns=["weight", "height"], as_="dataframe")]
    drafted = with_code(tmp_path, steps, ["made"])
    description = pin(tmp_path, drafted, COLUMNS)
    tensors = {"made": {"datatype": "FP64", "columns": ["tall", "bmi"]}}
    write_bundle(tmp_path, {**drafted, "artifacts": description["artifacts"], "tensors": tensors})
    metadata = brought_up(tmp_path)
    assert metadata["state"] == "failed"
    assert "it returned the columns ['bmi', 'tall'], bundle.json has ['tall', 'bmi']" in metadata["reason"]
    assert json.loads((tmp_path / "bundle.json").read_text())["code"]["features"]["file"] == "features.py"
