"""Twenty things that anybody can draw, each drawn anew as often as wanted."""

from __future__ import annotations

from collections.abc import Callable

from numpy.random import Generator

from core.errors import InputError
from core.transfer import shapes_of_nature as nature
from core.transfer import shapes_of_things as things
from core.transfer.pen import Stroke, drawing
from core.transfer.sample import Picture

SIDE = 192
MIN_SIDE, MAX_SIDE = 32, 256
SYMBOLS: dict[str, Callable[[Generator], list[Stroke]]] = {
    "heart": things.heart,
    "star": things.star,
    "house": things.house,
    "arrow": things.arrow,
    "smiley": things.smiley,
    "lightning": nature.lightning,
    "moon": nature.moon,
    "tree": nature.tree,
    "fish": nature.fish,
    "cup": things.cup,
    "sun": nature.sun,
    "flower": nature.flower,
    "cloud": nature.cloud,
    "umbrella": things.umbrella,
    "cat": nature.cat,
    "boat": things.boat,
    "car": things.car,
    "key": things.key,
    "mushroom": nature.mushroom,
    "clock": things.clock,
}


def draw_symbol(name: str, chance: Generator, side: int = SIDE) -> Picture:
    """Draw a symbol as a person would with a pen, never twice the same.

    Args:
        name: A key of `SYMBOLS`.
        chance: Where the hand's chance comes from; the same state draws the same picture.
        side: Height and width in pixels, 32 to 256.

    Returns:
        uint8 of shape (side, side, 3), dark on white.

    Raises:
        InputError: No such symbol, or a side out of its limits.
    """
    if name not in SYMBOLS:
        raise InputError(f"There is no symbol “{name[:20]}”. There are: {', '.join(SYMBOLS)}.")
    if not MIN_SIDE <= side <= MAX_SIDE:
        raise InputError(f"Symbols are drawn with {MIN_SIDE} to {MAX_SIDE} pixels a side.")
    return drawing(SYMBOLS[name](chance), chance, side)
