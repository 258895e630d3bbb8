import math

import numpy as np
import pytest
import torch
from scipy.special import erf
from torch import nn

from core.activations.rectifiers import SELU_ALPHA, SELU_SCALE
from core.activations.registry import ACTIVATIONS, derivative, function_of, module, value
from core.errors import InputError

KEYS = (
    "step identity sigmoid tanh relu leaky_relu prelu elu selu gelu silu mish softplus "
    "softsign hardtanh hardswish"
)
X = np.concatenate([np.linspace(-30, 30, 602), np.linspace(-4, 4, 402)])  # without 0 and kinks


def sigmoid(x):
    return np.where(
        x >= 0, 1 / (1 + np.exp(-np.abs(x))), np.exp(-np.abs(x)) / (1 + np.exp(-abs(x)))
    )


def log1pexp(x):
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


def phi(x):
    return (1 + erf(x / math.sqrt(2))) / 2


def mish_slope(x):
    t = np.tanh(log1pexp(x))
    return t + x * sigmoid(x) * (1 - t * t)


def negative_exp(x):
    return np.exp(np.minimum(x, 0))


# By hand, in NumPy: f and f′ with the parameters as arguments.
BY_HAND = {
    "step": (lambda x: np.where(x < 0, 0.0, 1.0), lambda x: 0 * x),
    "identity": (lambda x: x, lambda x: 0 * x + 1),
    "sigmoid": (sigmoid, lambda x: sigmoid(x) * sigmoid(-x)),
    "tanh": (
        lambda x: (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x)),
        lambda x: 4 / (np.exp(x) + np.exp(-x)) ** 2,
    ),
    "relu": (lambda x: np.where(x > 0, x, 0), lambda x: np.where(x > 0, 1.0, 0.0)),
    "leaky_relu": (
        lambda x, alpha: np.where(x > 0, x, alpha * x),
        lambda x, alpha: np.where(x > 0, 1.0, alpha),
    ),
    "elu": (
        lambda x, alpha: np.where(x > 0, x, alpha * (negative_exp(x) - 1)),
        lambda x, alpha: np.where(x > 0, 1.0, alpha * negative_exp(x)),
    ),
    "selu": (
        lambda x: (
            1.0507009873554805 * np.where(x > 0, x, 1.6732632423543772 * (negative_exp(x) - 1))
        ),
        lambda x: 1.0507009873554805 * np.where(x > 0, 1, 1.6732632423543772 * negative_exp(x)),
    ),
    "gelu": (
        lambda x: x * phi(x),
        lambda x: phi(x) + x * np.exp(-x * x / 2) / math.sqrt(2 * math.pi),
    ),
    "silu": (
        lambda x: x * sigmoid(x),
        lambda x: sigmoid(x) * (1 + x * (1 - sigmoid(x))),
    ),
    "mish": (lambda x: x * np.tanh(log1pexp(x)), mish_slope),
    "softplus": (lambda x, beta: log1pexp(beta * x) / beta, lambda x, beta: sigmoid(beta * x)),
    "softsign": (lambda x: x / (1 + np.abs(x)), lambda x: 1 / (1 + np.abs(x)) ** 2),
    "hardtanh": (
        lambda x, alpha, beta: np.clip(x, alpha, beta),
        lambda x, alpha, beta: ((alpha < x) & (x < beta)).astype(float),
    ),
    "hardswish": (
        lambda x: x * np.clip(x + 3, 0, 6) / 6,
        lambda x: np.where(x <= -3, 0, np.where(x >= 3, 1, (2 * x + 3) / 6)),
    ),
}
BY_HAND["prelu"] = BY_HAND["leaky_relu"]
PARAMETERS = {
    "leaky_relu": [{}, {"alpha": 0.0}, {"alpha": 0.3}],
    "prelu": [{}, {"alpha": -0.5}, {"alpha": 0.1}],
    "elu": [{}, {"alpha": 0.0}, {"alpha": 2.5}],
    "softplus": [{}, {"beta": 0.1}, {"beta": 10.0}],
    "hardtanh": [{}, {"alpha": -2.05}, {"alpha": -0.11, "beta": 2.5}],
}
CASES = [(name, given) for name in KEYS.split() for given in PARAMETERS.get(name, [{}])]
LOW_HIGH = {  # the range for the usual parameters, computed to more digits where it is rounded
    "step": (0, 1),
    "sigmoid": (0, 1),
    "tanh": (-1, 1),
    "relu": (0, math.inf),
    "elu": (-1, math.inf),
    "selu": (-1.7580993408473766, math.inf),
    "gelu": (-0.16997120747990369, math.inf),
    "silu": (-0.27846454276107379, math.inf),
    "mish": (-0.30884341301725000, math.inf),
    "softplus": (0, math.inf),
    "softsign": (-1, 1),
    "hardtanh": (-1, 1),
    "hardswish": (-0.375, math.inf),
}
cases = pytest.mark.parametrize(("name", "given"), CASES, ids=str)
names = pytest.mark.parametrize("name", KEYS.split())


