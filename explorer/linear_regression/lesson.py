"""The lesson on linear regression: one object that gestures change and pages read."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from core.errors import InputError
from core.regression.descent import Descent
from core.regression.doctor import Finding, diagnose
from core.regression.losses import LOSSES, Loss
from core.regression.optimum import Optimum, best_line, largest_stable_rate
from core.regression.points import Points
from explorer.acting import attempt
from explorer.heads import Faced, kind_of
from explorer.linear_regression.questions import QUESTIONS
from explorer.linear_regression.settings import OWN, START, Settings, drawn_points, settable
from explorer.linear_regression.view import fitted, tidy
from explorer.questions import Round
from explorer.settings import checked, from_address, to_address

Event = Mapping[str, Any]
OPENING_STEPS = 4
FRESH_PATH = "The points, the loss or the batch changed: the line stays, and its path starts here."


class LinearRegression(Faced):
    """Points, a line, and the path that gradient descent has taken on their loss.

    Args:
        parameters: The query of the address; what it does not name has its usual value.
    """

    def __init__(self, parameters: Mapping[str, str] | None = None) -> None:
        given = dict(parameters or {})
        settings, self.problems = from_address(Settings, given)
        if settings.data == OWN and settings.own is None:
            settings = replace(settings, data="noisy_line")
            if "own" not in given:
                self.problems.append("The link names your own points but holds none.")
        self.settings: Settings = settings
        self.opening = 0 if "start" in given or "path" in given else OPENING_STEPS
        self.points: Points = drawn_points(self.settings)
        self.descent: Descent = self._descent(self.settings.start)
        self.descent.replay(self.settings.path)
        self.round: Round[LinearRegression] = Round(QUESTIONS)
        self.notice: str | None = None
        self.refused: str | None = None
        self.wants_import = False
        self.rested = True
        self.frame = 0
        self.view = fitted(self.points, self.settings.loss, self.best, self.descent)

    # -- what follows from the points and the settings ---------------------------------

    @property
    def loss(self) -> Loss:
        """The loss in use."""
        return LOSSES[self.settings.loss]

    @cached_property
    def best(self) -> Optimum:
        """The line with the smallest loss."""
        return best_line(self.points, self.settings.loss)

    @cached_property
    def stable(self) -> float | None:
        """The largest learning rate that settles with a full batch, if there is one."""
        return largest_stable_rate(self.points, self.settings.loss)

    def finding(self) -> Finding:
        """Return what the doctor says now."""
        found = diagnose(self.points, self.settings.loss, self.descent, self.settings.rate)
        return settable(found, self.stable)

    def address(self) -> str:
        """Return the query that shows the same picture in another browser."""
        own = self.points if self.settings.data == OWN else None
        path = tuple(self.descent.segments())
        start = (self.descent.steps[0].m, self.descent.steps[0].b)
        return to_address(replace(self.settings, own=own, path=path, start=start))

    def outdated(self) -> bool:
        """Return whether head or settings row show something that is no longer so."""
        return self.wants_import or self._drawn != self.face()

    def needs_page(self) -> bool:
        """Return whether only the page as a whole can show what is outdated."""
        return self.wants_import or self.settings.compare != "no"

    def takes_import(self) -> bool:
        """Return whether the learner has just asked for own data, and take the request."""
        asked, self.wants_import = self.wants_import, False
        return asked

    # -- gestures ----------------------------------------------------------------------

    def apply(self, events: tuple[Event, ...]) -> None:
        """Carry out gestures in their order; one that makes no sense changes nothing."""
        self.rested = False
        self.frame += 1
        for event in events:
            action = self._actions().get(kind_of(event))
            if action is None:
                continue
            self.refused = attempt(action, event)
        if not all(kind_of(one) in MOVING or one.get("moving") for one in events):
            self.rest()

    def _actions(self) -> dict[str, Callable[[Event], None]]:
        return {
            "point": self._move_point,
            "add": lambda event: self._edit(self.points.added(*self._at(event))),
            "append": lambda _: self._append(),
            "remove": lambda event: self._edit(self.points.removed(int(event["index"]))),
            "cell": self._edit_cell,
            "line": self._move_line,
            "step": lambda event: self._advance(int(event["count"])),
            "tick": lambda _: self._advance(1),
            "rewind": lambda event: self.descent.rewind(int(event["index"])),
            "reset": lambda _: self._reset(),
            "rest": lambda _: None,
            "set": lambda event: self._set(str(event["name"]), event["value"]),
            "remedy": lambda _: self._remedy(),
            "choose": lambda event: self.round.choose(int(event["option"])),
            "reveal": lambda _: self.round.reveal(self),
            "next_question": lambda _: self.round.forward(self),
        }

    def rest(self) -> None:
        """Let the axes adapt: nothing is in the hand."""
        self.rested = True
        self.view = fitted(self.points, self.settings.loss, self.best, self.descent)

    def use_points(self, points: Points, notice: str | None = None) -> None:
        """Make these the learner's own points; the line stays where it is."""
        self._edit(points)
        self.notice = notice or self.notice
        self.rest()

    def choose_comparison(self) -> None:
        """Show the comparison of all learning rates from now on."""
        self.settings = replace(self.settings, compare="yes")

    def _at(self, event: Event) -> tuple[float, float]:
        return tidy(float(event["x"]), self.view.x), tidy(float(event["y"]), self.view.y)

    def _move_point(self, event: Event) -> None:
        self._edit(self.points.moved(int(event["index"]), *self._at(event)))

    def _append(self) -> None:
        x = tidy((self.view.x[0] + self.view.x[1]) / 2, self.view.x)
        self._edit(self.points.added(x, tidy(self.best.m * x + self.best.b, self.view.y)))

    def _edit_cell(self, event: Event) -> None:
        index, column, text = int(event["index"]), str(event["column"]), str(event["text"])
        plain = text.strip().replace("−", "-").replace(",", ".")
        try:
            value = float(plain)
        except ValueError:
            raise InputError(
                f'Point {index + 1}: "{text[:20]}" is not a number. The old {column} stays.'
            ) from None
        x, y = self.points.pairs()[index]
        self._edit(self.points.moved(index, *((value, y) if column == "x" else (x, value))))

    def _edit(self, points: Points) -> None:
        self.points = points
        self.settings = replace(self.settings, data=OWN)
        self._start_here()

    def _move_line(self, event: Event) -> None:
        m, b = tidy(float(event["m"]), self.view.m), tidy(float(event["b"]), self.view.b)
        self.notice = None
        self.descent = self._descent((m, b))

    def _advance(self, count: int) -> None:
        self.notice = None
        self.descent.advance(max(0, min(count, 100)), self.settings.rate)

    def _reset(self) -> None:
        self.notice = None
        start = self.descent.steps[0]
        if len(self.descent.steps) > 1:
            self.descent.start_over()
        elif (start.m, start.b) != START:
            self.descent = self._descent(START)

    def _set(self, name: str, value: Any) -> None:
        if name in ("own", "start", "path"):
            raise InputError("This is set by hand on the stage.")
        if name == "turn":
            value = ",".join(str(float(part)) for part in value)
        self.settings = replace(self.settings, **{name: checked(Settings, name, value)})
        if name == "data" and value == OWN:
            self.wants_import = True
        elif name in ("data", "points", "noise", "seed"):
            self._redraw_data(name)
        elif name in ("loss", "batch", "size"):
            self._start_here()

    def _redraw_data(self, name: str) -> None:
        if self.settings.data != OWN:
            self.points = drawn_points(self.settings)
        self._start_here()
        if name == "data" and self.settings.data == "two_points":
            self.descent = self._descent(START)

    def _remedy(self) -> None:
        remedy = self.finding().remedy
        if remedy is None:
            return
        if remedy.setting == "learning_rate":
            self.settings = replace(self.settings, rate=float(remedy.value or 0))
        elif remedy.setting == "loss":
            self._set("loss", remedy.value)
        elif remedy.setting == "batch_size":
            self._set("batch", "full")
        if remedy.start_over or remedy.setting == "reset":
            self.descent.start_over()

    def _start_here(self) -> None:
        """Drop what follows from the old points or loss; the line itself stays."""
        for name in ("best", "stable"):
            self.__dict__.pop(name, None)
        here = self.descent.current
        walked = len(self.descent.steps) > 1
        self.descent = self._descent(START if self.descent.diverged else (here.m, here.b))
        self.notice = FRESH_PATH if walked else self.notice

    def _descent(self, start: tuple[float, float]) -> Descent:
        size = self.settings.batch_size(len(self.points))
        return Descent(self.points, self.settings.loss, start, size, self.settings.seed)


# Gestures during which the axes hold still.
MOVING = frozenset({"point", "line", "tick", "rewind"})
