"""Loads an artifact and notes every global that it asked for."""

from __future__ import annotations

import hashlib
import importlib
import inspect
import io
import pickle
import zlib
from pathlib import Path
from typing import Any, ClassVar, Dict, NamedTuple, Set

from .fault import Fault

COMPRESSIONS = (
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bz2"),
    (b"\xfd7zXZ", "lzma"),
    (b"\x5d\x00\x00", "lzma"),
    (b"\x04\x22\x4d\x18", "lz4.frame"),
)
ZLIB_HEADERS = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")


class Loaded(NamedTuple):
    value: Any
    pin: Dict[str, Any]


def load(path: Path, pinned_sha256: str | None = None) -> Loaded:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Fault(f"The artifact {path} cannot be read ({error.strerror}). Put it there, or mend its name.") from None
    sha256 = hashlib.sha256(content).hexdigest()
    if pinned_sha256 not in (None, sha256):
        raise Fault(f"{path} is not the file that was pinned. Restore it, or pin the bundle again.")
    asked: Set[str] = set()
    try:
        value = unpickle(decompressed(content), asked)
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


def decompressed(content: bytes) -> bytes:
    for magic, module in COMPRESSIONS:
        if content.startswith(magic):
            expanded: bytes = importlib.import_module(module).decompress(content)
            return expanded
    return zlib.decompress(content) if content[:2] in ZLIB_HEADERS else content


def unpickle(content: bytes, asked: set[str]) -> Any:
    class Recording(pickle.Unpickler):
        def find_class(self, module: str, name: str) -> Any:
            asked.add(f"{module} {name}")
            import_first(module)
            return super().find_class(module, name)

    # joblib writes arrays between the opcodes of the pickle, so that only its own unpickler can follow.
    if b"NumpyArrayWrapper" in content:
        return unpickle_joblib(content, asked, Recording)
    return Recording(io.BytesIO(content)).load()


def import_first(module: str) -> None:
    if module == "_loss":  # Cython's name for it in pickles; importing it registers that name
        importlib.import_module("sklearn._loss._loss")


def unpickle_joblib(content: bytes, asked: set[str], plain: Any) -> Any:
    numpy_pickle = importlib.import_module("joblib.numpy_pickle")
    base: Any = numpy_pickle.NumpyUnpickler

    class RecordingJoblib(base):  # type: ignore[misc]
        dispatch: ClassVar[Dict[Any, Any]] = dict(base.dispatch)

        def find_class(self, module: str, name: str) -> Any:
            asked.add(f"{module} {name}")
            import_first(module)
            return super().find_class(module, name)

        def load_build(self) -> None:
            wrapper = self.stack[-2] if len(self.stack) > 1 else None
            if not isinstance(wrapper, numpy_pickle.NumpyArrayWrapper) or not self.stack[-1]["dtype"].hasobject:
                base.load_build(self)
                return
            # An array of objects is a pickle within the stream: joblib would load it by a plain pickle.load.
            self.stack[-2:] = [plain(self.file_handle).load()]

        dispatch[pickle.BUILD[0]] = load_build

    stream = io.BytesIO(content)
    arguments = {"ensure_native_byte_order": True}
    accepted = inspect.signature(base.__init__).parameters
    return RecordingJoblib("", stream, **{k: v for k, v in arguments.items() if k in accepted}).load()
