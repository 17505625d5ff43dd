"""What holds the pickle: compression, expanded within bounds, and files that are no pickles at all."""

from __future__ import annotations

import bz2
import importlib
import lzma
import zlib
from typing import Any, Callable, List

from .verdict import Refused

MOST = 512 * 1024 * 1024
ALWAYS = 16 * 1024 * 1024
RATIO = 200
LZMA_MEMORY = 256 * 1024 * 1024
CHUNK = 1 << 20
BEYOND = "It expands to more than {} bytes, from {}: a bomb, or no model."
LFS = b"version https://git-lfs.github.com/spec/"
DAMAGED = (b"\xef\xbf\xbd", b"\x1f\xef\xbf\xbd")


def expanded(content: bytes) -> bytes:
    if content.startswith(b"\x1f\x8b"):
        return run(content, lambda: zlib.decompressobj(31), b"\x1f\x8b")
    if content.startswith(b"BZh"):
        return run(content, bz2.BZ2Decompressor, b"BZh")
    if content.startswith(b"\xfd7zXZ"):
        return run(content, lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, LZMA_MEMORY), b"\xfd7zXZ")
    if content.startswith(b"\x5d\x00\x00"):
        return run(content, lambda: lzma.LZMADecompressor(lzma.FORMAT_ALONE, LZMA_MEMORY), None)
    if content.startswith(b"\x04\x22\x4d\x18"):
        return run(content, lz4_decompressor, None)
    if content[:1] == b"\x78" and int.from_bytes(content[:2], "big") % 31 == 0:
        return run(content, zlib.decompressobj, None)
    return content


def lz4_decompressor() -> Any:
    try:
        return importlib.import_module("lz4.frame").LZ4FrameDecompressor()
    except ImportError:
        raise Refused(
            "malformed", "It is compressed by lz4, whose package is not in the environment: add it."
        ) from None


def run(content: bytes, decompressor: Callable[[], Any], another: bytes | None) -> bytes:
    """`another`: the magic of a member that may follow, as in files that were written in parts."""
    bound = min(MOST, ALWAYS + RATIO * len(content))
    parts: List[bytes] = []
    size = 0
    rest = content
    try:
        while rest:
            machine = decompressor()
            for part in parts_of(machine, rest):
                size += len(part)
                if size > bound:
                    raise Refused("expansion", BEYOND.format(bound, len(content)))
                parts.append(part)
            rest = machine.unused_data or b""
            if rest and not (another and rest.startswith(another)):
                raise Refused("trailing-bytes", f"{len(rest)} bytes follow that are no part of it.")
    except (zlib.error, OSError, EOFError, lzma.LZMAError, RuntimeError, MemoryError) as error:
        raise Refused("malformed", f"It cannot be decompressed ({error}).") from None
    return b"".join(parts)


def parts_of(machine: Any, content: bytes) -> Any:
    zlib_like = hasattr(machine, "unconsumed_tail")
    feed = content
    while not machine.eof:
        part = machine.decompress(feed, CHUNK)
        feed = machine.unconsumed_tail if zlib_like else b""
        yield part
        if not part and not machine.eof and (not feed if zlib_like else machine.needs_input):
            raise Refused("malformed", "It ends within what is compressed.")


def no_pickle(content: bytes) -> str | None:
    if not content:
        return "It is empty. Fetch it again."
    if content.startswith(LFS):
        return "It is a pointer of Git LFS, not the file itself. Run `git lfs pull`."
    if content.startswith(DAMAGED):
        return "Something read it as text and wrote it again, which destroyed it. Fetch it again, as binary."
    return None
