"""A pipeline: transforms in order, each with its settings, probability and switch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from core.augmentation.spec import Transform, Value, Values
from core.augmentation.table import transform_named
from core.errors import InputError

MAX_STEPS = 20
NORMALISE, BATCH = "normalise", "batch"
_NONE: Values = MappingProxyType({})


@dataclass(frozen=True)
class Step:
    """One transform of a pipeline.

    Attributes:
        name: A key of `TRANSFORMS`.
        values: Its settings; those left out get their usual values, so that all are there.
        probability: How often it acts, 0 to 1. None becomes the usual one.
        on: False leaves it out, without forgetting its settings.

    Raises:
        InputError: An unknown transform or setting, or a value out of range.
    """

    name: str
    values: Values = field(default_factory=dict, hash=False)
    probability: float = None  # type: ignore[assignment]
    on: bool = True

    def __post_init__(self) -> None:
        transform = transform_named(self.name)
        complete = MappingProxyType(transform.values(self.values))
        object.__setattr__(self, "values", complete)
        object.__setattr__(self, "probability", transform.chance(self.probability))

    @property
    def transform(self) -> Transform:
        """What the table says about it."""
        return transform_named(self.name)

    @property
    def changed(self) -> dict[str, Value]:
        """The settings that differ from the usual ones."""
        usual = self.transform.values({})
        return {name: value for name, value in self.values.items() if value != usual[name]}

    @property
    def code(self) -> str:
        """The constructor as Python code."""
        return self.transform.code(self.values, self.probability)


@dataclass(frozen=True)
class Pipeline:
    """At most 20 steps in order. Every change gives a new pipeline.

    Raises:
        InputError: Too many steps.
    """

    steps: tuple[Step, ...] = ()

    def __post_init__(self) -> None:
        if len(self.steps) > MAX_STEPS:
            raise InputError(f"A pipeline has at most {MAX_STEPS} steps. Take one out first.")

    def __len__(self) -> int:
        return len(self.steps)

    def add(self, step: Step | str, at: int | None = None) -> Pipeline:
        """Put a step in, before the step that is now at that place.

        Args:
            step: A step, or the name of a transform with its usual settings.
            at: Its place from 0; None puts it where it fits: at the end, but before
                normalising and mixing where it has to be.

        Raises:
            InputError: An unknown name, no such place, or too many steps.
        """
        new = Step(step) if isinstance(step, str) else step
        place = self._fitting(new) if at is None else at
        if not 0 <= place <= len(self.steps):
            raise InputError(f"There is no place {place}; places go from 0 to {len(self.steps)}.")
        return Pipeline((*self.steps[:place], new, *self.steps[place:]))

    def remove(self, at: int) -> Pipeline:
        """Take the step at that place out."""
        self._step(at)
        return Pipeline(self.steps[:at] + self.steps[at + 1 :])

    def move(self, at: int, to: int) -> Pipeline:
        """Bring the step at one place to another one; those between close up."""
        step, _ = self._step(at), self._step(to)
        return self.remove(at).add(step, to)

    def switch(self, at: int, on: bool) -> Pipeline:
        """Switch the step at that place on or off."""
        return self._put(at, replace(self._step(at), on=on))

    def change(
        self, at: int, values: Mapping[str, Any] = _NONE, probability: float | None = None
    ) -> Pipeline:
        """Change settings of the step at that place; what is not given stays.

        Raises:
            InputError: No such place, an unknown setting, or a value out of range.
        """
        step = self._step(at)
        chance = step.probability if probability is None else probability
        return self._put(at, Step(step.name, {**step.values, **values}, chance, step.on))

    @property
    def problems(self) -> dict[int, str]:
        """The steps that cannot act where they are, by place, each with what to do about it."""
        found: dict[int, str] = {}
        normalised = mixing = False
        for at, step in enumerate(self.steps):
            if not step.on:
                continue
            sentence = _problem(step, normalised, mixing)
            if sentence:
                found[at] = sentence
            normalised |= step.name == NORMALISE
            mixing |= step.transform.group == BATCH
        return found

    @property
    def active(self) -> tuple[tuple[int, Step], ...]:
        """The steps that are on, batch transforms apart, with their places."""
        return tuple(
            (at, step)
            for at, step in enumerate(self.steps)
            if step.on and step.transform.group != BATCH
        )

    @property
    def batch_steps(self) -> tuple[Step, ...]:
        """The steps that are on and act on whole batches: MixUp and CutMix."""
        return tuple(step for step in self.steps if step.on and step.transform.group == BATCH)

    @property
    def normalised(self) -> Step | None:
        """The step that normalises, if one is on."""
        return next((step for _, step in self.active if step.name == NORMALISE), None)

    def _fitting(self, new: Step) -> int:
        for at, step in enumerate(self.steps):
            if step.transform.group == BATCH and new.transform.group != BATCH:
                return at
            if step.name == NORMALISE and _after_normalise(new):
                return at
        return len(self.steps)

    def _put(self, at: int, step: Step) -> Pipeline:
        return Pipeline((*self.steps[:at], step, *self.steps[at + 1 :]))

    def _step(self, at: int) -> Step:
        if not 0 <= at < len(self.steps):
            raise InputError(f"There is no step {at + 1}; the pipeline has {len(self.steps)}.")
        return self.steps[at]


def _problem(step: Step, normalised: bool, mixing: bool) -> str:
    label = step.transform.label
    if mixing and step.transform.group != BATCH:
        return f"{label} acts on single pictures. Move it before MixUp and CutMix."
    return _after_normalise(step) if normalised else ""


def _after_normalise(step: Step) -> str:
    """Why a step cannot stand behind Normalise; an empty text if it can."""
    label = step.transform.label
    if step.name == NORMALISE:
        return "The numbers are normalised already. Take one of the two steps out."
    if not step.transform.after_normalise:
        return f"{label} needs values from black to white. Move it before Normalise."
    if step.values.get("fill", 0):
        return (
            f"{label} fills with a grey level, and after Normalise there are none. Move it "
            "before Normalise, or fill with 0."
        )
    return ""
