"""What the doctor of the lesson says, and what one click does about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from core import diagnosis


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


Finding = diagnosis.Finding[Remedy]
