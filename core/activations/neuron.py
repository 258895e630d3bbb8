"""What one neuron does with its input: y = f(w·x + b)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.activations.activation import Function
from core.activations.registry import function_of, slopes_of, values_of
from core.errors import InputError

FloatArray = NDArray[np.float64]
Point = tuple[float, float]
Range = tuple[float, float]


def neuron(activation: str | Function, x: ArrayLike, w: float, b: float) -> FloatArray:
    """The output of a neuron with one input: f(w·x + b).

    Args:
        activation: f, by name or as a function of a tensor.
        x: Inputs, shape (N,).
        w: The weight: how steep the curve is, and whether it is mirrored.
        b: The bias: it moves the curve; the middle of f lies at x = −b/w.

    Returns:
        Shape (N,).

    Raises:
        InputError: An unknown activation.
    """
    return values_of(function_of(activation), w * np.asarray(x, dtype=np.float64) + b)


def neuron_gradient(
    activation: str | Function, x: ArrayLike, w: float, b: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """How the output of a neuron with one input answers to weight, bias and input.

    Args:
        activation: f, by name or as a function of a tensor.
        x: Inputs, shape (N,).
        w: The weight.
        b: The bias.

    Returns:
        ∂y/∂w = f′(z)·x, ∂y/∂b = f′(z) and ∂y/∂x = f′(z)·w with z = w·x + b, each (N,).

    Raises:
        InputError: An unknown activation.
    """
    inputs = np.asarray(x, dtype=np.float64)
    slope = slopes_of(function_of(activation), w * inputs + b)
    return slope * inputs, slope, slope * w


def neuron_plane(
    activation: str | Function, x1: ArrayLike, x2: ArrayLike, w: Sequence[float], b: float
) -> FloatArray:
    """The output of a neuron with two inputs on a grid: f(w₁·x₁ + w₂·x₂ + b).

    Args:
        activation: f, by name or as a function of a tensor.
        x1: First inputs, shape (C,), the columns of the map.
        x2: Second inputs, shape (R,), the rows of the map.
        w: The two weights.
        b: The bias.

    Returns:
        Shape (R, C): row i, column j belongs to (x₁ⱼ, x₂ᵢ).

    Raises:
        InputError: An unknown activation, or not two weights.
    """
    w1, w2 = _two(w)
    columns, rows = np.asarray(x1, dtype=np.float64), np.asarray(x2, dtype=np.float64)
    return values_of(function_of(activation), w1 * columns + (w2 * rows)[:, None] + b)


def boundary(
    w: Sequence[float], b: float, x1_range: Range, x2_range: Range
) -> tuple[Point, Point] | None:
    """The line w₁·x₁ + w₂·x₂ + b = 0 inside a window: there the neuron changes its mind.

    The weights, seen as an arrow, stand at a right angle to it and point to the side where
    w·x + b is positive.

    Args:
        w: The two weights.
        b: The bias.
        x1_range: The window from left to right.
        x2_range: The window from bottom to top.

    Returns:
        The two points (x₁, x₂) where the line enters and leaves the window, or None if it
        does not cross it (or if both weights are 0: then there is no line).

    Raises:
        InputError: Not two weights.
    """
    w1, w2 = _two(w)
    length = float(np.hypot(w1, w2))
    if not (0 < length < np.inf):
        return None
    foot = np.array([-b / length * (w1 / length), -b / length * (w2 / length)])
    along = np.array([-w2, w1]) / length
    if not np.isfinite(foot).all():
        return None
    low, high = -np.inf, np.inf  # the stretch of the line that is inside, from its foot
    for place, step, (least, most) in zip(foot, along, (x1_range, x2_range), strict=True):
        if abs(step) < 1e-15:  # it runs along this axis of the window
            if not least <= place <= most:
                return None
            continue
        first, last = sorted(((least - place) / step, (most - place) / step))
        low, high = max(low, first), min(high, last)
    if not low < high:
        return None
    (ax, ay), (bx, by) = (foot + low * along).tolist(), (foot + high * along).tolist()
    return (ax, ay), (bx, by)


def _two(w: Sequence[float]) -> tuple[float, float]:
    if len(w) != 2:
        raise InputError("A neuron with two inputs has two weights.")
    return float(w[0]), float(w[1])
