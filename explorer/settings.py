"""Settings of a page: a frozen dataclass whose fields know how to be read and written.

Each field carries a `Rule`: how its value looks in the address, which values it takes, and
what it is called. The address and the settings row are both made from it.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Protocol, TypeVar, cast
from urllib.parse import quote

from core.errors import InputError

T = TypeVar("T")
LONGEST_REASON = 400  # letters


class Rule(Protocol):
    """What a setting is called, and how its value is written and checked."""

    @property
    def label(self) -> str:
        """Its name on the screen."""

    def parse(self, text: str) -> Any:
        """Return the value that the address names, or raise ValueError with the reason."""

    def write(self, value: Any) -> str:
        """Return the value as it stands in the address."""


@dataclass(frozen=True)
class Choice:
    """One of several named values."""

    label: str
    options: Mapping[str, str]
    help: str = ""

    def parse(self, text: str) -> str:
        """Return the option, if there is one of that name."""
        if text not in self.options:
            raise ValueError(f"choose one of {', '.join(self.options)}")
        return text

    def write(self, value: str) -> str:
        """Return the option's name."""
        return value


@dataclass(frozen=True)
class Number:
    """A number within limits; `digits` 0 makes it whole."""

    label: str
    minimum: float
    maximum: float
    step: float = 1
    digits: int = 0
    help: str = ""

    def parse(self, text: str) -> float | int:
        """Return the number, if it lies within the limits."""
        value = float(text)
        if not math.isfinite(value) or not self.minimum <= value <= self.maximum:
            raise ValueError(f"it goes from {self.minimum:g} to {self.maximum:g}")
        if self.digits:
            return value
        if value != int(value):
            raise ValueError("it is a whole number")
        return int(value)

    def write(self, value: float | int) -> str:
        """Return the shortest text that reads back as the same number."""
        return repr(int(value)) if float(value).is_integer() else repr(float(value))


@dataclass(frozen=True)
class Numbers:
    """A fixed count of numbers, separated by commas."""

    label: str
    count: int
    limit: float = 1e6

    def parse(self, text: str) -> tuple[float, ...]:
        """Return the numbers, if there are as many as there should be."""
        values = tuple(float(part) for part in text.split(","))
        if len(values) != self.count:
            raise ValueError(f"it has {self.count} numbers with commas between them")
        if not all(math.isfinite(value) and abs(value) <= self.limit for value in values):
            raise ValueError(f"its numbers go from −{self.limit:g} to {self.limit:g}")
        return values

    def write(self, value: tuple[float, ...]) -> str:
        """Return the numbers with commas between them."""
        return ",".join(repr(int(v)) if float(v).is_integer() else repr(float(v)) for v in value)


def setting(default: Any, rule: Rule) -> Any:
    """Return a dataclass field with a default and the rule for its values."""
    return field(default=default, metadata={"rule": rule})


def rules(kind: type) -> dict[str, Rule]:
    """Return the rule of every setting of a dataclass, by name."""
    return {one.name: one.metadata["rule"] for one in fields(kind) if "rule" in one.metadata}


def from_address(kind: type[T], parameters: Mapping[str, str]) -> tuple[T, list[str]]:
    """Return the settings that an address names, and what was wrong with it.

    Args:
        kind: A settings dataclass all of whose fields have defaults.
        parameters: The query of the address; names that no setting has are left alone.

    Returns:
        The settings, with the default wherever the address is silent or wrong, and one
        sentence for every value that could not be used.
    """
    values: dict[str, Any] = {}
    problems = []
    for name, rule in rules(kind).items():
        if name not in parameters:
            continue
        try:
            values[name] = rule.parse(parameters[name])
        except (ValueError, OverflowError) as error:
            problems.append(_problem(rule, name, parameters[name], error))
    return kind(**values), problems


def _problem(rule: Rule, name: str, text: str, error: Exception) -> str:
    shown = text if len(text) <= 24 else text[:24] + "…"
    return (
        f"The link says {name}={shown}, which {rule.label.lower()} cannot be: {_reason(error)}. "
        "The usual value stands instead."
    )


def _reason(error: Exception) -> str:
    said = str(error)
    said = said if len(said) <= LONGEST_REASON else said[:LONGEST_REASON] + "…"
    return "it takes numbers" if "convert" in said or "literal" in said else said


def checked(kind: type, name: str, value: Any) -> Any:
    """Return a value that a control sent, if the setting can take it.

    Raises:
        InputError: There is no such setting, or it cannot take the value.
    """
    rule = rules(kind).get(name)
    if rule is None:
        raise InputError(f"There is no setting called {name}.")
    try:
        text = value if isinstance(value, str) else rule.write(cast(Any, value))
        return rule.parse(text)
    except (ValueError, TypeError, AttributeError, OverflowError) as error:
        raise InputError(f"{rule.label}: {_reason(error)}.") from error


def to_address(settings: Any) -> str:
    """Return all settings as the query of an address, the seed included.

    Values that are None are left out. Reading the query gives the same settings back.
    """
    parts = []
    for name, rule in rules(type(settings)).items():
        value = getattr(settings, name)
        if value is not None:
            parts.append(f"{name}={quote(rule.write(value), safe=',:;')}")
    return "&".join(parts)
