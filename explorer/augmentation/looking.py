"""What the pipeline does to the picture on screen, computed once for each state."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

import torch

from core.augmentation.draws import Bytes, Stage, as_tensor, chain, milliseconds
from core.augmentation.fitting import fit
from core.augmentation.histograms import Histogram, histograms
from core.augmentation.mixing import Mixed, mixed
from core.augmentation.pictures import SAMPLES, reduced, sample
from core.augmentation.pipeline import Pipeline
from core.augmentation.safety import Change, Warned, digit_changes, warnings
from core.augmentation.script import script
from core.augmentation.text import write
from core.errors import InputError
from core.images.digits import read_digits
from core.images.image_set import ImageSet
from core.reader.reader import Reader
from explorer.augmentation.drawing import Draws
from explorer.augmentation.files import Files, Print
from explorer.augmentation.settings import AUTO, OWN, SET
from explorer.gate import GATE

if TYPE_CHECKING:
    from explorer.augmentation.lesson import Augmentation

WORKING = 256  # pixels of the longer side of the picture that goes through the pipeline
TRIED = 3  # digits of each class that the reader is asked about
PARTNERS = ("cat", "fresh", "sign", "landscape")
DIGITS = ("six", "two", "seven")
SLOW_MS = 20.0  # from here on once is enough to tell how long it takes
T = TypeVar("T")


@dataclass(frozen=True)
class Batch:
    """Pictures that MixUp or CutMix has mixed, or the sentence why it could not."""

    names: tuple[str, ...]
    result: Mixed | None
    refused: str


@cache
def reader() -> Reader:
    """The network that comes with the explorer and reads digits."""
    return Reader.load()


@cache
def some_digits() -> ImageSet:
    """A few handwritten digits of every class."""
    every = read_digits()
    chosen = torch.cat([(every.labels == one).nonzero()[:TRIED, 0] for one in range(10)])
    return ImageSet(every.images[chosen], every.labels[chosen], every.classes, every.name)


def able(pipeline: Pipeline) -> Pipeline:
    """Return the pipeline with the steps switched off that cannot act where they are."""
    for at in pipeline.problems:
        pipeline = pipeline.switch(at, False)
    return pipeline


class Looking:
    """Answers about the state of a lesson; the newest answer to each question is kept.

    Args:
        lesson: What is looked at.
    """

    def __init__(self, lesson: Augmentation) -> None:
        self.lesson = lesson
        self._kept: dict[str, tuple[Hashable, Any]] = {}
        self._draws = Draws(self)
        self.files = Files()

    # -- the picture -------------------------------------------------------------------

    def picture(self) -> Bytes:
        """The picture that goes through the pipeline, at most 256 pixels a side."""
        name = self.lesson.settings.picture
        own = self.lesson.own
        if name == OWN and own is not None:
            return self._once("own", self.lesson.uploads, lambda: reduced(own, WORKING))
        if name == SET:
            return self._once("item", self._which, self.lesson.taking.shown)
        return self._once("sample", name, lambda: reduced(sample(name), WORKING))

    @property
    def data(self) -> str:
        """The kind of data that labels are judged for."""
        chosen = self.lesson.settings.data
        return self.kind if chosen == AUTO else chosen

    @property
    def kind(self) -> str:
        """The kind of data that the picture stands for; one's own is taken for a photo."""
        name = self.lesson.settings.picture
        return SAMPLES[name].data if name in SAMPLES else "photos"

    # -- what the pipeline does ----------------------------------------------------------

    def draws(self) -> list[Print]:
        """Sixteen draws; some of them may still be those of before (see `unfinished`)."""
        return self._draws.pictures(self._state)

    @property
    def unfinished(self) -> bool:
        """Whether some of the draws are still those of before."""
        return not self._draws.complete(self._state)

    def chain(self) -> list[Stage]:
        """The picture after every step of the draw that is looked into."""
        at = self.lesson.settings.draw
        return self._once(
            "chain",
            (self._state, at),
            lambda: chain(self.picture(), self.able, self.lesson.settings.seed, at),
        )

    def notes(self) -> dict[int, str]:
        """The steps that are left out for the size of the picture, with a sentence each."""
        channels, height, width = as_tensor(self.picture()).shape
        return dict(fit(self.able, (height, width), channels).notes)

    def histograms(self) -> tuple[Histogram, Histogram | None]:
        """The values of the draw that is looked into, before and after Normalise."""
        at = self.lesson.settings.draw
        keep = self._at_rest if GATE.crowded else self._once
        return keep(
            "histograms",
            (self._state, at),
            lambda: histograms(self.picture(), self.able, self.lesson.settings.seed, at),
        )

    # -- what takes longer: asked while nothing is in the hand -----------------------------

    def milliseconds(self) -> float:
        """How long one picture takes."""
        return self._at_rest(
            "time",
            (write(self.able), self._which),
            self._timed,
        )

    def _timed(self) -> float:
        if GATE.crowded and self._draws.took_s is not None:
            return 1000 * self._draws.took_s  # nobody waits for more draws only to time them
        once = milliseconds(self.able, self.picture(), repeats=1)
        return once if once > SLOW_MS else milliseconds(self.able, self.picture())

    def warned(self) -> list[Warned]:
        """The steps that can change a label."""
        return warnings(self.able, self.data)

    def changes(self) -> list[Change]:
        """Digits that are read as others after the pipeline."""
        seed = self.lesson.settings.seed
        return self._at_rest(
            "changes",
            (write(self.able), seed),
            lambda: digit_changes(self.able, some_digits(), reader().read_all, seed),
        )

    def batch(self) -> Batch:
        """The picture and others, mixed by the steps that act on batches."""
        return self._at_rest("batch", self._state, self._mixed)

    def script(self) -> str:
        """The pipeline and the draw that is looked into as a script."""
        settings = self.lesson.settings
        classes = len(self._names())
        return self._at_rest(
            "script",
            (self._state, settings.draw),
            lambda: script(
                self.able, self.picture(), settings.seed, settings.draw, classes=classes
            ),
        )

    def _mixed(self) -> Batch:
        names = self._names()
        seed = self.lesson.settings.seed
        pictures = [self.picture(), *(reduced(sample(one), WORKING) for one in names[1:])]
        labels = tuple(SAMPLES[one].label if one in SAMPLES else "Yours" for one in names)
        try:
            result = mixed(pictures, range(len(names)), self.able, seed, len(names))
        except InputError as error:
            return Batch(labels, None, str(error))
        return Batch(labels, result, "")

    def _names(self) -> tuple[str, ...]:
        """The pictures of the batch, the one on screen first."""
        now = self.lesson.settings.picture
        others = DIGITS if now in DIGITS else PARTNERS
        return (now, *[one for one in others if one != now])[: len(others)]

    @property
    def able(self) -> Pipeline:
        """The pipeline without the steps that cannot act where they are."""
        return able(self.lesson.settings.pipeline)

    @property
    def _which(self) -> Hashable:
        item = self.lesson.taking.item if self.lesson.settings.picture == SET else 0
        return self.lesson.settings.picture, self.lesson.uploads, item

    @property
    def _state(self) -> Hashable:
        return write(self.able), self.lesson.settings.seed, self._which

    def _once(self, name: str, key: Hashable, make: Callable[[], T]) -> T:
        found: tuple[Hashable, T] | None = self._kept.get(name)
        if found is None or found[0] != key:
            found = (key, make())
            self._kept[name] = found
        return found[1]

    def _at_rest(self, name: str, key: Hashable, make: Callable[[], T]) -> T:
        """The same, but while something is in the hand the last answer stands."""
        if name in self._kept and not self.lesson.rested:
            kept: T = self._kept[name][1]
            return kept
        return self._once(name, key, make)
