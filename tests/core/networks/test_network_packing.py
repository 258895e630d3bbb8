"""Packed tensors come back to the last bit, and take little memory."""

from __future__ import annotations

import sys

import pytest
import torch

from core.networks.packing import pack, unpack

SOME = (
    torch.tensor([[1.5, -2.25, float("nan")], [0.1, float("inf"), -0.0]]),
    torch.tensor(7.0),
    torch.empty(0, dtype=torch.int64),
    torch.arange(5)[::2],
    torch.rand(3, 4, generator=torch.Generator().manual_seed(1), dtype=torch.float64).T,
)


def test_they_come_back_to_the_last_bit() -> None:
    for before, after in zip(SOME, unpack(pack(SOME)), strict=True):
        assert after.dtype == before.dtype
        assert after.shape == before.shape
        assert after.numpy().tobytes() == before.numpy().tobytes()


def test_the_copy_stands_when_the_tensors_change_and_gives_copies() -> None:
    moving = torch.zeros(2, requires_grad=True)
    packed = pack([moving])
    with torch.no_grad():
        moving += 1
    first = unpack(packed)[0]
    first += 5
    assert unpack(packed)[0].tolist() == [0, 0]


@pytest.mark.parametrize("count", [10, 40])
def test_they_take_their_numbers_and_hardly_more(count: int) -> None:
    packed = pack(torch.zeros(4) for _ in range(count))
    assert sys.getsizeof(packed.data) < 16 * count + 64
    assert packed.form is pack(torch.ones(4) for _ in range(count)).form
