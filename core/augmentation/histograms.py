"""How the values of a picture are distributed, before and after it is normalised."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from core.augmentation.automatic import STATISTICS
from core.augmentation.draws import Bytes, outcome
from core.augmentation.fitting import fit
from core.augmentation.pipeline import NORMALISE, Pipeline

BINS = 64


@dataclass(frozen=True)
class Histogram:
    """The values of each channel, counted.

    Attributes:
        edges: Where the bins begin and end, one more than there are bins.
        counts: For each channel (1 or 3), how many pixels fall into each bin.
        means: The mean of each channel.
        deviations: The standard deviation of each channel, over all its pixels.
    """

    edges: tuple[float, ...]
    counts: tuple[tuple[int, ...], ...]
    means: tuple[float, ...]
    deviations: tuple[float, ...]


def histograms(
    picture: Bytes, pipeline: Pipeline, seed: int, draw: int = 0
) -> tuple[Histogram, Histogram | None]:
    """The values of one draw before and after Normalise.

    Args:
        picture: uint8 of shape (H, W) or (H, W, 3).
        pipeline: As for `draws`.
        seed: From 0 to 999,999.
        draw: The number of the draw.

    Returns:
        Before, with values from 0 to 1 and what comes behind Normalise left out; and after,
        with values as the network gets them, or None without Normalise.
    """
    at = next((at for at, step in pipeline.active if step.name == NORMALISE), None)
    kept = pipeline.steps if at is None else pipeline.steps[:at]
    values = outcome(picture, Pipeline(kept), seed, draw).as_subclass(Tensor).float() / 255
    before = _counted(values, 0.0, 1.0)
    channels, height, width = values.shape
    if at is None or fit(Pipeline((pipeline.steps[at],)), (height, width), channels).notes:
        return before, None
    mean, std = (
        torch.tensor(one).view(-1, 1, 1)
        for one in STATISTICS[str(pipeline.steps[at].values["statistics"])]
    )
    low, high = float((-mean / std).min()), float(((1 - mean) / std).max())
    return before, _counted((values - mean) / std, low, high)


def _counted(values: Tensor, low: float, high: float) -> Histogram:
    counts = [
        tuple(int(n) for n in torch.histc(channel, BINS, low, high).tolist()) for channel in values
    ]
    edges = tuple(low + (high - low) * k / BINS for k in range(BINS + 1))
    flat = values.flatten(1)
    spread = flat.std(1, correction=0)
    return Histogram(edges, tuple(counts), tuple(flat.mean(1).tolist()), tuple(spread.tolist()))
