"""Any picture of a digit, drawn or photographed, as one that could have come from MNIST."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from core.errors import InputError
from core.reader.form import SIDE, box_of, cut, formed
from core.reader.ground import Ink, ink_on_ground
from core.reader.strokes import digit_pieces

_WORKING = 800  # pixels of the longer side; a larger picture is first reduced
_GREY = np.array([0.299, 0.587, 0.114], dtype=np.float32)  # ITU-R BT.601
_FAINTEST = 0.12  # of the ground's brightness: less is no ink
_FAINTEST_CLEAN = 0.03  # in a picture without noise
_CLEAN = 0.002
_PAD_LEAST = 0.05
_FULL, _FULL_CLEAN = 80, 95  # percentile of the ink that counts as full
_EDGE = 0.06  # of the digit, a little more than a pixel of MNIST: how wide soft edges are
_TOUCHING = np.ones((3, 3), dtype=bool)


@dataclass(frozen=True, eq=False)
class Prepared:
    """A digit as the network sees it.

    Attributes:
        pixels: uint8 of shape (28, 28), ink bright on black.
        box: Where the ink lies in the picture: top, left, height, width in its pixels.
        turned: True if the ink was darker than the ground, so that light and dark were turned.
        empty: True if there is no ink; the pixels are all 0.
    """

    pixels: NDArray[np.uint8]
    box: tuple[int, int, int, int]
    turned: bool
    empty: bool


def as_mnist(picture: NDArray[np.uint8]) -> Prepared:
    """Find the digit in a picture and bring it to MNIST's form.

    Whether ink or ground is lighter is found from the border; uneven light, noise, specks and
    the edges of the page are taken off. What is left is brought to 28×28 by
    `core.reader.form.formed`.

    Args:
        picture: Grey of shape (H, W), or with colours (H, W, 3), or also opacity (H, W, 4);
            of any size from 1×1.

    Raises:
        InputError: Another shape or type.
    """
    reduced, steps = _reduced(_checked(picture))
    grey = _grey(reduced)
    ink = ink_on_ground(grey)
    found = _found(ink)
    page = _page(ink.share)
    if not found.empty and page is not None:
        top, left, height, width = page
        second = _found(ink_on_ground(grey[top : top + height, left : left + width]))
        if not second.empty:
            box = (second.box[0] + top, second.box[1] + left, *second.box[2:])
            found = Prepared(second.pixels, box, second.turned, False)
    (down, right), (y, x, height, width) = steps, found.box
    box = (y * down, x * right, height * down, width * right)
    return Prepared(found.pixels, box, found.turned, found.empty)


def from_strokes(ink: NDArray[np.uint8]) -> Prepared:
    """The fast way for the drawing pad, where it is known what is ink: 0 is none, 255 full.

    Args:
        ink: Shape (H, W), for example (280, 280).

    Raises:
        InputError: Another shape or type.
    """
    if ink.ndim != 2 or ink.dtype != np.uint8 or not ink.size:
        raise InputError(
            f"The pad gives bytes of shape (height, width), not {ink.dtype} of {ink.shape}."
        )
    inner, box = cut(ink.astype(np.float32) / np.float32(255), _PAD_LEAST)
    if not inner.size:
        return _nothing()
    return Prepared(formed(inner), box, False, False)


def _nothing() -> Prepared:
    return Prepared(np.zeros((SIDE, SIDE), dtype=np.uint8), (0, 0, 0, 0), False, True)


def _checked(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The picture with a third dimension."""
    if picture.ndim == 2:
        picture = picture[:, :, None]
    if picture.dtype != np.uint8 or picture.ndim != 3 or picture.shape[2] not in (1, 3, 4):
        raise InputError(
            "A picture has bytes of shape (height, width), or with 3 or 4 channels; "
            f"got {picture.dtype} of shape {picture.shape}."
        )
    if not picture.size:
        raise InputError("This picture has no pixels. Choose another one.")
    return picture


