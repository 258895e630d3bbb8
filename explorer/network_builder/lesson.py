"""The network builder: one object that gestures change and pages read."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from core.errors import InputError
from explorer.acting import attempt
from explorer.gate import GATE
from explorer.heads import Faced, kind_of
from explorer.journeys import Leaving
from explorer.network_builder.comparing import compare
from explorer.network_builder.editing import Edits
from explorer.network_builder.frames import Frame, frame
from explorer.network_builder.handing import see_function
from explorer.network_builder.linking import address
from explorer.network_builder.looking import Looking
from explorer.network_builder.opening import epochs_to_play, opened, sides_for
from explorer.network_builder.playing import Pace, advance_together
from explorer.network_builder.points import extent, sets
from explorer.network_builder.questions import QUESTIONS
from explorer.network_builder.remedies import follow_doctor
from explorer.network_builder.scratch import Scratch
from explorer.network_builder.settings import OWN, NetworkSettings, Settings, network_settings
from explorer.network_builder.side import Side
from explorer.network_builder.taking import Exports
from explorer.questions import Round
from explorer.settings import checked

Event = Mapping[str, Any]
MOVING = frozenset({"tick", "replay", "hover", "paint", "erase"})
NETWORK = frozenset(network_settings(NetworkSettings().config(0)))
BY_HAND = frozenset({"own", "weights", "b", "b_weights", "active", "epochs", "at", "scratch"})
BY_HAND |= {"unit", "probe"}
REPLAY_S = 0.25  # of one answer
DATA = frozenset({"data", "points", "noise", "share", "classes", "seed"})


class NetworkBuilder(Faced):
    """Points, one network or two that learn to tell them apart, and a look at their units.

    Args:
        parameters: The query of the address; what it does not name has its usual value.
    """

    def __init__(self, parameters: Mapping[str, str] | None = None) -> None:
        given = dict(parameters or {})
        self.settings, self.problems = opened(given)
        self.opening = not given
        self.notice: str | None = None
        self.names: tuple[str, ...] = ()
        self.wants_import = False
        self.rested = True
        self.frame = 0
        self.active = self.replay_to = 0
        self.frames: list[list[Frame]] = []
        self.scripted: tuple[object, str] | None = None
        self.pace = Pace()
        self.round: Round[NetworkBuilder] = Round(QUESTIONS)
        self.scratch = Scratch(self.settings.scratch)
        self.exports = Exports()
        self.leaving = Leaving()
        self.edits = Edits(self)
        self.looking = Looking(self)
        self.sides: list[Side] = sides_for(self.settings, self.problems)
        self._choose_side(self.settings.active)
        self.looking.keep_inside()
        self.replay_to = epochs_to_play(self.settings, self.sides, self.problems)
        self._replay()

    # -- what is on screen -------------------------------------------------------------

    @property
    def side(self) -> Side:
        """The network that the settings row and the diagram's editors change."""
        return self.sides[min(self.active, len(self.sides) - 1)]

    def address(self) -> str:
        """Return the query that shows the same picture in another browser."""
        return address(self)

    def needs_page(self) -> bool:
        """Return whether only the page as a whole can show what is outdated."""
        return self.wants_import or self.leaving.wanted

    def pictures(self) -> list[list[Frame]]:
        """Return the moments to paint, one list of sides for each; the present at least."""
        if not self.frames:
            self.take()
        return self.frames

    def take(self) -> None:
        """Add a picture of this moment."""
        reach = extent(self.settings)
        self.frames.append(
            [
                frame(side, reach, self.looking.peek if index == self.active else None)
                for index, side in enumerate(self.sides)
            ]
        )

    # -- gestures ----------------------------------------------------------------------

    def apply(self, events: tuple[Event, ...]) -> None:
        """Carry out gestures in their order; one that makes no sense changes nothing."""
        self.rested = False
        self.frame += 1
        self.frames = []
        actions = {**self._actions(), **self.edits.actions(), **self.looking.actions()}
        for event in events:
            action = actions.get(kind_of(event))
            if action is not None:
                self._carry_out(action, event)
        if any(str(e.get("type")) not in MOVING and not e.get("moving") for e in events):
            self.rested = True

    def _carry_out(self, action: Callable[[Event], None], event: Event) -> None:
        self.notice = attempt(action, event) or self.notice
        self.looking.keep_inside()
        if kind_of(event) != "tick":
            self.frames = []  # Moments of what was before cannot be painted with what is now.

    def _actions(self) -> dict[str, Callable[[Event], None]]:
        return {
            "tick": lambda event: self._tick(float(event["seconds"])),
            "replay": lambda _: self._replay(),
            "step": lambda event: self._step(int(event["count"])),
            "go_to": lambda event: self._go_to(int(event["epoch"])),
            "reset": lambda _: self.rewind(),
            "rest": lambda _: None,
            "see_function": lambda event: see_function(self, int(event["position"])),
            "compare": lambda _: compare(self),
            "side": lambda event: self._choose_side(int(event["index"])),
            "remedy": lambda _: follow_doctor(self),
            "set": lambda event: self.set(str(event["name"]), event["value"]),
            "scratch": lambda event: self.scratch.act(str(event["action"]), self),
            "export": lambda event: self.exports.make(str(event["name"]), self),
            "choose": lambda event: self.round.choose(int(event["option"])),
            "reveal": lambda _: self.round.reveal(self),
            "next_question": lambda _: self.round.forward(self),
        }

    # -- time --------------------------------------------------------------------------

    def _tick(self, seconds: float) -> None:
        if self.edits.cleared:
            return
        self.pace.tick(self.sides, self.settings.mode, self.settings.speed, seconds, self.take)
        self.notice = self.side.training.problem or self.notice

    def _step(self, count: int) -> None:
        if count < 0:
            self._go_to(self.side.training.epoch + count)
            return
        self.notice = None
        for _ in range(0 if self.edits.cleared else min(count, 100)):
            advance_together(self.sides, self.settings.mode)

    def _go_to(self, epoch: int) -> None:
        self.notice = None
        for side in self.sides:
            side.training.go_to(max(0, epoch))

    def rewind(self) -> None:
        """Go back to the initial weights of every network."""
        self.notice = "Back at the initial weights: the same seed gives the same ones."
        self.replay_to, self.settings = 0, replace(self.settings, at=None)
        for side in self.sides:
            side.rewind()

    def _replay(self) -> None:
        """Go on for a moment towards the epoch that a link names."""
        told = all(side.told for side in self.sides)  # An edit meanwhile ends it.
        wanted = self.replay_to if told else 0
        for side in self.sides:
            side.training.advance_epochs(wanted - side.training.epoch, GATE.share(REPLAY_S))
        runs = [side.training for side in self.sides]
        done = all(run.diverged or run.epoch >= wanted for run in runs)
        self.replay_to = 0 if done else wanted
        at = self.settings.at
        if done and at is not None:
            self.settings = replace(self.settings, at=None)
            if told:
                self._go_to(at)

    # -- settings ----------------------------------------------------------------------

    def show(self, **values: str) -> None:
        """Change settings as the address would name them; used where a question shows something."""
        for name, text in values.items():
            self.set(name, text)

    def set(self, name: str, value: Any) -> None:
        """Change one setting; what mathematics lets stay, stays."""
        self.notice = None
        if name in BY_HAND:
            raise InputError("This is set by hand on the stage.")
        new = checked(Settings, name, value)
        if name in NETWORK:
            self.reconfigure(**{name: new})
        elif name == "data" and new == "own" and self.settings.data == "own":
            self.wants_import = True
        elif name in DATA:
            self.use(self.edits.with_points(replace(self.settings, **{name: new})))
        else:
            self.settings = replace(self.settings, **{name: new})

    def reconfigure(self, **changes: Any) -> None:
        """Change the network that is active."""
        said = self.side.reconfigure(replace(self.side.config, **changes))
        self.notice = " ".join(said) or None

    def use(self, settings: Settings, stroke: object = None) -> None:
        """Take the points that the settings name; both networks see the same ones.

        Args:
            settings: With other data than now.
            stroke: Names the stroke of a brush: all of it is a single undo.
        """
        training, validation = sets(settings)
        seed_changed = settings.seed != self.settings.seed
        self.names = self.names if settings.data == OWN else ()
        said: list[str] = []
        for side in self.sides:
            said += side.use_data(training, validation, stroke)
            side.training.tag = (settings, self.names)
            if seed_changed:
                said = side.reconfigure(replace(side.config, seed=settings.seed))
        self.edits.cleared = False
        self.settings = settings
        self.notice = " ".join(dict.fromkeys(said)) or None

    def _choose_side(self, index: int) -> None:
        self.active, self.looking.peek = max(0, min(index, len(self.sides) - 1)), None
