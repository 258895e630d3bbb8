"""Looking into a network for pictures: its first filters and the maps of its layers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from core.training.evaluation import in_use

MOST_UNITS = 64


def first_filters(
    model: nn.Module, input_shape: tuple[int, ...], most: int = MOST_UNITS
) -> NDArray[np.float32] | None:
    """What the units of the first layer with weights look for.

    Args:
        model: The network.
        input_shape: Channels, height and width of its pictures.
        most: At most so many units, the first ones.

    Returns:
        Shape (units, C, H, W): kernels of a convolution, or the weights of a linear layer laid
        out as a picture. None if the first layer does not see the pictures themselves.
    """
    for module in model.modules():
        if isinstance(module, nn.Conv2d | nn.Linear):
            weights = module.weight.detach()[:most].float().cpu()
            if isinstance(module, nn.Linear):
                if weights.shape[1] != int(np.prod(input_shape)):
                    return None
                weights = weights.reshape(-1, *input_shape)
            return np.array(weights.numpy(), order="C")  # a copy: the next update changes them
    return None


def feature_maps(model: nn.Module, image: Tensor) -> dict[str, NDArray[np.float32]]:
    """What every layer makes of one picture.

    Args:
        model: The network; its layers are its children.
        image: Shape (C, H, W), normalised, on the device of the network.

    Returns:
        For each layer in order its output without the batch dimension: (channels, H, W), or
        (units,) where there is no picture any more.
    """
    with in_use(model), outputs(model) as found:
        model(image[None])
    return {name: value[0].float().cpu().numpy() for name, value in found.items()}


@contextmanager
def outputs(model: nn.Module) -> Iterator[dict[str, Tensor]]:
    """Collects the output of every child while the context is open."""
    found: dict[str, Tensor] = {}

    def note(name: str, value: Tensor) -> None:
        found[name] = value.detach().clone()

    hooks = [
        child.register_forward_hook(lambda _, __, value, name=name: note(name, value))
        for name, child in model.named_children()
    ]
    try:
        yield found
    finally:
        for hook in hooks:
            hook.remove()


def count_parameters(model: nn.Module) -> int:
    """How many numbers a network learns."""
    return sum(parameter.numel() for parameter in model.parameters())


def all_finite(model: nn.Module) -> bool:
    """Whether every weight and every running statistic is a finite number."""
    values = [*model.parameters(), *(b for b in model.buffers() if b.is_floating_point())]
    with torch.no_grad():
        return bool(torch.stack([value.isfinite().all() for value in values]).all())
