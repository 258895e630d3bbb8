"""The head of every page: title, aim, the true address, and what was wrong with a link."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from explorer.lessons import BY_SLUG


class Headed(Protocol):
    """A lesson as its head shows it."""

    problems: list[str]

    @property
    def rested(self) -> bool:
        """Whether nothing is in the hand."""

    def address(self) -> str:
        """Return the query that shows the same picture in another browser."""


def head_message(
    slug: str, lesson: Headed, token: str | None = None, buttons: Sequence[dict[str, str]] = ()
) -> dict[str, Any]:
    """Return title, aim, the true address, and what was wrong with the one that was opened.

    Args:
        slug: The lesson's slug.
        lesson: The lesson.
        token: Name of the gestures that this answers; None where the head sends none.
        buttons: Further buttons, each with ``label``, ``glyph`` and the ``type`` of its gesture.
    """
    about = BY_SLUG[slug]
    return {
        "ack": token,
        "title": about.title,
        "aim": about.aim,
        "query": lesson.address(),
        "settled": lesson.rested,
        "problems": lesson.problems,
        "actions": True,
        "buttons": list(buttons),
    }
