import math

import numpy as np
import pytest
import torch

from core.activations.depth import (
    EXAMPLES,
    INITS,
    depth_profile,
    derivative_product,
    start_weights,
)
from core.activations.expression import parse
from core.activations.registry import function_of
from core.errors import InputError


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def profile(activation, depth=30, width=64, init="xavier", gain=1.0, seed=0):
    return depth_profile(activation, depth, width, init, gain, seeded(seed))


def redrawn(depth, width, init, gain, seed=0):
    """What `depth_profile` draws: weights, inputs, and the direction of the loss."""
    generator = seeded(seed)
    weights = start_weights(depth, width, init, gain, generator)
    inputs = torch.randn(EXAMPLES, width, generator=generator, dtype=torch.float64)
    direction = torch.randn(width, generator=generator, dtype=torch.float64)
    return weights, inputs, direction / direction.norm()


@pytest.mark.parametrize(
    ("init", "variance"), [("xavier", 1), ("lecun", 1), ("normal", 1), ("he", 2)]
)
def test_the_variance_of_the_start(init, variance):
    (weights,) = start_weights(1, 256, init, 1.5, seeded())
    assert weights.var().item() * 256 == pytest.approx(1.5**2 * variance, rel=0.02)
    assert weights.mean().item() == pytest.approx(0, abs=0.002)
    if init == "xavier":
        assert weights.abs().max() <= 1.5 * math.sqrt(6 / 512)
    assert set(INITS) == {"xavier", "lecun", "normal", "he"}


@pytest.mark.parametrize("gain", [0.5, 1.0, 2.0])
def test_a_linear_network_against_the_product_of_its_matrices(gain):
    found = profile("identity", depth=6, width=16, gain=gain)
    weights, inputs, back = redrawn(6, 16, "xavier", gain)
    signal = inputs.T
    gradients = [back]
    for matrix in reversed(weights[1:]):
        gradients.insert(0, matrix.T @ gradients[0])
    for layer, matrix in enumerate(weights):
        signal = matrix @ signal
        assert found.mean_abs[layer] == pytest.approx(signal.abs().mean().item())
        assert found.std[layer] == pytest.approx(signal.numpy().std())
        assert found.gradient_norm[layer] == pytest.approx(gradients[layer].norm().item())
    assert found.slope_product == (1,) * 6
    assert found.dead == (0,) * 6


@pytest.mark.parametrize("activation", ["tanh", "relu", "gelu", parse("sin(x) + 0.1*x")])
def test_gradients_against_the_chain_rule_by_hand(activation):
    found = profile(activation, depth=5, width=12, init="he")
    weights, a, back = redrawn(5, 12, "he", 1.0)
    f = function_of(activation)
    slopes = []
    for matrix in weights:
        z = (a @ matrix.T).requires_grad_()
        (slope,) = torch.autograd.grad(f(z).sum(), z)
        slopes.append(slope)
        a = f(z).detach()
    gradient = back.expand(EXAMPLES, 12)
    for layer in range(4, -1, -1):
        wanted = gradient.square().sum(dim=1).mean().sqrt().item()
        assert found.gradient_norm[layer] == pytest.approx(wanted)
        assert found.mean_slope[layer] == pytest.approx(slopes[layer].abs().mean().item())
        gradient = (gradient * slopes[layer]) @ weights[layer]
    assert found.slope_product == pytest.approx(np.cumprod(found.mean_slope))


def test_sigmoid_with_small_weights_vanishes():
    found = profile("sigmoid", gain=0.5)
    assert found.gradient_norm[-1] == pytest.approx(1)
    assert found.gradient_norm[0] < 1e-15
    # f′ is at most ¼ and the weights halve: an eighth a layer.
    rates = np.array(found.gradient_norm[:-1]) / found.gradient_norm[1:]
    assert rates.max() < 0.25
    assert found.slope_product[-1] <= 0.25**30


def test_large_weights_explode_and_he_keeps_relu_alive():
    assert profile("tanh", gain=3).gradient_norm[0] > 1e2
    assert profile("identity", gain=3).gradient_norm[0] > 1e9
    lengths = [profile("relu", init="he", seed=seed).gradient_norm[0] for seed in range(8)]
    assert 0.1 < np.exp(np.mean(np.log(lengths))) < 10
    assert profile("relu", init="lecun").gradient_norm[0] < 1e-3
    sizes = [profile("relu", init="he", seed=seed).mean_abs[-1] for seed in range(8)]
    assert 0.05 < np.exp(np.mean(np.log(sizes))) < 5


def test_selu_normalises_itself_with_lecun():
    found = profile("selu", width=128, init="lecun")
    assert found.std[-1] == pytest.approx(1, abs=0.3)


def test_the_share_of_dead_units():
    assert profile("relu", init="he").dead[-1] > 0.05
    assert profile("leaky_relu", init="he").dead == (0,) * 30
    assert set(profile(parse("0*x"), depth=3).dead) == {1.0}
    shallow = profile("relu", depth=1)
    weights, inputs, _ = redrawn(1, 64, "xavier", 1.0)
    wanted = (torch.relu(inputs @ weights[0].T) == 0).all(dim=0).double().mean().item()
    assert shallow.dead == (wanted,)


@pytest.mark.parametrize("activation", ["step", parse("3"), parse("where(x > 0, 1, 0)")])
def test_without_slopes_no_gradient_arrives(activation):
    found = profile(activation, depth=4)
    assert found.gradient_norm == pytest.approx((0, 0, 0, 1))
    assert found.mean_slope == (0,) * 4


def test_a_plain_function_that_is_constant():
    assert profile(torch.ones_like, depth=3).gradient_norm == pytest.approx((0, 0, 1))


def test_the_same_seed_gives_the_same_numbers():
    assert profile("gelu") == profile("gelu")
    assert profile("gelu") != profile("gelu", seed=1)


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu", parse("x + sin(x)")])
def test_the_scalar_chain_against_autograd(activation):
    weights = [1.5, -0.5, 2.0, 0.3, -4.0]
    found = derivative_product(activation, 0.7, weights)
    x0 = torch.tensor(0.7, dtype=torch.float64, requires_grad=True)
    x, f = x0, function_of(activation)
    for at, w in enumerate(weights):
        x = f(w * x)
        (wanted,) = torch.autograd.grad(x, x0, retain_graph=True)
        assert found[at] == pytest.approx(wanted.item(), rel=1e-12)
    assert derivative_product(activation, 0.7, []) == []


def test_a_quarter_to_the_power_of_the_depth():
    found = derivative_product("sigmoid", 0.0, [1.0] * 20)
    assert found[0] == 0.25
    assert found[-1] < 0.25**20
    assert derivative_product("relu", 1.0, [2.0] * 10)[-1] == 2**10


def test_refusals():
    for change, says in (
        ({"depth": 0}, "1 to 50 layers"),
        ({"depth": 51}, "1 to 50 layers"),
        ({"width": 0}, "1 to 256 units"),
        ({"init": "best"}, "no start 'best'"),
        ({"gain": 0}, "gain above 0"),
        ({"gain": math.nan}, "gain above 0"),
    ):
        with pytest.raises(InputError, match=says):
            profile("relu", **change)
    with pytest.raises(InputError, match="no activation"):
        profile("none")
