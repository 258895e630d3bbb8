from itertools import islice, pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.optimize import linprog, minimize

from core.errors import InputError
from core.regression.batches import BatchSchedule
from core.regression.descent import descend
from core.regression.gradient import gradient
from core.regression.losses import LOSSES
from core.regression.optimum import best_line, curvatures, hessian, largest_stable_rate
from core.regression.points import Points

COURSE = Points.from_pairs([(1, 3), (2, 5)])
tenths = st.integers(-50, 50).map(lambda v: v / 10)
some_pairs = st.lists(st.tuples(tenths, tenths), min_size=2, max_size=12)


def scattered(n, seed, spread=1.0):
    generator = np.random.default_rng(seed)
    x = generator.uniform(-2, 4, n)
    return Points(x, 1.2 * x + 1.5 + spread * generator.standard_t(2, n))


def smallest_mae(points):
    """Linear program: minimise Σt with −t ≤ m·x + b − y ≤ t."""
    n = len(points)
    features = np.stack((points.x, np.ones(n)), axis=1)
    above, below = np.hstack((features, -np.eye(n))), np.hstack((-features, -np.eye(n)))
    result = linprog(
        np.r_[0, 0, np.ones(n)],
        A_ub=np.vstack((above, below)),
        b_ub=np.r_[points.y, -points.y],
        bounds=[(None, None)] * 2 + [(0, None)] * n,
        method="highs",
    )
    assert result.status == 0
    return result.fun / n


@pytest.mark.parametrize("name", LOSSES)
def test_two_points_are_met_exactly(name):
    best = best_line(COURSE, name)
    assert (best.m, best.b, best.loss, best.unique) == (2.0, 1.0, 0.0, True)


@given(some_pairs)
def test_mse_is_least_squares(pairs):
    points = Points.from_pairs(pairs)
    features = np.stack((points.x, np.ones(len(points))), axis=1)
    weights, _, rank, _ = np.linalg.lstsq(features, points.y, rcond=None)
    best = best_line(points, "mse")
    expected = ((features @ weights - points.y) ** 2).mean()
    assert best.loss == pytest.approx(expected, rel=1e-9, abs=1e-12)
    assert best.unique == (rank == 2)
    if rank == 2:
        assert (best.m, best.b) == pytest.approx(tuple(weights), rel=1e-7, abs=1e-8)


@given(some_pairs)
def test_mae_is_the_linear_program(pairs):
    points = Points.from_pairs(pairs)
    best = best_line(points, "mae")
    assert best.loss == pytest.approx(smallest_mae(points), rel=1e-8, abs=1e-9)
    assert best.loss == pytest.approx(LOSSES["mae"].mean(points, best.m, best.b), abs=1e-12)


@pytest.mark.parametrize("n", [60, 61, 150, 500])
@pytest.mark.parametrize("seed", [0, 1])
def test_mae_of_many_points(n, seed):
    points = scattered(n, seed)
    assert best_line(points, "mae").loss == pytest.approx(smallest_mae(points), rel=1e-9)


def test_mae_of_many_points_on_few_places():
    generator = np.random.default_rng(0)
    points = Points(generator.integers(0, 3, 200) * 1.0, generator.integers(0, 4, 200) * 1.0)
    assert best_line(points, "mae").loss == pytest.approx(smallest_mae(points), rel=1e-9)


def test_mae_between_equally_good_lines():
    square = Points.from_pairs([(0, 0), (0, 1), (1, 0), (1, 1)])
    best = best_line(square, "mae")
    assert (best.loss, best.unique) == (0.5, False)
    assert (best.m, best.b) == pytest.approx((0.0, 0.5))


@given(some_pairs, st.sampled_from([0.1, 1.0, 30.0]))
def test_huber_has_no_slope_left(pairs, scale):
    points = Points.from_pairs([(x, scale * y) for x, y in pairs])
    best = best_line(points, "huber")
    assert gradient(points, "huber", best.m, best.b) == pytest.approx((0, 0), abs=1e-9)


@pytest.mark.parametrize("n", [3, 12, 60, 300])
@pytest.mark.parametrize("spread", [0.1, 1.0, 50.0, 1e4])
def test_huber_against_a_general_minimiser(n, spread):
    points = scattered(n, n, spread)
    best = best_line(points, "huber")
    start = best_line(points, "mse")

    def loss(weights):
        return LOSSES["huber"].mean(points, *weights)

    for method in ("Nelder-Mead", "BFGS"):
        other = minimize(loss, (start.m, start.b), method=method, tol=1e-10)
        assert best.loss <= other.fun * (1 + 1e-12)
        assert best.loss == pytest.approx(other.fun, rel=1e-3)


