"""The lesson on activation functions: one object that gestures change and pages read."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from core.activations.expression import ExpressionError, parse
from core.activations.registry import ACTIVATIONS
from core.errors import InputError
from explorer.acting import attempt
from explorer.activations import choosing, scores
from explorer.activations.curves import Curve, curves
from explorer.activations.doctor import finding
from explorer.activations.fitting import Fit
from explorer.activations.questions import QUESTIONS
from explorer.activations.rules import OWN
from explorer.activations.settings import EXAMPLE, RANGE, Settings
from explorer.heads import Faced, kind_of
from explorer.journeys import Journey, Leaving
from explorer.questions import Round
from explorer.settings import checked, from_address, to_address

Event = Mapping[str, Any]
MOVING = frozenset({"cursor", "neuron", "plane", "unit", "score", "tick"})
BY_HAND = ("functions", "expression", "parameters", "weights", "path", "neuron", "plane")
NO_ACTION = frozenset({"tick", "rest"})  # They leave what was said as it is.


class Activations(Faced):
    """Up to four functions, a cursor, and a neuron that uses the first of them.

    Args:
        parameters: The query of the address; what it does not name has its usual value.

    Attributes:
        own_expression: The last expression that the learner typed and that was accepted, in
            this session or in the link; None if there is none. The network builder offers it.
    """

    def __init__(self, parameters: Mapping[str, str] | None = None) -> None:
        given = dict(parameters or {})
        settings, self.problems = from_address(Settings, given)
        if settings.weights:  # They say how many neurons there are.
            settings = replace(settings, units=len(settings.weights) // 3)
        self.settings: Settings = settings
        self.own_expression = _typed_in_link(given, settings)
        self.opening = not given
        self.notice: str | None = None
        self.refused: ExpressionError | InputError | None = None
        self.refused_text = ""
        self.taken = True
        self.rested = True
        self.frame = 0
        self.round: Round[Activations] = Round(QUESTIONS)
        self.leaving = Leaving()
        self.fit: Fit = self._fresh_fit(settings.weights)
        self.fit.replay(settings.path)

    @property
    def curves(self) -> list[Curve]:
        """The functions that are drawn."""
        return curves(self.settings)

    def address(self) -> str:
        """Return the query that shows the same picture in another browser."""
        weights = self.fit.start if self.fit.by_hand else ()
        return to_address(replace(self.settings, weights=weights, path=self.fit.segments()))

    def show(self, **values: str) -> None:
        """Change settings as the address would name them; used where a question shows something."""
        self._change(**{name: checked(Settings, name, text) for name, text in values.items()})

    def face(self) -> tuple[object, ...]:
        """Return what head and settings row depend on."""
        return (*super().face(), str(self.refused))

    def needs_page(self) -> bool:
        """Return whether only the page as a whole can show what is outdated."""
        return self.leaving.wanted

    def receive(self, text: str | None) -> None:
        """Draw a function that another page sends; None changes nothing."""
        if text is not None:
            self._type(text)
            self.notice = "From the network builder: your function and its slope."

    # -- gestures ----------------------------------------------------------------------

    def apply(self, events: tuple[Event, ...]) -> None:
        """Carry out gestures in their order; one that makes no sense changes nothing."""
        self.rested, self.taken = False, False
        self.frame += 1
        for event in events:
            action = self._actions().get(kind_of(event))
            if action is None:
                continue
            if event["type"] not in NO_ACTION:
                self.notice = None
            wrong = attempt(action, event)
            if wrong is not None:
                self.notice = wrong
            elif event["type"] not in {*NO_ACTION, "expression"}:
                self.refused = None
        if any(str(e.get("type")) not in MOVING and not e.get("moving") for e in events):
            self.rested = True

    def _actions(self) -> dict[str, Callable[[Event], None]]:
        return {
            "toggle": lambda event: self._toggle(str(event["name"])),
            "expression": lambda event: self._type(str(event["text"])),
            "cursor": lambda event: self._cursor(float(event["x"])),
            "neuron": lambda event: self._numbers("neuron", event["w"], event["b"]),
            "plane": lambda event: self._numbers("plane", *event["w"], event["b"]),
            "retract": lambda _: None,  # What was refused is no longer in the field.
            "go": self._go,
            "unit": self._move_unit,
            "score": self._move_score,
            "select": lambda event: self._set("selected", int(event["index"]) + 1),
            "shift": self._shift_scores,
            "step": lambda event: self._advance(int(event["count"])),
            "tick": lambda _: self._advance(4),
            "rewind": lambda event: self.fit.rewind(int(event["index"])),
            "reset": lambda _: self.fit.start_over(),
            "rest": lambda _: None,
            "set": lambda event: self._set(str(event["name"]), event["value"]),
            "choose": lambda event: self.round.choose(int(event["option"])),
            "reveal": lambda _: self.round.reveal(self),
            "next_question": lambda _: self.round.forward(self),
            "remedy": lambda _: self._remedy(),
        }

    def _toggle(self, name: str) -> None:
        wanted, left = choosing.toggled(self.settings.functions, name)
        self._change(functions=checked(Settings, "functions", ",".join(wanted)))
        self._add_notice(choosing.farewell(left))

    def _type(self, text: str) -> None:
        try:
            parse(text)
        except ExpressionError as error:
            self.refused, self.refused_text = error, text
            return
        self.refused, self.taken = None, True
        self.own_expression = text
        wanted, left = choosing.with_own(self.settings.functions)
        self._change(expression=text, functions=wanted)
        self._add_notice(choosing.farewell(left))

    def _go(self, event: Event) -> None:
        slug = str(event["slug"])
        self.leaving.ask(Journey(slug, text=self.own_expression))

    def _cursor(self, x: float) -> None:
        self.settings = replace(self.settings, cursor=round(min(RANGE[1], max(RANGE[0], x)), 2))

    def _numbers(self, name: str, *values: Any) -> None:
        text = ",".join(str(round(float(value), 3)) for value in values)
        self.settings = replace(self.settings, **{name: checked(Settings, name, text)})

    def _move_unit(self, event: Event) -> None:
        self.fit.move(int(event["index"]), float(event["kink"]), float(event["v"]))

    def _move_score(self, event: Event) -> None:
        self.settings = scores.moved(self.settings, int(event["index"]), float(event["z"]))

    def _shift_scores(self, event: Event) -> None:
        self.settings, self.notice = scores.shifted(self.settings, float(event["amount"]))

    def _advance(self, count: int) -> None:
        self.notice = None
        self.fit.advance(max(0, min(count, 100)), self.settings.rate)

    def _set(self, name: str, value: Any) -> None:
        if "." in name:
            function, parameter = name.split(".")
            self._parameter(function, parameter, float(value))
        elif name.startswith(("neuron_", "plane_")):
            kind, place = name.split("_")
            numbers = list(getattr(self.settings, kind))
            numbers[int(place)] = float(value)
            self._numbers(kind, *numbers)
        elif name == "count":
            self.settings = scores.resized(self.settings, int(value))
        elif name in BY_HAND:
            raise InputError("This is set by hand on the stage.")
        else:
            self._change(**{name: checked(Settings, name, value)})

    def _parameter(self, name: str, parameter: str, value: float) -> None:
        others = tuple(p for p in self.settings.parameters if p[:2] != (name, parameter))
        usual = {one.name: one.default for one in ACTIVATIONS[name].parameters}[parameter]
        mine = () if value == usual else ((name, parameter, value),)
        rule = ";".join(f"{n}.{p}:{v!r}" for n, p, v in (*others, *mine))
        self._change(parameters=checked(Settings, "parameters", rule))

    def _remedy(self) -> None:
        remedy = finding(self).remedy
        if remedy is None:
            return
        self.show(**remedy.changes)
        if remedy.start_over:
            self.fit.start_over()

    def _add_notice(self, text: str | None) -> None:
        self.notice = " ".join(filter(None, (self.notice, text))) or None

    def _change(self, **changes: Any) -> None:
        """Change settings; the sum of neurons keeps its weights wherever they still mean it."""
        old = self.curves[0]
        self.settings = replace(self.settings, **changes)
        if {"units", "seed"} & changes.keys():
            self.fit = self._fresh_fit(())
            self.notice = "New neurons: their weights and biases were drawn anew with the seed."
        elif "target" in changes or self.curves[0] != old:
            walked = self.fit.shown > 0
            self.fit = self._fresh_fit(self.fit.weights())
            if walked:
                self.notice = (
                    "The function or the target changed: the weights stay, the fit counts anew."
                )

    def _fresh_fit(self, weights: tuple[float, ...]) -> Fit:
        return Fit(self.curves[0], self.settings, weights)


def _typed_in_link(given: Mapping[str, str], settings: Settings) -> str | None:
    """Every copied link names an expression; the example counts only where it is drawn."""
    text = given.get("expression")
    typed = text == settings.expression and (text != EXAMPLE or OWN in settings.functions)
    return text if typed else None
