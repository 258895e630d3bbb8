"""The new head: it learns from the features of all pictures, anew after every change."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import torch

from core.errors import InputError
from core.transfer.collection import Collection
from core.transfer.folds import Plan, plan_for
from core.transfer.head import HeadStep, fit_head, fitting
from core.transfer.judging import Judged, cross_validated
from explorer.gate import GATE
from explorer.transfer_learning.backbones import loaded
from explorer.transfer_learning.features import Features
from explorer.transfer_learning.model import Model, joined, nothing_judged
from explorer.transfer_learning.remembering import Remembered, memory
from explorer.transfer_learning.settings import OWN

if TYPE_CHECKING:
    from explorer.transfer_learning.lesson import TransferLearning

BUDGET_S = 0.15  # of one answer
WATCHED = 25  # answers in which a head is shown learning
FEWEST_CLASSES = 2
WAY_STEPS = 10
Key = tuple[str, int, bool, tuple[tuple[str, str, tuple[str, ...]], ...]]


class Learning:
    """The head that has learnt from a collection.

    Args:
        lesson: The lesson whose collection and backbone count.

    Attributes:
        features: What the backbone makes of the pictures.
        model: What has been learnt last, or None.
        settled: The newest model of which it is known how good it is; it stands in until the next
            one has been judged.
        problem: Why nothing can be learnt, or None.
        steps: The way of the head: loss and accuracy after each step.
        planned: How many steps it took the last time.
        seconds: How long the last training took, features included.
        judging_seconds: How long it took to judge it.
        together: Whether pictures that look alike are held back together.
    """

    def __init__(self, lesson: TransferLearning) -> None:
        self.lesson = lesson
        self.features = Features()
        self.model: Model | None = None
        self.settled: Model | None = None
        self.problem: str | None = None
        self.steps: list[HeadStep] = []
        self.planned = 1
        self.seconds = self.judging_seconds = 0.0
        self.stopped = self.together = False
        self._key: Key | None = None
        self._showing: Iterator[HeadStep] | None = None
        self._judging: Iterator[None] | None = None
        self._spent = 0.0

    @property
    def collection(self) -> Collection:
        """The pictures as they are now."""
        return self.lesson.collecting.collection

    @property
    def missing(self) -> int:
        """How many pictures have no features yet."""
        return len(self.features.missing(self.collection.samples))

    @property
    def busy(self) -> bool:
        """Whether the next answer will have something new."""
        going_on = self._showing is not None or self._judging is not None
        return going_on or (self.missing > 0 and not self.stopped)

    @property
    def judging(self) -> bool:
        """Whether it is not known yet how good the model is."""
        return self._judging is not None and (self.model is None or not len(self.model.judged))

    @property
    def shown(self) -> HeadStep | None:
        """The step that is shown while the head learns before one's eyes."""
        return self.steps[-1] if self._showing is not None else None

    # -- what goes on -------------------------------------------------------------------

    def advance(self, seconds: float = BUDGET_S) -> None:
        """Do what is to be done, as far as the time goes."""
        try:
            self._advance(time.perf_counter() + GATE.share(seconds))
        except InputError as error:
            self.problem, self.model, self.settled = str(error), None, None
            self._showing = self._judging = None

    def again(self) -> None:
        """Let the head learn once more, step by step, so that it can be watched.

        From the same pictures it becomes the same head (`fit_head` leaves nothing to chance). In
        a crowd it is therefore only shown again, not fitted and judged a second time as well.
        """
        self.stopped = False
        if not (GATE.crowded and self._known()):
            self._key = self._judging = None
            until = time.perf_counter() + GATE.share(BUDGET_S)
            self._advance(until, fresh=True)  # What is left to judge follows what is shown.
        if self.model is not None and not self.missing:
            self._showing, self.steps = self._way(self.plan()), []
            self._watch()

    def stop(self) -> None:
        """Stop computing features; those that are there stay."""
        self.stopped = True
        self._showing = None

    def _advance(self, until: float, fresh: bool = False) -> None:
        began = time.perf_counter()
        if self.features.turn_to(self.lesson.backbones.name):
            self._key, self.stopped = None, False
        if self._showing is not None and self._now() == self._key:
            self._watch()
            return
        key = self._now()
        if key != self._key and not fresh and self._remembered(key):
            return
        if self.missing and not self.stopped:
            self.problem = None
            backbone = loaded(self.features.backbone)
            self.features.compute(backbone, self.collection.samples, until)
            self.features.forget(self.collection.everything())
        if self.missing:
            self._spent += time.perf_counter() - began
            return
        if key != self._key:
            self._key, self._showing = key, None
            self._fit(began)
        while self._judging is not None and time.perf_counter() < until:
            if next(self._judging, self) is self:
                self._judging = None

    def _known(self) -> bool:
        """Whether the model is that of the pictures as they are now, and judged."""
        done = self._judging is None and self.settled is not None and self.settled is self.model
        return done and not self.missing and self._now() == self._key

    def _now(self) -> Key:
        active = self.collection.active
        rows = tuple((one.id, one.name, tuple(s.id for s in one.samples)) for one in active)
        return self.features.backbone, self.lesson.settings.seed, self.together, rows

    def _remembered(self, key: Key) -> bool:
        found = memory.find(key)
        if found is None:
            return False
        self.features.take(self.collection.samples, found.model.features)
        self.model = self.settled = found.model
        self.steps, self.seconds, self.planned = list(found.steps), found.seconds, len(found.steps)
        self.problem = self._judging = self._showing = None
        self._key = key
        return True

    def _fit(self, began: float) -> None:
        """Fit the head, so that predictions follow at once; it is judged in the next answers."""
        before, self.model, self._judging = self.model, None, None
        samples, names = self.collection.samples, self.collection.classes
        if len(names) < FEWEST_CLASSES:
            self.problem, self.steps, self.settled = _too_few(len(names)), [], None
            return
        features, targets = self.features.of(samples), self.collection.targets()
        head = fit_head(features, targets, len(names))
        self.seconds = self._spent + time.perf_counter() - began
        self._spent, self.problem = 0.0, None
        backbone = loaded(self.features.backbone)
        self.model = Model(
            name=f"New head on {backbone.info.label}",
            backbone=backbone,
            head=head,
            classes=names,
            labels=tuple(one.id for one in self.collection.active),
            samples=tuple(one.id for one in samples),
            features=features,
            judged=nothing_judged(len(names), ""),
            usual=1.0 if before is None else before.temperature,
        )
        self._judging = self._judged(self.model)

    def _judged(self, model: Model) -> Iterator[None]:
        """Judge a model fold by fold; every `next` does a part of it."""
        began = time.perf_counter()
        plan, targets = self.plan(), self.collection.targets()
        parts: list[Judged] = []
        for held in plan.held:
            one = Plan((held,), plan.kind, plan.sentence)
            parts.append(cross_validated(model.features, targets, len(model.classes), one))
            yield
        judged = joined(parts, len(model.classes), plan.sentence)
        self.model = self.settled = replace(model, judged=judged)
        yield
        self.steps = []
        for step in self._way(plan):
            self.steps.append(step)
            if len(self.steps) % WAY_STEPS == 0:
                yield
        self.planned = len(self.steps)
        self.judging_seconds = time.perf_counter() - began
        if self._key is not None and self.lesson.settings.samples != OWN:
            learnt = Remembered(self.settled, tuple(self.steps), self.seconds)
            memory.keep(self._key, learnt)

    def plan(self) -> Plan:
        """Return which pictures are held back, and when."""
        generator = torch.Generator().manual_seed(self.lesson.settings.seed)
        targets = self.collection.targets()
        groups = self.lesson.doctor.groups() if self.together else None
        return plan_for(targets, len(self.collection.classes), generator, groups=groups)

    def _way(self, plan: Plan) -> Iterator[HeadStep]:
        """The curve of a head that learns without the first part, which only watches."""
        features = self.features.of(self.collection.samples)
        targets, classes = self.collection.targets(), len(self.collection.classes)
        kept, held = torch.ones(len(targets), dtype=torch.bool), None
        if plan.held:
            kept[plan.held[0]] = False
            held = (features[~kept], targets[~kept])
        way = fitting(features[kept], targets[kept], classes, validation=held)
        yield from (step for step, _ in way)

    def _watch(self) -> None:
        assert self._showing is not None
        for _ in range(max(1, self.planned // WATCHED)):
            step = next(self._showing, None)
            if step is None:
                self._showing = None
                return
            self.steps.append(step)


def _too_few(count: int) -> str:
    if count == 0:
        return "Nothing to learn yet: add two classes with a few pictures each."
    return "One class cannot be told from nothing: add a second one, or switch another one on."
