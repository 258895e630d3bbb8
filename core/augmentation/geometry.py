"""Transforms that turn, mirror and bend pictures."""

from __future__ import annotations

from core.augmentation.call import Call, call
from core.augmentation.fields import FILL, fill, mode, number, usual_mode
from core.augmentation.spec import Break, Transform, Values

_UPSIDE_DOWN = "Upside down a 6 reads as a 9 and a 9 as a 6."


def _rotation(values: Values) -> Call:
    mode = usual_mode(values, "nearest")
    return call("RandomRotation", values["degrees"], interpolation=mode, fill=fill(values))


def _affine(values: Values) -> Call:
    shift, shear = values["translate"], values["shear"]
    scale = (values["scale_min"], values["scale_max"])
    return call(
        "RandomAffine",
        values["degrees"],
        translate=(shift, shift) if shift else None,
        scale=scale if scale != (1.0, 1.0) else None,
        shear=shear or None,
        interpolation=usual_mode(values, "nearest"),
        fill=fill(values),
    )


def _perspective(values: Values) -> Call:
    mode = usual_mode(values, "bilinear")
    return call(
        "RandomPerspective",
        distortion_scale=values["distortion"],
        interpolation=mode,
        fill=fill(values),
    )


def _elastic(values: Values) -> Call:
    mode = usual_mode(values, "bilinear")
    return call(
        "ElasticTransform",
        alpha=values["alpha"],
        sigma=values["sigma"],
        interpolation=mode,
        fill=fill(values),
    )


def _elastic_needs(values: Values) -> int:
    kernel = int(8 * values["sigma"] + 1) | 1  # as torchvision makes it
    return kernel // 2 + 1


_TURNS = (
    Break(
        ("digits",),
        "Turned far enough, a 6 becomes a 9, and a 7 looks like a 1.",
        (("degrees", 45),),
    ),
    Break(("letters",), "Turned by 180°, b becomes q and d becomes p.", (("degrees", 60),)),
    Break(("text",), "Nobody meets text that far on its side or upside down.", (("degrees", 30),)),
)

GEOMETRY = (
    Transform(
        "hflip",
        "Horizontal flip",
        "geometry",
        "Left and right change places: a cat that looks left is as much a cat.",
        lambda values: call("RandomHorizontalFlip"),
        breaks=(
            Break(("letters",), "Mirrored, b becomes d and p becomes q."),
            Break(("text",), "Mirrored text is not read by anyone, and arrows point elsewhere."),
            Break(("digits",), "A mirrored 2 looks like a 5; no mirrored 3, 4 or 7 is ever met."),
        ),
        probability=0.5,
        own_p=True,
        after_normalise=True,
    ),
    Transform(
        "vflip",
        "Vertical flip",
        "geometry",
        "Top and bottom change places: for pictures without an up, such as from a microscope.",
        lambda values: call("RandomVerticalFlip"),
        breaks=(
            Break(("letters",), "Upside down, b becomes p and d becomes q."),
            Break(("digits",), f"{_UPSIDE_DOWN} A 2 looks like a 5."),
            Break(("text",), "Text that is mirrored from top to bottom is not read by anyone."),
            Break(("photos",), "Cars and cats are hardly ever met upside down."),
        ),
        probability=0.5,
        own_p=True,
        after_normalise=True,
    ),
    Transform(
        "rotation",
        "Rotation",
        "geometry",
        "Turns by a random angle, for cameras that are held at a slant.",
        _rotation,
        (
            number(
                *("degrees", "Angle", 15.0, (0, 180, 1), "°"),
                "The largest angle, to the left and to the right.",
            ),
            mode("nearest"),
            FILL,
        ),
        _TURNS,
        after_normalise=True,
    ),
    Transform(
        "affine",
        "Affine",
        "geometry",
        "Turns, shifts, scales and shears at once, as a camera does that is moved a little.",
        _affine,
        (
            number("degrees", "Angle", 10.0, (0, 180, 1), "°", "The largest angle, both ways."),
            number(
                *("translate", "Shift", 0.1, (0, 0.5, 0.01), ""),
                "The largest shift as a share of width and height.",
            ),
            number("scale_min", "Least scale", 0.9, (0.5, 1, 0.05), "×", "The smallest size."),
            number("scale_max", "Largest scale", 1.1, (1, 2, 0.05), "×", "The largest size."),
            number("shear", "Shear", 5.0, (0, 45, 1), "°", "The largest slant, both ways."),
            mode("nearest"),
            FILL,
        ),
        (
            *_TURNS,
            Break(
                ("digits", "letters", "text"),
                "Shifted that far, half of a character is outside.",
                (("translate", 0.3),),
            ),
        ),
        after_normalise=True,
    ),
    Transform(
        "perspective",
        "Perspective",
        "geometry",
        "Looks at the picture from a random side, as at a sign by the road.",
        _perspective,
        (
            number(
                *("distortion", "Distortion", 0.3, (0, 0.9, 0.05), ""),
                "How far the corners move: 0 not at all, 1 to the middle.",
            ),
            mode("bilinear"),
            FILL,
        ),
        (
            Break(
                ("digits", "letters", "text"),
                "Squeezed that much, a character cannot be read any more.",
                (("distortion", 0.6),),
            ),
        ),
        smallest=lambda values: 2,  # the corners have to be different points
        probability=0.5,
        own_p=True,
        after_normalise=True,
    ),
    Transform(
        "elastic",
        "Elastic",
        "geometry",
        "Pulls the picture about like rubber, much as handwriting varies.",
        _elastic,
        (
            number(
                *("alpha", "Strength", 50.0, (0, 250, 5), ""),
                "How far pixels are pulled.",
            ),
            number(
                *("sigma", "Smoothness", 5.0, (1, 10, 0.5), ""),
                "How far around neighbours are pulled along.",
            ),
            mode("bilinear"),
            FILL,
        ),
        (
            Break(
                ("digits", "letters", "text"),
                "Pulled that much, strokes tear and characters become others.",
                (("alpha", 100),),
            ),
        ),
        smallest=_elastic_needs,
        after_normalise=True,
    ),
)
