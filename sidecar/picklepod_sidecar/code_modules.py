"""A bundle's own modules, from the very bytes that were pinned, so that its pickles find their classes in them."""

from __future__ import annotations

import hashlib
import importlib
import importlib.abc
import importlib.machinery
import sys
import types
from pathlib import Path
from typing import Any, Dict, Mapping

from .bundle_files import file_in
from .problems import Refusal

Sources = Dict[str, bytes]
MAIN = "__main__"  # as pickles say it; this process has another
loaded_here: Dict[str, str] = {}  # module name: the sha256 of what runs under it in this sidecar


def load_code(described: Mapping[str, Any], folder: Path) -> dict[str, types.ModuleType]:
    sources = {name: read_pinned(folder, name, pin) for name, pin in described.get("code", {}).items()}
    fresh = {name: content for name, content in sources.items() if is_fresh(name, content)}
    finder = Finder(fresh, folder)
    for name in set(fresh) - {MAIN}:
        sys.modules.pop(name, None)
    before = set(sys.modules)
    sys.meta_path.insert(0, finder)
    try:
        modules = {name: finder.main() if name == MAIN else importlib.import_module(name) for name in sources}
    except Exception as error:
        for name in set(sys.modules) - before:
            if name in finder.names:
                del sys.modules[name]
        raise Refusal(
            f"The bundle's own code cannot be run ({type(error).__name__}: {error}). Mend the file."
        ) from error
    finally:
        sys.meta_path.remove(finder)
    loaded_here.update({name: sha256(content) for name, content in fresh.items() if name != MAIN})
    return modules


def read_pinned(folder: Path, name: str, pin: Mapping[str, Any]) -> bytes:
    path = file_in(folder, pin["file"])
    try:
        content: bytes = path.read_bytes()
    except OSError as error:
        raise Refusal(f"The code {path} cannot be read ({error.strerror}). Put it there.") from None
    if (len(content), sha256(content)) != (pin["size"], pin["sha256"]):
        raise Refusal(
            f"{pin['file']}, the module {name}, is not the file that was pinned. Restore it, or, if you changed it on "
            "purpose, run `picklepod pin` on the bundle."
        )
    return content


def is_fresh(name: str, content: bytes) -> bool:
    """False where another bundle of this sidecar brought the same bytes under this name."""
    if name == MAIN:
        return True
    if name in loaded_here:
        if loaded_here[name] != sha256(content):
            raise Refusal(
                f"Another bundle in this sidecar has other code under the name {name}. Rename one of the two modules, "
                "or give the bundles different locks, so that each has a sidecar."
            )
        return False
    if is_taken(name.split(".")[0]):
        raise Refusal(f"{name} is the name of a library or of Python's own. Give the bundle's module another name.")
    return True


def is_taken(package: str) -> bool:
    if any(own == package or own.startswith(package + ".") for own in loaded_here):
        return False
    if package in sys.builtin_module_names or (package in sys.modules and not of_a_bundle(sys.modules[package])):
        return True
    # Not in the folder where the sidecar was started, which may be the bundle's own.
    paths = [path for path in sys.path if path and Path(path).resolve() != Path.cwd().resolve()]
    found = importlib.machinery.PathFinder.find_spec(package, paths)
    return found is not None and found.origin is not None  # without an origin it is but a folder of that name


def of_a_bundle(module: types.ModuleType) -> bool:
    return getattr(getattr(module, "__loader__", None), "of_a_bundle", False)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the bundle's modules while they are loaded, so that they may import each other in any order."""

    of_a_bundle = True

    def __init__(self, sources: Sources, folder: Path):
        self.sources = sources
        self.folder = folder
        packages = {name[:place] for name in sources for place, sign in enumerate(name) if sign == "."}
        self.names = (packages | set(sources)) - {MAIN}

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> Any:
        if fullname not in self.names:
            return None
        is_package = any(name.startswith(fullname + ".") for name in self.names)
        return importlib.machinery.ModuleSpec(fullname, self, is_package=is_package)

    def create_module(self, spec: Any) -> None:
        return None

    def exec_module(self, module: types.ModuleType) -> None:
        content = self.sources.get(module.__name__, b"")
        module.__file__ = f"<{module.__name__} of {self.folder.name}>"
        exec(compile(content, module.__file__, "exec", dont_inherit=True), module.__dict__)

    def main(self) -> types.ModuleType:
        module = types.ModuleType(MAIN)
        self.exec_module(module)
        return module
