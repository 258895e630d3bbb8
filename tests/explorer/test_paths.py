import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.paths import EXAMPLE, PathRule

RULE = PathRule("Path", (0.001, 0.3), 2000)
runs = st.lists(st.tuples(st.floats(0.001, 0.3), st.integers(1, 200)), max_size=10).map(tuple)


@given(runs)
def test_a_path_reads_back_to_the_last_digit(path):
    assert RULE.parse(RULE.write(path)) == path


def test_how_it_is_written():
    assert RULE.write(((0.15, 12), (0.3, 5))) == "0.15x12;0.3x5"
    assert RULE.write(()) == ""
    assert RULE.parse("") == ()
    assert RULE.parse("0.15x12;") == ((0.15, 12),)


@pytest.mark.parametrize(
    "text",
    [
        *["x", "0.1", "0.1x", "x3", "0.1x3x4", "0.1x1.5", "0.1x0", "0.1x-3", "0.4x3", "0.0009x3"],
        *["nanx3", "infx3", "-0.1x3", "0.1x1e3", "0.1,3", "0.1x" + "9" * 5000, "a" * 10_000],
    ],
)
def test_what_is_no_path_gets_an_example(text):
    with pytest.raises(ValueError, match=EXAMPLE):
        RULE.parse(text)


def test_a_path_is_bounded():
    assert RULE.parse("0.1x1000;0.2x1000") == ((0.1, 1000), (0.2, 1000))
    for text in ("0.1x1000;0.2x1001", "0.1x2001"):
        with pytest.raises(ValueError, match="at most 2000 steps"):
            RULE.parse(text)


@given(st.text(max_size=40))
def test_nothing_but_value_errors(text):
    try:
        path = RULE.parse(text)
    except ValueError:
        return
    assert RULE.parse(RULE.write(path)) == path
