"""What any rows give, under given block rules or under those found on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable

from . import bundle as bundles
from . import exact_json, outputs, rows
from .fault import Fault
from .fingerprint import fingerprint
from .search import Search
from .steps import compute

# A pin tries every one, which takes minutes where an artifact is slow; here somebody waits for the start.
ROTATIONS_AT_START = 16


def run(folder: Path, state: Path | None, columns: Path, blocks: str, out: Path) -> None:
    bundle = bundles.read(folder, state)
    rules = stored_rules(bundle.samples) if blocks == "samples" else exact_json.read(Path(blocks))
    given = rows.from_json(exact_json.read(columns), bundle.inputs)
    table = compute(bundle, given, under(rules))
    exact_json.write(out, outputs.as_json(outputs.outputs_of(bundle, table)))


def search(folder: Path, state: Path | None, out: Path) -> None:
    """For a machine whose fingerprint the samples do not know: its rules, and the proof's outputs under them."""
    bundle = bundles.read(folder, state)
    finder = Search(bundle.limit, ROTATIONS_AT_START)
    table = compute(bundle, rows.read(bundle.samples / "proof.npz", bundle.inputs), finder.find_rule)
    stem = out.with_suffix("") if out.suffix in (".npz", ".json") else out
    outputs.save(Path(f"{stem}.npz"), outputs.outputs_of(bundle, table))
    found = {"fingerprint": fingerprint(), "blocks": finder.blocks, "distances": finder.distances}
    exact_json.write(Path(f"{stem}.json"), found)


def stored_rules(samples: Path) -> Any:
    stored = exact_json.read(samples / "fingerprints.json")
    here = fingerprint()
    if here not in stored:
        raise Fault(f"The samples hold no block rules for this machine ({here}). Run `search`, and give its file.")
    return stored[here]["blocks"]


def under(rules: dict[str, str]) -> Callable[[str, Any, int], str]:
    def find_rule(output: str, call: Any, count: int) -> str:
        if output not in rules:
            raise Fault(f"there is no block rule for {output}. Give one for every artifact's step.")
        return rules[output]

    return find_rule
