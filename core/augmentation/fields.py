"""Settings that several transforms have in common."""

from __future__ import annotations

from torchvision.transforms.v2 import InterpolationMode  # type: ignore[import-untyped]

from core.augmentation.spec import Parameter, Values

MODES = {"nearest": InterpolationMode.NEAREST, "bilinear": InterpolationMode.BILINEAR}
MODE_CHOICES = (("nearest", "nearest pixel (fast)"), ("bilinear", "bilinear (smooth)"))
SPAN = 512  # pixels that a fixed size may have at most


def mode(default: str) -> Parameter:
    """How to find values between pixels."""
    return Parameter(
        "interpolation",
        "Interpolation",
        "choice",
        default,
        "How values between pixels are found.",
        choices=MODE_CHOICES,
    )


FILL = Parameter(
    "fill",
    "Fill",
    "integer",
    0,
    "The grey level of what comes in from outside: 0 black, 255 white.",
    *(0, 255, 1),
)


def size(default: int, least: int = 1) -> Parameter:
    """A fixed length of both sides."""
    return Parameter(
        "size",
        "Size",
        "integer",
        default,
        "Height and width of the result.",
        *(least, SPAN, 1),
        unit=" px",
    )


def number(
    name: str, label: str, default: float, span: tuple[float, float, float], unit: str, text: str
) -> Parameter:
    """A number with its least value, greatest value and step."""
    return Parameter(name, label, "number", default, text, *span, unit=unit)


def usual_mode(values: Values, usual: str) -> InterpolationMode | None:
    """The way to interpolate, None where torchvision does it that way by itself."""
    chosen = values["interpolation"]
    return None if chosen == usual else MODES[chosen]


def fill(values: Values) -> int | None:
    """The grey level outside, None for torchvision's black."""
    return values["fill"] or None
