"""The settings of the lesson, each with its name in the address and its limits."""

import base64
import math
import zlib
from dataclasses import dataclass, replace

import numpy as np

from core.errors import InputError
from core.regression.datasets import DATASETS
from core.regression.descent import MAX_STEPS
from core.regression.doctor import Finding
from core.regression.losses import LOSSES
from core.regression.points import Points
from explorer.paths import PathRule
from explorer.settings import Choice, Number, Numbers, setting

OWN = "own"
START = (-1.0, 5.0)
RATES = (1e-12, 4.0)
USUAL_LOWEST = 0.001
LONGEST = 40_000


@dataclass(frozen=True)
class PointsRule:
    """The learner's own points: readable when few, packed when many."""

    label: str

    def parse(self, text: str) -> Points:
        """Return the points.

        Raises:
            ValueError: The text names no usable points.
        """
        if len(text) > LONGEST:
            raise ValueError("it is too long")
        try:
            plain = _unpacked(text[1:]) if text.startswith("~") else text
            pairs = [part.split(",") for part in plain.split(";")]
            return Points.from_pairs([(float(x), float(y)) for x, y in pairs])
        except (InputError, ValueError, zlib.error) as error:
            raise ValueError("it is a list such as 1,3;2,5") from error

    def write(self, value: Points) -> str:
        """Return the points so that reading them gives exactly the same numbers."""
        plain = ";".join(f"{_short(x)},{_short(y)}" for x, y in value.pairs())
        if len(plain) <= 400:
            return plain
        packed = base64.urlsafe_b64encode(zlib.compress(plain.encode(), 9)).decode().rstrip("=")
        return f"~{packed}"


def _short(value: float) -> str:
    return repr(int(value)) if float(value).is_integer() else repr(float(value))


def _unpacked(text: str) -> str:
    raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    opened = zlib.decompressobj()
    plain = opened.decompress(raw, LONGEST)
    if not opened.eof:  # Too long, or a link that was cut.
        raise ValueError("it has no end")
    return plain.decode()


@dataclass(frozen=True)
class Settings:
    """Everything that decides what the page shows."""

    data: str = setting(
        "noisy_line",
        Choice(
            "Data",
            {name: one.label for name, one in DATASETS.items()} | {OWN: "Your own"},
            help="Where the points come from. Dragging one makes them your own.",
        ),
    )
    points: int = setting(9, Number("Points", 2, 60, help="How many points are drawn."))
    noise: float = setting(
        0.9,
        Number("Noise", 0, 3, 0.1, 1, help="Standard deviation of what is added to y."),
    )
    seed: int = setting(
        7, Number("Seed", 0, 9999, help="The same seed draws the same points and batches.")
    )
    loss: str = setting(
        "mse",
        Choice(
            "Loss",
            {name: one.label for name, one in LOSSES.items()},
            help="What the line is charged for a residual.",
        ),
    )
    batch: str = setting(
        "full",
        Choice(
            "Batch",
            {"full": "Full batch", "mini": "Mini", "one": "One"},
            help="How many points each step looks at.",
        ),
    )
    size: int = setting(4, Number("Batch size", 2, 60, help="Points in a mini-batch."))
    rate: float = setting(0.15, Number("Learning rate", *RATES, digits=6))
    start: tuple[float, float] = setting(START, Numbers("Start", 2, 1e12))
    path: tuple[tuple[float, int], ...] = setting(((0.15, 2),), PathRule("Path", RATES, MAX_STEPS))
    residuals: str = setting(
        "squares", Choice("Residuals", {"squares": "Squares", "lines": "Lines"})
    )
    surface: str = setting("contours", Choice("Surface", {"contours": "Contours", "relief": "3-D"}))
    turn: tuple[float, float] = setting((330.0, 38.0), Numbers("View of the surface", 2, 360))
    compare: str = setting("no", Choice("Comparison of rates", {"no": "Hidden", "yes": "Shown"}))
    own: Points | None = setting(None, PointsRule("Own points"))

    def batch_size(self, count: int) -> int | None:
        """Return how many of `count` points a step uses, or None for all of them."""
        if self.batch == "one":
            return 1
        if self.batch == "mini" and self.size < count:
            return self.size
        return None


def drawn_points(settings: Settings) -> Points:
    """Return the points that the settings describe: own ones, or drawn with the seed."""
    if settings.data == OWN and settings.own is not None:
        return settings.own
    name = settings.data if settings.data in DATASETS else "noisy_line"
    return DATASETS[name].make(
        settings.points, settings.noise, np.random.default_rng(settings.seed)
    )


def fixed_data(settings: Settings) -> bool:
    """Return whether count, noise and seed leave the points alone."""
    return settings.data == OWN or DATASETS[settings.data].fixed


def settable(found: Finding, stable: float | None) -> Finding:
    """Return a finding of the doctor, without its button if the slider lacks that rate."""
    remedy = found.remedy
    if remedy is None or remedy.setting != "learning_rate":
        return found
    lowest = slider_range(stable, RATES[1])[0]
    within = lowest <= float(remedy.value or 0) <= RATES[1]
    return found if within else replace(found, remedy=None)


def slider_range(stable: float | None, rate: float) -> tuple[float, float]:
    """Return the ends of the slider: with large x it reaches down to rates that settle.

    Args:
        stable: The largest rate that settles, if there is one.
        rate: The rate in use, which always lies on the slider.
    """
    wanted = min(rate, USUAL_LOWEST, (stable or 1.0) / 20)
    return max(RATES[0], 10.0 ** math.floor(math.log10(wanted) + 1e-9)), RATES[1]
