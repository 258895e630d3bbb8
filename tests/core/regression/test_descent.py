import math
from itertools import islice

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InputError
from core.regression.batches import BatchSchedule
from core.regression.descent import MAX_STEPS, Descent, Step, descend
from core.regression.losses import LOSSES
from core.regression.optimum import best_line
from core.regression.points import Points

COURSE = Points.from_pairs([(1, 3), (2, 5)])
SEVEN = Points.from_pairs([(-2, -1), (-1, 0.4), (0, 1.2), (1, 3.3), (2, 3.9), (3, 4.6), (4, 9)])
START = (-1.0, 5.0)


def test_the_first_step_of_the_course():
    run = Descent(COURSE, "mse", START)
    assert run.current == run.steps[0]
    assert (run.current.m, run.current.b, run.current.loss) == (-1.0, 5.0, 2.5)
    assert math.isnan(run.current.learning_rate)
    assert run.next_gradient() == (-3.0, -1.0)
    assert run.next_batch() == (0, 1)
    assert run.advance(1, 0.1) == 1
    assert (run.current.m, run.current.b) == pytest.approx((-0.7, 5.1), abs=1e-15)
    assert (run.current.index, run.current.learning_rate) == (1, 0.1)
    assert run.current.loss == pytest.approx(LOSSES["mse"].mean(COURSE, -0.7, 5.1), rel=1e-12)


def test_it_gets_to_the_minimum_of_the_course():
    run = Descent(COURSE, "mse", START)
    run.advance(1500, 0.14)
    assert (run.current.m, run.current.b) == pytest.approx((2, 1), abs=1e-9)
    assert not run.diverged


def test_rate_two_diverges_and_ends():
    run = Descent(COURSE, "mse", START)
    taken = run.advance(500, 2.0)
    assert run.diverged
    assert taken == run.shown == len(run.steps) - 1 < 20
    assert math.isfinite(run.current.loss)
    assert run.steps[-2].loss < run.current.loss
    assert run.advance(1, 0.1) == 0
    run.rewind(1)
    assert not run.diverged
    assert run.advance(1, 0.1) == 1


