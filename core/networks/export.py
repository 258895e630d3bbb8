"""The network to take away: its weights as safetensors, and the whole of it as ONNX."""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load as load_safetensors
from safetensors.torch import save as save_safetensors

from core.networks.config import NetworkConfig
from core.networks.features import matrix
from core.networks.model import Network, build
from core.networks.probes import grid
from core.onnx_export import onnx_program
from core.onnx_session import onnx_session

_RESOLUTION = 24


@dataclass(frozen=True)
class Export:
    """A file with the network, and how well it was checked.

    Attributes:
        data: The bytes of the file.
        largest_difference: How far the scores of the network read back from these bytes are
            from those of the live one, at worst, over 576 places of the plane.
    """

    data: bytes
    largest_difference: float


def to_safetensors(model: Network, config: NetworkConfig) -> Export:
    """The weights by name, as `state_dict` has them, with the inputs and layers as metadata.

    The format holds numbers only: unlike a pickle it cannot run anything when it is opened.

    Args:
        model: The network.
        config: What it was built from; needed to check the file.
    """
    layers = [[layer.units, layer.activation, layer.batch_norm] for layer in config.layers]
    metadata = {"features": json.dumps(config.features), "layers": json.dumps(layers)}
    data = save_safetensors(
        {name: value.contiguous() for name, value in model.state_dict().items()}, metadata
    )
    again = build(config, model.output.out_features, torch.Generator(), model.ending)
    again.load_state_dict(load_safetensors(data))
    return Export(data, _difference(_scores(again), _scores(model)))


def to_onnx(model: Network) -> Export:
    """The network as a graph that runs without PyTorch.

    Its input "inputs" are the features, shape (points, F); its output "scores" are the
    scores before sigmoid or softmax, shape (points, outputs). Takes a second or two.

    Args:
        model: The network; it is exported as it is used, with dropout off.
    """
    inputs = _inputs(model)
    before = model.training
    model.eval()
    try:
        program = onnx_program(model, inputs, "inputs", ["scores"], {0: "points"})
        data: bytes = program.model_proto.SerializeToString()
    finally:
        model.train(before)
    (scores,) = onnx_session(data).run(["scores"], {"inputs": inputs.numpy()})
    return Export(data, _difference(np.asarray(scores), _scores(model)))


def _inputs(model: Network) -> torch.Tensor:
    return matrix(model.features, grid(_RESOLUTION))


@torch.no_grad()
def _scores(model: Network) -> NDArray[np.float32]:
    before = model.training
    model.eval()
    scores = model(_inputs(model))
    model.train(before)
    return np.asarray(scores.numpy())


def _difference(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    return float(np.abs(one - other).max())
