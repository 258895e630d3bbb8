"""A trained network to take away: safetensors, state_dict and ONNX, each read back and compared."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load as load_safetensors
from safetensors.torch import save as save_safetensors
from torch import Generator, Tensor, nn

from core.onnx_export import onnx_program
from core.onnx_session import onnx_session
from core.training.evaluation import BATCH
from core.training.finished import Finished, scores_of
from core.vision.build import ImageNetwork, build
from core.vision.text import write

INPUT, OUTPUT = "pictures", "scores"


@dataclass(frozen=True)
class Export:
    """A file with a network, and how well it was checked.

    Attributes:
        data: The bytes of the file.
        largest_difference: How far the scores of the network read back from these bytes are
            from those of the live one, at worst.
        pictures: On how many pictures they were compared: all of the validation set, or of the
            training set where there is no validation.
    """

    data: bytes
    largest_difference: float
    pictures: int


def to_safetensors(one: Finished) -> Export:
    """The weights and running statistics by name, with what is needed to use them as metadata.

    The format holds numbers only: unlike a pickle it cannot run anything when it is opened.
    """
    data = save_safetensors(_weights(one.model), metadata(one))
    return _compared(data, one, load_safetensors(data))


def to_state_dict(one: Finished) -> Export:
    """The same as a file of PyTorch, for ``torch.load(file, weights_only=True)``."""
    file = io.BytesIO()
    torch.save(_weights(one.model), file)
    data = file.getvalue()
    return _compared(data, one, torch.load(io.BytesIO(data), weights_only=True))


def to_onnx(one: Finished) -> Export:
    """Network and pre-processing as a graph that runs without PyTorch.

    Its input "pictures" are bytes, uint8 of shape (N, C, H, W), 0 black and 255 full; its
    output "scores" has shape (N, classes), before softmax. Takes a few seconds.
    """
    train = one.prepared.train
    graph = _FromBytes(one.model, train.mean, train.std).eval()
    example = torch.zeros(2, *one.prepared.shape, dtype=torch.uint8)
    program = onnx_program(graph, example, INPUT, [OUTPUT], {0: "N"})
    for name, value in metadata(one).items():
        program.model.metadata_props[name] = value
    data: bytes = program.model_proto.SerializeToString()
    return _export(data, one, _onnx_scores(data, one))


def metadata(one: Finished) -> dict[str, str]:
    """What goes with the weights: layers, classes, form and scale of the pictures, as JSON."""
    train = one.prepared.train
    facts = {
        "model": write(one.model.spec),
        "input_shape": one.prepared.shape,
        "classes": one.prepared.classes,
        "mean": train.mean.tolist(),
        "std": train.std.tolist(),
        "dataset": one.config.dataset,
        "epoch": one.epoch,
    }
    return {name: json.dumps(value, ensure_ascii=False) for name, value in facts.items()}


class _FromBytes(nn.Module):
    """A network with its pre-processing in front: it takes bytes."""

    mean: Tensor
    std: Tensor

    def __init__(self, model: ImageNetwork, mean: Tensor, std: Tensor) -> None:
        super().__init__()
        self.model = model
        self.register_buffer("mean", mean.view(1, -1, 1, 1))
        self.register_buffer("std", std.view(1, -1, 1, 1))

    def forward(self, pictures: Tensor) -> Tensor:
        """From bytes (N, C, H, W) to scores (N, classes)."""
        scores: Tensor = self.model((pictures.float() / 255 - self.mean) / self.std)
        return scores


def _weights(model: ImageNetwork) -> dict[str, Tensor]:
    return {name: value.contiguous() for name, value in model.state_dict().items()}


def _compared(data: bytes, one: Finished, weights: dict[str, Tensor]) -> Export:
    """Build the network anew from weights that were read back, and ask both."""
    spec, shape = one.model.spec, one.model.input_shape
    again = build(spec, shape, len(one.prepared.classes), Generator())
    again.load_state_dict(weights)
    if one.config.channels_last:  # the same order of sums as in the run
        again.to(memory_format=torch.channels_last)
    return _export(data, one, scores_of(again, one.pictures).numpy())


def _export(data: bytes, one: Finished, scores: NDArray[np.float32]) -> Export:
    difference = float(np.abs(scores - one.scores.numpy()).max())
    return Export(data, difference, len(scores))


def _onnx_scores(data: bytes, one: Finished) -> NDArray[np.float32]:
    """What another program says about the same pictures, from their bytes."""
    session = onnx_session(data)
    parts = one.pictures.in_order(BATCH)
    found = [session.run([OUTPUT], {INPUT: _bytes(images, one)})[0] for images, _ in parts]
    return np.concatenate(found)


def _bytes(images: Tensor, one: Finished) -> NDArray[np.uint8]:
    """The pictures as they were before they were normalised."""
    mean, std = (numbers.view(1, -1, 1, 1) for numbers in _scale(one))
    grey = (images * std + mean) * 255
    return np.asarray(grey.round().clamp(0, 255).to(torch.uint8).contiguous().numpy())


def _scale(one: Finished) -> tuple[Tensor, Tensor]:
    return one.prepared.train.mean, one.prepared.train.std
