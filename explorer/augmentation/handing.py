"""The pipeline on its way to another page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from core.augmentation.text import write
from core.errors import InputError
from explorer.augmentation.looking import able
from explorer.lessons import BY_SLUG
from explorer.shelf import PictureShelf

if TYPE_CHECKING:
    from explorer.augmentation.lesson import Augmentation

# The pages that take a pipeline, with what the button says.
TAKERS = {
    "training_dashboard": "Use it in the training dashboard",
    "transfer_learning": "Use it in transfer learning",
}


class Handing:
    """Where the visitor goes with the pipeline.

    Args:
        lesson: The lesson whose pipeline it is.
        shelf: Where it is left for the other page.

    Attributes:
        wanted: The page to go to; None to stay.
    """

    def __init__(self, lesson: Augmentation, shelf: PictureShelf) -> None:
        self.lesson = lesson
        self.shelf = shelf
        self.wanted: str | None = None

    def actions(self) -> dict[str, Callable[[Mapping[str, Any]], None]]:
        """Return what each kind of gesture does."""
        return {"hand_over": lambda event: self._over(str(event["slug"]))}

    @property
    def text(self) -> str:
        """The pipeline as text; steps that cannot act where they are are switched off."""
        return write(able(self.lesson.pipeline))

    def links(self) -> list[dict[str, str]]:
        """Return the pages that are there and take a pipeline, each with what it is given."""
        return [
            {"slug": slug, "label": label, "text": self.text}
            for slug, label in TAKERS.items()
            if slug in BY_SLUG and BY_SLUG[slug].built
        ]

    def leave(self) -> str | None:
        """Return the page to go to, once."""
        slug, self.wanted = self.wanted, None
        return slug

    def _over(self, slug: str) -> None:
        if slug not in TAKERS:
            raise InputError("That page takes no pipeline.")
        self.shelf.hand(slug, self.text)
        self.wanted = slug
