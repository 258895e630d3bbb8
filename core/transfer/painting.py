"""What painted pictures share: noise, grounds to lie on, light, and the camera's share."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from core.transfer.sample import Picture

Field = NDArray[np.floating[Any]]  # (side, side), or (side, side, 3) with colours from 0 to 1
Colour = tuple[float, float, float]


@dataclass(frozen=True)
class Light:
    """One lamp and what comes from everywhere else.

    Attributes:
        direction: Towards the lamp: right, down, towards the viewer; of length 1.
        around: How much light comes from everywhere, 0 to 1.
        tint: The colour of all light.
        strength: How bright it is; 1 is usual.
    """

    direction: tuple[float, float, float]
    around: float
    tint: Colour
    strength: float


def noise(chance: Generator, side: int, wide: float, high: float | None = None) -> Field:
    """Smooth chance between 0 and 1, with about so many hills across and down."""
    across, down = (max(2, round(cells) + 1) for cells in (wide, wide if high is None else high))
    coarse = Image.fromarray(chance.random((down, across), dtype=np.float32))
    fine = np.asarray(coarse.resize((side, side), Image.Resampling.BICUBIC), dtype=np.float32)
    return np.clip(fine, 0, 1)


def rough(chance: Generator, side: int, cells: float, octaves: int = 3) -> Field:
    """Noise on several scales, each half as strong as the coarser one; 0 to 1."""
    layers = [noise(chance, side, cells * 2**k) / 2**k for k in range(octaves)]
    total: Field = np.sum(np.stack(layers), axis=0) / np.float32(2 - 2 ** (1 - octaves))
    return total


def mixed(below: Field, above: Field | Colour, share: Field | float) -> Field:
    """Colours between two, by a share from 0 to 1 at every pixel."""
    part = np.asarray(share, dtype=np.float32)
    part = part[..., None] if part.ndim == 2 else part
    result: Field = below + (np.asarray(above, dtype=np.float32) - below) * part
    return result


def flat(side: int, colour: Colour) -> Field:
    """One colour all over, shape (side, side, 3)."""
    return np.broadcast_to(np.array(colour, dtype=np.float32), (side, side, 3)).copy()


def smooth_step(low: float, high: float, value: Field) -> Field:
    """0 below one bound, 1 above the other, and a soft way between."""
    t = np.clip((value - low) / (high - low), 0, 1)
    result: Field = (t * t * (3 - 2 * t)).astype(np.float32)
    return result


def some_light(chance: Generator) -> Light:
    """A lamp somewhere above, warm or cold, hard or soft."""
    angle, height = chance.uniform(-2.6, -0.5), chance.uniform(0.5, 1.1)
    x, y = math.cos(angle), math.sin(angle)
    length = math.hypot(x, y, height)
    warm = chance.normal(0, 0.06)
    return Light(
        (x / length, y / length, height / length),
        chance.uniform(0.3, 0.6),
        (1 + warm, 1.0, 1 - 1.3 * warm),
        chance.uniform(0.8, 1.15),
    )


def lit(colours: Field, normals: Field, light: Light, gloss: float) -> Field:
    """How a surface looks in a light: Lambert's law and Blinn's highlight (1977).

    Args:
        colours: Of the surface, shape (side, side, 3).
        normals: Of the surface, of length 1, shape (side, side, 3): right, down, to the viewer.
        light: The lamp.
        gloss: 0 for a dull surface, 1 for a polished one.
    """
    towards = np.array(light.direction, dtype=np.float32)
    half = towards + np.array([0, 0, 1], dtype=np.float32)
    half /= np.linalg.norm(half)
    diffuse = np.clip(normals @ towards, 0, 1)
    shine = np.clip(normals @ half, 0, 1) ** (12 + 60 * gloss) * 0.55 * gloss
    bright = light.around + (1.15 - light.around) * diffuse
    shaded = colours * bright[..., None] * np.array(light.tint, dtype=np.float32)
    result: Field = ((shaded + shine[..., None]) * light.strength).astype(np.float32)
    return result


def ground(chance: Generator, side: int) -> Field:
    """What the fruit lies on: wood, cloth, stone, a studio's sweep or leaves out of focus."""
    makers = (_wood, _cloth, _stone, _studio, _leaves)
    painted = makers[int(chance.integers(len(makers)))](chance, side)
    down = np.linspace(-1, 1, side, dtype=np.float32)
    slope = chance.normal(0, 0.12, 2)
    falloff = 1 + slope[0] * down[:, None] + slope[1] * down[None, :]
    result: Field = painted * falloff[..., None].astype(np.float32)
    return result


