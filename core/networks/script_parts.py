"""The longer parts of the script: the points and the model."""

from __future__ import annotations

import textwrap
from functools import lru_cache

import numpy as np

from core.networks.config import NetworkConfig
from core.networks.losses import Objective
from core.networks.model import NORMAL_SPREAD
from core.networks.plane import PlaneData
from core.networks.units import activation_code, needs_function

WIDTH = 88
_TOGETHER = "\N{NO-BREAK SPACE}"  # keeps a pair on one line

DROPOUT = '''
class Dropout(nn.Module):
    """nn.Dropout with a generator of its own, so that the run can be repeated."""

    def __init__(self, share):
        super().__init__()
        self.share = share

    def forward(self, x):
        if not self.training:
            return x
        kept = torch.rand(x.shape, generator=generator) >= self.share
        return x * kept / (1 - self.share)

'''
BATCH_NORM = '''
class BatchNorm(nn.BatchNorm1d):
    """Takes a batch of one example too: it is measured by the running statistics."""

    def forward(self, x):
        if self.training and len(x) == 1:
            return F.batch_norm(
                x, self.running_mean, self.running_var, self.weight, self.bias,
                eps=self.eps,
            )
        return super().forward(x)

'''


FUNCTION = '''
class Function(nn.Module):
    """An activation that PyTorch has no module for."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)

'''


def modules_used(config: NetworkConfig, count: int) -> str:
    """Definitions of the modules that PyTorch lacks, if the network needs them."""
    source = DROPOUT if any(layer.dropout for layer in config.layers) else ""
    if any(needs_function(layer.activation) for layer in config.layers):
        source += FUNCTION
    if _single(config, count) and any(layer.batch_norm for layer in config.layers):
        source += BATCH_NORM
    return source


def _single(config: NetworkConfig, count: int) -> bool:
    """Whether some batch has a single example."""
    return min(config.batch_size, count) == 1 or count % config.batch_size == 1


def data_lines(name: str, data: PlaneData, objective: Objective) -> str:
    """The points of a set as `<name>_x` and `<name>_y`."""
    places = _numbers(data.x.tobytes(), data.x.dtype.str, data.x.shape[1:])
    answers = _numbers(data.y.tobytes(), data.y.dtype.str, data.y.shape[1:])
    x = f"{name}_x = torch.tensor([\n{places},\n])\n"
    y = f"{name}_y = torch.tensor([\n{answers},\n])"
    if objective.loss == "cross_entropy":
        return x + y + "\n"
    if objective.outputs == 1:
        return x + y + ".float().unsqueeze(1)\n"
    return x + y + f"\n{name}_y = F.one_hot({name}_y, {data.classes}).float()\n"


@lru_cache(maxsize=64)  # While a network learns, its points stay as they are.
def _numbers(data: bytes, dtype: str, shape: tuple[int, ...]) -> str:
    """Numbers, or pairs of them, in lines."""
    values = np.frombuffer(data, dtype).reshape(-1, *shape)
    if shape:
        return _filled(", ".join(f"({_short(a)},{_TOGETHER}{_short(b)})" for a, b in values))
    return _filled(", ".join(map(_short, values)))


def _short(value: np.float32 | np.int64) -> str:
    """The fewest digits that give the same number again."""
    return str(value)


def _filled(numbers: str) -> str:
    return textwrap.fill(
        numbers,
        WIDTH,
        initial_indent=" " * 4,
        subsequent_indent=" " * 4,
        break_long_words=False,
        break_on_hyphens=False,
    ).replace(_TOGETHER, " ")


def model_lines(config: NetworkConfig, objective: Objective, count: int) -> str:
    """The model and its first weights, for so many training points."""
    norm = "BatchNorm" if _single(config, count) else "nn.BatchNorm1d"
    lines: list[str] = []
    inputs = len(config.features)
    for layer in config.layers:
        parts = [f"nn.Linear({inputs}, {layer.units})"]
        if layer.batch_norm:
            parts.append(f"{norm}({layer.units})")
        parts.append(activation_code(layer.activation))
        if layer.dropout:
            parts.append(f"Dropout({layer.dropout!r})")
        lines.extend(f"    {part},\n" for part in parts)
        inputs = layer.units
    lines.append(f"    nn.Linear({inputs}, {objective.outputs}),\n")
    return (
        f"generator = torch.Generator().manual_seed({config.seed})\n"
        f"model = nn.Sequential(\n{''.join(lines)})\n"
        "for layer in model:\n"
        "    if isinstance(layer, nn.Linear):\n"
        f"        {_first_weights(config.initialisation)}\n"
        "        nn.init.zeros_(layer.bias)\n"
    )


def _first_weights(way: str) -> str:
    calls = {
        "xavier": "xavier_uniform_(layer.weight, generator=generator)",
        "he": 'kaiming_uniform_(layer.weight, nonlinearity="relu", generator=generator)',
        "normal": f"normal_(layer.weight, std={NORMAL_SPREAD!r}, generator=generator)",
        "zero": "zeros_(layer.weight)",
    }
    return "nn.init." + calls[way]
