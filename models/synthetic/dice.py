"""Random draws that come out the same under every Python: each is built on Random.random() alone."""

from __future__ import annotations

import math
from random import Random
from typing import Sequence, TypeVar

Face = TypeVar("Face")


class Dice:
    def __init__(self, seed: int) -> None:
        self.uniform = Random(seed).random

    def happens(self, probability: float) -> bool:
        return self.uniform() < probability

    def between(self, low: float, high: float) -> float:
        return low + (high - low) * self.uniform()

    def normal(self) -> float:
        """Nearly normal, mean 0 and deviation 1, from four uniforms: no libm, and so the same bits everywhere."""
        uniform = self.uniform
        return (uniform() + uniform() + uniform() + uniform() - 2.0) * 1.7320508

    def pick(self, faces: Sequence[Face]) -> Face:
        return faces[int(self.uniform() * len(faces))]

    def weighted(self, faces: Sequence[Face], weights: Sequence[float]) -> Face:
        mark = self.uniform() * math.fsum(weights)
        for face, weight in zip(faces, weights):
            mark -= weight
            if mark < 0:
                return face
        return faces[-1]

    def agrees(self, log_odds: float) -> bool:
        return self.happens(1.0 / (1.0 + math.exp(-log_odds)))