@pytest.mark.parametrize("name", LOSSES)
@given(
    pairs=some_pairs,
    aside=st.tuples(st.floats(-3, 3), st.floats(-3, 3)).filter(lambda v: max(map(abs, v)) > 1e-3),
)
def test_no_other_line_is_better(name, pairs, aside):
    points = Points.from_pairs(pairs)
    best = best_line(points, name)
    other = LOSSES[name].mean(points, best.m + aside[0], best.b + aside[1])
    assert best.loss <= other + 1e-12
    if best.unique and name == "mse" and max(map(abs, aside)) > 0.1:
        assume(np.ptp(points.x) > 1)
        assert best.loss < other


@pytest.mark.parametrize(("name", "b"), [("mse", 4.0), ("mae", 2.0), ("huber", 2.0)])
def test_points_above_one_another_get_the_flat_line(name, b):
    best = best_line(Points.from_pairs([(3, 1), (3, 2), (3, 9)]), name)
    assert (best.m, best.b, best.unique) == (0.0, pytest.approx(b), False)


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("gap", [5e-324, 1e-283, 1e-160, 1e-90, 1e-12])
def test_points_hardly_apart_do_no_harm(name, gap):
    best = best_line(Points.from_pairs([(0, 1), (gap, 1), (0, 1)]), name)
    assert (best.m, best.b, best.loss) == (0.0, 1.0, 0.0)
    steep = best_line(Points.from_pairs([(0, 1), (gap, 3), (gap, 3), (2, 5)]), name)
    assert np.isfinite([steep.m, steep.b, steep.loss]).all()


def test_huber_between_equally_good_lines():
    best = best_line(Points.from_pairs([(0, 0), (0, 100), (1, 0), (1, 100)]), "huber")
    assert best.loss == pytest.approx(49.5)
    assert not best.unique


def test_the_hessian_of_the_course():
    assert hessian(COURSE).tolist() == [[5.0, 3.0], [3.0, 2.0]]


@given(some_pairs)
def test_the_hessian_is_the_change_of_the_gradient(pairs):
    points = Points.from_pairs(pairs)
    here, right, up = (gradient(points, "mse", *at) for at in ((0, 0), (1, 0), (0, 1)))
    change = np.array([np.subtract(right, here), np.subtract(up, here)])
    assert hessian(points) == pytest.approx(change, rel=1e-9, abs=1e-9)


def test_the_largest_stable_rate_of_the_course():
    assert largest_stable_rate(COURSE, "mse") == pytest.approx(4 / (7 + 45**0.5), rel=1e-12)
    assert largest_stable_rate(COURSE, "huber") == pytest.approx(8 / (7 + 45**0.5), rel=1e-12)
    assert largest_stable_rate(COURSE, "mae") is None
    assert curvatures(COURSE, "mse") == pytest.approx(((7 - 45**0.5) / 2, (7 + 45**0.5) / 2))


def losses_after(points, name, rate, steps):
    best = best_line(points, name)
    schedule = BatchSchedule(len(points), None, 0)
    walk = descend(points, name, (best.m + 0.3, best.b + 0.2), rate, schedule)
    return [step.loss - best.loss for step in islice(walk, steps)]


@pytest.mark.parametrize("seed", range(3))
def test_just_below_it_converges_and_just_above_it_diverges(seed):
    points = scattered(12, seed)
    rate = largest_stable_rate(points, "mse")
    below = losses_after(points, "mse", 0.99 * rate, 400)
    above = losses_after(points, "mse", 1.01 * rate, 400)
    assert below[-1] < 1e-3 * below[0]
    assert above[-1] > 1e3 * above[0]


@pytest.mark.parametrize("seed", range(3))
def test_huber_settles_below_its_guarantee(seed):
    points = scattered(12, seed)
    gaps = losses_after(points, "huber", 0.99 * largest_stable_rate(points, "huber"), 800)
    assert gaps[-1] < 1e-6
    assert all(later <= earlier + 1e-12 for earlier, later in pairwise(gaps))


def test_huber_jumps_above_its_guarantee_where_all_points_are_near():
    points = Points.from_pairs([(0, 0.0), (1, 1.1), (2, 1.9), (3, 3.0)])
    border = largest_stable_rate(points, "huber")
    assert losses_after(points, "huber", 0.98 * border, 1000)[-1] < 1e-12
    assert min(losses_after(points, "huber", 1.02 * border, 1000)[-10:]) > 1e-3


@pytest.mark.parametrize("function", [best_line, largest_stable_rate])
def test_unknown_loss(function):
    with pytest.raises(InputError, match="no loss"):
        function(COURSE, "rmse")
