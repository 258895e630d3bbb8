"""What the doctor has to say about the points."""

from __future__ import annotations

import numpy as np

from core.regression.doctor_base import Case, Finding, Remedy
from core.regression.optimum import best_line
from core.regression.points import Points
from core.regression.wording import number

MIN_FOR_OUTLIER = 5
FAR = 5.0  # times the usual scatter
MIN_PULL = 0.03  # of its own distance
MIN_FOR_BEND = 6
NOT_CHANCE = 10.0  # the F value of the third coefficient


def one_column(case: Case) -> Finding | None:
    """All points lie above one another."""
    if not case.one_x:
        return None
    x = number(float(case.points.x[0]))
    text = (
        f"All points have x = {x}, so the slope is not determined: every line through the same "
        "height there does equally well. Move a point to the side."
    )
    return Finding("warning", text)


def outlier(case: Case) -> Finding | None:
    """One point far away pulls the MSE line off the others."""
    if case.loss_name != "mse" or case.one_x or len(case.points) < MIN_FOR_OUTLIER:
        return None
    robust, pulled = best_line(case.points, "mae"), case.best
    x = case.points.x
    miss = case.points.y - (robust.m * x + robust.b)
    size = np.abs(miss)
    far = int(size.argmax())
    second = float(np.partition(size, -2)[-2])
    # The MAE line goes through two points; the others tell the scatter: 1.4826 times the
    # median is the standard deviation where it is normal.
    usual = 1.4826 * float(np.median(np.sort(size)[2:]))
    pull = (pulled.m - robust.m) * x[far] + pulled.b - robust.b
    if size[far] <= max(FAR * usual, 1.5 * second) or pull * miss[far] < MIN_PULL * miss[far] ** 2:
        return None
    text = (
        f"Point {far + 1} lies {number(size[far], 2)} {'above' if miss[far] > 0 else 'below'} the "
        f"line of the others and pulls the MSE line {number(abs(pull), 2)} towards itself: "
        "its square outweighs them."
    )
    name, label = ("huber", "Huber") if size[far] > 2 else ("mae", "MAE")
    return Finding("note", text, Remedy(f"Switch to {label}", "loss", name))


def bent(case: Case) -> Finding | None:
    """A parabola would do much better: the line underfits."""
    if len(case.points) < MIN_FOR_BEND or len(np.unique(case.points.x)) < MIN_FOR_BEND - 2:
        return None
    line, parabola = best_line(case.points, "mse").loss, parabola_loss(case.points)
    by_chance = (line - parabola) * (len(case.points) - 3) < NOT_CHANCE * parabola
    if line <= 1e-9 * float(case.points.y.var()) or parabola > 0.5 * line or by_chance:
        return None
    text = (
        f"A line cannot bend: its smallest MSE is {number(line, 2)}, that of a parabola "
        f"{number(parabola if parabola > 1e-9 * line else 0.0, 2)}. This is underfitting: "
        "more steps will not help."
    )
    return Finding("note", text)


def parabola_loss(points: Points) -> float:
    """The smallest MSE of all parabolas a·x² + m·x + b, at least 0."""
    centred = points.x - points.x.mean()
    u = centred / np.abs(centred).max()
    features = np.stack((u * u, u, np.ones_like(u)), axis=1)  # (N, 3)
    weights = np.linalg.lstsq(features, points.y, rcond=None)[0]
    return float(((features @ weights - points.y) ** 2).mean())
