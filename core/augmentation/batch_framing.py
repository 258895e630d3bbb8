"""Random resized crops on a batch, each picture with its own section."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Generator, Tensor

from core.augmentation.spec import Values

_TRIES = 10  # sections that are tried for a picture before the middle is taken, as in torchvision


def framed(images: Tensor, values: Values, generator: Generator) -> Tensor:
    """As RandomResizedCrop to a side that is not below the picture's, with own sections.

    Args:
        images: Shape (B, C, H, W), no side longer than the result's.
        values: The settings of a step "resized_crop".
        generator: Where the chance comes from.
    """
    height, width = images.shape[2:]
    heights, widths = sections(len(images), height, width, values, generator)
    tops = (torch.rand(len(images), generator=generator) * (height - heights + 1)).floor()
    lefts = (torch.rand(len(images), generator=generator) * (width - widths + 1)).floor()
    return enlarged(images, torch.stack([tops, lefts, heights, widths], 1), values["size"])


def sections(
    count: int, height: int, width: int, values: Values, generator: Generator
) -> tuple[Tensor, Tensor]:
    """Heights and widths of the sections, whole numbers as float32 of shape (B,).

    Ten are drawn for each picture and the first that fits is taken; where none does, the largest
    one of an allowed form.
    """
    low, high = sorted((values["scale_min"], values["scale_max"]))
    flat, wide = values["ratio_min"], values["ratio_max"]
    areas = height * width * (low + torch.rand(count, _TRIES, generator=generator) * (high - low))
    logs = torch.rand(count, _TRIES, generator=generator) * math.log(wide / flat) + math.log(flat)
    widths, heights = (areas * logs.exp()).sqrt().round(), (areas / logs.exp()).sqrt().round()
    fits = (widths > 0) & (widths <= width) & (heights > 0) & (heights <= height)
    first = fits.int().argmax(1, keepdim=True)
    ratio = min(max(width / height, flat), wide)
    most_high, most_wide = round(min(height, width / ratio)), round(min(width, height * ratio))
    found = fits.any(1)
    return (
        torch.where(found, heights.gather(1, first)[:, 0], torch.tensor(float(most_high))),
        torch.where(found, widths.gather(1, first)[:, 0], torch.tensor(float(most_wide))),
    )


def enlarged(images: Tensor, boxes: Tensor, size: int) -> Tensor:
    """Cut a box out of each picture and scale it to size × size, with smooth values between.

    Args:
        images: Shape (B, C, H, W).
        boxes: Top, left, height and width in pixels, float32 of shape (B, 4); no longer than
            `size`.
        size: The side of the result.
    """
    height, width = images.shape[2:]
    middles = (torch.arange(size) + 0.5) / size
    places = []
    for at, side in ((0, height), (1, width)):
        start, length = boxes[:, at, None], boxes[:, at + 2, None]
        # Beyond the middle of the outermost pixels of the box there are only these.
        inside = (middles * length).clamp(min=0.5).minimum(length - 0.5)
        places.append((start + inside) * 2 / side - 1)
    rows, columns = places
    grid = torch.stack(
        [columns[:, None, :].expand(-1, size, -1), rows[:, :, None].expand(-1, -1, size)], -1
    )
    made = F.grid_sample(images.float(), grid, padding_mode="border", align_corners=False)
    return made if images.is_floating_point() else made.round().clamp(0, 255).to(images.dtype)
