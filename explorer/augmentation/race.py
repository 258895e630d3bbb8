"""The race: runs with and without the pipeline, one after the other, read from their folders."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import torch.nn.functional as F

from core.augmentation.race import Verdict, pair, verdict
from core.errors import InputError
from core.images.finding import available
from core.images.image_set import ImageSet
from core.runs.directory import RunDirectory
from core.training.data import store
from core.training.events import EpochEnded
from explorer.augmentation.settings import RACE_SETS, SET
from explorer.training_dashboard.runner import runner

if TYPE_CHECKING:
    from explorer.augmentation.lesson import Augmentation

Event = Mapping[str, Any]
ENDED = ("finished", "failed", "stopped", "interrupted")
SMALL = 32  # pixels that the networks see of an own set
GUESSES = {"helps": "it helps", "hurts": "it hurts", "open": "no clear difference"}
SIDES = ("without", "with")


@dataclass(frozen=True)
class Lap:
    """The two runs of one seed, by name: without the pipeline and with it."""

    seed: int
    runs: tuple[str, str]


class Race:
    """Runs of the runner, and what they say so far.

    Args:
        lesson: The lesson whose pipeline is tried.

    Attributes:
        laps: One for each seed, in the order of running; empty before the first race.
        text: The pipeline of the race, as text.
        guess: What the visitor expects, a key of `GUESSES`; None without a guess.
        data: What the networks learn from, in words.
    """

    def __init__(self, lesson: Augmentation) -> None:
        self.lesson = lesson
        self.laps: tuple[Lap, ...] = ()
        self.text = ""
        self.data = ""
        self.epochs = 0
        self.guess: str | None = None
        self._owner = f"race{secrets.token_hex(8)}"

    def actions(self) -> dict[str, Callable[[Event], None]]:
        """Return what each kind of gesture does."""
        return {
            "race_start": lambda _: self.start(),
            "race_stop": lambda _: self.stop(),
            "guess": lambda event: self._guess(str(event["value"])),
        }

    def start(self) -> None:
        """Hand in all runs, one pair after the other; an older race is stopped and let go.

        Raises:
            InputError: The pictures are not on this machine, or no own set was opened.
        """
        settings = self.lesson.settings
        text = self.lesson.handing.text
        if not (self.lesson.pipeline.active or self.lesson.pipeline.batch_steps):
            raise InputError("The pipeline has no step that is on: both runs would be the same.")
        dataset = self._dataset()
        pairs = [
            pair(dataset, settings.few, settings.epochs, seed, text)
            for seed in range(settings.seeds)
        ]
        self._let_go()
        self.text, self.epochs = text, settings.epochs
        laps = []
        for seed, configs in enumerate(pairs):
            first, second = (
                runner().submit(config, self._owner, f"Race: {side}, seed {seed}")
                for side, config in zip(SIDES, configs, strict=True)
            )
            laps.append(Lap(seed, (first, second)))
        self.laps = tuple(laps)
        self.lesson.notice = None

    def stop(self) -> None:
        """End what goes on or waits; what was finished stays."""
        for name in self._names():
            if self._state(name) not in ENDED:
                with suppress(InputError):
                    runner().stop(name)

    def _guess(self, value: str) -> None:
        if value not in GUESSES or self.live or self.result is not None:
            raise InputError("A guess is made before the race.")
        self.guess = value

    # -- what they say -----------------------------------------------------------------

    @property
    def live(self) -> bool:
        """Whether a run goes on or waits; asking keeps it going."""
        going = [name for name in self._names() if self._state(name) not in ENDED]
        for name in going:
            with suppress(InputError):
                runner().watch(name)
        return bool(going)

    def rows(self, side: int) -> list[list[EpochEnded]]:
        """The finished epochs of every seed, without (0) or with (1) the pipeline."""
        found = [self._run(lap.runs[side]) for lap in self.laps]
        return [[] if run is None else list(run.rows()) for run in found]

    @property
    def done(self) -> float:
        """The share of all epochs that is finished, 0 to 1."""
        total = 2 * len(self.laps) * self.epochs
        return sum(len(rows) for side in (0, 1) for rows in self.rows(side)) / max(total, 1)

    def finals(self) -> tuple[list[float], list[float]]:
        """Validation accuracy after the last epoch, of the seeds of which both runs are finished.

        Returns:
            In percent, without and with the pipeline.
        """
        both = zip(self.rows(0), self.rows(1), strict=True)
        whole = [one for one in both if all(len(rows) == self.epochs for rows in one)]
        first, second = (
            [100 * one[side][-1].validation_accuracy for one in whole] for side in (0, 1)
        )
        return first, second

    @property
    def result(self) -> Verdict | None:
        """The verdict over the seeds that are finished; None before the first is."""
        without, along = self.finals()
        return verdict(without, along) if without else None

    @property
    def watched(self) -> int:
        """How many validation pictures there are; 0 before the first run has begun."""
        for name in self._names():
            run = self._run(name)
            begun = run.started() if run is not None else None
            if begun is not None:
                return begun.validation_samples
        return 0

    @property
    def trouble(self) -> str:
        """What a run that failed has said; empty if none did."""
        for name in self._names():
            with suppress(InputError):
                status = runner().status(name)
                if status.state == "failed":
                    return status.message
        return ""

    # -- runs --------------------------------------------------------------------------

    def _dataset(self) -> str:
        name = self.lesson.settings.race
        if name == SET:
            pictures = self.lesson.taking.pictures
            if pictures is None:
                raise InputError("Open an archive with one folder for each class first.")
            self.data = pictures.name
            return kept(pictures)
        if not available(name):
            raise InputError(
                "These pictures are not on this machine yet. The training dashboard downloads "
                "them; scikit-learn's digits are always there."
            )
        self.data = RACE_SETS[name]
        return name

    def _names(self) -> Sequence[str]:
        return [name for lap in self.laps for name in lap.runs]

    def _run(self, name: str) -> RunDirectory | None:
        try:
            return runner().directory(name)
        except InputError:
            return None

    def _state(self, name: str) -> str:
        try:
            return runner().status(name).state
        except InputError:
            return "stopped"

    def _let_go(self) -> None:
        self.stop()
        for name in self._names():
            with suppress(InputError):
                runner().delete(name)
        self.laps = ()


def kept(pictures: ImageSet) -> str:
    """Keep a small version of a set where runs find it; returns what a run calls it.

    The same pictures have the same name, so that they are kept once.
    """
    small = F.interpolate(pictures.images.float(), (SMALL, SMALL), mode="bilinear", antialias=True)
    images = small.round().clamp(0, 255).byte()
    name = hashlib.sha256(images.numpy().tobytes() + pictures.labels.numpy().tobytes()).hexdigest()
    return store(replace(pictures, images=images), f"race-{name[:20]}")
