"""The gate's scanner, whatever the bytes: it comes to a verdict, and what it calls honest names nothing that is not."""

from __future__ import annotations

import io
import pickle
import pickletools
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bad_pickles.generate import generate
from picklepod_gate import is_allowed, scan

FOLDER = Path(tempfile.mkdtemp(prefix="picklepod-fuzz-"))
generate(FOLDER)
PICKLES = [path.read_bytes() for path in sorted(FOLDER.glob("*.pkl")) if path.stat().st_size < 20_000]
CANARIES = FOLDER / "canary"

OPCODES = st.sampled_from([opcode.code.encode("latin-1") for opcode in pickletools.opcodes])
NAMES = st.sampled_from(
    [b"cos\nsystem\n", b"cbuiltins\neval\n", b"\x8c\x02os\x8c\x06system\x93", b"cnumpy\nndarray\n", b"\x8c\x01a\x94"]
)
PIECES = st.binary(max_size=6) | OPCODES | NAMES


class Watching(pickle.Unpickler):
    """Loads what the gate has called honest; whatever it may not name ends the test."""

    def find_class(self, module: str, name: str) -> Any:
        assert is_allowed(module, name, frozenset()), f"{module}.{name} is named, and is not honest"
        raise Named


class Named(Exception):
    """An honest global: nothing is made of it here."""


def verdict_of(content: bytes) -> None:
    verdict = scan(content)
    assert list(CANARIES.iterdir()) == []
    if not verdict.honest:
        assert verdict.note or all(danger.code and danger.what for danger in verdict.dangers)
        return
    try:
        Watching(io.BytesIO(verdict.content)).load()
    except AssertionError:
        raise
    except Exception:  # what is honest may still be broken: a load in a child tells
        pass


@given(st.integers(0), st.lists(st.tuples(st.integers(0), st.integers(0, 9), PIECES), min_size=1, max_size=4))
def test_any_change_of_a_pickle_comes_to_a_verdict(which: int, changes: list[tuple[int, int, bytes]]) -> None:
    content = PICKLES[which % len(PICKLES)]
    for at, cut, put in changes:
        place = at % (len(content) + 1)
        content = content[:place] + put + content[place + cut :]
    verdict_of(content)


@given(st.lists(OPCODES | NAMES | st.binary(max_size=4), max_size=30))
def test_opcodes_in_any_order_come_to_a_verdict(pieces: list[bytes]) -> None:
    verdict_of(b"\x80\x04" + b"".join(pieces) + b".")


@given(st.binary(max_size=300))
def test_bytes_of_any_kind_come_to_a_verdict(content: bytes) -> None:
    verdict_of(content)
