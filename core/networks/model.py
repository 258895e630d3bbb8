"""The network: hidden layers in a row and an output layer, as the diagram shows it."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Generator, Tensor, nn
from torch.nn.utils import skip_init

from core.networks.config import LayerConfig, NetworkConfig
from core.networks.losses import Ending, ended
from core.networks.units import activation, learnt_parameters

NORMAL_SPREAD = 0.5


class Dropout(nn.Module):
    """Sets a random share of the numbers to zero in training and scales up the rest.

    `nn.Dropout` draws from the one generator that all visitors share; this one has its own.
    """

    def __init__(self, share: float, generator: Generator) -> None:
        super().__init__()
        self.share = share
        self.generator = generator

    def forward(self, x: Tensor) -> Tensor:
        """The numbers of shape (B, units) that are left; all of them outside of training."""
        if not self.training:
            return x
        kept = torch.rand(x.shape, generator=self.generator) >= self.share
        return x * kept / (1 - self.share)


class BatchNorm(nn.BatchNorm1d):
    """Batch normalisation that also takes a batch of one example.

    The mean of one example is the example itself, so nothing would be left of it; then the
    running mean and variance are used, as outside of training.
    """

    def forward(self, x: Tensor) -> Tensor:
        """The sums of shape (B, units), each unit with mean β and standard deviation γ."""
        if self.training and len(x) == 1:
            return F.batch_norm(
                x, self.running_mean, self.running_var, self.weight, self.bias, eps=self.eps
            )
        return super().forward(x)


def _blank(inputs: int, units: int) -> nn.Linear:
    """A linear layer whose weights are still to be drawn.

    `nn.Linear` would draw them at once, from the generator that all visitors share.
    """
    layer = skip_init(nn.Linear, inputs, units)  # type: ignore[no-untyped-call]
    assert isinstance(layer, nn.Linear)
    return layer


class Layer(nn.Module):
    """A hidden layer: weighted sums, normalised if wished, the activation, dropout."""

    def __init__(self, inputs: int, config: LayerConfig, generator: Generator) -> None:
        super().__init__()
        self.linear = _blank(inputs, config.units)
        self.norm = BatchNorm(config.units) if config.batch_norm else None
        self.activation = activation(config.activation)
        self.dropout = Dropout(config.dropout, generator) if config.dropout else None

    def forward(self, x: Tensor) -> Tensor:
        """From (B, inputs) to (B, units)."""
        x = self.linear(x)
        if self.norm is not None:
            x = self.norm(x)
        x = self.activation(x)
        if self.dropout is not None:
            x = self.dropout(x)
        return x


class Network(nn.Module):
    """Hidden layers in a row, then an output layer that gives scores.

    Attributes:
        hidden: The hidden layers, from the inputs to the outputs.
        output: The output layer; its scores still lack the activation `ending`.
        ending: What turns the scores into what is shown: nothing, a sigmoid or a softmax.
        features: What the inputs are, keys of `FEATURES`.
    """

    def __init__(
        self, config: NetworkConfig, outputs: int, ending: Ending, generator: Generator
    ) -> None:
        super().__init__()
        sizes = [len(config.features), *(layer.units for layer in config.layers)]
        self.hidden = nn.ModuleList(
            Layer(inputs, layer, generator)
            for inputs, layer in zip(sizes[:-1], config.layers, strict=True)
        )
        self.output = _blank(sizes[-1], outputs)
        self.ending: Ending = ending
        self.features = config.features

    def forward(self, x: Tensor) -> Tensor:
        """The scores (B, outputs) of inputs (B, features)."""
        for layer in self.hidden:
            x = layer(x)
        scores: Tensor = self.output(x)
        return scores

    def stages(self, x: Tensor) -> list[Tensor]:
        """What every column of the diagram shows: the inputs, each hidden layer, the outputs."""
        shown = [x]
        for layer in self.hidden:
            shown.append(layer(shown[-1]))
        return [*shown, ended(self.output(shown[-1]), self.ending)]

    def linears(self) -> list[nn.Linear]:
        """The weights of all layers in order, that of the outputs last."""
        hidden = [layer.linear for layer in self.hidden if isinstance(layer, Layer)]
        return [*hidden, self.output]

    def draw_from(self, generator: Generator) -> None:
        """Let dropout take its chance from `generator` from now on."""
        for module in self.modules():
            if isinstance(module, Dropout):
                module.generator = generator


def build(
    config: NetworkConfig, outputs: int, generator: Generator, ending: Ending | None = None
) -> Network:
    """A network with freshly drawn weights.

    Args:
        config: What it looks like.
        outputs: How many output units.
        generator: Where the weights come from, layer by layer; dropout goes on with it.
        ending: The activation of the outputs. None takes what the loss usually needs:
            a sigmoid for BCE, a softmax for cross-entropy, nothing for MSE and Huber.
    """
    usual: dict[str, Ending] = {"bce": "sigmoid", "cross_entropy": "softmax"}
    network = Network(config, outputs, ending or usual.get(config.loss, "identity"), generator)
    for linear in network.linears():
        initialise(linear, config.initialisation, generator)
    return network


def initialise(linear: nn.Linear, way: str, generator: Generator) -> None:
    """Draw the weights of one layer; its biases become 0."""
    nn.init.zeros_(linear.bias)
    if way == "xavier":
        nn.init.xavier_uniform_(linear.weight, generator=generator)
    elif way == "he":
        nn.init.kaiming_uniform_(linear.weight, nonlinearity="relu", generator=generator)
    elif way == "normal":
        nn.init.normal_(linear.weight, std=NORMAL_SPREAD, generator=generator)
    else:
        nn.init.zeros_(linear.weight)


@dataclass(frozen=True)
class LayerShape:
    """The arithmetic under a column of the diagram.

    Attributes:
        name: "hidden 1", …, "output".
        inputs: N, how many numbers come in.
        outputs: M, how many units there are.
        parameters: N×M weights and M biases; batch normalisation adds M scales and M shifts,
            PReLU its slope.
        formula: For example "2×8+8 = 24".
    """

    name: str
    inputs: int
    outputs: int
    parameters: int
    formula: str


def layer_shapes(config: NetworkConfig, outputs: int) -> list[LayerShape]:
    """Shape and number of parameters of every layer, that of the outputs last."""
    shapes, inputs = [], len(config.features)
    for index, layer in enumerate(config.layers):
        more = [f"2×{layer.units}"] if layer.batch_norm else []
        more += ["1"] if learnt_parameters(layer.activation) else []
        shapes.append(_shape(f"hidden {index + 1}", inputs, layer.units, more))
        inputs = layer.units
    return [*shapes, _shape("output", inputs, outputs, [])]


def _shape(name: str, n: int, m: int, more: list[str]) -> LayerShape:
    count = n * m + m + sum({f"2×{m}": 2 * m, "1": 1}[part] for part in more)
    return LayerShape(name, n, m, count, "+".join([f"{n}×{m}+{m}", *more]) + f" = {count}")


def layer_sizes(config: NetworkConfig, outputs: int) -> list[int]:
    """How many units each column of the diagram has, from the inputs to the outputs."""
    return [len(config.features), *(layer.units for layer in config.layers), outputs]


def parameter_count(model: nn.Module) -> int:
    """How many numbers training changes."""
    return sum(parameter.numel() for parameter in model.parameters())
