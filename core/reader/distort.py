"""Digits as other people would have written them: turned, slanted, bent, thicker, smudged."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import torch
import torch.nn.functional as F
from torch import Generator, Tensor

from core.reader.pen import drawn

_KNOTS = 5


@dataclass(frozen=True)
class Distortion:
    """How far a digit is changed at most; many are changed far less.

    Attributes:
        turn: Degrees of rotation, either way.
        slant: Shear: by how much of the height the top goes sideways against the bottom.
        scale: Share by which height and width grow or shrink, each for itself.
        shift: Pixels, in each direction.
        bend: Pixels by which places go apart smoothly (elastic deformation).
        pen: Share of the digits drawn again with a pen of even width.
        widths: The thinnest and the thickest pen, in pixels.
        thicken: Share of the other digits whose strokes are made thicker or thinner.
        blur: Share of the digits with soft edges.
        noise: The largest standard deviation of noise, of an ink of 1.
        fade: How much weaker the ink may be, as a share.
    """

    turn: float = 12.0
    slant: float = 0.25
    scale: float = 0.15
    shift: float = 1.5
    bend: float = 1.2
    pen: float = 0.3
    widths: tuple[float, float] = (1.2, 4.2)
    thicken: float = 0.4
    blur: float = 0.2
    noise: float = 0.08
    fade: float = 0.25


def distorted(ink: Tensor, distance: Tensor, amount: Distortion, generator: Generator) -> Tensor:
    """New pictures of the same digits.

    Args:
        ink: The digits, float32 of shape (B, H, W), 0 to 1.
        distance: The distance to their middle lines, as `core.reader.pen.distances` gives it.
        amount: How far they are changed.
        generator: Where the chance comes from.

    Returns:
        float32 of shape (B, H, W), 0 to 1.
    """
    places = _places(len(ink), ink.shape[-1], amount, generator)
    far = distance.float().clamp(max=ink.shape[-1])
    both = torch.stack((ink, -far), 1)  # with the edge repeated, what comes in is far from ink
    ink, far = F.grid_sample(both, places, padding_mode="border", align_corners=False).unbind(1)
    chance = _uniform(len(ink), 4, generator)
    narrow, wide = amount.widths
    width = narrow + (wide - narrow) * _uniform(len(ink), 1, generator)[0]
    pen = chance[0] < amount.pen
    ink = torch.where(pen, drawn(-far, width), ink)
    ink = torch.where(~pen & (chance[1] < amount.thicken), _thicker(ink, generator), ink)
    ink = torch.where(chance[2] < amount.blur, _blurred(ink), ink)
    return _smudged(ink, amount, generator)


def _uniform(n: int, count: int, generator: Generator) -> Tensor:
    """Chances from 0 to 1 for each picture: shape (count, n, 1, 1)."""
    return torch.rand(count, n, 1, 1, generator=generator)


def _places(n: int, side: int, amount: Distortion, generator: Generator) -> Tensor:
    """Where each pixel of the new picture comes from: (n, side, side, 2), from −1 to 1."""
    strength = torch.rand(n, generator=generator)
    turn, slant, tall, wide, right, down = strength * (
        2 * torch.rand(6, n, generator=generator) - 1
    )
    angle = turn * math.radians(amount.turn)
    cos, sin = angle.cos(), angle.sin()
    wide, tall = (1 + amount.scale * share for share in (wide, tall))
    lean = slant * amount.slant
    right, down = (2 * amount.shift / side * share for share in (right, down))
    rows = (
        cos * wide,
        (lean * cos - sin) * tall,
        right,
        sin * wide,
        (lean * sin + cos) * tall,
        down,
    )
    matrix = torch.stack(rows, 1).reshape(n, 2, 3)
    places = F.affine_grid(matrix, [n, 1, side, side], align_corners=False)
    coarse = torch.randn(n, 2, _KNOTS, _KNOTS, generator=generator) * (amount.bend / side)
    smooth = _smooth(side)
    bend = smooth @ (coarse * strength[:, None, None, None]) @ smooth.T
    return places + bend.permute(0, 2, 3, 1)


@cache
def _smooth(side: int) -> Tensor:
    """From a few knots to every pixel between them, by cubics: shape (side, _KNOTS)."""
    knots = torch.eye(_KNOTS)[None, None]
    return F.interpolate(knots, (side, _KNOTS), mode="bicubic", align_corners=True)[0, 0]


def _thicker(ink: Tensor, generator: Generator) -> Tensor:
    """A random mixture with the strokes one pixel larger or smaller on every side."""
    share = 2 * _uniform(len(ink), 1, generator)[0] - 1
    sign = torch.where(share > 0, 1.0, -1.0)
    other = sign * _largest(_largest(sign * ink, 1), 2)
    return torch.lerp(ink, other, share.abs() * torch.where(share > 0, 1.0, 0.6))


def _largest(values: Tensor, dim: int) -> Tensor:
    """The largest of each value and its two neighbours along `dim`, faster than pooling."""
    last = values.shape[dim] - 1
    best = values.clone()
    for to, of in ((0, 1), (1, 0)):
        here = best.narrow(dim, to, last)
        torch.maximum(here, values.narrow(dim, of, last), out=here)
    return best


def _blurred(ink: Tensor) -> Tensor:
    """Each pixel mixed with its neighbours, weights 1, 2, 1 in each direction."""
    padded = F.pad(ink, (1, 1, 1, 1))
    rows = padded[:, :-2] + 2 * padded[:, 1:-1] + padded[:, 2:]
    return (rows[:, :, :-2] + 2 * rows[:, :, 1:-1] + rows[:, :, 2:]) / 16


def _smudged(ink: Tensor, amount: Distortion, generator: Generator) -> Tensor:
    """Weaker ink and some noise."""
    fade, noise = _uniform(len(ink), 2, generator)
    ink = ink * (1 - amount.fade * fade)
    if amount.noise:
        grain = torch.randn(ink.shape, generator=generator)
        ink = ink + grain * (amount.noise * noise.square())
    return ink.clamp(0, 1)
