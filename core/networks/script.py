"""The run on the screen as a PyTorch script that prints the same losses."""

from __future__ import annotations

import textwrap

import numpy as np
from numpy.typing import NDArray

from core.networks.config import NetworkConfig
from core.networks.features import FEATURE_CODE
from core.networks.losses import Objective
from core.networks.optimizers import (
    COSINE_EPOCHS,
    COSINE_FLOOR,
    DECAY,
    OPTIMIZERS,
    STEP_EPOCHS,
    STEP_FACTOR,
)
from core.networks.plane import PlaneData
from core.networks.script_parts import WIDTH, data_lines, model_lines, modules_used


def script(
    config: NetworkConfig,
    training: PlaneData,
    validation: PlaneData,
    epochs: int,
    values: NDArray[np.float32] | None = None,
) -> str:
    """A script to run as it stands, with nothing but PyTorch installed.

    It covers every setting: features, layers, activations that PyTorch has or that are
    expressions, batch normalisation, dropout, all losses, optimizers and schedules, L1 and
    L2. It tells the run from the first epoch with the settings as they are; what it cannot
    tell is a run whose settings, data or weights were changed under way, or that was stepped
    by single examples.

    Args:
        config: The network and how it is trained.
        training: The points to learn from.
        validation: The points to check with; may be empty.
        epochs: How many epochs, 0 or more.
        values: The weights themselves (`core.networks.values.values_of`), for a run that
            settings and epochs cannot tell; they are put in after the epochs, if any.

    Returns:
        Python source. It prints the training loss and, if there are points for it, the
        validation loss, each as `repr` gives it.

    Raises:
        InputError: A loss that does not fit the points.
    """
    objective = Objective(config.loss, training.classes)
    sets = ["training", *(["validation"] if len(validation) else [])]
    parts = [
        _imports(config),
        modules_used(config, len(training)),
        _features(config),
        model_lines(config, objective, len(training)),
        _loss(objective),
        _optimizer(config),
        data_lines("training", training, objective),
        data_lines("validation", validation, objective) if len(validation) else "",
        _loop(config, epochs),
        _given(values) if values is not None else "",
        _report(sets),
    ]
    return "\n".join(part for part in parts if part)


def _imports(config: NetworkConfig) -> str:
    head = "import math\n\n" if config.schedule == "cosine" else ""
    one = "torch.set_num_threads(1)  # as the page does: sums in the same order\n"
    return head + "import torch\nimport torch.nn.functional as F\nfrom torch import nn\n\n" + one


def _features(config: NetworkConfig) -> str:
    columns = "".join(f"        {FEATURE_CODE[name]},\n" for name in config.features)
    return f"\ndef features(x):\n    return torch.stack([\n{columns}    ], dim=1)\n\n"


def _loss(objective: Objective) -> str:
    name = {
        "cross_entropy": "cross_entropy",
        "bce": "binary_cross_entropy_with_logits",
        "mse": "mse_loss",
        "huber": "huber_loss",
    }[objective.loss]
    scores = "scores"
    if objective.loss in ("mse", "huber"):
        scores = {
            "identity": "scores",
            "sigmoid": "torch.sigmoid(scores)",
            "softmax": "torch.softmax(scores, dim=1)",
        }[objective.ending]
    return f"\ndef loss_of(scores, y):\n    return F.{name}({scores}, y)\n\n"


def _optimizer(config: NetworkConfig) -> str:
    kind = OPTIMIZERS[config.optimizer]
    options = "".join(f", {key}={value!r}" for key, value in kind.options.items())
    return (
        "weights = [p for p in model.parameters() if p.ndim == 2]\n"
        "others = [p for p in model.parameters() if p.ndim != 2]\n"
        f"optimizer = torch.optim.{kind.torch_name}(\n"
        f'    [{{"params": weights, "weight_decay": {config.l2!r}}},\n'
        '     {"params": others, "weight_decay": 0.0}],\n'
        f"    lr={config.learning_rate!r}{options},\n"
        ")\n"
    )


def _schedule(config: NetworkConfig) -> str:
    """The lines that set the learning rate of an epoch; none if it never changes."""
    rate = config.learning_rate
    if config.schedule == "constant":
        return ""
    wave = ""
    if config.schedule == "step":
        formula = f"{rate!r} * {STEP_FACTOR!r} ** (epoch // {STEP_EPOCHS})"
    elif config.schedule == "exponential":
        formula = f"{rate!r} * {DECAY!r}**epoch"
    else:
        floor = COSINE_FLOOR * rate
        wave = f"along = min(epoch, {COSINE_EPOCHS}) / {COSINE_EPOCHS}\n"
        formula = f"{floor!r} + ({rate!r} - {floor!r}) * (1 + math.cos(math.pi * along)) / 2"
    return f'{wave}rate = {formula}\nfor group in optimizer.param_groups:\n    group["lr"] = rate\n'


def _loop(config: NetworkConfig, epochs: int) -> str:
    if not epochs:
        return ""
    l1 = (
        "    for weight in weights:  # L1\n"
        f"        weight.grad.add_(weight.detach().sign(), alpha={config.l1!r})\n"
        if config.l1
        else ""
    )
    body = (
        _schedule(config)
        + "order = torch.randperm(len(training_y), generator=generator)\n"
        + f"for batch in order.split({config.batch_size}):\n"
        + "    scores = model(inputs[batch])  # forward\n"
        + "    loss = loss_of(scores, training_y[batch])  # loss\n"
        + "    optimizer.zero_grad()\n"
        + "    loss.backward()  # backward\n"
        + l1
        + "    optimizer.step()  # update\n"
    )
    head = f"inputs = features(training_x)\nfor epoch in range({epochs}):\n"
    return head + textwrap.indent(body, "    ")


def _given(values: NDArray[np.float32]) -> str:
    """The lines that put weights in as they are, the shortest digits that read back the same."""
    numbers = ", ".join(str(value) for value in values)
    rows = textwrap.fill(numbers, WIDTH - 4, initial_indent="    ", subsequent_indent="    ")
    return (
        f"values = torch.tensor([\n{rows},\n])\n"
        "parts = [*model.parameters(), *model.buffers()]\n"
        "with torch.no_grad():\n"
        "    for part, piece in zip(parts, values.split([p.numel() for p in parts])):\n"
        "        part.copy_(piece.view_as(part))\n"
    )


def _report(sets: list[str]) -> str:
    lines = ["model.eval()", "with torch.no_grad():"]
    for name in sets:
        lines.append(f"    loss = loss_of(model(features({name}_x)), {name}_y)")
        lines.append(f'    print("{name} loss =", loss.item())')
    assert max(map(len, lines)) <= WIDTH
    return "\n".join(lines) + "\n"
