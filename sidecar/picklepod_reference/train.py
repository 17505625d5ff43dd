"""Trains a bundle whose artifacts are made at its first start, and pins what came out of it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from . import exact_json
from .fault import Fault


def train(folder: Path, state: Path) -> None:
    if (state / "trained.json").exists():
        return
    state.parent.mkdir(parents=True, exist_ok=True)
    workshop = Path(tempfile.mkdtemp(prefix=f".{state.name}-", dir=str(state.parent)))
    try:
        python(str((folder / "train.py").resolve()), "--out", str(workshop))
        pin_trained(folder, workshop)
        workshop.chmod(0o755)
        publish(workshop, state)
    finally:
        shutil.rmtree(str(workshop), ignore_errors=True)


def pin_trained(folder: Path, workshop: Path) -> None:
    described = exact_json.read(folder / "bundle.json")
    draft = {k: v for k, v in described.items() if k not in ("artifacts", "tensors", "digest")}
    exact_json.write(workshop / "draft.json", draft)
    columns, samples = workshop / "columns.json", workshop / "samples"
    if not columns.exists():
        raise Fault(f"{folder / 'train.py'} wrote no columns.json. Let it write the rows of the proof there.")
    # Another process: the proof is about the files, not about what train.py still has in memory.
    # The bundle's own modules stay in its folder.
    paths = ["--draft", workshop / "draft.json", "--folder", workshop, "--columns", columns, "--out", samples]
    python("-m", "picklepod_reference", "pin", *map(str, paths), "--code", str(folder))
    description = exact_json.read(samples / "description.json")
    exact_json.write(workshop / "trained.json", {k: description[k] for k in ("artifacts", "tensors")})
    for leftover in (workshop / "draft.json", columns, samples / "description.json"):
        leftover.unlink()


def publish(workshop: Path, state: Path) -> None:
    try:
        os.rename(str(workshop), str(state))
    except OSError:
        if not (state / "trained.json").exists():
            raise


def python(*arguments: str) -> None:
    path = os.pathsep.join(filter(None, [str(Path(__file__).parent.parent), os.environ.get("PYTHONPATH")]))
    done = subprocess.run([sys.executable, *arguments], stdout=sys.stderr, env={**os.environ, "PYTHONPATH": path})
    if done.returncode:
        raise Fault(f"{' '.join(arguments[:3])} ended with status {done.returncode}. What it printed says why.")
