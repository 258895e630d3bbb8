"""The settings of the augmentation previewer, each with its name in the address."""

from dataclasses import dataclass

from core.augmentation.draws import MAX_SEED
from core.augmentation.pictures import SAMPLES
from core.augmentation.pipeline import MAX_STEPS, Pipeline
from core.augmentation.presets import PRESETS
from core.augmentation.spec import DATA_KINDS
from core.augmentation.text import parse, write
from core.errors import InputError
from explorer.settings import Choice, Number, setting

OWN = "own"
NONE = "none"
AUTO = "auto"
COUNT = 16
PICTURES = {**{name: one.label for name, one in SAMPLES.items()}, OWN: "Your own picture"}


@dataclass(frozen=True)
class PipelineRule:
    """The steps as text: ``hflip:0.5;rotation:degrees=15``; ``none`` without steps."""

    label: str

    def parse(self, text: str) -> Pipeline:
        """Return the pipeline, if the text can be read."""
        try:
            return parse("" if text == NONE else text)
        except InputError as error:
            raise ValueError(str(error).rstrip(".")) from error

    def write(self, value: Pipeline) -> str:
        """Return the text."""
        return write(value) or NONE


@dataclass(frozen=True)
class Settings:
    """What is changed, how, and what is looked at."""

    picture: str = setting("cat", Choice("Picture", PICTURES, "What the pipeline changes."))
    pipeline: Pipeline = setting(PRESETS["course"].pipeline, PipelineRule("The pipeline"))
    data: str = setting(
        AUTO,
        Choice(
            "What is told apart",
            {AUTO: "as the picture", **DATA_KINDS},
            "Whether a change can break a label depends on the classes.",
        ),
    )
    seed: int = setting(
        0,
        Number("Seed", 0, MAX_SEED, help="The same seed gives the same sixteen pictures."),
    )
    draw: int = setting(2, Number("Draw", 0, COUNT - 1, help="The draw that is looked into."))
    open: int = setting(2, Number("Open step", 0, MAX_STEPS))


def preset_of(settings: Settings) -> str:
    """Return the name of the preset that the pipeline is; an empty text if it is none."""
    text = write(settings.pipeline)
    return next((name for name, one in PRESETS.items() if write(one.pipeline) == text), "")
