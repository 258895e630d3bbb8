"""What the doctor of the lesson may say, and what its button may do."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from core import diagnosis


@dataclass(frozen=True)
class Remedy:
    """What the doctor's button does.

    Attributes:
        label: What it says.
        changes: Settings as the address names them.
        start_over: Whether the fit goes back to its start.
    """

    label: str
    changes: Mapping[str, str] = field(default_factory=dict)
    start_over: bool = False


Finding = diagnosis.Finding[Remedy]
