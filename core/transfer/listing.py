"""A collection as plain values, for a file that is to hold it, and back again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from core.errors import InputError
from core.transfer.collection import MAX_LABELS, MAX_SAMPLES, Collection
from core.transfer.sample import ID, LONGEST_NAME, ORIGINS, Picture, Sample, cleaned

DAMAGED = "The list of the classes is damaged, or another program made it."


def listing(collection: Collection) -> list[dict[str, Any]]:
    """The classes in their order with their samples, without the pictures themselves."""
    return [
        {
            "name": label.name,
            "on": label.on,
            "samples": [
                {"id": sample.id, "origin": sample.origin, "name": sample.name}
                for sample in label.samples
            ],
        }
        for label in collection.labels
    ]


def from_listing(
    values: Any, picture: Callable[[str], Picture]
) -> tuple[Collection, tuple[str, ...]]:
    """Make the collection again.

    Args:
        values: What `listing` gave, perhaps changed since by somebody.
        picture: Gives the picture with a digest, or raises InputError.

    Returns:
        The collection, and a sentence for every picture that is lost.

    Raises:
        InputError: Values of another form, or more than a collection may hold.
    """
    if not isinstance(values, list) or len(values) > MAX_LABELS:
        raise InputError(DAMAGED)
    entries = [(_field(label, "name", str), _field(label, "on", bool)) for label in values]
    lists = [_field(label, "samples", list) for label in values]
    if sum(map(len, lists)) > MAX_SAMPLES:
        raise InputError(DAMAGED)
    collection, lost = Collection(), []
    for (name, on), samples in zip(entries, lists, strict=True):
        collection = collection.add_label(name)
        label_id, found = collection.labels[-1].id, []
        for one in samples:
            try:
                found.append(_sample(one, picture))
            except InputError as error:
                lost.append(str(error))
        collection = collection.add(label_id, found).switch_label(label_id, on)
    return collection, tuple(lost)


def digests(values: Any) -> set[str]:
    """The digests of all pictures that a listing names; none where it is damaged."""
    try:
        return {
            str(sample["id"])[:16]
            for label in values
            for sample in label["samples"]
            if ID.fullmatch(str(sample["id"]))
        }
    except (KeyError, TypeError):
        return set()


def _sample(values: Any, picture: Callable[[str], Picture]) -> Sample:
    own_id, name = _field(values, "id", str), _field(values, "name", str)
    origin = next((one for one in ORIGINS if one == values.get("origin")), None)
    if not ID.fullmatch(own_id) or origin is None:
        raise InputError(DAMAGED)
    return Sample(own_id, picture(own_id[:16]), origin, cleaned(name, LONGEST_NAME))


def _field(values: Any, name: str, kind: type) -> Any:
    if not isinstance(values, Mapping) or type(values.get(name)) is not kind:
        raise InputError(DAMAGED)
    return values[name]
