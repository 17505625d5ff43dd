"""The proof at start-up: exact, other-kernel, or failed with a message that tells what to do."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any, Callable

import numpy as np
import pytest
from models import regression_bundle
from pinned import draft, dump, pin, step
from running import brought_up, brought_up_elsewhere


@pytest.fixture(scope="module")
def regression(tmp_path_factory: Any) -> Path:
    return regression_bundle(tmp_path_factory.mktemp("regression"))


@pytest.fixture
def copy(regression: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(str(regression), str(tmp_path / "copy")))


def change_outputs(folder: Path, change: Callable[[dict], None]) -> dict:
    (path,) = (folder / "samples").glob("proof.*.npz")
    with np.load(str(path)) as members:
        outputs = {name: members[name].copy() for name in members.files}
    change(outputs)
    np.savez(str(path), **outputs)
    return outputs


def call_it_another_machine(folder: Path) -> None:
    path = folder / "samples" / "fingerprints.json"
    (entry,) = json.loads(path.read_text()).values()
    path.write_text(json.dumps({"a machine we never saw": entry}))


def test_is_exact_where_the_samples_know_the_machine(regression: Path) -> None:
    metadata = brought_up(regression)
    assert (metadata["state"], metadata["proof"], metadata["reason"]) == ("ready", "exact", None)
    assert metadata["blocks"]["scaled"] == "any"


def test_fails_on_one_ulp_and_names_row_output_values_and_distance(copy: Path) -> None:
    def one_ulp(outputs: dict) -> None:
        outputs["probability"][7] = np.nextafter(outputs["probability"][7], 1)

    outputs = change_outputs(copy, one_ulp)
    expected = outputs["probability"][7]
    metadata = brought_up(copy)
    assert (metadata["state"], metadata["proof"]) == ("failed", "failed")
    assert metadata["reason"] == (
        "The bundle does not give its samples again: row 7 of proof.npz, computed all together, output probability: "
        f"expected {float(expected)!r}, got {float(np.nextafter(expected, 0))!r}, 1 ulp apart. Restore the bundle's "
        "artifacts and samples, or, if the change is meant, run `picklepod pin` on the bundle."
    )


def test_fails_on_a_sample_written_by_hand(copy: Path) -> None:
    with np.load(str(copy / "samples" / "proof.npz")) as members:
        numbers = members["numbers"][:2].tolist()
    (fingerprint,) = json.loads((copy / "samples" / "fingerprints.json").read_text())
    sample = {"columns": {"numbers": numbers}, "outputs": {fingerprint: {"probability": [0.5, 0.5], "class": [0, 0]}}}
    (copy / "samples" / "readme.json").write_text(json.dumps(sample))
    reason = brought_up(copy)["reason"]
    assert "row 0 of the sample readme.json, computed all together, output probability: expected 0.5, got 0." in reason
    assert " ulp apart. " in reason


def test_finds_its_rules_on_an_unknown_machine_and_keeps_them(copy: Path, tmp_path: Path) -> None:
    call_it_another_machine(copy)
    state = tmp_path / "state"
    metadata = brought_up(copy, state_dir=state)
    assert (metadata["state"], metadata["proof"]) == ("ready", "other-kernel")
    kept = sorted((tmp_path / "state" / "proofs").iterdir())
    assert [path.suffix for path in kept] == [".json", ".npz"]
    assert all(path.name.startswith(metadata["digest"] + "-") for path in kept)
    written = [path.stat().st_mtime_ns for path in kept]
    assert brought_up(copy, state_dir=state)["blocks"] == metadata["blocks"]
    assert [path.stat().st_mtime_ns for path in kept] == written


def test_finds_its_rules_once_where_the_state_folder_takes_nothing(
    copy: Path, tmp_path: Path, capfd: Any, monkeypatch: Any
) -> None:
    call_it_another_machine(copy)
    (tmp_path / "aside").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "aside"))
    (tmp_path / "state").mkdir()
    for name in ("proofs", "trials"):
        (tmp_path / "state" / name).write_text("no folder")
    metadata = brought_up(copy, state_dir=tmp_path / "state", tried=False)
    assert (metadata["state"], metadata["proof"]) == ("ready", "other-kernel"), metadata["reason"]
    said = capfd.readouterr().err
    assert said.count("finding its block rules") == 1
    assert said.count("cannot be kept") == 2  # what was found, and that it passed its trial
    assert not list((tmp_path / "aside").iterdir())


def test_takes_honest_differences_of_another_kernel(copy: Path) -> None:
    call_it_another_machine(copy)

    def slightly(outputs: dict) -> None:
        outputs["probability"] += 5e-12 * outputs["probability"].max()

    change_outputs(copy, slightly)
    assert brought_up(copy)["proof"] == "other-kernel"


@pytest.mark.parametrize("output, difference", [("probability", 1e-10), ("class", 1)])
def test_fails_on_an_unknown_machine_where_numbers_or_labels_are_too_far(
    copy: Path, output: str, difference: Any
) -> None:
    call_it_another_machine(copy)

    def too_far(outputs: dict) -> None:
        outputs[output][5] += difference

    change_outputs(copy, too_far)
    metadata = brought_up(copy)
    assert (metadata["state"], metadata["proof"]) == ("failed", "failed")
    assert f"row 5 of proof.npz, output {output}: expected about" in metadata["reason"]


def test_a_label_may_differ_where_its_score_is_next_to_the_threshold(tmp_path: Path) -> None:
    from sklearn.preprocessing import StandardScaler

    dump(tmp_path, scaler=StandardScaler(with_mean=False, with_std=False).fit(np.zeros((2, 1))))
    steps = [
        step("transform", "scaled", "scaler", columns=["x"]),
        step("threshold", "class", from_="scaled", compare="at_least", value="0.5"),
        step("labels", "outcome", from_="class", map=[[0, "no"], [1, "yes"]]),
    ]
    rows = np.linspace(-1, 1, 64)
    rows[9] = 0.5 + 1e-13
    pin(tmp_path, draft(steps, ["class", "outcome"], numbers=["x"]), {"numbers": rows.reshape(-1, 1).tolist()})
    call_it_another_machine(tmp_path)

    def other_side(outputs: dict) -> None:
        outputs["class"][9], outputs["outcome"][9] = 0, "no"

    change_outputs(tmp_path, other_side)
    assert brought_up(tmp_path)["proof"] == "other-kernel"


@pytest.mark.skipif(sys.version_info[:2] != (3, 7), reason="newer OpenBLAS may crash under another core's kernels")
def test_another_blas_kernel_is_another_machine(regression: Path) -> None:
    here, nehalem = brought_up_elsewhere(regression), brought_up_elsewhere(regression, OPENBLAS_CORETYPE="Nehalem")
    assert (here["proof"], nehalem["proof"]) == ("exact", "other-kernel"), nehalem["reason"]
    assert "Nehalem" in nehalem["fingerprint"] and here["fingerprint"] != nehalem["fingerprint"]


def test_refuses_a_proof_of_few_rows(tmp_path: Path) -> None:
    reason = brought_up(regression_bundle(tmp_path, rows=63, width=3))["reason"]
    assert reason == (
        "The proof has 63 rows, and at least 64 (or every combination of categories) are needed. "
        "Run `picklepod pin` on the bundle with more rows."
    )


@pytest.mark.parametrize("left_out, state", [(0, "ready"), (1, "failed")])
def test_every_combination_of_categories_is_proof_enough(tmp_path: Path, left_out: int, state: str) -> None:
    steps = [step("one_hot", "dummies", columns=["a", "b"])]
    codes = [{"name": "a", "categories": ["p", "q"]}, {"name": "b", "categories": [1, 2, 3]}]
    rows = [[i, j] for i in range(2) for j in range(3)][left_out:]
    pin(tmp_path, draft(steps, ["dummies"], codes=codes), {"codes": rows})
    assert brought_up(tmp_path)["state"] == state
