"""Predict first: questions about training on pictures that runs of their own answer."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from core.training.config import TrainingConfig
from core.training.data import prepared_for
from core.training.events import EpochEnded, Started
from core.training.loop import train
from core.training.state import start
from core.vision.models import MODELS
from explorer.numbers import fixed
from explorer.questions import Answer, Question

if TYPE_CHECKING:
    from explorer.training_dashboard.lesson import TrainingDashboard

EPOCHS, BATCH = 3, 64


def _run(model: str, **changes: object) -> tuple[Started, list[EpochEnded]]:
    """A short run on scikit-learn's digits, in this process, with one thread."""
    values = {"dataset": "digits", "validation_share": 0.2, "epochs": EPOCHS, "batch_size": BATCH}
    config = TrainingConfig(model=MODELS[model].text, threads=1, seed=42, **values | changes)  # type: ignore[arg-type]
    prepared = prepared_for(config)
    network, state = start(config, prepared.shape, len(prepared.classes))
    events = list(train(network, prepared, config, state))
    begun = next(one for one in events if isinstance(one, Started))
    return begun, [one for one in events if isinstance(one, EpochEnded)]


def _which(_lesson: TrainingDashboard) -> Answer:
    _, plain = _run("softmax")
    _, deep = _run("fast_cnn", learning_rate=0.005)
    first, second = (rows[-1].validation_accuracy for rows in (plain, deep))
    right = 2 if abs(first - second) < 0.01 else 0 if first > second else 1
    return right, (
        f"After {EPOCHS} epochs the sums of pixels read {fixed(100 * first, 1)} % of the "
        f"validation pictures, the convolutions {fixed(100 * second, 1)} %. A convolution looks "
        "for the same stroke everywhere; a sum of pixels has to learn it at each place."
    )


def _updates(_lesson: TrainingDashboard) -> Answer:
    begun, _ = _run("softmax", epochs=1)
    exact = begun.samples / BATCH
    options = (math.floor(exact), math.ceil(exact), begun.samples)
    return options.index(begun.steps_per_epoch), (
        f"{begun.samples} / {BATCH} = {fixed(exact, 2)}: {math.floor(exact)} full batches and a "
        f"smaller one. The run has just counted {begun.steps_per_epoch} updates."
    )


def _too_fast(_lesson: TrainingDashboard) -> Answer:
    _, rows = _run("lenet5", optimizer="adam", learning_rate=1.0, schedule="constant")
    best = max((row.validation_accuracy for row in rows), default=0.0)
    right = 1 if best < 0.5 else 0
    return right, (
        f"The best of {EPOCHS} epochs read {fixed(100 * best, 1)} % of the validation pictures; "
        "guessing reads 10 %. Steps that are too large jump over every valley."
    )


QUESTIONS: tuple[Question[TrainingDashboard], ...] = (
    Question(
        "Softmax regression or a small CNN: which reads more digits after three epochs?",
        ("Softmax regression", "The CNN", "About the same"),
        "Train both",
        _which,
    ),
    Question(
        "1,150 pictures in batches of 64. How many updates has an epoch?",
        ("17", "18", "1,150"),
        "Count them",
        _updates,
    ),
    Question(
        "LeNet-5 with Adam and a learning rate of 1 instead of 0.001. What happens?",
        ("It learns faster", "It hardly learns at all"),
        "Try it",
        _too_fast,
    ),
)
