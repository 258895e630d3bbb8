import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.activations.registry import softmax, softmax_jacobian
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
