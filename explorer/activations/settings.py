"""The settings of the lesson, each with its name in the address and its limits."""

from dataclasses import dataclass

from core.activations.chain import TARGETS
from explorer.activations.rules import (
    MOST_SCORES,
    ExpressionRule,
    FunctionsRule,
    ListRule,
    Parameters,
    ParametersRule,
    ScoresRule,
)
from explorer.paths import Path, PathRule
from explorer.settings import Choice, Number, Numbers, setting

EXAMPLE = "max(0.1*x, x) + 0.2*sin(3*x)"
RANGE = (-5.0, 5.0)
MAX_STEPS = 2000
RATES = (0.001, 0.3)
TEMPERATURES = (0.1, 10)


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
                "softmax": "Softmax",
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
    scores: tuple[float, ...] = setting((2.0, 1.0, 0.1), ScoresRule("Scores"))
    temperature: float = setting(
        1.0,
        Number(
            "Temperature T",
            *TEMPERATURES,
            0.1,
            3,
            help="The scores are divided by it: large evens the probabilities out.",
        ),
    )
    selected: int = setting(1, Number("Selected score", 1, MOST_SCORES))
