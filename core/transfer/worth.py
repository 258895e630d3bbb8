"""What a backbone is worth: how well a head on its features does with few pictures a class."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from core.images.digits import read_digits
from core.images.image_set import ImageSet
from core.transfer.head import fit_head
from core.transfer.preprocess import Picture
from core.transfer.symbols import SYMBOLS, draw_symbol

SHOTS = 10
SYMBOLS_EACH = 30


def digit_pictures() -> tuple[list[Picture], Tensor]:
    """Scikit-learn's 1,797 handwritten digits as pictures, with their classes."""
    return pictures_of(read_digits())


def symbol_pictures(each: int = SYMBOLS_EACH, seed: int = 0) -> tuple[list[Picture], Tensor]:
    """The twenty drawn symbols, as often as wanted, with their classes.

    The built-in backbone has seen none of them: it learnt from signs that nobody has drawn.
    """
    chance = np.random.default_rng(seed)
    pictures = [draw_symbol(name, chance) for name in SYMBOLS for _ in range(each)]
    return pictures, torch.arange(len(SYMBOLS)).repeat_interleave(each)


def pictures_of(data: ImageSet) -> tuple[list[Picture], Tensor]:
    """The pictures of a data set in the form that `embed` takes, with their classes."""
    colours = data.images.expand(-1, 3, -1, -1).permute(0, 2, 3, 1)
    return [np.asarray(one.contiguous().numpy()) for one in colours], data.labels


def chosen(targets: Tensor, shots: int, seed: int) -> tuple[Tensor, Tensor]:
    """The numbers of some pictures of each class by chance, and of all the others."""
    order = torch.randperm(len(targets), generator=torch.Generator().manual_seed(seed))
    parts = [order[targets[order] == one] for one in range(int(targets.max()) + 1)]
    return torch.cat([part[:shots] for part in parts]), torch.cat([part[shots:] for part in parts])


def few_shot(
    features: Tensor, targets: Tensor, *, shots: int = SHOTS, seeds: int = 5
) -> list[float]:
    """Learn from a few pictures of each class, and judge by all the others.

    Args:
        features: float32 of shape (N, D).
        targets: int64 of shape (N,), from 0.
        shots: Pictures of each class to learn from.
        seeds: How often; each time chance takes others.

    Returns:
        The share of the others that is recognised, 0 to 1, once for each seed.
    """
    shares = []
    for seed in range(seeds):
        few, others = chosen(targets, shots, seed)
        shares.append(judged(features[few], targets[few], features[others], targets[others]))
    return shares


def judged(features: Tensor, targets: Tensor, unseen: Tensor, answers: Tensor) -> float:
    """The share of unseen pictures, 0 to 1, that a head recognises."""
    head = fit_head(features, targets, int(targets.max()) + 1)
    return float((head.logits(unseen).argmax(1) == answers).double().mean())
