"""What is declared about a transform, and the checks that follow from it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from torchvision.transforms import v2  # type: ignore[import-untyped]

from core.augmentation.call import Call
from core.errors import InputError

Value = float | int | str | bool
Values = Mapping[str, Any]
Kind = Literal["number", "integer", "choice", "switch"]
Picture = Literal["pil", "uint8", "float"]
DECIMALS = 4
EVERY_PICTURE: tuple[Picture, ...] = ("pil", "uint8", "float")
DATA_KINDS = {
    "photos": "photos of things and animals",
    "digits": "handwritten digits",
    "letters": "letters such as b, d, p and q",
    "text": "text and traffic signs",
    "ripeness": "fruit, fresh or rotten",
}


@dataclass(frozen=True)
class Parameter:
    """One setting of a transform.

    Attributes:
        name: Its key in the address.
        label: What a person reads beside the control.
        kind: "number", "integer", "choice" (one of `choices`) or "switch" (True or False).
        default: The usual value.
        help: One sentence on what it does.
        minimum: The least value of a number; unused for choices and switches.
        maximum: The greatest value.
        step: What a slider moves by, counted from the minimum. Integers have to be on it.
        unit: What to write behind the number: "°", "px", "× the size" or nothing.
        choices: For a choice, each value with its label.
    """

    name: str
    label: str
    kind: Kind
    default: Value
    help: str
    minimum: float = 0.0
    maximum: float = 1.0
    step: float = 0.01
    unit: str = ""
    choices: tuple[tuple[str, str], ...] = ()

    def checked(self, value: object) -> Value:
        """The value in its proper type, numbers rounded to four decimals.

        Raises:
            InputError: It is none of the choices, no number, or out of range.
        """
        if self.kind == "switch":
            if isinstance(value, bool):
                return value
            raise InputError(f"{self.label} is on or off, not {_shown(value)}.")
        if self.kind == "choice":
            known = [key for key, _ in self.choices]
            if isinstance(value, str) and value in known:
                return value
            raise InputError(f"{self.label} is one of {', '.join(known)}, not {_shown(value)}.")
        return self._number(value)

    def _number(self, value: object) -> float | int:
        usable = isinstance(value, int | float) and not isinstance(value, bool)
        if not (usable and math.isfinite(value) and self.minimum <= value <= self.maximum):  # type: ignore[arg-type,operator]
            raise InputError(
                f"{self.label} goes from {self.minimum:g} to {self.maximum:g}{self.unit}, "
                f"not {_shown(value)}."
            )
        number = float(value)  # type: ignore[arg-type]
        if self.kind == "number":
            return round(number, DECIMALS) + 0.0  # no minus zero
        if (number - self.minimum) % self.step:
            raise InputError(
                f"{self.label} is a whole number from {self.minimum:g} in steps of {self.step:g}, "
                f"not {_shown(value)}."
            )
        return int(number)


@dataclass(frozen=True)
class Break:
    """When a transform can turn a picture into one of another class.

    Attributes:
        data: The kinds of data concerned, keys of `DATA_KINDS`.
        sentence: What goes wrong.
        beyond: For some parameters, the value up to which it is harmless.
        below: For some parameters, the value down to which it is harmless. One that is left is
            enough to do harm; with neither `beyond` nor `below` it is never harmless.
    """

    data: tuple[str, ...]
    sentence: str
    beyond: tuple[tuple[str, float], ...] = ()
    below: tuple[tuple[str, float], ...] = ()

    def concerns(self, data: str, values: Values) -> bool:
        """True if labels of such data can change with these values."""
        limited = bool(self.beyond or self.below)
        harmful = any(values[name] > most for name, most in self.beyond) or any(
            values[name] < least for name, least in self.below
        )
        return data in self.data and (harmful or not limited)


def _any_size(values: Values) -> int:
    return 1


@dataclass(frozen=True)
class Transform:
    """Everything that is known about one transform of ``torchvision.transforms.v2``.

    Attributes:
        name: Its key in `TRANSFORMS` and in the address.
        label: What a person reads.
        group: "geometry", "colour", "erasing", "automatic", "tensor" or "batch".
        sentence: What it is for.
        call: The constructor call without probability, from complete values.
        parameters: Its settings.
        breaks: When it can change a label.
        probability: How often it acts unless said otherwise; None where it always acts.
        own_p: True if the constructor has an argument p; otherwise ``v2.RandomApply`` stands
            around it where it acts only sometimes.
        works_on: The kinds of picture that it takes: Pillow's, bytes or floating-point numbers.
        channels: 1 for grey and 3 for colour: with which it works.
        smallest: From the values, how many pixels each side of the picture needs at least.
        grows: From the values, by what factor the sides can grow at most.
        fixes: The parameter that both sides have as their length afterwards, if there is one.
        after_normalise: True if it makes sense on numbers that are no longer from 0 to 1.
    """

    name: str
    label: str
    group: str
    sentence: str
    call: Callable[[Values], Call]
    parameters: tuple[Parameter, ...] = ()
    breaks: tuple[Break, ...] = ()
    probability: float | None = 1.0
    own_p: bool = False
    works_on: tuple[Picture, ...] = EVERY_PICTURE
    channels: tuple[int, ...] = (1, 3)
    smallest: Callable[[Values], int] = _any_size
    grows: Callable[[Values], float] = _any_size
    fixes: str | None = None
    after_normalise: bool = False

    def values(self, given: Values) -> dict[str, Value]:
        """Complete and checked values: those given, the usual ones for the rest.

        Raises:
            InputError: A name that it does not have, or a value out of range.
        """
        known = {one.name: one for one in self.parameters}
        for name in given:
            if name not in known:
                has = f"It has: {', '.join(known)}." if known else "It has no settings."
                raise InputError(f"{self.label} has no setting {_shown(name)}. {has}")
        return {name: one.checked(given.get(name, one.default)) for name, one in known.items()}

    def chance(self, probability: float | None = None) -> float:
        """The probability to act, from 0 to 1; None takes the usual one.

        Raises:
            InputError: Out of range, or given for a transform that always acts.
        """
        if probability is None:
            return 1.0 if self.probability is None else self.probability
        if not 0 <= probability <= 1:
            raise InputError(f"A probability goes from 0 to 1, not {_shown(probability)}.")
        if self.probability is None and probability != 1:
            raise InputError(f"{self.label} acts on every picture and takes no probability.")
        return round(float(probability), DECIMALS) + 0.0

    def called(self, values: Values, probability: float | None = None) -> Call:
        """The constructor call, with the probability in it or around it."""
        plain, chance = self.call(self.values(values)), self.chance(probability)
        if self.own_p:
            return plain.with_p(chance)
        return plain if chance == 1 else plain.sometimes(chance)

    def make(self, values: Values, probability: float | None = None) -> v2.Transform:
        """The transform of torchvision.

        Args:
            values: Settings that differ from the usual ones.
            probability: How often it acts; None takes the usual one.

        Raises:
            InputError: An unknown setting, or one out of range.
        """
        return self.called(values, probability).make()

    def code(self, values: Values, probability: float | None = None) -> str:
        """The same constructor as Python code; what is as in torchvision is not written."""
        return self.called(values, probability).code()


def _shown(value: object) -> str:
    return f'"{value[:20]}"' if isinstance(value, str) else str(value)[:20]
