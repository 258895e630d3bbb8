"""A function on its way from the activation page into the layers, and back to be looked at."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.errors import InputError
from core.networks.units import TYPED
from explorer.journeys import Journey

if TYPE_CHECKING:
    from explorer.network_builder.lesson import NetworkBuilder

NO_LAYER = "Add a layer first: your function is in its menu, as “own f(x)”."


def receive(lesson: NetworkBuilder, expression: str | None) -> None:
    """Let a function of another page work in every hidden layer; None changes nothing."""
    if expression is None:
        return
    lesson.edits.type(expression)
    lesson.edits.offer(expression)
    layers = lesson.side.config.layers
    if not layers:
        lesson.notice = NO_LAYER
        return
    lesson.reconfigure(layers=tuple(replace(one, activation=TYPED + expression) for one in layers))
    said = f"Your function {expression} works in every hidden layer now. Undo takes it back."
    lesson.notice = " ".join(filter(None, (said, lesson.notice)))


def see_function(lesson: NetworkBuilder, position: int) -> None:
    """Go where the function of a layer is drawn with its slope."""
    layers = lesson.side.config.layers
    if not 0 <= position < len(layers):
        raise InputError(f"There is no hidden layer {position + 1}.")
    text = lesson.edits.typed((layers[position],))
    functions = {"expression": text, "functions": "own,tanh"}
    lesson.leaving.ask(Journey("activations", text=text, parameters=functions))
