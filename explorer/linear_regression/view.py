"""The ranges of both pictures and the levels of the contours, fixed while anything moves."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.regression.descent import LIMIT, Descent
from core.regression.optimum import Optimum, hessian
from core.regression.points import Points
from core.regression.surface import loss_surface

Range = tuple[float, float]
COLUMNS = ROWS = 64
MOST_LEVELS = 9


@dataclass(frozen=True)
class View:
    """What part of the plane each picture shows.

    Attributes:
        x: Range of x under the data.
        y: Range of y under the data.
        m: Range of slopes under the surface.
        b: Range of intercepts under the surface.
        base: The lowest contour level.
        ratio: Each further level is this many times the one before: 2, or √2 where
            doubling would leave fewer than four contours.
    """

    x: Range
    y: Range
    m: Range
    b: Range
    base: float
    ratio: float

    def grid(self, points: Points, loss: str) -> NDArray[np.float64]:
        """Return the loss over the picture of the surface, (ROWS, COLUMNS), b upwards."""
        return loss_surface(points, loss, np.linspace(*self.m, COLUMNS), np.linspace(*self.b, ROWS))


def fitted(points: Points, loss: str, best: Optimum, descent: Descent) -> View:
    """Return the view that shows the data, the minimum, the start and the path.

    It depends on nothing but its arguments, so that a link shows the same picture.
    """
    x = _padded(points.x, 0.117, 1.0)
    y = _padded(points.y, 0.44, 1.0)
    half_m, half_b = _reach(points, loss, best, descent)
    m = (best.m - half_m, best.m + half_m)
    b = (best.b - half_b, best.b + half_b)
    base, ratio = _levels(points, loss, best, m, b)
    return View(x, y, m, b, base, ratio)


def _padded(values: NDArray[np.float64], share: float, least: float) -> Range:
    low, high = float(values.min()), float(values.max())
    pad = max(share * (high - low), 0.0)
    if high - low < least:
        pad = max(pad, least)
    return low - pad, high + pad


def _reach(points: Points, loss: str, best: Optimum, descent: Descent) -> tuple[float, float]:
    """Return half the width and height of the surface's picture.

    It holds the ellipse of equal squared error through the farthest place that the path
    has visited, as long as the path has not run away.
    """
    curved = hessian(points)
    walked = descent.steps[: descent.shown + 1]  # Later steps are not in the link.
    offsets = [np.array([one.m - best.m, one.b - best.b]) for one in walked]
    excess = [0.5 * float(offset @ curved @ offset) for offset in offsets]
    spread = float(np.var(points.y)) + 1e-6 * (1 + float(np.abs(points.y).max()))
    allowed = 4 * max(excess[0], 0.25 * spread)
    near = [
        (size, offset)
        for size, offset in zip(excess, offsets, strict=True)
        if math.isfinite(size) and size <= allowed
    ]
    level = max([0.25 * spread, *(0.55 * size for size, _ in near)])
    inverse = np.linalg.pinv(curved)
    least = 0.25 * math.sqrt(spread)
    half_m = math.sqrt(max(0.0, 2 * level * float(inverse[0, 0])))
    half_b = math.sqrt(max(0.0, 2 * level * float(inverse[1, 1])))
    half_m = max(half_m, *(1.35 * abs(float(offset[0])) for _, offset in near), least)
    half_b = max(half_b, *(1.35 * abs(float(offset[1])) for _, offset in near), least)
    return half_m, half_b


def _levels(points: Points, loss: str, best: Optimum, m: Range, b: Range) -> tuple[float, float]:
    grid = loss_surface(points, loss, np.linspace(*m, 24), np.linspace(*b, 24))
    highest = float(grid.max())
    floor = max(best.loss * 1.05, highest * 2.0**-MOST_LEVELS, 1e-12)
    for ratio in (2.0, math.sqrt(2.0)):
        base = ratio ** math.ceil(math.log(floor) / math.log(ratio) - 1e-9)
        if base * ratio**4 < highest:
            return base, ratio
    return base, ratio


def tidy(value: float, span: tuple[float, float]) -> float:
    """Return a number rounded to what a hand can mean: a thousandth of what is shown.

    Raises:
        InputError: The number is infinite or not a number.
    """
    if not abs(value) <= LIMIT:
        raise InputError("That place is outside of all numbers.")
    digits = 2 - math.floor(math.log10(max(span[1] - span[0], 1e-9)) - 0.4)
    return round(value, max(0, digits)) + 0.0
