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


BROAD = {"digits": 0.12, "clothes": 0.12, "photos": 0.3, "signs": 0.06} | {
    "glyphs": 0.12,
    "textures": 0.12,
    "things": 0.16,
}
PHOTOGRAPHIC = {"digits": 0.08, "clothes": 0.08, "photos": 0.42, "signs": 0.05} | {
    "glyphs": 0.12,
    "textures": 0.1,
    "things": 0.15,
}

DRAWN = {"digits": 0.36, "clothes": 0.06, "photos": 0.18, "signs": 0.04} | {
    "glyphs": 0.22,
    "textures": 0.06,
    "things": 0.08,
}


@dataclass(frozen=True)
class Recipe:
    """The settings of the training: warm restarts (Loshchilov and Hutter 2017).

    Attributes:
        cycles: One after the other.
        weight_decay: Of AdamW, on weights with two or more dimensions.
        smoothing: Label smoothing.
        average: How slowly the averaged weights follow, of 1.
        seed: All chance comes from it.
    """

    cycles: tuple[Cycle, ...] = (
        Cycle(3000, 64, 0.004, ((0.6, 40), (0.85, 48), (1.0, 64)), BROAD),
        Cycle(1150, 96, 0.002, ((0.65, 48), (1.0, 64)), PHOTOGRAPHIC),
        Cycle(1500, 96, 0.002, ((0.4, 48), (1.0, 64)), DRAWN),
    )
    weight_decay: float = 0.05
    smoothing: float = 0.1
    average: float = 0.998
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
