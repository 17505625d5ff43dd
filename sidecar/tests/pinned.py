"""Makes pinned bundles out of artifacts trained on the spot, as `pin` does, by the reference alone."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

from picklepod_reference.pin import pin as pin_here

SIDECAR = Path(__file__).resolve().parent.parent
FOLDER_OF_OURS = {"PYTHONPATH": str(SIDECAR)}


def reference(*arguments: Any, **environment: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "picklepod_reference", *map(str, arguments)]
    variables = {**os.environ, **FOLDER_OF_OURS, **environment}
    return subprocess.run(command, env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")


def dump(folder: Path, **artifacts: Any) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, artifact in artifacts.items():
        (folder / f"{name}.pkl").write_bytes(pickle.dumps(artifact, protocol=4))


def step(kind: str, output: str, artifact: Any = None, **rest: Any) -> dict:
    described = {"kind": kind, "output": output, **{k.rstrip("_"): v for k, v in rest.items()}}
    if artifact is not None:
        described["artifact"] = artifact if isinstance(artifact, dict) else {"file": f"{artifact}.pkl", "key": []}
        described.setdefault("as", "matrix")
    return described


def draft(steps: list, outputs: Any, limit: int = 64, packages: Any = None, **inputs: Any) -> dict:
    """`outputs`: names of step outputs, or {name: step output}, or {name: (step output, column)}."""
    named = outputs if isinstance(outputs, dict) else {name: name for name in outputs}
    return {
        "format": 1,
        "name": "small",
        "version": "1",
        "python": "{}.{}".format(*sys.version_info),
        "files": {"model.yaml": "0" * 64},
        "lock": {"file": "requirements.lock", "sha256": "0" * 64, "packages": packages or {}},
        "inputs": {"numbers": [], "codes": [], "texts": [], **inputs},
        "steps": steps,
        "outputs": [
            {"name": k, "from": v} if isinstance(v, str) else {"name": k, "from": v[0], "column": v[1]}
            for k, v in named.items()
        ],
        "limits": {"block": limit},
    }


def digest(bundle: dict) -> str:
    content = {k: v for k, v in bundle.items() if k != "digest"}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def write_bundle(folder: Path, bundle: dict) -> None:
    text = json.dumps({**bundle, "digest": digest(bundle)}, ensure_ascii=False, indent=1)
    (folder / "bundle.json").write_text(text, encoding="utf-8")


def pin(folder: Path, drafted: dict, columns: dict) -> dict:
    """Pins the draft in `folder` (where its artifacts are), and gives the description."""
    work = folder / "work"
    work.mkdir()
    (work / "draft.json").write_text(json.dumps(drafted))
    (work / "columns.json").write_text(json.dumps(columns).replace("NaN", "null"))
    # In this process, which has imported everything already; test_steps.py starts the verb itself.
    pin_here(work / "draft.json", folder, work / "columns.json", folder / "samples")
    description = json.loads((folder / "samples" / "description.json").read_text())
    write_bundle(folder, {**drafted, **{k: description[k] for k in ("artifacts", "tensors")}})
    return description
