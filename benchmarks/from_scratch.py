"""The plain alternative to transfer learning: the same network, trained on the few pictures."""

import math
from collections.abc import Sequence
from typing import Literal

import numpy as np
import torch
import torch.nn.functional as F
from torch import Generator, Tensor, nn

from core.transfer.backbones import BUILT_IN, load_backbone
from core.transfer.embed import embed_squares
from core.transfer.head import fit_head
from core.transfer.preprocess import Picture, normalised, to_square

BATCH = 32


def squares(pictures: Sequence[Picture], side: int, shorter: int) -> Tensor:
    """All pictures cut to squares: uint8 of shape (N, S, S, 3)."""
    return torch.from_numpy(np.stack([to_square(one, side, shorter) for one in pictures]))


def from_scratch(
    pictures: Tensor,
    targets: Tensor,
    unseen: Tensor,
    answers: Tensor,
    *,
    epochs: int,
    flips: bool,
    seed: int,
    moving: bool = False,
    tuned: bool = False,
) -> float:
    """Train the whole built-in architecture, from random weights or its own, and judge it.

    AdamW with a rising and falling rate, and label smoothing.

    Args:
        pictures: uint8 of shape (N, S, S, 3), to learn from.
        targets: int64 of shape (N,).
        unseen: The pictures to judge by, (M, S, S, 3).
        answers: Their classes.
        epochs: How often each picture is learnt from.
        flips: Whether left and right may change places.
        seed: All chance comes from it.
        moving: Whether pictures are moved, scaled, turned and perhaps mirrored each time.
        tuned: Start from the built-in weights, with a fifth of the rate.

    Returns:
        The share of the unseen pictures that is recognised, 0 to 1.
    """
    chance = Generator().manual_seed(seed)
    weights: Literal["pretrained", "random"] = "pretrained" if tuned else "random"
    backbone = load_backbone(BUILT_IN, weights=weights, generator=chance)
    head = nn.Linear(backbone.info.features, int(targets.max()) + 1)
    nn.init.zeros_(head.weight)
    nn.init.zeros_(head.bias)
    if tuned:  # The head that the frozen features ask for, then all learn together.
        features = torch.cat([embed_squares(backbone, some) for some in torch.split(pictures, 256)])
        weight, bias = fit_head(features, targets, head.out_features).linear()
        head.load_state_dict({"weight": weight, "bias": bias})
    model = nn.Sequential(backbone, head).to(memory_format=torch.channels_last).train()
    optimizer = torch.optim.AdamW(model.parameters(), weight_decay=0.05)
    batches = math.ceil(len(targets) / BATCH)
    scheduler = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, 0.0006 if tuned else 0.003, epochs * batches
    )
    for _ in range(epochs):
        order = torch.randperm(len(targets), generator=chance)
        for which in order.chunk(batches):
            images = normalised(pictures[which], backbone.info)
            images = moved(images, flips, chance) if moving else images
            loss = F.cross_entropy(model(images), targets[which], label_smoothing=0.1)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            scheduler.step()
    model.eval()
    with torch.inference_mode():
        parts = [
            model(normalised(some, backbone.info)).argmax(1) for some in torch.split(unseen, 256)
        ]
    return float((torch.cat(parts) == answers).double().mean())


def moved(images: Tensor, flips: bool, chance: Generator) -> Tensor:
    """Each picture moved by up to a tenth, scaled by up to 15 %, turned by up to 10 degrees."""
    count = len(images)
    scale, angle, x, y = (torch.rand(4, count, generator=chance) * 2 - 1) * torch.tensor(
        [[0.15], [math.radians(10)], [0.2], [0.2]]
    )
    matrix = torch.zeros(count, 2, 3)
    mirror = torch.ones(count)
    if flips:
        mirror = (torch.rand(count, generator=chance) < 0.5).float() * 2 - 1
    matrix[:, 0, 0], matrix[:, 0, 1] = (1 + scale) * angle.cos() * mirror, -angle.sin()
    matrix[:, 1, 0], matrix[:, 1, 1] = angle.sin() * mirror, (1 + scale) * angle.cos()
    matrix[:, 0, 2], matrix[:, 1, 2] = x, y
    grid = F.affine_grid(matrix, list(images.shape), align_corners=False)
    return F.grid_sample(images, grid, padding_mode="border", align_corners=False)
