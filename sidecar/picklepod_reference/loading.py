"""Loads an artifact that the gate let through, and notes every global that it asked for."""

from __future__ import annotations

import hashlib
import importlib
import inspect
import io
import pickle
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar, Dict, List, NamedTuple, Set

from picklepod_gate import Verdict, distrust, is_honest, scan
from picklepod_gate.checked import checked

from .fault import Distrusted, Fault

Code = Dict[str, ModuleType]
BRING_CODE = (
    "Where it is your own code, bring the file that defines it: `code: {module: file.py}` in model.yaml, or "
    "`picklepod init --code module=file.py`. Where it is not, do not trust this file."
)


class Loaded(NamedTuple):
    value: Any
    pin: Dict[str, Any]


def load(path: Path, pinned_sha256: str | None = None, code: Code | None = None) -> Loaded:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Fault(f"The artifact {path} cannot be read ({error.strerror}). Put it there, or mend its name.") from None
    sha256 = hashlib.sha256(content).hexdigest()
    if pinned_sha256 not in (None, sha256):
        raise Fault(f"{path} is not the file that was pinned. Restore it, or pin the bundle again.")
    own = code or {}
    verdict = scan(content, frozenset(own))
    if not verdict.honest:
        raise (Distrusted if verdict.note is None else Fault)(why_not(path.name, verdict))
    asked: Set[str] = set()
    try:
        value = unpickle(verdict, asked, own)
    except Exception as error:
        raise Fault(
            f"{path.name} cannot be unpickled here ({type(error).__name__}: {error}). "
            "Use the Python and the library versions that it was pickled with."
        ) from error
    root = type(value)
    pin = {
        "sha256": sha256,
        "size": len(content),
        "root": f"{root.__module__}.{root.__qualname__}",
        "globals": sorted(asked),
    }
    return Loaded(value, pin)


def why_not(file: str, verdict: Verdict) -> str:
    if verdict.note is not None:
        return f"{file} is no pickle. {verdict.note}"
    foreign = [danger for danger in verdict.dangers if danger.code == "unknown-global"]
    others = [danger for danger in verdict.dangers if danger.code != "unknown-global"]
    if foreign and not others:
        names = ", ".join(str(danger.name) for danger in foreign)
        return (
            f"{file} was not loaded: it asks for {names}, which no library that Picklepod knows pickles. {BRING_CODE}"
        )
    return f"{file} was not loaded, and nothing in it was run. {others[0].what}{distrust(others[0])}"


def unpickle(verdict: Verdict, asked: set[str], code: Code) -> Any:
    class Recording(pickle.Unpickler):
        def find_class(self, module: str, name: str) -> Any:
            return look_up(super().find_class, module, name, asked, code)

    # joblib writes arrays between the opcodes of the pickle, so that only its own unpickler can follow.
    if verdict.joblib:
        return unpickle_joblib(verdict, asked, code, Recording)
    return Recording(io.BytesIO(verdict.content)).load()


def look_up(find: Any, module: str, name: str, asked: set[str], code: Code) -> Any:
    asked.add(f"{module} {name}")
    if module in code and "." not in name:
        own = getattr(code[module], name)
        if getattr(own, "__module__", None) != module:
            raise pickle.UnpicklingError(f"{module} does not define {name} itself")
        return own
    if "." in name or not is_honest(module, name):
        raise pickle.UnpicklingError(f"{module}.{name} is not among the names of honest pickles")
    if module == "_loss":  # Cython's name for it in pickles; importing it registers that name
        importlib.import_module("sklearn._loss._loss")
    if module == "sklearn.externals.joblib.numpy_pickle":  # where scikit-learn kept a joblib of its own
        return find("joblib.numpy_pickle", name)
    return checked(module, name, find(module, name))


def unpickle_joblib(verdict: Verdict, asked: set[str], code: Code, plain: Any) -> Any:
    numpy_pickle = importlib.import_module("joblib.numpy_pickle")
    base: Any = numpy_pickle.NumpyUnpickler
    ends: List[int] = list(verdict.payload_ends)

    class RecordingJoblib(base):  # type: ignore[misc]
        dispatch: ClassVar[Dict[Any, Any]] = dict(base.dispatch)

        def find_class(self, module: str, name: str) -> Any:
            return look_up(super().find_class, module, name, asked, code)

        def load_build(self) -> None:
            wrapper = self.stack[-2] if len(self.stack) > 1 else None
            if not isinstance(wrapper, numpy_pickle.NumpyArrayWrapper):
                base.load_build(self)
                return
            if self.stack[-1]["dtype"].hasobject:
                # An array of objects is a pickle within the stream: joblib would load it by a plain pickle.load.
                self.stack[-2:] = [plain(self.file_handle).load()]
            else:
                base.load_build(self)
            if self.file_handle.tell() != ends.pop(0):
                raise pickle.UnpicklingError("an array does not end where the scan saw its end")

        dispatch[pickle.BUILD[0]] = load_build

    stream = io.BytesIO(verdict.content)
    arguments = {"ensure_native_byte_order": True}
    accepted = inspect.signature(base.__init__).parameters
    return RecordingJoblib("", stream, **{k: v for k, v in arguments.items() if k in accepted}).load()
