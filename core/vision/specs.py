"""What a network for pictures consists of, as a description that can be edited and checked."""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import InputError

MAX_CHANNELS, MAX_UNITS, MAX_LAYERS = 512, 4096, 60
MAX_KERNEL, MAX_STRIDE, MAX_PADDING = 11, 4, 5
MAX_DROPOUT = 0.9
ACTIVATION_NAMES = ("relu", "leaky_relu", "gelu", "silu", "tanh", "sigmoid", "elu", "hardswish")


@dataclass(frozen=True)
class Conv:
    """A convolution with a bias for each output channel.

    Attributes:
        out: Output channels, 1 to 512.
        kernel: Height and width of the kernel, 1 to 11.
        stride: Pixels from one place of the kernel to the next, 1 to 4.
        padding: Rows and columns of zeros put around, 0 to 5; None is half the kernel,
            rounded down, so that an odd kernel with stride 1 keeps the size.
    """

    out: int
    kernel: int = 3
    stride: int = 1
    padding: int | None = None

    def __post_init__(self) -> None:
        _check("A convolution", "output channels", self.out, 1, MAX_CHANNELS)
        _check("A convolution", "pixels of kernel", self.kernel, 1, MAX_KERNEL)
        _check("A convolution", "pixels of stride", self.stride, 1, MAX_STRIDE)
        _check("A convolution", "pixels of padding", self.pad, 0, MAX_PADDING)

    @property
    def pad(self) -> int:
        """The padding as a number."""
        return self.kernel // 2 if self.padding is None else self.padding


@dataclass(frozen=True)
class BatchNorm:
    """Every channel (or unit) gets mean β and standard deviation γ over the batch."""


@dataclass(frozen=True)
class Activation:
    """A function of every number for itself: one of `ACTIVATION_NAMES`."""

    name: str = "relu"

    def __post_init__(self) -> None:
        if self.name not in ACTIVATION_NAMES:
            raise InputError(
                f"There is no activation {self.name!r}. There are: {', '.join(ACTIVATION_NAMES)}."
            )


@dataclass(frozen=True)
class MaxPool:
    """The largest number of each window; a stride of None is the size of the window."""

    kernel: int = 2
    stride: int | None = None

    def __post_init__(self) -> None:
        _check_pool(self)

    @property
    def step(self) -> int:
        """The stride as a number."""
        return self.stride or self.kernel


@dataclass(frozen=True)
class AvgPool:
    """The mean of each window; a stride of None is the size of the window."""

    kernel: int = 2
    stride: int | None = None

    def __post_init__(self) -> None:
        _check_pool(self)

    @property
    def step(self) -> int:
        """The stride as a number."""
        return self.stride or self.kernel


@dataclass(frozen=True)
class GlobalAvgPool:
    """The mean of every channel: from (C, H, W) to C numbers."""


@dataclass(frozen=True)
class Dropout:
    """Sets a random share p of the numbers to zero in training and scales up the rest."""

    p: float = 0.5

    def __post_init__(self) -> None:
        if not 0 <= self.p <= MAX_DROPOUT:
            raise InputError(f"Dropout goes from 0 to {MAX_DROPOUT:g}.")


@dataclass(frozen=True)
class Flatten:
    """Puts all numbers of a picture in a row."""


@dataclass(frozen=True)
class Linear:
    """Weighted sums of all numbers, 1 to 4,096 of them, each with a bias."""

    out: int

    def __post_init__(self) -> None:
        _check("A linear layer", "units", self.out, 1, MAX_UNITS)


@dataclass(frozen=True)
class Skip:
    """A residual block: what comes in is added to what its layers make of it.

    Where the layers change the shape, a projection does the same to what comes in: a 1×1
    convolution without bias and batch normalisation, or a linear layer for numbers in a row.
    """

    layers: tuple[LayerSpec, ...]

    def __post_init__(self) -> None:
        if not self.layers:
            raise InputError("A skip connection needs a layer to skip.")


LayerSpec = (
    Conv
    | BatchNorm
    | Activation
    | MaxPool
    | AvgPool
    | GlobalAvgPool
    | Dropout
    | Flatten
    | Linear
    | Skip
)
Spec = tuple[LayerSpec, ...]


def completed(spec: Spec, classes: int) -> Spec:
    """The same network with one output for each class.

    A linear layer at the end gets as many units as there are classes; where the end is
    anything else, a linear layer is appended, behind a Flatten if it is still needed.

    Args:
        spec: The network.
        classes: How many classes, 2 or more.
    """
    if spec and isinstance(spec[-1], Linear):
        return (*spec[:-1], Linear(classes))
    in_a_row = any(isinstance(one, Flatten | GlobalAvgPool | Linear) for one in spec)
    return (*spec, *(() if in_a_row else (Flatten(),)), Linear(classes))


def count_layers(spec: Spec) -> int:
    """How many layers there are, those inside of skip connections included."""
    return sum(1 + count_layers(layer.layers) if isinstance(layer, Skip) else 1 for layer in spec)


def _check_pool(pool: MaxPool | AvgPool) -> None:
    _check("Pooling", "pixels of window", pool.kernel, 1, MAX_KERNEL)
    _check("Pooling", "pixels of stride", pool.step, 1, MAX_KERNEL)


def _check(what: str, of: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        raise InputError(f"{what} has {low} to {high:,} {of}, not {value:,}.")
