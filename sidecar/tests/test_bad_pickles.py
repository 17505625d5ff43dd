"""Pickles that must never be loaded: each is refused for its reason, and nothing of it runs, on any way in."""

from __future__ import annotations

import functools
import hashlib
import json
import pickle
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import joblib.numpy_pickle
import pytest
from bad_pickles.generate import generate

from picklepod_gate import scan
from picklepod_reference import loading
from picklepod_reference.fault import Fault
from picklepod_sidecar.problems import Refusal
from picklepod_sidecar.unpickle import UnpinnedGlobal, load_artifact, unpickle

BY_NAME = ("dangerous-global", "unknown-global", "dotted-name")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: Any) -> Path:
    made: Path = tmp_path_factory.mktemp("bad")
    generate(made)
    return made


@pytest.fixture(scope="module")
def expected(folder: Path) -> dict:
    return json.loads((folder / "expected.json").read_text())


@pytest.fixture(autouse=True)
def the_canary(folder: Path) -> Any:
    yield
    assert list((folder / "canary").iterdir()) == []


@functools.lru_cache(maxsize=None)
def verdict_of(path: Path) -> Any:
    return scan(path.read_bytes())


def pin_of(path: Path) -> dict:
    content = path.read_bytes()
    names = sorted(f"{module} {name}" for module, name in verdict_of(path).names)
    sha256 = hashlib.sha256(content).hexdigest()
    return {"size": len(content), "sha256": sha256, "root": "builtins.NoneType", "globals": names}


def first_code(path: Path) -> Any:
    verdict = verdict_of(path)
    return verdict.dangers[0].code if verdict.dangers else verdict.note


def test_there_are_many_of_every_kind(expected: dict) -> None:
    bad = [said["code"] for said in expected.values() if not said["honest"]]
    assert len(bad) > 500 and len(set(bad)) == 16
    assert sum(said["honest"] for said in expected.values()) > 20


def test_each_is_refused_for_its_reason_and_no_look_alike_is(folder: Path, expected: dict) -> None:
    assert {file: first_code(folder / file) for file in expected} == {f: said["code"] for f, said in expected.items()}


def test_the_sidecar_loads_none_though_its_names_are_pinned(folder: Path, expected: dict) -> None:
    for file in (file for file, said in expected.items() if not said["honest"]):
        with pytest.raises(Refusal, match="nothing in it was run"):
            load_artifact(folder / file, pin_of(folder / file))


def test_pinning_loads_none(folder: Path, expected: dict) -> None:
    for file in (file for file, said in expected.items() if not said["honest"]):
        with pytest.raises(Fault, match="was not loaded"):
            loading.load(folder / file)


def test_the_unpicklers_alone_refuse_the_names_too(folder: Path, expected: dict) -> None:
    for file in (file for file, said in expected.items() if said["code"] in BY_NAME):
        content = (folder / file).read_bytes()
        name = re.escape(str(verdict_of(folder / file).dangers[0].name))
        # An array before the name ends the reading where joblib is too old to know how it is aligned.
        kinds = (UnpinnedGlobal, pickle.UnpicklingError) if file == "joblib-behind-an-array.pkl" else UnpinnedGlobal
        with pytest.raises(kinds, match=name + "|reads the array in another way"):
            unpickle(scan(content), frozenset(pin_of(folder / file)["globals"]), {})
        with pytest.raises(
            pickle.UnpicklingError, match=f"{name}.* is not among the names|does not end where the scan"
        ):
            loading.unpickle(scan(content), set(), {})


def test_a_joblib_that_reads_another_format_is_caught_before_it_reads_on(folder: Path) -> None:
    if hasattr(joblib.numpy_pickle, "NUMPY_ARRAY_ALIGNMENT_BYTES"):
        pytest.skip("this joblib knows the padding before an array")
    with pytest.raises(Fault, match="an array does not end where the scan saw its end"):
        loading.load(folder / "honest-joblib.pkl")
    with pytest.raises(Refusal, match="reads the array in another way than it was written"):
        load_artifact(folder / "honest-joblib.pkl", pin_of(folder / "honest-joblib.pkl"))


def test_look_alikes_of_libraries_that_are_here_load_both_ways(folder: Path, expected: dict) -> None:
    loaded = 0
    for file in (file for file, said in expected.items() if said["honest"] and file != "honest-joblib.pkl"):
        if {module.split(".")[0] for module, _ in scan((folder / file).read_bytes()).names} <= {
            "numpy",
            "joblib",
            "builtins",
        }:
            pin = loading.load(folder / file).pin
            assert load_artifact(folder / file, pin) is not None or pin["root"] == "builtins.NoneType"
            loaded += 1
    assert loaded > 8


def test_the_canary_would_have_told(folder: Path, tmp_path: Path) -> None:
    content = (folder / "os-system.pkl").read_bytes().replace(str(folder / "canary" / "left").encode(), b"%s")
    path = str(tmp_path / "left").encode()
    command = b"touch " + path
    head, _, tail = content.partition(b"X")
    assert tail
    evil = head + b"X" + len(command).to_bytes(4, "little") + command + b"tR."
    subprocess.run([sys.executable, "-c", "import pickle, sys; pickle.load(sys.stdin.buffer)"], input=evil, check=True)
    assert (tmp_path / "left").exists()
