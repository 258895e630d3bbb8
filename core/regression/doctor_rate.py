"""What the doctor has to say about the learning rate and the batches."""

from __future__ import annotations

import math
from itertools import pairwise

from core.regression.descent import Step
from core.regression.doctor_base import Case, Finding, Remedy
from core.regression.gradient import gradient
from core.regression.wording import number, percent, rounded_down

PATIENCE = 1000  # updates to shrink the error tenfold; more than that is slow
LOOK_BACK = 10
WANDER = 20


def diverged(case: Case) -> Finding | None:
    """The numbers have exploded."""
    if not case.descent.diverged:
        return None
    at = case.descent.current
    text = f"The run diverged: at step {at.index:,} the loss was {number(at.loss, 2)}."
    good = case.good_rate
    if case.learning_rate <= good:
        remedy = Remedy("Back to the start", "reset", None, start_over=True)
        return Finding("warning", f"{text} λ is small enough now; go back to the start.", remedy)
    if case.loss_name == "mse":
        text += " The steps overshot the minimum, farther and farther."
    return Finding("warning", text, case.set_rate(good, start_over=True))


def too_large(case: Case) -> Finding | None:
    """The learning rate is beyond the stable one."""
    if case.stable is None or case.curvatures is None or case.learning_rate <= case.stable:
        return None
    rate, stable = number(case.learning_rate, 2), number(case.stable, 2)
    if case.loss_name == "huber":
        if case.settled:
            return None
        text = (
            f"λ = {rate} is above {stable}, the largest rate that is certain to settle: "
            "the dot may jump about the minimum for ever."
        )
    else:
        growth = case.learning_rate * case.curvatures[1] - 1
        end = "a push would send it off" if case.settled else "the run will diverge"
        every = "Each step" if case.full_batch else "On average each step"
        text = (
            f"λ = {rate} is above the largest stable rate, {stable}. {every} makes the error "
            f"along the steepest direction {number(growth)} times as large: {end}."
        )
    return Finding("warning", text, case.set_rate(case.good_rate))


def from_side_to_side(case: Case) -> Finding | None:
    """The rate is stable, but each step crosses the valley: 1 / λmax < λ <= 2 / λmax."""
    if case.loss_name != "mse" or not case.full_batch or case.stable is None or case.settled:
        return None
    share = case.learning_rate / case.stable
    if not 0.5 < share <= 1:
        return None
    text = (
        f"The dot jumps from side to side of the valley: λ is {percent(share)} of the largest "
        f"stable rate, {number(case.stable)}. Below half of it the dot stops crossing over."
    )
    return Finding("note", text, case.set_rate(case.good_rate))


def updates_for_tenfold(rate: float, curvature: float) -> float:
    """How many updates shrink the error along a direction tenfold; infinity if none do.

    Each multiplies it by 1 − λ·curvature.
    """
    factor = abs(1.0 - rate * curvature)
    if factor >= 1.0:
        return math.inf
    return 1.0 if factor <= 0.1 else math.log(0.1) / math.log(factor)


def too_small(case: Case) -> Finding | None:
    """Along the flat direction of the valley the dot hardly moves."""
    if case.learning_rate == 0:
        text = "λ is 0: the dot does not move. Choose a rate above 0."
        return Finding("warning", text, case.set_rate(case.good_rate))
    if case.settled or case.one_x:
        return None
    if case.curvatures is None:
        return _slow_pace(case)
    flat = case.curvatures[0]
    now, then = (updates_for_tenfold(rate, flat) for rate in (case.learning_rate, case.good_rate))
    if now <= PATIENCE:
        return None
    least = "" if case.loss_name == "mse" else "at least "
    text = (
        f"It will take {least}{_updates(now)} to shrink the error tenfold along the flat "
        "direction of the valley: "
    )
    if case.learning_rate < case.good_rate and then < now / 2:
        text += f"λ = {number(case.learning_rate, 2)} is too small."
        return Finding("warning", text, case.set_rate(case.good_rate))
    text += "it is long and narrow. x values nearer to 0 would make it rounder."
    return Finding("note", text)


def _slow_pace(case: Case) -> Finding | None:
    """MAE has no curvature: how long it takes at the present speed of λ·|gradient|² a step."""
    at = case.descent.current
    dm, db = gradient(case.points, case.loss_name, at.m, at.b)
    speed = case.learning_rate * (dm * dm + db * db)
    gap = at.loss - case.best.loss
    if speed * PATIENCE >= gap or case.learning_rate >= case.good_rate:
        return None
    pace = _updates(gap / speed) if speed > 0 else _updates(math.inf)
    text = f"At this pace it will take {pace} to reach the minimum: λ is too small."
    return Finding("warning", text, case.set_rate(case.good_rate))


def _updates(count: float) -> str:
    return f"{number(count, 2)} updates" if math.isfinite(count) else "more updates than anyone has"


def hopping(case: Case) -> Finding | None:
    """MAE pulls as hard near the minimum as far from it: constant steps do not settle."""
    if case.loss_name != "mae" or not case.full_batch or case.settled:
        return None
    at = case.descent.shown
    losses = [step.loss for step in case.descent.steps[max(0, at - LOOK_BACK) : at + 1]]
    if not any(later > earlier for earlier, later in pairwise(losses)):
        return None
    text = (
        "MAE is as steep near its minimum as far from it, so with a constant λ the dot hops "
        f"around: the last {len(losses) - 1} steps gave losses from {number(min(losses))} to "
        f"{number(max(losses))}; the best line has {case.best_shown}. "
        "A smaller λ makes smaller hops."
    )
    return Finding("note", text, case.set_rate(rounded_down(case.learning_rate / 5)))


def noise_floor(case: Case) -> Finding | None:
    """Mini-batches pull in different directions, so the dot wanders about the minimum."""
    if case.full_batch or case.settled:
        return None
    epoch, at = case.descent.schedule.batches_per_epoch, case.descent.shown
    window = epoch * math.ceil(WANDER / epoch)  # whole epochs, so that every point counts alike
    if at < 2 * window:
        return None
    recent = case.descent.steps[at - window : at + 1]
    earlier = case.descent.steps[at - 2 * window : at - window + 1]
    last = _mean_loss(recent)
    if last - case.best.loss < 0.8 * (_mean_loss(earlier) - case.best.loss) or _direct(recent):
        return None
    text = (
        "Each mini-batch has a minimum of its own, so the dot keeps wandering: over the last "
        f"{window} steps the loss averaged {number(last)}; the best line has {case.best_shown}. "
        "A smaller λ gets closer."
    )
    return Finding("note", text, case.set_rate(rounded_down(case.learning_rate / 5)))


def _mean_loss(steps: list[Step]) -> float:
    return sum(step.loss for step in steps[1:]) / (len(steps) - 1)


def _direct(steps: list[Step]) -> bool:
    """True if the dot went somewhere: at least half of its way was not undone again."""
    way = sum(math.hypot(new.m - old.m, new.b - old.b) for old, new in pairwise(steps))
    return math.hypot(steps[-1].m - steps[0].m, steps[-1].b - steps[0].b) >= way / 2


def healthy(case: Case) -> Finding:
    """Nothing to complain about."""
    best = case.best_shown
    if case.settled:
        return Finding("ok", f"Healthy: the dot is at the minimum, {case.label} {best}.")
    text = f"Healthy: {case.label} is {number(case.descent.current.loss)}, the smallest is {best}."
    if case.stable is not None:
        kind = "largest stable rate" if case.loss_name == "mse" else "rate that is sure to settle"
        text += f" λ is {percent(case.learning_rate / case.stable)} of the {kind}."
    return Finding("ok", text)
