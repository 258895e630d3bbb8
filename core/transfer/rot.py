"""What time does to fruit: browning, soft spots, wrinkles and mould."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from core.transfer.painting import Colour, Field, mixed, noise, rough, smooth_step

BROWN: Colour = (0.36, 0.22, 0.1)
_DARK: Colour = (0.15, 0.09, 0.05)
_MOULD: tuple[Colour, ...] = ((0.42, 0.52, 0.45), (0.5, 0.55, 0.52), (0.34, 0.4, 0.32))


@dataclass(frozen=True)
class Surface:
    """The skin of a fruit: where it is, its colours and its relief.

    Attributes:
        x: Places in the fruit's own frame, about -1 to 1, shape (side, side).
        y: The same downwards.
        colours: Shape (side, side, 3), 0 to 1.
        relief: How far the skin stands out, shape (side, side); only its slopes are seen.
    """

    x: Field
    y: Field
    colours: Field
    relief: Field


def spoilt(skin: Surface, chance: Generator, mould: float) -> Surface:
    """The skin weeks later.

    Args:
        skin: The fresh skin.
        chance: What goes wrong, and where.
        mould: The probability that something grows on it.
    """
    side = skin.x.shape[0]
    browned = _browned(skin, chance)
    for _ in range(int(chance.integers(1, 5))):
        browned = _spot(browned, chance, chance.uniform(0.16, 0.55))
    wrinkles = 1 - np.abs(2 * rough(chance, side, chance.uniform(6, 11)) - 1)
    deep = chance.uniform(0.0, 0.1) * noise(chance, side, 2)
    spoiled = Surface(skin.x, skin.y, browned.colours, browned.relief + deep * wrinkles)
    return _mouldy(spoiled, chance) if chance.random() < mould else spoiled


def freckled(
    skin: Surface, chance: Generator, count: int, size: float, colour: Colour, strength: float
) -> Surface:
    """The skin with small round spots."""
    nearest = np.full_like(skin.x, 4.0)  # the square of the distance in radii
    for _ in range(count):
        x, y = (np.float32(place) for place in chance.uniform(-1, 1, 2))
        radius = np.float32(size * chance.uniform(0.5, 1.4))
        away = (skin.x - x) ** 2 + (skin.y - y) ** 2
        np.minimum(nearest, away / radius**2, out=nearest)
    share = 1 - smooth_step(0.6, 1.0, np.sqrt(nearest))
    return Surface(skin.x, skin.y, mixed(skin.colours, colour, share * strength), skin.relief)


def _browned(skin: Surface, chance: Generator) -> Surface:
    side = skin.x.shape[0]
    share = chance.uniform(0.1, 0.5) + chance.uniform(0.2, 0.5) * (rough(chance, side, 4) - 0.3)
    tone = chance.uniform(0.8, 1.3)
    brown = (BROWN[0] * tone, BROWN[1] * tone, BROWN[2] * tone)
    return Surface(skin.x, skin.y, mixed(skin.colours, brown, np.clip(share, 0, 0.9)), skin.relief)


def _spot(skin: Surface, chance: Generator, size: float) -> Surface:
    """A soft brown place: darker towards its rim, sunk in."""
    side = skin.x.shape[0]
    angle, far = chance.uniform(0, 2 * math.pi), chance.uniform(0, 0.75)
    away = np.hypot(skin.x - far * math.cos(angle), skin.y - far * math.sin(angle)) / size
    away = away + 0.7 * (rough(chance, side, 7) - 0.5)
    inside = 1 - smooth_step(0.75, 1.05, away)
    rim = inside * smooth_step(0.35, 0.85, away)
    strength = chance.uniform(0.6, 0.95)
    colours = mixed(skin.colours, BROWN, inside * strength)
    colours = mixed(colours, _DARK, (rim * 0.5 + inside * 0.25) * strength)
    return Surface(skin.x, skin.y, colours, skin.relief - 0.08 * size * inside)


def _mouldy(skin: Surface, chance: Generator) -> Surface:
    """A patch of mould: grey-green in the middle, white and furry around."""
    side = skin.x.shape[0]
    angle, far = chance.uniform(0, 2 * math.pi), chance.uniform(0, 0.6)
    size = chance.uniform(0.25, 0.6)
    away = np.hypot(skin.x - far * math.cos(angle), skin.y - far * math.sin(angle)) / size
    away = away + 0.5 * (rough(chance, side, 9) - 0.5)
    fur = noise(chance, side, side / 3)
    white = (1 - smooth_step(0.8, 1.05, away + 0.25 * (fur - 0.5))) * 0.9
    green = (1 - smooth_step(0.45, 0.75, away)) * chance.uniform(0.6, 0.95)
    colours = mixed(skin.colours, (0.9, 0.9, 0.86), white)
    colours = mixed(colours, _MOULD[int(chance.integers(len(_MOULD)))], green)
    colours = colours * (0.88 + 0.2 * fur * white)[..., None]
    return Surface(skin.x, skin.y, colours, skin.relief + 0.03 * white * fur)
