"""The cards under the stage: confusion, mistakes, doctor, curves, calibration and the rest."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer import glossary
from explorer.prose import paragraphs, prose_card
from explorer.training_dashboard.curves import Sheet
from explorer.transfer_learning.code import code
from explorer.transfer_learning.formulas import formulas
from explorer.transfer_learning.help import CARDS
from explorer.transfer_learning.judged_cards import classes, confusion, mistakes, reliability
from explorer.transfer_learning.learning_card import curve, runs
from explorer.transfer_learning.lesson import TransferLearning
from explorer.transfer_learning.questions import QUESTIONS

Card = dict[str, Any]


def board_message(
    lesson: TransferLearning, token: str | None
) -> tuple[dict[str, Any], NDArray[np.float32]]:
    """Return the cards as JSON and their curves as numbers.

    Args:
        lesson: The lesson.
        token: Name of the gestures that this answers.
    """
    lesson.tuning.let_go_of_deleted()
    sheet = Sheet()
    answers = lesson.answers.card(lesson)
    cards: list[Card] = [] if answers is None else [answers]
    model, settled = lesson.model, lesson.settled
    if settled is not None and not len(settled.judged):
        settled = None
    if settled is not None:
        cards += [confusion(lesson, settled), mistakes(lesson, settled)]
    cards.append(doctor(lesson))
    cards += [curve(lesson, sheet), runs(lesson, sheet)]
    if settled is not None:
        cards.append(reliability(settled))
    cards.append(lesson.round.card() | {"span": 4})
    if model is not None:
        cards += [formulas(lesson, model)]
    if settled is not None:
        cards.append(classes(settled))
    cards += [lesson.backbones.card(), lesson.public.card(), lesson.projects.card()]
    told = code(lesson)
    cards += [told] if told is not None else []
    cards += [lesson.exports.card(lesson), prose_card("transfer_learning")]
    for card in cards:
        card["help"] = CARDS.get(card["kind"])
    header = {"ack": token, "frame": lesson.frame, "cards": cards, "glossary": _terms()}
    return header, sheet.numbers()


@cache
def _terms() -> dict[str, str]:
    return glossary.used([*paragraphs("transfer_learning"), *(one.text for one in QUESTIONS)])


def doctor(lesson: TransferLearning) -> Card:
    """Return the doctor's most important finding."""
    found = lesson.doctor.finding()
    return {
        "kind": "doctor",
        "span": 4,
        "level": found.level,
        "text": found.text,
        "remedy": found.remedy,
    }
