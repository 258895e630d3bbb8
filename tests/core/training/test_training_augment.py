"""Training with augmentation: what reaches the network, what does not, and resuming it."""

from dataclasses import replace

import pytest
import torch
from torch import Generator

from core.augmentation.text import parse
from core.augmentation.training import Augmenter
from core.errors import InputError
from core.images.prepared import FLOAT_LIMIT, prepare
from core.training.augmenting import training_part
from core.training.config import TrainingConfig
from core.training.data import prepared_for, split_for
from core.training.events import EpochEnded
from core.training.loop import train
from core.training.state import start

CONFIG = TrainingConfig(
    model="conv 4 3; relu; dropout 0.2; gap; linear 10",
    train_size=100,
    epochs=4,
    batch_size=32,
    learning_rate=0.003,
    threads=1,
)
STRONG = "hflip;affine:degrees=40;resized_crop:size=224;trivial;normalise;erasing;mixup"


def trained(config, digits, prepared=None):
    prepared = prepared or prepared_for(config, digits)
    model, state = start(config, prepared.shape, 10)
    events = list(train(model, prepared, config, state))
    return model, state, [event for event in events if isinstance(event, EpochEnded)]


def numbers(rows):
    return [(r.training_loss, r.training_accuracy, r.validation_loss) for r in rows]


def first_batch(text, digits, size=32):
    config = replace(CONFIG, augment=text)
    part = training_part(prepared_for(config, digits), config)
    return next(iter(part.batches(Generator().manual_seed(1), size)))


def test_without_augmentation_the_pictures_are_dealt_out_as_ever(digits):
    prepared = prepared_for(CONFIG, digits)
    assert training_part(prepared, CONFIG) is prepared.train
    assert prepared.train.images.dtype == torch.float32


def test_a_pipeline_that_is_switched_off_changes_no_bit(digits):
    """So pictures come out of bytes, normalised, in the same order in memory."""
    _, _, plain = trained(CONFIG, digits)
    for other in (CONFIG, replace(CONFIG, channels_last=False)):
        model, _, rows = trained(replace(other, augment="-hflip;-mixup"), digits)
        expected, _, told = trained(other, digits)
        assert numbers(rows) == numbers(told)
        assert all(map(torch.equal, model.parameters(), expected.parameters()))
    assert numbers(plain) != numbers(trained(replace(CONFIG, augment="hflip"), digits)[2])


def test_pictures_that_were_normalised_already_give_their_bytes_back(digits):
    config = replace(CONFIG, augment=STRONG)
    split = split_for(config, digits)
    as_float, as_bytes = (prepare(split, "cpu", limit) for limit in (FLOAT_LIMIT, 0))
    assert as_float.train.images.dtype != as_bytes.train.images.dtype
    every = torch.arange(len(split.train))
    assert torch.equal(as_float.train.bytes_of(every), split.train.images)
    assert torch.equal(as_bytes.train.bytes_of(every), split.train.images)
    first, second = (trained(config, digits, one)[2] for one in (as_float, as_bytes))
    assert numbers(first) == numbers(second)


@pytest.mark.parametrize("text", [STRONG, "rotation;cutmix", "noise:0.5"])
def test_a_resumed_run_is_the_undisturbed_one_to_the_last_bit(text, digits):
    config = replace(CONFIG, augment=text)
    model, _, rows = trained(config, digits)
    halfway, state, _ = trained(replace(config, epochs=2), digits)
    again, fresh = start(config, (1, 28, 28), 10)
    fresh.restore(state.capture(halfway), again)
    list(train(again, prepared_for(config, digits), config, fresh))
    assert all(map(torch.equal, model.parameters(), again.parameters()))
    assert numbers(fresh.rows) == numbers(rows)


def test_validation_pictures_are_never_changed(digits):
    """With hardly any learning, training sees negatives and validation does not."""
    still = replace(CONFIG, model="softmax", learning_rate=1e-8, epochs=1)
    _, _, (plain,) = trained(still, digits)
    _, _, (negative,) = trained(replace(still, augment="invert:1"), digits)
    assert abs(plain.validation_loss - negative.validation_loss) < 1e-5
    assert abs(plain.training_loss - negative.training_loss) > 0.05


