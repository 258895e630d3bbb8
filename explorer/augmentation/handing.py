"""The pipeline and the picture on their way to another page and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from core.augmentation.draws import Bytes
from core.augmentation.text import parse, write
from core.errors import InputError
from explorer.augmentation.looking import able
from explorer.journeys import Journey, Leaving
from explorer.lessons import BY_SLUG

if TYPE_CHECKING:
    from explorer.augmentation.lesson import Augmentation

# The pages that take a pipeline, with what the way there is called.
TAKERS = {
    "training_dashboard": "Use it in the training dashboard",
    "transfer_learning": "Use it in transfer learning",
}


class Handing:
    """What goes from this page to another one, and what arrives from there.

    Args:
        lesson: The lesson whose pipeline and picture it is.
        leaving: Where the visitor wants to go.
    """

    def __init__(self, lesson: Augmentation, leaving: Leaving) -> None:
        self.lesson = lesson
        self.leaving = leaving

    def actions(self) -> dict[str, Callable[[Mapping[str, Any]], None]]:
        """Return what each kind of gesture does."""
        return {
            "hand_over": lambda event: self._over(str(event["slug"])),
            "predict": lambda _: self._predict(),
        }

    @property
    def text(self) -> str:
        """The pipeline as text; steps that cannot act where they are are switched off."""
        return write(able(self.lesson.pipeline))

    def links(self) -> list[dict[str, str]]:
        """Return the pages that are there and take a pipeline, each with what it is given."""
        return [
            {"slug": slug, "label": BY_SLUG[slug].title, "name": name, "text": self.text}
            for slug, name in TAKERS.items()
            if slug in BY_SLUG and BY_SLUG[slug].built
        ]

    def receive(self, text: str | None, picture: Bytes | None) -> None:
        """Take a pipeline or a picture that another page sends; None changes nothing."""
        if text is not None:
            self.lesson.show(parse(text))
            self.lesson.notice = "The pipeline as it is used there. Undo brings yours back."
        if picture is not None:
            self.lesson.taking.show_picture(picture)

    def _over(self, slug: str) -> None:
        if slug not in TAKERS:
            raise InputError("That page takes no pipeline.")
        self.leaving.ask(Journey(slug, text=self.text, parameters={"augment": self.text}))

    def _predict(self) -> None:
        """Let transfer learning say what is in the picture."""
        picture = self.lesson.looking.picture()
        if picture.ndim == 2:
            picture = np.repeat(picture[..., None], 3, 2)
        self.leaving.ask(Journey("transfer_learning", picture=picture))
