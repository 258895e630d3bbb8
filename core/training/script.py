"""A run of the training dashboard as a PyTorch script that prints the same numbers."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence

from core.errors import InputError
from core.training.config import TrainingConfig
from core.training.evaluation import BATCH
from core.training.events import RateChanged
from core.training.optimizers import MOMENTUM
from core.training.schedules import (
    DECAY,
    FIRST,
    LAST,
    MOMENTA,
    STEP_FACTOR,
    WARM_UP,
    step_size,
)
from core.training.script_augment import Augmenting, augmenting
from core.training.script_data import data_imports, data_lines, form_of
from core.training.script_parts import model_lines

_NAMES = {"adagrad": "Adagrad", "rmsprop": "RMSprop", "adam": "Adam", "adamw": "AdamW"}
_OPTIONS = {
    "momentum": f", momentum={MOMENTUM!r}",
    "nesterov": f", momentum={MOMENTUM!r}, nesterov=True",
}
_CYCLE = f'''
def cycle(step, start, top, end):
    """From start to top and on to end, along half a cosine wave each."""
    peak, last = {WARM_UP!r} * total - 1, total - 1
    if step <= peak:
        share = step / peak if peak else 1.0
    else:
        start, top, share = top, end, (min(step, last) - peak) / (last - peak)
    return top + (start - top) / 2 * (1 + math.cos(math.pi * share))

'''


def script(config: TrainingConfig, epochs: int, changes: Sequence[RateChanged] = ()) -> str:
    """A script to run as it stands, with PyTorch and what reads the pictures.

    On a CPU it prints the numbers of the run to the last bit: data, split, weights, order and
    dropout come from the same seeds. What it cannot tell is a run whose plan of epochs was
    changed when it was resumed, and what a graphics card does not repeat itself: some of its
    convolutions add in another order each time.

    Args:
        config: What was trained.
        epochs: How many epochs the run has got to, 1 or more; `config.epochs` stays the plan
            that the schedule goes by.
        changes: The changes of the learning rate by hand (`RunDirectory.changes`).

    Returns:
        Python source. After every epoch it prints the training loss and, if there are pictures
        for it, validation loss and accuracy, each as `repr` gives it.

    Raises:
        InputError: An impossible layer, no epoch, or pictures of one's own that are not there.
    """
    if epochs < 1:
        raise InputError("A script tells 1 epoch or more.")
    if config.backbone is not None:
        raise InputError("The script of this run is on the transfer-learning page.")
    shape, classes = form_of(config)
    changes_made = augmenting(config, shape, classes)
    parts = [
        _imports(config, changes_made),
        data_lines(config, classes),
        model_lines(config, shape, classes),
        changes_made.functions() if changes_made else "",
        _optimizer(config),
        _schedule(config, changes),
        _validation() if config.validation_share else "",
        _loop(config, epochs, changes, changes_made),
    ]
    return _spaced("\n".join(part for part in parts if part))


def _spaced(source: str) -> str:
    """The same source with two empty lines around functions and classes, one elsewhere."""
    two = "\n\n\n"
    return re.sub(r"\n{4,}", two, re.sub(r"\n{2,}(?=def |class |@)", two, source))


def _imports(config: TrainingConfig, changed: Augmenting | None) -> str:
    standard, others = data_imports(config)
    data, vision = changed.imports() if changed else ("", "")
    own = "import numpy as np\nimport torch\nimport torch.nn.functional as F\n"
    after = others + "from torch import nn\n"
    if "torchvision" in others:
        after = "from torch import nn\n" + others
    first = "".join(sorted([*standard.splitlines(True), "import math\n"]))
    lines = f"{first}from collections import OrderedDict\n{data}\n{own}{after}{vision}"
    if config.device.startswith("cuda"):
        return lines + '\ntorch.set_float32_matmul_precision("high")\n'
    threads = f"torch.set_num_threads({config.threads})  # as many as the run had"
    return f"{lines}\n{threads}\n"


def _optimizer(config: TrainingConfig) -> str:
    name = config.optimizer
    device = config.device.split(":")[0]
    fused = name != "rmsprop" and (device == "cpu" or (device == "cuda" and name != "adagrad"))
    return (
        "weights = [p for p in model.parameters() if p.ndim > 1]\n"
        "others = [p for p in model.parameters() if p.ndim < 2]\n"
        f"optimizer = torch.optim.{_NAMES.get(name, 'SGD')}(\n"
        f'    [{{"params": weights, "weight_decay": {config.weight_decay!r}}},\n'
        '     {"params": others, "weight_decay": 0.0}],\n'
        f"    lr={config.learning_rate!r}{_OPTIONS.get(name, '')}"
        f"{', fused=True' if fused else ''},\n)\n"
        + ('scaler = torch.amp.GradScaler("cuda")\n' if _mixed(config) else "")
    )


def _schedule(config: TrainingConfig, changes: Sequence[RateChanged]) -> str:
    """How the learning rate comes about; nothing if it never changes."""
    if config.schedule == "constant" and not changes:
        return ""
    formula = {
        "constant": "rate",
        "step": f"rate * {STEP_FACTOR!r} ** (step // steps // {step_size(config.epochs)})",
        "cosine": "rate * (1 + math.cos(math.pi * min(step, total) / total)) / 2",
        "exponential": f"rate * {DECAY!r} ** (step // steps)",
        "onecycle": f"cycle(step, rate / {FIRST!r}, rate, rate / {FIRST!r} / {LAST!r})",
    }[config.schedule]
    by_hand = ", ".join(f"{one.step}: {one.learning_rate!r}" for one in changes)
    return (
        f"steps = math.ceil(len(train_y) / {config.batch_size})  # of an epoch\n"
        f"total = steps * {config.epochs}\n"
        f"base = {config.learning_rate!r}\n"
        + (f"changed = {{{by_hand}}}  # by hand, from these updates on\n" if changes else "")
        + ("\n" + _CYCLE if config.schedule == "onecycle" else "\n\n")
        + f"def rate_at(step, rate):\n    return {formula}\n\n"
    )


def _validation() -> str:
    return (
        "\n@torch.no_grad()\ndef validate():\n"
        '    """The mean loss and the share of right answers, without dropout."""\n'
        "    model.eval()\n"
        f"    parts = valid_x.split({BATCH})\n"
        "    scores = torch.cat([model(x.permute(0, 3, 1, 2)) for x in parts]).float()\n"
        "    model.train()\n"
        '    losses = F.cross_entropy(scores, valid_y, reduction="none").cpu().numpy()\n'
        "    right = int((scores.argmax(1) == valid_y).sum())\n"
        "    return float(losses.mean(dtype=np.float64)), right / len(valid_y)\n\n"
    )


def _rates(config: TrainingConfig, changes: Sequence[RateChanged]) -> str:
    """The lines that set the learning rate of an update."""
    if config.schedule == "constant" and not changes:
        return ""
    lines = ""
    if changes:
        lines += "if step in changed:\n    base = changed[step] / rate_at(step, 1.0)\n"
    lines += 'for group in optimizer.param_groups:\n    group["lr"] = rate_at(step, base)\n'
    if config.schedule == "onecycle":
        low, high = MOMENTA
        momentum = f"cycle(step, {high!r}, {low!r}, {high!r})"
        if config.optimizer in ("adam", "adamw"):
            lines += f'    group["betas"] = ({momentum}, 0.999)\n'
        elif config.optimizer in ("momentum", "nesterov"):
            lines += f'    group["momentum"] = {momentum}\n'
    return lines


def _update(config: TrainingConfig) -> str:
    smooth = f", label_smoothing={config.label_smoothing!r}" if config.label_smoothing else ""
    labels = "y" if config.augment else "train_y[batch]"
    clip, norm = "", config.gradient_clip
    if norm is not None:
        clip = f"nn.utils.clip_grad_norm_(model.parameters(), {norm!r})\n"
    forward = (
        f"scores = model(x)  # forward\nloss = F.cross_entropy(scores, {labels}{smooth})  # loss\n"
    )
    if not _mixed(config):
        return (
            f"{forward}optimizer.zero_grad()\nloss.backward()  # backward\n{clip}"
            "optimizer.step()  # update\n"
        )
    return (
        f'with torch.autocast("cuda"):\n{textwrap.indent(forward, "    ")}'
        "optimizer.zero_grad()\nscaler.scale(loss).backward()  # backward\n"
        + (f"scaler.unscale_(optimizer)\n{clip}" if clip else "")
        + "scaler.step(optimizer)  # update\nscaler.update()\n"
    )


def _loop(
    config: TrainingConfig,
    epochs: int,
    changes: Sequence[RateChanged],
    changed: Augmenting | None,
) -> str:
    order = "" if config.channels_last else ".contiguous()"
    rates = _rates(config, changes)
    plain = f"x = train_x[batch].permute(0, 3, 1, 2){order}  # (B, C, H, W)\n"
    body = (
        rates
        + (changed.batch() if changed else plain)
        + _update(config)
        + "losses.append(loss.item() * len(batch))\n"
        + ("step += 1\n" if rates else "")
    )
    said = ', f"training loss {math.fsum(losses) / len(train_y)!r}"'
    after = ""
    if config.validation_share:
        after = "    loss, accuracy = validate()\n"
        said += ', f"validation loss {loss!r}", f"accuracy {accuracy!r}"'
    return (
        ("step = 0\n" if rates else "")
        + f"for epoch in range(1, {epochs + 1}):\n    losses = []\n"
        + f"    for batch in torch.randperm(len(train_y)).split({config.batch_size}):\n"
        + textwrap.indent(body, " " * 8)
        + after
        + textwrap.indent(_print(said), "    ")
    )


def _print(said: str) -> str:
    pieces = said.removeprefix(", ").split(', f"')
    lines = [f"    {pieces[0]},", *(f'    f"{piece},' for piece in pieces[1:])]
    return 'print(\n    f"epoch {epoch}",\n' + "\n".join(lines) + '\n    sep=", ",\n)\n'


def _mixed(config: TrainingConfig) -> bool:
    return config.mixed_precision and config.device.startswith("cuda")
