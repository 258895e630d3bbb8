import numpy as np
import pytest

from core.errors import InputError
from core.regression.datasets import DATASETS
from core.regression.descent import Descent
from core.regression.losses import LOSSES
from core.regression.points import Points
from core.regression.sweep import descents

COURSE = Points.from_pairs([(1, 3), (2, 5)])
START = (-1.0, 5.0)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("data", DATASETS)
def test_each_column_is_a_descent_of_its_own(data, loss):
    points = DATASETS[data].make(9, 0.9, np.random.default_rng(7))
    rates = [0.001, 0.02, 0.05, 0.14]
    table = descents(points, loss, START, rates, 30)
    assert table.shape == (31, 4)
    for column, rate in enumerate(rates):
        run = Descent(points, loss, START)
        run.advance(30, rate)
        wanted = [step.loss for step in run.steps]
        assert table[:, column] == pytest.approx(wanted, rel=1e-9, abs=1e-12)


def test_the_numbers_of_the_course():
    table = descents(COURSE, "mse", START, [0.1], 1)
    # From (−1, 5) one step of 0.1 leads to (−0.7, 5.1); its residuals are 1.4 and −1.3.
    assert table[:, 0] == pytest.approx([2.5, (1.4**2 + 1.3**2) / 2], rel=1e-12)


def test_a_negative_rate_climbs():
    down, up = descents(COURSE, "mse", START, [0.05, -0.05], 20).T
    assert np.all(np.diff(up) > 0)
    assert down[-1] < down[0] < up[-1]


def test_the_order_of_the_rates_does_not_matter():
    rates = [0.1, -0.02, 0.01]
    table = descents(COURSE, "huber", START, rates, 12)
    assert np.array_equal(table[:, ::-1], descents(COURSE, "huber", START, rates[::-1], 12))


def test_an_explosion_holds_infinity_and_leaves_the_others_alone():
    table = descents(COURSE, "mse", START, [4.0, 0.1], 400)
    assert not np.isnan(table).any()
    first = int(np.argmax(np.isinf(table[:, 0])))
    assert first > 1
    assert np.isinf(table[first:, 0]).all()
    assert table[-1, 1] < 0.1


def test_nothing_happens_without_steps_or_rates():
    assert descents(COURSE, "mse", START, [0.1, 0.2], 0).tolist() == [[2.5, 2.5]]
    assert descents(COURSE, "mse", START, [], 3).shape == (4, 0)


def test_an_unknown_loss_is_refused():
    with pytest.raises(InputError, match="no loss"):
        descents(COURSE, "rmse", START, [0.1], 3)
