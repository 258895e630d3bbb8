"""How the shipped digit reader was trained: `python -m core.reader.train --data DIR --out DIR`."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from torch import Generator, Tensor

from core.images.finding import load
from core.images.image_set import ImageSet
from core.images.prepared import mean_and_std
from core.images.split import Split, split_official
from core.networks.probes import wilson
from core.reader.distort import Distortion, distorted
from core.reader.pen import distances
from core.reader.reader import FORMAT, Reader
from core.vision.build import ImageNetwork, build, placed
from core.vision.text import parse

MODEL = (
    "conv 32 5; maxpool 2; bn; relu; conv 64 3; bn; relu; conv 64 3; maxpool 2; bn; relu; "
    "conv 128 3; maxpool 2; bn; relu; flatten; dropout 0.2; linear 10"
)
VALIDATION = 5000
# In bfloat16 a processor that knows it is twice as fast, any other one a tenth as fast.
_HALVES = bool(getattr(torch.cpu, "_is_avx512_bf16_supported", bool)())
FILE = "digits.safetensors"


@dataclass(frozen=True)
class Recipe:
    """The settings of the training.

    Attributes:
        epochs: How often each digit is seen, each time changed in another way.
        batch_size: Digits in a batch.
        learning_rate: The highest rate of OneCycle.
        weight_decay: Of AdamW.
        smoothing: Label smoothing.
        average: How slowly the averaged weights follow, of 1.
        seed: All chance comes from it.
        digits: How many digits to learn from; None takes all.
    """

    epochs: int = 30
    batch_size: int = 128
    learning_rate: float = 0.006
    weight_decay: float = 0.02
    smoothing: float = 0.05
    average: float = 0.998
    seed: int = 0
    digits: int | None = None


@dataclass(frozen=True, eq=False)
class Digits:
    """Digits with the distances to their middle lines."""

    images: Tensor
    distance: Tensor
    labels: Tensor

    @classmethod
    def of(cls, data: ImageSet) -> Digits:
        """All digits of a set."""
        images = data.images[:, 0]
        return cls(images, distances(images), data.labels)

    def changed(self, which: Tensor, generator: Generator) -> Tensor:
        """Some of the digits, changed: float32 of shape (B, 28, 28), 0 to 1."""
        ink = self.images[which].float() / 255
        return distorted(ink, self.distance[which], Distortion(), generator)


def train(digits: Digits, mean: float, std: float, recipe: Recipe) -> ImageNetwork:
    """A network trained on changed digits; its weights are an average over the last steps.

    Args:
        digits: What to learn from.
        mean: The mean of the pixels, on the scale from 0 to 1.
        std: Their standard deviation.
        recipe: The settings; the same seed on the same machine gives the same weights.
    """
    chance = Generator().manual_seed(recipe.seed)
    model = build(parse(MODEL), (1, 28, 28), 10, chance)
    placed(model, "cpu")
    optimizer = torch.optim.AdamW(model.parameters(), weight_decay=recipe.weight_decay)
    steps = recipe.epochs * -(-len(digits.labels) // recipe.batch_size)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, recipe.learning_rate, steps)
    average = {name: value.clone() for name, value in model.state_dict().items()}
    start = time.perf_counter()
    for epoch in range(recipe.epochs):
        total = 0.0
        order = torch.randperm(len(digits.labels), generator=chance)
        for which in torch.split(order, recipe.batch_size):
            images = (digits.changed(which, chance) - mean) / std
            loss = _step(model, optimizer, images[:, None], digits.labels[which], recipe.smoothing)
            schedule.step()
            _follow(average, model, recipe.average)
            total += loss * len(which)
        seconds = time.perf_counter() - start
        _say(f"epoch {epoch + 1}: loss {total / len(digits.labels):.4f}, {seconds:.0f} s")
    model.load_state_dict(average)
    return model.eval()


def calibrated(reader: Reader, images: Tensor, labels: Tensor) -> Reader:
    """The same reader with the temperature that makes its probabilities most likely.

    Args:
        reader: The reader.
        images: Digits that it has not learnt from, uint8 of shape (N, 28, 28).
        labels: What they are, int64 of shape (N,).
    """
    scores = reader.scores(images).double()
    choices = torch.logspace(-1.5, 1.5, 301, base=2, dtype=torch.float64).tolist()
    best = min(choices, key=lambda one: F.cross_entropy(scores / one, labels).item())
    return Reader(reader.model, reader.mean, reader.std, round(best, 3))


def save(reader: Reader, path: Path) -> None:
    """Write a reader with half precision; read it back before measuring anything."""
    weights = {
        name: (value.half() if value.is_floating_point() else value).contiguous()
        for name, value in reader.model.state_dict().items()
        if not name.endswith("num_batches_tracked")
    }
    scale = json.dumps([reader.mean, reader.std, reader.temperature])
    save_file(weights, path, {"format": FORMAT, "model": MODEL, "scale": scale})


def accuracy(reader: Reader, images: Tensor, labels: Tensor) -> str:
    """The share read rightly and its 95 % interval (Wilson), in words."""
    right = int((reader.scores(images).argmax(1) == labels).sum())
    low, high = wilson(right, len(labels))
    share = right / len(labels)
    return f"{share:.2%} ({low:.2%} to {high:.2%}, {right:,} of {len(labels):,})"


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, calibrate, write the file, read it back and measure it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder with MNIST/raw")
    parser.add_argument("--out", type=Path, required=True, help="the folder for the weights")
    parser.add_argument("--epochs", type=int, default=Recipe.epochs)
    parser.add_argument("--digits", type=int, help="learn from fewer digits, to try it out")
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args(arguments)
    torch.set_num_threads(given.threads)
    recipe = replace(Recipe(), epochs=given.epochs, digits=given.digits)

    parts = _split(given.data, recipe.seed)
    learnt = parts.train if recipe.digits is None else parts.train.take(range(recipe.digits))
    mean, std = (round(number.item(), 4) for number in mean_and_std(learnt))
    model = train(Digits.of(learnt), mean, std, recipe)

    held = Digits.of(parts.validation)
    chance = Generator().manual_seed(recipe.seed + 1)
    changed = (held.changed(torch.arange(len(held.labels)), chance) * 255).round().byte()
    both = torch.cat((held.images, changed)), held.labels.repeat(2)
    path = given.out / FILE
    save(calibrated(Reader(model, mean, std), *both), path)
    reader = Reader.load(path)
    _say(f"temperature {reader.temperature}, {path.stat().st_size:,} bytes")
    _say(f"validation, as it is: {accuracy(reader, held.images, held.labels)}")
    _say(f"validation, changed: {accuracy(reader, changed, held.labels)}")
    _say(f"test: {accuracy(reader, parts.test.images[:, 0], parts.test.labels)}")


def _split(folder: Path, seed: int) -> Split:
    """MNIST with 5,000 of its training digits held back, every class in proportion."""
    official, test = load("mnist", [folder])
    assert test is not None
    return split_official(official, test, VALIDATION / len(official), np.random.default_rng(seed))


def _step(
    model: ImageNetwork,
    optimizer: torch.optim.Optimizer,
    images: Tensor,
    labels: Tensor,
    smoothing: float,
) -> float:
    inputs = images.contiguous(memory_format=torch.channels_last)
    with torch.autocast("cpu", torch.bfloat16, enabled=_HALVES):
        scores = model(inputs)
    loss = F.cross_entropy(scores.float(), labels, label_smoothing=smoothing)
    optimizer.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    optimizer.step()
    return loss.item()


def _follow(average: dict[str, Tensor], model: ImageNetwork, share: float) -> None:
    for name, value in model.state_dict().items():
        if value.is_floating_point():
            average[name].lerp_(value, 1 - share)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
