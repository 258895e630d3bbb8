"""Pipelines to start from, each with what there is to see."""

from __future__ import annotations

from dataclasses import dataclass

from core.augmentation.pipeline import Pipeline
from core.augmentation.text import parse
from core.errors import InputError


@dataclass(frozen=True)
class Preset:
    """A pipeline with a commentary.

    Attributes:
        name: Its key in `PRESETS`.
        label: What a person reads on the button.
        text: The pipeline as `parse` reads it.
        sample: The picture that shows it best, a key of `SAMPLES`.
        commentary: Two or three sentences on what to look at.
    """

    name: str
    label: str
    text: str
    sample: str
    commentary: str

    @property
    def pipeline(self) -> Pipeline:
        """The steps."""
        return parse(self.text)


PRESETS: dict[str, Preset] = {
    one.name: one
    for one in (
        Preset(
            "course",
            "The course's",
            "hflip;rotation:degrees=15;jitter:contrast=0,saturation=0;"
            "resized_crop:size=224,scale_min=0.8",
            "cat",
            "A flip, a small turn, a little light, a slightly different section: each draw could "
            "be another photo of the same thing. The black corners come from the rotation: "
            "nothing is known about what lies outside.",
        ),
        Preset(
            "digits",
            "Safe for digits",
            "affine:degrees=10,translate=0.08,shear=5,interpolation=bilinear;"
            "elastic:0.5,alpha=20,sigma=4",
            "six",
            "Handwriting slants, shifts and wobbles, and so do these draws. There is no flip and "
            "no large turn: a mirrored 2 looks like a 5, and a 6 upside down is a 9.",
        ),
        Preset(
            "photos",
            "For photos",
            "resized_crop:size=224,scale_min=0.35;hflip;trivial;normalise;erasing:0.25",
            "flower",
            "Close to the recipe that torchvision trains its own models with. Sections are "
            "smaller, one random transform joins in, and Normalise gives the network values "
            "around 0. Behind it, erasing covers with the mean colour.",
        ),
        Preset(
            "too_strong",
            "Too strong",
            "rotation:degrees=180;jitter:brightness=0.9,contrast=0.9,saturation=0.9,hue=0.5;"
            "resized_crop:size=224,scale_min=0.05;erasing:1,scale_min=0.3,scale_max=0.6",
            "fresh",
            "Can you still tell what it is? Then the label is no longer true, and the model "
            "learns that anything may be an apple. Training accuracy stays low, and validation "
            "accuracy with it.",
        ),
    )
}


def preset_named(name: str) -> Preset:
    """The preset of that name.

    Raises:
        InputError: There is none.
    """
    if name not in PRESETS:
        known = ", ".join(PRESETS)
        raise InputError(f'There is no preset "{str(name)[:20]}". There are: {known}.')
    return PRESETS[name]
