"""Which points are held back: stratified, the same for the same seed, and stable."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InputError
from core.networks.datasets import DATASETS
from core.networks.dealing import deal
from core.networks.plane import PlaneData, from_points

hundredth = st.integers(-600, 600).map(lambda value: value / 100)
points = st.lists(st.tuples(hundredth, hundredth, st.integers(0, 3)), min_size=1, max_size=40)
shares = st.integers(0, 9).map(lambda tenths: tenths / 10)
seeds = st.integers(0, 9999)


def rows(data):
    return [(*x, y) for x, y in zip(data.x.tolist(), data.y.tolist(), strict=True)]


def made(name, classes=None, n=200):
    return DATASETS[name].make(n, 0.1, classes, np.random.default_rng(3))


@given(points, shares, seeds)
def test_every_point_is_dealt_once_in_its_old_order_and_by_class_in_proportion(given, share, seed):
    data = from_points(given)
    training, validation = deal(data, share, seed)
    assert sorted(rows(training) + rows(validation)) == sorted(rows(data))
    for part in (training, validation):
        remaining = iter(rows(data))
        assert all(row in remaining for row in rows(part))  # a subsequence
    for of, held in zip(data.counts(), validation.counts(), strict=True):
        assert held == min(round(share * of), max(of - 1, 0))


@given(points, st.tuples(hundredth, hundredth, st.integers(0, 3)), shares, seeds, st.randoms())
def test_a_point_more_moves_at_most_one_other(given, another, share, seed, random):
    place = random.randint(0, len(given))
    grown = [*given[:place], another, *given[place:]]
    one, two = (deal(from_points(some, 4), share, seed)[1] for some in (given, grown))
    before, after = rows(one), rows(two)
    extra = list(after)
    for row in before:
        if row in extra:
            extra.remove(row)
    gone = list(before)
    for row in after:
        if row in gone:
            gone.remove(row)
    point = rows(from_points([another], 4))[0]
    came = [row for row in extra if row != point]
    assert len(gone) + len(came) <= 1
    assert all(row[2] == another[2] for row in gone + came)


@pytest.mark.parametrize("name", ["circles", "plane"])
def test_the_seed_decides_and_the_order_of_the_points_does_not(name):
    data = made(name)
    held = {tuple(sorted(rows(deal(data, 0.5, seed)[1]))) for seed in range(20)}
    assert len(held) == 20
    turned = data.take(np.arange(len(data))[::-1])
    assert sorted(rows(deal(turned, 0.3, 5)[1])) == sorted(rows(deal(data, 0.3, 5)[1]))
    assert rows(deal(data, 0.3, 5)[1]) == rows(deal(data, 0.3, 5)[1])


def test_lots_are_not_drawn_by_place():
    """Held back are points from everywhere: about as many on each side of both axes."""
    data = made("plane", n=1000)
    _, held = deal(data, 0.5, 42)
    for column in range(2):
        assert 200 < (held.x[:, column] > 0).sum() < 300
    shared = set(rows(held)) & set(rows(deal(data, 0.5, 43)[1]))
    assert 200 < len(shared) < 300  # another seed, another half


def test_shares_at_their_limits():
    data = made("gaussians", 4)
    training, validation = deal(data, 0, 1)
    assert (len(training), len(validation)) == (200, 0)
    training, validation = deal(data, 0.9, 1)
    assert training.counts() == [5, 5, 5, 5]
    single = from_points([(0, 0, 0), (1, 1, 1), (2, 2, 1)], 3)
    training, validation = deal(single, 0.9, 1)
    assert training.counts() == [1, 1, 0]
    assert validation.counts() == [0, 1, 0]


@pytest.mark.parametrize("share", [-0.1, 0.91, float("nan")])
def test_other_shares_are_refused(share):
    with pytest.raises(InputError, match=r"0 to 0\.9"):
        deal(made("circles"), share, 1)


def test_nothing_to_deal():
    nothing = PlaneData(np.zeros((0, 2), np.float32), np.zeros(0, np.int64), 2)
    assert [len(part) for part in deal(nothing, 0.5, 1)] == [0, 0]
