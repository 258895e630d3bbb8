"""The list of runs: shown, compared, named and deleted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from core.errors import InputError
from core.runs.directory import RunDirectory
from explorer.training_dashboard.example import EXAMPLE
from explorer.training_dashboard.runner import runner

if TYPE_CHECKING:
    from explorer.training_dashboard.lesson import TrainingDashboard

Event = Mapping[str, Any]
LIVE = ("queued", "starting", "running", "paused")
MOST_LISTED, MOST_COMPARED = 60, 5


def place(ahead: int) -> str:
    """Return the place of a queued run in words."""
    if not ahead:
        return "next in the queue"
    return "1 run before yours" if ahead == 1 else f"{ahead} runs before yours"


class ManagedRuns:
    """What the card of runs does.

    Attributes:
        compared: The names of the runs whose curves are drawn beside the shown one.
    """

    def __init__(self, lesson: TrainingDashboard) -> None:
        self.lesson = lesson
        self.compared: tuple[str, ...] = ()

    def actions(self) -> dict[str, Callable[[Event], None]]:
        """Return what each kind of gesture does."""
        return {
            "show_run": lambda event: self._show(str(event["run"])),
            "compare_run": lambda event: self._compare(str(event["run"])),
            "rename_run": lambda event: self._rename(str(event["run"]), str(event["name"])),
            "delete_run": lambda event: self._delete(str(event["run"])),
        }

    def listed(self) -> list[RunDirectory]:
        """Return the runs of this browser and the example, the newest first."""
        found = []
        for run in reversed(runner().runs()):
            try:
                session = run.spec().session
            except InputError:
                continue
            if session in (EXAMPLE, self.lesson.owner) or run.id == self.lesson.settings.run:
                found.append(run)
        return found[:MOST_LISTED]

    def let_go_of_deleted(self) -> None:
        """Show the example again where the shown run was deleted in another tab."""
        shown = self.lesson.settings.run
        if shown is not None and self.lesson.opened(shown) is None:
            self.lesson.settings = replace(self.lesson.settings, run=None)
            self.lesson.notice = "This run was deleted in another tab; the example is shown again."

    def _existing(self, name: str) -> RunDirectory:
        run = self.lesson.opened(name)
        if run is None:
            raise InputError("This run is not there any more.")
        return run

    def mine(self, run: RunDirectory) -> bool:
        """Return whether a run was started by this browser, or before it had said its name."""
        return self.owns(run.spec().session)

    def owns(self, session: str) -> bool:
        """Return whether a run of this session is one of this browser."""
        return session in (self.lesson.owner, "guest")

    def own(self, name: str) -> RunDirectory:
        """Return a run of this browser.

        Raises:
            InputError: It is not there, or somebody else's.
        """
        run = self._existing(name)
        if not self.mine(run):
            raise InputError("This run belongs to another browser.")
        return run

    def _show(self, name: str) -> None:
        self._existing(name)
        self.lesson.show_run(name)
        if self.lesson.settings.reader == "run":
            self.lesson.digit.again(self.lesson.reader())

    def _compare(self, name: str) -> None:
        self._existing(name)
        rest = tuple(one for one in self.compared if one != name)
        self.compared = rest if name in self.compared else (*rest, name)[-MOST_COMPARED:]

    def compare_with(self, name: str) -> None:
        """Draw the curves of a run beside the shown one."""
        rest = tuple(one for one in self.compared if one != name)
        self.compared = (*rest, name)[-MOST_COMPARED:]

    def _rename(self, name: str, label: str) -> None:
        self.own(name).rename(label)

    def _delete(self, name: str) -> None:
        self.own(name)
        if runner().status(name).state in LIVE:
            runner().stop(name)
            raise InputError("The run was going on: it is stopped now. Delete it again.")
        runner().delete(name)
        self.compared = tuple(one for one in self.compared if one != name)
        if self.lesson.settings.run == name:
            self.lesson.settings = replace(self.lesson.settings, run=None)
