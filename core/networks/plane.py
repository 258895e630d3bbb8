"""Points of the plane, each with a class or with a number to predict."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError

LIMIT = 6.0
MAX_CLASSES = 6
MAX_POINTS = 2000


@dataclass(frozen=True)
class PlaneData:
    """Points (x₁, x₂) with what the network is to say about each.

    Attributes:
        x: The points, float32 of shape (N, 2), every number from −6 to 6.
        y: The answers, shape (N,): classes 0, 1, … as int64, or targets as float32.
        classes: How many classes there are, 2 to 6; 0 for regression.

    Raises:
        InputError: Shapes that do not fit, a point outside of the plane, a class that is none.
    """

    x: NDArray[np.float32]
    y: NDArray[np.int64] | NDArray[np.float32]
    classes: int

    def __post_init__(self) -> None:
        if self.x.ndim != 2 or self.x.shape[1] != 2 or self.y.shape != (len(self.x),):
            raise InputError(
                f"Every point needs x₁, x₂ and one answer; got the shapes {self.x.shape} "
                f"and {self.y.shape}."
            )
        if not np.all(np.abs(self.x) <= LIMIT):  # NaN is refused too
            raise InputError(f"Points lie between −{LIMIT:g} and {LIMIT:g} in both directions.")
        if self.classes:
            self._check_classes()
        elif not np.all(np.isfinite(self.y)):
            raise InputError("Every target is a finite number.")

    def _check_classes(self) -> None:
        if not 2 <= self.classes <= MAX_CLASSES:
            raise InputError(f"There are 2 to {MAX_CLASSES} classes, not {self.classes}.")
        if len(self.y) and not (self.y.min() >= 0 and self.y.max() < self.classes):
            raise InputError(f"Classes are counted from 0 to {self.classes - 1}.")

    def __len__(self) -> int:
        return len(self.y)

    @property
    def regression(self) -> bool:
        """True if the answers are numbers and not classes."""
        return self.classes == 0

    def counts(self) -> list[int]:
        """How many points each class has; empty for regression."""
        return [int((self.y == one).sum()) for one in range(self.classes)]

    def take(self, which: NDArray[np.int64]) -> PlaneData:
        """Only the points with the numbers in `which`, in that order."""
        return PlaneData(self.x[which], self.y[which], self.classes)

    def split(
        self, test_share: float, generator: np.random.Generator
    ) -> tuple[PlaneData, PlaneData]:
        """Deal the points out for training and validation, stratified: by class in proportion.

        Of a class with points for both sides at least one stays for training.

        Args:
            test_share: The share for validation, 0 to 0.9; 0 leaves validation empty.
            generator: Where the chance comes from.

        Returns:
            Training points and validation points, each in their old order.

        Raises:
            InputError: A share out of its range.
        """
        if not 0 <= test_share <= 0.9:
            raise InputError("The share for validation goes from 0 to 0.9.")
        held_back = np.zeros(len(self), dtype=bool)
        groups = self.y if self.classes else np.zeros(len(self), dtype=np.int64)
        for group in np.unique(groups):
            members = generator.permutation(np.flatnonzero(groups == group))
            held_back[members[: min(round(test_share * len(members)), len(members) - 1)]] = True
        return self.take(np.flatnonzero(~held_back)), self.take(np.flatnonzero(held_back))


def from_points(points: Sequence[tuple[float, float, int]], classes: int = 0) -> PlaneData:
    """Points set by hand.

    Args:
        points: (x₁, x₂, class) for each point, classes counted from 0.
        classes: How many classes there are; 0 takes as many as the points need, at least 2.

    Raises:
        InputError: No points or too many, numbers that are not finite, more than 6 classes.
    """
    if not points:
        raise InputError("Set at least one point.")
    if len(points) > MAX_POINTS:
        raise InputError(f"{MAX_POINTS} points are the most; these are {len(points)}.")
    if not all(math.isfinite(value) for point in points for value in point):
        raise InputError("Every point needs two finite numbers and a class.")
    if any(int(point[2]) != point[2] for point in points):
        raise InputError("A class is a whole number.")
    needed = max(2, *(int(point[2]) + 1 for point in points), classes)
    return PlaneData(
        np.array([point[:2] for point in points], dtype=np.float32),
        np.array([int(point[2]) for point in points], dtype=np.int64),
        needed,
    )
