"""python -m picklepod_sidecar --bundle DIR [--bundle DIR …] --port N [--state-dir DIR] [--exit-with-stdin]"""

from __future__ import annotations

import os

# Before numpy is imported anywhere: threads add up in any order, and so change bits.
os.environ.update({f"{library}_NUM_THREADS": "1" for library in ("OPENBLAS", "OMP", "MKL")})

import argparse
import sys
from pathlib import Path


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="picklepod_sidecar")
    parser.add_argument("--bundle", type=Path, action="append", required=True, metavar="DIR")
    parser.add_argument("--port", type=int, required=True, help="0: a free one")
    parser.add_argument("--state-dir", type=Path, metavar="DIR", help="for what is trained or found here")
    parser.add_argument("--exit-with-stdin", action="store_true", help="end when stdin closes")
    return parser.parse_args()


def main() -> None:
    given = arguments()
    from . import server

    sys.exit(server.serve(given.bundle, given.port, given.state_dir, given.exit_with_stdin))


if __name__ == "__main__":
    main()
