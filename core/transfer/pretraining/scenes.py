"""Views of places: many things of a few kinds that cover each other on some ground."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from core.transfer.pretraining.palette import SIDE, Colours, Field, grid, nearby, palette
from core.transfer.pretraining.textures import Texture

_FINE = 2


@dataclass(frozen=True, eq=False)
class Scene:
    """One kind of place.

    Attributes:
        surfaces: The surface of the ground, then those of the things.
        outlines: For each kind of thing its outline, shape (N, 2), about −1 to 1.
        colours: The colours that the kinds of things are tinted with, shape (K, 3).
        much: How many things there are, about.
        fall: How quickly small things become more frequent than large ones.
        angle: Where the things point to, in radians.
        order: How much they agree about that, 0 to 1.
    """

    surfaces: tuple[Texture, ...]
    outlines: tuple[NDArray[np.float64], ...]
    colours: Colours
    much: int
    fall: float
    angle: float
    order: float

    @classmethod
    def drawn(cls, chance: Generator) -> Scene:
        """A recipe by chance: one to three kinds of things."""
        kinds = int(chance.integers(1, 4))
        return cls(
            tuple(Texture.drawn(chance) for _ in range(kinds + 1)),
            tuple(_outline(chance) for _ in range(kinds)),
            palette(chance, kinds),
            int(np.exp(chance.uniform(np.log(3), np.log(70)))),
            chance.uniform(0.5, 2.5),
            chance.uniform(0, 2 * np.pi),
            chance.random(),
        )

    def picture(self, chance: Generator) -> Field:
        """One picture of it: shape (SIDE, SIDE, 3), 0 to 1."""
        skins = [surface.picture(chance) for surface in self.surfaces]
        scene = skins[0]
        inks = nearby(self.colours, chance)
        x, y = grid()
        for _ in range(max(1, int(self.much * chance.uniform(0.6, 1.4)))):
            kind = int(chance.integers(len(self.outlines)))
            radius = min(0.8, 0.08 * chance.random() ** (-1 / (0.5 + self.fall)))
            angle = self.angle + (1 - self.order) * chance.normal(0, 2)
            turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
            middle = chance.uniform(-1.1, 1.1, 2)
            mask = _filled(self.outlines[kind] @ turn.T * radius + middle)
            light = 1 + 0.35 * ((x - middle[0]) * -0.7 + (y - middle[1]) * -0.7) / radius
            skin = np.roll(skins[kind + 1], chance.integers(SIDE, size=2), (0, 1))
            skin = (0.5 * skin + 0.5 * inks[kind]) * chance.uniform(0.8, 1.2)
            shadow = np.roll(mask, (2, 1), (0, 1))
            scene = scene * (1 - 0.4 * shadow[..., None])
            lit = np.clip(skin * np.clip(light, 0.5, 1.4)[..., None], 0, 1)
            scene = np.where(mask[..., None] > 0, lit * mask[..., None], 0) + scene * (
                1 - mask[..., None]
            )
        return np.clip(scene, 0, 1)


def _outline(chance: Generator) -> NDArray[np.float64]:
    """A long or round blob, a leaf or a polygon."""
    angles = np.linspace(0, 2 * np.pi, int(chance.choice([4, 5, 7, 32, 32])), endpoint=False)
    radius = 1 + sum(
        chance.normal(0, 0.25 / k) * np.cos(k * angles + chance.uniform(0, 6)) for k in range(2, 6)
    )
    shape = np.stack([np.cos(angles), np.sin(angles)], 1) * np.asarray(radius)[:, None]
    return np.asarray(shape * np.array([1.0, np.exp(chance.uniform(-1.6, 0))]))


def _filled(outline: NDArray[np.float64]) -> Field:
    image = Image.new("L", (SIDE * _FINE, SIDE * _FINE))
    half = SIDE * _FINE / 2
    points = [(float(px), float(py)) for px, py in outline * half + half]
    ImageDraw.Draw(image).polygon(points, fill=255)
    return np.asarray(image.resize((SIDE, SIDE), Image.Resampling.BOX)) / 255
