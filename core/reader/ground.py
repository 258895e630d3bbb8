"""What of a picture is ink: the ground is taken off, with its light, its noise and its shadows."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

_Grey = NDArray[np.float32]
_FRAME = 0.04  # share of the sides that counts as the border of a picture
_EVEN = 0.12  # a border that varies by less, of the contrast, is evenly lit
_WINDOW = 0.12  # of the longer side; strokes are narrower, and shadows wider
_QUIET = 0.012  # noise below this needs no smoothing
_NOISE_SPREAD = 2.56  # from the 10th to the 90th percentile of a normal distribution
_DARK = 48  # a ground darker than this counts as this dark
_SMALLEST = 8  # pixels of a side; what is smaller has an even ground


@dataclass(frozen=True, eq=False)
class Ink:
    """What was found on the ground.

    Attributes:
        share: How much darker or lighter than the ground each pixel is, as a share of the
            ground's brightness: about −0.1 to 1, shape (H, W), noise smoothed.
        darker: True if the ink is darker than the ground.
        noise: The standard deviation of the noise that is left.
        even: False where light or shadow had to be told from ink by their width; then what
            touches the border is more likely a shadow.
    """

    share: _Grey
    darker: bool
    noise: float
    even: bool = True


def ink_on_ground(grey: _Grey) -> Ink:
    """How much darker or lighter than the ground each pixel is.

    The border is ground: a smooth surface through it is the light on the ground, and ink is
    what differs from it. Where the border is no smooth surface, because of a shadow or the edge
    of a page, ink is what is narrower than an eighth of the picture and darker, or lighter,
    than what lies around it.

    Args:
        grey: The picture, 0 to 255, shape (H, W).
    """
    ground, spread = _light(grey)
    contrast = float(np.abs(grey - ground).max())
    if contrast == 0:
        return Ink(np.zeros(grey.shape, dtype=np.float32), False, 0.0)
    noise = _noise(grey)
    even = spread <= math.hypot(_EVEN * contrast, _NOISE_SPREAD * noise)
    if even:
        darker = _weight(ground - grey) > _weight(grey - ground)
    else:
        light, dark = _painted_over(grey), 255 - _painted_over(255 - grey)
        darker = _weight(light - grey) > _weight(grey - dark)
        ground = light if darker else dark
    share = (ground - grey) / np.maximum(ground, _DARK)
    if not darker:
        share = (grey - ground) / np.maximum(255 - ground, _DARK)
    return _smoothed(Ink(share.astype(np.float32), darker, noise / 255, even))


def _weight(ink: _Grey) -> float:
    """How much ink there is; what differs clearly counts far more than what differs a little."""
    return float(np.sum((np.maximum(ink, 0) / 255) ** 5, dtype=np.float64))


def _smoothed(ink: Ink) -> Ink:
    """The same with less noise, if there is any that matters."""
    if ink.noise < _QUIET:
        return ink
    blur = 1.0 if ink.noise < 0.05 else 1.6
    smooth = ndimage.gaussian_filter(ink.share, blur)
    # The ground found from a noisy picture is a little too bright: its own level is zero.
    left = ink.noise / (2 * math.sqrt(math.pi) * blur)
    return Ink(smooth - np.median(smooth), ink.darker, left, ink.even)


def _light(grey: _Grey) -> tuple[_Grey, float]:
    """The light on the ground as a smooth surface through the border, and how far it is off.

    Returns:
        A surface of second degree, shape (H, W), and the spread of the border around it.
    """
    height, width = grey.shape
    frame = max(1, round(_FRAME * min(height, width)))
    border = np.ones((height, width), dtype=bool)
    border[frame:-frame, frame:-frame] = False
    values = grey[border]
    terms = _terms(height, width)
    bordering = terms[:, border].T
    surface = np.array([np.median(values), 0, 0, 0, 0, 0], dtype=np.float32)
    for _ in range(5):  # each time without what touches the border
        off = np.abs(values - bordering @ surface)
        near = off <= max(3 * float(np.median(off)), 2.0)
        if min(height, width) < _SMALLEST:
            break
        surface = np.linalg.lstsq(bordering[near], values[near], rcond=None)[0]
    low, high = np.percentile(values - bordering @ surface, (10, 90))
    return np.tensordot(surface, terms, 1), float(high - low)


def _terms(height: int, width: int) -> _Grey:
    """1, y, x, y², xy, x² at every pixel, with y and x from −1 to 1: shape (6, H, W)."""
    lines = (np.linspace(-1, 1, length, dtype=np.float32) for length in (height, width))
    y, x = np.meshgrid(*lines, indexing="ij")
    return np.stack((np.ones_like(x), y, x, y * y, x * y, x * x))


def _painted_over(paper: _Grey) -> _Grey:
    """The ground alone: dark strokes are painted over with the brightness around them."""
    window = max(3, round(_WINDOW * max(paper.shape)))
    smooth = ndimage.uniform_filter(paper, 3, mode="nearest")
    ground: _Grey = ndimage.grey_closing(smooth, size=(window, window), mode="nearest")
    return np.maximum(ground, paper)


def _noise(grey: _Grey) -> float:
    """The standard deviation of the noise, from the differences between neighbours."""
    if min(grey.shape) < 2:
        return 0.0
    across = np.abs(np.diff(grey, axis=1))
    return float(np.median(across)) / (0.6745 * math.sqrt(2))
