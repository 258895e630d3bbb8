"""What is measured rather than drawn: deep networks and stacks of layers."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import torch

from core.activations.depth import DepthProfile, depth_profile

if TYPE_CHECKING:
    from explorer.activations.curves import Curve
    from explorer.activations.lesson import Activations

WIDTH = 32


@lru_cache(maxsize=128)
def profile(one: Curve, depth: int, start: str, gain: float, seed: int) -> DepthProfile:
    """Return what a deep network of one activation does to signal and gradient."""
    generator = torch.Generator().manual_seed(seed)
    return depth_profile(one.function, depth, WIDTH, start, gain, generator)


def stack_layers(lesson: Activations) -> list[tuple[float, float]]:
    """Return weight and bias of every layer of the stack, drawn with the seed."""
    count = lesson.settings.layers
    generator = np.random.default_rng(lesson.settings.seed)
    weights = generator.uniform(0.8, 1.6, count) * generator.choice([-1.0, 1.0], count)
    biases = generator.uniform(-1.2, 1.2, count)
    return [(round(float(w), 2), round(float(b), 2)) for w, b in zip(weights, biases, strict=True)]
