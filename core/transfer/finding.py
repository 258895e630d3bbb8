"""One thing that is wrong with a collection, and the click that mends it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from core.transfer.collection import Collection

Level = Literal["warning", "note", "ok"]
Action = Literal["remove", "add", "switch_off", "keep_together"]


@dataclass(frozen=True)
class Remedy:
    """Something that one click can change.

    Attributes:
        label: What the button says.
        action: "remove" samples, "add" pictures to a class or a class (the page opens the
            place), "switch_off" a class, or "keep_together" twins when pictures are held back.
        targets: Ids of the samples, or of the classes.
    """

    label: str
    action: Action
    targets: tuple[str, ...] = ()

    def apply(self, collection: Collection) -> Collection:
        """The collection after the click; the same one where only the page can act."""
        there = {sample.id for sample in collection.everything()}
        labels = {label.id for label in collection.labels}
        for target in self.targets:
            if self.action == "remove" and target in there:
                collection = collection.remove(target)
            if self.action == "switch_off" and target in labels:
                collection = collection.switch_label(target, False)
        return collection


@dataclass(frozen=True)
class Finding:
    """One thing about a collection.

    Attributes:
        level: "warning" needs something done, "note" is worth knowing, "ok" is fine.
        kind: What it is about: "one_class", "empty", "single", "few", "uneven", "two_classes",
            "copies", "twins", "leak" or "healthy".
        text: What it is, where, with its numbers.
        samples: Ids of the pictures that it is about.
        remedy: What would help, or None.
    """

    level: Level
    kind: str
    text: str
    samples: tuple[str, ...] = ()
    remedy: Remedy | None = None
