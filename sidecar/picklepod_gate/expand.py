"""What holds the pickle: compression, expanded within bounds, and files that are no pickles at all."""

from __future__ import annotations

import bz2
import importlib
import io
import lzma
import zlib
from typing import Any, Callable

from .verdict import Refused

MOST = 512 * 1024 * 1024
# An honest array of zeros shrinks to a thousandth; so much may come of nothing, and so much of each byte that was read.
ALWAYS = 48 * 1024 * 1024
RATIO = 200
LZMA_MEMORY = 256 * 1024 * 1024
CHUNK = 1 << 20
READ = 1 << 16
BEYOND = "Its first {} bytes expand to more than {} MB: a bomb, or no model."
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
    found = io.BytesIO()
    place = 0
    try:
        while place < len(content):
            if place and not (another and content.startswith(another, place)):
                raise Refused("trailing-bytes", f"{len(content) - place} bytes follow that are no part of it.")
            place = expand_member(decompressor(), content, place, found)
    except (zlib.error, OSError, EOFError, lzma.LZMAError, RuntimeError, MemoryError) as error:
        raise Refused("malformed", f"It cannot be decompressed ({error}).") from None
    return found.getvalue()


def expand_member(machine: Any, content: bytes, place: int, found: io.BytesIO) -> int:
    """Judges as it reads, so that a bomb costs little. Where what comes after the member begins."""
    zlib_like = hasattr(machine, "unconsumed_tail")
    feed = b""
    while not machine.eof:
        if not feed and (zlib_like or machine.needs_input):
            feed = content[place : place + READ]
            place += len(feed)
            if not feed:
                raise Refused("malformed", "It ends within what is compressed.")
        part = machine.decompress(feed, CHUNK)
        feed = machine.unconsumed_tail if zlib_like else b""
        found.write(part)
        demand_reason(found.tell(), place - len(feed))
    return place - len(machine.unused_data or b"")


def demand_reason(size: int, read: int) -> None:
    most = min(MOST, ALWAYS + RATIO * read)
    if size > most:
        raise Refused("expansion", BEYOND.format(read, most >> 20))


def no_pickle(content: bytes) -> str | None:
    if not content:
        return "It is empty. Fetch it again."
    if content.startswith(LFS):
        return "It is a pointer of Git LFS, not the file itself. Run `git lfs pull`."
    if content.startswith(DAMAGED):
        return "Something read it as text and wrote it again, which destroyed it. Fetch it again, as binary."
    return None
