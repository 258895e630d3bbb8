"""Every picture looks different each time: place, size, turn, colour, light, ground, noise."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Generator, Tensor

from core.transfer.pretraining.pools import Pool


@dataclass(frozen=True)
class Freedom:
    """How far the pictures of one kind may be changed.

    Attributes:
        smallest: The smallest part of the side that a view shows.
        largest: The largest; above 1 there is a border.
        turn: Degrees to either side.
        flip: Whether left and right may change places.
        stretch: How much width and height may differ, as a logarithm.
        light: How far colours and light may change, of 1.
    """

    smallest: float
    largest: float
    turn: float
    flip: bool
    stretch: float
    light: float = 1.0


LIGHT = 0.8  # of coloured pictures: their colours have to tell something
FREEDOMS = {
    "ink": Freedom(0.75, 1.7, 14, False, 0.15),
    "clothes": Freedom(0.8, 1.5, 12, True, 0.12),
    "grey": Freedom(0.75, 1.15, 12, False, 0.12),
    "photo": Freedom(0.3, 0.9, 20, True, 0.25, LIGHT),
    "surface": Freedom(0.35, 1.0, 180, True, 0.1, LIGHT),
    "thing": Freedom(0.6, 1.1, 45, True, 0.2, LIGHT),
    "scene": Freedom(0.45, 1.0, 30, True, 0.2, LIGHT),
}


def views(pool: Pool, which: Tensor, side: int, grounds: Tensor, generator: Generator) -> Tensor:
    """Some pictures of a pool, changed.

    Args:
        pool: Where they are from.
        which: Their numbers, int64 of shape (B,).
        side: Height and width of the result.
        grounds: uint8 of shape (M, 3, H, W): surfaces on which ink may stand.
        generator: Where the chance comes from.

    Returns:
        float32 of shape (B, 3, side, side), 0 to 1.
    """
    images = pool.images[which].float() / 255
    moved = _moved(images, FREEDOMS[pool.kind], side, generator)
    if pool.kind in ("ink", "clothes"):
        moved = _inked(moved, pool.kind == "clothes", grounds, generator)
    elif moved.shape[1] == 1:
        moved = moved.expand(-1, 3, -1, -1)
    worn = _worn(moved, generator)
    return torch.lerp(worn, _lit(worn, generator), FREEDOMS[pool.kind].light)


def _moved(images: Tensor, freedom: Freedom, side: int, generator: Generator) -> Tensor:
    count = len(images)
    sizes = _between(count, freedom.smallest, freedom.largest, generator)
    ratio = torch.exp(_about(count, freedom.stretch, generator))
    angle = _about(count, math.radians(freedom.turn), generator)
    flip = _coin(count, 0.5, generator) * -2 + 1 if freedom.flip else torch.ones_like(sizes)
    room = (1 - sizes).abs()
    matrix = torch.zeros(count, 2, 3, device=generator.device)
    matrix[:, 0, 0], matrix[:, 0, 1] = sizes * ratio * angle.cos() * flip, -sizes * angle.sin()
    matrix[:, 1, 0], matrix[:, 1, 1] = sizes * angle.sin() * flip, sizes / ratio * angle.cos()
    matrix[:, 0, 2] = _about(count, 1.0, generator) * (room + 0.05)
    matrix[:, 1, 2] = _about(count, 1.0, generator) * (room + 0.05)
    grid = F.affine_grid(matrix, [count, images.shape[1], side, side], align_corners=False)
    border = "zeros" if images.shape[1] == 1 else "reflection"
    return F.grid_sample(images, grid, padding_mode=border, align_corners=False)


def _inked(ink: Tensor, shaded: bool, grounds: Tensor, generator: Generator) -> Tensor:
    """Ink in some colour on some ground; clothes keep their own shades."""
    count, side = len(ink), ink.shape[-1]
    one, other = (_chance(generator, count, 3, 1, 1) for _ in range(2))
    grey = _coin(count, 0.5, generator).view(-1, 1, 1, 1)  # as often black and white
    dark = _coin(count, 0.6, generator).view(-1, 1, 1, 1)
    near = 0.12 * _chance(generator, count, 1, 1, 1)
    pen = torch.where(grey > 0, dark * near + (1 - dark) * (1 - near), one)
    paper = torch.where(grey > 0, dark * (1 - near) + (1 - dark) * near, other)
    close = (pen - paper).abs().amax(1, keepdim=True) < 0.35
    paper = torch.where(close, (pen + 0.5) % 1, paper).expand(-1, -1, side, side)
    if len(grounds):
        where = generator.device
        which = torch.randint(len(grounds), (count,), generator=generator, device=where)
        real = F.interpolate(grounds[which].float() / 255, size=(side, side), mode="bilinear")
        some = _coin(count, 0.2, generator).view(-1, 1, 1, 1) * 0.8
        paper = paper * (1 - some) + real * some
    if not shaded:
        return pen * ink + paper * (1 - ink)
    there = (ink * 6).clamp(max=1)
    tint = torch.where(grey > 0, torch.ones_like(one), 0.4 + 0.6 * one)
    return ink * tint * there + paper * (1 - there)


def _worn(images: Tensor, generator: Generator) -> Tensor:
    """Some pictures blurred, some with a patch that is missing."""
    count, side = len(images), images.shape[-1]
    blurred = F.avg_pool2d(images, 3, 1, 1, count_include_pad=False)
    some = (_coin(count, 0.2, generator) * _chance(generator, count))[:, None]
    images = torch.lerp(images, blurred, some[..., None, None])
    middle = _chance(generator, count, 2, 1)
    half = _coin(count, 0.25, generator)[:, None] * _between(count, 0.08, 0.2, generator)[:, None]
    line = torch.linspace(0, 1, side, device=images.device)
    rows, columns = ((line - middle[:, at]).abs() < half for at in range(2))
    hole = (rows[:, :, None] & columns[:, None, :])[:, None]
    return torch.where(hole, images.mean((2, 3), keepdim=True), images)


def _lit(images: Tensor, generator: Generator) -> Tensor:
    """Other colours, contrast and light, sometimes grey or with noise."""
    count = len(images)
    grey = images.mean(1, keepdim=True)
    colour = _between(count, 0.4, 1.6, generator) * (1 - _coin(count, 0.1, generator))
    images = grey + (images - grey) * colour.view(-1, 1, 1, 1)
    where = images.device
    turned = torch.randn(count, 3, 3, generator=generator, device=where)
    mixed = torch.eye(3, device=where) + 0.08 * turned
    images = torch.einsum("bij,bjhw->bihw", mixed, images)
    mean = images.mean((1, 2, 3), keepdim=True)
    contrast = _between(count, 0.6, 1.4, generator).view(-1, 1, 1, 1)
    light = _about(count, 0.2, generator).view(-1, 1, 1, 1)
    images = mean + (images - mean) * contrast + light
    strength = _coin(count, 0.3, generator) * _between(count, 0, 0.06, generator)
    grain = torch.randn(images.shape, generator=generator, device=where)
    grain = grain * strength.view(-1, 1, 1, 1)
    return (images + grain).clamp(0, 1)


def cut_mixed(images: Tensor, generator: Generator) -> tuple[Tensor, Tensor, float]:
    """CutMix (Yun et al. 2019): a rectangle of every picture comes from another one.

    Returns:
        The pictures, the numbers of the others, and the share that is a picture's own.
    """
    side, other = images.shape[-1], torch.randperm(len(images), generator=generator)
    other = other.to(images.device, non_blocking=True)
    size = round(side * math.sqrt(torch.rand(1, generator=generator).item()))
    top, left = torch.randint(side - size + 1, (2,), generator=generator).tolist()
    mixed = images.clone()
    where = (..., slice(top, top + size), slice(left, left + size))
    mixed[where] = images[other][where]
    return mixed, other, 1 - (size / side) ** 2


def _coin(count: int, share: float, generator: Generator) -> Tensor:
    """1.0 for a share of the pictures, 0.0 for the others."""
    return (_chance(generator, count) < share).float()


def _between(count: int, low: float, high: float, generator: Generator) -> Tensor:
    return low + (high - low) * _chance(generator, count)


def _about(count: int, most: float, generator: Generator) -> Tensor:
    return _between(count, -most, most, generator)


def _chance(generator: Generator, *shape: int) -> Tensor:
    """Numbers from 0 to 1, where the generator is."""
    return torch.rand(shape, generator=generator, device=generator.device)
