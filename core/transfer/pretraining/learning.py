"""One network, many small tasks at once: the training of the built-in backbone."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Generator, Tensor, nn
from torch.utils.data import DataLoader, IterableDataset

from core.transfer.architectures import Backbone
from core.transfer.backbone_info import BackboneInfo
from core.transfer.preprocess import placed_last
from core.transfer.pretraining.pools import Pool
from core.transfer.pretraining.recipe import Recipe
from core.transfer.pretraining.views import cut_mixed, views

_CALM = 0.3  # heads on many features would change too much in one step of Adam


@dataclass(frozen=True, eq=False)
class Batch:
    """The pictures of one step: float32 in one tensor, and for each pool its labels."""

    step: int
    images: Tensor
    labels: tuple[Tensor, ...]
    others: tuple[Tensor, ...]
    shares: tuple[float, ...]


class Batches(IterableDataset[Batch]):
    """Makes the batches from a step on; the chance of a step depends on its number only."""

    def __init__(
        self, pools: Sequence[Pool], info: BackboneInfo, recipe: Recipe, first: int
    ) -> None:
        self.pools, self.info, self.recipe, self.first = pools, info, recipe, first
        self.device = pools[0].images.device
        surfaces = [pool.images for pool in pools if pool.kind == "surface"]
        self.grounds = surfaces[0] if surfaces else torch.empty(0, 3, 1, 1, dtype=torch.uint8)

    def __iter__(self) -> Iterator[Batch]:
        """The batches in order."""
        if self.device.type == "cpu":  # in a process beside the one that learns
            torch.set_num_threads(1)
        for step in range(self.first, self.recipe.steps):
            yield self.at(step)

    def at(self, step: int) -> Batch:
        """The batch of one step."""
        cycle, place = self.recipe.at(step)
        seed = self.recipe.seed * 1_000_003 + step
        chance = Generator(self.device).manual_seed(seed)
        # What is decided for a whole pool must not wait for a card.
        dice = chance if self.device.type == "cpu" else Generator().manual_seed(seed)
        images, labels, others, shares = [], [], [], []
        for pool in self.pools:
            count = max(2, round(cycle.shares[pool.name] * cycle.batch_size))
            most = len(pool.labels)
            which = torch.randint(most, (count,), generator=chance, device=self.device)
            seen = views(pool, which, cycle.side(place), self.grounds, chance)
            mixed, share = torch.arange(count, device=self.device), 1.0
            if pool.kind == "photo" and torch.rand(1, generator=dice) < 0.5:
                seen, mixed, share = cut_mixed(seen, dice)
            images.append(seen)
            labels.append(pool.labels[which])
            others.append(pool.labels[which][mixed])
            shares.append(share)
        whole = placed_last(torch.cat(images), self.info)
        return Batch(step, whole, tuple(labels), tuple(others), tuple(shares))


class Learner(nn.Module):
    """The backbone with a head for each pool, as they learn together."""

    def __init__(self, backbone: Backbone, pools: Sequence[Pool]) -> None:
        super().__init__()
        self.backbone = backbone
        features = backbone.info.features
        self.standard = nn.BatchNorm1d(features, affine=False)
        self.heads = nn.ModuleList(nn.Linear(features, pool.classes) for pool in pools)
        for value in self.heads.parameters():  # Not by chance: the seed decides everything.
            nn.init.zeros_(value)

    def forward(self, batch: Batch, smoothing: float) -> Tensor:
        """The loss of each pool's head: shape (pools,)."""
        card = batch.images.is_cuda
        with torch.autocast(batch.images.device.type, torch.bfloat16, enabled=card):
            seen = self.backbone(batch.images)
        features = self.standard(seen.float()) * _CALM
        losses, start = [], 0
        parts = zip(self.heads, batch.labels, batch.others, batch.shares, strict=True)
        for head, labels, others, share in parts:
            logits = head(features[start : start + len(labels)])
            start += len(labels)
            loss = F.cross_entropy(logits, labels, label_smoothing=smoothing)
            if share < 1:
                second = F.cross_entropy(logits, others, label_smoothing=smoothing)
                loss = share * loss + (1 - share) * second
            losses.append(loss)
        return torch.stack(losses)


