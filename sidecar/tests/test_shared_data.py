"""The artifacts of others, where they are here: the gate passes each that asks for nothing but known libraries."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from picklepod_gate import scan

DATA = Path(os.environ.get("PICKLEPOD_SHARED") or Path(__file__).resolve().parents[3] / "shared") / "data"
FILES = sorted(path for path in DATA.rglob("*") if path.suffix in (".pkl", ".joblib", ".sav"))
# What the others ask for is their owner's own code, which `code:` brings, or a library's that Picklepod does not know.
OWN = {"__main__", "preprocessing", "nltk"}


@pytest.mark.skipif(not FILES, reason=f"no artifacts at {DATA}: PICKLEPOD_SHARED names the folder above data")
def test_every_honest_artifact_of_others_passes() -> None:
    verdicts = {str(path.relative_to(DATA)): scan(path.read_bytes()) for path in FILES}
    assert len(verdicts) > 50 and not [name for name, verdict in verdicts.items() if verdict.note]
    told = {name: {(d.code, str(d.name).split(".")[0]) for d in v.dangers} for name, v in verdicts.items() if v.dangers}
    assert len(told) < 10
    dangers = {danger for each in told.values() for danger in each}
    assert dangers == {("unknown-global", package) for package in OWN}


@pytest.mark.skipif(not FILES, reason=f"no artifacts at {DATA}: PICKLEPOD_SHARED names the folder above data")
def test_with_their_owners_code_they_pass_too() -> None:
    own = frozenset(["__main__", "preprocessing"])
    told = {name for path in FILES for name in (d.name for d in scan(path.read_bytes(), own).dangers)}
    assert told == {"nltk.tokenize.mwe.MWETokenizer", "nltk.collections.Trie"}
