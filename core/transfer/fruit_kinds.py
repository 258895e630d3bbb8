"""The three kinds of fruit: their form, their skin, and what stem and leaf add."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator

from core.transfer.painting import Colour, Field, flat, mixed, noise, rough, smooth_step
from core.transfer.rot import Surface, freckled, spoilt

_EDGE = 0.025  # how soft the outline is, in radii


@dataclass(frozen=True)
class Fruit:
    """A fruit as it lies, before any light falls on it.

    Attributes:
        mask: 1 where it is and 0 where the ground shows, shape (side, side).
        colours: Of its skin, shape (side, side, 3), 0 to 1.
        normals: Of its form in its own frame, shape (side, side, 3).
        relief: Of its skin, shape (side, side).
        gloss: 0 dull to 1 polished.
    """

    mask: Field
    colours: Field
    normals: Field
    relief: Field
    gloss: float


def apple(x: Field, y: Field, chance: Generator, rotten: bool) -> Fruit:
    """An apple from the side: red, green, yellow or both, with a stem and mostly streaks."""
    side = x.shape[0]
    angle = np.arctan2(x, -y)  # 0 at the top
    radius = 0.96 - chance.uniform(0.1, 0.2) * np.exp(-((angle / 0.38) ** 2))
    radius -= chance.uniform(0.04, 0.12) * np.exp(-(((np.abs(angle) - math.pi) / 0.42) ** 2))
    radius += chance.uniform(-0.03, 0.05) * np.cos(2 * angle) * -1
    radius += _lumps(angle, chance, 0.035 if rotten else 0.012)
    away = np.hypot(x, y) / radius
    main, other = _apple_colours(chance)
    blush = smooth_step(0.3, 0.75, 0.6 * noise(chance, side, 3) + 0.4 * (0.5 - y / 2))
    colours = mixed(flat(side, main), other, blush * 0.8)
    streaks = noise(chance, 64, 40, 2)[8][(np.clip(angle / math.pi, -1, 1) * 31.5 + 32).astype(int)]
    colours = mixed(colours, main, streaks * (1 - blush) * 0.4)
    skin = Surface(x, y, colours, np.zeros_like(x))
    skin = freckled(skin, chance, 40, 0.018, (0.95, 0.85, 0.6), 0.5)
    cavity = np.exp(-(x**2) / 0.05 - (y + 0.78) ** 2 / 0.02)
    skin = replace(skin, colours=mixed(skin.colours, (0.34, 0.3, 0.12), cavity * 0.75))
    if rotten:
        skin = spoilt(skin, chance, 0.35)
    gloss = chance.uniform(0.05, 0.25) if rotten else chance.uniform(0.4, 0.9)
    body = _ball(skin, away, gloss)
    return _with_stem(body, x, y, chance, leaf=not rotten and chance.random() < 0.4)


def orange(x: Field, y: Field, chance: Generator, rotten: bool) -> Fruit:
    """An orange: a ball with pores and a navel, or the star where it hung."""
    side = x.shape[0]
    angle = np.arctan2(x, -y)
    radius = 0.94 + chance.uniform(-0.03, 0.03) * np.cos(2 * angle)
    radius += _lumps(angle, chance, 0.03 if rotten else 0.008)
    away = np.hypot(x, y) / radius
    hue = chance.uniform(0.42, 0.62)
    base = flat(side, (0.97, hue, chance.uniform(0.03, 0.14)))
    colours = mixed(base, (0.93, hue - 0.12, 0.02), noise(chance, side, 3) * 0.6)
    pores = noise(chance, side, side / chance.uniform(2.5, 4.5)) * 0.018
    skin = Surface(x, y, colours, pores)
    out, where = chance.uniform(0, 0.7), chance.uniform(-math.pi, math.pi)
    near = np.hypot(x - out * math.sin(where), y + out * math.cos(where))
    button: Colour = (0.45, 0.5, 0.2) if chance.random() < 0.6 else (0.7, 0.36, 0.08)
    skin = replace(
        skin, colours=mixed(skin.colours, button, (1 - smooth_step(0.05, 0.09, near)) * 0.9)
    )
    skin = replace(skin, relief=skin.relief - 0.06 * np.exp(-(near**2) / 0.03))
    if rotten:
        skin = spoilt(skin, chance, 0.6)
    return _ball(skin, away, chance.uniform(0.05, 0.2) if rotten else chance.uniform(0.2, 0.55))


def banana(x: Field, y: Field, chance: Generator, rotten: bool) -> Fruit:
    """A banana: a bent body with ridges, a stem and a dark tip."""
    side = x.shape[0]
    bend, thick = chance.uniform(0.95, 1.5), chance.uniform(0.2, 0.27)
    half = 0.98 / bend  # of the angle that it spans
    away = np.hypot(x, y + bend - 0.28)
    along = np.arctan2(x, y + bend - 0.28) / half  # -1 at the stem, 1 at the tip
    end = np.clip(1 - np.abs(along) ** 5, 0, 1)
    width = thick * (0.24 + 0.76 * end) * (1 - 0.1 * along)
    width = width + _lumps(along * 2, chance, 0.012 if rotten else 0.004)
    across = (away - bend) / width
    stem, tip = smooth_step(0.82, 1.0, -along), smooth_step(0.9, 1.0, along)
    mask = (1 - smooth_step(1 - 4 * _EDGE, 1.0, np.abs(across))) * (
        1 - smooth_step(1.1, 1.13, -along)
    )
    mask = mask * (1 - smooth_step(1.0, 1.03, along))
    ripe = chance.uniform(0, 1)
    yellow = (0.95, 0.8 - 0.06 * ripe, chance.uniform(0.15, 0.32))
    colours = mixed(flat(side, yellow), (0.9, 0.68, 0.12), noise(chance, side, 4) * 0.5)
    green = max(0.0, 0.75 - 1.5 * ripe)
    colours = mixed(colours, (0.62, 0.72, 0.22), np.clip(green * (0.3 + np.abs(along)), 0, 0.8))
    ridges = np.exp(-((across - 0.25) ** 2) / 0.01) + np.exp(-((across + 0.45) ** 2) / 0.01)
    colours = mixed(colours, (0.62, 0.5, 0.12), ridges * 0.16)
    skin = freckled(
        Surface(x, y, colours, ridges * 0.012), chance, int(ripe * 14), 0.03, (0.42, 0.26, 0.1), 0.8
    )
    if rotten:
        skin = _old_banana(skin, chance)
    colours = mixed(skin.colours, (0.55, 0.5, 0.2), stem * 0.5)
    colours = mixed(
        colours, (0.16, 0.11, 0.07), np.maximum(tip, smooth_step(1.06, 1.1, -along)) * 0.9
    )
    lean = np.clip(across, -1, 1)
    radial = np.stack([x, y + bend - 0.28], axis=2) / np.maximum(away, 1e-6)[..., None]
    normals = np.concatenate([radial * lean[..., None], np.sqrt(1 - lean**2)[..., None]], axis=2)
    gloss = chance.uniform(0.02, 0.15) if rotten else chance.uniform(0.1, 0.35)
    return Fruit(mask, colours, normals.astype(np.float32), skin.relief, gloss)


def _old_banana(skin: Surface, chance: Generator) -> Surface:
    """Brown to black in patches, with the spots that run together."""
    side = skin.x.shape[0]
    skin = freckled(skin, chance, int(chance.integers(40, 110)), 0.055, (0.26, 0.15, 0.07), 0.85)
    bound = chance.uniform(0.25, 0.55)
    patches = smooth_step(bound, bound + 0.12, rough(chance, side, 5, 4))
    dark = mixed(skin.colours, (0.2, 0.13, 0.07), patches * chance.uniform(0.7, 0.95))
    return spoilt(replace(skin, colours=dark), chance, 0.15)


def _apple_colours(chance: Generator) -> tuple[Colour, Colour]:
    """The colour of most of an apple, and the one it blends into."""
    red: Colour = (
        chance.uniform(0.6, 0.85),
        chance.uniform(0.04, 0.16),
        chance.uniform(0.06, 0.16),
    )
    green: Colour = (chance.uniform(0.5, 0.7), chance.uniform(0.68, 0.8), chance.uniform(0.18, 0.3))
    yellow: Colour = (chance.uniform(0.88, 0.96), chance.uniform(0.74, 0.84), 0.3)
    pairs = (
        (red, red),
        (red, yellow),
        (yellow, red),
        (green, green),
        (green, yellow),
        (red, green),
    )
    return pairs[int(chance.integers(len(pairs)))]


def _ball(skin: Surface, away: Field, gloss: float) -> Fruit:
    """A fruit that bulges towards the viewer like a ball of that outline."""
    mask = 1 - smooth_step(1 - _EDGE, 1.0, away)
    inside = np.clip(away, 0, 1)
    length = np.maximum(np.hypot(skin.x, skin.y), 1e-6)
    flat = np.stack([skin.x / length, skin.y / length], axis=2) * inside[..., None]
    normals = np.concatenate([flat, np.sqrt(1 - inside**2)[..., None]], axis=2)
    return Fruit(mask, skin.colours, normals.astype(np.float32), skin.relief, gloss)


def _with_stem(fruit: Fruit, x: Field, y: Field, chance: Generator, leaf: bool) -> Fruit:
    """The apple with its stem, and a leaf beside it."""
    bend, top = chance.uniform(-0.25, 0.25), chance.uniform(-1.2, -1.0)
    share = np.clip((y + 0.76) / (top + 0.76), 0, 1)
    middle = bend * share**2
    width = 0.028 + 0.014 * share
    stem = (1 - smooth_step(0.7, 1.0, np.abs(x - middle) / width)) * ((y > top) & (y < -0.74))
    colours, mask = mixed(fruit.colours, (0.3, 0.2, 0.1), stem), np.maximum(fruit.mask, stem)
    if leaf:
        tilt, turn = chance.uniform(-0.5, 0.2), 1 if chance.random() < 0.5 else -1
        across, down = turn * x - bend * turn - 0.3, y - top - 0.08
        u = across * math.cos(tilt) + down * math.sin(tilt)
        v = down * math.cos(tilt) - across * math.sin(tilt)
        blade = 1 - smooth_step(
            0.9, 1.0, np.abs(v) / (0.13 * np.clip(1 - (u / 0.32) ** 2, 0.001, 1))
        )
        vein = 1 - smooth_step(0.005, 0.014, np.abs(v))
        green = mixed(flat(len(x), (0.24, 0.5, 0.14)), (0.5, 0.66, 0.3), vein)
        colours, mask = mixed(colours, green, blade), np.maximum(mask, blade)
    return replace(fruit, colours=colours, mask=mask.astype(np.float32))


def _lumps(angle: Field, chance: Generator, size: float) -> Field:
    """Small departures from a smooth outline."""
    total = np.zeros_like(angle)
    for waves in (2, 3, 5):
        total += np.float32(chance.normal(0, size / waves**0.5)) * np.cos(
            waves * angle + np.float32(chance.uniform(0, 2 * math.pi))
        )
    return total
