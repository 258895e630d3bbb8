import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InputError
from core.regression.gradient import gradient
from core.regression.losses import LOSSES
from core.regression.points import Points

COURSE = Points.from_pairs([(1, 3), (2, 5)])
weights = st.floats(-100, 100)


def closed_form(points, name, m, b, indices):
    x, y = points.x[list(indices)], points.y[list(indices)]
    slope = LOSSES[name].slope(m * x + b - y)
    return (slope * x).mean(), slope.mean()


def test_the_numbers_of_the_course():
    assert gradient(COURSE, "mse", -1, 5) == (-3.0, -1.0)


@given(weights, weights)
def test_the_closed_form_of_the_course(m, b):
    expected = (5 * m + 3 * b - 13, 3 * m + 2 * b - 8)
    assert gradient(COURSE, "mse", m, b) == pytest.approx(expected, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("name", LOSSES)
@given(m=weights, b=weights, batch=st.lists(st.integers(0, 9), min_size=1, max_size=10))
def test_every_loss_over_every_batch(name, m, b, batch):
    generator = np.random.default_rng(1)
    points = Points(generator.normal(size=10), generator.normal(size=10) * 4)
    expected = closed_form(points, name, m, b, batch)
    assert gradient(points, name, m, b, batch) == pytest.approx(expected, rel=1e-9, abs=1e-9)
    everything = closed_form(points, name, m, b, range(10))
    assert gradient(points, name, m, b) == pytest.approx(everything, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("name", LOSSES)
def test_against_finite_differences(name):
    generator = np.random.default_rng(2)
    points = Points(generator.normal(size=9), generator.normal(size=9) * 4)
    mean, step = LOSSES[name].mean, 1e-6
    dm = (mean(points, 0.4 + step, 0.2) - mean(points, 0.4 - step, 0.2)) / (2 * step)
    db = (mean(points, 0.4, 0.2 + step) - mean(points, 0.4, 0.2 - step)) / (2 * step)
    assert gradient(points, name, 0.4, 0.2) == pytest.approx((dm, db), abs=1e-6)


def test_an_empty_batch():
    with pytest.raises(InputError, match="at least one point"):
        gradient(COURSE, "mse", 0, 0, ())
