"""python -m picklepod_sidecar --bundle DIR[=DIGEST] [--bundle …] --port N [OPTION …]"""

from __future__ import annotations

import os

# Before numpy is imported anywhere: threads add up in any order, and so change bits.
os.environ.update({f"{library}_NUM_THREADS": "1" for library in ("OPENBLAS", "OMP", "MKL")})

import argparse
import re
import sys
from pathlib import Path
from typing import Tuple


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="picklepod_sidecar")
    meaning = "with DIGEST, it is served only while its bundle.json has that digest"
    parser.add_argument("--bundle", type=wanted, action="append", required=True, metavar="DIR[=DIGEST]", help=meaning)
    parser.add_argument("--port", type=int, required=True, help="0: a free one")
    parser.add_argument("--state-dir", type=Path, metavar="DIR", help="for what is trained or found here")
    parser.add_argument("--alive-file", type=Path, metavar="FILE", help="renewed every 5 s, for a health check")
    parser.add_argument("--exit-with-stdin", action="store_true", help="end when stdin closes")
    return parser.parse_args()


def wanted(text: str) -> Tuple[Path, str | None]:
    told = re.fullmatch("(.+)=([0-9a-f]{64})", text, re.DOTALL)
    return (Path(told.group(1)), told.group(2)) if told else (Path(text), None)


def main() -> None:
    given = arguments()
    from . import server

    sys.exit(server.serve(given.bundle, given.port, given.state_dir, given.alive_file, given.exit_with_stdin))


if __name__ == "__main__":
    main()
