"""The seven optimizers, made of PyTorch's own, and how the learning rate changes.

PyTorch has three implementations of most optimizers. For the few small tensors of these
networks the fused one is the fastest on a CPU where there is one (SGD, Adagrad, Adam, AdamW);
RMSprop has none and takes the plain one, because `foreach` gains nothing on a CPU.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from core.networks.config import NetworkConfig

MOMENTUM = 0.9
STEP_EPOCHS, STEP_FACTOR = 100, 0.5
COSINE_EPOCHS, COSINE_FLOOR = 400, 0.01
DECAY = 0.995


@dataclass(frozen=True)
class OptimizerKind:
    """One way to turn gradients into updates.

    Attributes:
        name: The key in `OPTIMIZERS` and in the address of the page.
        label: What a person reads in the list of choices.
        torch_name: The class in `torch.optim`.
        options: What that class is given besides learning rate and weight decay.
    """

    name: str
    label: str
    torch_name: str
    options: dict[str, Any]


OPTIMIZERS: dict[str, OptimizerKind] = {
    kind.name: kind
    for kind in (
        OptimizerKind("sgd", "SGD", "SGD", {"fused": True}),
        OptimizerKind("momentum", "Momentum", "SGD", {"momentum": MOMENTUM, "fused": True}),
        OptimizerKind(
            "nesterov", "Nesterov", "SGD", {"momentum": MOMENTUM, "nesterov": True, "fused": True}
        ),
        OptimizerKind("adagrad", "Adagrad", "Adagrad", {"fused": True}),
        OptimizerKind("rmsprop", "RMSprop", "RMSprop", {"foreach": False}),
        OptimizerKind("adam", "Adam", "Adam", {"fused": True}),
        OptimizerKind("adamw", "AdamW", "AdamW", {"fused": True}),
    )
}


def optimizer_for(config: NetworkConfig, model: nn.Module) -> torch.optim.Optimizer:
    """A fresh optimizer for a model.

    L2 is given as `weight_decay`, for the weights only. In SGD, momentum, Nesterov, Adagrad,
    RMSprop and Adam, PyTorch adds λ·w to the gradient: exactly the gradient of the penalty
    λ/2·Σw². (In Adam that is divided by the size of the gradient like everything else, which
    makes it weak where gradients are large.) AdamW is made to differ: it shrinks the weights
    by the factor 1 − learning rate·λ, apart from the gradient, which is no penalty any more
    (Loshchilov & Hutter, 2019).
    """
    weights, others = parameter_groups(model)
    groups = [{"params": weights, "weight_decay": config.l2}]
    if others:
        groups.append({"params": others, "weight_decay": 0.0})
    kind = OPTIMIZERS[config.optimizer]
    made = getattr(torch.optim, kind.torch_name)(
        groups, lr=learning_rate_at(config, 0), **kind.options
    )
    assert isinstance(made, torch.optim.Optimizer)
    return made


def parameter_groups(model: nn.Module) -> tuple[list[nn.Parameter], list[nn.Parameter]]:
    """The weights, which L1 and L2 hold small, and all other parameters, which they leave."""
    parameters = list(model.parameters())
    return [p for p in parameters if p.ndim == 2], [p for p in parameters if p.ndim != 2]


def adjust(optimizer: torch.optim.Optimizer, config: NetworkConfig, epoch: int) -> None:
    """Give an optimizer the learning rate of an epoch and the L2 of a config."""
    rate = learning_rate_at(config, epoch)
    for index, group in enumerate(optimizer.param_groups):
        group["lr"] = rate
        group["weight_decay"] = config.l2 if index == 0 else 0.0


def learning_rate_at(config: NetworkConfig, epoch: int) -> float:
    """The learning rate while an epoch runs, counted from 0.

    "constant" stays. "step" is halved every 100 epochs. "cosine" falls along half a cosine
    wave within 400 epochs to a hundredth and stays there. "exponential" loses half a percent
    with every epoch. The formulas are those of PyTorch's StepLR, CosineAnnealingLR and
    ExponentialLR, written out instead of multiplied up, so that any epoch can be entered.
    """
    rate = config.learning_rate
    if config.schedule == "step":
        return rate * STEP_FACTOR ** (epoch // STEP_EPOCHS)
    if config.schedule == "cosine":
        along = min(epoch, COSINE_EPOCHS) / COSINE_EPOCHS
        floor = COSINE_FLOOR * rate
        return floor + (rate - floor) * (1 + math.cos(math.pi * along)) / 2
    return rate * DECAY**epoch if config.schedule == "exponential" else rate
