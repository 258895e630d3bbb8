import numpy as np
import pytest
import torch
from torch import Generator
from torch.utils.data import DataLoader, TensorDataset

from core.errors import InputError
from core.images.image_set import ImageSet
from core.images.prepared import mean_and_std, prepare
from core.images.split import split


def coloured(n=300, channels=3, seed=0):
    chance = Generator().manual_seed(seed)
    images = torch.randint(0, 256, (n, channels, 6, 5), generator=chance, dtype=torch.uint8)
    images[:, 0] //= 2  # channels that differ
    return ImageSet(images, torch.arange(n) % 3, ("a", "b", "c"), "coloured")


def dealt(data=None):
    return split(data or coloured(), 0.2, 0.1, np.random.default_rng(0))


def seeded(seed=1):
    return Generator().manual_seed(seed)


@pytest.mark.parametrize("channels", [1, 3])
def test_all_parts_are_normalised_by_the_training_part(channels):
    parts = dealt(coloured(channels=channels))
    ready = prepare(parts, "cpu")
    numbers = parts.train.images.numpy().astype(np.float64) / 255
    mean, std = (f(numbers, axis=(0, 2, 3), keepdims=True) for f in (np.mean, np.std))
    for part, source in ((ready.train, parts.train), (ready.test, parts.test)):
        images = torch.cat([images for images, _ in part.in_order(64)])
        expected = (source.images.numpy() / 255 - mean) / std
        np.testing.assert_allclose(images.numpy(), expected, atol=1e-5)
        assert torch.equal(part.labels, source.labels)
    assert ready.shape == (channels, 6, 5)


def test_a_large_set_stays_bytes_and_gives_the_same_numbers():
    parts = dealt()
    ready, lazy = prepare(parts, "cpu"), prepare(parts, "cpu", float_limit=1000)
    assert lazy.train.images.dtype == torch.uint8
    assert ready.train.images.dtype == torch.float32
    for one, other in zip(
        ready.train.batches(seeded(), 32), lazy.train.batches(seeded(), 32), strict=True
    ):
        assert torch.equal(one[0], other[0])
        assert torch.equal(one[1], other[1])


def test_an_epoch_deals_every_picture_once():
    part = prepare(dealt(), "cpu").train
    batches = list(part.batches(seeded(), 64))
    assert [len(labels) for _, labels in batches] == [64, 64, 64, 18]
    images = torch.cat([images for images, _ in batches]).flatten(1)
    everything = part.images.permute(0, 3, 1, 2).flatten(1)
    assert torch.equal(images.sort(0).values, everything.sort(0).values)
    again = torch.cat([labels for _, labels in part.batches(seeded(), 64)])
    assert torch.equal(torch.cat([labels for _, labels in batches]), again)
    assert not torch.equal(torch.cat([y for _, y in part.batches(seeded(2), 64)]), again)


def test_the_batches_are_those_of_a_loader_with_the_same_order():
    part = prepare(dealt(), "cpu").train
    order = torch.randperm(len(part), generator=seeded()).tolist()
    plain = TensorDataset(part.images.permute(0, 3, 1, 2), part.labels)
    loader = DataLoader(plain, batch_size=50, sampler=order)
    for (x, y), (expected_x, expected_y) in zip(part.batches(seeded(), 50), loader, strict=True):
        assert torch.equal(x, expected_x)
        assert torch.equal(y, expected_y)
        assert x.is_contiguous(memory_format=torch.channels_last)


def test_the_chance_of_others_is_left_alone():
    before = torch.get_rng_state()
    list(prepare(dealt(), "cpu").train.batches(seeded(), 10))
    assert torch.equal(torch.get_rng_state(), before)


def test_a_channel_without_spread_can_be_divided_by():
    data = coloured()
    data.images[:, 1] = 51
    mean, std = mean_and_std(data)
    assert (float(mean[1]), float(std[1])) == (pytest.approx(0.2), 1.0)
    assert torch.isfinite(prepare(dealt(data), "cpu").train.images).all()


def test_no_batch_of_nothing():
    with pytest.raises(InputError, match="at least one"):
        prepare(dealt(), "cpu").train.batches(seeded(), 0)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU here")
def test_the_same_order_and_numbers_on_the_gpu():
    parts = dealt()
    here, there = prepare(parts, "cpu").train, prepare(parts, "cuda").train
    for one, other in zip(here.batches(seeded(), 32), there.batches(seeded(), 32), strict=True):
        torch.testing.assert_close(one[0], other[0].cpu())
        assert torch.equal(one[1], other[1].cpu())
