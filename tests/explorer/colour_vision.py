"""How colours look to an eye: contrast, distance, and three kinds of colour blindness."""

import math

import numpy as np

# Machado, Oliveira, Fernandes (2009), table 1, severity 1.0; for linear RGB.
KINDS = {
    "protan": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deutan": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritan": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
VISIONS = ("usual", *KINDS)
# Ottosson (2020), "A perceptual color space for image processing".
TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def rgb(colour):
    """``#rrggbb`` as three numbers, 0 to 1; numbers stay what they are."""
    if not isinstance(colour, str):
        return np.asarray(colour, dtype=float)
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(2 * digit for digit in digits)
    return np.array([int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)])


def linear(colour):
    part = rgb(colour)
    return np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)


def luminance(colour):
    """Relative luminance of WCAG 2.1."""
    return float(linear(colour) @ [0.2126, 0.7152, 0.0722])


def contrast(one, other):
    """Contrast of WCAG 2.1: 1 for the same colour, 21 for black on white."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def mixed(one, other, share):
    """``color-mix(in srgb, one share, other)``."""
    return rgb(one) * share + rgb(other) * (1 - share)


def seen(colour, vision):
    """Linear RGB of a colour as somebody with this vision sees it."""
    part = linear(colour)
    return part if vision == "usual" else np.clip(KINDS[vision] @ part, 0, 1)


def oklab(part):
    """Lightness and two axes of colour, from linear RGB."""
    return TO_LAB @ np.cbrt(TO_CONES @ part)


def distance(one, other, vision="usual"):
    """How far two colours are apart for an eye: 100 times the distance in OKLab."""
    return 100 * math.dist(oklab(seen(one, vision)), oklab(seen(other, vision)))
