"""How often the test set was asked about a run, and what it said: kept with the run."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass

from core.errors import InputError
from core.runs.directory import RunDirectory
from core.runs.sealed import read_sealed, sealed, write_whole
from core.training.data import Sets
from core.training.finished import FinalAccuracy, test_accuracy

NAME = "test.json"
MOST = 50  # answers that are kept; more are counted only


@dataclass(frozen=True)
class Tested:
    """What the test set has said about a run.

    Attributes:
        asked: How often it was asked, by anybody.
        answers: Its answers, the first one first.
    """

    asked: int = 0
    answers: tuple[FinalAccuracy, ...] = ()

    @property
    def last(self) -> FinalAccuracy | None:
        """The newest answer, or None."""
        return self.answers[-1] if self.answers else None


def tested(run: RunDirectory) -> Tested:
    """What the test set has said about a run so far; nothing where that cannot be read."""
    try:
        values = read_sealed(run.path / NAME)
        answers = tuple(
            FinalAccuracy(
                int(one["right"]),
                int(one["total"]),
                (float(one["interval"][0]), float(one["interval"][1])),
                int(one["epoch"]),
            )
            for one in values["answers"]
        )
        return Tested(int(values["asked"]), answers)
    except (InputError, KeyError, TypeError, ValueError, IndexError):
        return Tested()


def ask(run: RunDirectory, sets: Sets | None = None) -> Tested:
    """Ask the test set about a run after its newest epoch, and count that it was asked.

    It is counted before the answer is known: who closes the page has asked, too.

    Args:
        run: The run.
        sets: What `core.training.data.sets_of` gave for its data set, if it is at hand.

    Raises:
        InputError: There is no finished epoch, its pictures are not on this machine, or the
            disk is full.
    """
    if not run.epochs():
        raise InputError("This run has no finished epoch yet: there is nothing to test.")
    before = tested(run)
    _write(run, Tested(before.asked + 1, before.answers))
    found = test_accuracy(run, sets)
    now = Tested(before.asked + 1, (*before.answers, found)[-MOST:])
    _write(run, now)
    return now


def _write(run: RunDirectory, now: Tested) -> None:
    values = {"asked": now.asked, "answers": [asdict(one) for one in now.answers]}
    try:
        write_whole(run.path / NAME, sealed({**values, "time": time.time()}), durable=True)
    except OSError as error:
        raise InputError("The disk is full: how often was asked could not be noted.") from error
