from itertools import islice

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from core.activations.chain import (
    TARGETS,
    Chain,
    chain_parts,
    chain_value,
    collapse,
    fit,
    stack_value,
    start,
)
from core.activations.expression import parse
from core.activations.registry import function_of
from core.errors import InputError

X = np.linspace(-3, 3, 61)
layers = st.lists(st.tuples(st.floats(-3, 3), st.floats(-3, 3)), max_size=8)


def seeded(seed=3):
    return torch.Generator().manual_seed(seed)


def taken(count, chain=None, activation="tanh", target="sine", rate=0.03):
    chain = chain or start(6, seeded())
    return list(islice(fit(chain, activation, X, TARGETS[target](X), rate), count))


@pytest.mark.parametrize("name", TARGETS)
def test_targets(name):
    y = TARGETS[name](X)
    assert (y.shape, y.dtype) == (X.shape, np.float64)
    assert np.abs(y).max() <= 2
    assert np.ptp(y) >= 1
    assert TARGETS[name].name == name
    assert TARGETS[name].label


def test_known_places_of_targets():
    assert TARGETS["sine"](np.pi / 3) == pytest.approx(1)
    assert TARGETS["abs"]([-2, 1]).tolist() == [0.5, -0.5]
    assert TARGETS["sawtooth"]([-0.5, 0.5]).tolist() == [0.5, -0.5]


def test_the_sum_by_hand():
    chain = Chain([1, -2], [0, 1], [3, 0.5], 0.25)
    wanted = 3 * np.maximum(X, 0) + 0.5 * np.maximum(1 - 2 * X, 0) + 0.25
    assert chain_value(chain, "relu", X) == pytest.approx(wanted)
    parts = chain_parts(chain, "relu", X)
    assert parts.shape == (2, 61)
    assert parts.sum(axis=0) + 0.25 == pytest.approx(wanted)


def test_the_sum_is_two_layers_of_pytorch():
    chain = start(5, seeded())
    first, second = torch.nn.Linear(1, 5).double(), torch.nn.Linear(5, 1).double()
    with torch.no_grad():
        first.weight[:, 0] = torch.tensor(chain.weights_in)
        first.bias[:] = torch.tensor(chain.biases)
        second.weight[0] = torch.tensor(chain.weights_out)
        second.bias[0] = chain.bias_out
        y = second(torch.tanh(first(torch.tensor(X)[:, None])))[:, 0]
    assert chain_value(chain, "tanh", X) == pytest.approx(y.numpy())


def test_numbers_there_and_back():
    chain = start(4, seeded())
    again = Chain.from_numbers(chain.numbers())
    assert again == chain
    assert hash(again) == hash(chain)
    assert (chain.units, len(chain.numbers())) == (4, 13)
    assert chain != start(4, seeded(4))
    with pytest.raises(ValueError, match="read-only"):
        chain.biases[0] = 1


def test_every_neuron_has_its_bend_on_the_picture():
    for seed in range(20):
        chain = start(12, seeded(seed))
        assert np.abs(chain.biases / chain.weights_in).max() <= 3
        assert np.abs(chain.weights_in).min() >= 1


def test_the_first_event_is_the_start():
    chain = start(6, seeded())
    (first,) = taken(1, chain)
    assert (first.index, first.chain) == (0, chain)
    error = chain_value(chain, "tanh", X) - TARGETS["sine"](X)
    assert first.loss == pytest.approx((error**2).mean())


def test_the_gradient_against_finite_differences():
    (first,) = taken(1)
    numbers, h = first.chain.numbers(), 1e-6

    def loss(at, shift):
        moved = numbers.copy()
        moved[at] += shift
        return taken(1, Chain.from_numbers(moved))[0].loss

    for at in range(len(numbers)):
        wanted = (loss(at, h) - loss(at, -h)) / (2 * h)
        assert first.gradient[at] == pytest.approx(wanted, rel=1e-5, abs=1e-8)
    assert first.gradient_norm == pytest.approx(np.linalg.norm(first.gradient))


