"""Bodies that nobody has ever seen: parts with surfaces, lit from one side, on some ground."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from core.transfer.pretraining.palette import SIDE, Colours, Field, grid, nearby, noise, palette
from core.transfer.pretraining.textures import Texture

_FINE = 2


@dataclass(frozen=True, eq=False)
class Part:
    """A blob, or a limb as a thick line, both in the body's own coordinates.

    Attributes:
        outline: The points of a blob, or the middle line of a limb.
        width: 0 for a blob, the thickness of a limb otherwise.
        surface: Which of the body's surfaces it has.
    """

    outline: NDArray[np.float64]
    width: float
    surface: int


@dataclass(frozen=True, eq=False)
class Thing:
    """One kind of body.

    Attributes:
        parts: From back to front.
        surfaces: Its two surfaces.
        colours: Colours of the limbs.
        upright: Whether it stands on its feet, or lies any way round.
    """

    parts: tuple[Part, ...]
    surfaces: tuple[Texture, Texture]
    colours: Colours
    upright: bool

    @classmethod
    def drawn(cls, chance: Generator) -> Thing:
        """A recipe by chance: limbs in pairs, then one to four blobs in a row."""
        blobs = _row(chance, int(chance.integers(1, 5)))
        pairs = int(chance.choice([0, 0, 1, 2, 3]))
        limbs = [limb for _ in range(pairs) for limb in _pair(chance)]
        surfaces = (Texture.drawn(chance), Texture.drawn(chance))
        return cls((*limbs, *blobs), surfaces, palette(chance, 2), chance.random() < 0.5)

    def picture(self, chance: Generator) -> Field:
        """One picture of it: shape (SIDE, SIDE, 3), 0 to 1."""
        scene = ground(chance)
        turn = chance.normal(0, 0.2) if self.upright else chance.uniform(0, 2 * np.pi)
        spin = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
        matrix = spin @ np.diag(chance.uniform(0.4, 0.95) * np.exp(chance.normal(0, 0.12, 2)))
        if chance.random() < 0.5:
            matrix = matrix @ np.diag([-1, 1])
        shift = chance.normal(0, 0.15, 2)
        skins = [surface.picture(chance) for surface in self.surfaces]
        inks = nearby(self.colours, chance)
        sun = chance.normal(0, 1, 2)
        whole = self._mask(matrix, shift, None)
        scene = scene * (1 - 0.5 * chance.random() * _shadow(whole)[..., None])
        for part in self.parts:
            mask = self._mask(matrix, shift, part)[..., None]
            flat = np.ones((SIDE, SIDE, 3)) * inks[part.surface]
            skin = flat if part.width else skins[part.surface]
            scene = scene * (1 - mask) + np.clip(skin * _light(mask[..., 0], sun), 0, 1) * mask
        return _through_lens(scene, chance)

    def _mask(
        self, matrix: NDArray[np.float64], shift: NDArray[np.float64], part: Part | None
    ) -> Field:
        """Where a part is, or the whole body: 0 to 1."""
        image = Image.new("L", (SIDE * _FINE, SIDE * _FINE))
        pen = ImageDraw.Draw(image)
        half = SIDE * _FINE / 2
        for one in self.parts if part is None else (part,):
            places = (one.outline @ matrix.T + shift) * half + half
            points = [(float(x), float(y)) for x, y in places]
            if one.width:
                thick = one.width * abs(np.linalg.det(matrix)) ** 0.5 * half
                pen.line(points, fill=255, width=max(1, round(thick)), joint="curve")
            else:
                pen.polygon(points, fill=255)
        return np.asarray(image.resize((SIDE, SIDE), Image.Resampling.BOX)) / 255


def ground(chance: Generator) -> Field:
    """Something behind: a surface, a blurred one, a slope of two colours, or one colour."""
    match chance.integers(4):
        case 0:
            return Texture.drawn(chance).picture(chance)
        case 1:
            return _blurred(Texture.drawn(chance).picture(chance), chance.uniform(2, 6))
        case 2:
            x, y = grid()
            angle = chance.uniform(0, 6)
            share = (x * np.cos(angle) + y * np.sin(angle) + 1.4) / 2.8
            one, other = palette(chance, 2)
            slope = one * (1 - share[..., None]) + other * share[..., None]
            cloudy = slope + 0.08 * noise(chance, 1.2)[..., None]
            return np.asarray(np.clip(cloudy, 0, 1))
        case _:
            return np.asarray(np.ones((SIDE, SIDE, 3)) * palette(chance, 1)[0])


def _row(chance: Generator, count: int) -> list[Part]:
    """Blobs along a slightly bent axis, such as head, chest and belly."""
    places = np.linspace(-0.55, 0.55, count) if count > 1 else np.zeros(1)
    parts = []
    for at, place in enumerate(places):
        angles = np.linspace(0, 2 * np.pi, 40)
        radius = 1 + sum(
            chance.normal(0, 0.22 / k) * np.cos(k * angles + chance.uniform(0, 6))
            for k in range(2, 6)
        )
        size = chance.uniform(0.2, 0.5, 2) * (1.6 if count == 1 else 1)
        shape = np.stack([np.cos(angles), np.sin(angles)], 1) * np.asarray(radius)[:, None] * size
        centre = np.array([place, chance.normal(0, 0.12)])
        parts.append(Part(shape + centre, 0.0, at % 2))
    return parts


def _pair(chance: Generator) -> tuple[Part, Part]:
    """Two limbs, each the other's mirror image: legs, wings, horns, branches."""
    start = np.array([chance.uniform(-0.5, 0.5), 0.0])
    knee = start + np.array([chance.normal(0, 0.2), chance.uniform(0.2, 0.5)])
    foot = knee + np.array([chance.normal(0, 0.3), chance.uniform(0.0, 0.4)])
    line = np.stack([start, knee, foot])
    width = float(chance.choice([0.04, 0.07, 0.12, 0.3]))
    surface = int(chance.integers(2))
    return Part(line, width, surface), Part(line * np.array([1, -1]), width, surface)


def _light(mask: Field, sun: NDArray[np.float64]) -> Field:
    """Bright on the side of the sun, dark on the other, as on something round."""
    down, right = np.gradient(_blurred(mask, 5))
    shade = 1 - 6 * (right * sun[0] + down * sun[1])
    return np.asarray(np.clip(shade, 0.35, 1.6))[..., None]


def _shadow(mask: Field) -> Field:
    return _blurred(np.roll(mask, (3, 2), (0, 1)), 2)


def _through_lens(scene: Field, chance: Generator) -> Field:
    """A little out of focus, and with grain."""
    soft = _blurred(np.clip(scene, 0, 1), chance.uniform(0, 0.9))
    return np.clip(soft + noise(chance, 0.5)[..., None] * chance.uniform(0, 0.04), 0, 1)


def _blurred(picture: Field, radius: float) -> Field:
    image = Image.fromarray((picture * 255).astype(np.uint8))
    return np.asarray(image.filter(ImageFilter.GaussianBlur(radius)), dtype=np.float64) / 255
