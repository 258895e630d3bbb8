"""Predict first: questions about augmentation that draws of their own answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.augmentation.draws import draws, outcome, shown
from core.augmentation.pictures import sample
from core.augmentation.pipeline import Pipeline
from core.augmentation.text import parse
from explorer.augmentation.looking import reader
from explorer.augmentation.settings import COUNT
from explorer.numbers import fixed
from explorer.questions import Answer, Question

if TYPE_CHECKING:
    from explorer.augmentation.lesson import Augmentation

SEEDS = 40
_MOST, _FEW = 12, 4
_BACK = "Undo brings your pipeline back."


def mirrored(seed: int) -> int:
    """How many of sixteen draws of a horizontal flip with p = 0.5 are mirrored."""
    picture = sample("letters")[::4, ::4].copy()
    found = draws(picture, parse("hflip"), COUNT, seed)
    return sum(not np.array_equal(one, picture) for one in found)


def black(pipeline: Pipeline, seed: int) -> float:
    """The share of pixels that are black, over sixteen draws of the landscape."""
    return float(np.mean([(one == 0).all(2) for one in draws(_scene(), pipeline, COUNT, seed)]))


def read_as_six(pipeline: Pipeline, seed: int) -> int:
    """How many of sixteen draws of a 6 the shipped reader still reads as a 6."""
    six = sample("six")
    found = (shown(outcome(six, pipeline, seed, k))[:, :, 0].copy() for k in range(COUNT))
    return sum(int(reader().read(one).argmax()) == 6 for one in found)


def _scene() -> np.ndarray:
    return sample("landscape")


def _flips(lesson: Augmentation) -> Answer:
    seed = lesson.settings.seed
    counts = [mirrored(seed + k) for k in range(SEEDS)]
    lesson.show(parse("hflip"), "letters")
    right = 0 if set(counts) == {COUNT // 2} else 1
    return right, (
        f"With your seed {counts[0]} of sixteen are mirrored; over {SEEDS} seeds it went from "
        f"{min(counts)} to {max(counts)}. Every draw tosses its own coin. {_BACK}"
    )


def _corners(lesson: Augmentation) -> Answer:
    seed = lesson.settings.seed
    behind = parse("rotation:degrees=30;resized_crop:size=224,scale_min=0.3,scale_max=0.5")
    before = behind.move(0, 1)
    cropped_last, turned_last = black(behind, seed), black(before, seed)
    lesson.show(behind, "landscape")
    close = abs(cropped_last - turned_last) < 0.005
    right = 2 if close else 0 if cropped_last < turned_last else 1
    return right, (
        f"Cropping last leaves {fixed(100 * cropped_last, 1)} % black, turning last "
        f"{fixed(100 * turned_last, 1)} %. A crop often cuts the black corners off; turning "
        f"behind it makes new ones. The order of a pipeline counts. {_BACK}"
    )


def _upside_down(lesson: Augmentation) -> Answer:
    pipeline = parse("rotation:degrees=180")
    found = read_as_six(pipeline, lesson.settings.seed)
    lesson.show(pipeline, "six")
    right = 0 if found > _MOST else 2 if found < _FEW else 1
    return right, (
        f"The explorer's reader reads {found} of sixteen as a 6. The others are 9s or no digit at "
        f"all, and every one of them would be labelled “6”. {_BACK}"
    )


QUESTIONS: tuple[Question[Augmentation], ...] = (
    Question(
        "A handwritten 6 is turned by up to 180°. How many of sixteen draws does a good reader "
        "still read as a 6?",
        (f"More than {_MOST}", f"{_FEW} to {_MOST}", f"Fewer than {_FEW}"),
        "Ask the reader",
        _upside_down,
    ),
    Question(
        "`RandomHorizontalFlip(p=0.5)`, sixteen draws. How many are mirrored?",
        ("Exactly 8", "About 8, it differs", "All or none"),
        "Draw and count",
        _flips,
    ),
    Question(
        "First turn, then crop, or first crop, then turn: which leaves fewer black pixels?",
        ("First turn, then crop", "First crop, then turn", "About the same"),
        "Draw both",
        _corners,
    ),
)
