"""The allow-list: an artifact is the very bytes that were pinned, and asks for no global that was not."""

from __future__ import annotations

import hashlib
import importlib
import inspect
import io
import pickle
import zlib
from pathlib import Path
from typing import Any, ClassVar, Dict, FrozenSet

from .problems import Refusal

PIN_AGAIN = "Restore the file, or, if you changed it on purpose, run `npm run pin` on the bundle."
COMPRESSED = {
    b"\x1f\x8b": "gzip",
    b"BZh": "bz2",
    b"\xfd7zXZ": "lzma",
    b"\x5d\x00\x00": "lzma",
    b"\x04\x22\x4d\x18": "lz4.frame",
}


class UnpinnedGlobal(pickle.UnpicklingError):
    pass


def load_artifact(path: Path, pin: dict[str, Any]) -> Any:
    content = read_pinned(path, pin)
    try:
        artifact = unpickle(expand(content), frozenset(pin["globals"]))
    except UnpinnedGlobal as error:
        raise Refusal(
            f"{path.name} asks for {error}, which its pins do not list. Do not load it unless you trust it; "
            "if you do, run `npm run pin` on the bundle."
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


def expand(content: bytes) -> bytes:
    for magic, module in COMPRESSED.items():
        if content.startswith(magic):
            expanded: bytes = importlib.import_module(module).decompress(content)
            return expanded
    looks_like_zlib = content[:1] == b"\x78" and int.from_bytes(content[:2], "big") % 31 == 0
    return zlib.decompress(content) if looks_like_zlib else content


def unpickle(content: bytes, allowed: FrozenSet[str]) -> Any:
    plain = allow_only(pickle.Unpickler, allowed)
    if b"NumpyArrayWrapper" not in content:
        return plain(io.BytesIO(content)).load()
    return joblib_unpickler(allowed, plain)(io.BytesIO(content)).load()


def allow_only(base: Any, allowed: FrozenSet[str]) -> Any:
    class AllowOnly(base):  # type: ignore[misc]
        def find_class(self, module: str, name: str) -> Any:
            if f"{module} {name}" not in allowed:
                raise UnpinnedGlobal(f"{module}.{name}")
            if module == "_loss":  # Cython's name for it in pickles; importing it registers that name
                importlib.import_module("sklearn._loss._loss")
            return super().find_class(module, name)

    return AllowOnly


def joblib_unpickler(allowed: FrozenSet[str], plain: Any) -> Any:
    """joblib puts the bytes of arrays between the opcodes, so that only its own unpickler can follow."""
    joblib = importlib.import_module("joblib.numpy_pickle")
    base: Any = allow_only(joblib.NumpyUnpickler, allowed)

    class AllowOnlyJoblib(base):  # type: ignore[misc,valid-type]
        dispatch: ClassVar[Dict[Any, Any]] = dict(joblib.NumpyUnpickler.dispatch)

        def __init__(self, stream: Any):
            # The argument came, without a default, in joblib 1.5; true is what joblib.load gives.
            newer = "ensure_native_byte_order" in inspect.signature(base.__init__).parameters
            super().__init__("", stream, **({"ensure_native_byte_order": True} if newer else {}))

        def load_build(self) -> None:
            objects = len(self.stack) > 1 and isinstance(self.stack[-2], joblib.NumpyArrayWrapper)
            if objects and self.stack[-1]["dtype"].hasobject:
                # joblib would read this pickle within the stream by a plain pickle.load, past the allow-list.
                self.stack[-2:] = [plain(self.file_handle).load()]
            else:
                joblib.NumpyUnpickler.load_build(self)

        dispatch[pickle.BUILD[0]] = load_build

    return AllowOnlyJoblib
