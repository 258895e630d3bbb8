import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.numbers import MINUS, bracketed, fixed, significant

finite = st.floats(-1e300, 1e300)
digits = st.integers(1, 6)


def read(text):
    return float(text.replace(MINUS, "-"))


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (2.5, 2, "2.50"),
        (-3, 3, "−3.000"),
        (0.0, 2, "0.00"),
        (-0.0, 2, "0.00"),
        (-0.004, 2, "0.00"),
        (-0.006, 2, "−0.01"),
        (7, 0, "7"),
        (999_999.4, 0, "999999"),
        (1234567, 2, "1.2e6"),
        (-2.5e12, 2, "−2.5e12"),
        (math.nan, 2, "not a number"),
        (-math.inf, 2, "not a number"),
    ],
)
def test_fixed(value, places, text):
    assert fixed(value, places) == text


@pytest.mark.parametrize(
    ("value", "count", "text"),
    [
        (0, 3, "0"),
        (0.1, 3, "0.1"),
        (0.12345, 3, "0.123"),
        (-12.345, 3, "−12.3"),
        (1234.5, 3, "1230"),
        (100.0, 3, "100"),
        (999_999, 3, "1000000"),
        (0.00123456, 6, "0.00123456"),
        (0.00012, 3, "1.2e−4"),
        (-4.56e-7, 3, "−4.6e−7"),
        (1e6, 3, "1.0e6"),
        (2.34e15, 3, "2.3e15"),
        (math.nan, 3, "not a number"),
        (math.inf, 3, "not a number"),
    ],
)
def test_significant(value, count, text):
    assert significant(value, count) == text


@given(finite, digits)
def test_fixed_reads_back(value, places):
    text = fixed(value, places)
    assert "-" not in text
    off = 0.051 * abs(value) if abs(value) >= 1e6 else 0.5000001 * 10**-places
    assert read(text) == pytest.approx(value, abs=off, rel=0)


@given(finite, digits)
def test_significant_reads_back(value, count):
    text = significant(value, count)
    assert "-" not in text
    exact = 1e-3 <= abs(value) < 1e6
    # Beyond those limits the mantissa has one digit less.
    off = 0.5000001 * 10.0 ** (1 - (count if exact else max(1, count - 1)))
    assert read(text) == pytest.approx(value, rel=off)
    assert not (exact and "." in text and text.endswith("0"))


@given(finite)
def test_brackets_stand_around_negative_numbers_only(value):
    text, plain = bracketed(value), fixed(value)
    assert text == (f"({plain})" if plain.startswith(MINUS) else plain)
