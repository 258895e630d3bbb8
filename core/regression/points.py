"""The points a line is fitted to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError

FloatArray = NDArray[np.float64]

MIN_POINTS = 2
MAX_POINTS = 500
MAX_VALUE = 1e6


def least_gap(x: FloatArray) -> float:
    """The distance along x below which points count as lying above one another, over 0."""
    return max(1e-12 * float(np.abs(x).max()), 1e-100)


def _column(values: object, name: str) -> FloatArray:
    """A read-only copy of one coordinate of all points, checked."""
    try:
        column = np.array(values, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        raise InputError(f"Every {name} must be a number.") from None
    if column.ndim != 1:
        raise InputError(f"The {name} values must be one plain list of numbers.")
    if not np.isfinite(column).all():
        at = int(np.argmin(np.isfinite(column))) + 1
        raise InputError(f"Point {at}: {name} is not a finite number. Correct or remove it.")
    if (np.abs(column) > MAX_VALUE).any():
        at = int(np.argmax(np.abs(column) > MAX_VALUE)) + 1
        raise InputError(
            f"Point {at}: {name} is beyond ±{MAX_VALUE:,.0f}. Use a larger unit, such as thousands."
        )
    column.setflags(write=False)
    return column


@dataclass(frozen=True, eq=False)
class Points:
    """Some points in the plane, never changed once made.

    Attributes:
        x: Where each point lies from left to right, shape (N,), read-only.
        y: Where each point lies from bottom to top, shape (N,), read-only.

    Raises:
        InputError: A value that is not finite or beyond ±1,000,000, lists of different
            lengths, fewer than 2 points or more than 500.
    """

    x: FloatArray
    y: FloatArray

    def __post_init__(self) -> None:
        x, y = _column(self.x, "x"), _column(self.y, "y")
        if len(x) != len(y):
            raise InputError(f"There are {len(x)} x values but {len(y)} y values.")
        if len(x) < MIN_POINTS:
            raise InputError("Two points are the least a line needs. Add another one.")
        if len(x) > MAX_POINTS:
            raise InputError(f"{len(x):,} points are too many: the limit is {MAX_POINTS}.")
        object.__setattr__(self, "x", x)
        object.__setattr__(self, "y", y)

    @classmethod
    def from_pairs(cls, pairs: Iterable[tuple[float, float]]) -> Points:
        """The points listed as (x, y).

        Raises:
            InputError: As for the class, or an entry that is not a pair.
        """
        try:
            rows = [(x, y) for x, y in pairs]
        except (TypeError, ValueError):
            raise InputError("Every point needs two numbers, x and y.") from None
        return cls(_column([x for x, _ in rows], "x"), _column([y for _, y in rows], "y"))

    def pairs(self) -> list[tuple[float, float]]:
        """Every point as (x, y) in plain floats, in order."""
        return list(zip(self.x.tolist(), self.y.tolist(), strict=True))

    def moved(self, index: int, x: float, y: float) -> Points:
        """The same points with the one at `index` (from 0) put at (x, y)."""
        pairs = self.pairs()
        pairs[self._checked(index)] = (x, y)
        return Points.from_pairs(pairs)

    def added(self, x: float, y: float) -> Points:
        """The same points with (x, y) put last."""
        return Points.from_pairs([*self.pairs(), (x, y)])

    def removed(self, index: int) -> Points:
        """The same points without the one at `index` (from 0).

        Raises:
            InputError: Only two points are left, or there is no such point.
        """
        if len(self) <= MIN_POINTS:
            raise InputError("Two points are the least a line needs. Add one before removing one.")
        pairs = self.pairs()
        del pairs[self._checked(index)]
        return Points.from_pairs(pairs)

    def _checked(self, index: int) -> int:
        if not 0 <= index < len(self):
            raise InputError(f"There is no point {index + 1}: the points go from 1 to {len(self)}.")
        return index

    def __len__(self) -> int:
        return len(self.x)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Points) and self.pairs() == other.pairs()

    def __hash__(self) -> int:
        return hash(tuple(self.pairs()))
