"""Transforms that decide which part of the scene is in the picture, and its size."""

from __future__ import annotations

from core.augmentation.call import Call, call
from core.augmentation.fields import FILL, fill, number, size
from core.augmentation.spec import Break, Parameter, Transform, Values

_LEAST = 2  # scaling bytes in three channels to a single pixel fails inside of PyTorch 2.14


def _crop(values: Values) -> Call:
    edge = values["border"] == "edge"
    return call(
        "RandomCrop",
        values["size"],
        padding=values["padding"] or None,
        pad_if_needed=True,
        fill=None if edge else fill(values),
        padding_mode="edge" if edge else None,
    )


def _resized_crop(values: Values) -> Call:
    scale = tuple(sorted((values["scale_min"], values["scale_max"])))
    ratio = (values["ratio_min"], values["ratio_max"])
    usual = ratio == (0.75, 1.3333)
    return call("RandomResizedCrop", values["size"], scale=scale, ratio=None if usual else ratio)


def _zoom_out(values: Values) -> Call:
    span = (1.0, values["side_max"])
    return call("RandomZoomOut", fill=fill(values), side_range=span if span[1] != 4 else None)


_CUTS = Break(
    ("digits", "letters", "text"),
    "A small part of a character can be a different character, or none.",
    below=(("scale_min", 0.6),),
)


FRAMING = (
    Transform(
        "crop",
        "Random crop with padding",
        "geometry",
        "Pads and cuts out a square at a random place: small shifts, as for CIFAR-10.",
        _crop,
        (
            size(32),
            Parameter(
                *("padding", "Padding", "integer", 4, "What is put around before cutting."),
                *(0, 64, 1),
                unit=" px",
            ),
            Parameter(
                *("border", "Border", "choice", "constant", "What the padding consists of."),
                # Reflection would need a picture larger than its padding.
                choices=(("constant", "one grey level"), ("edge", "the edge, repeated")),
            ),
            FILL,
        ),
        (
            Break(
                ("digits", "letters", "text"),
                "Cut smaller than it was, a picture can lose half of its character.",
                below=(("size", 24),),
            ),
        ),
        probability=None,
        fixes="size",
        after_normalise=True,
    ),
    Transform(
        "resized_crop",
        "Random resized crop",
        "geometry",
        "Cuts out a random part and scales it to one size: things near, far and off centre.",
        _resized_crop,
        (
            size(224, least=_LEAST),
            number(
                *("scale_min", "Least part", 0.8, (0.05, 1, 0.01), ""),
                "The smallest share of the area that is cut out.",
            ),
            number(
                *("scale_max", "Largest part", 1.0, (0.05, 1, 0.01), ""),
                "The largest share of the area.",
            ),
            number(
                *("ratio_min", "Narrowest", 0.75, (0.25, 1, 0.01), ""),
                "The smallest width for a height of 1, before scaling.",
            ),
            number(
                *("ratio_max", "Widest", 1.3333, (1, 4, 0.01), ""),
                "The largest width for a height of 1.",
            ),
        ),
        (
            _CUTS,
            Break(
                ("photos", "ripeness"),
                "A small part may show the grass and not the dog.",
                below=(("scale_min", 0.3),),
            ),
        ),
        probability=None,
        fixes="size",
        after_normalise=True,
    ),
    Transform(
        "zoom_out",
        "Zoom out",
        "geometry",
        "Puts the picture at a random place on a larger empty one, so that things look small.",
        _zoom_out,
        (
            number(
                *("side_max", "Largest side", 2.0, (1, 4, 0.1), "×"),
                "How many times as wide and high the result can be.",
            ),
            FILL,
        ),
        probability=0.5,
        own_p=True,
        grows=lambda values: float(values["side_max"]),
        after_normalise=True,
    ),
    Transform(
        "resize",
        "Resize",
        "geometry",
        "Brings every picture to one size, without chance. Networks need it to take batches.",
        lambda values: call("Resize", (values["size"], values["size"])),
        (size(224, least=_LEAST),),
        probability=None,
        fixes="size",
        after_normalise=True,
    ),
)
