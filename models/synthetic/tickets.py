"""Support tickets: a message, where it came from, a few numbers, and the team that solved it."""

from __future__ import annotations

from typing import Any, Dict, Iterator, Tuple

from .dice import Dice

Row = Dict[str, Any]

CHANNELS = ["email", "chat", "phone", "web form"]
PLANS = ["free", "team", "business", "enterprise"]
CATEGORIES = {"channel": CHANNELS, "plan": PLANS}
TEAMS = ["account", "billing", "shipping", "technical"]
TEAM_WEIGHTS = [2, 3, 2, 4]

OPENINGS = ["Hello,", "Hi team,", "Good morning,", "URGENT:", "", "Hey there 👋", "Buenos días,"]
SENTENCES = {
    "account": [
        "I cannot log in since the password reset", "please change the e-mail address of my account",
        "the two-factor code never arrives", "how do I add a colleague to our workspace",
        "my account was locked after three attempts", "I want to delete my account and all data",
    ],
    "billing": [
        "I was charged twice this month", "the invoice shows the wrong VAT number", "where can I download my receipt",
        "my card was declined although it is valid", "we would like a refund for the unused seats",
        "the discount code was not applied to the invoice",
    ],
    "shipping": [
        "my parcel has not arrived", "the tracking number does not work", "the box came damaged",
        "can you change the delivery address", "one item is missing from the parcel", "customs held the delivery back",
    ],
    "technical": [
        "the app crashes when I export a report", "the API answers 500 since yesterday", "the page stays blank",
        "sync stops at 37%", "uploading a file larger than 2 GB fails", "the search returns nothing after the update",
    ],
}  # fmt: skip
CLOSINGS = ["Thanks!", "Please help.", "This is the third time I write.", "Best regards", "", "¿Pueden ayudarme?"]
TYPICAL_ORDER = {"account": 40.0, "billing": 220.0, "shipping": 120.0, "technical": 60.0}


def message(team: str, dice: Dice) -> str:
    sentences = [dice.pick(SENTENCES[team])]
    if dice.happens(0.45):
        sentences.append(dice.pick(SENTENCES[dice.pick(TEAMS)]))
    if dice.happens(0.3):
        sentences.reverse()
    return " ".join([dice.pick(OPENINGS), " and ".join(sentences) + ".", dice.pick(CLOSINGS)]).strip()


def ticket(team: str, dice: Dice) -> Row:
    order = round(TYPICAL_ORDER[team] * dice.between(0.2, 2.5), 2)
    return {
        "message": dice.pick(["help", "???", "It does not work."]) if dice.happens(0.03) else message(team, dice),
        "channel": dice.weighted(CHANNELS, [5, 4, 3, 1] if team != "technical" else [3, 6, 1, 2]),
        "plan": dice.weighted(PLANS, [6, 4, 2, 0.3] if team != "billing" else [1, 4, 4, 0.6]),
        "hours_waiting": None if dice.happens(0.05) else round(dice.between(0.0, 72.0), 1),
        "earlier_tickets": int(dice.uniform() * (9 if team == "technical" else 5)),
        "order_value": None if dice.happens(0.15) else f"${order:,.2f}",
    }


def labelled_rows(seed: int, count: int) -> Iterator[Tuple[Row, str]]:
    dice = Dice(seed)
    for _ in range(count):
        team = dice.weighted(TEAMS, TEAM_WEIGHTS)
        yield ticket(team, dice), team


def proof_rows(seed: int) -> Iterator[Row]:
    """128 rows in which every value of every category stands."""
    for index, (row, _) in enumerate(labelled_rows(seed, 128)):
        yield {**row, **{name: values[index % len(values)] for name, values in CATEGORIES.items()}}
