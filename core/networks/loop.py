"""The training loop itself: forward, loss, backward, update, for ever."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import torch
from torch import Generator, Tensor, nn

from core.networks.config import NetworkConfig
from core.networks.losses import Objective
from core.networks.optimizers import adjust, parameter_groups


@dataclass(frozen=True)
class Event:
    """One update.

    Attributes:
        step: How many updates there have been, this one included.
        epoch: How many epochs are complete.
        examples: How many examples the update looked at.
        loss: The mean loss of its batch before the update, without the penalty.
        epoch_ended: True if this update was the last of its epoch.
    """

    step: int
    epoch: int
    examples: int
    loss: float
    epoch_ended: bool


@dataclass
class Place:
    """Where a run stands in its examples: all that the order of the batches depends on.

    Attributes:
        generator: Where order and dropout come from.
        step: How many updates there have been.
        epoch: How many epochs are complete.
        cursor: How many examples of the current epoch have been used.
        order: The examples of the current epoch in their order; empty before its first update.
    """

    generator: Generator
    step: int = 0
    epoch: int = 0
    cursor: int = 0
    order: Tensor = field(default_factory=lambda: torch.empty(0, dtype=torch.int64))


def train(
    model: nn.Module,
    inputs: Tensor,
    targets: Tensor,
    objective: Objective,
    config: NetworkConfig,
    optimizer: torch.optim.Optimizer,
    place: Place,
    batch_size: int,
) -> Iterator[Event]:
    """Learn from one batch after another, without end.

    All that lasts is in `model`, `optimizer` and `place`; the generator can be dropped after
    any update, and another one goes on exactly where it stood.

    Args:
        model: From (B, features) to scores (B, outputs).
        inputs: All examples, shape (N, features).
        targets: Their answers, as `Objective.targets` gives them.
        objective: The loss.
        config: Learning rate, schedule, L1 and L2.
        optimizer: What makes updates of gradients.
        place: Where the run stands; it moves on.
        batch_size: How many examples an update looks at; the last of an epoch may get fewer.

    Yields:
        What happened, after each update.
    """
    weights, _ = parameter_groups(model)
    shuffled_inputs, shuffled_targets = inputs[place.order], targets[place.order]
    while True:
        if place.cursor == 0:
            place.order = torch.randperm(len(inputs), generator=place.generator)
            shuffled_inputs, shuffled_targets = inputs[place.order], targets[place.order]
            adjust(optimizer, config, place.epoch)
        batch = slice(place.cursor, place.cursor + batch_size)
        answers = shuffled_targets[batch]

        scores = model(shuffled_inputs[batch])  # forward
        loss = objective.value(scores, answers)  # loss
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # backward
        if config.l1:
            add_l1(weights, config.l1)
        optimizer.step()  # update

        yield _moved_on(place, len(answers), len(inputs), loss.item())


def add_l1(weights: list[nn.Parameter], l1: float) -> None:
    """Add the gradient of λ·Σ|w| to what backward has left: λ times the sign of each weight."""
    for weight in weights:
        assert weight.grad is not None
        weight.grad.add_(weight.detach().sign(), alpha=l1)


def _moved_on(place: Place, used: int, of: int, loss: float) -> Event:
    """Count an update that used so many examples."""
    place.step += 1
    place.cursor += used
    ended = place.cursor >= of
    if ended:
        place.epoch += 1
        place.cursor = 0
    return Event(place.step, place.epoch, used, loss, ended)
