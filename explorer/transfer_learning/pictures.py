"""Pictures on their way to the browser: thumbnails, and what a network looked at."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.transfer.preprocess import to_square
from core.transfer.sample import Picture, Sample
from explorer.augmentation.files import source

THUMB = 56
LARGE = 320
SEEN = 160
# Stops of the heat: nothing, then from violet over orange to light yellow.
_STOPS = np.array([0.0, 0.35, 0.7, 1.0])
_COLOURS = np.array([[91, 63, 209], [163, 60, 160], [240, 130, 60], [255, 240, 150]], float)
_STRONGEST = 0.72
LEVELS = 256  # of heat; for each, what is kept of the picture and what is added to it
_HEAT = np.linspace(0, 1, LEVELS)
_SHARE = _STRONGEST * _HEAT[:, None]
_KEPT = (1 - _SHARE).astype(np.float32)
_BLEND = np.stack([np.interp(_HEAT, _STOPS, _COLOURS[:, at]) for at in range(3)], 1)
_ADDED = (_SHARE * _BLEND).astype(np.float32)


MOST_THUMBS = 8000
_THUMBS: dict[str, str] = {}


def thumbnail(sample: Sample) -> str:
    """Return a small square of a picture, as an address that holds it."""
    known = _THUMBS.get(sample.digest)
    if known is None:
        known = source(to_square(sample.picture, THUMB, THUMB), THUMB)
        if len(_THUMBS) >= MOST_THUMBS:
            _THUMBS.clear()
        _THUMBS[sample.digest] = known
    return known


def large(picture: Picture) -> str:
    """Return a picture as an address that holds it, at most 320 pixels a side."""
    return source(picture, LARGE)


def seen(picture: Picture, cam: NDArray[np.float32] | None, side: int, shorter: int) -> str:
    """Return the square that a network sees, with a heat over it where it looked.

    Args:
        picture: uint8 of shape (H, W, 3).
        cam: 0 to 1, of shape (h, w); None leaves the heat out.
        side: Pixels of the network's input.
        shorter: To how many pixels the shorter side is scaled before the middle is cut out.
    """
    scale = SEEN / side
    square = to_square(picture, SEEN, round(shorter * scale))
    if cam is None:
        return source(square, SEEN)
    heat = Image.fromarray(cam.astype(np.float32)).resize((SEEN, SEEN), Image.Resampling.BICUBIC)
    return source(heated(square, np.asarray(heat).clip(0, 1)), SEEN)


def heated(square: Picture, heat: NDArray[np.float32]) -> Picture:
    """Return a picture with a heat over it: grey where nothing, coloured where much was seen."""
    grey = np.asarray(Image.fromarray(square).convert("L"), np.float32)[:, :, None]
    base = np.float32(0.55) * square + np.float32(0.45) * grey
    level = (heat * (LEVELS - 1)).round().astype(np.intp)
    return np.asarray((base * _KEPT[level] + _ADDED[level]).round(), np.uint8)
