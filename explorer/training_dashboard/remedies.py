"""Doing what the doctor proposes: a new run beside the old one, or the old one trained on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.errors import InputError
from core.training.config import STORED
from core.training.data import store
from explorer.training_dashboard.doctor import finding
from explorer.training_dashboard.looking import sets_for
from explorer.training_dashboard.runner import runner
from explorer.training_dashboard.settings import of_run

if TYPE_CHECKING:
    from explorer.training_dashboard.lesson import TrainingDashboard


def follow_doctor(lesson: TrainingDashboard) -> None:
    """Carry out the remedy of the present finding, if it has one.

    Settings are those of the shown run with what the doctor changes; the old run stays in the
    list and is compared with the new one.

    Raises:
        InputError: It cannot be done, with the reason.
    """
    remedy, run = finding(lesson).remedy, lesson.directory
    if remedy is None or run is None:
        return
    if remedy.epochs is not None:
        _train_on(lesson, run.id, remedy.epochs)
        return
    config = run.spec().config
    changes = {**of_run(config), **remedy.changes}
    if remedy.balance:
        changes["data"] = balanced(lesson, config.dataset)
    lesson.settings = replace(lesson.settings, **changes)
    lesson.steering.start()
    lesson.managed.compare_with(run.id)
    lesson.notice = f"{remedy.label}: it has begun. The run before is compared with it."


def _train_on(lesson: TrainingDashboard, run: str, epochs: int) -> None:
    lesson.managed.own(run)
    runner().resume(run, epochs or None)
    lesson.notice = f"The run goes on to {epochs} epochs." if epochs else "The run goes on."


def balanced(lesson: TrainingDashboard, dataset: str) -> str:
    """Keep a copy of a set of one's own with as many pictures of every class; returns its name.

    Raises:
        InputError: It is no set of one's own, or gone.
    """
    if not dataset.startswith(STORED):
        raise InputError("Only pictures of your own are cut to the same number of each class.")
    data, _ = sets_for(dataset)
    least = min(count for count in data.counts() if count)
    kept = [(data.labels == label).nonzero()[:least, 0] for label in range(len(data.classes))]
    numbers = [number for part in kept for number in part.tolist()]
    even = data.take(sorted(numbers))
    name = f"{dataset.removeprefix(STORED)[:55]}-even"
    return store(replace(even, name=f"{data.name}, even"[:40]), name)
