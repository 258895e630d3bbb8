"""Numbers as people read them."""

from __future__ import annotations

import math


def number(value: float, digits: int = 3) -> str:
    """A number with a few significant digits and a true minus sign.

    Args:
        value: Any number.
        digits: How many significant digits, at least 1.

    Returns:
        Such as 0.146, −12.5, 1,230, 3.4e12 or ∞.
    """
    if math.isnan(value):
        return "not a number"
    if value == 0:
        return "0"
    sign = "−" if value < 0 else ""
    if math.isinf(value):
        return f"{sign}∞"
    mantissa, power = f"{abs(value):.{digits - 1}e}".split("e")
    exponent = int(power)
    if -3 <= exponent < 6:
        rounded = float(f"{mantissa}e{power}")
        return f"{sign if rounded else ''}{rounded:,.{max(0, digits - 1 - exponent)}f}"
    return f"{sign}{mantissa}e{exponent}".replace("-", "−")


def percent(ratio: float) -> str:
    """A ratio in whole percent, such as 76 %; below 1 % with two digits, such as 0.034 %."""
    return f"{100 * ratio:.0f} %" if ratio >= 0.01 else f"{number(100 * ratio, 2)} %"


def rounded_down(value: float) -> float:
    """A positive number cut to two significant digits: 0.1459 gives 0.14, 0.58 gives 0.58."""
    scale = 10.0 ** (1 - math.floor(math.log10(value)))
    return float(f"{math.floor(value * scale + 1e-9) / scale:.2g}")
