"""Sample pictures drawn by the project itself, the same on every machine."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

SIDE = 256
_FINE = 3  # drawn that many times as large and then reduced, for smooth edges
_Bytes = NDArray[np.uint8]
_Colour = str | tuple[int, int, int]
_Point = tuple[float, float]


class _Canvas:
    """A square to draw on, with places and lengths as shares of its side."""

    def __init__(self, background: _Colour) -> None:
        self.side = SIDE * _FINE
        self.image = Image.new("RGB", (self.side, self.side), background)
        self.pen = ImageDraw.Draw(self.image)

    def paste(self, array: _Bytes) -> None:
        """Put a picture of the canvas's size in the place of the background."""
        self.image.paste(Image.fromarray(array))

    def disc(self, x: float, y: float, width: float, height: float, colour: _Colour) -> None:
        """An ellipse around a point."""
        self.pen.ellipse(
            self._at((x - width / 2, y - height / 2), (x + width / 2, y + height / 2)), fill=colour
        )

    def shape(self, points: list[_Point], colour: _Colour) -> None:
        """A filled polygon."""
        self.pen.polygon(self._at(*points), fill=colour)

    def line(self, points: list[_Point], thickness: float, colour: _Colour) -> None:
        """A line through points, with round ends."""
        self.pen.line(
            self._at(*points), fill=colour, width=round(thickness * self.side), joint="curve"
        )
        for x, y in (points[0], points[-1]):
            self.disc(x, y, thickness, thickness, colour)

    def words(self, x: float, y: float, text: str, height: float, colour: _Colour) -> None:
        """A text around a point, in the typeface that comes with Pillow."""
        font = ImageFont.load_default(round(height * self.side))
        self.pen.text(self._at((x, y))[0], text, fill=colour, font=font, anchor="mm")

    def picture(self) -> _Bytes:
        """The drawing, uint8 of shape (256, 256, 3)."""
        return np.array(self.image.resize((SIDE, SIDE), Image.Resampling.BOX))

    def _at(self, *points: _Point) -> list[_Point]:
        return [(x * self.side, y * self.side) for x, y in points]


def landscape() -> _Bytes:
    """Evening over hills: a sky from blue to orange, a sun, a house on the right."""
    canvas = _Canvas("black")
    canvas.paste(_gradient((52, 101, 177), (255, 190, 120), canvas.side))
    canvas.disc(0.26, 0.56, 0.17, 0.17, (255, 236, 170))
    for base, swing, phase, colour in (
        (0.62, 0.06, 0.4, (96, 120, 130)),
        (0.72, 0.05, 2.3, (70, 110, 84)),
        (0.84, 0.03, 4.0, (44, 84, 52)),
    ):
        ridge = [(x / 60, base - swing * math.sin(x / 60 * 6.0 + phase)) for x in range(61)]
        canvas.shape([*ridge, (1, 1), (0, 1)], colour)
    canvas.shape([(0.68, 0.68), (0.84, 0.68), (0.84, 0.82), (0.68, 0.82)], (222, 205, 180))
    canvas.shape([(0.65, 0.68), (0.76, 0.57), (0.87, 0.68)], (150, 62, 48))
    canvas.shape([(0.72, 0.73), (0.77, 0.73), (0.77, 0.82), (0.72, 0.82)], (90, 60, 45))
    return canvas.picture()


def cat() -> _Bytes:
    """A ginger cat that looks to the left, its tail on the right."""
    canvas = _Canvas((214, 228, 232))
    ginger, dark = (222, 140, 62), (150, 84, 32)
    canvas.shape([(0, 0.82), (1, 0.82), (1, 1), (0, 1)], (168, 186, 150))
    tail = [(0.76 + 0.14 * math.sin(t / 8), 0.8 - t / 32) for t in range(17)]
    canvas.line(tail, 0.06, ginger)
    canvas.disc(0.6, 0.7, 0.42, 0.36, ginger)
    for x in (0.46, 0.56, 0.7):
        canvas.line([(x, 0.74), (x - 0.01, 0.87)], 0.07, ginger)
    for x in (0.56, 0.65, 0.74):
        canvas.line([(x, 0.55), (x + 0.02, 0.65)], 0.025, dark)
    canvas.shape([(0.2, 0.36), (0.19, 0.16), (0.34, 0.27)], ginger)
    canvas.shape([(0.36, 0.26), (0.5, 0.14), (0.51, 0.36)], ginger)
    canvas.disc(0.35, 0.42, 0.36, 0.34, ginger)
    for x in (0.25, 0.4):
        canvas.disc(x, 0.39, 0.075, 0.085, (236, 240, 170))
        canvas.disc(x - 0.012, 0.39, 0.03, 0.07, "black")
    canvas.shape([(0.27, 0.46), (0.33, 0.46), (0.3, 0.5)], (196, 90, 90))
    canvas.line([(0.3, 0.5), (0.3, 0.53), (0.26, 0.55)], 0.008, "black")
    for y in (0.47, 0.5, 0.53):
        canvas.line([(0.22, y), (0.05, 2 * y - 0.5)], 0.006, "white")
        canvas.line([(0.4, y), (0.58, 2 * y - 0.5)], 0.006, "white")
    return canvas.picture()


