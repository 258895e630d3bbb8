"""The line with the smallest mean absolute error.

The loss is made of flat pieces that meet where the line goes through a point, so one of
the best lines goes through two points (Koenker and Bassett 1978, "Regression Quantiles",
theorem 3.1, https://doi.org/10.2307/1913643). Few points: try every pair. Many: the loss of
the best intercept, which is the median, is convex in the slope, so narrow the slope down
first and then try the pairs of the nearest points.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.regression.points import FloatArray, least_gap

ALL_PAIRS_UP_TO = 60
NEAREST = 24
GOLDEN = (np.sqrt(5.0) - 1.0) / 2.0


def mae_line(x: FloatArray, y: FloatArray) -> tuple[float, float, bool]:
    """The line with the smallest mean |m·x + b − y|.

    Args:
        x: Shape (N,), not all equal (farther apart than `least_gap`).
        y: Shape (N,).

    Returns:
        m, b and whether it is the only one. Where it is not, the mean of the best lines
        through two points, which is as good as they are.
    """
    if len(x) <= ALL_PAIRS_UP_TO:
        return _best_pair(x, y, np.arange(len(x)))
    m = _narrowed_slope(x, y)
    away = np.abs(y - m * x - np.median(y - m * x))
    return _best_pair(x, y, np.argsort(away, kind="stable")[:NEAREST])


def _best_pair(x: FloatArray, y: FloatArray, chosen: NDArray[np.intp]) -> tuple[float, float, bool]:
    """The best of the lines through two of the `chosen` points."""
    first, second = np.triu_indices(len(chosen), 1)
    first, second = chosen[first], chosen[second]
    apart = np.abs(x[second] - x[first]) > least_gap(x)
    first, second = first[apart], second[apart]
    m = (y[second] - y[first]) / (x[second] - x[first])  # (pairs,)
    b = y[first] - m * x[first]
    miss = np.multiply.outer(m, x)  # (pairs, N)
    miss += b[:, None]
    miss -= y
    total = np.abs(miss, out=miss).sum(axis=1)
    lowest = int(total.argmin())
    slack = 1e-12 * (total[lowest] + float(np.abs(y).sum()))
    ties = total <= total[lowest] + slack
    if _same(m[ties]) and _same(b[ties]):
        return float(m[lowest]), float(b[lowest]), True
    return float(m[ties].mean()), float(b[ties].mean()), False


def _same(values: FloatArray) -> bool:
    return bool(np.ptp(values) <= 1e-9 * (1.0 + np.abs(values).max()))


def _narrowed_slope(x: FloatArray, y: FloatArray) -> float:
    """Golden-section search (Kiefer 1953, https://doi.org/10.2307/2032161) for the slope."""

    def cost(m: float) -> float:
        rest = y - m * x
        return float(np.abs(rest - np.median(rest)).sum())

    low, high = _bracket(x, y)
    left, right = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
    at_left, at_right = cost(left), cost(right)
    while high - low > 1e-13 * (1.0 + abs(low) + abs(high)):
        if at_left <= at_right:
            high, right, at_right = right, left, at_left
            left = high - GOLDEN * (high - low)
            at_left = cost(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + GOLDEN * (high - low)
            at_right = cost(right)
        if not low < left < right < high:
            break
    return (low + high) / 2


def _bracket(x: FloatArray, y: FloatArray) -> tuple[float, float]:
    """Slopes between which the best one must lie.

    A slope m costs at least |m|·Σ|x − x̃| − Σ|y − ỹ| with medians x̃, ỹ, and the flat line
    costs Σ|y − ỹ|, so |m| is at most twice the ratio.
    """
    spread_x = float(np.abs(x - np.median(x)).sum())
    spread_y = float(np.abs(y - np.median(y)).sum())
    reach = 2.0 * spread_y / spread_x
    return -reach - 1e-9, reach + 1e-9
