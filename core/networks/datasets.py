"""The sets of points that the network builder offers."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.errors import InputError
from core.networks import shapes
from core.networks.plane import LIMIT, PlaneData, from_points
from core.networks.shapes import FloatArray

__all__ = ["DATASETS", "Dataset", "PlaneData", "dataset_named", "from_points"]

MIN_SIZE, MAX_SIZE = 12, 1000
MAX_NOISE = 0.5

Task = Literal["classification", "regression"]
_Draw = Callable[[int, float, int, np.random.Generator], tuple[FloatArray, FloatArray]]


@dataclass(frozen=True)
class Dataset:
    """A recipe for points.

    Attributes:
        name: The key in `DATASETS` and in the address of the page.
        label: What a person reads in the list of choices.
        description: One sentence on what to expect from these points.
        task: Whether the answers are classes or numbers.
        fixed: True if number, noise and chance change nothing.
        classes: The usual number of classes (of arms, for spirals); 0 for regression.
        most_classes: The largest number of classes; equal to `classes` where it is fixed.
        draw: The recipe itself; `make` checks and rounds what it gives.
    """

    name: str
    label: str
    description: str
    task: Task
    fixed: bool
    classes: int
    most_classes: int
    draw: _Draw

    def make(
        self, n: int, noise: float, classes: int | None, generator: np.random.Generator
    ) -> PlaneData:
        """Draw the points, rounded to 2 digits so that tables and scripts are exact.

        Args:
            n: How many points, 12 to 1000.
            noise: How far the points scatter, 0 to 0.5.
            classes: How many classes or arms; None takes the usual number. Where the
                number is fixed, only that one is possible.
            generator: Where the chance comes from; the same state gives the same points.

        Raises:
            InputError: An argument outside of its range.
        """
        if not self.fixed and not MIN_SIZE <= n <= MAX_SIZE:
            raise InputError(f"Choose from {MIN_SIZE} to {MAX_SIZE} points.")
        if not (math.isfinite(noise) and 0 <= noise <= MAX_NOISE):
            raise InputError(f"Choose a noise from 0 to {MAX_NOISE:g}.")
        classes = self.classes if classes is None else classes
        if not self.classes <= classes <= self.most_classes:
            raise InputError(
                f"{self.label} come with {self.classes} to {self.most_classes} classes."
                if self.most_classes > self.classes
                else f"{self.label} have a fixed number of classes: {self.classes}."
            )
        x, y = self.draw(n, noise, classes, generator)
        points = np.asarray(_tidy(np.clip(x, -LIMIT, LIMIT), 2), dtype=np.float32)
        if not classes:
            return PlaneData(points, np.asarray(_tidy(y, 3), dtype=np.float32), 0)
        return PlaneData(points, y.astype(np.int64), classes)


def _tidy(values: FloatArray, digits: int) -> FloatArray:
    return np.asarray(np.round(values, digits) + 0.0)  # + 0.0 turns −0 into 0


def dataset_named(name: str) -> Dataset:
    """The recipe of that name.

    Raises:
        InputError: There is none.
    """
    if name not in DATASETS:
        raise InputError(f"There is no data set called {name!r}. There are: {', '.join(DATASETS)}.")
    return DATASETS[name]


DATASETS: dict[str, Dataset] = {
    dataset.name: dataset
    for dataset in (
        Dataset(
            "xor_exact",
            "XOR",
            "The four corners of exclusive or: no straight line parts 0 from 1.",
            "classification",
            True,
            2,
            2,
            shapes.xor_exact,
        ),
        Dataset(
            "xor",
            "Noisy XOR",
            "Four quarters, opposite ones alike: one unit alone cannot part them.",
            "classification",
            False,
            2,
            2,
            shapes.xor,
        ),
        Dataset(
            "circles",
            "Circles",
            "A disc within a ring: easy with x₁² and x₂², harder without.",
            "classification",
            False,
            2,
            2,
            shapes.circles,
        ),
        Dataset(
            "moons",
            "Moons",
            "Two half moons that hold each other: the border has to bend twice.",
            "classification",
            False,
            2,
            2,
            shapes.moons,
        ),
        Dataset(
            "spirals",
            "Spirals",
            "Arms that wind about each other: the hardest set, it needs many units.",
            "classification",
            False,
            2,
            5,
            shapes.spirals,
        ),
        Dataset(
            "gaussians",
            "Gaussians",
            "One round cloud per class: straight borders are enough.",
            "classification",
            False,
            2,
            6,
            shapes.gaussians,
        ),
        Dataset(
            "checkerboard",
            "Checkerboard",
            "Sixteen squares, neighbours different: many borders in both directions.",
            "classification",
            False,
            2,
            2,
            shapes.checkerboard,
        ),
        Dataset(
            "plane",
            "Plane",
            "A number that grows steadily to one side: a single linear unit learns it.",
            "regression",
            False,
            0,
            0,
            shapes.plane,
        ),
        Dataset(
            "multi_gauss",
            "Hills and hollows",
            "Six bumps, up and down in turns: the surface has to bend at every one.",
            "regression",
            False,
            0,
            0,
            shapes.multi_gauss,
        ),
    )
}
