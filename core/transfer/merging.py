"""Two tabs of one person have changed the same collection: what both of them did."""

from __future__ import annotations

from core.errors import InputError
from core.transfer.collection import Collection


def merged(base: Collection, mine: Collection, theirs: Collection) -> Collection:
    """Mine, with what theirs has gained since both were the same, and without what it has lost.

    Where both have changed the same thing, such as the name of a class, mine is kept.

    Args:
        base: What both began with.
        mine: What became of it here.
        theirs: What became of it elsewhere.

    Raises:
        InputError: Together they are more than a collection may hold.
    """
    known, there = _ids(base), _ids(theirs)
    both = mine
    for gone in (known & _ids(mine)) - there:
        both = both.remove(gone)
    named = {label.name for label in base.labels}
    for label in theirs.labels:
        fresh = [one for one in label.samples if one.id not in known | _ids(both)]
        own = both.label_named(label.name)
        if own is None and (fresh or label.name not in named):
            both = both.add_label(label.name)
            own = both.labels[-1]
        if own is not None and fresh:
            both = both.add(own.id, fresh)
    return _without_emptied(base, both, theirs)


def gained(before: Collection, after: Collection) -> int:
    """How many pictures one collection has that another has not."""
    return len(_ids(after) - _ids(before))


def _without_emptied(base: Collection, both: Collection, theirs: Collection) -> Collection:
    """Without classes that were removed elsewhere, unless something has been put into them."""
    removed = {one.name for one in base.labels} - {one.name for one in theirs.labels}
    for label in both.labels:
        if label.name in removed and not label.samples:
            try:
                both = both.remove_label(label.id)
            except InputError:
                continue
    return both


def _ids(collection: Collection) -> set[str]:
    return {one.id for one in collection.everything()}
