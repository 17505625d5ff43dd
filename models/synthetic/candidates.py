"""Candidates of a job board: 3,000 latent variables each (start, end and change), and whether they changed jobs."""

from __future__ import annotations

import math
from typing import Dict, Iterator, Tuple

from .dice import Dice

Row = Dict[str, float]

NAMES = [f"latent_var_{index}_{part}" for index in range(1, 1001) for part in ("srt", "end", "delta")]
TELLING = 60


def labelled_rows(seed: int, count: int) -> Iterator[Tuple[Row, bool]]:
    effects_dice, dice = Dice(3000), Dice(seed)
    effects = [effects_dice.normal() for _ in range(TELLING)]
    for _ in range(count):
        values = []
        for _ in range(1000):
            start = round(dice.normal(), 3)
            end = round(0.6 * start + 0.8 * dice.normal(), 3)
            values += [start, end, round(end - start, 3)]
        telling = [effect * values[3 * index + 1] for index, effect in enumerate(effects)]
        yield dict(zip(NAMES, values)), dice.agrees(0.8 * math.fsum(telling))


def proof_rows(seed: int) -> Iterator[Row]:
    return (row for row, _ in labelled_rows(seed, 64))


def keyed(labelled: Iterator[Tuple[Row, bool]]) -> Dict[str, object]:
    """The envelope that clients of this system send; they include the target, which nobody reads."""
    return {
        "candidate_info": {
            f"{10124 + index}_CAND-{118934 + 7 * index}": {"target": target, **row}
            for index, (row, target) in enumerate(labelled)
        }
    }
