"""Two networks side by side: same points, same seed, each as if it were alone."""

import numpy as np
import pytest
from network_gestures import SMALL, cut, do, opened, put, replayed, usable, values, walk

from core.networks.training import Training
from explorer.network_builder.cards import lines
from explorer.network_builder.controls import head_buttons, row_message
from explorer.network_builder.lesson import NetworkBuilder
from explorer.network_builder.settings import TURBO

COMPARE = {"type": "compare"}


def compared(**settings):
    return do(walk(NetworkBuilder({**SMALL, **settings}), 3), COMPARE)


def alone(side, epochs):
    """A run of its own with the points and the configuration of a side."""
    run = Training(side.training.training, side.training.validation, side.config)
    run.advance_epochs(epochs)
    return run


def test_both_begin_at_the_start_with_the_same_points_and_one_difference():
    lesson = compared()
    first, second = lesson.sides
    assert lesson.side is second
    assert first.training.training is second.training.training
    assert first.config.seed == second.config.seed
    assert [side.training.epoch for side in lesson.sides] == [0, 0]
    assert {one.activation for one in second.config.layers} == {"relu"}
    assert "same points and seed" in lesson.notice
    assert "ReLU" in lesson.notice
    first_weights, second_weights = (
        [linear.weight.tolist() for linear in side.training.model.linears()]
        for side in lesson.sides
    )
    assert first_weights == second_weights


@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
def test_without_hidden_layers_the_optimizer_differs(optimizer):
    lesson = compared(layers="none", optimizer=optimizer)
    assert lesson.sides[0].config.optimizer != lesson.sides[1].config.optimizer
    assert lesson.sides[0].config.optimizer == optimizer


def test_each_is_the_run_that_it_would_be_alone():
    lesson = walk(put(compared(), "batch_size", 3), 5)
    do(put(lesson, "speed", "60"), {"type": "tick", "seconds": 0.2})
    assert [side.training.epoch for side in lesson.sides] == [17, 17]
    for side in lesson.sides:
        run = alone(side, 17)
        assert run.rows == side.training.rows
        for mine, wanted in zip(
            side.training.model.parameters(), run.model.parameters(), strict=True
        ):
            assert mine.equal(wanted)


def test_they_stay_within_one_epoch_of_each_other():
    lesson = put(compared(points="1000"), "batch_size", 1)  # a hundred times as many updates
    put(lesson, "speed", TURBO)
    for _ in range(6):
        do(lesson, {"type": "tick", "seconds": 0.1})
        epochs = [side.training.epoch for side in lesson.sides]
        assert abs(epochs[0] - epochs[1]) <= 1
    assert min(epochs) >= 0
    assert sum(side.training.step_count for side in lesson.sides) > 100


def test_settings_change_the_one_that_was_chosen_and_points_change_both():
    lesson = do(compared(), {"type": "side", "index": 0})
    put(lesson, "learning_rate", 0.3)
    assert [side.config.learning_rate for side in lesson.sides] == [0.3, 0.03]
    assert row_message(lesson, None)["side"] == "A"
    put(do(lesson, {"type": "side", "index": 1}), "learning_rate", 1)
    assert [side.config.learning_rate for side in lesson.sides] == [0.3, 1]
    for name, value in (("noise", 0.4), ("data", "moons"), ("seed", 5), ("data", "plane")):
        walk(put(lesson, name, value), 1)
        first, second = (side.training for side in lesson.sides)
        np.testing.assert_array_equal(first.training.x, second.training.x)
        np.testing.assert_array_equal(first.validation.y, second.validation.y)
        assert first.config.seed == second.config.seed == lesson.settings.seed
    usable(lesson)


def test_time_is_one_for_both():
    lesson = walk(compared(), 6)
    do(lesson, {"type": "go_to", "epoch": 2})
    assert [side.training.epoch for side in lesson.sides] == [2, 2]
    do(lesson, {"type": "reset"})
    assert [side.training.epoch for side in lesson.sides] == [0, 0]


@pytest.mark.parametrize("index", [0, 1])
def test_the_end_of_a_comparison_keeps_the_one_that_was_chosen(index):
    lesson = do(walk(compared(), 4), {"type": "side", "index": index})
    kept, before = lesson.side, values(lesson.side)
    assert head_buttons(lesson)[0]["label"] == "End A/B"
    do(lesson, COMPARE)
    assert lesson.sides == [kept]
    np.testing.assert_array_equal(values(lesson.side), before)
    assert "stays" in lesson.notice
    assert head_buttons(lesson)[0]["label"] == "Compare A/B"
    assert len(cut(lesson)[0]["sides"]) == 1


def test_a_comparison_in_the_middle_of_a_replay_begins_at_the_start():
    lesson = NetworkBuilder({"epochs": "300", "points": "1000", "batch_size": "20", "at": "5"})
    assert lesson.replay_to
    do(lesson, COMPARE, {"type": "replay"})
    assert [side.training.epoch for side in lesson.sides] == [0, 0]


def test_a_link_chooses_the_same_side():
    lesson = walk(do(compared(), {"type": "select", "column": 3, "unit": 0}), 2)
    again = opened(lesson.address())
    assert again.active == 1
    assert cut(again)[0]["sides"][0]["selected"] is None
    assert cut(again)[0]["sides"][1]["selected"] == {"column": 3, "unit": 0}


def test_a_link_whose_second_network_diverges_comes_to_an_end():
    other = "layers~none|loss~mse|optimizer~sgd|learning_rate~10"
    lesson = replayed(NetworkBuilder({"data": "plane", "epochs": "9", "b": other, **SMALL}))
    assert [side.training.diverged for side in lesson.sides] == [False, True]
    assert lesson.sides[0].training.epoch == 9


def test_the_curves_of_both_stand_under_their_epochs():
    lesson = walk(compared(), 3)
    card, numbers = lines(lesson)
    columns = {
        (one["side"], one["style"]): numbers[one["from"] : one["from"] + one["count"]].tolist()
        for one in card["series"]
    }
    assert numbers[: card["x"]["count"]].tolist() == [0, 1, 2, 3]
    for label, side in zip("AB", lesson.sides, strict=True):
        rows = side.training.rows
        assert columns[label, "training"] == [row.training_loss for row in rows]
        assert columns[label, "validation"] == [row.validation_loss for row in rows]
