"""Carrying out what a browser asks for: whatever is wrong with it becomes one sentence."""

from collections.abc import Callable, Mapping
from typing import Any

from core.errors import InputError, of_the_disk

Event = Mapping[str, Any]
Action = Callable[[Event], None]
WENT_WRONG = "That did not work. What you had is still here."


def attempt(action: Action, event: Event) -> str | None:
    """Do what a gesture asks for.

    Returns:
        None, or the sentence to show if it made no sense. What was there is still there.
    """
    try:
        action(event)
    except InputError as error:
        return str(error)
    except OSError as error:
        return of_the_disk(error)
    except (LookupError, TypeError, ValueError, AttributeError, OverflowError):
        return WENT_WRONG
    return None
