"""The networks that the training dashboard offers, each as one line of text."""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import InputError
from core.vision.specs import Spec
from core.vision.text import parse


@dataclass(frozen=True)
class Recipe:
    """Settings of the training that suit a network on MNIST.

    Attributes:
        epochs: How often it sees every picture.
        batch_size: Pictures in a batch.
        optimizer: "adam" or "adamw".
        learning_rate: The rate; with "onecycle" the highest one.
        schedule: "constant" or "onecycle".
    """

    epochs: int = 10
    batch_size: int = 64
    optimizer: str = "adam"
    learning_rate: float = 0.001
    schedule: str = "constant"


@dataclass(frozen=True)
class Model:
    """A network to choose. All take any of the explorer's picture sizes from 28×28 up.

    Attributes:
        name: The key in `MODELS` and in the address of the page.
        label: What a person reads in the list of choices.
        sentence: What to expect of it.
        source: Where it comes from.
        text: The network, as `core.vision.text` reads it; built for other classes, its last
            layer is adjusted.
        recipe: Settings that suit it.
    """

    name: str
    label: str
    sentence: str
    source: str
    text: str
    recipe: Recipe = Recipe()

    @property
    def spec(self) -> Spec:
        """The network as layers."""
        return parse(self.text)


def model_named(name: str) -> Model:
    """The network of that name.

    Raises:
        InputError: There is none.
    """
    if name not in MODELS:
        raise InputError(f"There is no model called {name!r}. There are: {', '.join(MODELS)}.")
    return MODELS[name]


def _block(channels: int) -> str:
    return f"conv {channels} 3; bn; relu; maxpool 2"


def _residual(channels: int, stride: int = 1) -> str:
    first = f"conv {channels} 3" + (f" {stride}" if stride > 1 else "")
    return f"skip({first}; bn; relu; conv {channels} 3; bn); relu"


MODELS: dict[str, Model] = {
    model.name: model
    for model in (
        Model(
            "softmax",
            "Softmax regression",
            "One weighted sum for each class and nothing else: the yardstick for all others.",
            "multinomial logistic regression (Cox 1966)",
            "flatten; linear 10",
        ),
        Model(
            "mlp",
            "MLP",
            "Two dense hidden layers with dropout; it does not know which pixels are neighbours.",
            "the course's first network on MNIST",
            "flatten; linear 512; relu; dropout 0.2; linear 256; relu; dropout 0.2; linear 10",
        ),
        Model(
            "cnn",
            "CNN",
            "Three blocks of convolution, batch norm and pooling, then a dense layer.",
            "the course's convolutional network",
            "; ".join(
                [
                    *(_block(channels) for channels in (32, 64, 128)),
                    "flatten; linear 256; relu; dropout 0.5; linear 10",
                ]
            ),
        ),
        Model(
            "lenet5",
            "LeNet-5",
            "The classic of 1998. Here its third layer sees all channels below, pooling learns "
            "nothing, and the outputs are a softmax instead of radial basis functions.",
            "LeCun, Bottou, Bengio & Haffner (1998), Gradient-based learning",
            "conv 6 5; tanh; avgpool 2; conv 16 5 1 0; tanh; avgpool 2; "
            "flatten; linear 120; tanh; linear 84; tanh; linear 10",
        ),
        Model(
            "fast_cnn",
            "Fast CNN",
            "Its first two layers move on by two pixels at a time, so there is a sixteenth of the "
            "places to compute; with OneCycle two epochs are enough for 99 % on MNIST.",
            "made for this explorer; OneCycle after Smith & Topin (2018)",
            "conv 16 5 2; bn; relu; conv 48 3 2; bn; relu; "
            "conv 64 3; bn; relu; maxpool 2; flatten; linear 10",
            Recipe(2, 256, "adamw", 0.015, "onecycle"),
        ),
        Model(
            "resnet",
            "Small ResNet",
            "Three residual blocks: each learns what to add to its input, so gradients pass by.",
            "after He, Zhang, Ren & Sun (2015), Deep residual learning, one block a stage",
            "; ".join(
                [
                    "conv 16 3; bn; relu",
                    _residual(16),
                    _residual(32, 2),
                    _residual(64, 2),
                    "gap; linear 10",
                ]
            ),
        ),
    )
}
