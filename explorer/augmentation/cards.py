"""The cards under the stage: values, labels, batches, the doctor, questions and the script."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.augmentation.histograms import Histogram
from core.augmentation.safety import Change
from core.augmentation.spec import DATA_KINDS
from explorer.augmentation.doctor import finding
from explorer.augmentation.files import source
from explorer.augmentation.help import CARDS
from explorer.augmentation.lesson import Augmentation
from explorer.augmentation.race_card import race_card
from explorer.boards import board, doctor_card, script_card
from explorer.numbers import fixed
from explorer.training_dashboard.curves import Sheet

SLUG = "augmentation"
Card = dict[str, Any]
SHOWN = 6
CHANNELS = ("red", "green", "blue")


def board_message(
    lesson: Augmentation, token: str | None
) -> tuple[dict[str, Any], NDArray[np.float32]]:
    """Return the cards as JSON, and their curves as numbers.

    Args:
        lesson: The lesson.
        token: Name of the gestures that this answers.
    """
    sheet = Sheet()
    cards = [
        safety(lesson),
        doctor_card(finding(lesson), 5),
        histogram(lesson),
        lesson.round.card() | {"span": 5},
    ]
    if lesson.pipeline.batch_steps:
        cards.append(mix(lesson))
    cards += [race_card(lesson, sheet), script_card(lesson.looking.script(), "augmentation.py", 12)]
    header = board(SLUG, lesson, token, cards, CARDS)
    return header, sheet.numbers()


def safety(lesson: Augmentation) -> Card:
    """Return the steps that can change a label, and digits that are read as others."""
    looking = lesson.looking
    steps = lesson.pipeline.steps
    rows = [
        {"step": steps[one.at].transform.label, "at": one.at, "text": one.sentence}
        for one in looking.warned()
    ]
    digits = looking.data == "digits"
    changes = looking.changes() if digits else []
    return {
        "kind": "safety",
        "span": 7,
        "title": "Is the label still true?",
        "note": f"for {DATA_KINDS[looking.data]}",
        "rows": rows,
        "pairs": [_pair(one) for one in _different(changes)[:SHOWN]],
        "foot": _asked(len(changes)) if digits else "",
        "empty": "No step of this pipeline is known to change these labels.",
    }


def _pair(change: Change) -> dict[str, Any]:
    return {
        "before": source(change.before),
        "after": source(change.after),
        "words": f"**{change.true}** is read as **{change.said}**",
        "detail": f"{_percent(change.confidence)} sure",
    }


def _percent(share: float) -> str:
    """A confidence in words: nobody is sure to 100 %."""
    return "over 99 %" if share > 0.99 else f"{fixed(100 * share, 0)} %"


def _different(changes: list[Change]) -> list[Change]:
    """The most certain change of each kind first, then the others."""
    firsts = {(one.true, one.said): one for one in reversed(changes)}
    return sorted(changes, key=lambda one: firsts[one.true, one.said] is not one)


def _asked(count: int) -> str:
    asked = "The explorer's reader was shown 30 digits, four draws of each"
    if not count:
        return f"{asked}, and took none for another digit."
    return f"{asked}, and took {count} of them surely for another digit."


def histogram(lesson: Augmentation) -> Card:
    """Return the values of the chosen draw, before and after Normalise."""
    before, after = lesson.looking.histograms()
    return {
        "kind": "histogram",
        "span": 7,
        "title": "Values",
        "note": f"draw {lesson.settings.draw}",
        "plots": [_plot("Before Normalise" if after else "From 0 to 1", before)]
        + ([_plot("After Normalise", after)] if after else []),
        "foot": "" if after else "Add Normalise to see what it does to them.",
    }


def _plot(title: str, one: Histogram) -> dict[str, Any]:
    grey = len(one.counts) == 1 or len(set(one.counts)) == 1
    names = ("grey",) if grey else CHANNELS
    rows = zip(names, one.counts, one.means, one.deviations, strict=False)
    return {
        "title": title,
        "low": one.edges[0],
        "high": one.edges[-1],
        "channels": [
            {
                "name": name,
                "counts": counts,
                "mean": fixed(mean, 2),
                "deviation": fixed(deviation, 2),
            }
            for name, counts, mean, deviation in rows
        ],
    }


def mix(lesson: Augmentation) -> Card:
    """Return a batch of four pictures, mixed, with the shares of their labels."""
    batch = lesson.looking.batch()
    names = " and ".join(step.transform.label for step in lesson.pipeline.batch_steps)
    pictures = []
    if batch.result is not None:
        rows = zip(batch.result.pictures, batch.result.labels.tolist(), strict=True)
        pictures = [
            {
                "src": source(picture),
                "shares": [
                    {"name": name, "share": share, "text": f"{fixed(100 * share, 0)} %"}
                    for name, share in zip(batch.names, shares, strict=True)
                    if share > 0
                ],
            }
            for picture, shares in rows
        ]
    return {
        "kind": "mixed",
        "span": 12,
        "title": f"{names}: the label is mixed, too",
        "note": f"a batch of {len(batch.names)}",
        "pictures": pictures,
        "refused": batch.refused,
    }
