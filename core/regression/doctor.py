"""The doctor: what is going on in a run, in plain words, with a one-click remedy."""

from __future__ import annotations

from core.regression import doctor_data, doctor_rate
from core.regression.descent import Descent
from core.regression.doctor_base import Case, Finding, Remedy
from core.regression.points import Points

__all__ = ["Finding", "Remedy", "diagnose"]

# The most important first; the first that finds something is shown.
_CHECKS = (
    doctor_rate.diverged,
    doctor_rate.too_large,
    doctor_data.one_column,
    doctor_rate.from_side_to_side,
    doctor_rate.too_small,
    doctor_rate.hopping,
    doctor_rate.noise_floor,
    doctor_data.outlier,
    doctor_data.bent,
)


def diagnose(points: Points, loss_name: str, descent: Descent, learning_rate: float) -> Finding:
    """The most important thing to say about a run at the state looked at.

    Args:
        points: The points.
        loss_name: A key of `LOSSES`.
        descent: The run.
        learning_rate: λ of the next update.

    Returns:
        One finding: a warning, a note, or that all is well. Never nothing.

    Raises:
        InputError: An unknown loss.
    """
    case = Case(points, loss_name, descent, learning_rate)
    for check in _CHECKS:
        finding = check(case)
        if finding is not None:
            return finding
    return doctor_rate.healthy(case)
