"""What a visitor brings along from page to page: a picture, a set of pictures, a pipeline."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from core.images.image_set import ImageSet
from explorer import state

NAME = "shelf"


@dataclass
class PictureShelf:
    """Kept as long as the tab is open; nothing of it is written to the disk.

    Attributes:
        picture: The visitor's own picture, uint8 of shape (H, W, 3) with at most 512 pixels a
            side; None if none was opened.
        pictures: A set of the visitor's own, one folder for each class; None if none was opened.
        opened: Counts what was put here, so that a page sees that there is something else.
    """

    picture: NDArray[np.uint8] | None = None
    pictures: ImageSet | None = None
    opened: int = 0
    _handed: dict[str, str] = field(default_factory=dict)
    _shown: dict[str, NDArray[np.uint8]] = field(default_factory=dict)

    def put_picture(self, picture: NDArray[np.uint8]) -> None:
        """Keep a picture for all pages."""
        self.picture = picture
        self.opened += 1

    def put_pictures(self, pictures: ImageSet) -> None:
        """Keep a set for all pages; an older one is let go."""
        self.pictures = pictures
        self.opened += 1

    def hand(self, slug: str, text: str) -> None:
        """Leave a pipeline or a function for another page, as text."""
        self._handed[slug] = text

    def take(self, slug: str) -> str | None:
        """Return the text that was left for a page, once; None if there is none."""
        return self._handed.pop(slug, None)

    def hand_picture(self, slug: str, picture: NDArray[np.uint8]) -> None:
        """Leave a picture for another page, uint8 of shape (H, W, 3)."""
        self._shown[slug] = picture

    def take_picture(self, slug: str) -> NDArray[np.uint8] | None:
        """Return the picture that was left for a page, once; None if there is none."""
        return self._shown.pop(slug, None)


def shelf() -> PictureShelf:
    """Return the shelf of this session."""
    return state.lesson(NAME, PictureShelf)
