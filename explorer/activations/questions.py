"""Predict first: questions about activation functions that the run itself answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from explorer.activations import curves, measured, scores
from explorer.numbers import fixed, significant
from explorer.questions import Answer, Question

if TYPE_CHECKING:
    from explorer.activations.lesson import Activations


def _dead(lesson: Activations) -> Answer:
    lesson.show(functions="relu", view="neuron", neuron="1,-6")
    x = np.linspace(-5, 5, 201)
    slopes = curves.curve("relu", (), "").slopes(x - 6)
    share = float((slopes != 0).mean())
    return (1 if share == 0 else 0), (
        f"The slope is different from 0 for {share:.0%} of the inputs from −5 to 5: the sum "
        "x − 6 is never positive there. No gradient, no learning: a dead ReLU. Leaky ReLU "
        "keeps a small slope."
    )


def _vanishing(lesson: Activations) -> Answer:
    lesson.show(functions="sigmoid", view="depth", depth="20", start="xavier", gain="1")
    first = lesson.curves[0]
    norms = measured.profile(first, 20, "xavier", 1.0, lesson.settings.seed).gradient_norm
    ratio = norms[0] / norms[-1]
    right = 0 if ratio > 0.1 else 1 if ratio > 1e-6 else 2
    return right, (
        f"In layer 1 it is {significant(ratio, 2)} of what it is in layer 20. The sigmoid is at "
        "most ¼ steep, and every layer multiplies by that slope again."
    )


def _collapse(lesson: Activations) -> Answer:
    lesson.show(functions="identity", view="stack", layers="4")
    layers = measured.stack_layers(lesson)
    x = np.linspace(-5, 5, 201)
    values = x.copy()
    for w, b in layers:
        values = w * values + b
    bend = float(np.abs(np.diff(values, 2)).max())
    return (1 if bend < 1e-9 else 0), (
        f"The largest bend of the curve is {significant(bend)}: four linear layers are one line. "
        "Choose ReLU above and the same weights bend."
    )


def _steepest(lesson: Activations) -> Answer:
    lesson.show(functions="sigmoid", show="d", cursor="0")
    x = np.linspace(-5, 5, 2001)
    largest = float(curves.curve("sigmoid", (), "").slopes(x).max())
    right = int(np.argmin([abs(largest - guess) for guess in (1.0, 0.5, 0.25)]))
    return right, f"Its largest slope is {significant(largest)}, at x = 0: σ′ = σ (1 − σ) = ½ · ½."


def _no_such_name(lesson: Activations) -> Answer:
    there = hasattr(torch.nn, "sigmoid")
    return (0 if there else 2), (
        "Python was asked just now: `torch.nn` has "
        + (
            "it after all."
            if there
            else "no `sigmoid`. It is `torch.sigmoid(x)` or `nn.Sigmoid()(x)`."
        )
    )


def _shifted(lesson: Activations) -> Answer:
    lesson.show(view="softmax", scores="2,1,0.1", temperature="1")
    before = scores.vector(lesson.settings).probabilities
    lesson.show(scores="12,11,10.1")
    after = scores.vector(lesson.settings).probabilities
    grown, change = int((after > before + 1e-9).sum()), float(np.abs(after - before).max())
    right = 2 if change < 1e-9 else 0 if grown == len(after) else 1
    return right, (
        f"The largest change of a probability is {significant(change)}, which is rounding: a "
        "factor exp(10) stands above and below the line and cancels. Only differences of scores "
        "count, so PyTorch may subtract the largest one first."
    )


def _hot(lesson: Activations) -> Answer:
    lesson.show(view="softmax", scores="2,1,0.1", temperature="10")
    p = scores.vector(lesson.settings).probabilities
    right = 0 if p.max() > 0.9 else 1 if p.max() < 0.5 else 2
    return right, (
        f"From {fixed(float(p.max()), 3)} down to {fixed(float(p.min()), 3)}: dividing the scores "
        "by 10 shrinks their differences, and equal scores would have ⅓ each. T = 0.1 does the "
        "opposite."
    )


QUESTIONS: tuple[Question[Activations], ...] = (
    Question(
        "Twenty layers with sigmoid. How large is the gradient in layer 1, compared with layer 20?",
        ("About as large", "Between a tenth and a millionth", "Less than a millionth"),
        "Send a gradient through",
        _vanishing,
    ),
    Question(
        "Four linear layers on top of each other, no activation between them. What can they draw?",
        ("Any curve", "Only a straight line", "A parabola"),
        "Stack them",
        _collapse,
    ),
    Question(
        "A ReLU neuron has *w* = 1 and *b* = −6, its inputs lie between −5 and 5. "
        "How does it learn?",
        ("Slowly, but it learns", "Not at all"),
        "Look at its slope",
        _dead,
    ),
    Question(
        "How steep is the sigmoid where it is steepest?",
        ("1", "0.5", "0.25"),
        "Draw the slope",
        _steepest,
    ),
    Question(
        "Spot the mistake: a course writes `torch.nn.sigmoid(x)`. What happens?",
        ("It works", "It works, with a warning", "An AttributeError"),
        "Ask Python",
        _no_such_name,
    ),
    Question(
        "Softmax of (2, 1, 0.1). All three scores grow by 10. What happens to the probabilities?",
        ("All three grow", "The largest gains, the others lose", "They stay the same"),
        "Add 10 to all",
        _shifted,
    ),
    Question(
        "Softmax of (2, 1, 0.1) at temperature *T* = 10 instead of 1. What happens?",
        ("The largest takes nearly all", "All three come close to ⅓", "They stay the same"),
        "Set T to 10",
        _hot,
    ),
)
