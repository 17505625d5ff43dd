"""Closes the sidecar in: when its socket is open and the launcher runs, and before an artifact is loaded.

    python -m picklepod_sidecar.box MEMORY SECONDS FILE_BYTES STATE_DIR MODULE [ARGUMENT …]

runs the module closed in as well, and under limits besides. That is how the launcher starts the search and the trial.
"""

from __future__ import annotations

import runpy
import sys
import tempfile
from pathlib import Path
from typing import List

from picklepod_box.closed import close_in
from picklepod_box.enclosing import Bounds, enclose, unlimited
from picklepod_box.files import OF_EVERYBODY, write_only_in
from picklepod_box.limits import no_core

from .log import log


def box(state_dir: Path | None, alive: Path | None) -> None:
    """Before any thread; and before the event loop, for which libuv would take io_uring, a way past the filter."""
    if not no_core():
        log("info", "box", text="A crash may leave a core, which holds rows: this machine lets nobody limit that.")
    why_not = write_only_in([*own_folders(state_dir), *([alive.parent] if alive else []), *OF_EVERYBODY])
    if why_not is not None:
        log("info", "box", text=f"What it loads could write wherever the sidecar can: {why_not}.")
    why_not = close_in()
    if why_not is not None:
        text = f"The sidecar is not closed in: {why_not}. Run it in the container, or trust what it loads."
        log("warning", "box", text=text)


def own_folders(state_dir: Path | None) -> List[Path]:
    """Of the state folder what is found out here. What it trained, and copies of bundles, are only read."""
    found = [] if state_dir is None else [state_dir / "trials", state_dir / "proofs"]
    for folder in found:
        make(folder)
    return [folder for folder in (*found, temporary()) if folder is not None]


def temporary() -> Path | None:
    try:
        return Path(tempfile.gettempdir())
    except OSError:  # there is none that can be written to, as on a full disk
        return None


def make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        pass  # whoever is to write there says so, and serves all the same


def main() -> None:
    state, module = sys.argv[4:6]
    is_open = enclose(Bounds(*map(int, sys.argv[1:4])), own_folders(Path(state) if state else None))
    # What else is open the sidecar, which has the same machine, has said of itself.
    for way in unlimited(is_open.limits):
        print(f"NOTE: On this machine {way}.", file=sys.stderr, flush=True)
    del sys.argv[:5]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
