"""Which functions are drawn: at most four, and who leaves when a fifth one comes."""

from core.activations.registry import ACTIVATIONS
from core.errors import InputError
from explorer.activations.rules import MOST, OWN

Names = tuple[str, ...]


def toggled(chosen: Names, name: str) -> tuple[Names, str | None]:
    """Return the functions with one more or one less, and the one that had to leave.

    Raises:
        InputError: It is the only one.
    """
    if name not in chosen:
        return _fitting((*chosen, name))
    if len(chosen) == 1:
        raise InputError("One function stays on screen: choose another one first.")
    return tuple(one for one in chosen if one != name), None


def with_own(chosen: Names) -> tuple[Names, str | None]:
    """Return the functions with the learner's own at work, and the one that had to leave."""
    return (chosen, None) if OWN in chosen else _fitting((OWN, *chosen))


def _fitting(names: Names) -> tuple[Names, str | None]:
    """The first one stays, because it is at work on the right; the oldest of the others leaves."""
    return (names, None) if len(names) <= MOST else ((names[0], *names[2:]), names[1])


def farewell(name: str | None) -> str | None:
    """Return what is said about the function that had to leave."""
    if name is None:
        return None
    label = "Your own function" if name == OWN else ACTIVATIONS[name].label
    return f"{label} has left: {MOST} functions fit. The first stays, the oldest other one goes."