@pytest.mark.parametrize("rate", [1e13, 1e200, 1e308])
@pytest.mark.parametrize("name", LOSSES)
def test_absurd_rates_end_at_once(name, rate):
    run = Descent(SEVEN, name, START)
    assert run.advance(50, rate) < 5
    assert run.diverged


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("batch_size", [None, 1, 3])
def test_the_arithmetic_is_that_of_torch_sgd(name, batch_size):
    run = Descent(SEVEN, name, START, batch_size, 4)
    run.advance(60, 0.05)
    x, y = torch.tensor(SEVEN.x), torch.tensor(SEVEN.y)
    m = torch.tensor(START[0], dtype=torch.float64, requires_grad=True)
    b = torch.tensor(START[1], dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([m, b], lr=0.05)
    schedule = BatchSchedule(7, batch_size, 4)
    for step in range(60):
        batch = list(schedule.batch(step))
        optimizer.zero_grad()
        LOSSES[name].value(m * x[batch] + b, y[batch]).backward()
        optimizer.step()
    assert (run.current.m, run.current.b) == (m.item(), b.item())


@pytest.mark.parametrize("name", LOSSES)
def test_the_next_gradient_is_the_one_that_is_followed(name):
    run = Descent(SEVEN, name, START, 3, 0)
    for _ in range(5):
        before, (dm, db) = run.current, run.next_gradient()
        run.advance(1, 0.03)
        assert run.current.m == pytest.approx(before.m - 0.03 * dm, abs=1e-14)
        assert run.current.b == pytest.approx(before.b - 0.03 * db, abs=1e-14)


runs = st.lists(st.tuples(st.sampled_from([0.0, 0.01, 0.05, 0.3]), st.integers(0, 12)), max_size=4)


@settings(max_examples=40, deadline=None)
@given(
    name=st.sampled_from(sorted(LOSSES)),
    batch_size=st.sampled_from([None, 1, 3, 7]),
    seed=st.integers(0, 99),
    path=runs,
    back=st.integers(0, 50),
    detour=runs,
)
def test_rewinding_and_going_on_is_the_straight_path(name, batch_size, seed, path, back, detour):
    straight = Descent(SEVEN, name, START, batch_size, seed)
    straight.replay(path)
    winding = Descent(SEVEN, name, START, batch_size, seed)
    winding.replay(path)
    for rate, steps in detour:
        winding.advance(steps, rate)
    winding.rewind(min(back, straight.shown))
    assert winding.current == straight.steps[winding.shown] or winding.shown == 0
    rest = [step.learning_rate for step in straight.steps[winding.shown + 1 :]]
    for rate in rest:  # one by one
        winding.advance(1, rate)
    assert winding.steps[1 : winding.shown + 1] == straight.steps[1:]
    again = Descent(SEVEN, name, START, batch_size, seed)
    again.replay(winding.segments())
    assert again.steps[1:] == straight.steps[1:]
    assert again.segments() == winding.segments()


def test_rewinding_keeps_what_comes_later_until_the_next_step():
    run = Descent(SEVEN, "mse", START)
    run.advance(10, 0.01)
    run.rewind(4)
    assert (run.shown, len(run.steps), run.current.index) == (4, 11, 4)
    assert run.segments() == [(0.01, 4)]
    run.rewind(99)
    assert run.shown == 10
    run.rewind(-3)
    assert run.shown == 0
    run.rewind(4)
    run.advance(2, 0.02)
    assert [step.index for step in run.steps] == list(range(7))
    assert run.segments() == [(0.01, 4), (0.02, 2)]
    run.start_over()
    assert (run.shown, len(run.steps), run.segments()) == (0, 1, [])


def test_equal_rates_are_one_segment():
    run = Descent(COURSE, "mse", START)
    for rate in (0.1, 0.1, 0.2, 0.1):
        run.advance(2, rate)
    assert run.segments() == [(0.1, 4), (0.2, 2), (0.1, 2)]


def test_it_is_full_at_the_most_steps_there_may_be():
    run = Descent(COURSE, "mse", START)
    assert run.advance(MAX_STEPS - 1, 0.01) == MAX_STEPS - 1
    assert not run.full
    assert run.advance(5, 0.01) == 1
    assert run.full
    assert run.advance(1, 0.01) == 0
    run.rewind(3)
    assert not run.full


def test_the_generator_has_no_end_and_continues_the_schedule():
    schedule = BatchSchedule(7, 3, 0)
    straight = list(islice(descend(SEVEN, "mse", START, 0.02, schedule), 8))
    later = descend(SEVEN, "mse", (straight[4].m, straight[4].b), 0.02, schedule, first_step=5)
    assert list(islice(later, 3)) == straight[5:]
    assert [step.index for step in straight] == list(range(1, 9))


def test_mini_batches_see_less_but_the_loss_is_of_all():
    run = Descent(SEVEN, "mse", START, 3, 0)
    run.advance(7, 0.02)
    assert [len(run.schedule.batch(step)) for step in range(4)] == [3, 3, 1, 3]
    for step in run.steps:
        assert step.loss == pytest.approx(LOSSES["mse"].mean(SEVEN, step.m, step.b), rel=1e-12)


def test_large_data_do_not_count_as_diverged():
    points = Points.from_pairs([(0, 1e6), (1, -1e6), (2, 5e5)])
    run = Descent(points, "mse", (0.0, 0.0))
    run.advance(200, 0.1)
    assert not run.diverged
    assert run.current.loss == pytest.approx(best_line(points, "mse").loss, rel=1e-6)


@pytest.mark.parametrize("rate", [-0.1, math.nan, math.inf])
def test_rates_that_make_no_sense(rate):
    with pytest.raises(InputError, match="learning rate"):
        Descent(COURSE, "mse", START).advance(1, rate)


@pytest.mark.parametrize(
    "arguments",
    [
        ("rmse", START, None),
        ("mse", (math.nan, 1), None),
        ("mse", (1, math.inf), 1),
        ("mse", START, 0),
    ],
)
def test_starts_that_make_no_sense(arguments):
    with pytest.raises(InputError):
        Descent(COURSE, *arguments)


def test_zero_rate_stays_where_it_is():
    run = Descent(COURSE, "mse", START)
    run.advance(3, 0.0)
    assert run.steps[1:] == [Step(index, -1.0, 5.0, 2.5, 0.0) for index in (1, 2, 3)]
