"""The shipped reader on digits that it has not learnt from, and other models in its place."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.torch import save_file

from core.errors import InputError
from core.reader.pen import distances
from core.reader.prepare import as_mnist, from_strokes
from core.reader.reader import SHIPPED, Reader
from core.reader.train import Digits as Learnt
from core.reader.train import Recipe, calibrated, save, train
from core.reader.upload import read_picture
from core.vision.build import build
from core.vision.models import model_named

MAX_BYTES = 1_000_000


@pytest.fixture(scope="module")
def reader():
    return Reader.load()


@pytest.fixture(scope="module")
def answers(reader, mnist):
    """How sure the reader is of its guess for digits of MNIST's test set, and whether right."""
    images, labels = (part[::5] for part in mnist)
    sure, guess = reader.probabilities(torch.from_numpy(images)).max(1)
    return sure, guess.numpy() == labels


def share_right(reader, images, labels):
    guesses = reader.scores(torch.from_numpy(np.asarray(images))).argmax(1).numpy()
    return float(np.mean(guesses == labels))


def test_mnist_is_read_as_announced(answers):
    assert len(answers[1]) == 2_000
    assert answers[1].mean() >= 0.993


def test_its_probabilities_can_be_believed(answers):
    sure, right = answers
    # Expected calibration error (Naeini et al. 2015) with ten bins.
    bins = np.minimum((sure.numpy() * 10).astype(int), 9)
    gaps = [
        abs(right[bins == one].mean() - sure.numpy()[bins == one].mean()) * (bins == one).mean()
        for one in set(bins.tolist())
    ]
    assert sum(gaps) < 0.02


def test_enlarged_mnist_digits_are_read_from_a_page(reader, mnist, on_page):
    images, labels = (part[:50] for part in mnist)
    prepared = [as_mnist(on_page(digit, 5, 60, 120, (280, 340))).pixels for digit in images]
    assert share_right(reader, prepared, labels) >= 0.98


def test_small_digits_are_read(reader, small_digits, on_page):
    images, labels = (part[::4] for part in small_digits)
    prepared = [from_strokes(np.kron(digit, np.ones((4, 4), np.uint8))).pixels for digit in images]
    assert share_right(reader, prepared, labels) >= 0.9


def test_drawn_digits_are_read(reader, drawings):
    guesses = [reader.read(as_mnist(read_picture(data)).pixels).argmax() for data, _ in drawings]
    right = sum(guess == label for guess, (_, label) in zip(guesses, drawings, strict=True))
    assert right >= 0.95 * len(drawings)


def test_one_picture_and_many_give_the_same(reader, small_digits):
    images = small_digits[0][:5]
    together = reader.probabilities(torch.from_numpy(images)).numpy()
    for image, row in zip(images, together, strict=True):
        one = reader.read(image)
        assert one.sum() == pytest.approx(1)
        np.testing.assert_allclose(one, row, atol=1e-5)


@pytest.mark.parametrize(
    "pixels", [np.zeros((27, 28), np.uint8), np.zeros((28, 28)), np.zeros((1, 28, 28), np.uint8)]
)
def test_another_form_is_refused(reader, pixels):
    with pytest.raises(InputError, match="28×28"):
        reader.read(pixels)


def test_the_file_is_small_and_holds_numbers_only():
    data = SHIPPED.read_bytes()
    assert len(data) < MAX_BYTES
    size = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + size])  # the whole format: JSON, then numbers
    kinds = {entry["dtype"] for name, entry in header.items() if name != "__metadata__"}
    assert kinds <= {"F16", "F32"}
    assert (SHIPPED.parent / "model_card.md").is_file()


def test_any_model_can_take_its_place():
    model = build(model_named("softmax").spec, (1, 28, 28), 10, torch.Generator().manual_seed(0))
    other = Reader.from_model(model, 0.25, 0.5)
    pixels = np.random.default_rng(0).integers(0, 256, (28, 28), dtype=np.uint8)
    inputs = (pixels.reshape(-1) / 255 - 0.25) / 0.5
    linear = model.linear1
    scores = linear.weight.detach().numpy() @ inputs + linear.bias.detach().numpy()
    expected = np.exp(scores) / np.exp(scores).sum()
    np.testing.assert_allclose(other.read(pixels), expected, rtol=1e-4)


def test_a_model_of_another_form_is_refused():
    chance = torch.Generator().manual_seed(0)
    for shape, classes in (((3, 32, 32), 10), ((1, 28, 28), 4)):
        with pytest.raises(InputError, match="28×28"):
            Reader.from_model(build(model_named("fast_cnn").spec, shape, classes, chance), 0, 1)


@pytest.mark.parametrize("kind", ["missing", "empty", "text", "cut", "other", "weights gone"])
def test_a_file_that_is_no_reader_is_refused(tmp_path, kind):
    path = tmp_path / "digits.safetensors"
    with safe_open(SHIPPED, framework="pt") as file:
        metadata = file.metadata()
    if kind == "other":
        save_file({"weight": torch.zeros(3)}, path)
    elif kind == "weights gone":
        save_file({"weight": torch.zeros(3)}, path, metadata)
    elif kind != "missing":
        data = SHIPPED.read_bytes()
        path.write_bytes({"empty": b"", "text": b"hello" * 99, "cut": data[: len(data) // 2]}[kind])
    with pytest.raises(InputError, match=path.name):
        Reader.load(path)


def few(small_digits, n=300):
    images, labels = (torch.from_numpy(part[:n]) for part in small_digits)
    return Learnt(images, distances(images), labels)


def test_training_learns_and_repeats_itself(small_digits, tmp_path):
    digits = few(small_digits)
    recipe = Recipe(epochs=4, batch_size=50, average=0.7)
    model = train(digits, 0.15, 0.3, recipe)
    short, some = replace(recipe, epochs=1), few(small_digits, 150)
    first, again = (train(some, 0.15, 0.3, short).state_dict() for _ in range(2))
    for name, value in first.items():
        assert torch.equal(value, again[name]), name
    images, labels = (part[400:800] for part in small_digits)
    learnt = Reader(model, 0.15, 0.3)
    assert share_right(learnt, images, labels) > 0.7
    cooled = calibrated(learnt, torch.from_numpy(images), torch.from_numpy(labels))

    def cost(one):
        chances = one.probabilities(torch.from_numpy(images))
        return torch.nn.functional.nll_loss(chances.log(), torch.from_numpy(labels)).item()

    assert cost(cooled) <= min(cost(Reader(model, 0.15, 0.3, one)) for one in (0.5, 0.8, 1, 1.3))
    save(cooled, Path(tmp_path) / "digits.safetensors")
    back = Reader.load(tmp_path / "digits.safetensors")
    both = (one.probabilities(torch.from_numpy(images)) for one in (cooled, back))
    assert (next(both) - next(both)).abs().max() < 0.02  # half precision
