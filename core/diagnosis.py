"""What a doctor says about a run, a fit or a pipeline: the same form in every lesson."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

Level = Literal["ok", "note", "warning"]
R = TypeVar("R", covariant=True)


@dataclass(frozen=True)
class Finding(Generic[R]):
    """The most important thing about something.

    Attributes:
        level: "warning" needs something done, "note" is worth knowing, "ok" is fine.
        text: What it is and where, in one to three plain sentences with the numbers.
        remedy: What would help, with the ``label`` of its button; None if nothing is needed or
            nothing helps.
    """

    level: Level
    text: str
    remedy: R | None = None
