"""The network that reads a digit: the shipped one, or any finished run."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from torch import Generator, Tensor, nn

from core.errors import InputError
from core.vision.build import ImageNetwork, build
from core.vision.text import parse

SIDE = 28
SHIPPED = Path(__file__).resolve().parents[2] / "assets" / "reader" / "digits.safetensors"
FORMAT = "deep-learning-explorer digit reader 1"
_CLASSES = 10
_CHUNK = 1000


class Reader:
    """Says how likely each of the ten digits is.

    Args:
        model: Takes (N, 1, 28, 28), gives ten scores each.
        mean: What is taken off the pixels, on the scale from 0 to 1.
        std: What they are divided by afterwards, above 0.
        temperature: What the scores are divided by before softmax, above 0; with more than 1
            it is less sure of itself.
    """

    def __init__(self, model: nn.Module, mean: float, std: float, temperature: float = 1.0) -> None:
        if not (std > 0 and temperature > 0):
            raise InputError("Spread and temperature of a reader are above 0.")
        self.model = model.eval()
        self.mean, self.std, self.temperature = mean, std, temperature

    @classmethod
    def load(cls, path: Path = SHIPPED) -> Reader:
        """The reader in a file; without a path the one that comes with the explorer.

        Raises:
            InputError: A file that is missing, damaged, or something else.
        """
        try:
            with safe_open(path, framework="pt") as file:
                metadata = file.metadata() or {}
                weights = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
            if metadata.get("format") != FORMAT:
                raise InputError(f"{path.name} holds no digit reader. Train it again.")
            mean, std, temperature = json.loads(metadata["scale"])
            model = build(parse(metadata["model"]), (1, SIDE, SIDE), _CLASSES, Generator())
            restore(model, weights)
        except FileNotFoundError:
            raise InputError(f"{path.name} is missing. Install the explorer again.") from None
        except (SafetensorError, KeyError, ValueError, RuntimeError, OSError) as error:
            if isinstance(error, InputError):
                raise
            raise InputError(f"{path.name} is damaged. Install the explorer again.") from error
        return cls(model, mean, std, temperature)

    @classmethod
    def from_model(
        cls, model: nn.Module, mean: float, std: float, temperature: float = 1.0
    ) -> Reader:
        """A finished run in the place of the shipped reader.

        Args:
            model: Takes pictures (N, 1, 28, 28) and gives ten scores each.
            mean: The mean of its training pixels, on the scale from 0 to 1.
            std: Their standard deviation.
            temperature: 1 takes its probabilities as they are.

        Raises:
            InputError: A model of another form.
        """
        reader = cls(model, mean, std, temperature)
        try:
            scores = reader.scores(torch.zeros(1, SIDE, SIDE, dtype=torch.uint8))
        except RuntimeError:
            scores = torch.empty(0)
        if scores.shape != (1, _CLASSES):
            raise InputError(
                "Only a network for grey pictures of 28×28 pixels and ten classes can read digits."
            )
        return reader

    def read(self, pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
        """How likely each digit is, for one picture in MNIST's form.

        Args:
            pixels: Shape (28, 28), ink bright on black, as `core.reader.prepare` gives it.

        Returns:
            Ten probabilities, 0 to 9, with the sum 1.

        Raises:
            InputError: Another shape or type.
        """
        if pixels.shape != (SIDE, SIDE) or pixels.dtype != np.uint8:
            raise InputError(
                f"A digit to read has 28×28 bytes, not {pixels.dtype} of shape {pixels.shape}."
            )
        (answer,) = self.read_all(pixels[None])
        return np.asarray(answer)

    def read_all(self, pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
        """The same for many pictures at once, which takes a third less time for each.

        Args:
            pixels: uint8 of shape (N, 28, 28).

        Returns:
            Shape (N, 10).
        """
        images = torch.from_numpy(np.ascontiguousarray(pixels))
        return np.asarray(self.probabilities(images).numpy())

    def probabilities(self, images: Tensor) -> Tensor:
        """How likely each digit is, for many pictures.

        Args:
            images: uint8 of shape (N, 28, 28).

        Returns:
            float64 of shape (N, 10), each row with the sum 1.
        """
        return torch.softmax(self.scores(images).double() / self.temperature, 1)

    @torch.inference_mode()
    def scores(self, images: Tensor) -> Tensor:
        """The scores before softmax, float32 of shape (N, 10), for uint8 of (N, 28, 28)."""
        device = next((one.device for one in self.model.parameters()), torch.device("cpu"))
        parts = []
        for chunk in torch.split(images[:, None], _CHUNK):
            inputs = (chunk.to(device).float() / 255 - self.mean) / self.std
            parts.append(self.model(inputs.contiguous(memory_format=torch.channels_last)).cpu())
        return torch.cat(parts)


def restore(model: ImageNetwork, weights: dict[str, Tensor]) -> None:
    """Put stored weights, possibly of half precision, into a network of the same form.

    Raises:
        RuntimeError: Names or shapes that do not fit.
    """
    counters = {  # of batch normalisation; only training needs them
        name: value
        for name, value in model.state_dict().items()
        if name.endswith("num_batches_tracked")
    }
    model.load_state_dict(counters | {name: value.float() for name, value in weights.items()})
