"""What the network is asked for: its outputs, how they are read, and the loss."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from core.errors import InputError

Ending = Literal["identity", "sigmoid", "softmax"]

# name -> label
LOSSES: dict[str, str] = {
    "cross_entropy": "cross-entropy",
    "bce": "binary cross-entropy",
    "mse": "mean squared error",
    "huber": "Huber loss",
}


def default_loss(classes: int) -> str:
    """The usual loss for so many classes: BCE for 2, cross-entropy for more, MSE for none."""
    return {0: "mse", 2: "bce"}.get(classes, "cross_entropy")


def fits(loss: str, classes: int) -> bool:
    """Whether a loss can be used: the two cross-entropies need classes."""
    return classes > 0 or loss in ("mse", "huber")


@dataclass(frozen=True)
class Objective:
    """A loss together with the number of classes: it decides how the network ends.

    | loss | classes | outputs | the last activation |
    |---|---|---|---|
    | MSE, Huber | none (regression) | 1 | none |
    | BCE, MSE, Huber | 2 | 1 | sigmoid: the probability of class 1 |
    | cross-entropy | 2 or more | one per class | softmax |
    | BCE | 3 or more | one per class | sigmoid: each class for itself |
    | MSE, Huber | 3 or more | one per class | softmax |

    The network itself gives scores z, before that last activation, because PyTorch's
    cross-entropies are exact on scores where a probability would have been rounded to 0 or 1.

    Attributes:
        loss: A key of `LOSSES`.
        classes: 2 to 6, or 0 for regression.

    Raises:
        InputError: A cross-entropy without classes.
    """

    loss: str
    classes: int

    def __post_init__(self) -> None:
        if not fits(self.loss, self.classes):
            raise InputError(
                f"The {LOSSES[self.loss]} compares probabilities of classes; these points "
                "have numbers to predict. Choose MSE or Huber."
            )

    @property
    def outputs(self) -> int:
        """How many output units the network needs."""
        if not self.classes or (self.classes == 2 and self.loss != "cross_entropy"):
            return 1
        return self.classes

    @property
    def ending(self) -> Ending:
        """The activation of the output units."""
        if not self.classes:
            return "identity"
        return "sigmoid" if self.outputs == 1 or self.loss == "bce" else "softmax"

    def targets(self, y: NDArray[np.int64] | NDArray[np.float32]) -> Tensor:
        """The answers as the loss wants them.

        Returns:
            int64 of shape (N,) for the cross-entropy, else float32 of shape (N, outputs).
        """
        answers = torch.as_tensor(y)
        if self.loss == "cross_entropy":
            return answers
        if self.outputs == 1:
            return answers.float().unsqueeze(1)
        return F.one_hot(answers, self.classes).float()

    def value(self, scores: Tensor, targets: Tensor) -> Tensor:
        """The mean loss of scores (B, outputs), a tensor with one number."""
        if self.loss == "cross_entropy":
            return F.cross_entropy(scores, targets)
        if self.loss == "bce":
            return F.binary_cross_entropy_with_logits(scores, targets)
        answers = ended(scores, self.ending)
        return (F.mse_loss if self.loss == "mse" else F.huber_loss)(answers, targets)

    def predicted(self, scores: Tensor) -> Tensor:
        """The class that the scores (B, outputs) speak for, int64 of shape (B,)."""
        if self.outputs == 1:
            return (scores[:, 0] > 0).long()
        return scores.argmax(dim=1)

    def probabilities(self, scores: Tensor) -> Tensor:
        """What is said about each class, shape (B, classes); (B, 1), the number, in regression.

        The numbers of a row add up to 1, except with BCE for 3 classes or more: there each
        class is asked for itself.
        """
        answers = ended(scores, self.ending)
        if self.classes and self.outputs == 1:
            return torch.cat([1 - answers, answers], dim=1)
        return answers


def ended(scores: Tensor, ending: Ending) -> Tensor:
    """The scores after the activation of the output units."""
    if ending == "sigmoid":
        return torch.sigmoid(scores)
    return torch.softmax(scores, dim=1) if ending == "softmax" else scores
