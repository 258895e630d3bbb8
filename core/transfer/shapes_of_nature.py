"""How a pen goes when it draws a sun, a fish or a flower: one function for each symbol."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
from numpy.random import Generator

from core.transfer.pen import Stroke, arc, curve, line, ring


def sun(chance: Generator) -> list[Stroke]:
    """A disc with rays around it."""
    rays, radius = int(chance.integers(7, 13)), chance.uniform(0.38, 0.52)
    first = chance.uniform(0, 2 * math.pi)
    strokes = [ring(chance, 0, 0, radius)]
    for number in range(rays):
        angle = first + 2 * math.pi * number / rays + chance.normal(0, 0.06)
        near, far = radius + chance.uniform(0.06, 0.16), chance.uniform(0.82, 1.05)
        x, y = math.cos(angle), math.sin(angle)
        strokes.append(line((near * x, near * y), (far * x, far * y)))
    return strokes


def moon(chance: Generator) -> list[Stroke]:
    """A crescent, open to the left or to the right."""
    side = 1 if chance.random() < 0.7 else -1
    depth = chance.uniform(0.1, 0.4)
    outer = ((0.42, -0.86), (-0.28, -0.78), (-0.72, 0.0), (-0.28, 0.78), (0.42, 0.86))
    inner = ((0.42, 0.86), (depth - 0.2, 0.48), (depth - 0.36, 0.0), (depth - 0.2, -0.48))
    both = [curve(*((side * x, y) for x, y in outer))]
    both.append(curve(*((side * x, y) for x, y in (*inner, (0.42, -0.86)))))
    return both


def cloud(chance: Generator) -> list[Stroke]:
    """Bumps in a row above, a flatter line below."""
    bumps = int(chance.integers(3, 6))
    edges = np.linspace(-0.95, 0.95, bumps + 1)
    points = []
    for at, (left, right) in enumerate(pairwise(edges)):
        middle = (at + 0.5) / bumps
        high = 0.3 + 0.35 * math.sin(math.pi * middle) + chance.uniform(-0.06, 0.06)
        base = 0.15 - 0.5 * math.sin(math.pi * at / bumps)
        span = (right - left) / 2
        bump = arc((left + right) / 2, base - 0.08, span * 1.08, high * 0.62, 195, 155)
        points.append(bump)
    below = curve(
        (0.95, 0.1), (0.99, 0.34), (0.6, 0.46), (0, 0.46), (-0.6, 0.46), (-0.99, 0.34), (-0.95, 0.1)
    )
    if chance.random() < 0.5:
        return [*points, line((-0.95, 0.1), (-0.98, 0.4), (0.98, 0.4), (0.95, 0.1))]
    return [*points, below]


def lightning(chance: Generator) -> list[Stroke]:
    """A bolt: an outline with a zigzag, or a zigzag with a head."""
    if chance.random() < 0.7:
        bolt = [(0.2, -1), (-0.5, 0.1), (-0.05, 0.1), (-0.3, 1), (0.52, -0.25), (0.06, -0.25)]
        moved = [(x + chance.normal(0, 0.04), y + chance.normal(0, 0.04)) for x, y in bolt]
        return [line(*moved, (0.5, -1), closed=True)]
    down = line((0.25, -1), (-0.35, -0.1), (0.3, -0.05), (-0.25, 0.95))
    return [down, line((-0.28, 0.6), (-0.25, 0.95), (0.06, 0.72))]


def tree(chance: Generator) -> list[Stroke]:
    """A round crown on a trunk, or a fir with two or three tiers."""
    trunk = chance.uniform(0.09, 0.2)
    if chance.random() < 0.5:
        wide = chance.uniform(0.55, 0.78)
        crown = (
            _scalloped(chance, 0, -0.35, wide, 0.62)
            if chance.random() < 0.6
            else ring(chance, 0, -0.35, wide, 0.6)
        )
        return [crown, line((-trunk, 0.22), (-trunk, 1)), line((trunk, 0.22), (trunk, 1))]
    tiers, strokes = int(chance.integers(2, 4)), []
    for number in range(tiers):
        top = -1 + 1.45 * number / tiers - (0.12 if number else 0)
        low, half = -1 + 1.6 * (number + 1) / tiers, 0.4 + 0.35 * (number + 1) / tiers
        strokes.append(line((0, top), (half, low), (-half, low), closed=True))
    return [*strokes, line((-trunk, 0.62), (-trunk, 1), (trunk, 1), (trunk, 0.62))]


def flower(chance: Generator) -> list[Stroke]:
    """Petals around a middle, mostly on a stem with leaves."""
    petals, middle = int(chance.integers(5, 8)), chance.uniform(0.14, 0.2)
    first = chance.uniform(0, 2 * math.pi)
    size = chance.uniform(0.17, 0.22)
    stem = chance.random() < 0.75
    high = -0.45 if stem else 0.0
    strokes = [ring(chance, 0, high, middle)]
    for number in range(petals):
        angle = first + 2 * math.pi * number / petals
        x, y = (middle + size) * math.cos(angle), (middle + size) * math.sin(angle)
        strokes.append(ring(chance, x, high + y, size * chance.uniform(0.9, 1.1)))
    if stem:
        bend = chance.uniform(-0.15, 0.15)
        strokes.append(curve((0, 0.1), (bend, 0.55), (0, 1)))
        for side in (-1, 1):
            leaf = ((bend, 0.7), (side * 0.3, 0.42), (side * 0.46, 0.36), (side * 0.34, 0.6))
            strokes.append(curve(*leaf, (bend, 0.7)))
    return strokes


def fish(chance: Generator) -> list[Stroke]:
    """A body that runs into a tail, an eye, sometimes fin and gills; it swims either way."""
    side = 1 if chance.random() < 0.5 else -1
    fat, tail = chance.uniform(0.3, 0.48), chance.uniform(0.26, 0.42)
    upper = ((0.95, -tail), (0.55, 0.02), (0.1, fat), (-0.45, fat * 0.8), (-0.95, 0.0))
    lower = ((-0.95, 0.0), (-0.45, -fat * 0.8), (0.1, -fat), (0.55, -0.02), (0.95, tail))
    strokes = [curve(*upper, *lower[1:]), line((0.95, -tail), (0.86, 0.0), (0.95, tail))]
    strokes.append(ring(chance, -0.58, -0.1, chance.uniform(0.04, 0.08)))
    if chance.random() < 0.6:
        strokes.append(arc(-0.5, 0, 0.22, fat * 0.7, -65, 130))
    if chance.random() < 0.5:
        strokes.append(curve((-0.1, -fat), (0.1, -fat - 0.24), (0.3, -fat * 0.75)))
    return [stroke * [side, 1] for stroke in strokes]


def cat(chance: Generator) -> list[Stroke]:
    """A face with pointed ears and whiskers."""
    strokes = [ring(chance, 0, 0.1, chance.uniform(0.68, 0.8), chance.uniform(0.6, 0.7))]
    for side in (-1, 1):
        strokes.append(line((side * 0.7, -0.2), (side * 0.66, -0.92), (side * 0.2, -0.5)))
        strokes.append(ring(chance, side * 0.28, -0.04, 0.07, 0.1))
        for down in (-0.08, 0.06):
            strokes.append(line((side * 0.3, 0.26 + down / 2), (side * 1.0, 0.2 + down * 2.4)))
    strokes.append(line((-0.08, 0.2), (0.08, 0.2), (0, 0.3), closed=True))
    strokes.append(curve((-0.22, 0.44), (-0.1, 0.48), (0, 0.32), (0.1, 0.48), (0.22, 0.44)))
    return strokes


def mushroom(chance: Generator) -> list[Stroke]:
    """A cap, mostly with dots, on a foot."""
    wide, foot = chance.uniform(0.8, 0.98), chance.uniform(0.18, 0.3)
    strokes = [
        arc(0, 0, wide, chance.uniform(0.75, 0.95), 180, 180),
        curve((-wide, 0), (0, 0.14), (wide, 0)),
    ]
    strokes.append(
        curve(
            (-foot, 0.1),
            (-foot * 0.8, 0.5),
            (-foot * 1.3, 0.92),
            (0, 1.0),
            (foot * 1.3, 0.92),
            (foot * 0.8, 0.5),
            (foot, 0.1),
        )
    )
    if chance.random() < 0.7:
        for x, y in ((-0.4, -0.34), (0.08, -0.55), (0.46, -0.28)):
            strokes.append(ring(chance, x, y, chance.uniform(0.06, 0.13)))
    return strokes


def _scalloped(chance: Generator, x: float, y: float, wide: float, high: float) -> Stroke:
    """A closed line of bumps."""
    bumps, shift = int(chance.integers(6, 10)), chance.uniform(0, 2 * math.pi)
    angles = np.linspace(0, 2 * math.pi, bumps * 14)
    swell = 0.86 + 0.16 * np.abs(np.sin(angles * bumps / 2 + shift))
    return np.stack([x + wide * swell * np.cos(angles), y + high * swell * np.sin(angles)], axis=1)
