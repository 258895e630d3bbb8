"""Scikit-learn's handwritten digits, brought to the form of MNIST."""

from __future__ import annotations

import importlib

import torch
import torch.nn.functional as F
from torch import Tensor

from core.images.image_set import ImageSet

SIDE, INK = 28, 20
_FULL = 16.0


def read_digits() -> ImageSet:
    """All 1,797 digits: enlarged from 8×8 to 20×20 and centred by mass in 28×28.

    That is how MNIST's digits were made from larger ones, so that a network trained on either
    set can be tried on the other, and on digits drawn by hand.
    """
    # Imported on request: scikit-learn costs half a second, which a run on MNIST need not pay.
    bunch = importlib.import_module("sklearn.datasets").load_digits()
    small = torch.tensor(bunch.images, dtype=torch.float32)[:, None] / _FULL  # (N, 1, 8, 8)
    large = F.interpolate(small, size=(INK, INK), mode="bicubic").clamp(0, 1)
    inks = (large * 255).round().to(torch.uint8)[:, 0]  # (N, 20, 20)
    images = torch.zeros(len(large), 1, SIDE, SIDE, dtype=torch.uint8)
    for image, ink, top, left in zip(images, inks, *_corners(inks), strict=True):
        image[0, top : top + INK, left : left + INK] = ink
    labels = torch.tensor(bunch.target, dtype=torch.int64)
    return ImageSet(images, labels, tuple("0123456789"), "Small digits")


def _corners(inks: Tensor) -> list[list[int]]:
    """Where the upper left corners go so that the centre of mass is where MNIST has it.

    That is pixel 14 counted from 0, in both directions: the mean over its training digits.
    """
    weight = inks.float()
    places, total = torch.arange(INK), weight.sum((1, 2))
    centres = [(sums * places).sum(1) / total for sums in (weight.sum(2), weight.sum(1))]
    corners = [SIDE / 2 - centre.double() for centre in centres]
    return [corner.round().clamp(0, SIDE - INK).int().tolist() for corner in corners]