def test_every_epoch_sees_other_pictures_and_every_seed_too(digits):
    config = replace(CONFIG, augment="rotation:degrees=30")
    part = training_part(prepared_for(config, digits), config)
    generator = Generator().manual_seed(0)
    first, second = (sorted_pictures(part, generator) for _ in range(2))
    assert len(set(first) & set(second)) < len(first) / 20  # two angles can lie near each other
    assert sorted_pictures(part, Generator().manual_seed(0)) == first


def sorted_pictures(part, generator):
    return sorted(
        one.contiguous().numpy().tobytes()
        for images, _ in part.batches(generator, 32)
        for one in images
    )


def test_mixed_pictures_have_mixed_labels(digits):
    images, shares = first_batch("mixup", digits)
    plain, labels = first_batch("-mixup", digits)
    assert shares.shape == (32, 10)
    assert torch.allclose(shares.sum(1), torch.ones(32))
    one_hot = torch.nn.functional.one_hot(labels, 10).float()
    both = one_hot.roll(1, 0)
    share = ((shares - both).abs().sum() / (one_hot - both).abs().sum()).item()
    assert 0 < share < 1
    assert torch.allclose(shares, share * one_hot + (1 - share) * both, atol=1e-6)
    assert torch.allclose(images, share * plain + (1 - share) * plain.roll(1, 0), atol=1e-5)


def test_the_loss_of_mixed_labels_is_the_mixed_loss(digits):
    """Cross-entropy against shares is the same share of the two cross-entropies."""
    still = replace(CONFIG, model="softmax", learning_rate=1e-8, epochs=1, batch_size=1000)
    _, _, (row,) = trained(replace(still, augment="mixup"), digits)
    prepared = prepared_for(still, digits)
    model, state = start(still, prepared.shape, 10)
    config = replace(still, augment="mixup")
    images, shares = next(iter(training_part(prepared, config).batches(state.generator, 1000)))
    losses = -(shares * model(images).log_softmax(1)).sum(1)
    assert abs(losses.mean().item() - row.training_loss) < 1e-5
    said = (model(images).argmax(1) == shares.argmax(1)).float().mean().item()
    assert abs(said - row.training_accuracy) < 1e-6


def test_what_stands_behind_normalise_acts_on_normalised_numbers(digits):
    """Erasing with 0 covers with black before it, and with the mean grey behind it."""
    area = "scale_min=0.9,scale_max=0.9,ratio_min=1,ratio_max=1"
    before, behind = (
        first_batch(text, digits)[0]
        for text in (f"erasing:1,{area}", f"normalise;erasing:1,{area}")
    )
    mean, std = (prepared_for(CONFIG, digits).train.mean, prepared_for(CONFIG, digits).train.std)
    middle = slice(10, 18)
    assert torch.allclose(before[:, :, middle, middle], -mean / std)
    assert torch.equal(behind[:, :, middle, middle], torch.zeros(32, 1, 8, 8))


@pytest.mark.parametrize(
    "text",
    [
        "resized_crop:size=224",
        "resize:size=256;crop:size=224",
        "crop:size=20",
        "crop:size=40,padding=10",
        "zoom_out:1",
        "zoom_out:1;normalise;zoom_out:1",
        "normalise;crop:size=24",
    ],
)
def test_whatever_it_does_the_network_gets_its_size(text, digits):
    images, labels = first_batch(text, digits)
    assert images.shape == (32, 1, 28, 28)
    assert images.dtype == torch.float32
    assert labels.dtype == torch.int64


def test_a_step_that_needs_larger_pictures_is_left_out_and_said():
    plan = Augmenter(parse("hflip;blur:kernel_size=23"), (1, 8, 8), 10).plan
    assert [move.name for move in plan.before] == ["hflip"]
    assert "left out" in plan.notes[1]


def test_a_step_behind_normalise_that_cannot_be_there_is_refused():
    with pytest.raises(InputError, match=r"step 2: Colour jitter needs values from black"):
        TrainingConfig(augment="normalise;jitter")
    with pytest.raises(InputError, match="Step 2: Colour jitter"):
        Augmenter(parse("normalise;jitter"), (1, 28, 28), 10)
