"""The modules that a bundle brings for its pickles and steps; run from the bytes that were compared with the pins."""

from __future__ import annotations

import hashlib
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any, Dict

from .fault import Fault

Modules = Dict[str, ModuleType]


def load_code(described: Dict[str, Any], folder: Path) -> Modules:
    """By the name that the pickles say. `__main__` stays apart: this process has one of its own."""
    loader = Pinned({name: bytes_of(folder, name, pin) for name, pin in (described.get("code") or {}).items()})
    for name in loader.contents:
        top = name.split(".")[0]
        if name != "__main__" and is_library(top):
            raise Fault(f"{name} is the name of a library or of Python's own. Give the bundle's module another name.")
    for name in set(loader.contents) - {"__main__"}:
        sys.modules.pop(name, None)  # of another bundle that this process looked at before
    sys.meta_path.insert(0, loader)
    try:
        return {name: loader.module(name) for name in loader.contents}
    except Exception as error:
        raise Fault(f"The bundle's own code cannot be run ({type(error).__name__}: {error}). Mend the file.") from error
    finally:
        sys.meta_path.remove(loader)


def bytes_of(folder: Path, name: str, pin: Dict[str, Any]) -> bytes:
    path = file_in(folder, pin["file"])
    try:
        content: bytes = path.read_bytes()
    except OSError as error:
        raise Fault(f"The code {path} cannot be read ({error.strerror}). Put it there.") from None
    if (len(content), hashlib.sha256(content).hexdigest()) != (pin["size"], pin["sha256"]):
        raise Fault(
            f"{pin['file']}, the module {name}, is not the file that was pinned. Restore it, or pin the bundle again."
        )
    return content


def file_in(folder: Path, name: Any) -> Path:
    """Of the folder or below it: a bundle from elsewhere must not reach into what lies beside it."""
    parts = Path(name).parts if isinstance(name, str) and "\\" not in name else ()
    if not parts or ".." in parts or Path(name).is_absolute():
        raise Fault(f"The bundle names the file {name!r}, which is not in its folder. Put it there, and pin it again.")
    return folder / str(name)


def is_library(top: str) -> bool:
    """What lies in the folder that a person stands in is no library, nor is a folder without an __init__.py."""
    if top in sys.builtin_module_names:
        return True
    if top in sys.modules:
        return not getattr(getattr(sys.modules[top], "__loader__", None), "of_a_bundle", False)
    elsewhere = [entry for entry in sys.path if entry and Path(entry).resolve() != Path.cwd().resolve()]
    spec = importlib.machinery.PathFinder.find_spec(top, elsewhere)
    return spec is not None and spec.origin is not None


class Pinned(importlib.abc.SourceLoader):
    """Lets the modules import each other, whatever their order."""

    of_a_bundle = True

    def __init__(self, contents: Dict[str, bytes]):
        self.contents = contents

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> Any:
        within = any(name.startswith(fullname + ".") for name in self.contents)
        if fullname == "__main__" or not (within or fullname in self.contents):
            return None
        return importlib.util.spec_from_loader(fullname, self, is_package=within)

    def get_filename(self, fullname: str) -> str:
        return f"<{fullname}>"

    def get_data(self, path: str | bytes) -> bytes:
        return self.contents.get(str(path)[1:-1], b"")

    def module(self, name: str) -> ModuleType:
        if name != "__main__":
            return importlib.import_module(name)
        main = ModuleType(name)
        exec(self.source_to_code(self.contents[name], "<__main__>"), vars(main))
        return main