def _reduced(picture: NDArray[np.uint8]) -> tuple[NDArray[np.float32], tuple[int, int]]:
    """At most 800 pixels long, by averaging, and how many pixels became one."""
    step = -(-max(picture.shape[:2]) // _WORKING)
    steps = min(step, picture.shape[0]), min(step, picture.shape[1])
    if step == 1:
        return picture.astype(np.float32), steps
    # Of very large pictures every second, third … pixel is enough for the average.
    skip = max(1, step // 4)
    rows, columns = (length // size for length, size in zip(picture.shape, steps, strict=False))
    whole = picture[: rows * steps[0], : columns * steps[1]]
    split = whole.reshape(rows, steps[0], columns, steps[1], -1)[:, ::skip, :, ::skip]
    return split.mean((1, 3), dtype=np.float32).astype(np.float32), steps


def _grey(picture: NDArray[np.float32]) -> NDArray[np.float32]:
    """One brightness for each pixel; what is transparent gets the ground on which it is seen."""
    if picture.shape[2] == 1:
        return picture[:, :, 0]
    grey: NDArray[np.float32] = picture[:, :, :3] @ _GREY
    if picture.shape[2] == 3:
        return grey
    opacity = picture[:, :, 3] / 255
    seen = float((grey * opacity).sum()) / max(float(opacity.sum()), 1.0)
    ground = 0.0 if seen > 127 else 255.0  # light ink without ground was drawn on a dark one
    return (grey * opacity + ground * (1 - opacity)).astype(np.float32)


def _found(found: Ink) -> Prepared:
    """The digit in a picture of working size."""
    ink, noise = found.share, found.noise
    clean = noise < _CLEAN
    faintest = _FAINTEST_CLEAN if clean else max(_FAINTEST, 6 * noise)
    top = float(ink.max(initial=0))
    if top < faintest:
        return _nothing()
    digit = digit_pieces(ink > max(0.3 * top, faintest / 2), clean, found.even)
    if not digit.any():
        return _nothing()
    strong = ink[digit & (ink > 0.5 * ink[digit].max())]
    level = float(np.percentile(strong, _FULL_CLEAN if clean else _FULL))
    # Once more at the level of this ink: something much darker may have been in the picture.
    again = digit_pieces(ink > 0.4 * level, clean, found.even)
    least = 0.04 * level if clean else max(0.25 * level, 3 * noise)
    share = _shares(ink, again if again.any() else digit, least, level if clean else 0.9 * level)
    inner, box = cut(share, least / level / 2)
    return Prepared(formed(inner), box, found.darker, False) if inner.size else _nothing()


def _shares(
    ink: NDArray[np.float32], digit: NDArray[np.bool_], least: float, full: float
) -> NDArray[np.float32]:
    """The ink of the digit alone as a share of a full stroke, with its soft edges."""
    far = max(2, round(_EDGE * max(box_of(digit)[2:])))
    around = ndimage.binary_dilation(digit, _TOUCHING, far, mask=ink > least)
    share = (ink - least / 2) / (full - least / 2)
    return np.where(around, share, 0).clip(0, 1).astype(np.float32)


def _page(ink: NDArray[np.float32]) -> tuple[int, int, int, int] | None:
    """The inside of a page that lies on a table of another brightness, if there is one.

    Returns:
        Top, left, height, width; None if what differs from the ground is no page.
    """
    labels, count = ndimage.label(ink > 0.4 * max(float(ink.max(initial=0)), _FAINTEST))
    if not count:
        return None
    piece = labels == 1 + int(np.bincount(labels.ravel())[1:].argmax())
    filled = ndimage.binary_fill_holes(piece)
    top, left, height, width = box_of(filled)
    solid = filled.sum() >= 0.82 * height * width and piece.sum() >= 0.7 * filled.sum()
    if not solid or min(height, width) < 30 or height * width < 0.2 * ink.size:
        return None
    edge = round(0.04 * min(height, width)) + 1
    return top + edge, left + edge, height - 2 * edge, width - 2 * edge
