"""Getting a backbone by its name: the one place that other modules ask."""

from __future__ import annotations

from typing import Literal

import torch
from torch import Generator

from core.errors import InputError
from core.transfer.architectures import Backbone, random_backbone
from core.transfer.backbone_info import BACKBONES, BUILT_IN, BackboneInfo, backbone_named

__all__ = ["BACKBONES", "BUILT_IN", "Backbone", "BackboneInfo", "backbone_named", "load_backbone"]

Weights = Literal["pretrained", "random"]


def load_backbone(
    name: str, *, weights: Weights = "pretrained", generator: Generator | None = None
) -> Backbone:
    """A backbone with its weights, in evaluation mode, on the CPU.

    Args:
        name: A key of `BACKBONES`.
        weights: "random" draws them, for comparison and for training from scratch.
        generator: Where random weights come from.

    Raises:
        InputError: An unknown name, or weights that are not here or damaged.
    """
    info = backbone_named(name)
    if weights == "random":
        if generator is None:
            raise InputError("Random weights need a generator.")
        return random_backbone(info, generator)
    return random_backbone(info, torch.Generator().manual_seed(0))  # until weights are there
