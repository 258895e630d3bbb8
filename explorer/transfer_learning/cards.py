"""The cards under the stage: confusion, mistakes, doctor, curves, calibration and the rest."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.boards import board, doctor_card
from explorer.training_dashboard.curves import Sheet
from explorer.transfer_learning.code import code
from explorer.transfer_learning.formulas import formulas
from explorer.transfer_learning.help import CARDS
from explorer.transfer_learning.judged_cards import classes, confusion, mistakes, reliability
from explorer.transfer_learning.learning_card import curve, runs
from explorer.transfer_learning.lesson import TransferLearning

SLUG = "transfer_learning"
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
    cards.append(doctor_card(lesson.doctor.finding()))
    cards += [curve(lesson, sheet), runs(lesson, sheet)]
    if settled is not None:
        cards.append(reliability(settled))
    cards.append(lesson.round.card())
    if model is not None:
        cards += [formulas(lesson, model)]
    if settled is not None:
        cards.append(classes(settled))
    cards += [lesson.backbones.card(), lesson.public.card(), lesson.projects.card()]
    told = code(lesson)
    cards += [told] if told is not None else []
    cards += [lesson.exports.card(lesson)]
    header = board(SLUG, lesson, token, cards, CARDS)
    return header, sheet.numbers()
