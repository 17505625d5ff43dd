"""Writes rows as JSON: python models/synthetic classification --rows 10000 --seed 7 > rows.json"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from synthetic import candidates, flights, tabular, tickets

BUNDLES = ["job-transition", "classification", "glm-fit", "flight-delay", "exercise-26", "support-tickets"]


def labelled_rows(bundle: str, seed: int, count: int) -> Any:
    if bundle == "job-transition":
        return candidates.labelled_rows(seed, count)
    if bundle == "flight-delay":
        return flights.labelled_rows(seed, count)
    if bundle == "support-tickets":
        return tickets.labelled_rows(seed, count)
    return tabular.labelled_rows(bundle, seed, count)


def proof_rows(bundle: str, seed: int) -> Any:
    if bundle == "job-transition":
        return candidates.proof_rows(seed)
    if bundle == "flight-delay":
        return flights.proof_rows()
    if bundle == "support-tickets":
        return tickets.proof_rows(seed)
    return tabular.proof_rows(bundle, seed)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python models/synthetic", description="Seeded rows for a bundle, as JSON.")
    parser.add_argument("bundle", choices=BUNDLES)
    parser.add_argument("--rows", type=int, default=100, help="how many (default 100)")
    parser.add_argument("--seed", type=int, default=1)
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--proof", action="store_true", help="the rows that pin proves with: every category value occurs")
    form.add_argument("--keyed", action="store_true", help="job-transition: in its clients' envelope, by candidate")
    form.add_argument("--labelled", action="store_true", help='with what is to be predicted, as "y"')
    options = parser.parse_args()
    if options.keyed and options.bundle != "job-transition":
        parser.error("--keyed is for job-transition")

    made = labelled_rows(options.bundle, options.seed, options.rows)
    body: Any
    if options.proof:
        body = list(proof_rows(options.bundle, options.seed))
    elif options.keyed:
        body = candidates.keyed(made)
    elif options.labelled:
        body = [{**row, "y": label} for row, label in made]
    else:
        body = [row for row, _ in made]
    json.dump(body, sys.stdout, separators=(",", ":"))
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
