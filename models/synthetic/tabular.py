"""Rows x0…x99: 94 numbers, a currency, a percentage and four categories, untidy as people send them."""

from __future__ import annotations

import math
from typing import Any, Dict, Iterator, Optional, Tuple

from .dice import Dice

Row = Dict[str, Any]

WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
COUNTRIES = ["america", "asia", "germany", "japan"]
MONTHS = [
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
]
GENDERS = ["Female", "Male"]

CATEGORIES = {"x5": WEEKDAYS, "x31": COUNTRIES, "x81": MONTHS, "x82": GENDERS}
CURRENCY, PERCENT = "x12", "x63"
NAMES = [f"x{index}" for index in range(100)]
NUMBERS = [name for name in NAMES if name not in CATEGORIES]
READ_BY_GLM_FIT = ["x5", "x81", "x31", "x91", "x53", "x44", "x12", "x62", "x58", "x56"]

# January and asia are the rare ones.
WEIGHTS = {
    "x5": [5, 5, 4, 3, 4, 4, 3],
    "x31": [8, 1, 6, 5],
    "x81": [1, 5, 6, 5, 7, 6, 5, 5, 7, 8, 6, 6],
    "x82": [52, 48],
}
# What moves the log-odds: per standard deviation of a number, per value of a category.
NUMBER_EFFECTS = {"x91": -0.45, "x53": 0.7, "x44": 0.6, "x12": 0.55, "x62": -0.5, "x58": 0.8, "x56": -0.65}
CATEGORY_EFFECTS = {
    "x5": {"monday": -0.9, "tuesday": -0.8, "saturday": 0.9, "sunday": 0.8},
    "x31": {"asia": 1.4, "germany": -0.9, "japan": -0.8},
    "x81": {"July": 0.9, "December": -0.8, "October": 0.7, "February": -0.6, "May": 0.6, "September": -0.7,
            "March": 0.8, "November": -0.6, "June": 0.6, "August": -0.8, "January": -0.9},
}  # fmt: skip


def centre_and_spread(name: str) -> Tuple[float, float]:
    """Columns live on scales as different as 0.1 and 5,000; those that glm-fit reads unscaled are tame."""
    if name == CURRENCY:
        return 150.0, 4000.0
    if name == PERCENT:
        return 40.0, 15.0
    if name in READ_BY_GLM_FIT:
        return 0.0, 1.0
    dice = Dice(int(name[1:]))
    spread = dice.pick([0.25, 1.0, 1.0, 2.5, 20.0, 600.0])
    return round(dice.between(-2.0, 3.0) * spread, 3), spread


SCALES = {name: centre_and_spread(name) for name in NUMBERS}


def money(amount: float, dice: Dice) -> Any:
    digits = f"{abs(amount):,.2f}"
    if amount >= 0:
        return "$" + digits if dice.happens(0.95) else round(amount, 2)
    return "$-" + digits if dice.happens(0.6) else "($" + digits + ")"


def untidy_number(name: str, value: float, dice: Dice, quirks: Dict[str, float]) -> Any:
    if name == CURRENCY:
        return money(value, dice)
    if name == PERCENT:
        return f"{value}%"
    if name == "x62" and dice.happens(0.03):
        return f"{value}%" if quirks.get("percent_x62") else value
    return str(value) if dice.happens(0.9 if name == "x78" else 0.01) else value


def clean_row(dice: Dice) -> Row:
    row: Row = {}
    for name in NAMES:
        if name in CATEGORIES:
            row[name] = dice.weighted(CATEGORIES[name], WEIGHTS[name])
        else:
            centre, spread = SCALES[name]
            row[name] = round(centre + spread * dice.normal(), 2 if name in (CURRENCY, PERCENT) else 6)
    return row


def outcome(row: Row, dice: Dice) -> bool:
    """Drawn from the clean row, so that what is missing or untidy does not change it."""
    terms = [effect * (row[name] - SCALES[name][0]) / SCALES[name][1] for name, effect in NUMBER_EFFECTS.items()]
    terms += [effects.get(row[name], 0.0) for name, effects in CATEGORY_EFFECTS.items()]
    return dice.agrees(math.fsum(terms))


def untidy_row(clean: Row, dice: Dice, quirks: Dict[str, float]) -> Row:
    row: Row = {}
    for name, value in clean.items():
        if dice.happens(quirks.get("absent", 0.0)):
            continue
        if name in CATEGORIES:
            row[name] = None if dice.happens(quirks.get("null_category", 0.0)) else value
        elif name in READ_BY_GLM_FIT and quirks.get("always_there"):
            row[name] = untidy_number(name, value, dice, quirks)
        elif dice.happens(0.03):
            row[name] = dice.weighted([None, "nan", ""], [8, 1, 1])
        else:
            row[name] = untidy_number(name, value, dice, quirks)
    return row


QUIRKS = {
    "classification": {},
    "glm-fit": {"always_there": 1.0, "percent_x62": 1.0},
    "exercise-26": {"absent": 0.01, "null_category": 0.02},
}


def labelled_rows(bundle: str, seed: int, count: Optional[int] = None) -> Iterator[Tuple[Row, bool]]:
    dice = Dice(seed)
    made = 0
    while count is None or made < count:
        clean = clean_row(dice)
        label = outcome(clean, dice)
        yield untidy_row(clean, dice, QUIRKS[bundle]), label
        made += 1


def proof_rows(bundle: str, seed: int) -> Iterator[Row]:
    """128 rows in which every value of every category stands."""
    for index, (row, _) in enumerate(labelled_rows(bundle, seed, 128)):
        yield {name: CATEGORIES[name][index % len(CATEGORIES[name])] if value in CATEGORIES.get(name, []) else value
               for name, value in row.items()}  # fmt: skip
