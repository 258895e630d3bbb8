"""The test set, asked once at the end: the answer, its interval, and how often it was asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.errors import InputError
from core.runs.directory import RunDirectory
from core.training.finished import FinalAccuracy
from core.training.tested import Tested, ask, tested
from explorer.numbers import fixed
from explorer.training_dashboard.looking import sets_for

if TYPE_CHECKING:
    from explorer.training_dashboard.lesson import TrainingDashboard

WHY = (
    "Until this button is pressed nobody has looked at the test set: no weight, no setting and no "
    "epoch was chosen by it. That is what makes its answer honest, and it is honest once. Who "
    "asks again after every change and keeps the best answer chooses by the test set, too, and "
    "measures luck."
)
UNEVEN = ("running", "starting", "queued", "paused")


def ask_test(lesson: TrainingDashboard) -> None:
    """Ask the test set about the run that is shown.

    Raises:
        InputError: There is no run, it is still going on, or its pictures are gone.
    """
    run = lesson.directory
    if run is None:
        raise InputError("There is no run to test.")
    if lesson.status().state in UNEVEN:
        raise InputError("The test set is for the end: let the run finish or stop it first.")
    ask(run, sets_for(run.spec().config.dataset))


def card(lesson: TrainingDashboard, run: RunDirectory) -> dict[str, Any]:
    """Return the card with the button and what the test set has said."""
    known = tested(run)
    ended = lesson.status().state not in UNEVEN and bool(run.epochs())
    return {
        "kind": "test",
        "span": 4,
        "title": "Test set",
        "note": _count(known.asked),
        "answer": None if known.last is None else _answer(known.last),
        "words": _words(run, known),
        "action": "Ask the test set once" if not known.asked else "Ask it again",
        "again": known.asked > 0,
        "enabled": ended,
    }


def _count(asked: int) -> str:
    return {0: "not asked yet", 1: "asked once", 2: "asked twice"}.get(
        asked, f"asked {asked} times"
    )


def _answer(said: FinalAccuracy) -> dict[str, Any]:
    share = said.right / max(said.total, 1)
    low, high = said.interval
    return {
        "accuracy": f"{fixed(100 * share, 2)} %",
        "text": f"{said.right:,} of n = {said.total:,} pictures, after epoch {said.epoch}; 95 % "
        f"interval {fixed(100 * low, 2)} to {fixed(100 * high, 2)} %",
        "share": share,
        "low": low,
        "high": high,
    }


def _words(run: RunDirectory, known: Tested) -> str:
    if known.last is None:
        return WHY
    row = next((row for row in run.rows() if row.epoch == known.last.epoch), None)
    said = "" if row is None else f"Validation said {fixed(100 * row.validation_accuracy, 2)} %. "
    if known.asked > 1:
        return (
            f"{said}The test set has been asked {known.asked} times about this run: if a setting "
            "was changed in between because of its answer, it has become a validation set, and "
            "only pictures that nobody has seen yet could still judge."
        )
    if row is not None:
        inside = known.last.interval[0] <= row.validation_accuracy <= known.last.interval[1]
        if not inside:
            said += "They differ by more than chance: look at what was chosen by validation. "
    return f"{said}This is the number to report. Asking again would not make it any truer."
