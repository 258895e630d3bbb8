"""Digits as a pen would draw them: the middle of every stroke, and how far a pixel is from it."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from scipy import ndimage
from torch import Tensor

_FINER = 2  # the middle is sought on a grid twice as fine
_CHUNK = 2000
_AROUND = ((-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1))


def distances(images: Tensor) -> Tensor:
    """How far each pixel is from the middle line of the nearest stroke.

    From it a digit can be drawn again with a pen of any width: `drawn`.

    Args:
        images: The digits, uint8 of shape (N, H, W), ink bright.

    Returns:
        float16 of shape (N, H, W), in pixels; `inf` everywhere for a picture without ink.
    """
    return torch.cat([_distances(chunk) for chunk in torch.split(images, _CHUNK)])


def drawn(distance: Tensor, width: Tensor) -> Tensor:
    """Strokes of one width, with soft edges of one pixel.

    Args:
        distance: As `distances` gives it, shape (N, ...).
        width: The width of the pen in pixels, broadcast to `distance`.

    Returns:
        Ink from 0 to 1, of the shape of `distance`.
    """
    return (width / 2 - distance + 0.5).clamp(0, 1)


def thinned(ink: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Strokes as lines of one pixel, by the method of Zhang and Suen (1984).

    Pixels of the edge are taken off, from two sides in turn, as long as nothing comes apart
    and no end gets shorter.

    Args:
        ink: True where there is ink, shape (N, H, W). The outermost pixels count as empty.

    Returns:
        bool of the same shape.
    """
    height, width = ink.shape[1:]
    flat = np.zeros_like(ink)
    flat[:, 1:-1, 1:-1] = ink[:, 1:-1, 1:-1]
    flat = flat.reshape(-1)
    steps = [down * width + right for down, right in _AROUND]
    left = np.flatnonzero(flat)
    went = 1
    while went:
        went = 0
        for loose in _LOOSE:
            code = np.zeros(len(left), dtype=np.uint8)
            for bit, step in enumerate(steps):
                code |= flat[left + step].view(np.uint8) << bit
            goes = loose[code]
            flat[left[goes]] = False
            left = left[~goes]
            went += int(goes.sum())
    return flat.reshape(-1, height, width)


def _loose(side: int) -> NDArray[np.bool_]:
    """For each of the 256 surroundings whether the pixel may go, from the one side or the other."""
    ring = (np.arange(256)[:, None] >> np.arange(8) & 1).astype(bool)  # (256, 8), north first
    turns = (~ring & np.roll(ring, -1, axis=1)).sum(1)
    count = ring.sum(1)
    north, east, south, west = ring[:, ::2].T
    if side == 0:
        bounded = (north & east & south) | (east & south & west)
    else:
        bounded = (north & east & west) | (north & south & west)
    goes: NDArray[np.bool_] = (count >= 2) & (count <= 6) & (turns == 1) & ~bounded
    return goes


_LOOSE = (_loose(0), _loose(1))


def _distances(images: Tensor) -> Tensor:
    finer = F.interpolate(images[:, None].float(), scale_factor=_FINER, mode="bilinear")
    lines = thinned((finer[:, 0] > 127).numpy())
    found = np.full(images.shape, np.inf, dtype=np.float16)
    for line, distance in zip(lines, found, strict=True):
        if line.any():
            exact = ndimage.distance_transform_edt(~line) / _FINER
            distance[:] = exact.reshape(distance.shape[0], _FINER, -1, _FINER).mean((1, 3))
    return torch.from_numpy(found)
