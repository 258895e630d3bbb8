"""Features of many pictures at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import torch
from torch import Tensor

from core.transfer.architectures import Backbone
from core.transfer.preprocess import Picture, normalised, to_square

Progress = Callable[[int, int], None]


def embed(
    backbone: Backbone,
    pictures: Sequence[Picture],
    *,
    batch_size: int = 64,
    progress: Progress | None = None,
) -> Tensor:
    """What a backbone makes of pictures; it does not change.

    Args:
        backbone: Used as it is, on the device where it is, in its evaluation mode.
        pictures: uint8 of shape (H, W, 3) each, of any sizes.
        batch_size: How many go through it at once.
        progress: Called after every batch with the pictures done and all; what it raises ends
            the work.

    Returns:
        float32 of shape (N, D) on the CPU.

    Raises:
        InputError: A picture of another shape or type.
    """
    info = backbone.info
    features = torch.empty(len(pictures), info.features)
    for start in range(0, len(pictures), batch_size):
        some = pictures[start : start + batch_size]
        squares = np.stack([to_square(one, info.side, info.shorter) for one in some])
        features[start : start + len(some)] = embed_squares(backbone, torch.from_numpy(squares))
        if progress:
            progress(start + len(some), len(pictures))
    return features


def embed_squares(backbone: Backbone, squares: Tensor) -> Tensor:
    """The features of one batch of pictures that `to_square` has cut.

    Args:
        backbone: Used in its evaluation mode; afterwards it is in the mode that it was in.
        squares: uint8 of shape (B, S, S, 3).

    Returns:
        float32 of shape (B, D) on the CPU.
    """
    with evaluating(backbone), torch.inference_mode():
        features: Tensor = backbone(_images(backbone, squares))
    return features.float().cpu().clone()  # a copy that gradients may be taken through


def look(backbone: Backbone, picture: Picture) -> tuple[Tensor, Tensor]:
    """What a backbone makes of one picture, and the maps from which it does.

    Args:
        backbone: As in `embed_squares`.
        picture: uint8 of shape (H, W, 3).

    Returns:
        Features, float32 of shape (1, D) on the CPU, and maps of shape (1, C, h, w) on the
        device of the backbone, for `core.transfer.gradcam.cams_of`.

    Raises:
        InputError: A picture of another shape or type.
    """
    square = to_square(picture, backbone.info.side, backbone.info.shorter)
    with evaluating(backbone), torch.no_grad():
        maps = backbone.maps(_images(backbone, torch.from_numpy(square)[None]))
        features = backbone.pooled(maps)
    return features.float().cpu(), maps


@contextmanager
def evaluating(backbone: Backbone) -> Iterator[None]:
    """Put a backbone into its evaluation mode for a while."""
    learning = backbone.training
    if learning:
        backbone.eval()
    try:
        yield
    finally:
        if learning:
            backbone.train()


def _images(backbone: Backbone, squares: Tensor) -> Tensor:
    device = next(backbone.parameters()).device
    return normalised(squares, backbone.info).to(device)
