"""The cards under the stage: formulas, question, doctor, script, prose."""

from typing import Any

import numpy as np

from core.activations.chain import TARGETS
from core.activations.registry import ACTIVATIONS
from core.activations.script import (
    chain_script,
    curve_script,
    depth_script,
    neuron_script,
    softmax_script,
    stack_script,
)
from core.activations.softmax import SOFTMAX
from explorer.activations.doctor import finding
from explorer.activations.fitting import PLACES
from explorer.activations.help import CARDS
from explorer.activations.lesson import Activations
from explorer.activations.measured import WIDTH, stack_layers
from explorer.activations.rules import OWN
from explorer.activations.scores import vector
from explorer.activations.softmax_words import formula_rows
from explorer.boards import board, doctor_card, script_card
from explorer.numbers import fixed

SLUG = "activations"
Card = dict[str, Any]


def board_message(lesson: Activations, token: str | None) -> dict[str, Any]:
    """Return the cards as JSON.

    Args:
        lesson: The lesson.
        token: Name of the gestures that this answers.
    """
    cards = [
        formulas(lesson),
        about(lesson),
        lesson.round.card() | {"span": 7},
        doctor(lesson),
        code(lesson),
    ]
    return board(SLUG, lesson, token, cards, CARDS)


def formulas(lesson: Activations) -> Card:
    """Return the formula of every chosen function and of its slope, at the cursor."""
    if lesson.settings.view == "softmax":
        return _formula_card(formula_rows(lesson.settings), _sum_note(lesson))
    rows = []
    x = lesson.settings.cursor
    for one in lesson.curves:
        f, d = one.at(x)
        if one.name == OWN:
            text, slope = f"`{lesson.settings.expression}`", "by autograd"
        else:
            text, slope = ACTIVATIONS[one.name].formula, ACTIVATIONS[one.name].derivative_formula
        rows.append(_row(f"**{one.label}** = {text}", f"*f*({fixed(x)})", f))
        rows.append(_row(f"slope = {slope}", f"*f*′({fixed(x)})", d, detail=True))
    return _formula_card(rows, f"at x = {fixed(x)}")


def _formula_card(rows: list[dict[str, Any]], note: str) -> Card:
    return {
        "kind": "formulas",
        "span": 7,
        "title": "Numbers in the formulas",
        "note": note,
        "rows": rows,
    }


def _row(symbols: str, numbers: str, result: float, *, detail: bool = False) -> dict[str, Any]:
    return {"symbols": symbols, "numbers": numbers, "result": fixed(result, 4), "detail": detail}


def about(lesson: Activations) -> Card:
    """Return range, use, source and line of PyTorch of every chosen function."""
    paragraphs = [_about_softmax()] if lesson.settings.view == "softmax" else []
    for one in lesson.curves:
        if one.name == OWN:
            note = one.expression.domain_note((-5.0, 5.0)) if one.expression else None
            paragraphs.append(f"**Your own.** {note or 'It has a value everywhere from −5 to 5.'}")
            continue
        known = ACTIVATIONS[one.name]
        values = {p.name: p.default for p in known.parameters} | dict(one.parameters)
        line = known.torch_source.format(**values)
        paragraphs.append(f"**{known.label}** `{line}` {known.range}. {known.use} ({known.source})")
    return {"kind": "prose", "span": 5, "title": "Where they are used", "paragraphs": paragraphs}


def _sum_note(lesson: Activations) -> str:
    return f"Σ is the sum of all exp, at T = {lesson.settings.temperature:g}"


def _about_softmax() -> str:
    return (
        f"**{SOFTMAX.label}** `{SOFTMAX.torch_source}` or `F.softmax(z, dim=1)` {SOFTMAX.range}. "
        f"{SOFTMAX.use} ({SOFTMAX.source})"
    )


def doctor(lesson: Activations) -> Card:
    """Return the doctor's most important finding about the open view."""
    return doctor_card(finding(lesson), 5)


def code(lesson: Activations) -> Card:
    """Return the script that prints the numbers of the open view."""
    settings, first = lesson.settings, lesson.curves[0]
    places = [settings.cursor, *np.arange(-3.0, 4.0).tolist()]
    if settings.view == "chain":
        path = lesson.fit.segments() or ((settings.rate, 0),)
        target = TARGETS[settings.target](PLACES)
        source = chain_script(lesson.fit.chain, first.drawn, PLACES, target, path)
    elif settings.view == "stack":
        source = stack_script(stack_layers(lesson), first.drawn, places)
    elif settings.view == "depth":
        source = depth_script(
            first.drawn, int(settings.depth), WIDTH, settings.start, settings.gain, settings.seed
        )
    elif settings.view == "plane":
        w1, w2, b = settings.plane
        corners = [[x1, x2] for x1 in (-2.0, 0.0, 2.0) for x2 in (-2.0, 0.0, 2.0)]
        source = neuron_script(first.drawn, (w1, w2), b, corners)
    elif settings.view == "softmax":
        now = vector(settings)
        source = softmax_script(now.scores, now.temperature, now.selected)
    else:
        source = curve_script([one.drawn for one in lesson.curves], places)
    return script_card(source, "activations.py", 12)
