import math

import numpy as np
import pytest

from core.errors import InputError
from core.regression.datasets import DATASETS
from core.regression.optimum import best_line

EDGES = [(n, noise) for n in (2, 3, 7, 12, 60) for noise in (0.0, 1.0, 3.0)]


def make(name, n=12, noise=1.0, seed=0):
    return DATASETS[name].make(n, noise, np.random.default_rng(seed))


def test_the_choices_and_their_order():
    assert list(DATASETS) == ["two_points", "noisy_line", "outlier", "curve", "clusters"]
    assert [name for name, dataset in DATASETS.items() if dataset.fixed] == ["two_points"]


@pytest.mark.parametrize("name", DATASETS)
@pytest.mark.parametrize(("n", "noise"), EDGES)
def test_every_choice_can_be_used(name, n, noise):
    points = make(name, n, noise)
    assert len(points) == (2 if name == "two_points" else n)
    assert np.ptp(points.x) > 0
    assert points.x.tolist() == [round(x, 2) for x in points.x.tolist()]
    assert points.y.tolist() == [round(y, 1) for y in points.y.tolist()]
    assert not any(str(v) == "-0.0" for pair in points.pairs() for v in pair)
    assert DATASETS[name].name == name
    assert DATASETS[name].label
    assert DATASETS[name].description.endswith(".")


@pytest.mark.parametrize("name", DATASETS)
def test_the_seed_decides(name):
    assert make(name, seed=3) == make(name, seed=3)
    assert (make(name, seed=3) == make(name, seed=4)) == DATASETS[name].fixed
    assert (make(name, n=12) == make(name, n=13)) == DATASETS[name].fixed


def test_the_two_points_of_the_course():
    assert make("two_points").pairs() == [(1.0, 3.0), (2.0, 5.0)]


def test_without_noise_the_line_is_the_line():
    points = make("noisy_line", 7, 0.0)
    assert points.x.tolist() == [-2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 4.0]
    assert points.y.tolist() == pytest.approx((1.2 * points.x + 1.5).tolist(), abs=1e-12)


def test_the_noise_is_as_large_as_it_says():
    points = make("noisy_line", 60, 2.0)
    assert (points.y - 1.2 * points.x - 1.5).std() == pytest.approx(2.0, rel=0.3)


def test_the_outlier_stands_out_near_the_right_end():
    points = make("outlier", 12, 1.0)
    miss = points.y - 1.2 * points.x - 1.5
    assert miss.argmax() == 10
    assert miss[10] > 4.5
    assert np.abs(np.delete(miss, 10)).max() < 2.0


def test_a_line_underfits_the_curve():
    points = make("curve", 12, 0.0)
    parabola = np.polynomial.Polynomial.fit(points.x, points.y, 2)
    assert ((parabola(points.x) - points.y) ** 2).mean() < 0.01 * best_line(points, "mse").loss


def test_the_clumps_are_apart():
    x = np.sort(make("clusters", 20, 1.0).x)
    assert np.diff(x).argmax() == 9
    assert np.diff(x).max() > 2.0


@pytest.mark.parametrize(
    ("n", "noise"), [(1, 1.0), (61, 1.0), (12, -0.1), (12, 3.1), (12, math.nan)]
)
def test_out_of_range(n, noise):
    with pytest.raises(InputError, match="Choose"):
        make("noisy_line", n, noise)
