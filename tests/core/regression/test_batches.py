import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InputError
from core.regression.batches import BatchSchedule


@given(st.integers(1, 40), st.integers(1, 50), st.integers(0, 2**63 - 1))
def test_every_epoch_deals_every_point_once(n, size, seed):
    schedule = BatchSchedule(n, size, seed)
    for epoch in range(3):
        steps = range(epoch * schedule.batches_per_epoch, (epoch + 1) * schedule.batches_per_epoch)
        assert {schedule.epoch(step) for step in steps} == {epoch}
        dealt = [index for step in steps for index in schedule.batch(step)]
        assert sorted(dealt) == list(range(n))
        assert all(len(schedule.batch(step)) == min(size, n) for step in steps[:-1])


def test_ten_points_by_four():
    schedule = BatchSchedule(10, 4, 0)
    assert [len(schedule.batch(step)) for step in range(6)] == [4, 4, 2, 4, 4, 2]
    assert schedule.batches_per_epoch == 3
    assert not schedule.full


def test_a_hundred_images_by_ten():
    schedule = BatchSchedule(100, 10, 0)
    assert schedule.batches_per_epoch == 10
    assert schedule.epoch(99) == 9
    assert schedule.epoch(100) == 10


def test_the_batches_of_pytorch():
    schedule, generator = BatchSchedule(10, 4, 7), torch.Generator().manual_seed(7)
    expected = [
        tuple(batch.tolist())
        for _ in range(3)
        for batch in torch.randperm(10, generator=generator).split(4)
    ]
    assert [schedule.batch(step) for step in range(9)] == expected
    assert len(set(expected)) == 9


def test_any_update_can_be_asked_for_in_any_order():
    straight, jumping = BatchSchedule(9, 2, 1), BatchSchedule(9, 2, 1)
    backwards = [jumping.batch(step) for step in range(30, -1, -1)]
    assert backwards[::-1] == [straight.batch(step) for step in range(31)]


def test_the_seed_decides_and_the_global_one_does_not():
    state = torch.get_rng_state()
    one = [BatchSchedule(30, 7, 1).batch(step) for step in range(5)]
    torch.manual_seed(123)
    assert [BatchSchedule(30, 7, 1).batch(step) for step in range(5)] == one
    assert [BatchSchedule(30, 7, 2).batch(step) for step in range(5)] != one
    torch.set_rng_state(state)


@pytest.mark.parametrize("size", [None, 5, 6])
def test_full_batches_are_in_order(size):
    schedule = BatchSchedule(5, size, 0)
    assert schedule.full
    assert schedule.batches_per_epoch == 1
    assert schedule.batch(17) == (0, 1, 2, 3, 4)
    assert schedule.epoch(17) == 17


@pytest.mark.parametrize(
    "arguments", [(0, None, 0), (5, 0, 0), (5, -1, 0), (5, 2, -1), (5, 2, 2**63)]
)
def test_refusals(arguments):
    with pytest.raises(InputError):
        BatchSchedule(*arguments)


@pytest.mark.parametrize("size", [None, 2])
def test_updates_are_counted_from_zero(size):
    with pytest.raises(IndexError):
        BatchSchedule(5, size, 0).batch(-1)
