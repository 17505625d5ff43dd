"""python -m picklepod_reference describe | pin | run | search | train | fingerprint"""

from __future__ import annotations

import os

# Before numpy is imported anywhere: threads add up in any order, and so change bits.
os.environ.update({f"{library}_NUM_THREADS": "1" for library in ("OPENBLAS", "OMP", "MKL")})

import argparse
import sys
import warnings
from pathlib import Path


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="picklepod_reference")
    verbs = parser.add_subparsers(dest="verb", metavar="describe | pin | run | search | train | fingerprint")
    verbs.required = True
    wanted = {
        "describe": ("--folder", "--request", "--out"),
        "pin": ("--draft", "--folder", "--columns", "--out"),
        "run": ("--bundle", "--columns", "--out"),
        "search": ("--bundle", "--out"),
        "train": ("--bundle", "--state"),
        "fingerprint": (),
    }
    for verb, options in wanted.items():
        parser_of_verb = verbs.add_parser(verb)
        for option in options:
            parser_of_verb.add_argument(option, type=Path, required=True)
        if verb in ("run", "search"):
            parser_of_verb.add_argument("--state", type=Path)
        if verb == "pin":
            parser_of_verb.add_argument("--code", type=Path, help="the folder of the bundle's own modules")
        if verb == "run":
            parser_of_verb.add_argument("--blocks", required=True, help="a file of rules, or: samples")
    return parser.parse_args()


def main() -> None:
    # Imported here, after the thread variables and only for the verb that needs them.
    from .fault import Fault

    # Another version of the library may give other numbers without a word: that is no lock to pin.
    warnings.filterwarnings("error", message="Trying to unpickle estimator")
    # An artifact that was fitted with names is handed a matrix on purpose: fitted_columns.py has compared the names.
    warnings.filterwarnings("ignore", message="X does not have valid feature names")
    given = vars(arguments())
    verb = given.pop("verb")
    try:
        perform(verb, given)
    except Fault as fault:
        sys.exit(f"error: {fault}")


def perform(verb: str, given: dict) -> None:  # type: ignore[type-arg]
    if verb == "pin":
        from .pin import pin

        pin(given["draft"], given["folder"], given["columns"], given["out"], given["code"])
    elif verb == "describe":
        from .describe import describe

        describe(given["folder"], given["request"], given["out"])
    elif verb == "train":
        from .train import train

        train(given["bundle"], given["state"])
    elif verb == "fingerprint":
        from .fingerprint import fingerprint

        print(fingerprint())
    elif verb == "run":
        from .run import run

        run(given["bundle"], given["state"], given["columns"], given["blocks"], given["out"])
    else:
        from .run import search

        search(given["bundle"], given["state"], given["out"])


if __name__ == "__main__":
    main()
