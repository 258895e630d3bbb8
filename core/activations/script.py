"""What is on the screen, as PyTorch scripts that print the same numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from core.activations.chain import Layers
from core.activations.expression import Expression
from core.activations.script_learning import chain_script, depth_script
from core.activations.softmax import softmax
from core.activations.writing import Drawn, head, label, source_of, tensor
from core.errors import InputError

__all__ = [
    "Drawn",
    "chain_script",
    "curve_script",
    "depth_script",
    "neuron_script",
    "softmax_script",
    "stack_script",
]


def curve_script(functions: Sequence[Drawn], points: ArrayLike) -> str:
    """A script that prints f and f′ of some functions at some places.

    Args:
        functions: Each as (name, parameters), with a key of `ACTIVATIONS`, or as an
            `Expression`.
        points: The places x, 1 to 1000 of them.

    Returns:
        Python source that needs nothing but PyTorch. For each function it prints its label, a
        line ``f = [...]`` and a line ``f' = [...]``, with all digits.

    Raises:
        InputError: An unknown name or parameter, no places or places that are not finite.
    """
    rows = [f"    ({label(one)!r}, {source_of(one)}),\n" for one in functions]
    typed = any(isinstance(one, Expression) for one in functions)
    gaps = (
        "    slope = torch.where(y.isnan(), torch.nan, slope)  # no value, no slope\n"
        if typed
        else ""
    )
    return head(*rows) + (
        tensor("x", points, ", requires_grad=True")
        + "functions = [\n"
        + "".join(rows)
        + "]\n"
        + "for name, f in functions:\n"
        "    y = f(x)\n"
        "    (slope,) = torch.autograd.grad(y.sum(), x)\n" + gaps + "    print(name)\n"
        '    print("f =", y.tolist())\n'
        '    print("f\' =", slope.tolist())\n'
    )


def neuron_script(
    activation: Drawn, weights: Sequence[float], bias: float, points: ArrayLike
) -> str:
    """A script that prints what one neuron with one or two inputs answers.

    Args:
        activation: As in `curve_script`.
        weights: One weight for each input, one or two.
        bias: The bias.
        points: For one input the places x, shape (N,); for two the pairs, shape (N, 2).

    Returns:
        Python source. It prints one line ``y = [...]`` with all digits.

    Raises:
        InputError: As for `curve_script`, or a number of inputs that is not that of the weights.
    """
    columns = np.asarray(points, dtype=np.float64)
    columns = columns[:, None] if columns.ndim == 1 else columns
    if columns.ndim != 2 or columns.shape[1] != len(weights) or len(weights) not in (1, 2):
        raise InputError("A neuron needs one weight for each input, and one or two inputs.")
    ends = ("",) if len(weights) == 1 else ("1", "2")
    source = source_of(activation)
    lines = [tensor(f"x{end}", columns[:, at]) for at, end in enumerate(ends)]
    lines += [f"w{end} = {float(weights[at])!r}\n" for at, end in enumerate(ends)]
    total = " + ".join(f"w{end} * x{end}" for end in ends)
    return head(source) + (
        "".join(lines)
        + f"b = {float(bias)!r}\n"
        + f"f = {source}\n"
        + f"y = f({total} + b)\n"
        + 'print("y =", y.tolist())\n'
    )


def stack_script(layers: Layers, activation: Drawn, points: ArrayLike) -> str:
    """A script that prints a stack of layers of one neuron each, and the line without f.

    Args:
        layers: (w, b) of each layer, the first layer first.
        activation: As in `curve_script`; it stands between the layers.
        points: Inputs, shape (N,).

    Returns:
        Python source. It prints ``y = [...]``, then w and b of the line that the stack is
        without activation.

    Raises:
        InputError: As for `curve_script`.
    """
    source = source_of(activation)
    pairs = [(float(w), float(b)) for w, b in layers]
    return head(source) + (
        tensor("x", points) + f"layers = {pairs!r}  # (w, b)\n" + f"f = {source}\n"
        "h = x\n"
        "slope, intercept = 1.0, 0.0\n"
        "for index, (w, b) in enumerate(layers):\n"
        "    h = w * (f(h) if index > 0 else h) + b\n"
        "    slope, intercept = w * slope, w * intercept + b\n"
        'print("y =", h.tolist())\n'
        'print("w =", slope)\n'
        'print("b =", intercept)\n'
    )


def softmax_script(scores: Sequence[float], temperature: float, selected: int) -> str:
    """A script that prints the probabilities, the Jacobian, and the loss of one class.

    Args:
        scores: One for each class.
        temperature: T above 0.
        selected: Which class is the true one, from 0.

    Returns:
        Python source. It prints ``p = [...]``, one row of the Jacobian for each probability,
        and −log of the selected probability as `F.cross_entropy` computes it, all digits.

    Raises:
        InputError: Scores or a temperature that `softmax` refuses, or no such class.
    """
    if not 0 <= selected < len(softmax(scores, temperature)):
        raise InputError("Select one of the scores, counted from 0.")
    return head("F.", "nn.") + (
        tensor("z", scores)
        + f"temperature = {float(temperature)!r}\n"
        + "softmax = nn.Softmax(dim=0)  # or F.softmax(z, dim=0)\n"
        "scaled = (z - z.max()) / temperature  # subtracting the maximum changes nothing\n"
        "p = softmax(scaled)\n"
        'print("p =", p.tolist())\n'
        'print("sum =", p.sum().item())\n'
        "\n"
        "jacobian = torch.autograd.functional.jacobian(softmax, scaled) / temperature\n"
        "for row in jacobian:  # row i holds dp_i / dz_j\n"
        "    print(row.tolist())\n"
        "\n"
        f"target = torch.tensor({int(selected)})  # cross_entropy takes the scores, not p\n"
        'print("loss =", F.cross_entropy(scaled, target).item())\n'
    )
