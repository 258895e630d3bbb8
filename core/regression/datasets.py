"""The sets of points that the page offers to start from."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.errors import InputError
from core.regression.points import FloatArray, Points

MIN_SIZE, MAX_SIZE = 2, 60
MAX_NOISE = 3.0
LEFT, RIGHT = -2.0, 4.0
SLOPE, INTERCEPT = 1.2, 1.5

_Draw = Callable[[int, float, np.random.Generator], tuple[FloatArray, FloatArray]]


@dataclass(frozen=True)
class Dataset:
    """A recipe for points.

    Attributes:
        name: The key in `DATASETS` and in the address of the page.
        label: What a person reads in the list of choices.
        description: One sentence on what to expect from these points.
        fixed: True if the number of points and the noise change nothing.
        draw: The recipe itself; `make` checks and rounds what it gives.
    """

    name: str
    label: str
    description: str
    fixed: bool
    draw: _Draw

    def make(self, n: int, noise: float, generator: np.random.Generator) -> Points:
        """Draw the points: x rounded to 2 digits, y to 1, so that tables are exact.

        Args:
            n: How many points, 2 to 60.
            noise: How far the points scatter, 0 to 3.
            generator: Where the chance comes from; the same state gives the same points.

        Raises:
            InputError: `n` or `noise` outside of its range.
        """
        if not MIN_SIZE <= n <= MAX_SIZE:
            raise InputError(f"Choose from {MIN_SIZE} to {MAX_SIZE} points.")
        if not (math.isfinite(noise) and 0 <= noise <= MAX_NOISE):
            raise InputError(f"Choose a noise from 0 to {MAX_NOISE:g}.")
        x, y = self.draw(n, noise, generator)
        return Points(np.round(x, 2) + 0.0, np.round(y, 1) + 0.0)  # + 0.0 turns −0 into 0


def _two_points(
    _n: int, _noise: float, _generator: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    return np.array([1.0, 2.0]), np.array([3.0, 5.0])


def _noisy_line(
    n: int, noise: float, generator: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    x = np.linspace(LEFT, RIGHT, n)
    return x, SLOPE * x + INTERCEPT + noise * generator.standard_normal(n)


def _outlier(n: int, noise: float, generator: np.random.Generator) -> tuple[FloatArray, FloatArray]:
    x, y = _noisy_line(n, 0.35 * noise, generator)
    y[round(0.9 * (n - 1))] += 6.0
    return x, y


def _curve(n: int, noise: float, generator: np.random.Generator) -> tuple[FloatArray, FloatArray]:
    x = np.linspace(LEFT, RIGHT, n)
    return x, 0.6 * (x - 0.4) ** 2 - 0.5 + 0.5 * noise * generator.standard_normal(n)


def _clusters(
    n: int, noise: float, generator: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    right = np.arange(n) >= n // 2
    x = np.where(right, 3.0, -1.0) + generator.uniform(-0.8, 0.8, n)
    y = np.where(right, 5.0, 0.5) + (0.3 + 0.7 * noise) * generator.standard_normal(n)
    return x, y


DATASETS: dict[str, Dataset] = {
    dataset.name: dataset
    for dataset in (
        Dataset(
            "two_points",
            "Two points",
            "The smallest example: one line goes through both points exactly.",
            True,
            _two_points,
        ),
        Dataset(
            "noisy_line",
            "Noisy line",
            "Points scattered about a straight line: the best line misses most of them a little.",
            False,
            _noisy_line,
        ),
        Dataset(
            "outlier",
            "Outlier",
            "A clean line and one point far above it: compare what MSE, MAE and Huber make of it.",
            False,
            _outlier,
        ),
        Dataset(
            "curve",
            "Curve",
            "Points along a parabola: no straight line follows it, however long it learns.",
            False,
            _curve,
        ),
        Dataset(
            "clusters",
            "Clusters",
            "Two clumps of points: the line between them says little about either.",
            False,
            _clusters,
        ),
    )
}
