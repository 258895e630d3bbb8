"""Erasing, policies that choose transforms by themselves, normalising, and mixing of batches."""

from __future__ import annotations

from torchvision.transforms.v2 import AutoAugmentPolicy  # type: ignore[import-untyped]

from core.augmentation.call import Call, call
from core.augmentation.fields import number
from core.augmentation.spec import Break, Parameter, Transform, Value, Values

# Mean and standard deviation of each channel, on the scale from 0 to 1. ImageNet's are those of
# torchvision's trained models; the others are those of the training sets, as commonly used.
STATISTICS: dict[str, tuple[tuple[float, ...], tuple[float, ...]]] = {
    "half": ((0.5,), (0.5,)),
    "imagenet": ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
    "cifar10": ((0.4914, 0.4822, 0.4465), (0.247, 0.2435, 0.2616)),
    "mnist": ((0.1307,), (0.3081,)),
}
_POLICIES = {
    "imagenet": AutoAugmentPolicy.IMAGENET,
    "cifar10": AutoAugmentPolicy.CIFAR10,
    "svhn": AutoAugmentPolicy.SVHN,
}
_SURPRISES = (
    Break(("ripeness",), "Some of its transforms change the colours that tell ripe from rotten."),
    Break(("text",), "Some of its transforms turn the colours of signs into others."),
)


def _integer(
    name: str, label: str, default: int, span: tuple[float, float, float], text: str
) -> Parameter:
    return Parameter(name, label, "integer", default, text, *span)


def _erasing(values: Values) -> Call:
    scale = tuple(sorted((values["scale_min"], values["scale_max"])))
    ratio = (values["ratio_min"], values["ratio_max"])
    return call(
        "RandomErasing",
        scale=None if scale == (0.02, 0.33) else scale,
        ratio=None if ratio == (0.3, 3.3) else ratio,
        value=values["fill"] or None,
    )


def _auto(values: Values) -> Call:
    policy = values["policy"]
    return call("AutoAugment", *([] if policy == "imagenet" else [_POLICIES[policy]]))


def _augmix(values: Values) -> Call:
    return call(
        "AugMix",
        severity=values["severity"],
        mixture_width=values["width"],
        chain_depth=values["depth"] or None,
        alpha=values["alpha"] if values["alpha"] != 1 else None,
        all_ops=None if values["all_ops"] else False,
    )


def _normalise(values: Values) -> Call:
    mean, std = STATISTICS[values["statistics"]]
    return call("Normalize", mean=mean, std=std)


def channels_of(values: Values) -> tuple[int, ...]:
    """The numbers of channels that a normalisation fits, 1 for grey and 3 for colour."""
    return (1, 3) if len(STATISTICS[values["statistics"]][0]) == 1 else (3,)


def _alpha(default: Value) -> Parameter:
    return number(
        *("alpha", "α", float(default), (0.1, 5, 0.1), ""),
        "Of the Beta(α, α) distribution of shares: small mixes little, 1 evenly.",
    )


AUTOMATIC = (
    Transform(
        "erasing",
        "Random erasing",
        "erasing",
        "Covers a random rectangle, so that no single detail is relied on.",
        _erasing,
        (
            number("scale_min", "Least area", 0.02, (0.01, 0.9, 0.01), "", "Share of the picture."),
            number("scale_max", "Largest area", 0.33, (0.01, 0.9, 0.01), "", "Share, at most."),
            number("ratio_min", "Flattest", 0.3, (0.1, 1, 0.1), "", "Least height for width 1."),
            number("ratio_max", "Tallest", 3.3, (1, 10, 0.1), "", "Largest height for width 1."),
            _integer("fill", "Value", 0, (0, 255, 1), "What it is covered with: 0 is black."),
        ),
        (
            Break(
                ("digits", "letters", "text"),
                "Covered that much, an 8 becomes a 3 and an E becomes an F.",
                (("scale_max", 0.2),),
            ),
            Break(
                ("photos", "ripeness"), "The thing itself can be covered.", (("scale_max", 0.5),)
            ),
        ),
        probability=0.5,
        own_p=True,
        after_normalise=True,
    ),
    Transform(
        "autoaugment",
        "AutoAugment",
        "automatic",
        "One of 25 pairs of transforms that a search found to help on a data set.",
        _auto,
        (
            Parameter(
                *("policy", "Policy", "choice", "imagenet", "The data set of the search."),
                choices=(
                    ("imagenet", "ImageNet"),
                    ("cifar10", "CIFAR-10"),
                    ("svhn", "house numbers (SVHN)"),
                ),
            ),
        ),
        _SURPRISES,
    ),
    Transform(
        "randaugment",
        "RandAugment",
        "automatic",
        "A few random transforms at one strength: two numbers instead of a search.",
        lambda values: call(
            "RandAugment", num_ops=values["num_ops"], magnitude=values["magnitude"]
        ),
        (
            _integer("num_ops", "Transforms", 2, (0, 5, 1), "How many follow each other."),
            _integer("magnitude", "Strength", 9, (0, 30, 1), "The strength of each of them."),
        ),
        _SURPRISES,
    ),
    Transform(
        "trivial",
        "TrivialAugmentWide",
        "automatic",
        "One random transform at a random strength: nothing to choose, and hard to beat.",
        lambda values: call("TrivialAugmentWide"),
        breaks=(
            *_SURPRISES,
            Break(("digits", "letters"), "Its wide range turns by up to 135°: a 6 becomes a 9."),
        ),
    ),
    Transform(
        "augmix",
        "AugMix",
        "automatic",
        "Blends several chains of transforms with the original: for pictures of poor quality.",
        _augmix,
        (
            _integer("severity", "Severity", 3, (1, 10, 1), "The strength of the transforms."),
            _integer("width", "Chains", 3, (1, 5, 1), "How many chains are blended."),
            _integer("depth", "Length", 0, (0, 3, 1), "Transforms in a chain; 0 is random."),
            _alpha(1.0),
            Parameter(
                *("all_ops", "All transforms", "switch", True),
                "With brightness, contrast, colour and sharpness, or without.",
            ),
        ),
        _SURPRISES,
    ),
    Transform(
        "normalise",
        "Normalise",
        "tensor",
        "Takes off the mean and divides by the standard deviation: what networks learn best from.",
        _normalise,
        (
            Parameter(
                *("statistics", "Mean and σ", "choice", "imagenet", "Where the numbers are from."),
                choices=(
                    ("half", "0.5 and 0.5"),
                    ("imagenet", "ImageNet"),
                    ("cifar10", "CIFAR-10"),
                    ("mnist", "MNIST"),
                ),
            ),
        ),
        probability=None,
        works_on=("float",),
    ),
    Transform(
        "mixup",
        "MixUp",
        "batch",
        "Blends two pictures of a batch, and their labels in the same shares.",
        lambda values: call("MixUp", alpha=values["alpha"]),
        (_alpha(1.0),),
        probability=None,
        works_on=("float",),
        after_normalise=True,
    ),
    Transform(
        "cutmix",
        "CutMix",
        "batch",
        "Pastes a rectangle of one picture into another; the labels share by area.",
        lambda values: call("CutMix", alpha=values["alpha"]),
        (_alpha(1.0),),
        probability=None,
        works_on=("uint8", "float"),
        after_normalise=True,
    ),
)
