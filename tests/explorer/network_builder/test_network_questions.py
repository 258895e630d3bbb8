"""Questions: what is marked right is right by another way of finding out."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from network_gestures import do, opened, put, values, walk
from sklearn.linear_model import LogisticRegression

from core.networks.config import LayerConfig
from core.networks.losses import Objective
from core.networks.training import Training
from explorer.network_builder.lesson import NetworkBuilder
from explorer.network_builder.questions import BATCHES, QUESTIONS, RATES

FLAT, COUNT, ALIKE, BATCH, RATE = range(5)
FEW = {"points": "60"}


def asking(number, **settings):
    """The lesson with question `number` on the card."""
    lesson = NetworkBuilder({**FEW, **settings})
    if QUESTIONS[number].suits(lesson):
        lesson.round.at = number - 1  # The next one is it.
        do(lesson, {"type": "next_question"})
        assert lesson.round.at == number
    return lesson


def answered(lesson, option=0):
    return do(lesson, {"type": "choose", "option": option}, {"type": "reveal"})


@pytest.fixture
def no_curves(monkeypatch):
    """Nothing is learnt for curves; which of them is right is known without."""
    monkeypatch.setattr("explorer.network_builder.questions._curves", lambda *_: [])


def test_they_read_like_questions():
    for question in QUESTIONS:
        assert 2 <= len(set(question.options)) == len(question.options)
        assert "?" in question.text
    assert QUESTIONS[COUNT].suits(NetworkBuilder({"data": "plane"}))  # One always comes.


@pytest.mark.usefixtures("no_curves")
@pytest.mark.parametrize(
    ("settings", "wanted"),
    [
        ({}, {FLAT, COUNT, ALIKE, BATCH, RATE}),
        ({"data": "moons"}, {COUNT, ALIKE, BATCH, RATE}),
        ({"data": "plane"}, {COUNT}),
        ({"data": "gaussians", "classes": "3"}, {COUNT}),
        ({"features": "x1,x2,x1_squared"}, {COUNT, ALIKE, BATCH, RATE}),
        ({"points": "40"}, {FLAT, COUNT, ALIKE, RATE}),  # 20 to learn from: one batch of 20
        ({"initialisation": "zero"}, {FLAT, COUNT, ALIKE}),  # All curves would be level.
    ],
)
def test_only_what_suits_is_asked(settings, wanted):
    lesson, seen = NetworkBuilder({**FEW, **settings}), set()
    for _ in range(len(QUESTIONS)):
        seen.add(do(lesson, {"type": "next_question"}).round.at)
    assert seen == wanted


@pytest.mark.parametrize(
    ("data", "seed"), [("circles", "1"), ("spirals", "2"), ("xor", "3"), ("checkerboard", "4")]
)
def test_a_straight_border_parts_what_logistic_regression_parts(data, seed):
    lesson = asking(FLAT, data=data, seed=seed)
    points = lesson.side.training.training
    best = LogisticRegression(C=1e6).fit(points.x, points.y).score(points.x, points.y)
    answered(lesson, 1)
    assert lesson.round.right == (0 if best == 1 else 1)
    assert lesson.side.config.layers == ()
    do(lesson, {"type": "undo"})
    assert len(lesson.side.config.layers) == 2


def test_pytorch_counts_forty():
    lesson = answered(asking(COUNT), 1)
    assert lesson.round.question.options[lesson.round.right] == str(7 * 5 + 5)


@pytest.mark.parametrize("optimizer", ["adam", "sgd", "rmsprop"])
@pytest.mark.parametrize(("rate", "seed"), [("0.03", "1"), ("10", "2")])
def test_units_that_start_alike_stay_alike(seed, rate, optimizer):
    lesson = answered(asking(ALIKE, seed=seed, learning_rate=rate, optimizer=optimizer))
    assert lesson.round.right == 2
    assert lesson.side.config.layers == (LayerConfig(4, "sigmoid"),)
    walk(lesson, 3)
    weight = lesson.side.training.model.linears()[0].weight
    assert torch.allclose(weight, weight[0].expand_as(weight), atol=1e-5)


def losses_of(training, config, epochs):
    """The loss on the training points after each epoch, with a loop of its own."""
    run = Training(training.training, training.validation, config)
    objective = Objective(config.loss, 2)
    targets, found = objective.targets(run.training.y), []
    for epoch in range(epochs + 1):
        if epoch:
            run.advance_epochs(1)
        with torch.no_grad():
            scores = run.model(torch.tensor(run.training.x))
        found.append(objective.value(scores, targets).item())
    return found


@pytest.mark.parametrize("seed", ["1", "2"])
@pytest.mark.parametrize(
    ("number", "name", "options", "wanted", "epochs"),
    [(BATCH, "batch_size", BATCHES, 250, 15), (RATE, "learning_rate", RATES, 0.003, 30)],
)
def test_the_curve_that_is_named_is_that_run(number, name, options, wanted, epochs, seed):
    lesson = asking(number, seed=seed)
    curves = lesson.round.curves
    assert len(curves) == len(options)
    training = lesson.side.training
    config = replace(training.config, optimizer="sgd", **{name: wanted})
    answered(lesson)
    right = lesson.round.right
    mine = losses_of(training, config, epochs)
    assert curves[right] == pytest.approx(mine, abs=1e-6)
    for other, curve in enumerate(curves):
        assert other == right or curve[-1] != pytest.approx(mine[-1], rel=1e-3)
    assert lesson.round.curves == curves


@pytest.mark.usefixtures("no_curves")
def test_the_order_of_the_curves_depends_on_the_seed():
    rights = {answered(asking(RATE, seed=str(seed))).round.right for seed in (1, 2, 3, 7)}
    assert len(rights) > 1


@pytest.mark.parametrize("number", range(len(QUESTIONS)))
@pytest.mark.parametrize("pair", [False, True])
def test_an_answer_leaves_a_lesson_whose_link_is_right(number, pair):
    lesson = asking(number)
    if pair:
        do(lesson, {"type": "compare"})
    before = values(lesson.sides[0])
    answered(walk(lesson, 2), 0)
    assert lesson.round.right is not None
    assert lesson.round.explanation.endswith((".", ".)"))
    again = opened(walk(lesson, 2).address())
    assert again.problems == []
    assert again.address() == lesson.address()
    for mine, theirs in zip(lesson.sides, again.sides, strict=True):
        np.testing.assert_array_equal(values(theirs), values(mine))
    if pair:  # The active one, B, was changed; A went on as it was.
        do(lesson, {"type": "reset"})
        np.testing.assert_array_equal(values(lesson.sides[0]), before)


def test_first_the_prediction_then_the_answer():
    lesson = do(asking(COUNT), {"type": "reveal"})
    assert lesson.round.right is None
    answered(lesson, 7)
    assert lesson.round.right is None
    answered(lesson, 2)
    assert (lesson.round.chosen, lesson.round.right) == (2, 1)


def test_a_question_that_no_longer_suits_is_passed_over():
    lesson = answered(put(asking(ALIKE), "data", "plane"))
    assert (lesson.round.at, lesson.round.right) == (COUNT, None)
