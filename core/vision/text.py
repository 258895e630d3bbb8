"""Networks as one line of text, for the address of the page and for typing."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

from core.errors import InputError
from core.vision.specs import (
    ACTIVATION_NAMES,
    MAX_LAYERS,
    Activation,
    AvgPool,
    BatchNorm,
    Conv,
    Dropout,
    Flatten,
    GlobalAvgPool,
    LayerSpec,
    Linear,
    MaxPool,
    Skip,
    Spec,
    count_layers,
)

MAX_TEXT = 4000
MAX_DEPTH = 3
_PARTS = re.compile(r"[();]|[^();]+")
_NUMBER = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,6})?|\.[0-9]{1,6}")
# For each word: how many numbers may follow it, at least and at most, and what they make.
_WORDS: dict[str, tuple[int, int, Callable[..., LayerSpec]]] = {
    "conv": (1, 4, Conv),
    "bn": (0, 0, BatchNorm),
    "maxpool": (0, 2, MaxPool),
    "avgpool": (0, 2, AvgPool),
    "gap": (0, 0, GlobalAvgPool),
    "dropout": (0, 1, Dropout),
    "flatten": (0, 0, Flatten),
    "linear": (1, 1, Linear),
}
_SKIP = "skip"


def parse(text: str) -> Spec:
    """Read a network such as ``conv 32 3; bn; relu; maxpool 2; flatten; linear 10``.

    The numbers are those of the layer in order: ``conv`` has output channels, kernel, stride
    and padding, ``maxpool`` and ``avgpool`` window and stride, ``dropout`` its share,
    ``linear`` its units. What is left out has its usual value. An activation is its name, and
    ``skip(…; …)`` a residual block. Lines count as semicolons.

    Raises:
        InputError: With the number of the layer that cannot be read.
    """
    if len(text) > MAX_TEXT:
        raise InputError(f"The text of a network has at most {MAX_TEXT:,} characters.")
    spec = _Reader(_PARTS.findall(re.sub(r"[\r\n]+", ";", text.lower()))).read()
    if count_layers(spec) > MAX_LAYERS:
        raise InputError(f"A network has at most {MAX_LAYERS} layers here.")
    return spec


def write(spec: Spec) -> str:
    """The text of a network, as short as possible; `parse` gives the network back."""
    return "; ".join(map(write_layer, spec))


def write_layer(layer: LayerSpec) -> str:
    """The text of one layer."""
    match layer:
        case Conv():
            usual = layer.padding is None
            numbers = [layer.out, layer.kernel, layer.stride, layer.pad]
            keep = 4 if not usual else 3 if layer.stride != 1 else 2
            return _worded("conv", numbers[:keep])
        case MaxPool() | AvgPool():
            word = "maxpool" if isinstance(layer, MaxPool) else "avgpool"
            return _worded(word, [layer.kernel] + ([layer.stride] if layer.stride else []))
        case Activation():
            return layer.name
        case Dropout():
            return _worded("dropout", [layer.p])
        case Linear():
            return _worded("linear", [layer.out])
        case Skip():
            return f"{_SKIP}({write(layer.layers)})"
        case _:
            return {BatchNorm: "bn", GlobalAvgPool: "gap", Flatten: "flatten"}[type(layer)]


def _worded(word: str, numbers: list[int] | list[float]) -> str:
    return " ".join([word, *(f"{number:g}" for number in numbers)])


class _Reader:
    """Goes through the pieces of a text once, from left to right."""

    def __init__(self, pieces: list[str]) -> None:
        self.pieces = [piece.strip() for piece in pieces if piece.strip()]
        self.at = 0
        self.layer = 0

    def read(self, depth: int = 0) -> Spec:
        """The layers up to the end, or up to the bracket that closes a skip connection."""
        layers: list[LayerSpec] = []
        while self.at < len(self.pieces):
            piece = self.pieces[self.at]
            self.at += 1
            if piece == ")" and depth:
                return tuple(layers)
            if piece == ";":
                continue
            self.layer += 1
            layers.append(self._skip(depth) if piece == _SKIP else self._plain(piece))
            self._end(depth)
        if depth:
            raise InputError("A skip connection is not closed: a ) is missing at the end.")
        return tuple(layers)

    def _skip(self, depth: int) -> LayerSpec:
        number = self.layer
        if self.at >= len(self.pieces) or self.pieces[self.at] != "(":
            raise InputError(f"Layer {number}: skip needs its layers in brackets.")
        if depth == MAX_DEPTH:
            raise InputError(f"Skip connections lie at most {MAX_DEPTH} deep in each other.")
        self.at += 1
        inner = self.read(depth + 1)
        return self._made(number, lambda: Skip(inner))

    def _plain(self, piece: str) -> LayerSpec:
        word, *numbers = piece.replace(",", " ").split()
        if word in ACTIVATION_NAMES and not numbers:
            return Activation(word)
        if word not in _WORDS:
            known = ", ".join([*_WORDS, _SKIP, *ACTIVATION_NAMES])
            raise InputError(f'Layer {self.layer}: "{piece[:30]}" is no layer. There are: {known}.')
        least, most, make = _WORDS[word]
        if not least <= len(numbers) <= most:
            count = f"{least} to {most} numbers" if most > least else _many(most)
            raise InputError(f"Layer {self.layer}: {word} takes {count}, not {len(numbers)}.")
        values = [self._number(word, number) for number in numbers]
        return self._made(self.layer, lambda: make(*values))

    def _number(self, word: str, text: str) -> float:
        if not _NUMBER.fullmatch(text):
            raise InputError(f'Layer {self.layer}: "{text[:20]}" is no number that {word} takes.')
        value = float(text)
        if word == "dropout":
            return value
        if math.floor(value) != value:
            raise InputError(f"Layer {self.layer}: {word} takes whole numbers, not {text}.")
        return int(value)

    def _made(self, number: int, make: Callable[[], LayerSpec]) -> LayerSpec:
        try:
            return make()
        except InputError as error:
            raise InputError(f"Layer {number}: {error}") from None

    def _end(self, depth: int) -> None:
        """After a layer comes a semicolon, the end, or the bracket of a skip connection."""
        if self.at < len(self.pieces):
            following = self.pieces[self.at]
            if following != ";" and not (following == ")" and depth):
                raise InputError(
                    f'Layer {self.layer}: "{following[:20]}" follows where a semicolon is expected.'
                )


def _many(count: int) -> str:
    return {0: "no number", 1: "one number"}.get(count, f"{count} numbers")
