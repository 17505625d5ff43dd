"""A bundle's own modules: run from the bytes that were pinned, found by its pickles, never mistaken for another's."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import Any

import pytest

from picklepod_reference import loading, own_modules
from picklepod_reference.fault import Fault
from picklepod_sidecar import code_modules
from picklepod_sidecar.problems import Refusal
from picklepod_sidecar.unpickle import load_artifact

WAYS = [(code_modules.load_code, Refusal), (own_modules.load_code, Fault)]
BOTH = pytest.mark.parametrize(("load_code", "refused"), WAYS, ids=["sidecar", "reference"])


@pytest.fixture(autouse=True)
def forget_modules() -> Any:
    before = set(sys.modules)
    yield
    code_modules.loaded_here.clear()
    for name in set(sys.modules) - before:
        if getattr(sys.modules[name].__loader__, "of_a_bundle", False):
            del sys.modules[name]


def pins(folder: Path, **sources: str) -> dict:
    folder.mkdir(exist_ok=True)
    code = {}
    for name, source in sources.items():
        content = source.encode()
        (folder / f"{name}.py").write_bytes(content)
        module = name.replace("__dot__", ".")
        code[module] = {"file": f"{name}.py", "sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
    return {"code": code}


@BOTH
def test_modules_of_a_bundle_import_each_other_in_any_order(tmp_path: Path, load_code: Any, refused: Any) -> None:
    described = pins(
        tmp_path,
        a_of_mine="from z_of_mine import two\nfour = two * 2",
        z_of_mine="two = 2",
        src_of_mine__dot__deep="import a_of_mine\neight = a_of_mine.four * 2",
        __main__="import src_of_mine.deep\nsixteen = src_of_mine.deep.eight * 2",
    )
    modules = load_code(described, tmp_path)
    assert modules["__main__"].sixteen == 16
    assert set(modules) == {"a_of_mine", "z_of_mine", "src_of_mine.deep", "__main__"}
    assert sys.modules["__main__"] is not modules["__main__"]


@BOTH
def test_another_file_than_the_pinned_is_not_run(tmp_path: Path, load_code: Any, refused: Any) -> None:
    described = pins(tmp_path, of_mine="value = 1")
    (tmp_path / "of_mine.py").write_text("value = 2")
    with pytest.raises(refused, match=r"of_mine.py, the module of_mine, is not the file that was pinned"):
        load_code(described, tmp_path)
    (tmp_path / "of_mine.py").unlink()
    with pytest.raises(refused, match="cannot be read"):
        load_code(described, tmp_path)


@BOTH
def test_a_file_beside_the_pinned_ones_is_not_imported(tmp_path: Path, load_code: Any, refused: Any) -> None:
    (tmp_path / "stray.py").write_text("value = 1")
    with pytest.raises(refused, match="No module named 'stray'"):
        load_code(pins(tmp_path, of_mine="import stray"), tmp_path)


@BOTH
@pytest.mark.parametrize("name", ["os", "json", "numpy", "sklearn", "sys", "picklepod_gate"])
def test_the_name_of_a_library_is_refused(tmp_path: Path, load_code: Any, refused: Any, name: str) -> None:
    with pytest.raises(refused, match="is the name of a library or of Python's own"):
        load_code(pins(tmp_path, **{name: "value = 1"}), tmp_path)


@BOTH
def test_code_that_raises_is_told_and_leaves_nothing(tmp_path: Path, load_code: Any, refused: Any) -> None:
    with pytest.raises(refused, match=r"The bundle's own code cannot be run \(ZeroDivisionError"):
        load_code(pins(tmp_path, of_mine="1 / 0"), tmp_path)
    assert "of_mine" not in sys.modules


def test_two_bundles_with_other_code_under_one_name(tmp_path: Path) -> None:
    first = code_modules.load_code(pins(tmp_path / "first", of_mine="value = 1"), tmp_path / "first")
    again = code_modules.load_code(pins(tmp_path / "again", of_mine="value = 1"), tmp_path / "again")
    assert again["of_mine"] is first["of_mine"]
    with pytest.raises(Refusal, match="Another bundle in this sidecar has other code under the name of_mine"):
        code_modules.load_code(pins(tmp_path / "other", of_mine="value = 2"), tmp_path / "other")


@pytest.mark.parametrize("module", ["of_mine", "__main__"])
def test_a_class_of_the_bundles_own_is_found(tmp_path: Path, module: str) -> None:
    described = pins(
        tmp_path, **{module: "class Shifted:\n    def predict(self, rows):\n        return rows + self.by\n"}
    )
    path = tmp_path / "model.pkl"
    path.write_bytes(b"\x80\x02c" + module.encode() + b"\nShifted\n)\x81}X\x02\x00\x00\x00byK\x03sb.")
    with pytest.raises(Fault, match=rf"it asks for {module}.Shifted, which no library .* `code: {{module: file.py}}`"):
        loading.load(path)
    pin = loading.load(path, None, own_modules.load_code(described, tmp_path)).pin
    assert (pin["root"], pin["globals"]) == (f"{module}.Shifted", [f"{module} Shifted"])
    assert load_artifact(path, pin, code_modules.load_code(described, tmp_path)).predict(4) == 7


def test_what_own_code_imported_is_not_its_own(tmp_path: Path) -> None:
    described = pins(tmp_path, of_mine="from os import system, getcwd as look\n")
    path = tmp_path / "model.pkl"
    path.write_bytes(b"\x80\x02cof_mine\nlook\n)R.")
    with pytest.raises(Fault, match="of_mine does not define look itself"):
        loading.load(path, None, own_modules.load_code(described, tmp_path))
    content = path.read_bytes()
    pin = {
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "root": "x",
        "globals": ["of_mine look"],
    }
    with pytest.raises(Refusal, match="does not define it"):
        load_artifact(path, pin, code_modules.load_code(described, tmp_path))
