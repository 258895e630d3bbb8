import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InputError
from core.regression.points import MAX_POINTS, Points

coordinates = st.floats(-1e6, 1e6, allow_nan=False)
many_pairs = st.lists(st.tuples(coordinates, coordinates), min_size=2, max_size=8)


@given(many_pairs)
def test_pairs_come_back_as_they_went_in(pairs):
    points = Points.from_pairs(pairs)
    assert points.pairs() == pairs
    assert len(points) == len(pairs)


@given(many_pairs, coordinates, coordinates, st.data())
def test_editing_changes_one_point_and_leaves_the_original_alone(pairs, x, y, data):
    points = Points.from_pairs(pairs)
    at = data.draw(st.integers(0, len(pairs) - 1))
    assert points.moved(at, x, y).pairs() == [*pairs[:at], (x, y), *pairs[at + 1 :]]
    assert points.added(x, y).pairs() == [*pairs, (x, y)]
    assert points.added(x, y).removed(at).pairs() == [*pairs[:at], *pairs[at + 1 :], (x, y)]
    assert points.pairs() == pairs


@given(st.lists(st.tuples(st.floats(), st.floats()), max_size=4))
def test_only_input_error_leaves(pairs):
    usable = len(pairs) >= 2 and all(abs(v) <= 1e6 for pair in pairs for v in pair)
    if usable:
        assert len(Points.from_pairs(pairs)) == len(pairs)
    else:
        with pytest.raises(InputError):
            Points.from_pairs(pairs)


def test_the_arrays_are_read_only_copies():
    x = np.array([1.0, 2.0])
    points = Points(x, np.array([3.0, 5.0]))
    x[0] = 9.0
    assert points.x.tolist() == [1.0, 2.0]
    with pytest.raises(ValueError, match="read-only"):
        points.y[0] = 7.0


def test_equal_points_are_equal_and_hash_alike():
    one, two = Points.from_pairs([(1, 3), (2, 5)]), Points.from_pairs([(1, 3), (2, 5)])
    assert one == two
    assert hash(one) == hash(two)
    assert one != two.moved(0, 1, 3.1)
    assert one != "points"


@pytest.mark.parametrize(
    ("pairs", "sentence"),
    [
        ([(1, 2)], "Two points are the least a line needs"),
        ([], "Two points are the least a line needs"),
        ([(1, 2), (math.nan, 2)], "Point 2: x is not a finite number"),
        ([(1, math.inf), (2, 2)], "Point 1: y is not a finite number"),
        ([(1, 2), (3, -1000001)], "Point 2: y is beyond ±1,000,000"),
        ([(1, 2)] * (MAX_POINTS + 1), "501 points are too many: the limit is 500"),
        ([(1, 2), (3, 10**400)], "Every y must be a number"),
        ([(1, 2), ("a", 3)], "Every x must be a number"),
        ([(1, 2), (3,)], "Every point needs two numbers"),
        (7, "Every point needs two numbers"),
        ([(1, 2), ([3, 4], 5)], "x"),
    ],
)
def test_refusals_say_what_is_wrong(pairs, sentence):
    with pytest.raises(InputError, match=sentence):
        Points.from_pairs(pairs)


def test_lengths_must_agree_and_arrays_be_flat():
    with pytest.raises(InputError, match="3 x values but 2 y values"):
        Points(np.zeros(3), np.zeros(2))
    with pytest.raises(InputError, match="plain list"):
        Points(np.zeros((2, 2)), np.zeros((2, 2)))


@pytest.mark.parametrize("index", [-1, 3])
def test_a_point_that_is_not_there(index):
    points = Points.from_pairs([(1, 3), (2, 5), (3, 4)])
    with pytest.raises(InputError, match="from 1 to 3"):
        points.removed(index)
    with pytest.raises(InputError, match="from 1 to 3"):
        points.moved(index, 0, 0)


def test_the_last_two_points_cannot_be_removed():
    with pytest.raises(InputError, match="Two points are the least a line needs"):
        Points.from_pairs([(1, 3), (2, 5)]).removed(0)
    assert len(Points.from_pairs([(0, 0)] * MAX_POINTS)) == MAX_POINTS
    with pytest.raises(InputError, match="too many"):
        Points.from_pairs([(0, 0)] * MAX_POINTS).added(1, 1)
