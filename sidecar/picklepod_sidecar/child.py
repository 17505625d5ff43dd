"""Runs the reference in a process of its own: none of its memory is ours."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any, List

from .log import log
from .problems import Refusal

_running: List[Any] = []


def reference(bundle: str, verb: str, *arguments: str) -> None:
    ours = str(Path(__file__).resolve().parent.parent)
    path = os.pathsep.join(filter(None, [ours, os.environ.get("PYTHONPATH")]))
    child = subprocess.Popen(
        [sys.executable, "-m", "picklepod_reference", verb, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, "PYTHONPATH": path},
        encoding="utf-8",
        errors="replace",
    )
    _running.append(child)
    last = ""
    assert child.stdout is not None
    for line in child.stdout:
        if line.strip():
            last = line.strip()
            log("info", verb, bundle=bundle, text=last)
    if child.wait():
        reason = last[len("error: ") :] if last.startswith("error: ") else last
        raise Refusal(f"`python -m picklepod_reference {verb}` ended with status {child.returncode}: {reason}")
    _running.remove(child)


def end_children() -> None:
    for child in _running:
        child.kill()
