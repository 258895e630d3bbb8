"""Scripts that fit a sum of neurons and that measure a deep network."""

from __future__ import annotations

from collections.abc import Sequence

from numpy.typing import ArrayLike

from core.activations.depth import EXAMPLES, check_depth
from core.activations.summed import Chain
from core.activations.writing import Drawn, head, source_of, tensor

Segments = Sequence[tuple[float, int]]

_STARTS = {
    "xavier": "(2 * torch.rand(n, n, generator=generator) - 1) * math.sqrt(6 / (n + n))",
    "he": "torch.randn(n, n, generator=generator) * math.sqrt(2 / n)",
    "lecun": "torch.randn(n, n, generator=generator) / math.sqrt(n)",
    "normal": "torch.randn(n, n, generator=generator) / math.sqrt(n)",
}


def chain_script(
    chain: Chain, activation: Drawn, x: ArrayLike, y: ArrayLike, segments: Segments
) -> str:
    """A script that fits a sum of neurons as `fit` does.

    Args:
        chain: The start.
        activation: As in `curve_script`.
        x: Inputs, shape (N,).
        y: What the sum should be there, shape (N,).
        segments: (learning rate, number of updates) in order.

    Returns:
        Python source. It prints the loss after the last update and the numbers of the chain.

    Raises:
        InputError: As for `curve_script`.
    """
    source = source_of(activation)
    runs = [(float(rate), int(steps)) for rate, steps in segments]
    numbers = [
        tensor(name, getattr(chain, name), ", requires_grad=True")
        for name in ("weights_in", "biases", "weights_out")
    ]
    return head("F.", source) + (
        tensor("x", x)
        + tensor("y", y)
        + "".join(numbers)
        + f"bias_out = torch.tensor({chain.bias_out!r}, requires_grad=True)\n"
        + f"f = {source}\n"
        "\n\ndef forward(x):\n"
        "    return f(x[:, None] * weights_in + biases) @ weights_out + bias_out\n\n\n"
        "parameters = [weights_in, biases, weights_out, bias_out]\n"
        "optimizer = torch.optim.Adam(parameters)\n"
        f"for rate, steps in {runs!r}:\n"
        '    optimizer.param_groups[0]["lr"] = rate\n'
        "    for step in range(steps):\n"
        "        loss = F.mse_loss(forward(x), y)  # forward and loss\n"
        "        optimizer.zero_grad()\n"
        "        loss.backward()  # backward\n"
        "        optimizer.step()  # update\n"
        'print("loss =", F.mse_loss(forward(x), y).item())\n'
        "for parameter in parameters:\n"
        "    print(parameter.tolist())\n"
    )


def depth_script(
    activation: Drawn, depth: int, width: int, init: str, gain: float, seed: int
) -> str:
    """A script that sends a signal and its gradient through a fresh network.

    Args:
        activation: As in `curve_script`.
        depth: How many layers.
        width: How many units a layer has.
        init: A key of `INITS`.
        gain: What all weights are multiplied by.
        seed: The seed of the generator that `depth_profile` got.

    Returns:
        Python source. For each layer it prints the mean of |a|, the length of the gradient
        and the share of dead units.

    Raises:
        InputError: As for `depth_profile`.
    """
    activation_source = source_of(activation)
    check_depth(depth, width, init, gain)
    return (
        "import math\n\n"
        + head(activation_source)
        + (
            f"generator = torch.Generator().manual_seed({int(seed)})\n"
            f"depth, n, gain = {int(depth)}, {int(width)}, {float(gain)!r}\n"
            f"f = {activation_source}\n"
            f"weights = [\n    gain * ({_STARTS[init]})\n    for _ in range(depth)\n]\n"
            f"a = torch.randn({EXAMPLES}, n, generator=generator, requires_grad=True)\n"
            "direction = torch.randn(n, generator=generator)\n"
            "layers = []\n"
            "for w in weights:\n"
            "    a = f(a @ w.T)\n"
            "    layers.append(a)\n"
            "loss = (a @ (direction / direction.norm())).sum()\n"
            "gradients = torch.autograd.grad(loss, layers)\n"
            "for a, gradient in zip(layers, gradients):\n"
            "    size = a.detach().abs().mean().item()\n"
            "    length = gradient.square().sum(dim=1).mean().sqrt().item()\n"
            "    dead = (a == 0).all(dim=0).double().mean().item()\n"
            "    print(size, length, dead)\n"
        )
    )
