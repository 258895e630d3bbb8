"""Predict first: questions about transfer learning that the page's own pictures answer."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import torch

from core.errors import InputError
from core.transfer.backbones import BUILT_IN, Backbone, load_backbone
from core.transfer.embed import embed
from core.transfer.folds import plan_for
from core.transfer.judging import Judged, cross_validated
from core.transfer.sets import SAMPLE_SETS, sample_set
from explorer.numbers import fixed
from explorer.questions import Answer, Question
from explorer.transfer_learning.model import Model
from explorer.transfer_learning.opening import stranger

if TYPE_CHECKING:
    from explorer.transfer_learning.lesson import TransferLearning

FRESH = 20  # new pictures of each class
STRANGERS = 20
CLOSE = 0.05


@lru_cache(maxsize=1)
def untrained() -> Backbone:
    """The built-in network with random weights."""
    generator = torch.Generator().manual_seed(0)
    return load_backbone(BUILT_IN, weights="random", generator=generator)


def judged_with(backbone: Backbone, lesson: TransferLearning) -> Judged:
    """Judge a head on the features of a backbone, by pictures that are held back."""
    collection = lesson.collecting.collection
    features = embed(backbone, collection.pictures())
    targets = collection.targets()
    classes = len(collection.classes)
    generator = torch.Generator().manual_seed(lesson.settings.seed)
    return cross_validated(features, targets, classes, plan_for(targets, classes, generator))


def fresh_accuracy(model: Model, lesson: TransferLearning) -> tuple[int, int]:
    """Return how many of new pictures of the set are recognised, and how many there were."""
    settings = lesson.settings
    seed = 900_000 + settings.seed
    fresh = sample_set(settings.samples, FRESH, seed, list(model.classes))
    logits = model.head.logits(embed(model.backbone, fresh.pictures()))
    right = int((logits.argmax(1) == fresh.targets()).sum())
    return right, len(fresh)


def _model(lesson: TransferLearning) -> Model:
    if lesson.learning.model is None:
        raise InputError("First let a head learn: two classes with pictures are the least.")
    return lesson.learning.model


def _fresh(lesson: TransferLearning) -> Answer:
    model = _model(lesson)
    right, total = fresh_accuracy(model, lesson)
    share = right / total
    held = model.judged.accuracy
    return 0 if share > 0.9 else 1 if share > 0.6 else 2, (
        f"{right} of {total} new pictures are recognised, {fixed(100 * share, 0)} %. Judged by "
        f"its own pictures, each held back, it had {fixed(100 * held, 0)} %: few pictures, and "
        f"still an honest guess."
    )


def _random(lesson: TransferLearning) -> Answer:
    model = _model(lesson)
    learnt = model.judged.accuracy
    drawn = judged_with(untrained(), lesson)
    gap = learnt - drawn.accuracy
    right = 0 if gap > CLOSE else 2 if gap < -CLOSE else 1
    low, high = drawn.interval
    chance = 100 / len(model.classes)
    return right, (
        f"Random weights: {fixed(100 * drawn.accuracy, 0)} % ({fixed(100 * low, 0)} to "
        f"{fixed(100 * high, 0)}), trained ones {fixed(100 * learnt, 0)} %, guessing "
        f"{fixed(chance, 0)} %. Even random filters see something; what was learnt sees more."
    )


def _sure(lesson: TransferLearning) -> Answer:
    model = _model(lesson)
    pictures = [stranger(lesson.settings, number)[0] for number in range(STRANGERS)]
    said = model.say(pictures, lesson.settings.strict)
    raw = [float(one.raw.max()) for one in said]
    sure, refused = sum(one > 0.9 for one in raw), sum(one.rejected for one in said)
    mean = sum(raw) / len(raw)
    lesson.asking.strange()
    return 0 if mean > 0.6 else 1 if mean > 1.5 / len(model.classes) else 2, (
        f"Of {STRANGERS} strangers softmax gives {sure} more than 90 %, and "
        f"{fixed(100 * mean, 0)} % on average: it has to choose. The bar for “none of these” "
        f"refuses {refused} of them."
    )


def _from_set(lesson: TransferLearning) -> bool:
    return lesson.settings.samples in SAMPLE_SETS and lesson.learning.model is not None


def _learnt(lesson: TransferLearning) -> bool:
    return lesson.learning.model is not None


QUESTIONS: tuple[Question[TransferLearning], ...] = (
    Question(
        "A photo of something else altogether: how sure of one of your classes is softmax?",
        ("Quite sure, over 60 %", "Somewhat, it hesitates", "All classes get the same"),
        "Ask it",
        _sure,
    ),
    Question(
        "The same network with random weights, and a new head on it: how good is that?",
        ("Clearly worse", "About as good", "Better"),
        "Try it",
        _random,
        _learnt,
    ),
    Question(
        "A handful of pictures a class were enough to learn from. How many of 20 new ones of each "
        "class will be recognised?",
        ("More than 90 %", "60 to 90 %", "Fewer than 60 %"),
        "Make new ones and count",
        _fresh,
        _from_set,
    ),
)
