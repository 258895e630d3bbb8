"""Answers for many pictures as a table that a spreadsheet opens."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from core.transfer.export_facts import NONE
from core.transfer.predictor import Prediction

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def results_csv(
    names: Sequence[str], predictions: Sequence[Prediction], classes: Sequence[str]
) -> str:
    """One row for each picture: its name, the answer, and the probability of every class.

    A text that a spreadsheet would take for a formula gets an apostrophe in front.

    Args:
        names: What the pictures are called, such as their file names.
        predictions: What is said about them, in the same order.
        classes: The names of the classes.
    """
    table = io.StringIO()
    write = csv.writer(table, lineterminator="\r\n").writerow
    head = ["picture", "answer", "confidence", *classes, "distance", "why"]
    write([harmless(text) for text in head])
    for name, one in zip(names, predictions, strict=True):
        answer = NONE if one.rejected else one.name
        shares = [f"{share:.4f}" for share in one.calibrated.tolist()]
        distance = "" if one.distance != one.distance else f"{one.distance:.3f}"
        first = [harmless(name), harmless(answer), f"{one.confidence:.4f}"]
        write([*first, *shares, distance, harmless(one.why)])
    return table.getvalue()


def harmless(text: str) -> str:
    """The text, or the text behind an apostrophe where a spreadsheet would calculate it."""
    return "'" + text if text.lstrip(" ").startswith(_FORMULA) else text
