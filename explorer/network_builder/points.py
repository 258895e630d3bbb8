"""The points on the stage: from a recipe, or the learner's own, painted and erased."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from core.errors import InputError
from core.networks.datasets import DATASETS
from core.networks.dealing import deal
from core.networks.plane import LIMIT, MAX_POINTS, PlaneData, from_points
from explorer.network_builder.encoded import Point
from explorer.network_builder.settings import OWN, Settings

BRUSH, ERASER = 0.35, 0.5
Sets = tuple[PlaneData, PlaneData]


def class_count(settings: Settings) -> int:
    """Return how many classes the chosen points have; 0 for numbers to predict."""
    if settings.data == OWN:
        return int(max(settings.classes, *(kind + 1 for *_, kind in settings.own or ((0, 0, 0),))))
    recipe = DATASETS[settings.data]
    return int(min(recipe.most_classes, max(recipe.classes, settings.classes)))


def sets(settings: Settings) -> Sets:
    """Return training and validation points for the settings.

    Raises:
        InputError: There are no points.
    """
    if settings.data == OWN:
        data = from_points(settings.own or (), class_count(settings))
    else:
        recipe = DATASETS[settings.data]
        generator = np.random.default_rng(settings.seed)
        data = recipe.make(settings.points, settings.noise, class_count(settings), generator)
        if recipe.fixed:  # Four points: all of them are needed for training.
            return deal(data, 0, settings.seed)
    return deal(data, settings.share / 100, settings.seed)


def as_points(training: PlaneData, validation: PlaneData) -> tuple[Point, ...]:
    """Return all points as the learner's own: x₁, x₂ and class.

    Raises:
        InputError: They have numbers to predict and no classes.
    """
    if training.regression:
        raise InputError("These points have numbers to predict; the brush paints classes.")
    found = []
    for part in (training, validation):
        for (x1, x2), kind in zip(part.x.tolist(), part.y.tolist(), strict=True):
            found.append((round(x1, 2), round(x2, 2), int(kind)))
    return tuple(found)


def painted(
    points: tuple[Point, ...],
    places: Sequence[Sequence[float]],
    kind: int,
    seed: int,
    scattered: bool = False,
) -> tuple[Point, ...]:
    """Return the points with one more around each place that a brush has passed.

    Args:
        points: Those that there are.
        places: Where the brush has passed: x₁ and x₂ of each.
        kind: The class that is painted.
        seed: Decides how a stroke scatters.
        scattered: Whether points fall around their places (by 0.35) or exactly there.

    Raises:
        InputError: There would be too many.
    """
    if len(points) + len(places) > MAX_POINTS:
        raise InputError(f"{MAX_POINTS} points are the most. Erase some first.")
    generator = np.random.default_rng((seed, len(points)))
    spread = BRUSH if scattered else 0.0
    added = []
    for x1, x2 in places:
        at = np.array([x1, x2]) + spread * generator.standard_normal(2)
        inside = np.clip(np.round(at, 2), -LIMIT, LIMIT)
        added.append((float(inside[0]), float(inside[1]), kind))
    return (*points, *added)


def erased(points: tuple[Point, ...], places: Sequence[Sequence[float]]) -> tuple[Point, ...]:
    """Return the points that are farther than 0.5 from every place of the eraser."""
    if not points or not places:
        return points
    here = np.array([point[:2] for point in points])
    there = np.array(places, dtype=float)
    distance = np.hypot(*(here[:, None, :] - there[None, :, :]).transpose(2, 0, 1))
    kept = distance.min(axis=1) > ERASER
    return tuple(point for point, stays in zip(points, kept, strict=True) if stays)


def owned(settings: Settings, points: tuple[Point, ...]) -> Settings:
    """Return the settings with these points as the learner's own."""
    return replace(settings, data=OWN, own=points)


def places_of(given: Sequence[Sequence[float]], most: int) -> list[tuple[float, float]]:
    """Return the places that a brush has passed, the first `most` of them.

    Raises:
        ValueError: One of them has no two finite numbers.
    """
    places = [(float(x1), float(x2)) for x1, x2 in given[:most]]
    if not np.isfinite(places).all():
        raise ValueError("a place has two finite numbers")
    return places


def extent(settings: Settings) -> float:
    """Return how far the plane on screen reaches from 0 in each direction."""
    return 1.5 if settings.data == "xor_exact" else LIMIT
