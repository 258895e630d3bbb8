"""The loss of many lines at once: the landscape that the dot walks on."""

from __future__ import annotations

import numpy as np

from core.regression.losses import loss_named
from core.regression.optimum import best_line
from core.regression.points import FloatArray, Points


def loss_surface(points: Points, loss_name: str, m: FloatArray, b: FloatArray) -> FloatArray:
    """The loss of every line with a slope of `m` and an intercept of `b`.

    Args:
        points: The points, N of them.
        loss_name: A key of `LOSSES`.
        m: Slopes, shape (M,), the columns of the result.
        b: Intercepts, shape (B,), the rows of the result.

    Returns:
        Losses over all points, shape (B, M), at least 0.
    """
    m, b = np.asarray(m, dtype=np.float64), np.asarray(b, dtype=np.float64)
    if loss_name == "mse":
        return _bowl(points, m, b)
    cost = loss_named(loss_name).per_point
    total = np.zeros((len(b), len(m)))  # (B, M)
    for x, y in points.pairs():  # point by point: memory stays at (B, M), inside the cache
        total += cost(np.add.outer(b, m * x - y))
    return np.asarray(total / len(points))


def _bowl(points: Points, m: FloatArray, b: FloatArray) -> FloatArray:
    """MSE in closed form around its minimum (m*, b*).

    MSE = MSE* + var(x)·(m − m*)² + (x̄·(m − m*) + (b − b*))². It needs three sums over the
    points, however many lines are asked for, and no large numbers cancel.
    """
    best = best_line(points, "mse")
    mean = float(points.x.mean())
    across = m - best.m  # (M,)
    tilt = best.loss + points.x.var() * across**2  # (M,)
    shift = np.add.outer(b - best.b, mean * across)  # (B, M)
    return np.asarray(shift * shift + tilt)
