"""Drawing a part of a page, so that its gestures may take the short way."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

from explorer.components.mount import mount
from explorer.express import Made, lane
from explorer.gestures import Touchable, told
from explorer.heads import Headed, head_message

L = TypeVar("L", bound=Touchable)
H = TypeVar("H", bound="HeadedLesson")


class HeadedLesson(Headed, Touchable, Protocol):
    """A lesson with a head."""


def draw(
    lesson: L,
    where: tuple[str, str],
    module: str,
    make: Callable[[L, str | None], Made],
    token: str | None,
    whole: bool = False,
) -> None:
    """Draw a part of a page, or send new data to the one that is drawn already.

    Args:
        lesson: The lesson of the page.
        where: The slug of the page, and the part.
        module: Name of a file in ``explorer/static`` without ``.js``.
        make: Builds its message from the lesson and the token that is answered.
        token: Name of the gestures that this answers.
        whole: Whether all other parts are outdated by its gestures, as by those of settings.
    """
    slug, part = where
    made = told(lesson, make, token)
    header, values = made if isinstance(made, tuple) else (made, None)
    mount(module, f"{slug}_{part}", header, values, lane(lesson, part, make, whole))


def draw_head(
    lesson: H,
    slug: str,
    token: str | None,
    buttons: Callable[[H], Sequence[dict[str, str]]] = lambda _: (),
) -> None:
    """Draw the head of a page: title, aim, buttons; the browser keeps the address true.

    Args:
        lesson: The lesson of the page.
        slug: Its slug.
        token: Name of the gestures that this answers.
        buttons: Returns the buttons that it has besides those of every page.
    """

    def make(of: H, token: str | None) -> dict[str, Any]:
        return head_message(slug, of, token, buttons(of))

    draw(lesson, (slug, "head"), "head", make, token, whole=True)
