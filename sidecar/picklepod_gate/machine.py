"""The state of a pickle's stack machine, and what its opcodes have in common."""

from __future__ import annotations

from typing import Any, FrozenSet
from typing import Dict as Mapping
from typing import List as Stack

from .memo import Memo
from .names import resolve
from .things import PLAIN, Dict, Global, Method, Thing, Tuple
from .verdict import STATE_SPACE, Danger, Refused, Verdict

DEEPEST = 1000
MOST_THINGS = 100_000_000
# Things and places of the memo. Honest pickles make one for each five bytes at most; one that is compressed well pays
# for what it makes by its own size, for a few hundred bytes can expand to millions of opcodes.
FREELY_MADE = 500_000
BYTES_FOR_ONE = 4
FOR_A_BYTE_OF_THE_FILE = 8
# Bytes that loading makes beside those that stand in the stream. Honest pickles make each byte three times at most, and
# for indexes eight times; of one text that is memoised, a call of a few bytes makes as many anew each time.
FREELY_SPENT = 64 * 1024 * 1024
SPENT_FOR_A_BYTE = 10
SPENT_WHEN_COMPRESSED = (3, 20)  # for a byte of the stream and of the file
# Long containers that are handed to BUILD or to a call are walked through each time, though one that is memoised stands
# in the stream once.
FREELY_WALKED = 100_000
LONG = 64
OF_STATE_SPACE = (
    "It is a state space model of statsmodels (ARIMA, SARIMAX): its compiled parts take their state from the pickle "
    "unchecked, so Picklepod loads none. AutoReg, ExponentialSmoothing and regressions are loaded."
)
WOULD = {
    "dotted-name": "It reaches through a module to something else: loading it could run anything.",
    "dangerous-global": "It runs code or reaches outside of the model: loading it could do anything.",
    "unknown-global": "It is custom code, or worse; no library that Picklepod knows pickles it.",
}


class Machine:
    """Runs one pickle; a joblib stream's pickles of object arrays have a machine each."""

    def __init__(self, data: bytes, start: int, verdict: Verdict, own: FrozenSet[str], nested: bool = False):
        self.data = data
        self.start = start
        self.pos = start
        self.at = start  # of the opcode that runs
        self.frame_end = 0
        self.stack: Stack[Any] = []
        self.below: Stack[Stack[Any]] = []  # the stacks under the open marks
        self.memo = Memo()
        self.has_methods = False
        self.has_ranges = False
        self.holders: Mapping[int, Dict] = {}  # the dicts with methods that no BUILD has looked at yet
        self.globals: Mapping[Any, Global] = {}
        self.verdict = verdict
        self.own = own
        self.nested = nested

    def danger(self, code: str, what: str, name: str | None = None) -> None:
        """What does not keep the machine from going on."""
        self.verdict.add(Danger(code, what, name, self.at))

    def take(self, length: int) -> int:
        """Steps over so many bytes; where they begin."""
        begin = self.pos
        if length < 0 or length > len(self.data) - begin:
            raise Refused("length", f"A length of {length} bytes is said, {len(self.data) - begin} are left.")
        self.pos = begin + length
        return begin

    def line(self) -> bytes:
        end = self.data.find(b"\n", self.pos)
        if end < 0:
            raise Refused("malformed", "It ends within a line.")
        line = self.data[self.pos : end]
        self.pos = end + 1
        return line

    def make(self, thing: Any) -> Any:
        """Counts it: a few bytes make a container, and a container takes a hundred."""
        self.count()
        return thing

    def spend(self, size: int) -> None:
        """Counts the bytes that are made, without which a few opcodes fill the memory."""
        self.verdict.spent += size
        if self.verdict.spent > self.verdict.may_spend:
            raise Refused("expansion", f"It makes more than {self.verdict.may_spend >> 20} MB out of almost nothing.")

    def walk(self, length: int) -> None:
        """Counts what is walked through at each use."""
        if length > LONG:
            self.verdict.walked += length
            if self.verdict.walked > FREELY_WALKED + len(self.data):
                raise Refused("expansion", "It uses the same long container over and over.")

    def count(self) -> None:
        self.verdict.made += 1
        if self.verdict.made > self.verdict.most:
            raise Refused("expansion", f"It makes more than {self.verdict.most} things out of almost nothing.")

    def remember(self, number: int) -> None:
        if self.memo.put(number, self.stack[-1]):
            self.count()

    def to_mark(self) -> Stack[Any]:
        items = self.stack
        self.stack = self.below.pop()
        return items

    def find(self, module: Any, name: Any) -> Global:
        if module.__class__ is not str or name.__class__ is not str:
            raise Refused("malformed", "It asks for a global by what is no text.")
        found = self.globals.get((module, name))
        if found is None:
            found = self.globals[module, name] = resolve(module, name, self.own)
            self.verdict.names.add((module, name))
            if found.fault is not None:
                self.tell(found, found.fault)
        return found

    def tell(self, found: Global, fault: str) -> None:
        if fault == "dangerous-global" and found.module.startswith("statsmodels.tsa."):
            self.danger(fault, OF_STATE_SPACE, STATE_SPACE)
        else:
            self.danger(fault, f"It asks for {shown(found.text)}. {WOULD[fault]}", found.text)

    def hold(self, holder: Thing, items: Any) -> None:
        """Counts what a container takes in; a strict global must not end up in one."""
        depth, weight = holder.depth, holder.weight
        for item in items:
            if item.__class__ in PLAIN:
                weight += 1
                continue
            weight += item.weight
            if item.depth >= depth:
                depth = item.depth + 1
            if item.loose is not None:
                self.loose(item.loose)
        self.bound(holder, depth, weight)

    def tuple(self, items: Any) -> Tuple:
        made: Tuple = self.make(Tuple(tuple(items)))
        depth, weight = 1, 1
        for item in made.items:
            if item.__class__ in PLAIN:
                weight += 1
                continue
            weight += item.weight
            if item.depth >= depth:
                depth = item.depth + 1
            if item.loose is not None:
                made.loose = item.loose
        self.bound(made, depth, weight)
        return made

    def bound(self, holder: Thing, depth: int, weight: int) -> None:
        if depth > DEEPEST:
            raise Refused("depth", f"Things are nested deeper than {DEEPEST}: reading it could end the process.")
        if weight > MOST_THINGS:
            raise Refused("expansion", "It refers to the same things over and over: walking through it would not end.")
        holder.depth = depth
        holder.weight = weight

    def loose(self, found: Global | Method) -> None:
        what = f"{found.text} stands where a value does: something could call it later, with anything."
        self.danger("arguments", what, found.text)


def most_things(expanded: int, file: int) -> int:
    """How many a file of that size may make, which expands to that many bytes."""
    return FREELY_MADE + min(expanded // BYTES_FOR_ONE, file * FOR_A_BYTE_OF_THE_FILE)


def most_spent(expanded: int, file: int) -> int:
    of_stream, of_file = SPENT_WHEN_COMPRESSED
    return FREELY_SPENT + min(SPENT_FOR_A_BYTE * expanded, of_stream * expanded + of_file * file)


def shown(text: str) -> str:
    """A name as a person can read it, whatever is in it."""
    return text if len(text) < 200 and all(" " < letter < "\x7f" for letter in text) else ascii(text[:200])
