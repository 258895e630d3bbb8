"""Play: as many epochs as the clock says, in step with each other."""

import math

import numpy as np
import pytest
from network_gestures import SMALL, cut, do, put, values, walk

from explorer.network_builder.lesson import NetworkBuilder
from explorer.network_builder.playing import MOST_FRAMES, Pace, advance_together
from explorer.network_builder.settings import SPEEDS, TURBO

TINY = {"points": "12", "layers": "2:tanh", "share": "0", "batch_size": "12"}


def tick(lesson, seconds):
    return do(lesson, {"type": "tick", "seconds": seconds})


@pytest.mark.parametrize("speed", [speed for speed in SPEEDS if speed != TURBO])
@pytest.mark.parametrize("every", [0.017, 0.1, 0.33])
def test_the_speed_is_kept_to_in_many_ticks(speed, every):
    lesson, ticks = NetworkBuilder({"speed": speed, **TINY}), round(1 / every)
    for _ in range(ticks):
        tick(lesson, every)
    wanted = math.floor(float(speed) * every * ticks)
    assert abs(lesson.side.training.epoch - wanted) <= 1


def test_a_long_wait_counts_as_half_a_second():
    lesson = tick(NetworkBuilder({"speed": "20", **TINY}), 3600)
    assert lesson.side.training.epoch == 10
    assert tick(lesson, float("inf")).side.training.epoch == 20


@pytest.mark.parametrize("seconds", [-1, "nan", float("nan"), None, "x"])
def test_a_clock_out_of_order_stops_nothing(seconds):
    lesson = tick(NetworkBuilder({"speed": "20", **TINY}), seconds)
    assert lesson.side.training.epoch == 0
    assert lesson.notice
    assert tick(lesson, 0.1).side.training.epoch == 2


def test_turbo_is_as_fast_as_there_is_time_and_answers_soon():
    lesson = NetworkBuilder({"speed": TURBO, **TINY})
    tick(lesson, 0.02)
    fast = tick(NetworkBuilder({"speed": "200", **TINY}), 0.02)
    assert lesson.side.training.epoch > 3 * fast.side.training.epoch == 12
    assert 1 <= len(lesson.pictures()) <= 8


@pytest.mark.parametrize(("speed", "seconds"), [("60", 0.1), ("200", 0.5), ("200", 0.02)])
def test_a_tick_brings_a_few_moments(speed, seconds):
    lesson = tick(NetworkBuilder({"speed": speed, **TINY}), seconds)
    # One for each quarter of the way, and one more for every 15 ms that it took.
    assert 1 <= len(lesson.pictures()) <= MOST_FRAMES + 1 + 100 / 15
    epochs = [moment[0].reading["epoch"] for moment in lesson.pictures()]
    assert epochs == sorted(set(epochs))
    assert epochs[-1] == lesson.side.training.epoch


def test_an_epoch_that_takes_long_is_cut_and_finished_later():
    lesson = NetworkBuilder({"speed": TURBO, "points": "1000", "share": "0", "batch_size": "1"})
    side = lesson.side
    side.advance("epoch", 0.001)
    assert 0 < side.training.place.cursor < 1000
    advance_together(lesson.sides, "epoch")
    assert (side.training.epoch, side.training.place.cursor) == (1, 0)
    assert side.replayable


@pytest.mark.parametrize(("mode", "steps"), [("batch", 3), ("example", 3), ("epoch", 12)])
def test_what_a_step_is(mode, steps):
    """20 points in batches of 5: 4 to an epoch."""
    lesson = NetworkBuilder({"mode": mode, "batch_size": "5", **SMALL})
    tick(put(lesson, "speed", "20"), 0.15)
    assert lesson.side.training.step_count == steps
    assert lesson.side.training.epoch == steps // 4
    assert lesson.side.training.place.cursor == {"batch": 15, "example": 3, "epoch": 0}[mode]


def test_batches_are_the_same_run_as_epochs_and_examples_are_another():
    runs = {}
    for mode, count in (("epoch", 3), ("batch", 12), ("example", 60)):
        lesson = walk(NetworkBuilder({"mode": mode, "batch_size": "5", **SMALL}), count)
        assert lesson.side.training.epoch == 3
        runs[mode] = values(lesson.side)
        assert lesson.side.replayable == (mode != "example")
    np.testing.assert_array_equal(runs["epoch"], runs["batch"])
    assert not np.array_equal(runs["epoch"], runs["example"])


def test_a_diverged_run_stops_and_says_so():
    lesson = NetworkBuilder(
        {"data": "plane", "layers": "none", "optimizer": "sgd", "learning_rate": "10", **SMALL}
    )
    tick(put(lesson, "speed", "60"), 0.5)
    training, header = lesson.side.training, cut(lesson)[0]
    assert training.diverged
    assert header["clock"]["stopped"]
    assert "smaller learning rate" in lesson.notice
    step = training.step_count
    tick(put(lesson, "speed", TURBO), 0.5)
    assert training.step_count == step
    assert not cut(put(do(lesson, {"type": "reset"}), "learning_rate", 0.01))[0]["clock"]["stopped"]
    assert walk(lesson, 3).side.training.epoch == 3


def test_the_settings_of_the_clock_are_in_the_message():
    lesson = walk(NetworkBuilder({"speed": "2", "mode": "batch", **SMALL}), 5)
    clock = cut(do(lesson, {"type": "go_to", "epoch": 1}))[0]["clock"]
    assert (clock["speed"], clock["mode"], clock["turbo"]) == ("2", "batch", "turbo")
    assert (clock["epoch"], clock["step"], clock["first"], clock["last"]) == (1, 2, 0, 2)


def test_what_is_left_of_a_tick_counts_for_the_next():
    pace, moments = Pace(), []
    lesson = NetworkBuilder(TINY)
    for _ in range(9):
        pace.tick(lesson.sides, "epoch", "1", 0.1, lambda: moments.append(1))
    assert (lesson.side.training.epoch, moments) == (0, [])
    for _ in range(2):
        pace.tick(lesson.sides, "epoch", "1", 0.1, lambda: moments.append(1))
    assert (lesson.side.training.epoch, moments) == (1, [1])
