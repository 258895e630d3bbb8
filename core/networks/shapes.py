"""How the points of each set are drawn: plain NumPy, every function alike.

Each takes (n, noise, classes, generator) and gives x of shape (n, 2) and y of shape (n,).
The shapes fill the plane from −5 to 5 and follow TensorFlow Playground's sets
(github.com/tensorflow/playground, dataset.ts) and scikit-learn's `make_moons`; the noise
moves the points and never the classes, so that a moved point may lie on the wrong side.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
RADIUS = 5.0
SCATTER = 2.0  # how many units of the plane a noise of 1 is, as standard deviation


def _labels(n: int, classes: int) -> FloatArray:
    """0, 1, …, 0, 1, …: as evenly as it goes."""
    return (np.arange(n) % classes).astype(np.float64)


def _moved(x: FloatArray, noise: float, generator: np.random.Generator) -> FloatArray:
    return x + SCATTER * noise * generator.standard_normal(x.shape)


def xor_exact(
    _n: int, _noise: float, _classes: int, _generator: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    """(0, 0), (0, 1), (1, 0), (1, 1) and whether exactly one of the two is 1."""
    x = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    return x, np.array([0.0, 1.0, 1.0, 0.0])


def xor(
    n: int, noise: float, _classes: int, generator: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    """Four squares with a gap between; class 1 where the signs differ, as in the exact four."""
    quarter = np.arange(n) % 4
    signs = np.stack([np.where(quarter < 2, 1.0, -1.0), np.where(quarter % 3 == 0, 1.0, -1.0)], 1)
    x = signs * generator.uniform(0.3, RADIUS, (n, 2))
    return _moved(x, noise, generator), (signs[:, 0] != signs[:, 1]).astype(np.float64)


def circles(
    n: int, noise: float, _classes: int, generator: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    """Class 1 inside half the radius, class 0 in the ring from 0.7 of it outwards."""
    y = _labels(n, 2)
    share = generator.uniform(0.0, 1.0, n)
    radius = np.where(y == 1, 0.5 * share, 0.7 + 0.3 * share) * RADIUS
    angle = generator.uniform(0.0, 2 * np.pi, n)
    x = np.stack([radius * np.sin(angle), radius * np.cos(angle)], 1)
    return _moved(x, noise, generator), y


def moons(
    n: int, noise: float, _classes: int, generator: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    """The half circles of scikit-learn's `make_moons`, put in the middle and made larger."""
    y = _labels(n, 2)
    angle = generator.uniform(0.0, np.pi, n)
    side = np.where(y == 1, -1.0, 1.0)
    x = np.stack([side * (np.cos(angle) - 0.5), side * (np.sin(angle) - 0.25)], 1)
    return _moved(3.2 * x, noise, generator), y


def spirals(
    n: int, noise: float, classes: int, generator: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    """Arms turned against each other; two of them wind 1½ times, many of them wind less."""
    y = _labels(n, classes)
    along = generator.uniform(0.06, 1.0, n)
    turns = min(1.5, 3.5 / classes)
    angle = 2 * np.pi * (turns * along + y / classes)
    x = RADIUS * along[:, None] * np.stack([np.sin(angle), np.cos(angle)], 1)
    return _moved(x, 0.5 * noise, generator), y


def gaussians(
    n: int, noise: float, classes: int, generator: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    """Round clouds about centres on a circle; the noise makes them wider and overlap."""
    y = _labels(n, classes)
    angle = 2 * np.pi * y / classes + np.pi / 4
    centre = 3.0 * np.stack([np.cos(angle), np.sin(angle)], 1)
    return centre + (0.5 + SCATTER * noise) * generator.standard_normal((n, 2)), y


def checkerboard(
    n: int, noise: float, _classes: int, generator: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    """Four by four squares, each 2.5 wide; the class is the colour of the square."""
    x = generator.uniform(-RADIUS, RADIUS, (n, 2))
    y = np.floor(x / (RADIUS / 2)).sum(axis=1) % 2
    return _moved(x, noise, generator), y


def plane(
    n: int, noise: float, _classes: int, generator: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    """The height (x₁ + x₂) / 10, from −1 to 1; here the noise is added to the height."""
    x = generator.uniform(-RADIUS, RADIUS, (n, 2))
    return x, x.sum(axis=1) / (2 * RADIUS) + noise * generator.standard_normal(n)


def multi_gauss(
    n: int, noise: float, _classes: int, generator: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    """Six cones of radius 2, three up and three down, 0 between; the noise is added to y."""
    centres = np.array([(a, b) for b in (2.5, -2.5) for a in (-4.0, 0.0, 4.0)])
    height = np.array([1.0, -1.0, 1.0, -1.0, 1.0, -1.0])
    x = generator.uniform(-RADIUS, RADIUS, (n, 2))
    distance = np.linalg.norm(x[:, None, :] - centres[None, :, :], axis=2)  # (n, 6)
    y = (height * np.clip(1.0 - distance / 2.0, 0.0, 1.0)).sum(axis=1)
    return x, y + noise * generator.standard_normal(n)
