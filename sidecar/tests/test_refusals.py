"""What never serves, and the one message that says why and what to do."""

from __future__ import annotations

import json
import pickle
import platform
import shutil
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pytest
import sklearn
from models import regression_bundle
from pinned import reference, write_bundle
from running import brought_up, brought_up_elsewhere


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: Any) -> Path:
    return regression_bundle(tmp_path_factory.mktemp("refusals"), width=3, limit=8)


@pytest.fixture
def copy(bundle: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(str(bundle), str(tmp_path / "copy")))


def described(folder: Path) -> dict:
    return json.loads((folder / "bundle.json").read_text(encoding="utf-8"))


def refusal(folder: Path) -> str:
    metadata = brought_up(folder)
    assert (metadata["state"], metadata["proof"]) == ("failed", None)
    return metadata["reason"]


def test_another_python_and_other_libraries_all_in_one_message(copy: Path) -> None:
    content = described(copy)
    content["python"] = "3.6"
    packages = {"numpy": "1.0.1", "scikit_learn": sklearn.__version__, "not-there": "2.0"}
    content["lock"]["packages"] = packages
    write_bundle(copy, content)
    assert refusal(copy) == (
        "This is not the environment that the bundle was pickled with: pickled with Python 3.6, here is Python "
        f"{platform.python_version()}, pickled with not-there 2.0, here is none, pickled with numpy 1.0.1, here is "
        f"{np.__version__}. Start its sidecar under Python 3.6 with exactly what requirements.lock lists "
        "(`npm start` does both)."
    )


def test_the_right_libraries_are_no_refusal(copy: Path) -> None:
    content = described(copy)
    versions = {"numpy": np.__version__, "scikit-learn": sklearn.__version__, "joblib": joblib.__version__}
    content["lock"]["packages"] = versions
    write_bundle(copy, content)
    metadata = brought_up(copy)
    assert metadata["state"] == "ready", metadata["reason"]
    assert metadata["libraries"] == versions


def test_a_file_of_another_sha256_is_never_unpickled(copy: Path) -> None:
    path = copy / "model.pkl"
    content = bytearray(path.read_bytes())
    content[-3] ^= 1
    path.write_bytes(content)
    reason = refusal(copy)
    assert reason.startswith("model.pkl has the sha256 ") and "pinned is" in reason and "`picklepod pin`" in reason


def test_a_file_of_another_size(copy: Path) -> None:
    path = copy / "model.pkl"
    size = path.stat().st_size
    path.write_bytes(path.read_bytes() + b"!")
    assert refusal(copy).startswith(f"model.pkl has {size + 1} bytes, pinned are {size}. Restore the file, or")


def test_a_missing_file(copy: Path) -> None:
    (copy / "model.pkl").unlink()
    assert "model.pkl cannot be read (No such file or directory). Put it there." in refusal(copy)


def test_a_global_that_is_not_pinned(copy: Path) -> None:
    content = described(copy)
    pins = content["artifacts"]["model.pkl"]["globals"]
    pins.remove(next(pin for pin in pins if pin.endswith(" LogisticRegression")))
    write_bundle(copy, content)
    assert "LogisticRegression, which its pins do not list. Do not load it unless you trust it" in refusal(copy)


def test_another_root_type(copy: Path) -> None:
    content = described(copy)
    content["artifacts"]["model.pkl"]["root"] = "builtins.dict"
    write_bundle(copy, content)
    reason = refusal(copy)
    assert (
        reason.startswith("model.pkl holds a sklearn.") and "LogisticRegression, pinned is a builtins.dict. " in reason
    )


def test_a_digest_that_is_not_the_contents(copy: Path) -> None:
    content = described(copy)
    path = copy / "bundle.json"
    path.write_text(json.dumps({**content, "version": "2"}), encoding="utf-8")
    reason = refusal(copy)
    assert f"says its digest is {content['digest']}, its content has" in reason and "`picklepod pin`" in reason


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 2}'])
def test_a_bundle_json_that_is_none(copy: Path, text: str) -> None:
    (copy / "bundle.json").write_text(text)
    metadata = brought_up(copy, name="copy")
    assert metadata["state"] == "failed" and "Run `picklepod pin` on the bundle" in metadata["reason"]


