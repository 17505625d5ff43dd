"""Three gates before an artifact is loaded: the bytes that were pinned, a scan that runs nothing, exact names."""

from __future__ import annotations

import hashlib
import importlib
import inspect
import io
import pickle
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar, Dict, FrozenSet, List, Mapping

from picklepod_gate import Verdict, distrust, is_honest, scan
from picklepod_gate.checked import checked

from .problems import Refusal

PIN_AGAIN = "Restore the file, or, if you changed it on purpose, run `picklepod pin` on the bundle."
OWN_CODE = (
    "If it is your own class or function, name its module under `code:` in model.yaml, so that it is pinned with the "
    "bundle, and run `picklepod pin`; else do not trust this file."
)
# sklearn before 0.23 had a joblib of its own, whose wrappers today's joblib reads.
VENDORED_JOBLIB = "sklearn.externals.joblib.numpy_pickle"
Code = Mapping[str, ModuleType]


class UnpinnedGlobal(pickle.UnpicklingError):
    pass


def load_artifact(path: Path, pin: dict[str, Any], code: Code | None = None) -> Any:
    code = code or {}
    verdict = scanned(path, pin, frozenset(code))
    try:
        artifact = unpickle(verdict, frozenset(pin["globals"]), code)
    except UnpinnedGlobal as error:
        raise Refusal(
            f"{path.name} asks for {error}, which its pins do not list. Do not load it unless you trust it; "
            "if you do, run `picklepod pin` on the bundle."
        ) from None
    except Exception as error:
        raise Refusal(
            f"{path.name} cannot be unpickled ({type(error).__name__}: {error}). "
            "Use the Python and the library versions that it was pickled with."
        ) from error
    root = f"{type(artifact).__module__}.{type(artifact).__qualname__}"
    if root != pin["root"]:
        raise Refusal(f"{path.name} holds a {root}, pinned is a {pin['root']}. {PIN_AGAIN}")
    return artifact


def scanned(path: Path, pin: dict[str, Any], own: FrozenSet[str]) -> Verdict:
    verdict = scan(read_pinned(path, pin), own)
    refuse_dangers(path, verdict)
    return verdict


def read_pinned(path: Path, pin: dict[str, Any]) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Refusal(f"The artifact {path} cannot be read ({error.strerror}). Put it there.") from None
    if len(content) != pin["size"]:
        raise Refusal(f"{path.name} has {len(content)} bytes, pinned are {pin['size']}. {PIN_AGAIN}")
    sha256 = hashlib.sha256(content).hexdigest()
    if sha256 != pin["sha256"]:
        raise Refusal(f"{path.name} has the sha256 {sha256}, pinned is {pin['sha256']}. {PIN_AGAIN}")
    return content


def refuse_dangers(path: Path, verdict: Verdict) -> None:
    if verdict.note is not None:
        raise Refusal(f"{path.name} is no pickle. {verdict.note}")
    if not verdict.dangers:
        return
    first = verdict.dangers[0]
    unknown = [danger.name for danger in verdict.dangers if danger.code == "unknown-global" and danger.name]
    named = f" It asks for {', '.join(unknown)} in all." if len(unknown) > 1 else ""
    remedy = " " + OWN_CODE if unknown else distrust(first)
    raise Refusal(f"{path.name} was not loaded, and nothing in it was run. {first.what}{named}{remedy}")


def unpickle(verdict: Verdict, allowed: FrozenSet[str], code: Code) -> Any:
    plain = allow_only(pickle.Unpickler, allowed, code)
    if not verdict.joblib:
        return plain(io.BytesIO(verdict.content)).load()
    return joblib_unpickler(allowed, code, plain, list(verdict.payload_ends))(io.BytesIO(verdict.content)).load()


def allow_only(base: Any, allowed: FrozenSet[str], code: Code) -> Any:
    class AllowOnly(base):  # type: ignore[misc]
        def find_class(self, module: str, name: str) -> Any:
            if f"{module} {name}" not in allowed or "." in name:
                raise UnpinnedGlobal(f"{module}.{name}")
            if module in code:
                return defined_in(code[module], module, name)
            if not is_honest(module, name):
                raise UnpinnedGlobal(f"{module}.{name}")
            if module == "_loss":  # Cython's name for it in pickles; importing it registers that name
                importlib.import_module("sklearn._loss._loss")
            home = "joblib.numpy_pickle" if module == VENDORED_JOBLIB else module
            return checked(module, name, super().find_class(home, name))

    return AllowOnly


def defined_in(module: ModuleType, module_name: str, name: str) -> Any:
    """What the module defines itself: what it imported from elsewhere was pinned by nobody."""
    found = vars(module).get(name)
    if not callable(found) or getattr(found, "__module__", None) != module_name:
        raise UnpinnedGlobal(f"{module_name}.{name} (the bundle's own module {module_name} does not define it)")
    return found


def joblib_unpickler(allowed: FrozenSet[str], code: Code, plain: Any, ends: List[int]) -> Any:
    """joblib puts the bytes of arrays between the opcodes, so that only its own unpickler can follow.

    `ends`: where the scan saw each array end; a joblib that reads on elsewhere would run what was not scanned.
    """
    joblib = importlib.import_module("joblib.numpy_pickle")
    base: Any = allow_only(joblib.NumpyUnpickler, allowed, code)

    class AllowOnlyJoblib(base):  # type: ignore[misc,valid-type]
        dispatch: ClassVar[Dict[Any, Any]] = dict(joblib.NumpyUnpickler.dispatch)

        def __init__(self, stream: Any):
            # The argument came, without a default, in joblib 1.5; true is what joblib.load gives.
            newer = "ensure_native_byte_order" in inspect.signature(base.__init__).parameters
            super().__init__("", stream, **({"ensure_native_byte_order": True} if newer else {}))

        def load_build(self) -> None:
            wrapped = len(self.stack) > 1 and isinstance(self.stack[-2], joblib.NumpyArrayWrapper)
            if wrapped and self.stack[-1]["dtype"].hasobject:
                # joblib would read this pickle within the stream by a plain pickle.load, past the allow-list.
                self.stack[-2:] = [plain(self.file_handle).load()]
            else:
                joblib.NumpyUnpickler.load_build(self)
            if wrapped and (not ends or self.file_handle.tell() != ends.pop(0)):
                raise pickle.UnpicklingError("this joblib reads the array in another way than it was written")

        dispatch[pickle.BUILD[0]] = load_build

    return AllowOnlyJoblib