@dataclass(frozen=True)
class Learnt:
    """What one step brought.

    Attributes:
        step: Its number.
        names: Of the pools.
        values: Their losses, on the device: reading them waits for it.
    """

    step: int
    names: tuple[str, ...]
    values: Tensor

    @property
    def losses(self) -> dict[str, float]:
        """The loss of each pool."""
        return dict(zip(self.names, self.values.tolist(), strict=True))


class Course:
    """A training that can be left and taken up again.

    Args:
        backbone: Learns in place.
        pools: What from.
        recipe: How.
        path: Where its state is kept.
        device: Where it is computed: "cpu" or "cuda".
    """

    def __init__(
        self,
        backbone: Backbone,
        pools: Sequence[Pool],
        recipe: Recipe,
        path: Path,
        device: str = "cpu",
    ) -> None:
        self.pools, self.recipe, self.path = [pool.to(device) for pool in pools], recipe, path
        self.device = torch.device(device)
        learner = Learner(backbone, pools).to(device)
        self.learner = learner.to(memory_format=torch.channels_last).train()
        groups = _groups(self.learner, recipe.weight_decay)
        self.optimizer = torch.optim.AdamW(groups, fused=self.device.type == "cuda")
        self.averaged = {k: v.clone() for k, v in self.learner.backbone.state_dict().items()}
        self.step = 0
        if path.is_file():
            state = torch.load(path, weights_only=True, map_location=device)
            self.learner.load_state_dict(state["learner"])
            self.optimizer.load_state_dict(state["optimizer"])
            self.averaged, self.step = state["averaged"], state["step"]

    def run(self, until: int) -> Iterator[Learnt]:
        """Learn from where it stands until a step; the state is kept every hundred steps."""
        info = self.learner.backbone.info
        batches = Batches(self.pools, info, self.recipe, self.step)
        coming: Iterable[Batch] = batches
        if self.device.type == "cpu":
            coming = DataLoader(batches, batch_size=None, num_workers=1, prefetch_factor=4)
        for batch in coming:
            cycle, place = self.recipe.at(batch.step)
            shares = [cycle.shares[pool.name] for pool in self.pools]
            weights = torch.tensor(shares, device=self.device)
            for group in self.optimizer.param_groups:
                group["lr"] = cycle.rate(place)
            losses = self.learner(batch, self.recipe.smoothing)
            self.optimizer.zero_grad()
            (losses * weights).sum().backward()
            self.optimizer.step()
            self._follow()
            self.step = batch.step + 1
            yield Learnt(batch.step, tuple(pool.name for pool in self.pools), losses.detach())
            if self.step % 100 == 0 or self.step >= until:
                self.keep()
            if self.step >= until:
                return

    def keep(self) -> None:
        """Write the state, whole or not at all."""
        state = {
            "learner": self.learner.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "averaged": self.averaged,
            "step": self.step,
        }
        part = self.path.with_suffix(".part")
        torch.save(state, part)
        os.replace(part, self.path)

    def _follow(self) -> None:
        """The average of the weights follows; early on faster, so that the start is forgotten."""
        keep = min(self.recipe.average, (1 + self.step) / (10 + self.step))
        now = self.learner.backbone.state_dict()
        names = [name for name, value in now.items() if value.is_floating_point()]
        torch._foreach_lerp_(
            [self.averaged[name] for name in names], [now[name] for name in names], 1 - keep
        )


def _groups(model: nn.Module, decay: float) -> list[dict[str, object]]:
    large = [value for value in model.parameters() if value.ndim > 1]
    small = [value for value in model.parameters() if value.ndim <= 1]
    return [{"params": large, "weight_decay": decay}, {"params": small, "weight_decay": 0.0}]
