"""The settings of the training of the built-in backbone."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Cycle:
    """A part of the training in which the learning rate rises once and falls to zero.

    Attributes:
        steps: How many.
        batch_size: Pictures in a batch, of all pools together.
        learning_rate: The highest; it rises over a twentieth of the steps, then falls as a
            cosine.
        sides: Sides of the pictures, and until which share of the steps each holds.
        shares: The part of each pool in every batch; together about 1.
    """

    steps: int
    batch_size: int
    learning_rate: float
    sides: tuple[tuple[float, int], ...]
    shares: Mapping[str, float]

    def side(self, step: int) -> int:
        """How large the pictures are in a step."""
        return next(side for share, side in self.sides if step < share * self.steps)

    def rate(self, step: int) -> float:
        """The learning rate of a step."""
        warm = max(1, self.steps // 20)
        fallen = 0.5 + 0.5 * math.cos(math.pi * step / self.steps)
        return self.learning_rate * min(1.0, (step + 1) / warm) * fallen


SHARES = {"digits": 0.12, "clothes": 0.07, "signs": 0.05, "windows": 0.11} | {
    "glyphs": 0.17,
    "textures": 0.14,
    "things": 0.2,
    "scenes": 0.14,
}


@dataclass(frozen=True)
class Recipe:
    """The settings of the training.

    Attributes:
        cycles: One after the other.
        weight_decay: Of AdamW, on weights with two or more dimensions.
        smoothing: Label smoothing.
        average: How slowly the averaged weights follow, of 1.
        seed: All chance comes from it.
    """

    cycles: tuple[Cycle, ...] = (Cycle(13000, 1024, 0.004, ((0.6, 48), (1.0, 64)), SHARES),)
    weight_decay: float = 0.05
    smoothing: float = 0.1
    average: float = 0.9995
    seed: int = 0

    @property
    def steps(self) -> int:
        """Steps in all."""
        return sum(cycle.steps for cycle in self.cycles)

    def at(self, step: int) -> tuple[Cycle, int]:
        """The cycle of a step, and its number within the cycle."""
        for cycle in self.cycles:
            if step < cycle.steps:
                return cycle, step
            step -= cycle.steps
        raise ValueError("The training has ended before that step.")
