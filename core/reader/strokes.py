"""Which pieces of ink belong to the digit: not specks, not the edge of the page, not blots."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

_Mask = NDArray[np.bool_]
_SPECK = 0.03  # of the area of the largest piece
_FEW = 12  # pieces that one may mean to draw
_NEAR = 0.5  # of the longer side of the digit so far
_ALONG = 0.12  # of the circumference: with more at the border, a piece is a margin
_TOUCHING = np.ones((3, 3), dtype=int)


def digit_pieces(ink: _Mask, clean: bool, to_border: bool) -> _Mask:
    """The pieces of ink that make up the digit.

    Args:
        ink: True where there is ink, shape (H, W).
        clean: True for a picture without noise: even its smallest pieces were meant.
        to_border: Whether a piece of the digit may touch the border of the picture.

    Returns:
        The mask of the same shape with the other pieces taken out.
    """
    labels, count = ndimage.label(ink, structure=_TOUCHING)
    if not count or (count == 1 and to_border):
        return ink
    areas = np.bincount(labels.ravel())[1:]
    boxes = [_box(found) for found in ndimage.find_objects(labels)]
    most = _ALONG * 2 * sum(ink.shape) if to_border else 0
    inner = [number for number in range(count) if _touching(labels, boxes, number) <= most]
    # A margin is no digit, but a digit may fill its picture: it stays if nothing else is there.
    largest = max((areas[number] for number in inner), default=0)
    if to_border and largest < _SPECK * areas.max() / 2:
        inner = list(range(count))
        largest = areas.max()
    if not inner:
        return np.zeros_like(ink)
    least = 0 if clean and count <= _FEW else _SPECK * largest
    order = sorted(inner, key=lambda number: -areas[number])
    chosen = np.zeros(count + 1, dtype=bool)
    whole = boxes[order[0]]
    for number in order:
        if areas[number] >= least and _gap(whole, boxes[number]) <= _NEAR * _longer(whole):
            chosen[number + 1] = True
            whole = _around(whole, boxes[number])
    mask: _Mask = chosen[labels]
    return mask


_Box = tuple[int, int, int, int]  # top, left, bottom, right


def _box(found: tuple[slice, slice]) -> _Box:
    rows, columns = found
    return rows.start, columns.start, rows.stop, columns.stop


def _longer(box: _Box) -> int:
    return max(box[2] - box[0], box[3] - box[1])


def _around(one: _Box, other: _Box) -> _Box:
    return (
        *(min(pair) for pair in zip(one[:2], other[:2], strict=True)),
        *(max(pair) for pair in zip(one[2:], other[2:], strict=True)),
    )  # type: ignore[return-value]


def _gap(one: _Box, other: _Box) -> int:
    """How far two boxes are apart, in the direction in which they are farther."""
    down = max(one[0] - other[2], other[0] - one[2], 0)
    right = max(one[1] - other[3], other[1] - one[3], 0)
    return max(down, right)


def _touching(labels: NDArray[np.int32], boxes: list[_Box], number: int) -> int:
    """How many pixels of a piece lie at the border of the picture; a margin has many."""
    height, width = labels.shape
    top, left, bottom, right = boxes[number]
    if top > 0 and left > 0 and bottom < height and right < width:
        return 0
    sides = (labels[0], labels[-1], labels[1:-1, 0], labels[1:-1, -1])
    return sum(int((side == number + 1).sum()) for side in sides)
