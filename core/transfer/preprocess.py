"""From a picture of any size to what a backbone takes."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from core.errors import InputError
from core.transfer.backbone_info import BackboneInfo

Picture = NDArray[np.uint8]
_SHORTER = 256 / 224  # torchvision's usual margin around the middle that is cut out


def to_square(picture: Picture, side: int, shorter: int | None = None) -> Picture:
    """The middle of a picture as a square.

    The shorter side is scaled, without aliasing, and the middle is cut out: torchvision's
    way for ImageNet.

    Args:
        picture: uint8 of shape (H, W, 3), red, green, blue.
        side: Height and width of the result.
        shorter: To how many pixels the shorter side is scaled first, at least `side`; None
            takes the usual margin, 256 for 224.

    Returns:
        uint8 of shape (side, side, 3).

    Raises:
        InputError: Another shape or type.
    """
    if picture.dtype != np.uint8 or picture.ndim != 3 or picture.shape[2] != 3:
        raise InputError(
            "A picture has bytes of shape (height, width, 3); "
            f"got {picture.dtype} of shape {picture.shape}."
        )
    height, width = picture.shape[:2]
    if min(height, width) < 1:
        raise InputError("A picture has at least one pixel.")
    cut = min(height, width) * side / (shorter or round(side * _SHORTER))
    left, top = (width - cut) / 2, (height - cut) / 2
    image = Image.fromarray(np.ascontiguousarray(picture))
    box = (left, top, left + cut, top + cut)
    return np.array(image.resize((side, side), Image.Resampling.BILINEAR, box=box))


def normalised(squares: Tensor, info: BackboneInfo) -> Tensor:
    """Bytes as a backbone wants them.

    Args:
        squares: uint8 of shape (B, S, S, 3).
        info: Whose mean and spread count.

    Returns:
        float32 of shape (B, 3, S, S), with the channels last in memory, as convolutions like
        it on a CPU.
    """
    mean, std = torch.tensor(info.mean) * 255, torch.tensor(info.std) * 255
    return ((squares - mean) / std).permute(0, 3, 1, 2)


def placed_last(images: Tensor, info: BackboneInfo) -> Tensor:
    """Pictures from 0 to 1 as a backbone wants them.

    Args:
        images: float32 of shape (B, 3, S, S), 0 to 1.
        info: Whose mean and spread count.

    Returns:
        The same, normalised, with the channels last in memory.
    """
    mean, std = (
        torch.tensor(numbers, device=images.device).view(3, 1, 1)
        for numbers in (info.mean, info.std)
    )
    return ((images - mean) / std).contiguous(memory_format=torch.channels_last)


def to_input(picture: Picture, info: BackboneInfo) -> Tensor:
    """One picture as a backbone wants it.

    Args:
        picture: uint8 of shape (H, W, 3).
        info: Which backbone.

    Returns:
        float32 of shape (3, S, S).

    Raises:
        InputError: Another shape or type.
    """
    square = torch.from_numpy(to_square(picture, info.side, info.shorter))
    return normalised(square[None], info)[0]
