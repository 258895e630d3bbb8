from itertools import chain

import numpy as np
import pytest
import torch

from core.errors import InputError
from core.images.image_set import ImageSet
from core.images.split import Split, split, split_official, subset


def numbered(*counts, classes=None):
    """Pictures whose pixels spell their number, so that each can be told from all others."""
    labels = torch.tensor([label for label, count in enumerate(counts) for _ in range(count)])
    labels = labels[torch.from_numpy(np.random.default_rng(7).permutation(len(labels)))]
    numbers = torch.arange(len(labels))
    images = torch.zeros(len(labels), 1, 2, 2, dtype=torch.uint8)
    images[:, 0, 0, 0], images[:, 0, 0, 1] = numbers % 256, numbers // 256
    return ImageSet(images, labels, classes or tuple(map(str, range(len(counts)))), "numbered")


def numbers(data):
    return (data.images[:, 0, 0, 0].int() + 256 * data.images[:, 0, 0, 1].int()).tolist()


def chance(seed=0):
    return np.random.default_rng(seed)


def parts(dealt):
    return dealt.train, dealt.validation, dealt.test


@pytest.mark.parametrize("shares", [(0.2, 0.1), (0.0, 0.0), (0.45, 0.45), (0.0, 0.3), (0.01, 0)])
@pytest.mark.parametrize("counts", [(50, 30, 20), (3, 400, 1), (2, 2), (97, 101, 103)])
def test_every_picture_lands_in_exactly_one_set(shares, counts):
    data = numbered(*counts)
    dealt = split(data, *shares, chance())
    assert sorted(chain.from_iterable(map(numbers, parts(dealt)))) == list(range(len(data)))
    for part in parts(dealt):
        assert part.labels.tolist() == data.labels[numbers(part)].tolist()


def test_every_class_has_its_share():
    dealt = split(numbered(500, 300, 200), 0.2, 0.1, chance())
    assert [part.counts() for part in parts(dealt)] == [
        [350, 210, 140],
        [100, 60, 40],
        [50, 30, 20],
    ]


def test_the_sizes_are_the_shares_of_the_whole():
    dealt = split(numbered(*[101] * 10), 1 / 6, 0.1, chance())
    assert [len(part) for part in parts(dealt)] == [1010 - 168 - 101, 168, 101]


@pytest.mark.parametrize(("count", "expected"), [(1, (1, 0, 0)), (2, (1, 0, 1)), (3, (1, 1, 1))])
def test_a_rare_class_is_still_learnt_from(count, expected):
    dealt = split(numbered(100, count), 0.3, 0.3, chance())
    assert tuple(part.counts()[1] for part in parts(dealt)) == expected


def test_the_seed_decides():
    data = numbered(60, 60)
    one, same, other = (split(data, 0.2, 0.2, chance(seed)) for seed in (1, 1, 2))
    assert numbers(one.test) == numbers(same.test)
    assert numbers(one.test) != numbers(other.test)
    assert numbers(one.validation) == sorted(numbers(one.validation))


def test_an_official_test_set_stays_whole():
    data, test = numbered(60, 40), numbered(7, 8)
    dealt = split_official(data, test, 0.1, chance())
    assert dealt.test is test
    assert dealt.validation.counts() == [6, 4]
    assert sorted(numbers(dealt.train) + numbers(dealt.validation)) == list(range(100))


@pytest.mark.parametrize("shares", [(-0.1, 0), (1.0, 0), (0.5, 0.5), (float("nan"), 0)])
def test_impossible_shares(shares):
    with pytest.raises(InputError, match="Shares go from 0"):
        split(numbered(5, 5), *shares, chance())


def test_parts_that_do_not_fit():
    with pytest.raises(InputError, match="same classes"):
        Split(numbered(3, 3), numbered(3, 3), numbered(3, 3, classes=("a", "b")))
    empty = numbered(3, 3).take([])
    with pytest.raises(InputError, match="to learn from"):
        Split(empty, empty, empty)


def test_a_subset_keeps_the_proportions():
    data = numbered(600, 300, 100)
    part = subset(data, 100, chance())
    assert part.counts() == [60, 30, 10]
    assert numbers(part) == sorted(set(numbers(part)))
    assert subset(data, 5000, chance()) is data
    assert len(subset(data, 7, chance())) == 7
    with pytest.raises(InputError, match="at least one"):
        subset(data, 0, chance())


@pytest.mark.parametrize(
    ("images", "labels", "classes", "match"),
    [
        (torch.zeros(2, 1, 3, 3), torch.zeros(2).long(), ("a", "b"), "bytes"),
        (torch.zeros(2, 2, 3, 3).byte(), torch.zeros(2).long(), ("a", "b"), "bytes"),
        (torch.zeros(2, 1, 3, 3).byte(), torch.zeros(3).long(), ("a", "b"), "2 pictures"),
        (torch.zeros(2, 1, 3, 3).byte(), torch.zeros(2), ("a", "b"), "whole numbers"),
        (torch.zeros(2, 1, 3, 3).byte(), torch.tensor([0, 2]), ("a", "b"), "0 to 1"),
        (torch.zeros(2, 1, 3, 3).byte(), torch.zeros(2).long(), ("a", "a"), "different names"),
        (torch.zeros(2, 1, 3, 3).byte(), torch.zeros(2).long(), ("a",), "two classes"),
    ],
)
def test_what_is_no_data_set(images, labels, classes, match):
    with pytest.raises(InputError, match=match):
        ImageSet(images, labels, classes, "x")
