"""A backbone and a head as one network that can be trained, in whole or in part."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor, nn

from core.errors import InputError
from core.transfer.architectures import Backbone
from core.transfer.head import Head

TUNINGS = ("head", "last", "all", "gradual")
EVERY = 2  # epochs after which "gradual" lets one more block learn


class Classifier(nn.Module):
    """A backbone with a linear layer on its standardised features.

    The layer begins with zeros: every class gets the same score, and the first step already
    goes the right way. Mean and spread of the features are those before training; without
    them a learning rate would suit one backbone and not another.

    Args:
        backbone: Learns on, as far as it is let.
        classes: K, 2 or more.
        tuning: What learns: "head" alone, the "last" block too, "all", or "gradual": the head
            first, and every other epoch one more block from the top down (Howard & Ruder 2018).
        fresh: Whether the backbone begins with random weights.

    Raises:
        InputError: A tuning that is not known.
    """

    mean: Tensor
    std: Tensor

    def __init__(
        self, backbone: Backbone, classes: int, tuning: str, *, fresh: bool = False
    ) -> None:
        super().__init__()
        self.fresh = fresh
        if tuning not in TUNINGS:
            raise InputError(f"There is no tuning {tuning!r:.40}. There are: {', '.join(TUNINGS)}.")
        features = backbone.info.features
        self.backbone = backbone
        self.tuning = tuning
        self.register_buffer("mean", torch.zeros(features))
        self.register_buffer("std", torch.ones(features))
        self.fc = nn.Linear(features, classes)
        nn.init.zeros_(self.fc.weight)
        nn.init.zeros_(self.fc.bias)
        self._learning = 0
        _without_chance(backbone)
        self.let_learn(0)

    @property
    def input_shape(self) -> tuple[int, int, int]:
        """Channels, height and width of a picture."""
        side = self.backbone.info.side
        return 3, side, side

    @property
    def learning(self) -> int:
        """How many blocks learn beside the head, from the top."""
        return self._learning

    def forward(self, images: Tensor) -> Tensor:
        """The scores (B, K) of pictures (B, 3, S, S), normalised as the backbone wants them."""
        features = self.backbone(images)  # (B, D)
        logits: Tensor = self.fc((features - self.mean) / self.std)
        return logits

    def let_learn(self, epoch: int) -> None:
        """Freeze and unfreeze blocks as they are to be in an epoch, counted from 0."""
        blocks = self.backbone.blocks
        steps = {"head": 0, "last": 1, "all": len(blocks), "gradual": epoch // EVERY}
        self._learning = min(steps[self.tuning], len(blocks))
        first = len(blocks) - self._learning
        for at, (_, block) in enumerate(blocks):
            block.requires_grad_(at >= first)
        self.train(self.training)

    def train(self, mode: bool = True) -> Classifier:
        """Switch to training or evaluation mode.

        Frozen blocks stay in evaluation mode, and so does batch normalisation wherever it stands:
        its statistics are of many pictures, those of a small batch would only disturb. A network
        that begins from scratch has none yet and gathers them.
        """
        super().train(mode)
        blocks = self.backbone.blocks
        for _, block in blocks[: len(blocks) - self._learning]:
            block.eval()
        if not self.fresh:
            for module in self.backbone.modules():
                if isinstance(module, nn.modules.batchnorm._BatchNorm):
                    module.eval()
        return self

    @torch.no_grad()
    def standardise(self, batches: Iterable[Tensor]) -> None:
        """Measure mean and spread of the features of the training pictures, (B, 3, S, S) each.

        What random weights make of them changes altogether while they learn: it stays as it is.
        """
        if self.fresh:
            return
        was = self.training
        self.eval()
        features = torch.cat([self.backbone(images).float() for images in batches])
        self.train(was)
        std = features.std(0, correction=0)
        self.mean.copy_(features.mean(0))
        self.std.copy_(torch.where(std > 1e-6 * std.max().clamp(min=1e-12), std, 1.0))

    def groups(self, layer_decay: float) -> list[tuple[list[nn.Parameter], float]]:
        """The parameters from the top down, each group with its share of the learning rate.

        Args:
            layer_decay: What the rate is multiplied by from one block to the one below it
                (Clark et al. 2020, ELECTRA), above 0 up to 1.
        """
        found = [(list(self.fc.parameters()), 1.0)]
        for depth, (_, block) in enumerate(reversed(self.backbone.blocks), 1):
            found.append((list(block.parameters()), layer_decay**depth))
        return found

    def head(self) -> Head:
        """The head by itself, as it is now, on the CPU."""
        tensors = (self.mean, self.std, self.fc.weight, self.fc.bias)
        return Head(*(one.detach().cpu().clone() for one in tensors))


def _without_chance(backbone: Backbone) -> None:
    """Switch off dropout and stochastic depth: they would draw from what all visitors share."""
    for module in backbone.modules():
        if isinstance(module, nn.Dropout) or type(module).__name__ == "StochasticDepth":
            setattr(module, "p", 0.0)  # noqa: B010 - nn.Module types every attribute
