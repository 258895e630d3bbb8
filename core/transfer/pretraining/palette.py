"""Colours that go together, and fields of noise: the raw material of generated pictures."""

from __future__ import annotations

import colorsys

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

SIDE = 72  # pixels of a generated picture
Colours = NDArray[np.float64]
Field = NDArray[np.float64]


def palette(chance: Generator, count: int) -> Colours:
    """Colours around one or two hues: shape (count, 3), 0 to 1."""
    hue, spread = chance.random(), chance.choice([0.04, 0.12, 0.5])
    vivid = chance.uniform(0.1, 1)
    colours = [
        colorsys.hsv_to_rgb(
            (hue + chance.normal(0, spread)) % 1,
            float(np.clip(vivid * chance.uniform(0.5, 1.2), 0, 1)),
            chance.uniform(0.1, 1),
        )
        for _ in range(count)
    ]
    return np.array(colours)


def nearby(colours: Colours, chance: Generator, much: float = 0.06) -> Colours:
    """The same colours in another light: each a little off, all brighter or darker."""
    light = chance.uniform(0.8, 1.15) + chance.normal(0, 0.04, 3)
    return np.clip(colours * light + chance.normal(0, much, colours.shape), 0, 1)


def grid(side: int = SIDE) -> tuple[Field, Field]:
    """Places of all pixels, x and y, from −1 to 1."""
    line = np.linspace(-1, 1, side)
    x, y = np.meshgrid(line, line)
    return x, y


def turned(angle: float, side: int = SIDE) -> tuple[Field, Field]:
    """Places of all pixels along axes that are turned by an angle in radians."""
    x, y = grid(side)
    return x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)


def noise(
    chance: Generator, fall: float, stretch: float = 1.0, angle: float = 0.0, side: int = SIDE
) -> Field:
    """A cloud whose spectrum falls with 1 / frequency^fall: mean 0, standard deviation 1.

    Natural photos have a fall of about 1 (Field 1987).

    Args:
        chance: Where it comes from.
        fall: 0 is white noise, 2 soft clouds.
        stretch: How many times as long as wide its grains are.
        angle: Where they point, in radians.
        side: Pixels.
    """
    rows, columns = np.fft.fftfreq(side)[:, None], np.fft.rfftfreq(side)[None]
    along = columns * np.cos(angle) + rows * np.sin(angle)
    across = rows * np.cos(angle) - columns * np.sin(angle)
    frequency = np.hypot(along * stretch, across)
    frequency[0, 0] = np.inf
    shape = frequency.shape
    waves = (chance.normal(size=shape) + 1j * chance.normal(size=shape)) / frequency**fall
    field = np.fft.irfft2(waves, (side, side))
    return np.asarray((field - field.mean()) / (field.std() + 1e-9))


def coloured(field: Field, colours: Colours) -> Field:
    """A field from 0 to 1 through a row of colours: shape (side, side, 3)."""
    places = np.clip(field, 0, 1) * (len(colours) - 1)
    low = np.minimum(places.astype(int), len(colours) - 2)
    share = (places - low)[..., None]
    return np.asarray(colours[low] * (1 - share) + colours[low + 1] * share)
