"""What runs in a process of its own: training, the search, and the trial. None of its memory is ours."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Iterable, List, NamedTuple

from .log import log
from .problems import Refusal

_launcher: Any = None  # started before the sidecar closes itself in, which then can start no process any more


class Ended(NamedTuple):
    status: int  # as subprocess has it: below 0 the number of a signal
    late: bool
    last: str  # line that it printed


def start_launcher(served: Iterable[Any], state_dir: Path | None) -> None:
    """In a session of its own: what it starts ends with it, and with nobody else."""
    global _launcher
    allowed = {"train": [each.training() for each in served], "state": str(state_dir or "")}
    ours = str(Path(__file__).resolve().parent.parent)
    path = os.pathsep.join(filter(None, [ours, os.environ.get("PYTHONPATH")]))
    _launcher = subprocess.Popen(
        [sys.executable, "-m", "picklepod_sidecar.launcher", json.dumps(allowed)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
        start_new_session=True,
    )


def end_launcher() -> None:
    """With the process that it may be running."""
    global _launcher
    if _launcher is not None:
        _launcher.stdin.close()
        _launcher.wait()
        _launcher.stdout.close()
    _launcher = None


def run(bundle: str, verb: str, arguments: List[str], artifact_bytes: int = 0) -> Ended:
    request = {"verb": verb, "arguments": arguments, "bytes": artifact_bytes}
    last = ""
    try:
        _launcher.stdin.write(json.dumps(request).encode() + b"\n")
        _launcher.stdin.flush()
        for line in _launcher.stdout:
            told = json.loads(line)
            if "status" in told:
                return Ended(told["status"], told["late"], last)
            last = told["text"]
            if verb != "trial":
                log("info", verb, bundle=bundle, text=last)
    except (OSError, ValueError) as error:
        last = str(error)
    raise Refusal(f"The process that starts {verb} has ended ({last}). Start the sidecar again.")


def reference(bundle: str, verb: str, *arguments: str, artifact_bytes: int = 0) -> None:
    ended = run(bundle, verb, list(arguments), artifact_bytes)
    if ended.status:
        reason = ended.last[len("error: ") :] if ended.last.startswith("error: ") else ended.last
        raise Refusal(f"`python -m picklepod_reference {verb}` ended with status {ended.status}: {reason}")
