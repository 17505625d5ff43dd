"""python -m picklepod_box MEMORY SECONDS FILE_BYTES [FOLDER …] -- MODULE [ARGUMENT …]

Runs the module closed in and under limits. It can write in these folders alone: without any, nowhere.
"""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

from .enclosing import Bounds, Open, enclose


def main() -> None:
    end = sys.argv.index("--")
    tell(enclose(Bounds(*map(int, sys.argv[1:4])), map(Path, sys.argv[4:end])))
    del sys.argv[: end + 1]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


def tell(is_open: Open) -> None:
    """To whoever waits for the module: what it prints on stdout is another's."""
    ways = is_open.ways()
    if ways:
        text = f"NOTE: What the artifacts run is not wholly closed in on this machine: {'; '.join(ways)}."
        remedy = "Go on only where you trust them, or on Linux 5.13 or newer, on x86-64 or ARM64."
        print(text, remedy, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
