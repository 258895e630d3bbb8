"""What twins do to a collection: two answers for one picture, copies, a test that is none."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from core.transfer.collection import Collection
from core.transfer.finding import Finding, Level, Remedy
from core.transfer.label import ClassOfSamples
from core.transfer.neighbours import NEARLY_SAME, Twins
from core.transfer.sample import Sample

MANY_TWINS = 0.2  # of the pictures


@dataclass(frozen=True)
class Told:
    """Twins with their samples.

    Attributes:
        first: One of them.
        second: The other.
        pair: How alike they are.
    """

    first: Sample
    second: Sample
    pair: Twins

    @property
    def ids(self) -> tuple[str, str]:
        """The ids of both."""
        return self.first.id, self.second.id

    @property
    def counts(self) -> bool:
        """Pictures of a set were made one by one: among them only nearly the same ones count."""
        both = self.first.origin == self.second.origin == "set"
        return not both or self.pair.likeness >= NEARLY_SAME


def two_classes(collection: Collection, told: list[Told]) -> Finding | None:
    """Twins that lie in different classes."""
    where = _places(collection)
    across = [one for one in told if where[one.first.id] is not where[one.second.id]]
    if not across:
        return None
    second = where[across[0].second.id]
    names = " and ".join(f"“{where[one].name}”" for one in across[0].ids)
    count = len({one.second.id for one in across})
    text = (
        f"{_pictures(count)} in two classes at once, such as in {names}. What is the right "
        "answer there cannot be learnt."
    )
    out = tuple(dict.fromkeys(o.second.id for o in across if where[o.second.id] is second))
    remedy = Remedy(f"Remove {len(out)} from “{second.name}”", "remove", out)
    return Finding("warning", "two_classes", text, _ids(across), remedy)


def leak(told: list[Told], held: set[str]) -> Finding | None:
    """Twins of which one is learnt from and the other is held back."""
    leaking = [one for one in told if (one.first.id in held) != (one.second.id in held)]
    if not leaking:
        return None
    count = len({sample for one in leaking for sample in one.ids if sample in held})
    text = (
        f"{count} of the {len(held)} validation pictures {'has' if count == 1 else 'have'} a twin "
        "among those learnt from. They are known already, so the accuracy looks better than it is."
    )
    remedy = Remedy("Keep twins together", "keep_together")
    return Finding("warning", "leak", text, _ids(leaking), remedy)


def copies(collection: Collection, told: list[Told]) -> Finding | None:
    """The same pixels more than once in a class."""
    where = _places(collection)
    same = [o for o in told if o.pair.same and where[o.first.id] is where[o.second.id]]
    if not same:
        return None
    extra = tuple(dict.fromkeys(one.second.id for one in same))
    classes = Counter(where[one].name for one in extra)
    name, count = classes.most_common(1)[0]
    more = f", {count} of them in “{name}”" if len(classes) > 1 else f" in “{name}”"
    text = f"{_pictures(len(extra))} there more than once{more}. A copy teaches nothing new."
    remedy = Remedy(
        f"Remove {len(extra)} {'copy' if len(extra) == 1 else 'copies'}", "remove", extra
    )
    return Finding("note", "copies", text, _ids(same), remedy)


def twins(collection: Collection, told: list[Told]) -> Finding | None:
    """Pictures of a class that are nearly the same."""
    where = _places(collection)
    near = [o for o in told if not o.pair.same and where[o.first.id] is where[o.second.id]]
    if not near:
        return None
    extra = _spare(near)
    share = len(extra) / len(collection.samples)
    text = (
        f"{_pictures(len(extra))} nearly the same as another one ({share:.0%} of all), as frames "
        "of one recording are. With a twin in the training set a validation picture is no test."
    )
    level: Level = "warning" if share >= MANY_TWINS else "note"
    remedy = Remedy("Keep twins together", "keep_together")
    return Finding(level, "twins", text, _ids(near), remedy)


def _places(collection: Collection) -> dict[str, ClassOfSamples]:
    return {sample.id: label for label in collection.active for sample in label.samples}


def _spare(near: list[Told]) -> tuple[str, ...]:
    """The pictures of which another one is left that looks the same."""
    return tuple(dict.fromkeys(one.second.id for one in near))


def _pictures(count: int) -> str:
    return "1 picture is" if count == 1 else f"{count} pictures are"


def _ids(told: list[Told]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(sample for one in told for sample in one.ids))
