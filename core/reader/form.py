"""The form of MNIST: ink fitted into 20×20, with strokes of its width, centred in 28×28."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from core.reader.pen import thinned

SIDE, INK = 28, 20
THINNEST, THICKEST = 1.5, 4.8  # the widths of 19 in 20 of MNIST's digits, in its pixels
_FINER = 4  # strokes are measured and changed on a grid of 80×80
_MIDDLE = 14  # where MNIST's centres of mass lie, rows and columns counted from 0
_Ink = NDArray[np.float32]


def formed(ink: _Ink) -> NDArray[np.uint8]:
    """Bring the ink inside its box to MNIST's form, as LeCun, Cortes and Burges describe it.

    The longer side becomes 20 pixels, the ratio stays, edges are smoothed by averaging; the
    centre of mass comes to the middle of 28×28, to whole pixels. Much thinner or thicker
    strokes than MNIST has are first brought to the edge of its range.

    Args:
        ink: 0 to 1, shape (h, w), cut out so that every side touches ink.

    Returns:
        Shape (28, 28), ink bright on black.
    """
    fitted = _fitted(_of_usual_width(ink), INK)
    mass = fitted.sum()
    page = np.zeros((SIDE, SIDE), dtype=np.uint8)
    if not mass:
        return page
    corner = []
    for axis, length in enumerate(fitted.shape):
        centre = float((fitted.sum(1 - axis) * np.arange(length)).sum() / mass)
        corner.append(min(max(math.floor(_MIDDLE - centre + 0.5), 0), SIDE - length))
    top, left = corner
    height, width = fitted.shape
    page[top : top + height, left : left + width] = np.round(fitted * 255).astype(np.uint8)
    return page


def stroke_width(ink: _Ink) -> float:
    """The mean width of the strokes in pixels: pixels of a stroke are a quarter of it inside."""
    inside = np.pad(_full(ink), 1)
    if not inside.any():
        return 0.0
    # The distance goes to the middle of the first empty pixel, half a pixel beyond the edge.
    return 4 * max(float(ndimage.distance_transform_edt(inside)[inside].mean()) - 0.5, 0.25)


def _full(ink: _Ink) -> NDArray[np.bool_]:
    """Where a stroke covers most of a pixel, or half as much as usual if all are thin."""
    return ink > min(0.5, 0.5 * float(np.percentile(ink[ink > 0], 90))) if ink.any() else ink > 0


def _of_usual_width(ink: _Ink) -> _Ink:
    """The same, or on a grid of 80×80 with thicker or thinner strokes."""
    fine = _fitted(ink, _FINER * INK)
    width = stroke_width(fine)
    usual = min(max(width, _FINER * THINNEST), _FINER * THICKEST)
    if not width or width == usual or min(fine.shape) < 2 or width > max(fine.shape) / 2:
        return ink  # nothing to change, or a dot, which has no strokes
    more = (usual - width) / 2
    fine = np.pad(fine, math.ceil(max(more, 0)) + 2)
    inside = _full(fine)
    out, deep = (ndimage.distance_transform_edt(mask) for mask in (~inside, inside))
    changed = np.clip(more + 0.5 - np.where(inside, 0.5 - deep, out - 0.5), 0, 1)
    if more < 0:  # nothing may come apart
        lines = ndimage.distance_transform_edt(~thinned(inside[None])[0])
        kept = np.clip(_FINER * THINNEST / 2 + 0.5 - lines, 0, 1)
        changed = np.maximum(changed, np.minimum(kept, fine))
    return cut(changed.astype(np.float32), 0.1)[0]


def cut(ink: _Ink, least: float) -> tuple[_Ink, tuple[int, int, int, int]]:
    """The part with ink of more than `least`, and its box: top, left, height, width."""
    top, left, height, width = box_of(ink > least)
    return ink[top : top + height, left : left + width], (top, left, height, width)


def box_of(mask: NDArray[np.bool_]) -> tuple[int, int, int, int]:
    """Top, left, height and width of what is True; all 0 if nothing is."""
    rows, columns = (np.flatnonzero(mask.any(axis)) for axis in (1, 0))
    if not len(rows):
        return 0, 0, 0, 0
    top, left = int(rows[0]), int(columns[0])
    return top, left, int(rows[-1]) + 1 - top, int(columns[-1]) + 1 - left


def _fitted(ink: _Ink, side: int) -> _Ink:
    """Scaled so that the longer side has `side` pixels; the shorter one is filled up evenly."""
    height, width = ink.shape
    scale = side / max(height, width)
    target = [max(math.ceil(length * scale - 1e-6), 1) for length in (height, width)]
    # The part of the page around the box that becomes whole pixels.
    rows, columns = (length / scale for length in target)
    margin = math.ceil(max(rows - height, columns - width) / 2) + 1
    page = Image.fromarray(np.pad(ink, margin))
    top, left = margin - (rows - height) / 2, margin - (columns - width) / 2
    scaled = page.resize(
        (target[1], target[0]),
        Image.Resampling.BOX if scale < 1 else Image.Resampling.BICUBIC,
        box=(left, top, left + columns, top + rows),
    )
    return np.clip(np.asarray(scaled, dtype=np.float32), 0, 1)
