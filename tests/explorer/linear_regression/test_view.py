import math

import numpy as np
import pytest
from gestures import GOOD, course, do, sent
from hypothesis import given, settings
from hypothesis import strategies as st

from core.regression.datasets import DATASETS
from core.regression.losses import LOSSES
from core.regression.optimum import best_line
from core.regression.points import Points
from explorer.linear_regression.lesson import LinearRegression
from explorer.linear_regression.view import COLUMNS, ROWS, fitted


def inside(value, span):
    return span[0] < value < span[1]


@pytest.mark.parametrize("data", DATASETS)
@pytest.mark.parametrize("loss", LOSSES)
def test_points_minimum_and_start_are_in_the_picture(data, loss):
    lesson = LinearRegression({"data": data, "loss": loss})
    view = lesson.view
    for x, y in lesson.points.pairs():
        assert inside(x, view.x)
        assert inside(y, view.y)
    for m, b in [(lesson.best.m, lesson.best.b), lesson.settings.start]:
        assert inside(m, view.m)
        assert inside(b, view.b)
    assert sum(view.m) / 2 == pytest.approx(lesson.best.m)
    assert sum(view.b) / 2 == pytest.approx(lesson.best.b)


@pytest.mark.parametrize("data", DATASETS)
@pytest.mark.parametrize("loss", LOSSES)
def test_several_contours_lie_between_the_minimum_and_the_edge(data, loss):
    lesson = LinearRegression({"data": data, "loss": loss})
    view, grid = lesson.view, lesson.view.grid(lesson.points, loss)
    assert grid.shape == (ROWS, COLUMNS)
    levels = [view.base * view.ratio**k for k in range(40) if view.base * view.ratio**k < 1e12]
    assert 4 <= sum(level < grid.max() for level in levels) <= 22
    assert view.ratio in (2.0, math.sqrt(2.0))
    assert view.base >= lesson.best.loss
    steps = math.log(view.base) / math.log(view.ratio)
    assert steps == pytest.approx(round(steps), abs=1e-6)  # Levels are powers of the ratio.


def test_the_grid_is_the_loss_of_every_line():
    lesson = course()
    grid = lesson.view.grid(lesson.points, "huber")
    m, b = np.linspace(*lesson.view.m, COLUMNS), np.linspace(*lesson.view.b, ROWS)
    for row, column in [(0, 0), (5, 60), (63, 63), (31, 2)]:
        wanted = LOSSES["huber"].mean(lesson.points, m[column], b[row])
        assert grid[row, column] == pytest.approx(wanted, rel=1e-12)


@given(st.lists(GOOD, max_size=10))
@settings(deadline=None, max_examples=80)
def test_the_view_follows_from_the_state_alone(events):
    lesson = course()
    for event in events:
        do(lesson, sent(event, lesson))
    lesson.rest()
    args = (lesson.settings.loss, best_line(lesson.points, lesson.settings.loss), lesson.descent)
    assert fitted(Points.from_pairs(lesson.points.pairs()), *args) == lesson.view
    for low, high in (lesson.view.x, lesson.view.y, lesson.view.m, lesson.view.b):
        assert math.isfinite(low)
        assert math.isfinite(high)
        assert low < high
    assert lesson.view.base > 0


@pytest.mark.parametrize("batch", ["full", "mini", "one"])
def test_a_path_that_ran_away_does_not_blow_up_the_picture(batch):
    calm = LinearRegression({"path": "", "batch": batch})
    wild = LinearRegression({"path": "4x100", "batch": batch})
    assert wild.descent.diverged
    width = calm.view.m[1] - calm.view.m[0]
    assert wild.view.m[1] - wild.view.m[0] < 4 * width


@pytest.mark.parametrize(
    "pairs",
    [
        [(0, 0), (0, 0)],
        [(2, 1), (2, 5), (2, -3)],
        [(-1e6, 1e6), (1e6, -1e6)],
        [(1e-9, 0), (2e-9, 0)],
        [(1, 7), (2, 7), (3, 7)],
        [(1e6, 1), (1e6 - 1e-4, 2)],
    ],
)
@pytest.mark.parametrize("loss", LOSSES)
def test_odd_points_have_a_picture_too(pairs, loss):
    lesson = LinearRegression({"loss": loss})
    lesson.use_points(Points.from_pairs(pairs))
    view = lesson.view
    for x, y in lesson.points.pairs():
        assert inside(x, view.x)
        assert inside(y, view.y)
    assert inside(lesson.best.m, view.m)
    assert inside(lesson.best.b, view.b)
    assert np.isfinite(view.grid(lesson.points, loss)).all()
