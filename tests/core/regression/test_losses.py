import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InputError
from core.regression.losses import LOSSES, loss_named
from core.regression.points import Points

COURSE = Points.from_pairs([(1, 3), (2, 5)])
residuals = st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=20)


def test_names():
    assert [(key, loss.name, loss.label) for key, loss in LOSSES.items()] == [
        ("mse", "mse", "MSE"),
        ("mae", "mae", "MAE"),
        ("huber", "huber", "Huber"),
    ]


def test_the_numbers_of_the_course():
    assert LOSSES["mse"].mean(COURSE, -1, 5) == 2.5
    assert LOSSES["mse"].mean(COURSE, -1, 5) ** 0.5 == pytest.approx(1.5811, abs=5e-5)
    assert LOSSES["mae"].mean(COURSE, -1, 5) == 1.5  # misses 1 and −2
    assert LOSSES["huber"].mean(COURSE, -1, 5) == 1.0  # (0.5 + 1.5) / 2
    assert LOSSES["mse"].mean(COURSE, 2, 1) == 0.0


@pytest.mark.parametrize("name", LOSSES)
@given(values=residuals)
def test_numpy_and_torch_agree(name, values):
    loss, residual = LOSSES[name], np.array(values)
    y = torch.zeros(len(values), dtype=torch.float64)
    prediction = torch.tensor(values, dtype=torch.float64, requires_grad=True)
    value = loss.value(prediction, y)
    value.backward()
    by_name = getattr(F, loss.torch_name)(prediction, y)
    assert value.item() == by_name.item()
    assert loss.per_point(residual).mean() == pytest.approx(value.item(), rel=1e-12, abs=1e-300)
    expected = prediction.grad.numpy() * len(values)
    assert loss.slope(residual) == pytest.approx(expected, rel=1e-12, abs=1e-300)


@pytest.mark.parametrize("name", LOSSES)
@given(value=st.floats(-5, 5).filter(lambda r: min(abs(r), abs(abs(r) - 1)) > 1e-3))
def test_the_slope_is_the_derivative(name, value):
    cost, step = LOSSES[name].per_point, 1e-6
    ahead, behind = cost(np.array([value + step, value - step]))
    slope = LOSSES[name].slope(np.array([value]))[0]
    assert (ahead - behind) / (2 * step) == pytest.approx(slope, abs=1e-6)


@pytest.mark.parametrize("name", LOSSES)
def test_gradcheck(name):
    y = torch.tensor([0.3, -2.0, 4.0], dtype=torch.float64)
    prediction = torch.tensor([1.0, -2.4, 0.5], dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(LOSSES[name].value, (prediction, y))


@pytest.mark.parametrize("name", LOSSES)
def test_the_mean_is_the_mean_of_the_points(name):
    generator = np.random.default_rng(0)
    points = Points(generator.normal(size=30), generator.normal(size=30) * 3)
    each = LOSSES[name].per_point(0.7 * points.x - 0.2 - points.y)
    assert LOSSES[name].mean(points, 0.7, -0.2) == pytest.approx(each.mean(), rel=1e-14)


def test_unknown():
    assert loss_named("mse") is LOSSES["mse"]
    with pytest.raises(InputError, match="no loss called “rmse”"):
        loss_named("rmse")
