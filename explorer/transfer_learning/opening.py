"""The pictures that the page opens on, and fresh ones that nothing has learnt from."""

from __future__ import annotations

from functools import lru_cache

from core.augmentation.pictures import sample
from core.errors import InputError
from core.transfer.collection import Collection
from core.transfer.public_registry import PUBLIC_SETS
from core.transfer.public_sets import public_set
from core.transfer.sample import Picture
from core.transfer.sets import SAMPLE_SETS, sample_set
from explorer.transfer_learning.settings import OWN, Settings

TRIES = 8
FRESH = 8  # photos of each class that are kept for trying out
MOST_PER_CLASS = 100
# Pictures that belong to none of the classes, for each set and for one's own.
STRANGERS: dict[str, tuple[str, ...]] = {
    "symbols": ("photo:flower", "fruit", "photo:cat", "digits", "photo:china"),
    "fruit": ("photo:china", "symbols", "photo:landscape", "digits", "photo:sign"),
    "digits": ("symbols", "photo:flower", "fruit", "photo:letters", "photo:cat"),
    OWN: ("fruit", "photo:china", "symbols", "digits", "photo:sign"),
}


def started(settings: Settings) -> Collection:
    """Return the pictures of a set as the settings want them; empty for one's own.

    Of a public set that is on this machine a part is read, which may take seconds.

    Raises:
        InputError: A set that is not on this machine.
    """
    if settings.samples == OWN:
        return Collection()
    return _part(settings.samples, settings.classes, settings.per_class, settings.seed)


@lru_cache(maxsize=32)
def _part(name: str, classes: int, per_class: int, seed: int) -> Collection:
    if name in PUBLIC_SETS:
        return public_set(name, per_class, seed, PUBLIC_SETS[name].usual[:classes])
    return sample_set(name, per_class, seed, SAMPLE_SETS[name].usual[:classes])


def fresh_picture(settings: Settings, collection: Collection, number: int) -> tuple[Picture, str]:
    """Return a picture of the set that is not in the collection, and its class.

    Args:
        settings: Which set, how many classes, which seed.
        collection: What was collected.
        number: Which one; each number is another picture, class after class.

    Raises:
        InputError: The set gives no more.
    """
    if settings.samples in PUBLIC_SETS:
        return _fresh_photo(settings, collection, number)
    names = SAMPLE_SETS[settings.samples].usual[: settings.classes]
    known = {one.digest for one in collection.everything()}
    name = names[number % len(names)]
    for attempt in range(TRIES):
        seed = 100_000 + settings.seed * 997 + number * TRIES + attempt
        (made,) = sample_set(settings.samples, 1, seed, (name,)).samples
        if made.digest not in known:
            return made.picture, name
    raise InputError("All pictures of this set have been collected already.")


def _fresh_photo(settings: Settings, collection: Collection, number: int) -> tuple[Picture, str]:
    """A photo of a public set that is not in the collection: more of a class is drawn."""
    more = min(settings.per_class + FRESH, MOST_PER_CLASS)
    drawn = _part(settings.samples, settings.classes, more, settings.seed)
    known = {one.digest for one in collection.everything()}
    labels = drawn.active
    label = labels[number % len(labels)]
    fresh = [one for one in label.samples if one.digest not in known]
    if not fresh:
        raise InputError("All pictures of this set have been collected already.")
    return fresh[number // len(labels) % len(fresh)].picture, label.name


def stranger(settings: Settings, number: int) -> tuple[Picture, str]:
    """Return a picture of something that no class stands for, and what it is.

    Args:
        settings: Which set the classes are from.
        number: Which one; each number is another picture.
    """
    sources = STRANGERS.get(settings.samples, STRANGERS[OWN])
    source = sources[number % len(sources)]
    if source.startswith("photo:"):
        name = source.removeprefix("photo:")
        return sample(name), {"cat": "a drawn cat", "china": "a temple"}.get(name, f"a {name}")
    found = SAMPLE_SETS[source]
    names = found.usual
    name = names[number % len(names)]
    (made,) = sample_set(source, 1, 500_000 + number, (name,)).samples
    return made.picture, f"a {name}" if source != "digits" else f"the digit {name}"
