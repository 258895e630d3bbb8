"""The settings of the augmentation previewer, each with its name in the address."""

from dataclasses import dataclass, replace

from core.augmentation.draws import MAX_SEED
from core.augmentation.pictures import SAMPLES
from core.augmentation.pipeline import MAX_STEPS, Pipeline
from core.augmentation.presets import PRESETS
from core.augmentation.spec import DATA_KINDS
from core.augmentation.text import parse, write
from core.errors import InputError
from core.images.registry import IMAGE_SETS
from explorer.settings import Choice, Number, setting

OWN, SET = "own", "set"
NONE = "none"
AUTO = "auto"
COUNT = 16
PICTURES = {
    **{name: one.label for name, one in SAMPLES.items()},
    OWN: "Your own picture",
    SET: "Your own set",
}
RACE_SETS = {**{name: one.label for name, one in IMAGE_SETS.items()}, SET: "Your own set"}
FEW = (20, 50, 100, 200, 500, 1000)
MOST_SEEDS = 8


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
    item: int = setting(0, Number("Picture of the set", 0, 4999))
    race: str = setting(
        "digits", Choice("Pictures of", RACE_SETS, "Real pictures that the networks learn from.")
    )
    few: int = setting(
        100, Number("Learn from", 20, 1000, help="Training pictures. Augmentation is for few.")
    )
    seeds: int = setting(
        3, Number("Seeds", 3, MOST_SEEDS, help="Pairs of runs; each has a split of its own.")
    )
    epochs: int = setting(40, Number("Epochs", 10, 100, help="How often each picture is seen."))


def without_own(settings: Settings) -> tuple[Settings, list[str]]:
    """Return settings that need nothing of the visitor's own, and what had to be replaced."""
    problems = []
    if settings.picture in (OWN, SET):
        problems.append(
            "A link does not carry one's own picture. Open it again; the cat stands in for it."
        )
        settings = replace(settings, picture="cat", item=0)
    if settings.race == SET:
        problems.append(
            "A link does not carry one's own set. Open it again; the race takes scikit-learn's "
            "digits."
        )
        settings = replace(settings, race="digits")
    return settings, problems


def preset_of(settings: Settings) -> str:
    """Return the name of the preset that the pipeline is; an empty text if it is none."""
    text = write(settings.pipeline)
    return next((name for name, one in PRESETS.items() if write(one.pipeline) == text), "")
