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
MOST_ROWS = 128  # of which every rotation is tried


class Search:
    """`rotations`: how many of the searched rows a call begins with, for each size; every one unless said otherwise."""

    def __init__(self, limit: int, rotations: int = MOST_ROWS):
        self.limit = limit
        self.rotations = rotations
        self.blocks: Dict[str, str] = {}
        self.distances: Dict[str, Dict[str, int]] = {}

    def find_rule(self, output: str, call: Call, count: int) -> str:
        rule = next((rule for rule in candidates(call, count, self.limit) if self.holds(call, count, rule)), None)
        if rule is None:
            raise Fault(
                "a row's bits change even when it is called alone. Is the artifact random, or does it count calls?"
            )
        self.blocks[output] = rule
        self.distances[output] = distances(call, count, rule, self.limit)
        return rule

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
        for size in sorted({min(size, self.limit) for size in SIZES}):
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
    times = []
    for _ in range(15):
        start = time.perf_counter()
        call(places)
        times.append(time.perf_counter() - start)
    return sorted(times)[len(times) // 2]


def distances(call: Call, count: int, rule: str, limit: int) -> dict[str, int]:
    everything = np.arange(count)
    ruled = in_blocks(call, everything, rule, limit)
    alone = stack([call(everything[i : i + 1]) for i in range(count)])
    return {"alone": largest_ulp(ruled, alone), "one_call": largest_ulp(ruled, call(everything))}
