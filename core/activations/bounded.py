"""Functions that step or bend from one level to another, and the identity."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from core.activations.activation import Activation, Parameter


def step(x: Tensor) -> Tensor:
    """0 for negative x, else 1; its derivative is 0 everywhere.

    The sign is −1, 0 or 1; add 1, halve, and round up.
    """
    return torch.ceil((torch.sign(x) + 1) / 2)


class Step(nn.Module):
    """The step as a module: it works forwards, but no gradient comes back through it."""

    def forward(self, x: Tensor) -> Tensor:
        """Return the step of every element, of the shape of x."""
        return step(x)


BOUNDED = (
    Activation(
        "step",
        "Step",
        "0 if *x* < 0, else 1",
        "0 everywhere (at the jump, too): gradient descent gets no hint",
        "{0, 1}",
        "The first artificial neurons; today only where nothing has to be learnt by descent.",
        "McCulloch & Pitts 1943",
        "https://doi.org/10.1007/BF02478259",
        "lambda x: torch.ceil((torch.sign(x) + 1) / 2)",
        step,
        Step,
    ),
    Activation(
        "identity",
        "Identity",
        "*x*",
        "1",
        "(−∞, ∞)",
        "The output layer of a network that predicts a number (regression).",
        "Goodfellow, Bengio & Courville 2016",
        "https://www.deeplearningbook.org/contents/mlp.html",
        "nn.Identity()",
        lambda x: x.clone(),
        nn.Identity,
    ),
    Activation(
        "sigmoid",
        "Sigmoid",
        "1 / (1 + *e*⁻ˣ)",
        "*f*(*x*) · (1 − *f*(*x*))",
        "(0, 1)",
        "The output for yes or no as a probability, and the gates of LSTM and GRU.",
        "Rumelhart, Hinton & Williams 1986",
        "https://doi.org/10.1038/323533a0",
        "nn.Sigmoid()",
        torch.sigmoid,
        nn.Sigmoid,
    ),
    Activation(
        "tanh",
        "Tanh",
        "(*e*ˣ − *e*⁻ˣ) / (*e*ˣ + *e*⁻ˣ)",
        "1 − *f*(*x*)²",
        "(−1, 1)",
        "The state of recurrent networks, and pictures scaled to −1 … 1.",
        "LeCun et al. 1998",
        "https://doi.org/10.1007/3-540-49430-8_2",
        "nn.Tanh()",
        torch.tanh,
        nn.Tanh,
    ),
    Activation(
        "softsign",
        "Softsign",
        "*x* / (1 + |*x*|)",
        "1 / (1 + |*x*|)²",
        "(−1, 1)",
        "An alternative to tanh that saturates more slowly; rare today.",
        "Glorot & Bengio 2010",
        "https://proceedings.mlr.press/v9/glorot10a.html",
        "nn.Softsign()",
        F.softsign,
        nn.Softsign,
    ),
    Activation(
        "hardtanh",
        "Hardtanh",
        "max(α, min(β, *x*))",
        "1 if α < *x* < β, else 0",
        "[α, β]",
        "Small and quantised networks, where a straight line is cheaper than tanh.",
        "Collobert et al. 2011",
        "https://jmlr.org/papers/v12/collobert11a.html",
        "nn.Hardtanh(min_val={alpha}, max_val={beta})",
        lambda x, alpha, beta: F.hardtanh(x, alpha, beta),
        lambda alpha, beta: nn.Hardtanh(alpha, beta),
        (Parameter("alpha", "α", -1.0, -3.0, -0.1), Parameter("beta", "β", 1.0, 0.1, 3.0)),
    ),
)
