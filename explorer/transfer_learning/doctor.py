"""The doctor: the most important thing about pictures and model, and what mends it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from torch import Tensor

from core import diagnosis
from core.transfer import doctor
from core.transfer.collection import Collection
from core.transfer.doctor_twins import Told
from core.transfer.neighbours import Twins, groups, twins
from explorer.numbers import fixed
from explorer.transfer_learning.settings import HEAD

if TYPE_CHECKING:
    from explorer.transfer_learning.lesson import TransferLearning

MOST_COMPARED = 400  # pictures; more would take seconds
OVER = 0.5  # nats by which validation loss may lie above training loss


@dataclass(frozen=True)
class Mend:
    """What one click does.

    Attributes:
        label: What the button says.
        act: Does it.
    """

    label: str
    act: Callable[[], None]


Finding = diagnosis.Finding[Mend]


class Doctor:
    """Looks for twins once for each collection.

    Args:
        lesson: The lesson that is looked at.
    """

    def __init__(self, lesson: TransferLearning) -> None:
        self.lesson = lesson
        self._known: tuple[Collection, list[Twins]] | None = None

    def pairs(self) -> list[Twins]:
        """Return the pictures that look alike; only once their features are known."""
        collection, learning = self.lesson.collecting.collection, self.lesson.learning
        if self._known is not None and self._known[0] is collection:
            return self._known[1]
        samples = collection.samples
        if learning.busy or not 1 < len(samples) <= MOST_COMPARED:
            return []
        features = None if learning.missing else learning.features.of(samples)
        digests = [one.digest for one in samples]
        self._known = (collection, twins(collection.pictures(), features, digests=digests))
        return self._known[1]

    def groups(self) -> Tensor | None:
        """Return a number for each picture, the same for those that look alike; None if none do."""
        pairs = self._counted()
        count = len(self.lesson.collecting.collection)
        return groups(pairs, count) if pairs else None

    def _counted(self) -> list[Twins]:
        """The twins that count: pictures of a set were made one by one."""
        samples = self.lesson.collecting.collection.samples
        told = (Told(samples[one.first], samples[one.second], one) for one in self.pairs())
        return [one.pair for one in told if one.counts]

    def finding(self) -> Finding:
        """Return the most important finding."""
        checks = (self._problem, self._run, self._apart, self._pictures)
        return next(found for check in checks if (found := check()) is not None)

    def _problem(self) -> Finding | None:
        problem = self.lesson.learning.problem
        return None if problem is None else Finding("warning", problem)

    def _run(self) -> Finding | None:
        """What is wrong with the shown run."""
        status = self.lesson.status()
        run = self.lesson.tuning.directory
        if status is None or run is None:
            return None
        rows, config = run.rows(), run.spec().config
        if status.state == "failed":
            rate = config.learning_rate / 10
            mend = Mend(f"Take a rate of {rate:g}", lambda: self._rate(rate))
            return Finding("warning", status.message, mend)
        if not rows:
            return None
        best = min(rows, key=lambda row: row.validation_loss)
        last = rows[-1]
        if last.validation_loss > 2 * best.validation_loss and last.epoch > best.epoch:
            return Finding(
                "warning",
                f"After epoch {best.epoch} the validation loss rose from "
                f"{fixed(best.validation_loss, 2)} to {fixed(last.validation_loss, 2)}: the "
                "network learns the pictures by heart. The model of the best epoch is kept.",
                Mend("Let the head alone learn", self._head),
            )
        chance = 1 / max(len(self.lesson.collecting.collection.classes), 2)
        if len(rows) > 2 and best.validation_accuracy < 1.2 * chance:
            rate = config.learning_rate / 10
            return Finding(
                "warning",
                f"With {fixed(100 * best.validation_accuracy, 0)} % it does no better than "
                "guessing: the rate has wiped out what the backbone knew.",
                Mend(f"Take a rate of {rate:g}", lambda: self._rate(rate)),
            )
        return None

    def _apart(self) -> Finding | None:
        """Twins of which one is learnt from while the other is held back."""
        learning = self.lesson.learning
        if self.lesson.settings.run is not None or learning.busy or learning.model is None:
            return None
        pairs = self._counted()
        if not pairs:
            return None
        folds = {int(at): fold for fold, held in enumerate(learning.plan().held) for at in held}
        apart = sum(folds.get(one.first) != folds.get(one.second) for one in pairs)
        if not apart or learning.together:
            return None
        said = "1 pair of pictures looks" if apart == 1 else f"{apart} pairs of pictures look"
        return Finding(
            "warning",
            f"{said} nearly the same, and while one is held back, the other is learnt from: the "
            "accuracy flatters.",
            Mend("Hold twins back together", self._together),
        )

    def _together(self) -> None:
        self.lesson.learning.together = True
        self.lesson.notice = "Pictures that look alike are held back together from now on."

    def _pictures(self) -> Finding:
        collection = self.lesson.collecting.collection
        found = doctor.findings(collection, self.pairs(), self._held())[0]
        remedy, level = found.remedy, found.level
        if remedy is None:
            return Finding(level, found.text)
        after = remedy.apply(collection)
        if after is collection:
            if remedy.action == "add" and not remedy.targets:
                actions = self.lesson.collecting.actions()
                add = Mend(remedy.label, lambda: actions["add_label"]({}))
                return Finding(level, found.text, add)
            return Finding(level, found.text)
        notice = "Done. Undo brings the pictures back."
        mend = Mend(remedy.label, lambda: self.lesson.collecting.change(after, notice))
        return Finding(level, found.text, mend)

    def _held(self) -> set[str]:
        """The pictures that are held back, where a run holds some back."""
        model = self.lesson.tuning.model if self.lesson.settings.run is not None else None
        return set() if model is None else set(model.samples)

    def _rate(self, rate: float) -> None:
        self.lesson.settings = replace(self.lesson.settings, rate=max(rate, 1e-5), run=None)
        self.lesson.notice = f"The next run begins with a rate of {rate:g}. Press Train."

    def _head(self) -> None:
        self.lesson.settings = replace(self.lesson.settings, method=HEAD, run=None)
