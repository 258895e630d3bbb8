import json

import numpy as np
import pytest
from gestures import course, do

from core.regression.datasets import DATASETS
from core.regression.losses import LOSSES
from core.regression.optimum import largest_stable_rate
from explorer.components.packing import finite
from explorer.linear_regression.lesson import LinearRegression
from explorer.linear_regression.stage import stage_message

GRID = 64 * 64
TEN = {"type": "step", "count": 10}


@pytest.mark.parametrize("steps", [0, 1, 7, 100])
def test_surface_then_path_then_losses(steps):
    lesson = do(course(), {"type": "step", "count": steps})
    header, values = stage_message(lesson, None)
    count = steps + 1
    assert (header["total"], header["shown"], header["size"]) == (steps, steps, [64, 64])
    assert values.dtype == np.float32
    assert values.shape == (GRID + 3 * count,)
    path = values[GRID : GRID + 2 * count].reshape(-1, 2)
    assert path == pytest.approx(np.array([(s.m, s.b) for s in lesson.descent.steps]), rel=1e-6)
    wanted = [step.loss for step in lesson.descent.steps]
    assert values[-count:] == pytest.approx(np.array(wanted), rel=1e-6)


def test_after_a_rewind_the_later_steps_are_sent_too():
    lesson = do(course(), TEN, {"type": "rewind", "index": 3})
    header, values = stage_message(lesson, None)
    assert (header["shown"], header["total"]) == (3, 10)
    assert len(values) == GRID + 33


@pytest.mark.parametrize("data", DATASETS)
@pytest.mark.parametrize("loss", LOSSES)
def test_the_lowest_place_of_the_surface_is_the_best_line(data, loss):
    lesson = LinearRegression({"data": data, "loss": loss})
    header, values = stage_message(lesson, "t")
    grid = values[:GRID].reshape(64, 64)
    row, column = np.unravel_index(int(grid.argmin()), grid.shape)
    best = header["best"]
    assert grid.min() >= np.float32(best["loss"]) * (1 - 1e-6)
    # The valley is narrow: the lowest sample may lie along it, but hardly higher.
    (m_low, m_high), (b_low, b_high) = header["gridView"]["m"], header["gridView"]["b"]
    assert abs(m_low + column * (m_high - m_low) / 63 - best["m"]) < 0.1 * (m_high - m_low)
    assert abs(b_low + row * (b_high - b_low) / 63 - best["b"]) < 0.1 * (b_high - b_low)
    assert grid.min() - best["loss"] < 0.02 * (grid.max() - best["loss"])


def test_what_the_header_says_of_the_course():
    header, _ = stage_message(course(), "abc:1")
    assert header["ack"] == "abc:1"
    assert header["equation"] == "*ŷ* = −1.00 *x* + 5.00"
    assert header["reading"] == "MSE **2.500** at (−1.00, 5.00)"
    assert header["next"] == pytest.approx([-0.7, 5.1])
    assert header["nextLoss"] == pytest.approx((1.4**2 + 1.3**2) / 2)
    assert header["points"] == [(1.0, 3.0), (2.0, 5.0)]
    assert header["best"] == pytest.approx({"m": 2, "b": 1, "loss": 0}, abs=1e-12)
    stable = largest_stable_rate(course().points, "mse")
    assert header["stable"] == stable
    assert f"{stable:.2f}"[:4] in header["stableText"]


def test_a_negative_intercept_is_subtracted():
    header, _ = stage_message(course(start="0.5,-1.25"), None)
    assert header["equation"] == "*ŷ* = 0.50 *x* − 1.25"


def test_mae_has_no_stable_rate_and_says_so():
    header, _ = stage_message(course(loss="mae"), None)
    assert header["stable"] is None
    assert "no stable rate" in header["stableText"]
    assert (header["power"], stage_message(course(), None)[0]["power"]) == (1, 2)


@pytest.mark.parametrize("batch", ["mini", "one"])
def test_the_next_step_is_that_of_the_coming_batch(batch):
    lesson = LinearRegression({"batch": batch, "path": "0.1x3", "rate": "0.1"})
    wanted, loss = (
        stage_message(lesson, None)[0]["next"],
        stage_message(lesson, None)[0]["nextLoss"],
    )
    do(lesson, {"type": "tick"})
    now = lesson.descent.current
    assert (now.m, now.b, now.loss) == pytest.approx((*wanted, loss), rel=1e-12)


@pytest.mark.parametrize("batch", ["full", "mini", "one"])
def test_a_diverged_lesson_is_still_json(batch):
    lesson = do(LinearRegression({"batch": batch, "rate": "4"}), *[TEN] * 10)
    header, values = stage_message(lesson, None)
    assert header["diverged"]
    assert header["next"] is None
    assert "NaN" not in json.dumps(finite(header), allow_nan=False)
    assert np.isfinite(values[:GRID]).all()
    assert not np.isinf(values).any()


def test_the_end_of_the_path_is_told():
    lesson = course(path="0.001x2000", rate="0.001")
    assert stage_message(lesson, None)[0]["full"]
    assert not stage_message(do(lesson, {"type": "rewind", "index": 3}), None)[0]["full"]
