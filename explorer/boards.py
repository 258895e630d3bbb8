"""What the cards of every page have in common: help, terms, the doctor, the script, the prose."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol

from explorer import glossary
from explorer.prose import prose_card

Card = dict[str, Any]
USUAL = {
    "question": "Commit to an answer, then let the run show what happens.",
    "doctor": "Watches the run and names the most important thing about it.",
}
UNMARKED = frozenset({"source", "src", "base64"})  # programs and pictures, not words


class Framed(Protocol):
    """A lesson that counts its states, so that the browser knows old cards from new ones."""

    frame: int


def board(
    slug: str, lesson: Framed, token: str | None, cards: list[Card], help: Mapping[str, str]
) -> dict[str, Any]:
    """Return a board as JSON: its cards, each with its help, and behind them what the page means.

    Args:
        slug: The lesson's slug; its prose closes the board.
        lesson: The lesson.
        token: Name of the gestures that this answers.
        cards: The cards in their order.
        help: One sentence for each kind of card that may need one; questions and the doctor have
            a usual one, and a card may bring its own.
    """
    every = [*cards, prose_card(slug)]
    for card in every:
        card.setdefault("help", help.get(card["kind"], USUAL.get(card["kind"])))
    return {
        "ack": token,
        "frame": lesson.frame,
        "cards": every,
        "glossary": glossary.known(words(every)),
    }


def words(value: Any) -> Iterator[str]:
    """Yield the texts of cards that may refer to terms of the glossary."""
    if isinstance(value, str):
        if "[[" in value:
            yield value
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            if name not in UNMARKED:
                yield from words(inner)
    elif isinstance(value, Iterable):
        for inner in value:
            yield from words(inner)


class Remedied(Protocol):
    """A remedy as its button shows it."""

    @property
    def label(self) -> str:
        """What the button says."""


class Found(Protocol):
    """What a doctor says."""

    @property
    def level(self) -> str:
        """One of "ok", "note" and "warning"."""

    @property
    def text(self) -> str:
        """What it is, with its numbers."""

    @property
    def remedy(self) -> Remedied | None:
        """What would help, or None."""


def doctor_card(found: Found, span: int = 4) -> Card:
    """Return the doctor's most important finding, with a button for its remedy."""
    remedy = None if found.remedy is None else found.remedy.label
    return {
        "kind": "doctor",
        "span": span,
        "level": found.level,
        "text": found.text,
        "remedy": remedy,
    }


def script_card(source: str, filename: str, span: int) -> Card:
    """Return the script that makes this screen again."""
    return {"kind": "script", "span": span, "source": source, "filename": filename}
