"""The moving pictures of the lessons that are there: each a small real run, kept for all visitors.

Every function returns what the browser draws (``explorer/static/preview_*.js``), with one entry
for each moment that it plays. None needs more than a few hundredths of a second.
"""

from base64 import b64encode
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray

from core.activations.registry import derivative, value
from core.networks.datasets import DATASETS as PLANES
from core.networks.plane import PlaneData
from core.regression.datasets import DATASETS
from core.regression.descent import Descent
from core.regression.optimum import best_line, hessian
from core.regression.points import Points
from explorer.linear_regression.view import fitted
from explorer.thumbnails import digit_table

Preview = dict[str, Any]
Floats = NDArray[np.float64]
MOMENTS = 28
UNITS, SIDE, SMALL = 6, 28, 10
STRIDE, RATE, MOMENTUM = 12, 0.12, 0.9
LEARNT, CHECKED, READ, DIGIT_RATE = 100, 100, 150, 1.5


def regression() -> Preview:
    """Return a descent: the points and the line, and the path on the ellipses of equal loss."""
    points = DATASETS["noisy_line"].make(9, 0.9, np.random.default_rng(7))
    descent = Descent(points, "mse", (-1.0, 5.0), None, 7)
    descent.advance(MOMENTS, 0.15)
    best = best_line(points, "mse")
    view = fitted(points, "mse", best, descent)
    levels = [view.base * view.ratio**step for step in range(8)]
    return {
        "kind": "regression",
        "points": points.pairs(),
        "path": [[round(step.m, 4), round(step.b, 4)] for step in descent.steps],
        "best": [best.m, best.b],
        "ellipses": [ellipse(points, level - best.loss) for level in levels if level > best.loss],
        **{"x": view.x, "y": view.y, "m": view.m, "b": view.b},
    }


def ellipse(points: Points, above: float) -> list[float]:
    """Return where the mean squared error is so much above its minimum.

    It is half of dᵀHd for a line that is d away from the best one.

    Returns:
        The two half axes and the angle of the first one in degrees, in the plane of m and b.
    """
    curvatures, directions = np.linalg.eigh(hessian(points))
    first, second = np.sqrt(2 * above / curvatures)
    angle = np.degrees(np.arctan2(directions[1, 0], directions[0, 0]))
    return [round(float(one), 4) for one in (first, second, angle)]


def activation() -> Preview:
    """Return GELU with its slope, read from left to right and back."""
    x = np.linspace(-3.4, 3.4, 69)
    there = list(range(4, 65, 3))
    return {
        "kind": "tangent",
        "x": x.round(3).tolist(),
        "y": value("gelu", x).round(4).tolist(),
        "slope": derivative("gelu", x).round(4).tolist(),
        "path": [*there, *there[-2:0:-1]],
    }


def network() -> Preview:
    """Return a network with one hidden layer that learns two moons, moment by moment.

    Each map is its answer over the plane as bytes, 0 for the first class and 255 for the second;
    each unit's picture likewise, from −1 to 1.
    """
    data = PLANES["moons"].make(64, 0.08, None, np.random.default_rng(5))
    reach = float(np.abs(data.x).max()) + 0.4
    maps, units, lines, losses = [], [], [], []
    for epoch, (loss, (w1, b1, w2, b2)) in enumerate(_learning(data, STRIDE * (MOMENTS - 1))):
        if epoch % STRIDE:
            continue
        losses.append(round(loss, 4))
        maps.append(_text(torch.sigmoid(torch.tanh(_places(reach, SIDE) @ w1 + b1) @ w2 + b2)))
        hidden = torch.tanh(_places(reach, SMALL) @ w1 + b1)
        units.append([_text((1 + one) / 2) for one in hidden.unbind(-1)])
        lines.append([[round(float(w), 3) for w in one.T.flatten()] for one in (w1, w2[:, None])])
    points = [[*map(float, place), int(label)] for place, label in zip(data.x, data.y, strict=True)]
    return {
        "kind": "network",
        **{"maps": maps, "units": units, "lines": lines, "losses": losses, "points": points},
        **{"side": SIDE, "small": SMALL, "reach": reach, "count": UNITS},
    }


def _learning(data: PlaneData, epochs: int) -> Iterator[tuple[float, list[torch.Tensor]]]:
    """Yield the loss, the weights and the biases before and after each of so many steps."""
    x, y = torch.from_numpy(data.x), torch.from_numpy(data.y).float()
    generator = torch.Generator().manual_seed(4)
    weights = [torch.randn(2, UNITS, generator=generator), torch.zeros(UNITS)]
    weights += [torch.randn(UNITS, generator=generator) / UNITS**0.5, torch.zeros(1)]
    moving = [torch.zeros_like(one) for one in weights]
    for _ in range(epochs + 1):
        w1, b1, w2, b2 = weights = [one.detach().requires_grad_() for one in weights]
        loss = F.binary_cross_entropy_with_logits(torch.tanh(x @ w1 + b1) @ w2 + b2, y)
        yield loss.item(), [one.detach() for one in weights]
        found = torch.autograd.grad(loss, weights)
        moving = [MOMENTUM * old + new for old, new in zip(moving, found, strict=True)]
        weights = [w - RATE * v for w, v in zip(weights, moving, strict=True)]


def _places(reach: float, side: int) -> torch.Tensor:
    """Return a grid over the plane as a picture has it: shape (side, side, 2), x₂ upwards."""
    along = torch.linspace(-reach, reach, side)
    up, across = torch.meshgrid(along.flip(0), along, indexing="ij")
    return torch.stack([across, up], 2)


def _text(shares: torch.Tensor) -> str:
    """Return numbers from 0 to 1 as bytes in base64."""
    return b64encode((255 * shares).round().to(torch.uint8).numpy().tobytes()).decode()


def training() -> Preview:
    """Return softmax regression on handwritten digits: its losses, and how it reads one of them."""
    rows = torch.from_numpy(digit_table()[: LEARNT + CHECKED]).float()
    pixels, labels = rows[:, :64] / 16, rows[:, 64].long()
    weight = torch.zeros(10, 64)
    losses, read = [], []
    for _ in range(MOMENTS):
        logits = pixels @ weight.T
        halves = (slice(LEARNT), slice(LEARNT, None))
        losses.append([float(F.cross_entropy(logits[one], labels[one])) for one in halves])
        read.append(torch.softmax(logits[READ], 0).tolist())
        wrong = torch.softmax(logits[:LEARNT], 1) - F.one_hot(labels[:LEARNT], 10)
        weight = weight - DIGIT_RATE * wrong.T @ pixels[:LEARNT] / LEARNT
    return {
        "kind": "training",
        "losses": np.round(losses, 4).tolist(),
        "read": np.round(read, 3).tolist(),
        "picture": pixels[READ].view(8, 8).tolist(),
    }


PREVIEWS: dict[str, Callable[[], Preview]] = {
    "linear_regression": regression,
    "activations": activation,
    "network_builder": network,
    "training_dashboard": training,
}
