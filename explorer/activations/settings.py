"""The settings of the lesson, each with its name in the address and its limits."""

from dataclasses import dataclass

from core.activations.chain import TARGETS
from core.activations.expression import ExpressionError, parse
from core.activations.registry import ACTIVATIONS
from explorer.paths import Path, PathRule
from explorer.settings import Choice, Number, Numbers, setting

MOST = 4
OWN = "own"
EXAMPLE = "max(0.1*x, x) + 0.2*sin(3*x)"
RANGE = (-5.0, 5.0)
MAX_STEPS = 2000
RATES = (0.001, 0.3)
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
class Settings:
    """Everything that decides what the page shows."""

    functions: tuple[str, ...] = setting(("relu", "gelu"), FunctionsRule("Functions"))
    expression: str = setting(EXAMPLE, ExpressionRule("Your own function"))
    parameters: Parameters = setting((), ParametersRule("Parameters"))
    cursor: float = setting(-0.75, Number("Cursor", *RANGE, 0.01, 2))
    show: str = setting("both", Choice("Curves", {"both": "f and f′", "f": "f", "d": "f′"}))
    view: str = setting(
        "chain",
        Choice(
            "View",
            {
                "neuron": "Neuron",
                "plane": "Two inputs",
                "chain": "Sum",
                "stack": "Stack",
                "depth": "Depth",
            },
        ),
    )
    neuron: tuple[float, float] = setting((1.5, -1.0), Numbers("Weight and bias", 2, 100))
    plane: tuple[float, float, float] = setting(
        (1.2, 0.8, -0.5), Numbers("Weights and bias", 3, 100)
    )
    target: str = setting(
        "sine", Choice("Target", {name: one.label for name, one in TARGETS.items()})
    )
    units: int = setting(6, Number("Neurons", 1, 12, help="How many neurons are added up."))
    rate: float = setting(
        0.03, Number("Learning rate", *RATES, 0.001, 4, help="Step size of the optimizer Adam.")
    )
    seed: int = setting(3, Number("Seed", 0, 9999, help="The random start of weights and biases."))
    weights: tuple[float, ...] = setting((), ListRule("Weights set by hand"))
    path: Path = setting((), PathRule("Fit", RATES, MAX_STEPS))
    layers: int = setting(
        4, Number("Layers", 1, 12, help="How many layers of one neuron follow each other.")
    )
    depth: int = setting(20, Number("Depth", 2, 50, help="Layers of the network that is measured."))
    gain: float = setting(
        1.0,
        Number("Gain", 0.1, 3, 0.05, 2, help="All starting weights are multiplied by this."),
    )
    start: str = setting(
        "he",
        Choice(
            "Start",
            {"he": "He", "xavier": "Xavier", "lecun": "LeCun"},
            help="How large the random weights are at the start.",
        ),
    )
