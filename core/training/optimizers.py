"""The optimizers for a training run, made of PyTorch's own, in their fastest form.

The fused form makes an update in one pass over the numbers; it exists for SGD, Adam and AdamW
on CPU and CUDA, and for Adagrad on the CPU. RMSprop has none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import nn

from core.training.config import TrainingConfig
from core.training.schedules import momentum_at, rate_at
from core.transfer.classifier import Classifier

MOMENTUM = 0.9
_SGD = torch.optim.SGD
OPTIMIZERS: dict[str, tuple[Callable[..., torch.optim.Optimizer], dict[str, Any]]] = {
    "sgd": (_SGD, {}),
    "momentum": (_SGD, {"momentum": MOMENTUM}),
    "nesterov": (_SGD, {"momentum": MOMENTUM, "nesterov": True}),
    "adagrad": (torch.optim.Adagrad, {}),
    "rmsprop": (torch.optim.RMSprop, {}),
    "adam": (torch.optim.Adam, {}),
    "adamw": (torch.optim.AdamW, {}),
}


def optimizer_for(model: nn.Module, config: TrainingConfig) -> torch.optim.Optimizer:
    """A fresh optimizer for a model that is on its device already.

    Weight decay holds for weights (two dimensions or more), not for biases and for the scale
    and shift of batch normalisation. In all but AdamW it is λ·w added to the gradient; AdamW
    shrinks the weights apart from the gradient (Loshchilov & Hutter, 2019). The blocks of a
    backbone learn at their share of the rate.
    """
    parts = [(list(model.parameters()), 1.0)]
    if isinstance(model, Classifier):
        parts = model.groups(1.0 if config.tuning == "head" else config.layer_decay)
    groups: list[dict[str, Any]] = []
    for parameters, share in parts:
        for some, decay in zip(_groups(parameters), (config.weight_decay, 0.0), strict=True):
            if some:
                groups.append({"params": some, "weight_decay": decay, "share": share})
    make, options = OPTIMIZERS[config.optimizer]
    device = next(model.parameters()).device.type
    return make(groups, lr=config.learning_rate, **options, **_form(config.optimizer, device))


def adjust(
    optimizer: torch.optim.Optimizer,
    config: TrainingConfig,
    base_rate: float,
    step: int,
    steps_per_epoch: int,
) -> float:
    """Give an optimizer the learning rate of an update and return it.

    With OneCycle momentum (in Adam and AdamW β₁) changes too, as with PyTorch's OneCycleLR.

    Args:
        optimizer: That of `optimizer_for`.
        config: Schedule and number of epochs.
        base_rate: The rate that the schedule starts from.
        step: The update, counted from 0.
        steps_per_epoch: Updates in an epoch.
    """
    rate = rate_at(config.schedule, base_rate, step, steps_per_epoch, config.epochs)
    for group in optimizer.param_groups:
        group["lr"] = rate * group["share"]
        if config.schedule == "onecycle":
            momentum = momentum_at(step, steps_per_epoch, config.epochs)
            if "betas" in group:
                group["betas"] = (momentum, group["betas"][1])
            elif group.get("momentum"):
                group["momentum"] = momentum
    return rate


def _form(name: str, device: str) -> dict[str, bool]:
    """Which of PyTorch's implementations to take."""
    if name == "rmsprop":
        return {"foreach": device == "cuda"}  # on a CPU it gains nothing
    fused = device == "cpu" or (device == "cuda" and name != "adagrad")
    return {"fused": True} if fused else {}


def _groups(parameters: Iterable[nn.Parameter]) -> tuple[list[nn.Parameter], list[nn.Parameter]]:
    every = list(parameters)
    return [p for p in every if p.ndim > 1], [p for p in every if p.ndim < 2]
