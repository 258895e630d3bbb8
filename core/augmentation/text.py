"""Pipelines as one line of text, for the address of the page."""

from __future__ import annotations

import re

from core.augmentation.pipeline import MAX_STEPS, Pipeline, Step
from core.augmentation.spec import DECIMALS, Parameter, Value
from core.augmentation.table import transform_named
from core.errors import InputError

MAX_TEXT = 4000
_OFF = "-"
_NUMBER = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,6})?")
_SWITCH = {"on": True, "off": False}


def parse(text: str) -> Pipeline:
    """Read a pipeline such as ``hflip:0.5;rotation:degrees=15;-jitter:brightness=0.2,hue=0.1``.

    Each step is the name of a transform; after a colon come its probability, as a number
    without name, and the settings that differ from the usual ones. A minus sign in front of
    the name switches the step off. An empty text is a pipeline without steps.

    Raises:
        InputError: With the number of the step that cannot be read.
    """
    if len(text) > MAX_TEXT:
        raise InputError(f"The text of a pipeline has at most {MAX_TEXT:,} characters.")
    pieces = [piece.strip() for piece in text.split(";") if piece.strip()]
    if len(pieces) > MAX_STEPS:
        raise InputError(f"A pipeline has at most {MAX_STEPS} steps, not {len(pieces)}.")
    return Pipeline(tuple(_step(number, piece) for number, piece in enumerate(pieces, 1)))


def write(pipeline: Pipeline) -> str:
    """The text of a pipeline, as short as possible; `parse` gives the pipeline back."""
    return ";".join(map(_written, pipeline.steps))


def _written(step: Step) -> str:
    usual = step.transform.chance()
    chance = [_plain(step.probability)] if step.probability != usual else []
    settings = chance + [f"{name}={_plain(value)}" for name, value in step.changed.items()]
    name = step.name if step.on else _OFF + step.name
    return f"{name}:{','.join(settings)}" if settings else name


def _plain(value: Value) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, str):
        return value
    return f"{value:.{DECIMALS}f}".rstrip("0").rstrip(".")


def _step(number: int, piece: str) -> Step:
    try:
        return _read(piece)
    except InputError as error:
        raise InputError(f"Step {number}: {error}") from None


def _read(piece: str) -> Step:
    head, _, tail = piece.partition(":")
    name = head.strip()
    on = not name.startswith(_OFF)
    name = name.removeprefix(_OFF)
    known = {one.name: one for one in transform_named(name).parameters}
    probability, values = None, {}
    for part in filter(None, (part.strip() for part in tail.split(","))):
        key, equals, value = (one.strip() for one in part.partition("="))
        if not equals:
            if probability is not None:
                raise InputError("A step has one probability, not two.")
            probability = _number("A probability", key)
        elif key in values:
            raise InputError(f'"{key[:20]}" is given twice.')
        else:
            values[key] = _value(known[key], value) if key in known else value
    return Step(name, values, probability, on)  # type: ignore[arg-type]


def _value(parameter: Parameter, text: str) -> Value:
    if parameter.kind == "switch":
        return _SWITCH.get(text, text)
    return text if parameter.kind == "choice" else _number(parameter.label, text)


def _number(what: str, text: str) -> float:
    if not _NUMBER.fullmatch(text):
        raise InputError(f'{what} is a number such as 0.5, not "{text[:20]}".')
    return float(text)
