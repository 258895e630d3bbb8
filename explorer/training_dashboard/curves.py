"""Loss and accuracy of runs as curves: within epochs as they come, validation after each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.runs.directory import RunDirectory
from core.training.events import EpochEnded, Progress, RateChanged
from explorer.numbers import significant

Floats = NDArray[np.float64]
MOST_POINTS = 400
WEIGHT = 0.9  # Of the curve so far, in the smoothed one.


@dataclass(frozen=True)
class Run:
    """A run as the page draws it.

    Attributes:
        directory: Where it is read from.
        name: What a person calls it.
        session: Whose it is.
        epochs: How many are planned.
        rows: One for each finished epoch.
        progress: What was reported within epochs.
        changes: The learning rate as it was changed by hand.
        steps: Updates in an epoch.
    """

    directory: RunDirectory
    name: str
    session: str
    epochs: int
    rows: Sequence[EpochEnded]
    progress: Sequence[Progress]
    changes: Sequence[RateChanged]
    steps: int


def drawn_run(run: RunDirectory) -> Run:
    """Return a run as the curves want it.

    Raises:
        InputError: Its spec is damaged, or it has just been deleted.
    """
    spec, begun = run.spec(), run.started()
    return Run(
        directory=run,
        name=spec.name,
        session=spec.session,
        epochs=spec.config.epochs,
        rows=run.rows(),
        progress=run.progress(),
        changes=run.changes(),
        steps=begun.steps_per_epoch if begun else 1,
    )


def smoothed(values: Floats) -> Floats:
    """Return an exponential moving average, begun at the first value and corrected for that.

    The weight of the past is 0.9 (Kingma & Ba, 2015, use the same correction in Adam).
    """
    out, sum_, share = [], 0.0, 0.0
    for value in values:
        sum_ = WEIGHT * sum_ + (1 - WEIGHT) * value
        share = WEIGHT * share + (1 - WEIGHT)
        out.append(sum_ / share)
    return np.array(out)


class Sheet:
    """Collects the numbers of a message and says where each row lies."""

    def __init__(self) -> None:
        self.rows: list[Floats] = []
        self.length = 0

    def put(self, values: Floats) -> dict[str, int]:
        """Add a row; returns its place."""
        place = {"from": self.length, "count": len(values)}
        self.rows.append(values)
        self.length += len(values)
        return place

    def numbers(self) -> NDArray[np.float32]:
        """Return all rows, one behind the other."""
        whole = np.concatenate(self.rows) if self.rows else np.zeros(0)
        return np.clip(whole, -3e38, 3e38).astype(np.float32)


def plots(
    run: Run | None, others: Sequence[Run], sheet: Sheet, smooth: bool
) -> list[dict[str, Any]]:
    """Return the declarations of loss and accuracy.

    Args:
        run: The run that is shown, or None.
        others: Runs to compare with: only their validation curves are drawn.
        sheet: Gets the numbers.
        smooth: Whether a smoothed curve is drawn over the raw one.
    """
    return [_plot(kind, run, others, sheet, smooth) for kind in ("loss", "accuracy")]


def _plot(
    kind: str, run: Run | None, others: Sequence[Run], sheet: Sheet, smooth: bool
) -> dict[str, Any]:
    factor = 100.0 if kind == "accuracy" else 1.0
    series = [] if run is None else _training(kind, run, sheet, smooth, factor)
    if run is not None and run.rows:
        series.append(_validation(kind, run, sheet, factor, None))
    for other in others:
        if other.rows:
            series.append(_validation(kind, other, sheet, factor, "B") | {"label": other.name[:14]})
    changes = [] if run is None else run.changes
    planned = [one.epochs for one in (run, *others) if one is not None]
    return {
        "title": kind.capitalize(),
        "x": {"from": 0, "count": 0},
        "series": series,
        "shown": None,
        "xLabel": "epoch",
        "log": kind == "loss",
        "percent": kind == "accuracy",
        "plan": max(planned, default=5),
        "range": _accuracy_range(run, others) if kind == "accuracy" else None,
        "events": [
            {
                "at": one.step / run.steps if run else 0,
                "text": f"λ {significant(one.before, 2)} → {significant(one.learning_rate, 2)}",
            }
            for one in list(changes)[-4:]
        ],
    }


def _training(
    kind: str, run: Run, sheet: Sheet, smooth: bool, factor: float
) -> list[dict[str, Any]]:
    x = np.array([one.step / run.steps for one in run.progress], dtype=float)
    y = factor * np.array([getattr(one, kind) for one in run.progress], dtype=float)
    if len(x) < 2:  # A run so short that nothing was reported within its epochs.
        x = np.array([row.epoch for row in run.rows], dtype=float)
        y = factor * np.array([getattr(row, f"training_{kind}") for row in run.rows], dtype=float)
    if not len(x):
        return []
    chosen = np.unique(np.linspace(0, len(x) - 1, MOST_POINTS).round().astype(int))
    place = sheet.put(x[chosen])
    raw = {"label": "training", "style": "training", "side": None, "x": place}
    if not smooth:
        return [raw | sheet.put(y[chosen])]
    faint = raw | {"label": "", "style": "faint"} | sheet.put(y[chosen])
    return [faint, raw | sheet.put(smoothed(y)[chosen])]


def _validation(
    kind: str, run: Run, sheet: Sheet, factor: float, side: str | None
) -> dict[str, Any]:
    x = np.array([row.epoch for row in run.rows], dtype=float)
    y = factor * np.array([getattr(row, f"validation_{kind}") for row in run.rows], dtype=float)
    place = sheet.put(x)
    made = {"label": "validation", "style": "validation", "side": side, "x": place}
    return made | sheet.put(y) | {"marks": len(x) <= 40 and side is None}


def _accuracy_range(run: Run | None, others: Sequence[Run]) -> list[float]:
    """Return where the axis of accuracy starts: it need not start at 0, and says so."""
    found = [100 * row.validation_accuracy for one in (run, *others) if one for row in one.rows]
    lowest = min(found, default=0.0)
    for start in (98.0, 95.0, 90.0, 80.0, 50.0):
        if lowest > start + (100 - start) / 5:
            return [start, 100.0]
    return [0.0, 100.0]
