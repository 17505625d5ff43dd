"""What a machine with an unknown fingerprint needs: its own block rules and outputs, found once and kept."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import tempfile
from pathlib import Path
from typing import Any, Dict, List, Sequence, Tuple

from .bundle import Bundle
from .child import reference
from .log import log
from .samples import Outputs, read_arrays, read_json, short_name


def spare_place() -> List[Path]:
    """For what the state folder does not take: a folder that nobody has made yet. None where nothing can be written."""
    try:
        return [Path(tempfile.gettempdir()) / f"picklepod-proofs-{secrets.token_hex(8)}"]
    except OSError:
        return []


def searched_here(bundle: Bundle, fingerprint: str, places: Sequence[Path]) -> Tuple[Dict[str, Any], Outputs]:
    """What was found is kept in the first of `places` that takes it."""
    cached = [place / f"{bundle.digest}-{short_name(fingerprint)}" for place in places]
    for path in cached:
        kept = read_kept(path, fingerprint)
        if kept is not None:
            return kept
    log("info", "search", bundle=bundle.name, text="The samples do not know this machine: finding its block rules.")
    workshop = Path(tempfile.mkdtemp(prefix="picklepod-search-"))
    try:
        run_search(bundle, workshop / "found")
        found = read_json(workshop / "found.json"), read_arrays(workshop / "found.npz")
        any(keep(workshop / "found", path) for path in cached)
        return found
    finally:
        shutil.rmtree(str(workshop), ignore_errors=True)


def run_search(bundle: Bundle, out: Path) -> None:
    trained = bundle.samples[-1].parent != bundle.folder
    folder = str(bundle.samples[-1].parent)
    state = ["--state", str(bundle.folder)] if trained else []
    options = ["--bundle", folder, *state, "--out", str(out)]
    reference(bundle.name, "search", *options, artifact_bytes=bundle.size())


def read_kept(cached: Path, fingerprint: str) -> Tuple[Dict[str, Any], Outputs] | None:
    try:
        found = json.loads(Path(f"{cached}.json").read_text(encoding="utf-8"))
        return (found, read_arrays(Path(f"{cached}.npz"))) if found["fingerprint"] == fingerprint else None
    except Exception:
        return None


def keep(found: Path, cached: Path) -> bool:
    """The outputs first: where the rules are, the outputs are there too."""
    try:
        cached.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        for ending in ("npz", "json"):
            handle, temporary = tempfile.mkstemp(dir=str(cached.parent))
            os.close(handle)
            shutil.copyfile(f"{found}.{ending}", temporary)
            os.replace(temporary, f"{cached}.{ending}")
        return True
    except OSError as error:
        log("warning", "search", text=f"What was found cannot be kept ({error}), and is searched again at each start.")
        return False
