"""Colour jitter on a batch, each picture with its own factors and its own order."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Generator, Tensor

from core.augmentation.spec import Values

_GREY = (0.2989, 0.587, 0.114)  # the weights of red, green and blue in torchvision


def jittered(images: Tensor, values: Values, generator: Generator) -> Tensor:
    """As ColorJitter without hue, with factors and an order of its own for every picture.

    Args:
        images: uint8 of shape (B, 1 or 3, H, W).
        values: The settings of a step "jitter".
        generator: Where the chance comes from.
    """
    names = [name for name in CHANGES if values[name]]
    count = len(images)
    factors = {
        name: 1 + (torch.rand(count, generator=generator) * 2 - 1) * values[name] for name in names
    }
    order = torch.rand(count, len(names), generator=generator).argsort(1)
    result = images.clone()
    for place in range(len(names)):
        for number, name in enumerate(names):
            chosen = order[:, place] == number
            if chosen.any():
                change = CHANGES[name]
                result[chosen] = change(result[chosen], factors[name][chosen])
    return result


def brightened(images: Tensor, factors: Tensor) -> Tensor:
    """Each picture times its factor."""
    return (images * factors.view(-1, 1, 1, 1)).clamp_(0, 255).to(torch.uint8)


def contrasted(images: Tensor, factors: Tensor) -> Tensor:
    """Each picture away from its mean grey level, or towards it for a factor below 1."""
    return _blended(images, _grey(images).mean((1, 2, 3), keepdim=True), factors)


def saturated(images: Tensor, factors: Tensor) -> Tensor:
    """Each pixel away from its grey level, or towards it; grey pictures stay as they are."""
    return images if images.shape[1] == 1 else _blended(images, _grey(images), factors)


CHANGES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "brightness": brightened,
    "contrast": contrasted,
    "saturation": saturated,
}


def _grey(images: Tensor) -> Tensor:
    """The grey levels as whole numbers, float32 of shape (B, 1, H, W)."""
    if images.shape[1] == 1:
        return images.float()
    weights = torch.tensor(_GREY).view(1, 3, 1, 1)
    return (images * weights).sum(1, keepdim=True).floor_()


def _blended(images: Tensor, other: Tensor, factors: Tensor) -> Tensor:
    shares = factors.view(-1, 1, 1, 1)
    return (images * shares + other * (1 - shares)).clamp_(0, 255).to(torch.uint8)
