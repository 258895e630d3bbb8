"""Apples, bananas and oranges, fresh and rotten, painted anew as often as wanted."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from core.errors import InputError
from core.transfer.fruit_kinds import Fruit, apple, banana, orange
from core.transfer.painting import (
    Field,
    Light,
    ground,
    lit,
    mixed,
    photographed,
    some_light,
)
from core.transfer.sample import Picture

SIDE = 192
MIN_SIDE, MAX_SIDE = 64, 256
_KINDS: dict[str, Callable[[Field, Field, Generator, bool], Fruit]] = {
    "apple": apple,
    "banana": banana,
    "orange": orange,
}
FRUIT = tuple(f"{state} {kind}" for kind in _KINDS for state in ("fresh", "rotten"))


@dataclass(frozen=True)
class _Place:
    """Where a fruit lies in the picture: its middle, its size and how far it is turned."""

    x: float
    y: float
    size: float
    turn: float


def paint_fruit(name: str, chance: Generator, side: int = SIDE) -> Picture:
    """Paint a fruit in some light on some ground, never twice the same.

    Args:
        name: An entry of `FRUIT`, such as "rotten apple".
        chance: Where chance comes from; the same state paints the same picture.
        side: Height and width in pixels, 64 to 256.

    Returns:
        uint8 of shape (side, side, 3).

    Raises:
        InputError: No such fruit, or a side out of its limits.
    """
    if name not in FRUIT:
        raise InputError(f"There is no fruit “{name[:20]}”. There are: {', '.join(FRUIT)}.")
    if not MIN_SIDE <= side <= MAX_SIDE:
        raise InputError(f"Fruit is painted with {MIN_SIDE} to {MAX_SIDE} pixels a side.")
    state, kind = name.split()
    light = some_light(chance)
    size = chance.uniform(0.62, 0.85) if kind == "banana" else chance.uniform(0.5, 0.72)
    room = 1 - size * 0.95
    place = _Place(
        chance.uniform(-room, room) * 0.6,
        chance.uniform(-room, room) * 0.6,
        size,
        chance.uniform(-math.pi, math.pi) if kind == "banana" else chance.normal(0, 0.35),
    )
    scene = ground(chance, side)
    x, y = _frame(side, place)
    fruit = _KINDS[kind](x, y, chance, state == "rotten")
    scene = _shadowed(scene, place, light, kind == "banana", fruit.mask)
    normals = _relieved(fruit, place)
    painted = lit(fruit.colours, normals, light, fruit.gloss)
    return photographed(mixed(scene, painted, fruit.mask), chance)


def _frame(side: int, place: _Place) -> tuple[Field, Field]:
    """The places of all pixels as the fruit sees them: its middle is 0, its edge about 1."""
    along = np.linspace(-1, 1, side, dtype=np.float32)
    x, y = (along[None, :] - place.x) / place.size, (along[:, None] - place.y) / place.size
    cosine, sine = math.cos(place.turn), math.sin(place.turn)
    right = (x * cosine + y * sine).astype(np.float32)
    down = (y * cosine - x * sine).astype(np.float32)
    return right, down


def _shadowed(scene: Field, place: _Place, light: Light, long: bool, mask: Field) -> Field:
    """The ground with the fruit's shadow: the fruit's own form, moved away from the lamp."""
    side = scene.shape[0]
    move = 0.12 if long else 0.2
    right, down = (-light.direction[axis] * move * place.size * side / 2 for axis in (0, 1))
    moved = np.roll(mask, (round(down), round(right)), axis=(0, 1))
    soft = _blurred(moved, max(1, side // 24))
    darkness = 0.85 * (1 - light.around) * soft
    return scene * (1 - darkness)[..., None]


def _blurred(field: Field, radius: int) -> Field:
    """The means over squares, twice: nearly a Gaussian."""
    result = field
    for axis in (0, 1, 0, 1):
        padded = np.pad(result, [(radius + 1, radius) if a == axis else (0, 0) for a in (0, 1)])
        total = np.cumsum(padded, axis=axis)
        width = 2 * radius + 1
        ends = (
            total.take(range(width, total.shape[axis]), axis),
            total.take(range(result.shape[axis]), axis),
        )
        result = (ends[0] - ends[1]) / np.float32(width)
    return result


def _relieved(fruit: Fruit, place: _Place) -> Field:
    """The normals in the picture's frame, tilted by the slopes of the skin's relief."""
    side = fruit.mask.shape[0]
    down, right = np.gradient(fruit.relief * side * 0.5 * place.size)
    cosine, sine = math.cos(place.turn), math.sin(place.turn)
    x, y, z = (fruit.normals[..., axis] for axis in range(3))
    turned = np.stack([x * cosine - y * sine - right, x * sine + y * cosine - down, z], axis=2)
    length = np.linalg.norm(turned, axis=2, keepdims=True)
    result: Field = (turned / np.maximum(length, 1e-6)).astype(np.float32)
    return result
