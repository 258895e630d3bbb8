"""What is wrong with a run, in plain words, and what to do about it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import torch

from core import diagnosis
from core.networks.probes import dead_units, gradient_norms, wilson
from core.networks.running import Run

ENOUGH_EPOCHS = 60
FEW_POINTS = 20


@dataclass(frozen=True)
class Remedy:
    """Something that one click can change.

    Attributes:
        label: What the button says.
        changes: Fields of `NetworkConfig` with their new values; "activation" is for every
            hidden layer, "add_layer" the number of units of another one.
        rewind: Whether the run should start anew.
    """

    label: str
    changes: dict[str, Any] = field(default_factory=dict)
    rewind: bool = False


Finding = diagnosis.Finding[Remedy]


def diagnose(run: Run) -> Finding:
    """Return the most important thing about a run as it stands.

    Looked at in this order: divergence, units that are all alike, dead ReLUs, saturation,
    gradients that vanish, overfitting, underfitting, classes out of balance, too few points
    to check with.
    """
    checks = (_diverged, _alike, _dead, _saturated, _vanishing, _overfit, _underfit, _unbalanced)
    for check in (*checks, _few):
        found = check(run)
        if found is not None:
            return found
    return _healthy(run)


def _diverged(run: Run) -> Finding | None:
    if run.problem is None:
        return None
    if not run.step_count:
        return Finding("warning", run.problem, Remedy("Take tanh", {"activation": "tanh"}, True))
    rate = max(1e-6, float(f"{run.config.learning_rate / 10:.1g}"))
    remedy = Remedy(f"Learning rate {rate:g}, from the start", {"learning_rate": rate}, True)
    return Finding("warning", run.problem, remedy)


def _alike(run: Run) -> Finding | None:
    if run.config.initialisation != "zero" or not run.config.layers:
        return None
    return Finding(
        "warning",
        "All weights started at 0: every unit of a layer gets the same gradient (with tanh or "
        "ReLU none at all), so all stay alike for ever. Random first weights break the symmetry.",
        Remedy("Start with Xavier", {"initialisation": "xavier"}, True),
    )


def _dead(run: Run) -> Finding | None:
    for found in dead_units(run):
        if found.share >= 0.5:
            return Finding(
                "warning",
                f"{len(found.units)} of the {found.of} ReLU units of hidden layer "
                f"{found.layer + 1} say 0 for every training point: their gradient is 0, too.",
                Remedy("Take Leaky ReLU", {"activation": "leaky_relu"}),
            )
    return None


@torch.no_grad()
def _saturated(run: Run) -> Finding | None:
    learning = run.model.training
    run.model.eval()  # To look must not change the run: no dropout, no running statistics.
    stages = run.model.stages(run.examples.inputs)
    run.model.train(learning)
    for index, layer in enumerate(run.config.layers):
        if layer.activation not in ("tanh", "sigmoid"):
            continue
        values = stages[index + 1]
        centred = values if layer.activation == "tanh" else 2 * values - 1
        share = float((centred.abs() > 0.995).float().mean())
        if share > 0.9:
            return Finding(
                "note",
                f"{share:.0%} of what hidden layer {index + 1} says is at the flat ends of "
                f"{layer.activation}: it hardly learns any more.",
                Remedy(f"L2 {_stronger(run):g} keeps weights small", {"l2": _stronger(run)}),
            )
    return None


def _vanishing(run: Run) -> Finding | None:
    if len(run.config.layers) < 4:
        return None
    norms = gradient_norms(run)
    if not 0 < norms[-1] < math.inf or norms[0] > 1e-4 * norms[-1] or run.now.training_loss < 0.05:
        return None
    return Finding(
        "note",
        f"The gradient of the first layer is {norms[0] / norms[-1]:.1g} times that of the last: "
        "it vanishes on its way back.",
        Remedy("ReLU and He start", {"activation": "relu", "initialisation": "he"}, True),
    )


def _overfit(run: Run) -> Finding | None:
    rows = run.rows
    if len(rows) < 20 or math.isnan(rows[-1].validation_loss):
        return None
    last, best = rows[-1], min(row.validation_loss for row in rows)
    far = last.validation_loss - last.training_loss
    if far < 0.08 or last.validation_loss < 1.15 * best:
        return None
    stronger = _stronger(run)
    return Finding(
        "warning",
        f"Validation loss is {far:.2g} above training loss and {last.validation_loss / best:.1f} "
        "times its best: the network learns its points by heart.",
        Remedy(f"Try L2 {stronger:g}", {"l2": stronger}),
    )


def _stronger(run: Run) -> float:
    """A penalty on w² that is larger than that in force."""
    return 0.003 if run.config.l2 < 0.003 else min(1.0, float(f"{3 * run.config.l2:.1g}"))


def _underfit(run: Run) -> Finding | None:
    last = run.rows[-1] if run.rows else run.now
    if run.epoch < ENOUGH_EPOCHS or math.isnan(last.training_accuracy):
        return None
    if last.training_accuracy > 0.85:
        return None
    text = (
        f"After {run.epoch} epochs {last.training_accuracy:.0%} of the training points are right: "
        "the network is too small, or it learns too slowly."
    )
    if len(run.config.layers) < 2:
        return Finding("note", text, Remedy("Add a layer of 6 units", {"add_layer": 6}))
    rate = min(1.0, float(f"{3 * run.config.learning_rate:.1g}"))
    if rate <= run.config.learning_rate:
        steady = {"optimizer": "adam", "learning_rate": 0.03}
        return Finding("note", text, Remedy("Adam with learning rate 0.03", steady))
    return Finding("note", text, Remedy(f"Learning rate {rate:g}", {"learning_rate": rate}))


def _unbalanced(run: Run) -> Finding | None:
    counts = run.training.counts()
    if not counts or min(counts) >= 0.4 * max(counts):
        return None
    if min(counts) == 0:
        return Finding("warning", "One class has no points to learn from: paint some.")
    return Finding(
        "note",
        f"The classes have {', '.join(map(str, counts))} training points: accuracy flatters a "
        "network that leaves out the small one. Read the confusion matrix.",
    )


def _few(run: Run) -> Finding | None:
    count = len(run.validation)
    if run.objective.classes == 0 or count >= FEW_POINTS or count == 0:
        return None
    right = round(run.now.validation_accuracy * count)
    low, high = wilson(right, count)
    return Finding(
        "note",
        f"Only {count} points to check with: the true accuracy may be anything from {low:.0%} to "
        f"{high:.0%}.",
    )


def _healthy(run: Run) -> Finding:
    now = run.now
    if not run.step_count:
        return Finding("ok", "Nothing learnt yet. Press play and watch the units find their lines.")
    text = f"Healthy: training loss {now.training_loss:.3g}"
    if not math.isnan(now.validation_loss):
        text += f", validation loss {now.validation_loss:.3g}"
    return Finding("ok", text + ".")
