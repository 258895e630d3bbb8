"""Starting, pausing, stopping a run, and its learning rate while it goes on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from core.errors import InputError
from explorer.settings import checked
from explorer.training_dashboard.runner import runner, threads
from explorer.training_dashboard.settings import Settings, run_name, training_config

if TYPE_CHECKING:
    from explorer.training_dashboard.lesson import TrainingDashboard

Event = Mapping[str, Any]


class Steering:
    """What the bar under the stage does."""

    def __init__(self, lesson: TrainingDashboard) -> None:
        self.lesson = lesson

    def actions(self) -> dict[str, Callable[[Event], None]]:
        """Return what each kind of gesture does."""
        return {
            "start": lambda _: self.start(),
            "pause": lambda _: self._ask("pause"),
            "resume": lambda _: self._ask("resume"),
            "stop": lambda _: self._ask("stop"),
            "rate": lambda event: self._rate(float(event["value"])),
        }

    def start(self) -> None:
        """Begin a run with the settings of the moment, and show it.

        Raises:
            InputError: The pictures are not here, or settings do not fit each other.
        """
        lesson, settings = self.lesson, self.lesson.settings
        lesson.data.ready_to_train()
        config = training_config(settings, threads())
        name = run_name(settings)
        lesson.show_run(runner().submit(config, lesson.owner or "guest", name))

    def _ask(self, what: str) -> None:
        run = self.lesson.directory
        if run is None:
            raise InputError("There is no run to talk to.")
        self.lesson.managed.own(run.id)
        self.lesson.notice = None
        getattr(runner(), what)(run.id)

    def _rate(self, rate: float) -> None:
        lesson = self.lesson
        rate = float(checked(Settings, "rate", rate))
        run = lesson.directory
        live = lesson.status().state in ("running", "paused", "starting")
        if run is not None and live and lesson.managed.mine(run):
            runner().set_rate(run.id, rate)
        lesson.settings = replace(lesson.settings, rate=rate)
