import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.regression.losses import LOSSES
from core.regression.optimum import best_line
from core.regression.points import Points
from core.regression.surface import loss_surface


@pytest.mark.parametrize("name", LOSSES)
@given(
    pairs=st.lists(st.tuples(st.floats(-9, 9), st.floats(-9, 9)), min_size=2, max_size=12),
    m=st.lists(st.floats(-8, 8), min_size=1, max_size=4),
    b=st.lists(st.floats(-8, 8), min_size=1, max_size=3),
)
def test_every_place_is_the_loss_of_its_line(name, pairs, m, b):
    points = Points.from_pairs(pairs)
    surface = loss_surface(points, name, np.array(m), np.array(b))
    assert surface.shape == (len(b), len(m))
    assert surface.dtype == np.float64
    expected = [[LOSSES[name].mean(points, slope, height) for slope in m] for height in b]
    assert surface == pytest.approx(np.array(expected), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("name", LOSSES)
def test_large_numbers_do_not_cancel(name):
    x = 1e6 - np.arange(5.0)
    points = Points(x, 0.9 * x + np.array([0.3, -0.1, 0.2, 0.0, -0.4]))
    best = best_line(points, name)
    surface = loss_surface(points, name, np.array([best.m]), np.array([best.b]))
    assert surface[0, 0] == pytest.approx(best.loss, rel=1e-6)


@pytest.mark.parametrize("name", LOSSES)
def test_the_most_points_there_may_be(name):
    generator = np.random.default_rng(0)
    points = Points(generator.normal(size=500), generator.normal(size=500))
    m, b = np.linspace(-3, 3, 64), np.linspace(-2, 2, 48)
    surface = loss_surface(points, name, m, b)
    assert surface.shape == (48, 64)
    for row, column in ((0, 0), (47, 63), (5, 50)):
        expected = LOSSES[name].mean(points, m[column], b[row])
        assert surface[row, column] == pytest.approx(expected, rel=1e-12)
    assert surface.min() >= best_line(points, name).loss
