"""A pen in an unsteady hand: lines through points become a drawing, dark on white."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from core.transfer.sample import Picture

Stroke = NDArray[np.float64]  # (n, 2): x to the right and y down, both about -1 to 1
Place = tuple[float, float]
_FINE = 3  # drawn that many times as large and then reduced, for smooth edges
_SPACING = 0.05  # between the points of a stroke
_WHITE = 255


def line(*places: Place, closed: bool = False) -> Stroke:
    """A straight stroke from place to place, back to the first one if it is closed."""
    corners = np.array([*places, places[0]] if closed else places, dtype=np.float64)
    return _spaced(corners)


def curve(*places: Place, closed: bool = False) -> Stroke:
    """A smooth stroke through all places (Catmull and Rom, 1974)."""
    knots = [places[-1], *places, places[0], places[1]] if closed else [places[0], *places]
    if not closed:
        knots.append(places[-1])
    points = np.array(knots, dtype=np.float64)
    t = np.linspace(0, 1, 12, endpoint=False)[:, None]
    pieces = []
    for a, b, c, d in zip(points, points[1:], points[2:], points[3:], strict=False):
        turn = 2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2
        pieces.append((turn + (3 * b - a - 3 * c + d) * t**3) / 2)
    return _spaced(np.concatenate([*pieces, points[-2:-1]]))


def arc(
    x: float, y: float, wide: float, high: float, start: float = 0.0, turn: float = 360.0
) -> Stroke:
    """A part of an ellipse, from an angle on, by degrees clockwise; 0 is to the right.

    Args:
        x: Its middle.
        y: Its middle.
        wide: Half of its width.
        high: Half of its height.
        start: Where the pen is set down, in degrees.
        turn: How far it goes, in degrees; negative goes the other way round.
    """
    angles = np.radians(start + np.linspace(0, turn, max(8, int(abs(turn) / 5))))
    return np.stack([x + wide * np.cos(angles), y + high * np.sin(angles)], axis=1)


def ring(chance: Generator, x: float, y: float, wide: float, high: float | None = None) -> Stroke:
    """A whole ellipse as hands draw it: begun anywhere near the top, not closed exactly."""
    start, more = chance.uniform(-150, -30), chance.uniform(-14, 24)
    return arc(x, y, wide, wide if high is None else high, start, _either(chance) * (360 + more))


def drawing(strokes: Sequence[Stroke], chance: Generator, side: int) -> Picture:
    """Draw strokes with a hand that trembles, slants and never does the same thing twice.

    Chance gives turn, proportions, slant, size and place of the whole, shift, wobble and gaps of
    every stroke, width and pressure of the pen, and an ink from black to dark colours.

    Args:
        strokes: The lines, as `line`, `curve` and `arc` give them.
        chance: Where chance comes from.
        side: Height and width of the result, in pixels.

    Returns:
        uint8 of shape (side, side, 3), dark on white.
    """
    wobble, loose = chance.uniform(0.006, 0.03), chance.uniform(0.0, 0.03)
    shaky = [_by_hand(stroke, chance, wobble, loose) for stroke in strokes]
    width = float(np.exp(chance.uniform(math.log(0.016), math.log(0.055))))
    placed = _placed(shaky, chance, width)
    ink = _ink(chance)
    fine = side * _FINE
    image = Image.new("RGB", (fine, fine), "white")
    pen = ImageDraw.Draw(image)
    for stroke in placed:
        _draw(pen, stroke * fine, _pressure(len(stroke), chance) * width * fine, ink)
    return np.array(image.resize((side, side), Image.Resampling.BOX))


def _by_hand(stroke: Stroke, chance: Generator, wobble: float, loose: float) -> Stroke:
    """The stroke with a shift and a turn of its own, a slow wobble, and ends that miss."""
    count = len(stroke)
    t = np.linspace(0, 1, count)[:, None]
    length = float(np.linalg.norm(np.diff(stroke, axis=0), axis=1).sum())
    result = stroke.copy()
    for waves in (1.0, 2.3, 4.1):
        waves *= max(0.15, length / 2.5)
        phase = chance.uniform(0, 2 * math.pi, (1, 2))
        swing = chance.normal(0, wobble, (1, 2)) / math.sqrt(waves)
        result += swing * np.sin(2 * math.pi * waves * t + phase)
    result += t * chance.normal(0, loose, (1, 2))  # drifts on its way: closed lines gape
    result += chance.normal(0, loose, (1, 2))
    turn = _turn(chance.normal(0, 0.03))
    middle = result.mean(0)
    turned: Stroke = (result - middle) @ turn + middle
    return turned


def _placed(strokes: Sequence[Stroke], chance: Generator, width: float) -> list[Stroke]:
    """The drawing turned, slanted and put somewhere on the page, as shares of its side."""
    stretch = np.diag(np.exp(chance.normal(0, 0.09, 2)))
    slant = np.array([[1.0, 0.0], [chance.normal(0, 0.08), 1.0]])
    change = stretch @ slant @ _turn(float(np.clip(chance.normal(0, 0.13), -0.4, 0.4)))
    turned = [stroke @ change for stroke in strokes]
    every = np.concatenate(turned)
    low, extent = every.min(0), np.ptp(every, axis=0)
    share = chance.uniform(0.48, 0.9) - width
    scale = share / float(extent.max())
    room = np.maximum(0.0, 1 - width - 0.02 - extent * scale)
    corner = width / 2 + 0.01 + room * chance.beta(2.5, 2.5, 2)
    return [(stroke - low) * scale + corner for stroke in turned]


def _draw(
    pen: ImageDraw.ImageDraw, points: Stroke, widths: NDArray[np.float64], ink: tuple[int, ...]
) -> None:
    places, across = points.tolist(), widths.tolist()  # Python is quicker with numbers of its own.
    for (x, y), (to_x, to_y), wide in zip(places, places[1:], across, strict=False):
        pen.line([x, y, to_x, to_y], fill=ink, width=max(1, round(wide)))
    for (x, y), wide in zip(places, across, strict=True):
        half = wide / 2
        pen.ellipse([x - half, y - half, x + half, y + half], fill=ink)


def _pressure(count: int, chance: Generator) -> NDArray[np.float64]:
    """How hard the pen is pressed along a stroke: a share of its width."""
    t = np.linspace(0, 1, count)
    swing, phase = chance.uniform(0, 0.18), chance.uniform(0, 2 * math.pi)
    return 1 + swing * np.sin(2 * math.pi * t * chance.uniform(0.5, 1.5) + phase)


def _ink(chance: Generator) -> tuple[int, int, int]:
    """Black or nearly so, sometimes a dark blue or another dark colour."""
    kind = chance.random()
    if kind < 0.5:
        grey = int(chance.integers(0, 60))
        return grey, grey, grey
    if kind < 0.75:
        return (
            int(chance.integers(0, 50)),
            int(chance.integers(10, 70)),
            int(chance.integers(70, 160)),
        )
    red, green, blue = chance.integers(0, 110, 3)
    return int(red), int(green), int(blue)


def _turn(angle: float) -> NDArray[np.float64]:
    return np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])


def _either(chance: Generator) -> int:
    return 1 if chance.random() < 0.5 else -1


def _spaced(corners: Stroke) -> Stroke:
    """The same line with points at equal distances."""
    steps = np.linalg.norm(np.diff(corners, axis=0), axis=1)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    places = np.linspace(0, along[-1], max(2, math.ceil(along[-1] / _SPACING) + 1))
    return np.stack([np.interp(places, along, corners[:, axis]) for axis in (0, 1)], axis=1)
