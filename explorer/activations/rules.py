"""How the settings of the lesson are written in the address, and which values they take."""

from dataclasses import dataclass

from core.activations.expression import ExpressionError, parse
from core.activations.registry import ACTIVATIONS

MOST = 4
OWN = "own"
FEWEST_SCORES, MOST_SCORES = 3, 6
LARGEST_SCORE = 1000
Parameters = tuple[tuple[str, str, float], ...]


@dataclass(frozen=True)
class FunctionsRule:
    """Up to four functions, separated by commas."""

    label: str

    def parse(self, text: str) -> tuple[str, ...]:
        """Return the functions, each once."""
        names = tuple(dict.fromkeys(text.split(",")))
        wrong = [name for name in names if name != OWN and name not in ACTIVATIONS]
        if wrong:
            raise ValueError(f"there is no function called {wrong[0][:20]}")
        if not 1 <= len(names) <= MOST:
            raise ValueError(f"it takes one to {MOST} functions")
        return names

    def write(self, value: tuple[str, ...]) -> str:
        """Return the functions with commas between them."""
        return ",".join(value)


@dataclass(frozen=True)
class ExpressionRule:
    """A function that the learner typed."""

    label: str

    def parse(self, text: str) -> str:
        """Return the text, if it is an expression that can be drawn."""
        try:
            parse(text)
        except ExpressionError as error:
            raise ValueError(str(error)) from error
        return text

    def write(self, value: str) -> str:
        """Return the text."""
        return value


@dataclass(frozen=True)
class ParametersRule:
    """Values of α and β that are not the usual ones: ``leaky_relu.alpha:0.2;elu.alpha:2``."""

    label: str

    def parse(self, text: str) -> Parameters:
        """Return the values, each within the limits of its parameter."""
        found = []
        for part in filter(None, text.split(";")):
            place, _, value = part.partition(":")
            name, _, parameter = place.partition(".")
            limits = (
                {one.name: one for one in ACTIVATIONS[name].parameters}
                if (name in ACTIVATIONS)
                else {}
            )
            if parameter not in limits:
                raise ValueError(f"there is no parameter {place[:30]}")
            number = float(value)
            if not limits[parameter].minimum <= number <= limits[parameter].maximum:
                raise ValueError(f"{place} is out of its range")
            found.append((name, parameter, number))
        return tuple(found)

    def write(self, value: Parameters) -> str:
        """Return the values with semicolons between them."""
        return ";".join(f"{name}.{parameter}:{number!r}" for name, parameter, number in value)


@dataclass(frozen=True)
class ListRule:
    """Any number of numbers: the weights of a sum of neurons that was changed by hand."""

    label: str

    def parse(self, text: str) -> tuple[float, ...]:
        """Return the numbers: three for each neuron and one more, or none."""
        values = tuple(float(part) for part in text.split(",")) if text else ()
        if values and (len(values) % 3 != 1 or not 4 <= len(values) <= 37):
            raise ValueError("it has three numbers for each neuron and one more")
        if not all(abs(value) < 1e6 for value in values):
            raise ValueError("its numbers are too large")
        return values

    def write(self, value: tuple[float, ...]) -> str:
        """Return the numbers with commas between them."""
        return ",".join(repr(number) for number in value)


@dataclass(frozen=True)
class ScoresRule:
    """The scores of three to six classes, separated by commas."""

    label: str

    def parse(self, text: str) -> tuple[float, ...]:
        """Return the scores, each within the limits."""
        values = tuple(float(part) for part in text.split(","))
        if not FEWEST_SCORES <= len(values) <= MOST_SCORES:
            raise ValueError(f"it has {FEWEST_SCORES} to {MOST_SCORES} numbers")
        if not all(abs(value) <= LARGEST_SCORE for value in values):
            raise ValueError(f"its numbers go from −{LARGEST_SCORE} to {LARGEST_SCORE}")
        return values

    def write(self, value: tuple[float, ...]) -> str:
        """Return the scores with commas between them."""
        return ",".join(repr(int(v)) if float(v).is_integer() else repr(float(v)) for v in value)