def test_a_warning_of_scikit_learn_about_versions_is_an_error(copy: Path) -> None:
    path = copy / "scaler.pkl"
    version = sklearn.__version__.encode()
    other = path.read_bytes().replace(version, version[:-1] + b"x")
    path.write_bytes(other)
    content = described(copy)
    import hashlib

    content["artifacts"]["scaler.pkl"].update(sha256=hashlib.sha256(other).hexdigest())
    write_bundle(copy, content)
    reason = brought_up_elsewhere(copy)["reason"]
    assert reason.startswith("scaler.pkl cannot be unpickled (") and "Trying to unpickle estimator" in reason


def test_a_failing_bundle_does_not_stop_the_next(copy: Path, mixed: Path) -> None:
    (copy / "model.pkl").unlink()
    content = {**described(copy), "name": "broken"}
    write_bundle(copy, content)
    assert brought_up(copy, mixed, name="broken")["state"] == "failed"
    assert brought_up(copy, mixed, name="small")["state"] == "ready"


class Evil:
    def __reduce__(self) -> Any:
        return (exec, ("raise SystemExit('it ran')",))


@pytest.mark.parametrize("how", ["plain", "joblib", "array of objects inside joblib", "compressed"])
def test_no_container_leads_past_the_allow_list(tmp_path: Path, how: str) -> None:
    from picklepod_gate import scan
    from picklepod_sidecar.unpickle import UnpinnedGlobal, unpickle

    path = tmp_path / "evil"
    if how == "plain":
        path.write_bytes(pickle.dumps(Evil()))
    elif how == "joblib":
        joblib.dump([np.zeros(3), Evil()], str(path))
    else:
        joblib.dump(np.array([Evil()], dtype=object), str(path), compress=3 if how == "compressed" else 0)
    allowed = frozenset(honest_globals(tmp_path))
    with pytest.raises(UnpinnedGlobal, match="exec"):
        unpickle(scan(path.read_bytes()), allowed, {})


def honest_globals(folder: Path) -> list:
    from picklepod_reference.loading import load

    joblib.dump([np.zeros(3), np.array(["a", None], dtype=object)], str(folder / "honest"))
    return load(folder / "honest").pin["globals"]


OUTSIDE = ["../model.pkl", "/etc/hostname", "..", "a/../../model.pkl", "..\\model.pkl"]


@pytest.mark.parametrize("name", OUTSIDE)
def test_an_artifact_outside_of_the_bundle_is_not_read(copy: Path, name: str) -> None:
    shutil.copy(str(copy / "model.pkl"), str(copy.parent / "model.pkl"))
    content = described(copy)
    content["artifacts"][name] = content["artifacts"].pop("model.pkl")
    for step in content["steps"]:
        if step.get("artifact", {}).get("file") == "model.pkl":
            step["artifact"]["file"] = name
    write_bundle(copy, content)
    assert f"bundle.json names the file {name!r}, which is not the plain name of a file" in refusal(copy)
    done = reference("run", "--bundle", copy, "--columns", copy / "x", "--blocks", "samples", "--out", copy / "out")
    assert done.returncode == 1
    assert f"error: The bundle names the file {name!r}, which is not in its folder." in done.stderr


@pytest.mark.parametrize("name", OUTSIDE)
def test_code_outside_of_the_bundle_is_not_read(copy: Path, name: str) -> None:
    write_bundle(copy, {**described(copy), "code": {"own": {"file": name, "sha256": "0" * 64, "size": 0}}})
    assert f"bundle.json names the file {name!r}, which is not the plain name of a file" in refusal(copy)
    done = reference("run", "--bundle", copy, "--columns", copy / "x", "--blocks", "samples", "--out", copy / "out")
    assert f"error: The bundle names the file {name!r}, which is not in its folder." in done.stderr
