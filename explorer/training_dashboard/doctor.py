"""The doctor of the lesson: the most important thing about the shown run, and what mends it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from core.errors import InputError
from core.training.config import STORED, TrainingConfig
from core.vision.models import MODELS
from explorer.numbers import fixed, significant
from explorer.training_dashboard.curves import Run
from explorer.training_dashboard.dead import dead_share
from explorer.training_dashboard.findings import Finding, Remedy
from explorer.training_dashboard.looking import pictures_of
from explorer.training_dashboard.managing import LIVE

if TYPE_CHECKING:
    from explorer.training_dashboard.lesson import TrainingDashboard

ENOUGH = 200  # validation pictures: the 95 % interval of 90 % right is then 86 to 93 %
DEAD = 0.3  # share of the units of a layer
UNEVEN = 0.4  # the smallest class against the largest
SLOW = 0.97  # of the loss of the epoch before: less progress is hardly any


@dataclass(frozen=True)
class Case:
    """A run with at least one finished epoch, as the checks want it."""

    run: Run
    config: TrainingConfig
    live: bool
    classes: int


def finding(lesson: TrainingDashboard) -> Finding:
    """Return the most important finding about the shown run.

    Looked at in this order: failures and divergence, a rate that is too high or too low, dead
    units, overfitting, underfitting, classes out of balance, a small validation set.
    """
    run, status = lesson.shown(lesson.directory), lesson.status()
    if run is None:
        return Finding("ok", "There is no run yet. Press Train, and the curves begin in a second.")
    config = run.directory.spec().config
    if status.state == "failed":
        return _failed(config, status.message, bool(run.rows))
    if not run.rows and status.state in LIVE:
        return Finding("ok", "The first epoch is on its way: the curves begin when it is there.")
    if not run.rows:
        return Finding(
            "ok", "No epoch is finished yet. Press Train, and the curves begin in a second."
        )
    try:
        classes = len(pictures_of(config).train.classes)
    except InputError as error:
        return Finding("note", f"{error} The run itself is kept.")
    case = Case(run, config, status.state in LIVE, classes)
    checks = (_astray, _too_slow, _dead, _overfit, _underfit, _uneven, _few)
    return next((found for check in checks if (found := check(case))), _healthy(case))


def _failed(config: TrainingConfig, message: str, kept: bool) -> Finding:
    if "diverged" in message:
        rate = lower(config.learning_rate)
        return Finding("warning", message, Remedy(f"Train with rate {rate:g}", {"rate": rate}))
    if kept and "memory" not in message:
        return Finding("warning", message, Remedy("Go on from the last epoch", epochs=0))
    if "memory" in message and config.batch_size > 8:
        half = config.batch_size // 2
        return Finding("warning", message, Remedy(f"Train with batch {half}", {"batch": half}))
    return Finding("warning", message)


def _astray(case: Case) -> Finding | None:
    """The loss stays at that of guessing or rises: the steps are too large."""
    rows, guess = case.run.rows, math.log(case.classes)
    last, best = rows[-1], min(row.training_loss for row in rows)
    falling = all(after.training_loss < before.training_loss for before, after in pairwise(rows))
    stuck = last.training_loss > 0.95 * guess and not falling
    rising = last.training_loss > 1.5 * best and last.training_loss > 0.3 * guess
    if len(rows) < 2 or not (stuck or rising) or case.config.learning_rate < 0.003:
        return None
    rate = lower(case.config.learning_rate)
    return Finding(
        "warning",
        f"The training loss is {significant(last.training_loss)} after {len(rows)} epochs, and "
        f"guessing has ln {case.classes} = {significant(guess)}: with a learning rate of "
        f"{case.config.learning_rate:g} the steps are too large.",
        Remedy(f"Train with rate {rate:g}", {"rate": rate}),
    )


def _too_slow(case: Case) -> Finding | None:
    """It learns, but by a few percent in an epoch, far from its end: the steps are too small."""
    rows = case.run.rows
    if len(rows) < 3 or rows[-1].training_accuracy > 0.8:
        return None
    falls = [after.training_loss / before.training_loss for before, after in pairwise(rows)]
    if not all(SLOW - 0.12 < fall < 1 for fall in falls[-2:]) or case.config.learning_rate > 0.02:
        return None
    rate = min(1.0, float(f"{10 * case.config.learning_rate:.2g}"))
    return Finding(
        "note",
        f"The training loss falls by {fixed(100 * (1 - falls[-1]), 1)} % in an epoch and is still "
        f"at {significant(rows[-1].training_loss)}: with a learning rate of "
        f"{case.config.learning_rate:g} the steps are too small.",
        Remedy(f"Train with rate {rate:g}", {"rate": rate}),
    )


def _dead(case: Case) -> Finding | None:
    found = None if case.live else dead_share(case.run.directory)
    if found is None or found.dead < DEAD * found.of:
        return None
    leaky = found.text.replace("relu", "leaky_relu").replace("leaky_leaky_", "leaky_")
    return Finding(
        "warning",
        f"{found.dead} of the {found.of} units behind {found.layer} are 0 for every one of "
        f"{found.pictures} validation pictures: their gradient is 0 too, so they cannot come back.",
        Remedy("Train with Leaky ReLU", {"model": "own", "spec": leaky}),
    )


def _overfit(case: Case) -> Finding | None:
    rows = case.run.rows
    last, best = rows[-1], min(rows, key=lambda row: row.validation_loss)
    gap = last.validation_loss - last.training_loss
    if len(rows) < 4 or last.validation_loss < 1.2 * best.validation_loss or gap < 0.05:
        return None
    text = (
        f"Validation loss is {significant(last.validation_loss)}, "
        f"{fixed(last.validation_loss / best.validation_loss, 1)} times its best (epoch "
        f"{best.epoch}), and training loss {significant(last.training_loss)}: the network learns "
        "its pictures by heart."
    )
    if case.config.train_size is not None:
        return Finding("warning", text, Remedy("Train with all pictures", {"pictures": None}))
    if case.config.patience is None:
        return Finding("warning", text, Remedy("Train with early stopping", {"patience": 2}))
    decay = min(1.0, float(f"{max(0.01, 3 * case.config.weight_decay):.1g}"))
    changes = {"weight_decay": decay, "optimizer": "adamw"}
    return Finding("warning", text, Remedy(f"Train with weight decay {decay:g}", changes))


def _underfit(case: Case) -> Finding | None:
    rows = case.run.rows
    last = rows[-1]
    if len(rows) < 3 or last.training_accuracy > 0.85 or case.live:
        return None
    text = (
        f"After {len(rows)} epochs {fixed(100 * last.training_accuracy, 0)} % of the training "
        "pictures are read right, hardly more than of the others: "
    )
    if last.training_loss < 0.9 * rows[-2].training_loss:
        more = min(100, 2 * len(rows))
        return Finding(
            "note",
            f"{text}it was still learning when it ended.",
            Remedy(f"Train on to {more} epochs", epochs=more),
        )
    fast = MODELS["fast_cnn"].recipe
    changes: dict[str, Any] = {"model": "fast_cnn", "spec": None, "optimizer": fast.optimizer}
    changes |= {"rate": fast.learning_rate, "schedule": fast.schedule}
    if case.config.model in (MODELS["fast_cnn"].text, "fast_cnn"):
        return Finding("note", f"{text}the network is too small for these pictures.")
    return Finding(
        "note",
        f"{text}the network is too small for these pictures.",
        Remedy("Train the fast CNN", changes),
    )


def _uneven(case: Case) -> Finding | None:
    train = pictures_of(case.config).train
    counts = train.counts()
    if min(counts) >= UNEVEN * max(counts):
        return None
    least, most = train.classes[counts.index(min(counts))], train.classes[counts.index(max(counts))]
    remedy = None
    if case.config.dataset.startswith(STORED):
        remedy = Remedy(f"Train with {min(counts)} of each", balance=True)
    return Finding(
        "note",
        f"“{most}” has {max(counts):,} pictures to learn from, “{least}” {min(counts):,}: a "
        "network that leaves out the rare class still looks good. Read the accuracy by class, not "
        "the accuracy of all.",
        remedy,
    )


def _few(case: Case) -> Finding | None:
    size = case.run.directory.started()
    if size is None or size.validation_samples >= ENOUGH:
        return None
    count, total = size.validation_samples, size.validation_samples + size.samples
    share = next((s for s in range(5, 55, 5) if s * total >= 100 * ENOUGH), None)
    remedy = None
    if share is not None and case.config.train_size is None:
        remedy = Remedy(f"Train with {share} % for validation", {"share": share})
    return Finding(
        "note",
        f"Only {count} pictures to check with: differences of a few percent between runs are "
        "chance.",
        remedy,
    )


def _healthy(case: Case) -> Finding:
    last = case.run.rows[-1]
    return Finding(
        "ok",
        f"Healthy: validation loss {significant(last.validation_loss)}, accuracy "
        f"{fixed(100 * last.validation_accuracy, 1)} %.",
    )


def lower(rate: float) -> float:
    """Return a tenth of a learning rate, with one digit."""
    return max(1e-5, float(f"{rate / 10:.1g}"))
