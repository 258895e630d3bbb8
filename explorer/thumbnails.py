"""A small picture for a lesson that stands still, computed from the mathematics it teaches.

Three kinds: ``curves`` (series of points), ``map`` (a grid of numbers) and ``scatter`` (points of
several classes). Nothing here is drawn by hand. Pictures that move are in `explorer.previews`.
"""

import importlib.util
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from scipy import ndimage

from core.regression.datasets import DATASETS
from core.regression.sweep import descents

Thumbnail = dict[str, Any]
Floats = NDArray[np.float64]


def curves(x: ArrayLike, *series: ArrayLike, log: bool = False) -> Thumbnail:
    """Return series over a common x as a picture; `log` takes the logarithm of y."""
    grid = np.asarray(x, dtype=float)
    rows = [np.log10(np.maximum(one, 1e-9)) if log else np.asarray(one) for one in series]
    points = [np.column_stack([grid, row]).round(4).tolist() for row in rows]
    return {"kind": "curves", "series": points}


def grid(values: Floats, scale: str) -> Thumbnail:
    """Return a grid as a picture: scale ``ink`` (0 to 1) or ``diverging`` (−1 to 1)."""
    flat = np.asarray(values, dtype=float).round(3)
    return {"kind": "map", "scale": scale, "rows": flat.tolist()}


def _optimizers() -> Thumbnail:
    points = DATASETS["noisy_line"].make(9, 0.9, np.random.default_rng(7))
    losses = descents(points, "mse", (-1.0, 5.0), [0.005, 0.03, 0.19], 40)
    return curves(np.arange(41), *losses.T, log=True)


def _loss_functions() -> Thumbnail:
    p = np.linspace(0.02, 1, 60)
    return curves(p, -np.log(p), (1 - p) ** 2)


def _backpropagation() -> Thumbnail:
    x = torch.linspace(-3, 3, 61, requires_grad=True)
    y = torch.tanh(x)
    (slope,) = torch.autograd.grad(y.sum(), x)
    return curves(x.detach().numpy(), y.detach().numpy(), slope.numpy())


def _overfitting() -> Thumbnail:
    generator = np.random.default_rng(3)
    x = np.linspace(-1, 1, 10)
    y = np.sin(3 * x) + 0.25 * generator.standard_normal(10)
    fine = np.linspace(-1, 1, 80)
    fits = [np.polynomial.Polynomial.fit(x, y, degree)(fine) for degree in (9, 3, 1)]
    return curves(fine, *fits)


@cache
def digit_table(count: int = 300) -> Floats:
    """Return the first handwritten digits that scikit-learn ships: 64 pixels and the label.

    They are read from scikit-learn's own file, because importing the library takes most of a
    second and this is the first page that a visitor sees.
    """
    found = importlib.util.find_spec("sklearn")
    if found is None or found.origin is None:
        raise FileNotFoundError("scikit-learn is not installed: pip install -r requirements.txt")
    file = Path(found.origin).parent / "datasets" / "data" / "digits.csv.gz"
    rows: Floats = np.loadtxt(file, delimiter=",", max_rows=count)
    return rows


def _digits() -> Floats:
    return digit_table()[:, :64].reshape(-1, 8, 8) / 16.0


def _row(pictures: Sequence[Floats]) -> Floats:
    gap = np.zeros((8, 1))
    parts = [part for picture in pictures for part in (picture, gap)]
    return np.pad(np.hstack(parts[:-1]), 1)


def _convolutions() -> Thumbnail:
    three = _digits()[3]
    edges = [ndimage.sobel(three, axis) for axis in (0, 1)]
    return grid(_row([three, *(edge / np.abs(edge).max() for edge in edges)]), "diverging")


def _augmentation() -> Thumbnail:
    two = _digits()[2]
    turned = [ndimage.rotate(two, angle, reshape=False, order=1) for angle in (-20, 20)]
    return grid(_row([turned[0], two, turned[1]]).clip(0, 1), "ink")


def _transfer_learning() -> Thumbnail:
    flat = digit_table()[:, :64] / 16.0
    centred = flat - flat.mean(axis=0)
    _, _, directions = np.linalg.svd(centred, full_matrices=False)
    places = centred @ directions[:2].T  # Principal components, as scikit-learn's PCA.
    labels = digit_table()[:, 64]
    series = [places[labels == digit].round(2).tolist() for digit in (0, 1, 4)]
    return {"kind": "scatter", "series": series}


def _sequences() -> Thumbnail:
    steps = np.arange(0, 31)
    return curves(steps, 0.8**steps, 0.95**steps, 1.03**steps)


def _attention() -> Thumbnail:
    generator = torch.Generator().manual_seed(5)
    words = torch.randn(9, 8, generator=generator)
    weights = torch.softmax(words @ words.T / 8**0.5, dim=1)
    return grid(weights.numpy().astype(float), "ink")


def _generative() -> Thumbnail:
    generator = np.random.default_rng(1)
    eight = _digits()[8]
    noise = generator.random((8, 8))
    return grid(_row([noise, 0.5 * noise + 0.5 * eight, eight]), "ink")


def _practical_skills() -> Thumbnail:
    points = DATASETS["noisy_line"].make(9, 0.9, np.random.default_rng(7))
    losses = descents(points, "mse", (-1.0, 5.0), [0.0005, 0.1, 0.215], 40)
    return curves(np.arange(41), *losses.T, log=True)


def _deployment() -> Thumbnail:
    x = np.linspace(-1, 1, 80)
    return curves(x, np.sin(3 * x), np.round(np.sin(3 * x) * 4) / 4)


def _responsible_ai() -> Thumbnail:
    x = np.linspace(-3, 4, 80)
    return curves(x, np.exp(-((x + 0.4) ** 2)), np.exp(-((x - 1.2) ** 2) / 1.6))


def _glossary() -> Thumbnail:
    x = torch.linspace(-3, 3, 61)
    return curves(x.numpy(), torch.softmax(torch.stack([x, -x]), 0)[0].numpy())


MAKERS: dict[str, Callable[[], Thumbnail]] = {
    "optimizers": _optimizers,
    "loss_functions": _loss_functions,
    "backpropagation": _backpropagation,
    "overfitting": _overfitting,
    "convolutions": _convolutions,
    "augmentation": _augmentation,
    "transfer_learning": _transfer_learning,
    "sequences": _sequences,
    "attention": _attention,
    "generative": _generative,
    "practical_skills": _practical_skills,
    "deployment": _deployment,
    "responsible_ai": _responsible_ai,
    "glossary": _glossary,
}


@cache
def thumbnail(slug: str) -> Thumbnail:
    """Return the picture of a lesson.

    Raises:
        KeyError: There is no lesson of that name.
    """
    return MAKERS[slug]()