def sign() -> _Bytes:
    """A traffic sign with a text: STOP in an octagon, on a post."""
    canvas = _Canvas("black")
    canvas.paste(_gradient((150, 190, 225), (225, 232, 235), canvas.side))
    canvas.shape([(0.47, 0.6), (0.53, 0.6), (0.53, 1), (0.47, 1)], (130, 130, 134))
    for radius, colour in ((0.4, "white"), (0.375, (190, 22, 34))):
        corners = [math.radians(22.5 + 45 * k) for k in range(8)]
        points = [(0.5 + radius * math.cos(a), 0.44 + radius * math.sin(a)) for a in corners]
        canvas.shape(points, colour)
    canvas.words(0.5, 0.44, "STOP", 0.24, "white")
    return canvas.picture()


def arrow() -> _Bytes:
    """A traffic sign that says: turn left."""
    canvas = _Canvas("black")
    canvas.paste(_gradient((150, 190, 225), (225, 232, 235), canvas.side))
    canvas.shape([(0.47, 0.7), (0.53, 0.7), (0.53, 1), (0.47, 1)], (130, 130, 134))
    canvas.disc(0.5, 0.45, 0.78, 0.78, "white")
    canvas.disc(0.5, 0.45, 0.73, 0.73, (18, 84, 168))
    canvas.line([(0.62, 0.68), (0.62, 0.42), (0.4, 0.42)], 0.09, "white")
    canvas.shape([(0.2, 0.42), (0.42, 0.27), (0.42, 0.57)], "white")
    return canvas.picture()


def fresh_apple() -> _Bytes:
    """A ripe red apple."""
    return _apple((196, 32, 42), (236, 96, 88), ()).picture()


def rotten_apple() -> _Bytes:
    """The same apple, brown, with spots of rot."""
    spots = ((0.38, 0.62, 0.2), (0.62, 0.5, 0.13), (0.56, 0.76, 0.1), (0.3, 0.45, 0.07))
    return _apple((142, 88, 44), (170, 122, 74), spots).picture()


def letters() -> _Bytes:
    """The letters b, d, p and q: each a mirror image of the others."""
    canvas = _Canvas((250, 248, 240))
    ink = (30, 34, 46)
    for x, y, side, rises in (
        (0.27, 0.3, -1, True),
        (0.73, 0.3, 1, True),
        (0.27, 0.72, -1, False),
        (0.73, 0.72, 1, False),
    ):
        canvas.disc(x, y, 0.24, 0.24, ink)
        canvas.disc(x, y, 0.13, 0.13, (250, 248, 240))
        stem = x + side * 0.095
        ends = (y - 0.21, y + 0.1) if rises else (y - 0.1, y + 0.21)
        canvas.line([(stem, ends[0]), (stem, ends[1])], 0.05, ink)
    return canvas.picture()


def _apple(body: _Colour, light: _Colour, spots: tuple[tuple[float, float, float], ...]) -> _Canvas:
    canvas = _Canvas((238, 234, 226))
    canvas.disc(0.5, 0.88, 0.6, 0.08, (205, 200, 190))
    for x in (0.39, 0.61):
        canvas.disc(x, 0.58, 0.46, 0.6, body)
    canvas.disc(0.5, 0.66, 0.56, 0.46, body)
    canvas.disc(0.35, 0.45, 0.14, 0.18, light)
    for x, y, width in spots:
        canvas.disc(x, y, width, width * 0.9, (72, 42, 24))
        canvas.disc(x, y, width * 0.5, width * 0.45, (48, 30, 20))
    canvas.line([(0.5, 0.36), (0.51, 0.28), (0.55, 0.2)], 0.025, (92, 62, 36))
    if not spots:
        canvas.disc(0.64, 0.22, 0.17, 0.08, (74, 140, 60))
    return canvas


def _gradient(top: tuple[int, int, int], bottom: tuple[int, int, int], side: int) -> _Bytes:
    share = np.linspace(0, 1, side)[:, None, None]
    rows = np.array(top) * (1 - share) + np.array(bottom) * share
    return np.broadcast_to(np.round(rows).astype(np.uint8), (side, side, 3))
