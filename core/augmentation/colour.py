"""Transforms of colour, light and sharpness: every pixel stays where it is."""

from __future__ import annotations

from core.augmentation.call import Call, call
from core.augmentation.fields import number
from core.augmentation.spec import Break, Parameter, Transform, Values

_RIPE = ("ripeness",)


def _strength(name: str, label: str, default: float, most: float, text: str) -> Parameter:
    return number(name, label, default, (0, most, 0.01), "", text)


def _jitter(values: Values) -> Call:
    names = ("brightness", "contrast", "saturation", "hue")
    return call("ColorJitter", **{name: values[name] or None for name in names})


def _blur(values: Values) -> Call:
    sigma = tuple(sorted((values["sigma_min"], values["sigma_max"])))
    return call("GaussianBlur", values["kernel_size"], sigma=None if sigma == (0.1, 2.0) else sigma)


COLOUR = (
    Transform(
        "jitter",
        "Colour jitter",
        "colour",
        "Varies the light: brightness, contrast, saturation and hue, in random order.",
        _jitter,
        (
            _strength("brightness", "Brightness", 0.2, 1, "Factor from 1 − b to 1 + b."),
            _strength("contrast", "Contrast", 0.2, 1, "Factor from 1 − c to 1 + c."),
            _strength("saturation", "Saturation", 0.2, 1, "From grey (0) to gaudy (2)."),
            _strength("hue", "Hue", 0.0, 0.5, "Share of the colour circle; 0.5 is all of it."),
        ),
        (
            Break(
                _RIPE,
                "Another hue or paler colour turns fresh fruit into rotten, and green into ripe.",
                (("hue", 0.05), ("saturation", 0.5)),
            ),
            Break(("text",), "A red sign and a blue sign mean different things.", (("hue", 0.1),)),
        ),
    ),
    Transform(
        "grey",
        "Greyscale",
        "colour",
        "Takes the colour away, so that shape has to be looked at. The channels stay three.",
        lambda values: call("RandomGrayscale"),
        breaks=(
            Break(_RIPE, "Without colour, fresh and rotten look nearly alike."),
            Break(("text",), "Without colour, some traffic signs lose their meaning."),
        ),
        probability=0.1,
        own_p=True,
    ),
    Transform(
        "blur",
        "Gaussian blur",
        "colour",
        "Blurs, as a camera does that is out of focus.",
        _blur,
        (
            Parameter(
                *("kernel_size", "Kernel", "integer", 5, "Height and width of the kernel, odd."),
                *(3, 23, 2),
                unit=" px",
            ),
            number("sigma_min", "Least blur", 0.1, (0.1, 5, 0.1), " px", "The smallest σ."),
            number("sigma_max", "Largest blur", 2.0, (0.1, 5, 0.1), " px", "The largest σ."),
        ),
        (
            Break(
                ("digits", "letters", "text"),
                "Blurred that much, small characters run together.",
                (("sigma_max", 3),),
            ),
        ),
        smallest=lambda values: int(values["kernel_size"]) // 2 + 1,
        after_normalise=True,
    ),
    Transform(
        "noise",
        "Gaussian noise",
        "colour",
        "Adds a random number to each value, as a camera does in the dark.",
        lambda values: call("GaussianNoise", sigma=values["sigma"]),
        (
            number(
                *("sigma", "Noise σ", 0.1, (0, 0.5, 0.01), ""),
                "Standard deviation of the noise; 1 is the way from black to white.",
            ),
        ),
        works_on=("uint8", "float"),
    ),
    Transform(
        "invert",
        "Invert",
        "colour",
        "Makes a negative: black becomes white, and red becomes cyan.",
        lambda values: call("RandomInvert"),
        breaks=(
            Break(_RIPE, "The negative of a ripe fruit has the colours of nothing edible."),
            Break(("text",), "Signs mean something by their colours."),
        ),
        probability=0.5,
        own_p=True,
    ),
    Transform(
        "posterize",
        "Posterize",
        "colour",
        "Keeps only the first bits of each value, so that fine shades are lost.",
        lambda values: call("RandomPosterize", values["bits"]),
        (
            Parameter(
                *("bits", "Bits", "integer", 4, "Bits that are kept of eight: 1 leaves two."),
                *(1, 8, 1),
            ),
        ),
        (Break(_RIPE, "With so few shades, brown spots vanish or grow.", below=(("bits", 3),)),),
        probability=0.5,
        own_p=True,
    ),
    Transform(
        "solarize",
        "Solarize",
        "colour",
        "Inverts what is brighter than a level, as film did that was exposed too long.",
        lambda values: call("RandomSolarize", values["threshold"]),
        (
            Parameter(
                *("threshold", "Level", "integer", 128, "Values from here on are inverted."),
                *(0, 255, 1),
            ),
        ),
        (Break(_RIPE, "Inverted highlights look like spots of rot."),),
        probability=0.5,
        own_p=True,
        works_on=("pil", "uint8"),
    ),
    Transform(
        "sharpness",
        "Sharpness",
        "colour",
        "Sharpens or softens edges, as cameras and phones do each in its own way.",
        lambda values: call("RandomAdjustSharpness", values["factor"]),
        (
            number(
                *("factor", "Factor", 2.0, (0, 5, 0.1), ""),
                "0 blurs, 1 changes nothing, 2 sharpens.",
            ),
        ),
        probability=0.5,
        own_p=True,
    ),
    Transform(
        "autocontrast",
        "Auto-contrast",
        "colour",
        "Stretches each channel from its darkest to its brightest value over the whole range.",
        lambda values: call("RandomAutocontrast"),
        breaks=(Break(_RIPE, "Stretching each channel alone shifts the colours."),),
        probability=0.5,
        own_p=True,
    ),
    Transform(
        "equalize",
        "Equalize",
        "colour",
        "Spreads the values so that every level is about as frequent as every other.",
        lambda values: call("RandomEqualize"),
        breaks=(Break(_RIPE, "Spreading each channel alone shifts the colours."),),
        probability=0.5,
        own_p=True,
    ),
)