def complete(name, given):
    return {one.name: one.default for one in ACTIVATIONS[name].parameters} | given


def made(source):
    return eval(source, {"torch": torch, "nn": nn, "__builtins__": {}})


def test_all_of_them_are_there():
    assert list(ACTIVATIONS) == KEYS.split()
    assert set(BY_HAND) == set(ACTIVATIONS)


@cases
def test_values_and_slopes_by_hand(name, given):
    f, slope = BY_HAND[name]
    # F.softplus goes over to x where the difference is below 2.1e-9 / β.
    near = {"rtol": 1e-8, "atol": 3e-8} if name == "softplus" else {"rtol": 1e-9, "atol": 1e-12}
    np.testing.assert_allclose(value(name, X, given), f(X, **complete(name, given)), **near)
    wanted = slope(X, **complete(name, given))
    np.testing.assert_allclose(derivative(name, X, given), wanted, **near)


@cases
def test_gradcheck(name, given):
    x = torch.linspace(-4.03, 4.04, 40, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(function_of(name, given), x)


@names
def test_the_range_is_kept_and_reached(name):
    y = value(name, np.linspace(-30, 30, 60001))
    assert y.dtype == np.float64
    low, high = LOW_HIGH.get(name, (-math.inf, math.inf))
    assert low - 1e-15 <= y.min()
    assert y.max() <= high + 1e-15
    if math.isfinite(low):
        assert y.min() == pytest.approx(low, abs=0.04)
    if math.isfinite(high):
        assert y.max() == pytest.approx(high, abs=0.04)


@pytest.mark.parametrize(("name", "written"), [("gelu", 0.170), ("silu", 0.278), ("mish", 0.309)])
def test_the_written_range_is_the_rounded_one(name, written):
    assert f"−{written:.3f}" in ACTIVATIONS[name].range
    assert -LOW_HIGH[name][0] == pytest.approx(written, abs=5e-4)


@cases
def test_its_line_of_pytorch_is_the_same_function(name, given):
    layer = made(ACTIVATIONS[name].source_code(given))
    x = torch.tensor(X)
    if isinstance(layer, nn.Module):
        layer = layer.double()
        with torch.no_grad():
            for weight in layer.parameters():  # PReLU keeps its α in float32
                weight.fill_(given.get("alpha", 0.25))
    else:
        assert name == "step"
    assert layer(x).tolist() == value(name, X, given).tolist()


@cases
def test_the_module_is_the_same_function_with_the_same_gradient(name, given):
    layer = module(name, given)
    assert isinstance(layer, nn.Module)
    x = torch.tensor(X, dtype=torch.float32, requires_grad=True)
    y = layer(x)
    y.sum().backward()
    np.testing.assert_allclose(y.detach(), value(name, X, given), rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(x.grad, derivative(name, X, given), rtol=1e-4, atol=1e-5)


def test_prelu_learns_its_slope():
    layer = module("prelu", {"alpha": 0.5})
    layer(torch.tensor([-2.0, 3.0])).sum().backward()
    (alpha,) = layer.parameters()
    assert (alpha.item(), alpha.grad.item()) == (0.5, -2.0)


def test_a_network_with_steps_runs_forwards_and_gets_no_gradient():
    network = nn.Sequential(nn.Linear(2, 3), module("step"), nn.Linear(3, 1))
    y = network(torch.ones(4, 2))
    y.sum().backward()
    assert not network[0].weight.grad.any()
    assert network[2].bias.grad.item() == 4


def test_kinks_and_jumps_are_as_pytorch_has_them():
    zero = np.zeros(1)
    assert value("step", zero) == 1
    assert derivative("step", zero) == 0
    assert derivative("relu", zero) == 0
    assert derivative("leaky_relu", zero) == 0.01
    assert derivative("hardtanh", np.array([-1.0, 1.0])).tolist() == [0, 0]
    assert "0 everywhere" in ACTIVATIONS["step"].derivative_formula


def test_published_numbers():
    # Klambauer et al. 2017 print λ ≈ 1.0507 and α ≈ 1.6733; their code has all digits.
    assert pytest.approx(1.0507, abs=5e-5) == SELU_SCALE
    assert pytest.approx(1.6733, abs=5e-5) == SELU_ALPHA
    assert value("selu", np.ones(1)) == pytest.approx(SELU_SCALE, rel=1e-15)
    assert value("selu", np.array([-30.0])) == pytest.approx(-SELU_SCALE * SELU_ALPHA)
    # GELU with the distribution function of the normal distribution: Φ(1) = 0.8413447…
    assert value("gelu", np.ones(1)) == pytest.approx(0.8413447460685429, rel=1e-14)
    # Self-normalising: N(0, 1) in, mean 0 and variance 1 out.
    x = torch.randn(200_000, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    y = value("selu", x.numpy())
    assert y.mean() == pytest.approx(0, abs=0.01)
    assert y.var() == pytest.approx(1, abs=0.01)


def test_the_mistake_of_the_course():
    assert not hasattr(torch.nn, "sigmoid")
    assert ACTIVATIONS["sigmoid"].torch_source == "nn.Sigmoid()"


def test_any_shape_and_far_away():
    assert value("gelu", np.zeros((2, 3))).shape == (2, 3)
    assert derivative("gelu", np.zeros((2, 3))).shape == (2, 3)
    assert value("relu", np.float64(2.0)).shape == ()
    for name in ACTIVATIONS:
        assert value(name, np.array([])).shape == (0,)
        assert np.isfinite(value(name, np.array([-1e6, 1e6]))).all()
        assert np.isfinite(derivative(name, np.array([-1e6, 1e6]))).all()


@names
def test_the_argument_is_left_alone(name):
    x = np.linspace(-1, 1, 5)
    x.setflags(write=False)
    value(name, x)
    derivative(name, x)
    assert x.tolist() == [-1, -0.5, 0, 0.5, 1]


@names
def test_every_text_is_there(name):
    one = ACTIVATIONS[name]
    assert one.name == name
    assert all((one.label, one.formula, one.derivative_formula, one.range, one.use))
    assert one.source[-4:].isdigit()
    assert one.link.startswith("https://")
    assert one.use.endswith(".")
    for p in one.parameters:
        assert p.minimum <= p.default <= p.maximum
        assert "{" + p.name + "}" in one.torch_source
        assert p.symbol in one.formula


def test_refusals():
    with pytest.raises(InputError, match="no activation function 'swish'"):
        value("swish", X)
    with pytest.raises(InputError, match="no activation function"):
        module("Sigmoid")
    with pytest.raises(InputError, match="ReLU has no parameter 'alpha'"):
        derivative("relu", X, {"alpha": 1})
    for wrong in (-0.1, 1.5, math.nan, math.inf):
        with pytest.raises(InputError, match="Choose α of Leaky ReLU from 0 to 1"):
            value("leaky_relu", X, {"alpha": wrong})
    with pytest.raises(InputError, match=r"from −3 to −0\.1"):
        module("hardtanh", {"alpha": 0.5})
