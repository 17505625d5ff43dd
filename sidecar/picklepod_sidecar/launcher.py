"""python -m picklepod_sidecar.launcher ALLOWED: starts what the sidecar, being closed in, cannot start itself.

A line of JSON in: {"verb", "arguments", "bytes"}. Lines out: {"text"} for what the process prints, and {"status",
"late"} when it has ended. It runs three verbs and nothing else, and trains and lets write as ALLOWED says, for who
asks may be an artifact's code: {"train": the arguments of each training, "state": the state folder}. It ends, with all
that it started, when its stdin does: when the bundles are up, or whatever the sidecar ends by.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from typing import Any, Dict, List

from picklepod_box.enclosing import Bounds

MEGABYTE = 1 << 20
LONGEST_LINE = 1 << 16


def bounds(verb: str, artifact_bytes: int) -> Bounds:
    """Wide: a search calls slow artifacts for minutes, and a forest takes up more memory than its file."""
    memory, more = (4096 * MEGABYTE) + 20 * artifact_bytes, artifact_bytes // (MEGABYTE // 2)
    if verb == "trial":
        return Bounds(memory, 120 + more, 16 * MEGABYTE)
    return Bounds(memory, 3600 + more, 1024 * MEGABYTE)


def command(request: Dict[str, Any], allowed: Dict[str, Any]) -> List[str]:
    verb, arguments = request["verb"], request["arguments"]
    if verb == "train":  # the user's own program: no artifact is there yet, and it may do what it likes
        if not arguments or arguments not in allowed["train"]:
            raise ValueError(f"{arguments} is none of the bundles that train")
        return [sys.executable, "-m", "picklepod_reference", verb, *arguments]
    state = allowed["state"] if verb == "trial" else ""
    module = {"search": "picklepod_reference", "trial": "picklepod_sidecar.trial"}[verb]
    words = ["search", *arguments] if verb == "search" else arguments
    limits = map(str, bounds(verb, int(request["bytes"])))
    return [sys.executable, "-m", "picklepod_sidecar.box", *limits, state, module, *words]


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    requests = os.fdopen(0, "rb", 0)
    for line in iter(requests.readline, b""):
        request = json.loads(line)
        seconds = None if request["verb"] == "train" else 2 * bounds(request["verb"], int(request["bytes"])).seconds
        run(command(request, json.loads(sys.argv[1])), seconds)


def run(words: List[str], seconds: int | None) -> None:
    child = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert child.stdout is not None
    output, end, late = child.stdout.fileno(), time.monotonic() + (seconds or float("inf")), False
    pending, open_ones = b"", [0, output]
    while child.poll() is None or output in open_ones:
        ready, _, _ = select.select(open_ones, [], [], 0.1 if output in open_ones else 0.01)
        if 0 in ready:  # nothing is asked while a process runs: it is the end
            os.killpg(0, signal.SIGKILL)
        if output in ready:
            read = os.read(output, 1 << 16)
            *lines, pending = (pending + read).split(b"\n")
            tell(lines if read and len(pending) < LONGEST_LINE else [*lines, pending])
            pending = pending if len(pending) < LONGEST_LINE else b""
            open_ones = open_ones if read else [0]
        elif child.poll() is not None:
            break  # whoever else has its stdout is none of ours
        if time.monotonic() > end and not late:
            late = True
            child.kill()
    answer({"status": child.wait(), "late": late})


def tell(lines: List[bytes]) -> None:
    for line in lines:
        if line.strip():
            answer({"text": line.decode("utf-8", "replace").strip()})


def answer(content: Dict[str, Any]) -> None:
    try:
        os.write(1, json.dumps(content).encode() + b"\n")
    except BrokenPipeError:
        os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    main()
