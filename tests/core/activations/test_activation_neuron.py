import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from core.activations.expression import parse
from core.activations.neuron import boundary, neuron, neuron_gradient, neuron_plane
from core.activations.registry import function_of
from core.errors import InputError

X = np.linspace(-3, 3, 13)
WINDOW = ((-3.0, 3.0), (-2.0, 2.5))
weights = st.floats(-5, 5)


def test_one_input_by_hand():
    assert neuron("relu", X, 1.5, -1.0).tolist() == np.maximum(0, 1.5 * X - 1).tolist()
    assert neuron("sigmoid", X, -2.0, 0.5) == pytest.approx(1 / (1 + np.exp(2 * X - 0.5)))
    assert neuron(parse("x^2"), X, 2.0, 1.0) == pytest.approx((2 * X + 1) ** 2)
    assert neuron(function_of("elu", {"alpha": 2}), [-50], 1, 0) == pytest.approx(-2)


def test_it_is_a_linear_layer_with_an_activation():
    layer = torch.nn.Linear(1, 1, dtype=torch.float64)
    y = torch.tanh(layer(torch.tensor(X)[:, None]))[:, 0]
    w, b = layer.weight.item(), layer.bias.item()
    assert neuron("tanh", X, w, b) == pytest.approx(y.detach().numpy())


@pytest.mark.parametrize("name", ["tanh", "relu", "gelu", "softplus"])
def test_gradients_against_autograd(name):
    w, b = (torch.tensor(v, dtype=torch.float64, requires_grad=True) for v in (1.5, -0.7))
    x = torch.tensor(X, requires_grad=True)
    by_w, by_b, by_x = neuron_gradient(name, X, 1.5, -0.7)
    y = function_of(name)(w * x + b)
    for at in range(len(X)):
        found = torch.autograd.grad(y[at], (w, b, x), retain_graph=True)
        wanted = (by_w[at], by_b[at], by_x[at])
        assert [found[0].item(), found[1].item(), found[2][at].item()] == pytest.approx(wanted)


def test_two_inputs_by_hand_with_rows_and_columns():
    plane = neuron_plane("sigmoid", [0.0, 1.0, 2.0], [0.0, 10.0], (1.0, -0.5), 0.25)
    assert plane.shape == (2, 3)
    z = np.array([[0.25, 1.25, 2.25], [-4.75, -3.75, -2.75]])
    assert plane == pytest.approx(1 / (1 + np.exp(-z)))


@given(weights, weights, weights)
def test_the_boundary_lies_where_the_sum_is_zero_on_the_edge_of_the_window(w1, w2, b):
    line = boundary((w1, w2), b, *WINDOW)
    if line is None:
        corners = [w1 * x + w2 * y + b for x in WINDOW[0] for y in WINDOW[1]]
        # All corners lie on one side; one may touch the line.
        assert min(corners) >= -1e-9 or max(corners) <= 1e-9
        return
    for x, y in line:
        assert abs(w1 * x + w2 * y + b) <= 1e-9 * (1 + abs(w1) + abs(w2))
        gaps = [abs(x - edge) for edge in WINDOW[0]] + [abs(y - edge) for edge in WINDOW[1]]
        assert min(gaps) < 1e-9
        assert -3 - 1e-9 <= x <= 3 + 1e-9
        assert -2 - 1e-9 <= y <= 2.5 + 1e-9


def test_boundaries_that_are_known():
    assert boundary((1, 0), -2, *WINDOW) == ((2, -2), (2, 2.5))
    assert boundary((0, 2), 1, *WINDOW) == ((3, -0.5), (-3, -0.5))
    assert boundary((1, 0), -4, *WINDOW) is None
    assert boundary((0, 0), 1, *WINDOW) is None
    assert boundary((1e-200, 0), -1e200, *WINDOW) is None


def test_refusals():
    with pytest.raises(InputError, match="no activation function"):
        neuron("none", X, 1, 0)
    with pytest.raises(InputError, match="two weights"):
        neuron_plane("relu", X, X, (1, 2, 3), 0)
    with pytest.raises(InputError, match="two weights"):
        boundary((1,), 0, *WINDOW)
