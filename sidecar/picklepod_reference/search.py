"""Finds the cheapest block rule under which a step keeps the bits of every row."""

from __future__ import annotations

import time
from typing import Any, Callable, Dict, Iterator

import numpy as np

from .bits import equal_bits, largest_ulp
from .blocks import in_blocks
from .fault import Fault
from .values import stack

Call = Callable[[Any], Any]
SIZES = [*range(1, 34), 63, 64, 65, 255, 256, 257, 1000, 1023, 1024]
MULTIPLES = (4, 8, 32)
CONSTANTS = (4, 32, 128)
MOST_ROWS = 128  # of which every rotation is tried, where that takes no longer than:
SECONDS = 10.0  # for a rule; a slow or very wide artifact would take minutes
FEWEST_ROTATIONS = 4


class Search:
    """`rotations`: the most of the searched rows that a call begins with, for each size."""

    def __init__(self, limit: int, rotations: int = MOST_ROWS):
        self.limit = limit
        self.most_rotations = rotations
        self.rotations = rotations
        self.sizes = sorted({min(size, limit) for size in SIZES})
        self.blocks: Dict[str, str] = {}
        self.distances: Dict[str, Dict[str, int]] = {}

    def find_rule(self, output: str, call: Call, count: int) -> str:
        self.rotations = self.affordable(call, count)
        rule = next((rule for rule in candidates(call, count, self.limit) if self.holds(call, count, rule)), None)
        if rule is None:
            raise Fault(
                "a row's bits change even when it is called alone. Is the artifact random, or does it count calls?"
            )
        self.blocks[output] = rule
        self.distances[output] = distances(call, count, rule, self.limit)
        return rule

    def affordable(self, call: Call, count: int) -> int:
        """Of halves of the most, the first that fits into the time; the same on machines that are about as fast."""
        call(np.arange(1))  # the first call of all is slow
        small, large = (seconds(call, np.arange(size) % count) for size in (1, self.limit))
        each = max(0.0, large - small) / self.limit
        once = sum(small + each * size for size in self.sizes)
        rotations = self.most_rotations
        while rotations > FEWEST_ROTATIONS and rotations * once > SECONDS:
            rotations //= 2
        return max(rotations, FEWEST_ROTATIONS)

    def holds(self, call: Call, count: int, rule: str) -> bool:
        everything = np.arange(count)
        expected = in_blocks(call, everything, rule, self.limit)
        return all(
            equal_bits(in_blocks(call, places, rule, self.limit), expected[places])
            for places in self.arrangements(everything)
        )

    def arrangements(self, everything: Any) -> Iterator[Any]:
        searched = evenly_spaced(everything, MOST_ROWS)
        yield everything[::-1]
        for size in self.sizes:
            around = np.resize(searched, len(searched) + size)
            yield around[:size][::-1]
            for start in evenly_spaced(np.arange(len(searched)), self.rotations):
                yield around[start : start + size]


def evenly_spaced(places: Any, most: int) -> Any:
    if len(places) <= most:
        return places
    return places[np.linspace(0, len(places) - 1, most).round().astype(int)]


def candidates(call: Call, count: int, limit: int) -> Iterator[str]:
    yield "any"
    yield from (f"multiple {m}" for m in MULTIPLES if m <= limit)
    yield from (f"constant {b}" for b in constants(call, count, [b for b in CONSTANTS if b <= limit]))
    yield "constant 1"  # slow, and always at hand: a row has no neighbours then


def constants(call: Call, count: int, sizes: list[int]) -> list[int]:
    """The largest first among those whose call costs at most 1.5 times the smallest's; then the others."""
    costs = {size: cost(call, np.arange(size) % count) for size in sizes}
    cheap = [size for size in sizes if costs[size] <= 1.5 * costs[sizes[0]]]
    return cheap[::-1] + [size for size in sizes if size not in cheap]


def cost(call: Call, places: Any) -> float:
    first = seconds(call, places)
    times = sorted(seconds(call, places) for _ in range(15 if first < 0.1 else 3))
    return times[len(times) // 2]


def seconds(call: Call, places: Any) -> float:
    start = time.perf_counter()
    call(places)
    return time.perf_counter() - start


def distances(call: Call, count: int, rule: str, limit: int) -> dict[str, int]:
    everything = np.arange(count)
    ruled = in_blocks(call, everything, rule, limit)
    each = seconds(call, everything[:1])
    some = evenly_spaced(everything, max(MOST_ROWS, int(SECONDS / max(each, 1e-6))))
    alone = stack([call(some[i : i + 1]) for i in range(len(some))])
    return {"alone": largest_ulp(ruled[some], alone), "one_call": largest_ulp(ruled, call(everything))}
