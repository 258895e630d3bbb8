"""A predictor as an ONNX file: from the bytes of a picture of any size to probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from core.onnx_export import onnx_program
from core.onnx_session import onnx_session
from core.transfer.export_facts import metadata
from core.transfer.predictor import Predictor
from core.transfer.preprocess import Picture
from core.transfer.rejecting import NEIGHBOURS

INPUT, OUTPUTS = "picture", ("probabilities", "distance")


@dataclass(frozen=True)
class OnnxExport:
    """An ONNX file, and how well it was checked.

    Attributes:
        data: The bytes of the file.
        largest_difference: How far its probabilities are from those of the page, at worst.
        pictures: On how many pictures they were compared.
    """

    data: bytes
    largest_difference: float
    pictures: int


def to_onnx(predictor: Predictor, pictures: Sequence[Picture]) -> OnnxExport:
    """The whole way as a graph that runs without PyTorch.

    Its input "picture" is uint8 of shape (H, W, 3), any height and width, red, green, blue. Its
    outputs are "probabilities" of shape (K,), calibrated, and "distance", a number from 0 to 2;
    the limits for "none of these" are in its metadata. Takes some seconds.

    Args:
        predictor: On the CPU.
        pictures: Those of the user, on which both are compared.
    """
    graph = _FromPicture(predictor).eval()
    # Sizes that differ, so that no dimension is taken for another one.
    example = torch.zeros(97, 131, 3, dtype=torch.uint8)
    program = onnx_program(graph, example, INPUT, OUTPUTS, {0: "H", 1: "W"})
    for name, value in metadata(predictor).items():
        program.model.metadata_props[name] = value
    data: bytes = program.model_proto.SerializeToString()
    return OnnxExport(data, _difference(data, predictor, pictures), len(pictures))


def onnx_probabilities(data: bytes, pictures: Sequence[Picture]) -> NDArray[np.float32]:
    """What ONNX Runtime says about pictures, shape (N, K)."""
    session = onnx_session(data)
    said = [session.run([OUTPUTS[0]], {INPUT: np.ascontiguousarray(p)})[0] for p in pictures]
    return np.stack(said)


def _difference(data: bytes, predictor: Predictor, pictures: Sequence[Picture]) -> float:
    if not pictures:
        return float("nan")
    ours = np.stack([one.calibrated for one in predictor.predict(pictures)])
    return float(np.abs(onnx_probabilities(data, pictures) - ours).max())


class _FromPicture(nn.Module):
    """Pre-processing, backbone, head, temperature and distance as one module.

    Pillow's resize is two products with matrices, one along the width and one along the height,
    each rounded to bytes: that runs everywhere, and gives Pillow's pixels to the last bit.
    """

    weight: Tensor
    bias: Tensor
    known: Tensor
    mean: Tensor
    std: Tensor

    def __init__(self, predictor: Predictor) -> None:
        super().__init__()
        info = predictor.backbone.info
        self.side, self.share = info.side, info.side / info.shorter
        self.backbone = predictor.backbone
        weight, bias = predictor.head.linear()
        self.register_buffer("weight", weight / predictor.temperature)
        self.register_buffer("bias", bias / predictor.temperature)
        threshold = predictor.threshold
        known = torch.zeros(1, info.features) if threshold is None else threshold.known
        self.register_buffer("known", known)
        self.register_buffer("mean", torch.tensor(info.mean).view(-1, 1, 1) * 255)
        self.register_buffer("std", torch.tensor(info.std).view(-1, 1, 1) * 255)

    def forward(self, picture: Tensor) -> tuple[Tensor, Tensor]:
        """Probabilities (K,) and distance () of bytes (H, W, 3)."""
        square = self.square(picture)  # (3, S, S)
        features = self.backbone(((square - self.mean) / self.std)[None])  # (1, D)
        probabilities = F.linear(features, self.weight, self.bias)[0].softmax(0)
        unit = F.normalize(features)
        distances = (self.known - unit).square().sum(1).sqrt()
        count = min(NEIGHBOURS, len(self.known))
        return probabilities, distances.topk(count, largest=False).values.mean()

    def square(self, picture: Tensor) -> Tensor:
        """The middle of a picture, scaled, as `to_square` cuts it: shape (3, S, S), 0 to 255."""
        height, width = (torch.ones_like(picture[line], dtype=torch.float64) for line in _LINES)
        cut = torch.minimum(height.sum(), width.sum()) * self.share
        across, down = self.weights(width, cut), self.weights(height, cut)  # (S, W), (S, H)
        pixels, (side, last) = picture.double(), (self.side, 3)
        # Pillow begins with the width; with the height where that leaves it less to do.
        wide = _rounded(across @ pixels).flatten(1)  # (H, 3 S)
        tall = _rounded(down @ pixels.flatten(1)).view(side, -1, last)  # (S, W, 3)
        usual = _rounded(down @ wide).view(side, side, last)
        other = _rounded(across @ tall)
        height_first = height.sum() - side > 2 * (width.sum() - side).clamp(min=0)
        return torch.where(height_first, other, usual).permute(2, 0, 1).float()

    def weights(self, ones: Tensor, cut: Tensor) -> Tensor:
        """How much each pixel (columns) counts for each pixel of the square (rows).

        Triangles, with Pillow's roundings: the edges of the cut to 32 bits, weights to 22.
        """
        first = ((ones.sum() - cut) / 2).float()
        last = ((ones.sum() - cut) / 2 + cut).float()
        scale = (last - first).double() / self.side
        centres = first.double() + (torch.arange(self.side, dtype=torch.float64) + 0.5) * scale
        away = (ones.cumsum(0) - 1)[None] - centres[:, None] + 0.5  # (S, pixels)
        reach = torch.maximum(scale, torch.ones_like(scale))
        triangle = (1 - (away * (1 / reach)).abs()).clamp(min=0)
        exact = triangle * (1 / triangle.sum(1, keepdim=True))
        return (exact * _STEPS + 0.5).floor() / _STEPS


_STEPS = 2.0**22
_LINES = ((slice(None), 0, 0), (0, slice(None), 0))  # one column, one row


def _rounded(values: Tensor) -> Tensor:
    """To the nearest whole number from 0 to 255, halves upwards."""
    return (values + 0.5).floor().clamp(0, 255)
