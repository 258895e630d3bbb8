"""The line with the smallest mean Huber loss (δ = 1).

Newton's method: where it is known which points lie within ±1 of the line, the loss is a
quadratic, solved at once; when the set of those points stays the same, the answer is exact
(Madsen and Nielsen 1990, "Finite algorithms for robust linear regression",
https://doi.org/10.1007/BF02165010). Where Newton fails, a step of reweighted least squares,
which never raises the loss (Huber and Ronchetti 2009, "Robust Statistics", section 7.8).
"""

from __future__ import annotations

import numpy as np

from core.regression.mae import mae_line
from core.regression.points import FloatArray, least_gap

MAX_ROUNDS = 200


def huber_line(x: FloatArray, y: FloatArray) -> tuple[float, float, bool]:
    """The line with the smallest mean Huber loss of m·x + b − y.

    Args:
        x: Shape (N,). If all are equal the flat line is returned.
        y: Shape (N,).

    Returns:
        m, b and whether it is the only one.
    """
    centre, reach = float(x.mean()), float(np.ptp(x)) / 2
    wide = 2 * reach > least_gap(x)
    u = (x - centre) / reach if wide else np.zeros_like(x)
    features = np.stack((u, np.ones_like(u)), axis=1)  # (N, 2)
    line = _start(u, y)
    for _ in range(MAX_ROUNDS):
        better = _improved(features, y, line)
        if better is None:
            break
        line = better
    near = u[np.abs(features @ line - y) <= 1 + 1e-9]
    unique = len(near) > 1 and bool(np.ptp(near) > 0)
    m = float(line[0]) / reach if wide else 0.0
    return m, float(line[1]) - m * centre, unique


def _start(u: FloatArray, y: FloatArray) -> FloatArray:
    """The MAE line, which goes through two points: Newton's first system can be solved."""
    if np.ptp(u) == 0:
        return np.array([0.0, float(np.median(y))])
    m, b, _ = mae_line(u, y)
    return np.array([m, b])


def _cost(features: FloatArray, y: FloatArray, line: FloatArray) -> tuple[float, FloatArray]:
    """The summed loss and its gradient, shape (2,)."""
    residual = features @ line - y
    size = np.abs(residual)
    inner = np.minimum(size, 1.0)
    return float(inner @ (size - 0.5 * inner)), np.clip(residual, -1.0, 1.0) @ features


def _improved(features: FloatArray, y: FloatArray, line: FloatArray) -> FloatArray | None:
    """A line with a smaller loss, or None if none is found: this is the bottom."""
    cost, slope = _cost(features, y, line)
    size = np.abs(features @ line - y)
    if not slope.any():
        return None
    newton = _solve(features, (size <= 1.0).astype(np.float64), slope)
    for scale in (1.0, 0.5, 0.25, 0.125, 1 / 64):
        trial = line - scale * newton
        trial_cost, trial_slope = _cost(features, y, trial)
        settling = trial_cost <= cost * (1 + 1e-15) and trial_slope @ trial_slope < slope @ slope
        if trial_cost < cost or settling:
            return trial
    trial = line - _solve(features, 1.0 / np.maximum(size, 1.0), slope)
    return trial if _cost(features, y, trial)[0] < cost else None


def _solve(features: FloatArray, weight: FloatArray, slope: FloatArray) -> FloatArray:
    """The step that the quadratic with these weights asks for, shape (2,)."""
    curvature = (features.T * weight) @ features  # (2, 2)
    return np.asarray(np.linalg.pinv(curvature, hermitian=True) @ slope)
