"""The augmentation previewer: one object that gestures change and pages read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from core.augmentation.draws import MAX_SEED, Bytes
from core.augmentation.pipeline import Pipeline
from core.augmentation.presets import preset_named
from core.errors import InputError
from explorer.acting import attempt
from explorer.augmentation.doctor import follow
from explorer.augmentation.handing import Handing
from explorer.augmentation.looking import Looking
from explorer.augmentation.questions import QUESTIONS
from explorer.augmentation.race import Race
from explorer.augmentation.settings import OWN, SET, Settings, without_own
from explorer.augmentation.taking import Taking
from explorer.heads import BY_ITSELF, Faced, kind_of
from explorer.journeys import Leaving
from explorer.questions import Round
from explorer.settings import checked, from_address, to_address
from explorer.shelf import PictureShelf

Event = Mapping[str, Any]
BY_HAND = frozenset({"pipeline", "open"})
MAX_PAST = 50
_SWITCH = {"on": True, "off": False}


class Augmentation(Faced):
    """A pipeline, a picture that it changes, and one of its draws to look into.

    Args:
        parameters: The query of the address; what it does not name has its usual value.
        shelf: Where own pictures are kept; None takes a shelf of its own.
    """

    def __init__(
        self, parameters: Mapping[str, str] | None = None, shelf: PictureShelf | None = None
    ) -> None:
        settings, self.problems = from_address(Settings, dict(parameters or {}))
        self.settings, said = without_own(settings)
        self.problems += said
        self.notice: str | None = None
        self.rested = True
        self.frame = 0
        self.thumbs_frame: int | None = None
        self.past: list[Settings] = []
        self.round: Round[Augmentation] = Round(QUESTIONS)
        self.looking = Looking(self)
        self.taking = Taking(self, PictureShelf() if shelf is None else shelf)
        self.race = Race(self)
        self.leaving = Leaving()
        self.handing = Handing(self, self.leaving)
        self._held: str | None = None
        self._keep_open_inside()

    @property
    def pipeline(self) -> Pipeline:
        """The steps."""
        return self.settings.pipeline

    # -- the page ----------------------------------------------------------------------

    def address(self) -> str:
        """Return the query that shows the same picture in another browser."""
        return to_address(self.settings)

    def needs_page(self) -> bool:
        """Return whether only the page as a whole can show what is outdated."""
        return self.leaving.wanted

    def apply(self, events: tuple[Event, ...]) -> None:
        """Carry out gestures in their order; one that makes no sense changes nothing."""
        self.frame += 1
        actions = self._actions()
        for event in events:
            if kind_of(event) not in BY_ITSELF:
                self.rested = not event.get("moving")
            action = actions.get(kind_of(event))
            if action is not None:
                self.notice = attempt(action, event) or self.notice
        self._keep_open_inside()

    def _actions(self) -> dict[str, Callable[[Event], None]]:
        return {
            "rest": lambda _: self._release(),
            "set": lambda event: self.set(str(event["name"]), event["value"]),
            "preset": lambda event: self._preset(str(event["name"])),
            "add": lambda event: self._add(str(event["name"])),
            "remove": lambda event: self._remove(int(event["at"])),
            "move": lambda event: self._move(int(event["at"]), int(event["to"])),
            "switch": lambda event: self._switch(int(event["at"]), bool(event["on"])),
            "value": lambda event: self._value(event),
            "open": lambda event: self._open(int(event["at"])),
            "thumbs": lambda _: self._send_thumbs(),
            "undo": lambda _: self._undo(),
            "reroll": lambda _: self._reroll(),
            "look": lambda _: None,
            **self.taking.actions(),
            **self.race.actions(),
            **self.handing.actions(),
            "remedy": lambda _: follow(self),
            "choose": lambda event: self.round.choose(int(event["option"])),
            "reveal": lambda _: self.round.reveal(self),
            "next_question": lambda _: self.round.forward(self),
        }

    # -- settings ----------------------------------------------------------------------

    def set(self, name: str, value: Any) -> None:
        """Change one setting of the row or of the view."""
        self.notice = None
        if name == "preset":
            self._preset(str(value))
            return
        if name in BY_HAND:
            raise InputError("This is set by hand on the stage.")
        new = checked(Settings, name, value)
        if name == "picture":
            self.taking.refused = None
            if (new == OWN and self.own is None) or (new == SET and not self.taking.pictures):
                raise InputError("Choose a file first: the button is under the original.")
        self.settings = replace(self.settings, **{name: new})

    def show(self, pipeline: Pipeline, picture: str | None = None, held: str | None = None) -> None:
        """Take another pipeline, and another picture if one is named; Undo brings the old back.

        Args:
            pipeline: The steps from now on.
            picture: A sample to show it on; None leaves the picture.
            held: Names what is in the hand: all that it does is a single undo.
        """
        if held is None or held != self._held:
            self.past = [*self.past, self.settings][-MAX_PAST:]
        self._held, self.notice = held, None
        self.settings = replace(
            self.settings, pipeline=pipeline, picture=picture or self.settings.picture
        )

    def _undo(self) -> None:
        if not self.past:
            raise InputError("There is nothing to undo.")
        before = self.past.pop()
        self._held, self.notice = None, None
        self.settings = replace(
            self.settings, pipeline=before.pipeline, picture=before.picture, open=before.open
        )

    def _release(self) -> None:
        self._held = None

    def _reroll(self) -> None:
        self.notice = None
        self.settings = replace(self.settings, seed=(self.settings.seed + 1) % (MAX_SEED + 1))

    def _preset(self, name: str) -> None:
        chosen = preset_named(name)
        keeps = self.settings.picture in (OWN, SET)
        self.show(chosen.pipeline, None if keeps else chosen.sample)
        self._open(0)

    # -- steps -------------------------------------------------------------------------

    def _add(self, name: str) -> None:
        before = self.pipeline
        pipeline = before.add(name)
        self.show(pipeline)
        places = zip(pipeline.steps, (*before.steps, None), strict=True)
        self._open(next(at for at, (new, old) in enumerate(places) if new is not old))

    def _remove(self, at: int) -> None:
        label = self._label(at)
        self.show(self.pipeline.remove(at))
        opened = self.settings.open - 1
        self._open(-1 if opened == at else opened - (opened > at))
        self.notice = f"{label} was taken out. Undo brings it back."

    def _move(self, at: int, to: int) -> None:
        label, opened = self._label(at), self.settings.open - 1
        steps: list[int] = list(range(len(self.pipeline)))
        self.show(self.pipeline.move(at, to))
        steps.insert(to, steps.pop(at))
        self._open(steps.index(opened) if opened >= 0 else -1)
        self.notice = f"{label} is now step {to + 1} of {len(self.pipeline)}."

    def _switch(self, at: int, on: bool) -> None:
        self.show(self.pipeline.switch(at, on))

    def _value(self, event: Event) -> None:
        at, name, value = int(event["at"]), str(event["name"]), event["value"]
        held = f"{at}.{name}" if event.get("moving") else None
        if name == "p":
            self.show(self.pipeline.change(at, probability=float(value)), held=held)
        else:
            plain = _SWITCH.get(value, value) if isinstance(value, str) else value
            self.show(self.pipeline.change(at, {name: plain}), held=held)

    def _open(self, at: int) -> None:
        """Show the settings of one step, of none with −1."""
        self.settings = replace(self.settings, open=max(0, min(at + 1, len(self.pipeline))))

    def _keep_open_inside(self) -> None:
        self._open(self.settings.open - 1)

    def _label(self, at: int) -> str:
        if not 0 <= at < len(self.pipeline):
            raise InputError("There is no such step any more.")
        return self.pipeline.steps[at].transform.label

    def _send_thumbs(self) -> None:
        """Let every message of this moment carry the small pictures."""
        self.thumbs_frame = self.frame

    # -- own pictures ------------------------------------------------------------------

    @property
    def own(self) -> Bytes | None:
        """The visitor's own picture, if one was opened on this or another page."""
        return self.taking.shelf.picture

    @property
    def uploads(self) -> int:
        """Counts what was opened, so that a new picture is told from an old one."""
        return self.taking.shelf.opened

    @property
    def refused(self) -> str | None:
        """Why the last file could not be used."""
        return self.taking.refused

    def show_own(self, picture: str, **changes: Any) -> None:
        """Show what was just opened."""
        self._send_thumbs()
        self.settings = replace(self.settings, picture=picture, **changes)
