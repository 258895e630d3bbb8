"""Whether a pipeline helps: the same training with and without it, over several seeds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import fmean, stdev

from scipy import stats

from core.errors import InputError
from core.images.registry import IMAGE_SETS
from core.training.config import TrainingConfig

NETWORK = "conv 8 3; relu; maxpool 2; conv 16 3; relu; maxpool 2; flatten; linear 10"
WATCHED = 1000  # validation pictures that are enough; more would only take time
LEVEL = 0.95


def pair(
    dataset: str, pictures: int, epochs: int, seed: int, augment: str
) -> tuple[TrainingConfig, TrainingConfig]:
    """The two runs of one seed, without and with the pipeline, alike in all else.

    Split, choice of the training pictures and first weights are the same: they are drawn before
    the first batch is. One thread is enough for a network this small, and never slower.

    Args:
        dataset: As in `TrainingConfig.dataset`.
        pictures: How many pictures to learn from.
        epochs: How often each is seen.
        seed: Of both runs.
        augment: The pipeline as text.
    """
    plain = TrainingConfig(
        dataset=dataset,
        train_size=pictures,
        validation_share=_share(dataset),
        model=NETWORK,
        epochs=epochs,
        batch_size=25,
        optimizer="adam",
        learning_rate=0.003,
        seed=seed,
        threads=1,
    )
    return plain, replace(plain, augment=augment)


def _share(dataset: str) -> float:
    """Half of a small set; of a large one as much as is worth its time."""
    about = IMAGE_SETS.get(dataset)
    if about is None or not about.test:
        return 0.5
    return min(0.5, WATCHED / about.training)


@dataclass(frozen=True)
class Verdict:
    """How much better, and how sure that is.

    Attributes:
        mean: The mean difference, with minus without the pipeline.
        low: The lower end of its interval; −∞ with a single seed.
        high: The upper end; ∞ with a single seed.
        seeds: How many differences there are.
    """

    mean: float
    low: float
    high: float
    seeds: int

    @property
    def word(self) -> str:
        """In one word: "helps", "hurts", or "open" where the interval contains 0."""
        if self.low > 0:
            return "helps"
        return "hurts" if self.high < 0 else "open"


def verdict(without: Sequence[float], along: Sequence[float], level: float = LEVEL) -> Verdict:
    """The paired t interval of the difference, one pair for each seed (Student, 1908).

    Both runs of a seed share what makes seeds differ most, the split and the first weights, so
    their differences vary less than the runs do. The interval is exact where differences are
    normally distributed; with three seeds it is wide, as it should be.

    Args:
        without: A number of each seed, such as the accuracy, without the pipeline.
        along: The same seeds with the pipeline.
        level: How often such intervals contain the true mean, 0 to 1.

    Raises:
        InputError: No seed, or seeds without their partner.
    """
    if not without or len(without) != len(along):
        raise InputError("A verdict needs both runs of at least one seed.")
    differences = [b - a for a, b in zip(without, along, strict=True)]
    mean, count = fmean(differences), len(differences)
    if count == 1:
        return Verdict(mean, -math.inf, math.inf, 1)
    quantile = float(stats.t.ppf((1 + level) / 2, count - 1))
    half = quantile * stdev(differences) / math.sqrt(count)
    return Verdict(mean, mean - half, mean + half, count)
