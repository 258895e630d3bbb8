"""What is wrong with a collection, in plain words, and what to do about it."""

from __future__ import annotations

from collections.abc import Collection as Some

from core.transfer.collection import Collection
from core.transfer.doctor_twins import Told, copies, leak, twins, two_classes
from core.transfer.finding import Finding, Remedy
from core.transfer.label import ClassOfSamples
from core.transfer.neighbours import Twins

FEW = 10  # pictures of a class
UNEVEN = 3.0  # times as many pictures in the largest class as in the smallest


def findings(
    collection: Collection, pairs: Some[Twins] = (), held: Some[str] = ()
) -> list[Finding]:
    """Look at a collection; the most important things come first.

    Args:
        collection: What was collected; only active classes are looked at.
        pairs: The twins among `collection.samples`, as `neighbours.twins` gives them.
        held: Ids of the samples that are held back for validation, if that was dealt out.

    Returns:
        At least one finding; a single "ok" if there is nothing to say.
    """
    samples = collection.samples
    told = [Told(samples[pair.first], samples[pair.second], pair) for pair in pairs]
    told = [one for one in told if one.counts]
    checks = (
        _one_class(collection),
        _empty(collection),
        two_classes(collection, told),
        leak(told, set(held)),
        _single(collection),
        _uneven(collection),
        copies(collection, told),
        twins(collection, told),
        _few(collection),
    )
    found = [one for one in checks if one is not None]
    found.sort(key=lambda one: one.level != "warning")
    return found or [_healthy(collection)]


def _one_class(collection: Collection) -> Finding | None:
    active = collection.active
    if len(active) > 1:
        return None
    add = Remedy("Add a class", "add")
    if not active:
        return Finding("warning", "one_class", "There is no picture yet. Add some to two classes.")
    text = (
        f"“{active[0].name}” is the only class with pictures, so there is nothing to tell it from. "
        "Add a second one, or one of “something else”."
    )
    return Finding("warning", "one_class", text, (), add)


def _empty(collection: Collection) -> Finding | None:
    empty = [label for label in collection.labels if label.on and not label.samples]
    if not empty or not collection.active:
        return None
    verbs = ("has", "takes") if len(empty) == 1 else ("have", "take")
    text = f"{_names(empty)} {verbs[0]} no picture yet and {verbs[1]} no part."
    remedy = Remedy(f"Add pictures to “{empty[0].name}”", "add", (empty[0].id,))
    return Finding("note", "empty", text, (), remedy)


def _single(collection: Collection) -> Finding | None:
    alone = [label for label in collection.active if len(label) == 1]
    if not alone or len(collection.active) < 2:
        return None
    text = (
        f"{_names(alone)} {'has' if len(alone) == 1 else 'have'} one picture only: it is learnt "
        "from, and nothing is left to check with. Add at least one more."
    )
    remedy = Remedy(f"Add pictures to “{alone[0].name}”", "add", (alone[0].id,))
    return Finding("warning", "single", text, _all(alone), remedy)


def _uneven(collection: Collection) -> Finding | None:
    active = collection.active
    if len(active) < 2:
        return None
    most, least = max(active, key=len), min(active, key=len)
    if len(most) < UNEVEN * len(least):
        return None
    share = len(most) / len(collection.samples)
    text = (
        f"“{most.name}” has {len(most)} pictures and “{least.name}” {len(least)}. Always saying "
        f"“{most.name}” would be right in {share:.0%} already; look at each class by itself."
    )
    remedy = Remedy(f"Add pictures to “{least.name}”", "add", (least.id,))
    return Finding("warning", "uneven", text, (), remedy)


def _few(collection: Collection) -> Finding | None:
    few = [label for label in collection.active if 1 < len(label) < FEW]
    if not few or len(collection.active) < 2:
        return None
    least = min(few, key=len)
    text = (
        f"{_names(few)} {'has' if len(few) == 1 else 'have'} fewer than {FEW} pictures. It can "
        "work, but the accuracy that is measured with so few may be off by a lot."
    )
    remedy = Remedy(f"Add pictures to “{least.name}”", "add", (least.id,))
    return Finding("note", "few", text, (), remedy)


def _healthy(collection: Collection) -> Finding:
    counts = collection.counts()
    least, most = min(counts), max(counts)
    each = f"{most}" if least == most else f"{least} to {most}"
    text = f"Healthy: {len(counts)} classes with {each} pictures each, a good start."
    return Finding("ok", "healthy", text)


def _names(labels: list[ClassOfSamples]) -> str:
    named = [f"“{label.name}”" for label in labels[:3]]
    if len(labels) > 3:
        return f"{', '.join(named)} and {len(labels) - 3} more"
    return " and ".join([", ".join(named[:-1]), named[-1]] if len(named) > 1 else named)


def _all(labels: list[ClassOfSamples]) -> tuple[str, ...]:
    return tuple(sample.id for label in labels for sample in label.samples)
