"""One class: its name, whether it takes part, and the pictures that show it."""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import InputError
from core.transfer.sample import Sample, cleaned

LONGEST_LABEL = 40


@dataclass(frozen=True, eq=False)
class ClassOfSamples:
    """A class and the pictures that show it.

    Attributes:
        id: Its name for the page, "c1", "c2", …: stays when the class is renamed.
        name: What a person calls it, 1 to 40 characters.
        on: Whether it takes part in training.
        samples: The pictures in the order in which they came.
    """

    id: str
    name: str
    on: bool = True
    samples: tuple[Sample, ...] = ()

    def __len__(self) -> int:
        return len(self.samples)

    def __bool__(self) -> bool:
        return True  # it is there even without a sample


def usable_name(name: str) -> str:
    """The name of a class as it will be shown: in one line, without unseen characters.

    Raises:
        InputError: Nothing is left of it, or it has more than 40 characters.
    """
    usable = cleaned(name, LONGEST_LABEL + 1)
    if not usable:
        raise InputError("A class needs a name, such as hearts. Type one.")
    if len(usable) > LONGEST_LABEL:
        raise InputError(f"The name of a class has at most {LONGEST_LABEL} characters. Shorten it.")
    return usable
