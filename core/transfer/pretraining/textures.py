"""Surfaces: a recipe is drawn once, and every picture of it is a little different."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from PIL import Image, ImageDraw

from core.transfer.pretraining.palette import (
    SIDE,
    Colours,
    Field,
    coloured,
    grid,
    nearby,
    noise,
    palette,
    turned,
)


@dataclass(frozen=True, eq=False)
class Texture:
    """One kind of surface.

    Attributes:
        kind: A key of `KINDS`.
        colours: Its colours, shape (4, 3).
        scale: How fine it is, 0 coarse to 1 fine.
        angle: Its direction in radians.
        knobs: Three numbers from 0 to 1 whose meaning depends on the kind.
    """

    kind: str
    colours: Colours
    scale: float
    angle: float
    knobs: tuple[float, float, float]

    @classmethod
    def drawn(cls, chance: Generator) -> Texture:
        """A recipe by chance."""
        kind = str(chance.choice(list(KINDS)))
        first, second, third = chance.random(3)
        knobs = (float(first), float(second), float(third))
        return cls(kind, palette(chance, 4), chance.random(), chance.uniform(0, np.pi), knobs)

    def picture(self, chance: Generator) -> Field:
        """One picture of it: shape (SIDE, SIDE, 3), 0 to 1."""
        one = Texture(
            self.kind,
            nearby(self.colours, chance),
            float(np.clip(self.scale + chance.normal(0, 0.05), 0, 1)),
            self.angle + chance.normal(0, 0.15),
            self.knobs,
        )
        grain = noise(chance, 0.8)[..., None] * chance.uniform(0, 0.05)
        return np.clip(KINDS[self.kind](one, chance) + grain, 0, 1)


def _cloud(one: Texture, chance: Generator) -> Field:
    field = noise(chance, 0.7 + 1.4 * (1 - one.scale), 1 + 5 * one.knobs[0] ** 2, one.angle)
    return coloured(0.5 + field / 4, one.colours)


def _veins(one: Texture, chance: Generator) -> Field:
    """Marble and wood: waves whose course is bent by a cloud."""
    along, across = turned(one.angle)
    bent = noise(chance, 2.2) * (0.1 + 0.8 * one.knobs[0])
    rings = np.hypot(along - 1.5, 0.3 * across) if one.knobs[1] > 0.6 else along
    waves = np.sin((4 + 26 * one.scale) * (rings + bent * 0.4) + chance.uniform(0, 6))
    return coloured(0.5 + 0.5 * waves, one.colours[:3])


def _stripes(one: Texture, chance: Generator) -> Field:
    along, across = turned(one.angle)
    waves = np.sin((6 + 34 * one.scale) * along + chance.uniform(0, 6))
    if one.knobs[1] > 0.6:  # plaid
        waves = (waves + np.sin((6 + 34 * one.knobs[2]) * across + chance.uniform(0, 6))) / 2
    sharp = 1 + 12 * one.knobs[0]
    return coloured(0.5 + 0.5 * np.tanh(waves * sharp) / np.tanh(sharp), one.colours[:3])


def _checks(one: Texture, chance: Generator) -> Field:
    """Checks, or bricks when every other row is shifted."""
    along, across = turned(one.angle * 0.3)
    size = 2 + 9 * one.scale
    u, v = along * size + chance.uniform(0, 2), across * size * (1 + one.knobs[0])
    row = np.floor(v)
    u = u + 0.5 * row * (one.knobs[1] > 0.5)
    column = np.floor(u)
    if one.knobs[1] <= 0.5:
        return np.asarray(one.colours[((row + column) % 2).astype(int)])
    joint = (np.minimum(u - column, v - row) < 0.12)[..., None]
    shade = 0.8 + 0.4 * ((np.sin(row * 12.9 + column * 78.2) * 43758.5) % 1)[..., None]
    return np.asarray(np.where(joint, one.colours[1], one.colours[0] * shade))


def _dots(one: Texture, chance: Generator) -> Field:
    along, across = turned(one.angle)
    size = 3 + 8 * one.scale
    u, v = along * size + chance.uniform(0, 1), across * size + chance.uniform(0, 1)
    u = u + 0.5 * np.floor(v) * (one.knobs[0] > 0.5)
    far = np.hypot(u - np.floor(u) - 0.5, v - np.floor(v) - 0.5)
    inside = 1 / (1 + np.exp((far - 0.15 - 0.25 * one.knobs[1]) * 25))
    return coloured(inside, one.colours[:2])


def _cells(one: Texture, chance: Generator) -> Field:
    """Voronoi cells: stones, scales, cracked earth."""
    count = int(12 + 110 * one.scale**2)
    x, y = grid()
    points = chance.uniform(-1.15, 1.15, (count, 2))
    far = (x[..., None] - points[:, 0]) ** 2 + (y[..., None] - points[:, 1]) ** 2
    nearest = far.argmin(2)
    two = np.sqrt(np.partition(far, 1, 2)[..., :2])
    edge = np.clip((two[..., 1] - two[..., 0]) * (8 + 14 * one.scale), 0, 1)
    base = one.colours[chance.integers(0, 3, count)][nearest]
    if one.knobs[0] > 0.5:
        base = base * (1.1 - 0.6 * np.clip(two[..., :1] * count**0.5 / 2, 0, 1))
    share = edge[..., None] if one.knobs[1] > 0.3 else np.ones_like(edge)[..., None]
    return np.asarray(base * share + one.colours[3] * (1 - share))


def _leaves(one: Texture, chance: Generator) -> Field:
    """Dead leaves: things that cover each other, as in nature (Lee et al. 2001)."""
    image = Image.new("RGB", (SIDE, SIDE))
    pen = ImageDraw.Draw(image)
    largest = SIDE * (0.5 - 0.35 * one.scale)
    for _ in range(int(60 + 200 * one.scale)):
        radius = min(largest, 2.0 / chance.random() ** 0.5)
        x, y = chance.uniform(-5, SIDE + 5, 2)
        mixed = nearby(one.colours[chance.integers(4)][None], chance, 0.08)[0]
        ink = tuple((mixed * 255).astype(int).tolist())
        if one.knobs[0] > 0.5:
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=ink)
            continue
        angles = one.angle + chance.normal(0, 0.2 + one.knobs[1]) + np.array([0, 2.2, 3.1, 4.1])
        long = radius * np.array([2.0, 0.7, 1.2, 0.7])
        ends = zip(x + long * np.cos(angles), y + long * np.sin(angles), strict=True)
        pen.polygon([(float(a), float(b)) for a, b in ends], fill=ink)
    return np.asarray(image) / 255


def _fur(one: Texture, chance: Generator) -> Field:
    """Short strokes that lie in one direction: fur, grass, straw."""
    ground = tuple((one.colours[0] * 255).astype(int).tolist())
    image = Image.new("RGB", (SIDE, SIDE), ground)
    pen = ImageDraw.Draw(image)
    bend = noise(chance, 2.2) * (0.15 + 0.5 * one.knobs[0])
    long = 4 + 14 * one.knobs[1]
    for x, y in chance.uniform(0, SIDE, (int(250 + 350 * one.scale), 2)):
        angle = one.angle + bend[int(y), int(x)]
        mixed = nearby(one.colours[chance.integers(1, 4)][None], chance, 0.06)[0]
        ink = tuple((mixed * 255).astype(int).tolist())
        end = (x + long * np.cos(angle), y + long * np.sin(angle))
        pen.line([(x, y), end], fill=ink, width=int(1 + 2 * one.knobs[2]))
    return np.asarray(image) / 255


KINDS: dict[str, Callable[[Texture, Generator], Field]] = {
    "cloud": _cloud,
    "veins": _veins,
    "stripes": _stripes,
    "checks": _checks,
    "dots": _dots,
    "cells": _cells,
    "leaves": _leaves,
    "fur": _fur,
}
