"""Where a backbone looks: Grad-CAM."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.errors import InputError
from core.transfer.backbones import Backbone
from core.transfer.embed import evaluating
from core.transfer.head import Head
from core.transfer.preprocess import Picture, to_input


def grad_cam(
    backbone: Backbone, head: Head, picture: Picture, class_index: int
) -> NDArray[np.float32]:
    """Which places of a picture speak for a class (Selvaraju et al. 2017).

    Args:
        backbone: In evaluation mode.
        head: Behind it.
        picture: uint8 of shape (H, W, 3). The map is that of its middle, as `to_square` cuts it.
        class_index: The class, from 0.

    Returns:
        Shape (h, w) of the last maps, from 0 to 1: 1 where most speaks for the class. All 0 if
        nothing does.

    Raises:
        InputError: No such class, or a picture of another form.
    """
    found: NDArray[np.float32] = grad_cams(backbone, head, [picture], [class_index])[0]
    return found


def grad_cams(
    backbone: Backbone, head: Head, pictures: Sequence[Picture], class_indices: Sequence[int]
) -> NDArray[np.float32]:
    """Grad-CAM of several pictures at once, each for a class of its own: shape (B, h, w).

    Raises:
        InputError: No such class, or a picture of another form.
    """
    if len(pictures) != len(class_indices) or not pictures:
        raise InputError("Grad-CAM needs one class for each picture.")
    _check(head, class_indices)
    device = next(backbone.parameters()).device
    images = torch.stack([to_input(one, backbone.info) for one in pictures]).to(device)
    with evaluating(backbone), torch.no_grad():
        maps = backbone.maps(images)
    return cams_of(backbone, head, maps, class_indices)


def cams_of(
    backbone: Backbone, head: Head, maps: Tensor, class_indices: Sequence[int]
) -> NDArray[np.float32]:
    """Grad-CAM of pictures whose maps are known: shape (B, h, w).

    Args:
        backbone: Which has made the maps.
        head: Behind it.
        maps: Its last maps, shape (B, C, h, w).
        class_indices: A class for each picture.

    Raises:
        InputError: No such class.
    """
    _check(head, class_indices)
    gradient = _gradient(backbone, head, maps, class_indices)
    weights = gradient.mean((2, 3), keepdim=True)  # (B, C, 1, 1)
    found = (weights * maps).sum(1).relu()  # (B, h, w)
    largest = found.amax((1, 2), keepdim=True)
    scaled = torch.where(largest > 0, found / largest.clamp(min=1e-30), 0.0)
    return np.asarray(scaled.float().cpu().numpy())


def _check(head: Head, class_indices: Sequence[int]) -> None:
    if not all(0 <= one < len(head.bias) for one in class_indices):
        raise InputError(f"Classes are counted from 0 to {len(head.bias) - 1}.")


def _gradient(backbone: Backbone, head: Head, maps: Tensor, class_indices: Sequence[int]) -> Tensor:
    """The gradient (B, C, h, w) of each picture's class score by its maps."""
    maps = maps.detach().requires_grad_()
    with evaluating(backbone), torch.enable_grad():
        logits = head.logits(backbone.pooled(maps).cpu())
        # The pictures do not mix, so that one backward pass gives the gradient of each.
        chosen = logits[torch.arange(len(maps)), torch.tensor(class_indices)].sum()
        (gradient,) = torch.autograd.grad(chosen, maps)
    return gradient
