"""What the doctor of the lesson says, and what one click does about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Remedy:
    """Something that one click does.

    Attributes:
        label: What the button says.
        changes: Settings of the shown run with their new values; a run with them is started.
        epochs: Train the shown run on up to so many epochs instead; 0 goes on as planned.
        balance: Keep a copy of the data with as many pictures of every class, and take that.
    """

    label: str
    changes: dict[str, Any] = field(default_factory=dict)
    epochs: int | None = None
    balance: bool = False


@dataclass(frozen=True)
class Finding:
    """The most important thing about a run.

    Attributes:
        level: "warning" needs something done, "note" is worth knowing, "ok" is fine.
        text: What it is, with its numbers.
        remedy: What would help, or None.
    """

    level: str
    text: str
    remedy: Remedy | None = None
