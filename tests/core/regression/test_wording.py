import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.regression.wording import number, percent, rounded_down


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0.1459, 2, "0.15"),
        (0.1, 2, "0.10"),
        (-12.53, 3, "−12.5"),
        (1234.5, 3, "1,230"),
        (99999, 2, "100,000"),
        (0.99996, 3, "1.00"),
        (2.2e13, 2, "2.2e13"),
        (-8.46e-6, 3, "−8.46e−6"),
        (0.0, 3, "0"),
        (math.inf, 3, "∞"),
        (-math.inf, 3, "−∞"),
        (math.nan, 3, "not a number"),
    ],
)
def test_number(value, digits, text):
    assert number(value, digits) == text


@given(st.floats(-1e5, 1e5, allow_subnormal=False))
def test_a_number_says_what_it_is(value):
    text = number(value, 3)
    assert "-" not in text
    assert float(text.replace("−", "-").replace(",", "")) == pytest.approx(value, rel=6e-3)


def test_percent():
    assert (percent(0.764), percent(1.0), percent(0.00034)) == ("76 %", "100 %", "0.034 %")


@given(st.floats(1e-9, 1e9))
def test_rounded_down(value):
    assert 0.9 * value <= rounded_down(value) <= value * (1 + 1e-9)
    assert rounded_down(rounded_down(value)) == rounded_down(value)


def test_rounded_down_examples():
    assert [rounded_down(v) for v in (0.1459, 0.58, 0.1, 12.9)] == [0.14, 0.58, 0.1, 12.0]
