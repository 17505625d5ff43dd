"""What the gate says of a file."""

from __future__ import annotations

from typing import List, NamedTuple, Set, Tuple

MOST_DANGERS = 100
# What statsmodels' ARIMA, SARIMAX and their kin consist of: honest, and told as a whole.
STATE_SPACE = "statsmodels.tsa.statespace"


class Danger(NamedTuple):
    code: str  # of DangerCode in the API's api/src/pickle/reading.ts
    what: str  # one sentence: what is there, and what it would do
    name: str | None  # the global that is meant, as module.name
    offset: int  # of the opcode, in the expanded stream


def distrust(danger: Danger) -> str:
    """What to do about a file, where that is not said yet."""
    if danger.name == STATE_SPACE:
        return ""
    return " Do not trust this file; train and save the model again if it is yours."


class Refused(Exception):
    """A danger after which nothing of the stream can be told any more."""

    def __init__(self, code: str, what: str):
        super().__init__(what)
        self.code = code
        self.what = what


class Verdict:
    def __init__(self) -> None:
        self.dangers: List[Danger] = []
        self.names: Set[Tuple[str, str]] = set()  # every global that is named: (module, name)
        self.payload_ends: List[int] = []  # where the bytes of each joblib array end
        self.made = 0  # containers, instances and places of the memo
        self.most = 0  # so many may be made
        self.spent = 0  # bytes that loading would make beside those in the stream
        self.may_spend = 0
        self.walked = 0  # items of long containers, each time they are used
        self.content = b""  # the expanded stream: what is to be loaded, and nothing else
        self.note: str | None = None  # for what is no pickle: what it is and what to do

    @property
    def honest(self) -> bool:
        return not self.dangers and self.note is None

    @property
    def joblib(self) -> bool:
        return bool(self.payload_ends)

    def add(self, danger: Danger) -> None:
        """A name is told once for each code."""
        told = danger.name and any(danger[::2] == known[::2] for known in self.dangers)
        if not told and len(self.dangers) < MOST_DANGERS:
            self.dangers.append(danger)
