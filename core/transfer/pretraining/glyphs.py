"""Signs that nobody has ever drawn: a recipe of strokes, drawn again by many unsteady hands."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from core.transfer.pretraining.palette import SIDE, Field

_FINE = 2
_SAMPLES = 24
Line = NDArray[np.float64]  # (points, 2), about −1 to 1


@dataclass(frozen=True, eq=False)
class Glyph:
    """One sign.

    Attributes:
        strokes: Its lines, each (points, 2).
        filled: For each whether it is a closed shape that is filled in.
    """

    strokes: tuple[Line, ...]
    filled: tuple[bool, ...]

    @classmethod
    def drawn(cls, chance: Generator) -> Glyph:
        """A recipe by chance: one to five strokes, often symmetrical."""
        strokes = [_stroke(chance) for _ in range(chance.integers(1, 5))]
        if chance.random() < 0.4:  # many things are symmetrical
            strokes += [stroke * np.array([-1, 1]) for stroke in strokes]
        filled = [_closed(stroke) and chance.random() < 0.25 for stroke in strokes]
        return cls(tuple(strokes), tuple(filled))

    def picture(self, chance: Generator) -> Field:
        """How dark the ink is: shape (SIDE, SIDE), 0 to 1."""
        side = SIDE * _FINE
        image = Image.new("L", (side, side))
        pen = ImageDraw.Draw(image)
        width = int(chance.uniform(1.2, 6.5) * _FINE)
        move = _hand(chance)
        outline = chance.random() < 0.5
        for stroke, filled in zip(self.strokes, self.filled, strict=True):
            shaky = stroke + _shake(chance, len(stroke))
            points = [(float(x), float(y)) for x, y in move(shaky) * side / 2 + side / 2]
            if filled and not outline:
                pen.polygon(points, fill=255)
            pen.line(points, fill=255, width=width, joint="curve")
            for x, y in (points[0], points[-1]):
                half = width / 2
                pen.ellipse((x - half, y - half, x + half, y + half), fill=255)
        small = image.resize((SIDE, SIDE), Image.Resampling.BOX)
        return np.asarray(small) / 255


class _Hand:
    """A place, a size, a slant and a turn."""

    def __init__(self, matrix: NDArray[np.float64], shift: NDArray[np.float64]) -> None:
        self.matrix, self.shift = matrix, shift

    def __call__(self, line: Line) -> Line:
        return line @ self.matrix.T + self.shift


def _hand(chance: Generator) -> _Hand:
    turn, slant = chance.normal(0, 0.16), chance.normal(0, 0.15)
    sizes = chance.uniform(0.45, 0.95) * np.exp(chance.normal(0, 0.1, 2))
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    matrix = rotation @ np.array([[1, slant], [0, 1]]) @ np.diag(sizes)
    return _Hand(matrix, chance.normal(0, 0.1, 2))


def _shake(chance: Generator, count: int) -> Line:
    """Slow wandering of the pen, the same for neighbouring points."""
    at = np.linspace(0, 1, count)[:, None]
    waves = [
        chance.normal(0, 0.035, 2) * np.sin(np.pi * k * at + chance.uniform(0, 6, 2))
        for k in range(4)
    ]
    return np.asarray(np.sum(waves, 0))


def _closed(stroke: Line) -> bool:
    return float(np.hypot(*(stroke[0] - stroke[-1]))) < 0.05


def _stroke(chance: Generator) -> Line:
    match chance.integers(6):
        case 0:  # straight, or with corners
            return _corners(chance.uniform(-0.8, 0.8, (int(chance.integers(2, 6)), 2)))
        case 1:  # an arc or a circle
            return _arc(chance)
        case 2:  # a regular polygon or a star
            return _polygon(chance)
        case 3:  # a smooth curve
            return _curve(chance)
        case 4:  # a closed blob
            return _blob(chance)
        case _:  # a spiral or a wave
            return _winding(chance)


def _corners(points: Line) -> Line:
    parts = [
        np.linspace(one, other, _SAMPLES // 3, endpoint=False) for one, other in pairwise(points)
    ]
    return np.concatenate([*parts, points[-1:]])


def _arc(chance: Generator) -> Line:
    span = 2 * np.pi if chance.random() < 0.5 else chance.uniform(1.5, 5)
    angles = chance.uniform(0, 2 * np.pi) + np.linspace(0, span, _SAMPLES)
    radii = chance.uniform(0.12, 0.8) * np.exp(chance.normal(0, 0.2, 2))
    return np.stack([np.cos(angles), np.sin(angles)], 1) * radii + chance.uniform(-0.4, 0.4, 2)


def _polygon(chance: Generator) -> Line:
    count = int(chance.integers(3, 7))
    angles = chance.choice([-np.pi / 2, 0, np.pi / 4]) + np.arange(count) * 2 * np.pi / count
    points = np.stack([np.cos(angles), np.sin(angles)], 1) * chance.uniform(0.2, 0.85)
    points = points * np.exp(chance.normal(0, 0.15, 2)) + chance.uniform(-0.3, 0.3, 2)
    return _corners(np.concatenate([points, points[:1]]))


def _curve(chance: Generator) -> Line:
    ends = chance.uniform(-0.85, 0.85, (4, 2))
    t = np.linspace(0, 1, _SAMPLES)[:, None]
    weights = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3
    return np.asarray(sum(w * end for w, end in zip(weights, ends, strict=True)))


def _blob(chance: Generator) -> Line:
    angles = np.linspace(0, 2 * np.pi, 2 * _SAMPLES)
    radius = 1 + sum(
        chance.normal(0, 0.35 / k) * np.cos(k * angles + chance.uniform(0, 6)) for k in range(1, 6)
    )
    shape = np.stack([np.cos(angles), np.sin(angles)], 1) * np.asarray(radius)[:, None]
    return np.asarray(shape * chance.uniform(0.15, 0.6) + chance.uniform(-0.35, 0.35, 2))


def _winding(chance: Generator) -> Line:
    t = np.linspace(0, 1, 2 * _SAMPLES)
    if chance.random() < 0.5:
        angles = chance.uniform(0, 6) + t * chance.uniform(7, 16)
        line = np.stack([np.cos(angles), np.sin(angles)], 1) * t[:, None]
        return np.asarray(line * chance.uniform(0.4, 0.85))
    angle, swing = chance.uniform(0, 2 * np.pi), chance.uniform(0.08, 0.3)
    along, across = 1.6 * t - 0.8, swing * np.sin(t * chance.uniform(8, 25))
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return np.asarray(np.stack([along, across], 1) @ turn + chance.uniform(-0.3, 0.3, 2))
