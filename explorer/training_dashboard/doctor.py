"""The doctor of the lesson: the most important thing about the shown run, in plain words."""

import math

from explorer.numbers import fixed, significant
from explorer.training_dashboard.lesson import TrainingDashboard

Finding = tuple[str, str]


def finding(lesson: TrainingDashboard) -> Finding:
    """Return level ("ok", "note" or "warning") and one sentence with its numbers."""
    run, status = lesson.shown(lesson.directory), lesson.status()
    if status.state == "failed":
        return "warning", status.message
    if run is None or not run.rows:
        return "ok", "No epoch is finished yet. Press Train, and the curves begin in a second."
    last, best = run.rows[-1], min(row.validation_loss for row in run.rows)
    if not math.isfinite(last.training_loss):
        return "warning", "The loss is not a number: take a smaller learning rate."
    gap = last.validation_loss - last.training_loss
    if len(run.rows) >= 4 and last.validation_loss > 1.2 * best and gap > 0.05:
        return "warning", (
            f"Validation loss is {significant(last.validation_loss)}, "
            f"{fixed(last.validation_loss / best, 1)} times its best: the network learns its "
            "pictures by heart. Try weight decay, dropout, more pictures, or fewer epochs."
        )
    if len(run.rows) >= 3 and last.training_accuracy < 0.6:
        return "note", (
            f"After {len(run.rows)} epochs {fixed(100 * last.training_accuracy, 0)} % of the "
            "training pictures are read right: the network is too small, or the rate is wrong."
        )
    size = run.directory.started()
    if size is not None and size.validation_samples < 200:
        return "note", (
            f"Only {size.validation_samples} pictures to check with: differences of a few percent "
            "between runs are chance."
        )
    return "ok", (
        f"Healthy: validation loss {significant(last.validation_loss)}, accuracy "
        f"{fixed(100 * last.validation_accuracy, 1)} %."
    )
