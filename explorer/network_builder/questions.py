"""Predict first: questions about networks that the run itself answers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from torch import nn

from core.networks.config import LayerConfig, NetworkConfig
from core.networks.training import Training
from explorer.numbers import significant
from explorer.questions import Answer, Question

if TYPE_CHECKING:
    from explorer.network_builder.lesson import NetworkBuilder

EPOCHS = 80
BATCHES = (1, 20, 250)
RATES = (0.003, 0.03, 0.3)
MOST_STEPS = 12_000  # of a run for a question, shared out among the layers


def _affordable(lesson: NetworkBuilder, epochs: int, batch: int) -> int:
    """So many epochs, or as many as many points, small batches and many layers leave time for."""
    run = lesson.side.training
    steps = MOST_STEPS // (1 + len(run.config.layers))
    batches = -(-len(run.training) // batch)
    return min(epochs, max(2, steps // batches))


def _run(lesson: NetworkBuilder, epochs: int = EPOCHS, **changes: object) -> Training:
    """A run of its own with the points on screen, from the first weights on."""
    now = lesson.side.training
    config: NetworkConfig = replace(now.config, **changes)  # type: ignore[arg-type]
    run = Training(now.training, now.validation, config)
    run.advance_epochs(_affordable(lesson, epochs, config.batch_size))
    return run


def _flat(lesson: NetworkBuilder) -> Answer:
    run = _run(lesson, layers=())
    lesson.reconfigure(layers=())
    share = run.now.training_accuracy
    return (1 if share < 0.95 else 0), (
        f"After {run.epoch} epochs {share:.0%} of the training points are right. Without a hidden "
        "layer the border is a straight line, whatever the weights are. Undo brings the layers "
        "back."
    )


def _bent_data(lesson: NetworkBuilder) -> bool:
    names = ("circles", "spirals", "xor", "checkerboard")
    return lesson.settings.data in names and lesson.side.config.features == ("x1", "x2")


def _alike(lesson: NetworkBuilder) -> Answer:
    layers = (LayerConfig(4, "sigmoid"),)
    run = _run(lesson, layers=layers, initialisation="zero")
    weight = run.model.linears()[0].weight.detach().numpy()
    spread = float(np.abs(weight - weight[0]).max())
    lesson.reconfigure(layers=layers, initialisation="zero")
    return (0 if spread > 1e-6 else 2), (
        f"After {run.epoch} epochs the weights of the four units differ by {significant(spread)}. "
        "Units that start alike get the same gradient and stay alike: they are one unit, four "
        "times. Press play and look at their pictures. (With tanh or ReLU not even that: what "
        "they say is 0, and so is every gradient.)"
    )


def _counted(lesson: NetworkBuilder) -> Answer:
    count = sum(parameter.numel() for parameter in nn.Linear(7, 5).parameters())
    right = [35, 40, 12].index(count)
    return right, f"PyTorch counts {count}: 7 × 5 weights and 5 biases."


def _by_batch(lesson: NetworkBuilder) -> list[list[float]]:
    return _curves(lesson, 15, "batch_size", BATCHES)


def _by_rate(lesson: NetworkBuilder) -> list[list[float]]:
    return _curves(lesson, 30, "learning_rate", RATES)


def _order(lesson: NetworkBuilder, count: int) -> list[int]:
    return [int(k) for k in np.random.default_rng(lesson.round.seed).permutation(count)]


def _curves(
    lesson: NetworkBuilder, epochs: int, name: str, values: tuple[float, ...]
) -> list[list[float]]:
    found = []
    batches = values if name == "batch_size" else (lesson.side.config.batch_size,)
    epochs = min(_affordable(lesson, epochs, int(batch)) for batch in batches)  # for all alike
    for place in _order(lesson, len(values)):
        run = _run(lesson, epochs, optimizer="sgd", **{name: values[place]})
        found.append([row.training_loss for row in run.rows])
    return found


def _placed(lesson: NetworkBuilder, values: tuple[float, ...], wanted: float) -> int:
    return [values[place] for place in _order(lesson, len(values))].index(wanted)


def _largest_batch(lesson: NetworkBuilder) -> Answer:
    right = _placed(lesson, BATCHES, BATCHES[-1])
    return right, (
        f"Curve {'ABC'[right]}: with {BATCHES[-1]} examples in a batch an epoch makes one update "
        "or a few, so the loss falls smoothly and slowly; with 1 it makes hundreds, and jitters."
    )


def _smallest_rate(lesson: NetworkBuilder) -> Answer:
    right = _placed(lesson, RATES, RATES[0])
    return right, (
        f"Curve {'ABC'[right]}: with a rate of {RATES[0]} every update goes a tenth as far as "
        f"with {RATES[1]}, so the same number of epochs gets nowhere near as low."
    )


def _classes(lesson: NetworkBuilder) -> bool:
    return lesson.side.training.objective.classes == 2


def _started(lesson: NetworkBuilder) -> bool:
    """Whether curves can differ: from zero weights all of them stay level."""
    return _classes(lesson) and lesson.side.config.initialisation != "zero"


def _many(lesson: NetworkBuilder) -> bool:
    """Whether the batches differ: with few points the two larger ones are the same."""
    return _started(lesson) and len(lesson.side.training.training) > BATCHES[1]


QUESTIONS: tuple[Question[NetworkBuilder], ...] = (
    Question(
        "You remove all hidden layers. Can what is left part these points?",
        ("Yes, it only takes longer", "No, however long it learns"),
        "Remove them and learn",
        _flat,
        suits=_bent_data,
    ),
    Question(
        "How many parameters has `nn.Linear(7, 5)`?",
        ("35", "40", "12"),
        "Let PyTorch count",
        _counted,
    ),
    Question(
        "All weights start at 0. What will the four sigmoid units of a hidden layer learn?",
        (
            "Four different things",
            "Nothing, their gradient is 0",
            "All the same thing",
        ),
        "Start at 0",
        _alike,
        suits=_classes,
    ),
    Question(
        "The loss on the training points with batches of three sizes. Which has the largest?",
        ("Curve A", "Curve B", "Curve C"),
        "Name the batches",
        _largest_batch,
        suits=_many,
        curves=_by_batch,
    ),
    Question(
        "The same with three learning rates. Which curve has the smallest?",
        ("Curve A", "Curve B", "Curve C"),
        "Name the rates",
        _smallest_rate,
        suits=_started,
        curves=_by_rate,
    ),
)
