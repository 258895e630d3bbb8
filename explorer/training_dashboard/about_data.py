"""What a person should know about a data set before a run learns from it."""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import InputError
from core.images.finding import available
from core.images.registry import IMAGE_SETS
from core.training.config import STORED
from core.training.stored import StoredSet, about_stored


@dataclass(frozen=True)
class About:
    """What a person should know about a data set, public or own.

    Attributes:
        label: What it is called.
        classes: How many classes.
        channels: 1 for grey, 3 for colour.
        side: Height and width in pixels.
        pictures: How many there are, the test set included.
        training: How many are not in an official test set.
        licence: As its source states it.
        source: A link, or empty.
        sentence: What to expect of it.
        megabytes: Size of the download, or on the disk.
        own: Whether it is the user's own.
    """

    label: str
    classes: int
    channels: int
    side: int
    pictures: int
    training: int
    licence: str
    source: str
    sentence: str
    megabytes: float
    own: bool


def about(dataset: str) -> About:
    """Return what is known about a data set.

    Raises:
        InputError: A set of one's own that is gone.
    """
    if dataset.startswith(STORED):
        return _about_own(about_stored(dataset))
    one = IMAGE_SETS[dataset]
    return About(
        one.label,
        one.classes,
        one.channels,
        one.side,
        one.training + one.test,
        one.training,
        one.licence,
        one.source,
        one.sentence,
        one.megabytes,
        False,
    )


def _about_own(one: StoredSet) -> About:
    names = ", ".join(one.classes[:12]) + ("…" if len(one.classes) > 12 else "")
    return About(
        one.label,
        len(one.classes),
        one.channels,
        one.side,
        one.pictures,
        one.pictures,
        "that of your pictures",
        "",
        f"Your own, kept on this server: {names}.",
        round(one.size / 1e6, 1),
        True,
    )


def there(dataset: str) -> bool:
    """Whether a run could read the set now."""
    if not dataset.startswith(STORED):
        return available(dataset)
    try:
        about_stored(dataset)
    except InputError:
        return False
    return True
