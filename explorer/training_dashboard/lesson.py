"""The training dashboard: one object that gestures change and pages read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from core.errors import InputError
from core.reader.reader import Reader
from core.runs.directory import RunDirectory
from core.runs.status import RunStatus
from core.training.config import STORED
from explorer.acting import attempt
from explorer.heads import Faced, kind_of
from explorer.journeys import Leaving
from explorer.questions import Round
from explorer.settings import checked, from_address, to_address
from explorer.training_dashboard.about_data import there
from explorer.training_dashboard.augmenting import ELSEWHERE, elsewhere
from explorer.training_dashboard.choosing import check_choice
from explorer.training_dashboard.curves import Run, drawn_run
from explorer.training_dashboard.data import DEFAULT, DataChoice
from explorer.training_dashboard.digit import Digit, shipped_reader
from explorer.training_dashboard.example import example, example_config
from explorer.training_dashboard.following import Following
from explorer.training_dashboard.looking import pictures_of, trained
from explorer.training_dashboard.managing import ManagedRuns
from explorer.training_dashboard.questions import QUESTIONS
from explorer.training_dashboard.racing import Race
from explorer.training_dashboard.remedies import follow_doctor
from explorer.training_dashboard.runner import runner
from explorer.training_dashboard.settings import OWN, Settings, model_text, recipe
from explorer.training_dashboard.steering import Steering
from explorer.training_dashboard.taking import Exports
from explorer.training_dashboard.testing import ask_test

Event = Mapping[str, Any]
MOVING = frozenset({"ink", "rate", "filter_epoch"})
SAMPLE = 33  # Of the validation pictures, the one that is read when the page opens.


class TrainingDashboard(Faced):
    """Settings of the next run, the run that is shown, and a digit to read.

    Args:
        parameters: The query of the address; what it does not name has its usual value.
    """

    def __init__(self, parameters: Mapping[str, str] | None = None) -> None:
        given = dict(parameters or {})
        self.settings, self.problems = from_address(Settings, given)
        self.notice: str | None = None
        self.owner: str | None = None
        self.rested = True
        self.frame = 0
        self.following = Following()
        self.digit = Digit()
        self.managed = ManagedRuns(self)
        self.exports = Exports()
        self.steering = Steering(self)
        self.data = DataChoice(self)
        self.race = Race(self)
        self.leaving = Leaving()
        self.picture = SAMPLE
        self.cell: tuple[int, int] | None = None
        self.epoch: int | None = None
        self.refused_spec: str | None = None
        self.round: Round[TrainingDashboard] = Round(QUESTIONS)
        self._opened: dict[str, RunDirectory] = {}
        runner().warm()
        self._check_link()

    def _check_link(self) -> None:
        """Let go what a link names and this machine does not have."""
        if self.settings.run is not None and self.opened(self.settings.run) is None:
            self.problems.append("The run of this link is not on this machine any more.")
            self.settings = replace(self.settings, run=None)
        if self.settings.data.startswith(STORED) and not there(self.settings.data):
            self.problems.append("The pictures of this link are not on this machine any more.")
            self.settings = replace(self.settings, data=DEFAULT)
        try:
            check_choice(self.settings.device)
        except InputError as error:
            self.problems.append(str(error))
            self.settings = replace(self.settings, device="cpu")

    # -- runs --------------------------------------------------------------------------

    def opened(self, name: str) -> RunDirectory | None:
        """Return a run by its name, or None if there is none."""
        try:
            found = self._opened.setdefault(name, runner().directory(name))
        except InputError:
            return None
        return found if found.exists else None

    @property
    def directory(self) -> RunDirectory | None:
        """The run that is shown: the chosen one, or the example."""
        if self.settings.run is not None:
            return self.opened(self.settings.run)
        found = example()
        return None if found is None else self._opened.setdefault(found.id, found)

    def status(self) -> RunStatus:
        """Return how the shown run is doing, and tell the runner that somebody watches."""
        with suppress(InputError):  # deleted at this very moment
            if (run := self.directory) is not None:
                runner().watch(run.id)
                return runner().status(run.id)
        return RunStatus("interrupted", "There is no run yet.")

    def shown(self, run: RunDirectory | None) -> Run | None:
        """Return a run as the curves want it, or None if there is nothing to draw."""
        with suppress(InputError):
            return None if run is None else drawn_run(run)
        return None

    # -- the page ----------------------------------------------------------------------

    def address(self) -> str:
        """Return the query that shows the same picture in another browser."""
        own = self.settings.model == OWN
        return to_address(self.settings if own else replace(self.settings, spec=None))

    def face(self) -> tuple[object, ...]:
        """Return what head and settings row depend on."""
        return (*super().face(), self.data.mark())

    def needs_page(self) -> bool:
        """Return whether only the page as a whole can show what is outdated."""
        return self.data.wants_import or self.leaving.wanted

    def apply(self, events: tuple[Event, ...]) -> None:
        """Carry out gestures in their order; one that makes no sense changes nothing."""
        self.frame += 1
        self.following.gestures(events, self.frame)
        actions = self._actions()
        for event in events:
            action = actions.get(kind_of(event))
            if action is not None:
                self.notice = attempt(action, event) or self.notice
        self.touched(events, MOVING)

    def _actions(self) -> dict[str, Callable[[Event], None]]:
        return {
            "hello": lambda event: self._hello(str(event["owner"])),
            "look": lambda _: None,
            "rest": lambda _: None,
            **self.steering.actions(),
            **self.data.actions(),
            **self.race.actions(),
            "ask_test": lambda _: ask_test(self),
            "remedy": lambda _: follow_doctor(self),
            "next_picture": lambda _: setattr(self, "picture", self.picture + 1),
            "ink": lambda event: self.digit.draw(event, self.reader()),
            "photo": lambda event: self.digit.photograph(event, self.reader()),
            "set": lambda event: self.set(str(event["name"]), event["value"]),
            "spec": lambda event: self._spec(str(event["text"])),
            "epoch": lambda event: self._epoch(int(event["epoch"])),
            "filter_epoch": lambda event: self._epoch(int(event["epoch"])),
            "cell": lambda event: self._cell(int(event["row"]), int(event["column"])),
            **self.managed.actions(),
            "export": lambda event: self.exports.make(str(event["name"]), self),
            "choose": lambda event: self.round.choose(int(event["option"])),
            "reveal": lambda _: self.round.reveal(self),
            "next_question": lambda _: self.round.forward(self),
        }

    def _hello(self, owner: str) -> None:
        if owner.isalnum() and 8 <= len(owner) <= 40:
            self.owner = owner
        if self.digit.seen is None:
            pictures = pictures_of(example_config()).validation
            self.digit.show(pictures.images[SAMPLE, 0].numpy(), shipped_reader())

    def show_run(self, name: str) -> None:
        """Show a run from now on."""
        self.settings = replace(self.settings, run=name)
        self.notice, self.cell, self.epoch = None, None, None

    # -- settings ----------------------------------------------------------------------

    def set(self, name: str, value: Any) -> None:
        """Change one setting of the next run, or of the view."""
        self.notice = None
        if name in ("run", "spec"):
            raise InputError("This is chosen on a card.")
        if (name, value) == ("augment", ELSEWHERE):
            self.leaving.ask(elsewhere(self.settings.augment))
            return
        new = None if value == "" else checked(Settings, name, value)
        if name == "device":
            check_choice(str(new))
        changes: dict[str, Any] = {name: new}
        if name == "model":
            changes |= recipe(str(new))
            if new == OWN and self.settings.model != OWN:
                changes["spec"] = model_text(self.settings)
        self.settings = replace(self.settings, **changes)
        if name == "reader":
            self.digit.again(self.reader())

    def _spec(self, text: str) -> None:
        try:
            spec = checked(Settings, "spec", text)
        except InputError as error:
            self.refused_spec = str(error)
            return
        self.refused_spec = None
        self.settings = replace(self.settings, model=OWN, spec=spec)

    # -- what is looked at -------------------------------------------------------------

    def reader(self) -> Reader:
        """Return the network that reads the digit."""
        run = self.directory
        if self.settings.reader == "run" and run is not None:
            try:
                return trained(run).reader()
            except InputError as error:
                self.settings = replace(self.settings, reader="shipped")
                self.notice = f"{error} The explorer's own reader reads instead."
        return shipped_reader()

    def _epoch(self, epoch: int) -> None:
        run = self.directory
        kept = run.insight_epochs() if run is not None else []
        self.epoch = min(kept, key=lambda one: abs(one - epoch), default=None)

    def _cell(self, row: int, column: int) -> None:
        self.cell = None if self.cell == (row, column) else (row, column)
