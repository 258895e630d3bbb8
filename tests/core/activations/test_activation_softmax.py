import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import logsumexp
from torch import nn

from core.activations.softmax import (
    SOFTMAX,
    cross_entropy,
    softmax,
    softmax_as_written,
    softmax_jacobian,
)
from core.errors import InputError

scores = st.lists(st.floats(-50, 50), min_size=1, max_size=8)


def test_the_numbers_of_the_course():
    assert softmax([2, 1, 0.1]).round(3).tolist() == [0.659, 0.242, 0.099]
    assert softmax([5, 5, 5]) == pytest.approx([1 / 3] * 3)
    assert softmax([100, 0, 0]) == pytest.approx([1, 3.720075976020836e-44, 3.720075976020836e-44])


def test_nothing_overflows():
    assert softmax([1000, 0, 0]).tolist() == [1, 0, 0]
    assert softmax([-1000, -1000]).tolist() == [0.5, 0.5]
    assert softmax([1e308, -1e308]).tolist() == [1, 0]
    assert softmax([3, 2], 1e-300).tolist() == [1, 0]


@given(scores, st.floats(0.1, 10))
def test_against_the_definition(values, temperature):
    powers = [np.exp(np.longdouble(v) / temperature) for v in values]
    wanted = np.array(powers / sum(powers), dtype=float)
    found = softmax(values, temperature)
    np.testing.assert_allclose(found, wanted, rtol=1e-9, atol=1e-300)
    assert found.sum() == pytest.approx(1)


@given(scores, st.floats(0.1, 10))
def test_the_jacobian_against_its_closed_form(values, temperature):
    p = softmax(values, temperature)
    wanted = (np.diag(p) - np.outer(p, p)) / temperature
    np.testing.assert_allclose(softmax_jacobian(values, temperature), wanted, atol=1e-12)


def test_the_temperature_evens_out():
    cold, usual, hot = (softmax([2, 1, 0.1], t)[0] for t in (0.5, 1.0, 5.0))
    assert cold > usual > hot > 1 / 3


@pytest.mark.parametrize("values", [[], [[1, 2]], 3, [1, float("nan")], ["a"], [float("inf"), 1]])
def test_wrong_scores(values):
    for function in (softmax, softmax_jacobian):
        with pytest.raises(InputError):
            function(values)


@pytest.mark.parametrize("temperature", [0, -1, float("nan"), float("inf")])
def test_wrong_temperatures(temperature):
    with pytest.raises(InputError, match="temperature"):
        softmax([1, 2], temperature)


@given(scores, st.floats(-1000, 1000), st.floats(0.1, 10))
def test_only_differences_count(values, amount, temperature):
    moved = [value + amount for value in values]
    wanted = softmax(values, temperature)
    np.testing.assert_allclose(softmax(moved, temperature), wanted, rtol=0, atol=1e-11)


def test_the_formula_as_written_overflows_where_softmax_does_not():
    assert softmax_as_written([2, 1, 0.1]) == pytest.approx(softmax([2, 1, 0.1]), rel=1e-6)
    assert softmax_as_written([88, 0]).tolist() == [1, pytest.approx(np.exp(-88), rel=1e-5)]
    for overflow in ([100, 0, 0], [89, 0]):  # exp(88.72) is the largest float32
        with np.errstate(over="ignore", invalid="ignore"):
            power = np.exp(np.float32(overflow[0]))
            assert np.isinf(power)
            assert np.isnan(power / power)
        assert np.isnan(softmax_as_written(overflow)[0])
        assert np.isfinite(softmax(overflow)).all()
    assert np.isnan(softmax_as_written([-200, -200])).all()  # 0/0
    assert np.isfinite(softmax_as_written([100, 0, 0], 2)).all()


@given(scores, st.floats(0.1, 10))
def test_the_loss_of_the_scores_against_scipy(values, temperature):
    z = np.array(values) / temperature
    for target in range(len(values)):
        found = cross_entropy(values, target, temperature)
        assert found == pytest.approx(logsumexp(z) - z[target], abs=1e-9)


def test_the_loss_is_finite_where_the_probability_is_not():
    assert softmax([1000, 0])[1] == 0
    assert cross_entropy([1000, 0], 1) == 1000
    assert cross_entropy([1e6, 0], 1, 0.1) == pytest.approx(1e7)


@pytest.mark.parametrize("target", [-1, 2])
def test_a_class_that_is_not_there(target):
    with pytest.raises(InputError, match="0 to 1"):
        cross_entropy([1, 2], target)


def test_the_line_of_pytorch_is_softmax():
    module = {"nn.Softmax(dim=1)": nn.Softmax(dim=1)}[SOFTMAX.torch_source]
    batch = torch.tensor([[2.0, 1.0, 0.1], [5.0, 5.0, 5.0]], dtype=torch.float64)
    for row, values in zip(module(batch), batch.tolist(), strict=True):
        assert row.tolist() == pytest.approx(softmax(values).tolist())
    assert SOFTMAX.source
    assert SOFTMAX.link.startswith("https://")
