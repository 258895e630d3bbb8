"""The best line there is: the bottom of the landscape."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.regression.huber import huber_line
from core.regression.losses import loss_named
from core.regression.mae import mae_line
from core.regression.points import FloatArray, Points, least_gap


@dataclass(frozen=True)
class Optimum:
    """The lowest place of the landscape.

    Attributes:
        m: The slope of the best line.
        b: Its intercept.
        loss: The loss there, at least 0. No line has a smaller one.
        unique: False if other lines are just as good.
    """

    m: float
    b: float
    loss: float
    unique: bool


def best_line(points: Points, loss_name: str) -> Optimum:
    """The line with the smallest loss, computed directly, without descent.

    Where all points share one x, every slope does equally well; the flat line is taken then.

    Args:
        points: The points.
        loss_name: A key of `LOSSES`.

    Raises:
        InputError: An unknown loss.
    """
    loss = loss_named(loss_name)
    if one_x(points):
        m, b, unique = 0.0, _centre(points, loss_name), False
    elif loss_name == "mae":
        m, b, unique = mae_line(points.x, points.y)
    elif loss_name == "huber":
        m, b, unique = huber_line(points.x, points.y)
    else:
        m, b, unique = *_least_squares(points), True
    cost = float(loss.per_point(m * points.x + b - points.y).mean())
    return Optimum(m, b, cost, unique)


def one_x(points: Points) -> bool:
    """True if all points lie above one another, so that no slope is better than another."""
    return bool(np.ptp(points.x) <= least_gap(points.x))


def _least_squares(points: Points) -> tuple[float, float]:
    """The closed form: covariance over variance (Legendre 1805, Gauss 1809)."""
    dx, dy = points.x - points.x.mean(), points.y - points.y.mean()
    m = float(dx @ dy / (dx @ dx))
    return m, float(points.y.mean() - m * points.x.mean())


def _centre(points: Points, loss_name: str) -> float:
    """The best height for points that all lie above one another."""
    if loss_name == "mae":
        return float(np.median(points.y))
    if loss_name == "huber":
        return huber_line(points.x, points.y)[1]
    return float(points.y.mean())


def hessian(points: Points) -> FloatArray:
    """How the slope of the MSE changes from place to place, the same everywhere.

    Returns:
        [[∂²/∂m², ∂²/∂m∂b], [∂²/∂b∂m, ∂²/∂b²]] = [[2·mean(x²), 2·x̄], [2·x̄, 2]].
    """
    across = float(points.x.mean())
    return 2.0 * np.array([[float((points.x**2).mean()), across], [across, 1.0]])


def curvatures(points: Points, loss_name: str) -> tuple[float, float] | None:
    """The curvature along the flattest and along the steepest direction of the valley.

    Returns:
        (λmin, λmax) of the Hessian: for MSE, or the largest possible for Huber (half of
        it, every residual within ±1). None for MAE, which is made of flat pieces.
    """
    if loss_named(loss_name).name == "mae":
        return None
    low, high = np.linalg.eigvalsh(hessian(points)).tolist()
    scale = 0.5 if loss_name == "huber" else 1.0
    return max(0.0, scale * low), scale * high


def largest_stable_rate(points: Points, loss_name: str) -> float | None:
    """The learning rate beyond which full-batch descent stops converging: 2 / λmax.

    Each step multiplies the error along a direction of curvature c by 1 − λ·c, which
    shrinks it only if λ < 2 / c; the steepest direction decides (LeCun, Bottou, Orr and
    Müller 1998, "Efficient BackProp", section 5, http://yann.lecun.com/exdb/publis/pdf/lecun-98b.pdf;
    Boyd and Vandenberghe 2004, "Convex Optimization", section 9.3,
    https://web.stanford.edu/~boyd/cvxbook/).

    Returns:
        For MSE the exact border. For Huber (δ = 1) a guarantee: every rate below it
        converges, a larger one may. None for MAE, which has no curvature: with a constant
        rate it hops around its minimum, whatever the rate.
    """
    ends = curvatures(points, loss_name)
    return None if ends is None else 2.0 / ends[1]
