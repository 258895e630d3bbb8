"""Transfer learning: one object that gestures change and the page reads."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from core.errors import InputError
from core.runs.status import RunStatus
from explorer.acting import attempt
from explorer.gate import GATE
from explorer.heads import Faced, kind_of
from explorer.journeys import Leaving
from explorer.questions import Round
from explorer.settings import checked, from_address, to_address
from explorer.shelf import PictureShelf
from explorer.training_dashboard.augmenting import ELSEWHERE, elsewhere, steps_named
from explorer.training_dashboard.runner import runner
from explorer.transfer_learning.answers import Answers
from explorer.transfer_learning.asking import Asking
from explorer.transfer_learning.backbones import Backbones
from explorer.transfer_learning.cams import Cams
from explorer.transfer_learning.collecting import Collecting
from explorer.transfer_learning.doctor import Doctor
from explorer.transfer_learning.features import Features
from explorer.transfer_learning.keeping import Keeping
from explorer.transfer_learning.learning import BUDGET_S, Learning
from explorer.transfer_learning.mapping import Map
from explorer.transfer_learning.model import Model
from explorer.transfer_learning.opening import started
from explorer.transfer_learning.projects import Projects
from explorer.transfer_learning.public import PublicSets
from explorer.transfer_learning.questions import QUESTIONS
from explorer.transfer_learning.receiving import Receiving
from explorer.transfer_learning.recipes import with_recipe
from explorer.transfer_learning.settings import HEAD, OWN, Settings
from explorer.transfer_learning.taking import Exports
from explorer.transfer_learning.tuning import Tuning

Event = Mapping[str, Any]
MOVING = frozenset({"query_ink", "query_frame", "strict"})
SET_AGAIN = frozenset({"samples", "classes", "per_class", "seed"})


class TransferLearning(Faced):
    """Classes and their pictures, what has learnt them, and a picture to predict.

    Args:
        parameters: The query of the address; what it does not name has its usual value.
        shelf: What was opened on other pages; None takes an empty one.
    """

    def __init__(
        self, parameters: Mapping[str, str] | None = None, shelf: PictureShelf | None = None
    ) -> None:
        given = dict(parameters or {})
        self.settings, self.problems = from_address(Settings, given)
        self.notice: str | None = None
        self.owner: str | None = None
        self.rested = True
        self.frame = 0
        self.cell: tuple[int, int] | None = None
        self.collecting = Collecting(self, started(self.settings))
        self.receiving = Receiving(self)
        self.learning = Learning(self)
        self.asking = Asking(self)
        self.tuning = Tuning(self)
        self.backbones = Backbones(self)
        self.public = PublicSets(self)
        self.keeping = Keeping(self)
        self.projects = Projects(self, shelf or PictureShelf())
        self.doctor = Doctor(self)
        self.map = Map(self)
        self.cams = Cams()
        self.leaving = Leaving()
        self.answers = Answers()
        self.exports = Exports()
        self.round: Round[TransferLearning] = Round(QUESTIONS)
        self.backbones.check()
        self.tuning.check_link()
        self.advance()
        self.asking.fresh()

    # -- the page ----------------------------------------------------------------------

    def address(self) -> str:
        """Return the query that shows the same in another browser; own pictures stay here."""
        return to_address(self.settings)

    def needs_page(self) -> bool:
        """Return whether only the page as a whole can show what is outdated."""
        return self.leaving.wanted

    def apply(self, events: tuple[Event, ...]) -> None:
        """Carry out gestures in their order; one that makes no sense changes nothing."""
        self.frame += 1
        actions = self._actions()
        for event in events:
            action = actions.get(kind_of(event))
            if action is not None:
                self.notice = attempt(action, event) or self.notice
        asks = any(kind_of(event) != "look" for event in events)
        if not (asks and GATE.crowded and self.learning.missing):  # else with the next look
            self.advance()
        self.keeping.save()
        self.touched(events, MOVING)

    def _actions(self) -> dict[str, Callable[[Event], None]]:
        return {
            "look": lambda _: None,
            "rest": lambda _: None,
            "set": lambda event: self.set(str(event["name"]), event["value"]),
            "strict": lambda event: self._strict(int(event["value"])),
            "start": lambda _: self.start(),
            "pause": lambda _: self.tuning.ask("pause"),
            "resume": lambda _: self.tuning.ask("resume"),
            "stop": lambda _: self.stop(),
            "cell": lambda event: self._cell(int(event["row"]), int(event["column"])),
            "remedy": lambda _: self._remedy(),
            "export": lambda event: self.exports.make(str(event["name"]), self),
            "choose": lambda event: self.round.choose(int(event["option"])),
            "reveal": lambda _: self.round.reveal(self),
            "next_question": lambda _: self.round.forward(self),
            **self.collecting.actions(),
            **self.receiving.actions(),
            **self.asking.actions(),
            **self.tuning.actions(),
            **self.backbones.actions(),
            **self.public.actions(),
            **self.keeping.actions(),
            **self.projects.actions(),
        }

    # -- settings ----------------------------------------------------------------------

    def set(self, name: str, value: Any) -> None:
        """Change one setting; the pictures stay where they can."""
        self.notice = None
        if name in ("run", "weights"):
            raise InputError("This is chosen on a card.")
        if name == "recipe":
            self.settings = replace(with_recipe(self.settings, str(value)), run=None)
            return
        if (name, value) == ("augment", ELSEWHERE):
            self.leaving.ask(elsewhere(self.settings.augment))
            return
        new = None if value == "" else checked(Settings, name, value)
        if name == "samples" and new == OWN:
            self.keeping.own_again()
            return
        before = self.settings
        changes: dict[str, Any] = {name: new}
        self.settings = replace(before, **changes)
        if name in SET_AGAIN and (name == "samples" or before.samples != OWN):
            try:
                collection = started(self.settings)
            except InputError:
                self.settings = before
                raise
            self.collecting.start_from(collection, self.settings.samples)
            self.asking.fresh()
        if name == "method":
            self.settings = replace(self.settings, run=None)
        if name == "backbone":
            self.settings = before
            self.backbones.use(str(new))

    def _strict(self, value: int) -> None:
        self.settings = replace(self.settings, strict=int(checked(Settings, "strict", value)))

    # -- what is looked at ---------------------------------------------------------------

    @property
    def model(self) -> Model | None:
        """What predicts and is judged: the head of the moment, or the run that is shown."""
        return self.learning.model if self.settings.run is None else self.tuning.model

    @property
    def settled(self) -> Model | None:
        """The newest model of which it is known how good it is."""
        return self.learning.settled if self.settings.run is None else self.tuning.model

    @property
    def features(self) -> Features:
        """What the shown model's backbone makes of the pictures."""
        return self.learning.features if self.settings.run is None else self.tuning.features

    @property
    def loading(self) -> bool:
        """Whether something is on its way to this machine, or a map is being made."""
        return self.backbones.going_on() or self.public.going_on() or self.map.coming

    def advance(self) -> None:
        """Do what is to be done, as far as the time of one answer goes."""
        self.learning.advance()
        if self.settings.run is not None:
            self.tuning.advance(time.perf_counter() + GATE.share(BUDGET_S))

    # -- training ----------------------------------------------------------------------

    def start(self) -> None:
        """Train: a new head here, anything else as a run in a process of its own."""
        self.notice = None
        if self.settings.method == HEAD:
            self.settings = replace(self.settings, run=None)
            self.learning.again()
        else:
            self.tuning.start()

    def take_pipeline(self, text: str | None) -> None:
        """Let the next runs change their batches as another page says; None changes nothing."""
        if text is None:
            return
        method = "last" if self.settings.method == HEAD else self.settings.method
        augment = checked(Settings, "augment", text) or None
        self.settings = replace(self.settings, augment=augment, method=method, run=None)
        self.notice = (
            f"The next run changes its training pictures: {steps_named(text)}. A new head alone "
            "learns from pictures as they are."
        )

    def stop(self) -> None:
        """Stop what goes on; what is finished stays."""
        if self.settings.run is not None:
            self.tuning.ask("stop")
        else:
            self.learning.stop()

    def status(self) -> RunStatus | None:
        """Return how the shown run is doing; None while the head is shown."""
        if self.settings.run is None:
            return None
        try:
            runner().watch(self.settings.run)
            return runner().status(self.settings.run)
        except InputError as error:  # deleted at this very moment
            return RunStatus("interrupted", str(error))

    def _remedy(self) -> None:
        """Carry out the remedy of the present finding, if it has one."""
        remedy = self.doctor.finding().remedy
        if remedy is not None:
            remedy.act()

    def _cell(self, row: int, column: int) -> None:
        self.cell = None if self.cell == (row, column) else (row, column)