def photographed(scene: Field, chance: Generator) -> Picture:
    """The scene as a small camera takes it: contrast, a little blur, and noise."""
    side = scene.shape[0]
    contrast, bright = chance.uniform(0.9, 1.12), chance.uniform(-0.03, 0.03)
    exposed = (scene - 0.5) * contrast + 0.5 + bright
    image = Image.fromarray(np.round(np.clip(exposed, 0, 1) * 255).astype(np.uint8))
    soft = image.filter(ImageFilter.GaussianBlur(chance.uniform(0.0, 0.006) * side))
    grain = chance.normal(0, chance.uniform(0.5, 4.0), (side, side, 3))
    return np.clip(np.round(np.asarray(soft) + grain), 0, 255).astype(np.uint8)


def _wood(chance: Generator, side: int) -> Field:
    tone = chance.uniform(0.55, 1.2)
    light, dark = (0.74 * tone, 0.55 * tone, 0.36 * tone), (0.46 * tone, 0.3 * tone, 0.17 * tone)
    grain = noise(chance, side, 2, 50) * 0.6 + noise(chance, side, 4, 14) * 0.4
    wood = mixed(flat(side, light), dark, grain)
    for edge in np.arange(chance.uniform(0, 0.4), 1, chance.uniform(0.25, 0.5)):
        row = int(edge * side)
        wood[row : row + max(1, side // 90)] *= 0.55
    return wood if chance.random() < 0.6 else np.ascontiguousarray(wood.transpose(1, 0, 2))


def _cloth(chance: Generator, side: int) -> Field:
    base = tuple(float(one) for one in chance.uniform(0.25, 0.95, 3))
    cloth = flat(side, base)  # type: ignore[arg-type]
    if chance.random() < 0.5:  # checks
        width = side / chance.uniform(4, 9)
        bands = (np.arange(side) % width < width / 2).astype(np.float32)
        other = tuple(float(one) for one in chance.uniform(0.3, 1.0, 3))
        cloth = mixed(cloth, other, (bands[:, None] + bands[None, :]) * 0.4)  # type: ignore[arg-type]
    weave = 0.9 + 0.2 * noise(chance, side, side / 3) * noise(chance, side, 5)
    return cloth * weave[..., None]


def _stone(chance: Generator, side: int) -> Field:
    tone = chance.uniform(0.25, 0.9)
    stone = mixed(
        flat(side, (tone, tone, tone)),
        (tone * 0.6, tone * 0.6, tone * 0.64),
        rough(chance, side, 5, 4),
    )
    veins = np.abs(rough(chance, side, 3, 3) - 0.5)
    return mixed(stone, (min(1.0, tone + 0.2),) * 3, (1 - smooth_step(0.0, 0.03, veins)) * 0.5)


def _studio(chance: Generator, side: int) -> Field:
    far, near = chance.uniform(0.45, 0.95), chance.uniform(0.7, 1.0)
    tint = chance.normal(1, 0.04, 3).astype(np.float32)
    down = np.linspace(far, near, side, dtype=np.float32)[:, None, None]
    return np.broadcast_to(down * tint, (side, side, 3)).copy()


def _leaves(chance: Generator, side: int) -> Field:
    green = tuple(float(one) for one in chance.uniform((0.12, 0.28, 0.05), (0.4, 0.6, 0.25)))
    other = tuple(float(one) for one in chance.uniform((0.2, 0.2, 0.05), (0.85, 0.8, 0.5)))
    below = mixed(flat(side, green), other, noise(chance, side, 6))  # type: ignore[arg-type]
    return mixed(below, (0.06, 0.1, 0.04), noise(chance, side, 4) ** 2 * 0.8)
