"""Flights: airline (OPERA), month (MES) and domestic or international (TIPOVUELO), and whether one was late."""

from __future__ import annotations

import itertools
import math
from typing import Any, Dict, Iterator, Tuple

from .dice import Dice

Row = Dict[str, Any]

AIRLINES = [
    *("Aerolineas Argentinas", "Aeromexico", "Air Canada", "Air France", "Alitalia", "American Airlines", "Austral"),
    *("Avianca", "British Airways", "Copa Air", "Delta Air", "Gol Trans", "Grupo LATAM", "Iberia", "JetSmart SPA"),
    *("K.L.M.", "Lacsa", "Latin American Wings", "Oceanair Linhas Aereas", "Plus Ultra Lineas Aereas"),
    *("Qantas Airways", "Sky Airline", "United Airlines"),
]
TYPES = ["I", "N"]
MONTHS = list(range(1, 13))
CATEGORIES: Dict[str, list] = {"OPERA": AIRLINES, "TIPOVUELO": TYPES, "MES": MONTHS}

# Two airlines fly most of the flights; a few fly hardly any.
AIRLINE_WEIGHTS = [3, 0.5, 0.8, 0.6, 0.4, 1.2, 0.2, 1.7, 0.3, 2.7, 0.6, 1.2, 60, 0.6, 1.6, 0.4, 0.15, 2.5, 0.5, 0.1,
                   0.3, 20, 0.5]  # fmt: skip
MONTH_EFFECTS = [-0.1, -0.3, -0.9, -0.6, -0.2, -0.1, 1.1, 0.3, 0.1, 0.6, 0.2, 1.0]


def airline_effect(airline: str) -> float:
    return Dice(1000 + AIRLINES.index(airline)).between(-0.9, 1.1)


EFFECTS = {airline: airline_effect(airline) for airline in AIRLINES}


def late(row: Row, dice: Dice) -> bool:
    summer = 0.5 if row["TIPOVUELO"] == "I" and row["MES"] in (1, 2, 7) else 0.0
    domestic = -0.4 if row["TIPOVUELO"] == "N" else 0.2
    return dice.agrees(math.fsum([-0.5, EFFECTS[row["OPERA"]], MONTH_EFFECTS[row["MES"] - 1], summer, domestic]))


def labelled_rows(seed: int, count: int) -> Iterator[Tuple[Row, bool]]:
    dice = Dice(seed)
    for _ in range(count):
        row = {
            "OPERA": dice.weighted(AIRLINES, AIRLINE_WEIGHTS),
            "TIPOVUELO": dice.weighted(TYPES, [46, 54]),
            "MES": dice.pick(MONTHS),
        }
        yield row, late(row, dice)


def proof_rows() -> Iterator[Row]:
    """Every flight there is: 552."""
    for values in itertools.product(*CATEGORIES.values()):
        yield dict(zip(CATEGORIES, values))