def test_adam_against_its_formula():
    """Kingma & Ba 2015, algorithm 1, https://arxiv.org/abs/1412.6980."""
    steps = taken(20)
    numbers = steps[0].chain.numbers()
    m, v = 0 * numbers, 0 * numbers
    for t, step in enumerate(steps, 1):
        assert step.chain.numbers() == pytest.approx(numbers, rel=1e-9)
        gradient = np.array(step.gradient)
        m, v = 0.9 * m + 0.1 * gradient, 0.999 * v + 0.001 * gradient**2
        numbers = numbers - 0.03 * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("activation", ["relu", "tanh", parse("max(0.1*x, x) + 0.2*sin(3*x)")])
def test_it_learns(activation, target):
    steps = taken(250, activation=activation, target=target)
    assert [step.index for step in steps] == list(range(250))
    assert steps[-1].loss < 0.5 * steps[0].loss


def test_a_curve_of_its_own_kind_is_learnt_well():
    assert taken(600, activation="relu", target="abs")[-1].loss < 1e-3
    assert taken(600, activation="tanh", target="bump")[-1].loss < 1e-3


def test_same_seed_same_run_to_the_last_digit():
    assert taken(40) == taken(40)
    assert taken(2)[1] != taken(2, start(6, seeded(4)))[1]


def test_the_rate_may_change_on_the_way():
    steady = taken(12)
    changed = taken(12, rate=lambda index: 0.03 if index <= 5 else 0.1)
    assert changed[:6] == steady[:6]
    assert changed[6] != steady[6]
    still = taken(5, rate=0)
    assert {step.loss for step in still} == {still[0].loss}


def test_it_ends_where_the_numbers_explode():
    steps = taken(3000, activation=parse("exp(x)*exp(x)*exp(x)"), rate=1e3)
    assert 1 <= len(steps) < 3000
    assert all(np.isfinite(step.loss) for step in steps)


def test_steps_learn_only_behind_the_jump():
    first, *_, last = taken(50, activation="step")
    assert last.chain.weights_in.tolist() == first.chain.weights_in.tolist()
    assert last.loss < first.loss


@given(layers)
def test_the_collapsed_line_is_the_stack(stack):
    w, b = collapse(stack)
    y = X
    for slope, intercept in stack:
        y = slope * y + intercept
    np.testing.assert_allclose(w * X + b, y, atol=1e-9, rtol=1e-9)
    for activation in (None, "identity"):
        np.testing.assert_allclose(stack_value(stack, activation, X), y, atol=1e-9, rtol=1e-9)


def test_no_layers_change_nothing():
    assert collapse([]) == (1, 0)
    assert stack_value([], "relu", X).tolist() == X.tolist()


def test_with_relu_the_stack_is_no_line():
    stack = [(2.0, 1.0), (-1.0, 2.0), (1.5, 0.0)]
    y = stack_value(stack, "relu", X)
    assert y == pytest.approx(1.5 * np.maximum(0, 2 - np.maximum(0, 2 * X + 1)))
    bends = np.abs(np.diff(y, 2)) > 1e-9
    assert 1 <= bends.sum() <= 6
    straight = stack_value(stack, None, X)
    assert np.abs(np.diff(straight, 2)).max() < 1e-12


def test_an_activation_with_parameters():
    f = function_of("leaky_relu", {"alpha": 0.5})
    assert stack_value([(1, 0), (1, 0)], f, [-2, 2]).tolist() == [-1, 2]


def test_refusals():
    one = Chain([1], [0], [1], 0)
    for wrong in (lambda: start(0, seeded()), lambda: Chain([], [], [], 0)):
        with pytest.raises(InputError, match="1 to 64 neurons"):
            wrong()
    with pytest.raises(InputError, match="Every neuron needs"):
        Chain([1, 2], [0], [1], 0)
    with pytest.raises(InputError, match="finite"):
        Chain([np.nan], [0], [1], 0)
    with pytest.raises(InputError, match="three numbers"):
        Chain.from_numbers([1, 2, 3])
    with pytest.raises(InputError, match="as many values"):
        next(fit(one, "relu", X, X[:3], 0.1))
    with pytest.raises(InputError, match="as many values"):
        next(fit(one, "relu", [], [], 0.1))
    for rate in (-1, np.nan):
        with pytest.raises(InputError, match="learning rate"):
            list(islice(fit(one, "relu", X, X, rate), 2))
    with pytest.raises(InputError, match="no activation"):
        next(fit(one, "none", X, X, 0.1))
