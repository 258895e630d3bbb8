"""What is said about scores and their probabilities, with the numbers in the formulas."""

from typing import Any

import numpy as np

from core.activations.softmax import cross_entropy, softmax_as_written
from explorer.activations.scores import Vector, vector
from explorer.activations.settings import Settings
from explorer.numbers import fixed, significant

Row = dict[str, Any]
INDICES = "₁₂₃₄₅₆"
FLOAT32_EXP = float(np.log(np.finfo(np.float32).max))  # 88.7: exp of more overflows


def comment(now: Vector) -> str:
    """Return one thing worth noticing about the scores, with its numbers."""
    top = max(now.scores) / now.temperature
    if not np.isfinite(softmax_as_written(now.scores, now.temperature)).all():
        return _cannot_be_written(top)
    first, second = np.argsort([-score for score in now.scores], kind="stable")[:2]
    gap = now.scores[first] - now.scores[second]
    if max(now.scores) == min(now.scores):
        share = f"1/{len(now.scores)}"
        return f"Equal scores: {share} each, at every temperature."
    over = f"exp({fixed(gap)} / {now.temperature:g})"
    with np.errstate(over="ignore"):
        ratio = float(np.exp(gap / now.temperature))
    times = f" = {significant(ratio)}" if np.isfinite(ratio) else ""
    return (
        f"*p*{INDICES[first]} is {over}{times} times *p*{INDICES[second]}: "
        "only the difference of the scores counts."
    )


def _cannot_be_written(top: float) -> str:
    with np.errstate(over="ignore"):
        power = float(np.exp(top))
    size = f" = {significant(power)}" if np.isfinite(power) else ""
    if top > FLOAT32_EXP:
        wrong = f"exp({top:g}){size} overflows float32 (largest 3.4e38): ∞/∞ is not a number."
    else:
        wrong = "every exp is 0 in float32, and 0/0 is not a number."
    return (
        f"Naively, {wrong} Subtracting the largest score first changes no probability, and no "
        "exp exceeds 1."
    )


def probability(value: float) -> str:
    """Return a probability with 4 digits, or as a power of ten if they would all be 0."""
    return significant(value, 3) if 0 < value < 1e-4 else fixed(value, 4)


def formula_rows(settings: Settings) -> list[Row]:
    """Return softmax, its sum, the derivatives of the selected probability, and its loss."""
    now = vector(settings)
    powers, subtracted = now.powers
    total = significant(float(powers.sum()), 4)
    rows = []
    for index, (power, p) in enumerate(zip(powers, now.probabilities, strict=True)):
        at = INDICES[index]
        inner = f"(*z*{at} − max *z*) / *T*" if subtracted else f"*z*{at} / *T*"
        symbols = f"*p*{at} = exp({inner}) / Σ"
        numbers = f"{significant(float(power), 4)} / {total}"
        rows.append(_row(symbols, numbers, probability(float(p))))
    terms = " + ".join(probability(float(p)) for p in now.probabilities)
    if len(now.scores) > 3:  # The row would be wider than its card.
        terms = f"*p*₁ + … + *p*{INDICES[len(now.scores) - 1]}"
    rows.append(_row("Σ *p*", terms, fixed(float(now.probabilities.sum()), 4)))
    return [*rows, *_derivative_rows(now)]


def _derivative_rows(now: Vector) -> list[Row]:
    at, p = INDICES[now.selected], float(now.probabilities[now.selected])
    others = [j for j in range(len(now.scores)) if j != now.selected]
    other = max(others, key=lambda j: float(now.probabilities[j]))
    to, q, temperature = INDICES[other], float(now.probabilities[other]), f"{now.temperature:g}"
    loss = cross_entropy(now.scores, now.selected, now.temperature)
    return [
        _row(
            f"∂*p*{at}/∂*z*{at} = *p*{at} (1 − *p*{at}) / *T*",
            f"{probability(p)} · {probability(1 - p)} / {temperature}",
            _signed(float(now.row[now.selected])),
            detail=True,
        ),
        _row(
            f"∂*p*{at}/∂*z*{to} = −*p*{at} *p*{to} / *T*",
            f"−{probability(p)} · {probability(q)} / {temperature}",
            _signed(float(now.row[other])),
            detail=True,
        ),
        _row(
            f"loss, if class {now.selected + 1} is true = −log *p*{at}",
            f"−log {probability(p)}",
            fixed(loss, 4),
            detail=True,
        ),
    ]


def _signed(value: float) -> str:
    return significant(value, 3) if 0 < abs(value) < 1e-4 else fixed(value, 4)


def _row(symbols: str, numbers: str, result: str, *, detail: bool = False) -> Row:
    return {"symbols": symbols, "numbers": numbers, "result": result, "detail": detail}
