"""Numbers as the explorer writes them: true minus, no blank for "not a number"."""

import math

MINUS = "−"


def fixed(value: float, digits: int = 2) -> str:
    """Return a number with a fixed count of decimals, or a power of ten if it is huge.

    Args:
        value: Any number.
        digits: Decimals, 0 or more.
    """
    if not math.isfinite(value):
        return "not a number"
    if abs(value) >= 1e6:
        return significant(value, 3)
    text = f"{abs(value):.{digits}f}"
    return MINUS + text if value < 0 and float(text) != 0 else text


def significant(value: float, digits: int = 3) -> str:
    """Return a number with a count of significant digits, in powers of ten where needed.

    Below 1e−3 and from 1e6 on it is written as in ``1.2e−4``.
    """
    if not math.isfinite(value):
        return "not a number"
    sign = MINUS if value < 0 else ""
    size = abs(value)
    if size and (size < 1e-3 or size >= 1e6):
        mantissa, exponent = f"{size:.{max(0, digits - 2)}e}".split("e")
        return f"{sign}{mantissa}e{str(int(exponent)).replace('-', MINUS)}"
    text = f"{float(f'{size:.{digits}g}'):.{digits + 2}f}".rstrip("0").rstrip(".")
    return sign + text


def bracketed(value: float, digits: int = 2) -> str:
    """Return a number for the middle of a product: a negative one stands in brackets."""
    text = fixed(value, digits)
    return f"({text})" if text.startswith(MINUS) else text
