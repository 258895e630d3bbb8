"""Which pictures a head is judged by: each by a head that has not seen it."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Generator, Tensor

from core.errors import InputError

FOLDS = 5
MANY = 1000  # so many pictures can spare a fifth of them
SHARE = 0.2


@dataclass(frozen=True, eq=False)
class Plan:
    """How a head is judged.

    Attributes:
        held: The numbers of the pictures that are held back, int64, once for each head; no
            picture is in two of them. Empty if nothing can be judged.
        kind: "split", "folds" or "none".
        sentence: The rule, for the person at the screen.
    """

    held: tuple[Tensor, ...]
    kind: str
    sentence: str


def plan_for(
    targets: Tensor,
    classes: int,
    generator: Generator,
    *,
    groups: Tensor | None = None,
    folds: int = FOLDS,
) -> Plan:
    """Choose between a validation split and cross-validation, and deal the pictures out.

    Up to 1,000 pictures: cross-validation with 5 folds, or with as many as the smallest class
    that has two pictures has. More: a fifth is held back once. Both are stratified: every class
    is dealt out evenly. A class with one picture is learnt from and never judged.

    Args:
        targets: The classes, int64 of shape (N,).
        classes: How many classes.
        generator: Where the chance comes from, on the CPU.
        groups: Numbers of shape (N,); pictures with the same one stay together, such as frames
            of one recording, of which one would give the other away. None lets each stand alone.
        folds: At most so many, 2 or more.

    Raises:
        InputError: Fewer than two folds asked for.
    """
    if folds < 2:
        raise InputError("Cross-validation needs 2 folds or more.")
    units = torch.arange(len(targets)) if groups is None else groups
    sizes = [len(_different(units[targets == one])) for one in range(classes)]
    judged = [one for one in range(classes) if sizes[one] > 1]
    if not judged:
        return Plan((), "none", _nothing(groups))
    split = len(targets) > MANY
    count = round(1 / SHARE) if split else min(folds, *(sizes[one] for one in judged))
    place = _dealt(targets, units, judged, count, generator)
    held = tuple((place == fold).nonzero()[:, 0] for fold in range(count))
    alone = [one for one in range(classes) if sizes[one] == 1]
    if split:
        return Plan(held[:1], "split", _split(len(held[0]), len(targets)))
    return Plan(held, "folds", _folds(count, len(alone)))


def _dealt(
    targets: Tensor, units: Tensor, judged: list[int], count: int, generator: Generator
) -> Tensor:
    """The fold of every picture, −1 for those that are never held back."""
    place = torch.full_like(targets, -1)
    for one in judged:
        mine = (targets == one) & (place < 0)
        names = _different(units[mine])
        filled = torch.bincount(place[(targets == one) & (place >= 0)], minlength=count)
        for name in names[torch.randperm(len(names), generator=generator)]:
            fold = int(filled.argmin())
            members = units == name
            place[members] = fold
            filled[fold] += int((members & mine).sum())
    return place


def _different(units: Tensor) -> Tensor:
    return torch.tensor(sorted(set(units.tolist())), dtype=torch.int64)


def _nothing(groups: Tensor | None) -> str:
    what = "picture" if groups is None else "recording"
    return (
        f"With one {what} a class nothing is left to judge the model by: what it is worth on "
        "new pictures is not known. Add a second one to each class."
    )


def _split(held: int, total: int) -> str:
    return (
        f"With {total:,} pictures a fifth can be spared: {held:,} are held back, in the same "
        "proportions of classes, and the model is judged by them."
    )


def _folds(count: int, alone: int) -> str:
    said = (
        f"Cross-validation, because pictures are few: they are dealt out to {count} parts, {count} "
        f"models each learn from {_others(count)}, and every picture is judged by the model that "
        "has not seen it. The model you use learns from all of them."
    )
    if alone:
        classes = "1 class has" if alone == 1 else f"{alone} classes have"
        said += f" {classes} one picture only, which is not judged."
    return said


def _others(count: int) -> str:
    return "the other one" if count == 2 else f"the other {count - 1}"
