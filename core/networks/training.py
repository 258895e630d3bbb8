"""A run that can be edited: settings, structure, data and single weights."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator

from core.errors import InputError
from core.networks.before import Before
from core.networks.carry_over import carry_over
from core.networks.config import NetworkConfig
from core.networks.history import EpochRow, restore
from core.networks.loop import Event, train
from core.networks.losses import LOSSES, Objective
from core.networks.optimizers import OPTIMIZERS, adjust, optimizer_for
from core.networks.plane import PlaneData
from core.networks.running import Run
from core.networks.values import put_values

__all__ = ["EpochRow", "Event", "Training", "train"]

MOST_UNDO = 30
WEIGHT_LIMIT = 100.0


class Training(Run):
    """A run (see `Run`) whose settings, structure, data and weights can be changed.

    What mathematics lets stay, stays; every change answers with sentences that say what was
    kept and what was reset. Changes of structure, data and weights can be undone.

    Attributes:
        tag: Anything that the owner of the run wants to come back with an undo.
    """

    def __init__(self, training: PlaneData, validation: PlaneData, config: NetworkConfig) -> None:
        self._undo: list[Before] = []
        self.tag: object = None
        super().__init__(training, validation, config)

    def rewind(self) -> None:
        """Back to the initial weights of this config; edits before it cannot be undone."""
        self._undo.clear()
        super().rewind()

    def reconfigure(self, config: NetworkConfig) -> list[str]:
        """Go on with other settings.

        * Learning rate, schedule, L1, L2, batch size, dropout: everything stays.
        * Optimizer: the weights stay, its memory starts empty.
        * Loss: the weights stay; the curves go on in the new unit.
        * Features, layers (and a loss that needs other outputs): what still fits stays
          (`carry_over`); the optimizer's memory starts empty, and so does the time machine.
        * Seed and initialisation: they make other initial weights, so the run is rewound.

        Args:
            config: The new settings.

        Returns:
            Sentences on what was kept and what was reset; none if nothing was reset.

        Raises:
            InputError: A loss that does not fit the task. Nothing is changed then.
        """
        objective = Objective(config.loss, self.training.classes)
        before, old = self._before("config"), self.config
        self.config, self.objective = config, objective
        self._see()
        if (config.seed, config.initialisation) != (old.seed, old.initialisation):
            self.rewind()
            what = "seed" if config.seed != old.seed else "initialisation"
            return [f"Another {what} means other initial weights: the run starts anew."]
        if _structure(config) != _structure(old) or _ends_differ(objective, before.objective):
            self._push(before)
            return self._rebuild()
        return self._resettle(before)

    def use_data(
        self,
        training: PlaneData,
        validation: PlaneData,
        loss: str | None = None,
        drag: object = None,
    ) -> list[str]:
        """Go on with other points. The weights stay, except where the outputs change.

        Args:
            training: The points to learn from.
            validation: Those only looked at.
            loss: The loss from now on, where the old one would not fit the new points.
            drag: Names a gesture: all changes of one are a single undo.

        Returns:
            Sentences on what was kept and what was reset.

        Raises:
            InputError: No points, or points that the loss does not fit. Nothing is changed then.
        """
        before = self._before("data" if drag is None else ("data", drag))
        self.config = replace(self.config, loss=loss or self.config.loss)
        try:
            self._use(training, validation)
        except InputError:
            self.config = before.config
            raise
        if drag is None or not self._undo or self._undo[-1].what != before.what:
            self._push(before)
        self.place.cursor = 0
        self.history.tip = None
        if _ends_differ(self.objective, before.objective):
            return self._rebuild()
        self._start_again()
        return ["The weights stay; the epoch that had begun starts again with the new points."]

    def set_weight(self, layer: int, to: int, source: int, value: float) -> None:
        """Give one weight a value, as a learner drags its line.

        Args:
            layer: 0 is the first hidden layer; the outputs come last.
            to: The unit that the weight leads to, from 0.
            source: The unit or input that it comes from, from 0.
            value: From −100 to 100.

        Raises:
            InputError: A weight that does not exist, or a value out of its range.
        """
        weight = self._linear(layer).weight
        if not (0 <= to < weight.shape[0] and 0 <= source < weight.shape[1]):
            raise InputError(f"Layer {layer} has no weight from {source} to {to}.")
        self._set(weight.data[to], source, value, ("weight", layer, to, source, self.step_count))

    def set_bias(self, layer: int, to: int, value: float) -> None:
        """Give one bias a value; the arguments are those of `set_weight`."""
        bias = self._linear(layer).bias
        if not 0 <= to < len(bias):
            raise InputError(f"Layer {layer} has no unit {to}.")
        self._set(bias.data, to, value, ("bias", layer, to, self.step_count))

    def use_values(self, values: NDArray[np.float32]) -> None:
        """Go on from all parameters of another run of this network (`values_of`).

        Raises:
            InputError: There are more or fewer of them than this network has.
        """
        put_values(self.model, values)
        self._start_again()

    @property
    def can_undo(self) -> bool:
        """True if there is an edit to take back."""
        return bool(self._undo)

    def undo(self) -> bool:
        """Take back the last edit of structure, data or weights, and what was learnt since.

        Returns:
            False if there was nothing to take back.
        """
        if not self._undo:
            return False
        was = self._undo.pop()
        self.config, self.objective, self.tag = was.config, was.objective, was.tag
        self.training, self.validation = was.data
        self.model, self.optimizer, self.history = was.model, was.optimizer, was.history
        self._see()
        self.model.draw_from(self.place.generator)
        self._restore(was.snapshot)
        self._looking_back = True
        return True

    def _set(self, row: torch.Tensor, at: int, value: float, what: object) -> None:
        if not abs(value) <= WEIGHT_LIMIT:
            raise InputError(f"A weight goes from −{WEIGHT_LIMIT:g} to {WEIGHT_LIMIT:g} here.")
        if not self._undo or self._undo[-1].what != what:  # one undo for one drag
            self._push(self._before(what))
        row[at] = value
        self._start_again()

    def _linear(self, layer: int) -> torch.nn.Linear:
        linears = self.model.linears()
        if not 0 <= layer < len(linears):
            raise InputError(f"There is no layer {layer}; they go from 0 to {len(linears) - 1}.")
        return linears[layer]

    def _before(self, what: object) -> Before:
        return Before(
            self.config,
            self.objective,
            (self.training, self.validation),
            self.model,
            self.optimizer,
            self._snapshot(),
            self.history.copy(),
            what,
            self.tag,
        )

    def _push(self, before: Before) -> None:
        self._undo = [*self._undo, before][-MOST_UNDO:]

    def _rebuild(self) -> list[str]:
        """Another network, with what it can keep of the one before."""
        old = self.model
        self.model = self._built(Generator().manual_seed(self.config.seed))
        self.model.draw_from(self.place.generator)
        sentences = carry_over(old, self.model)
        self.optimizer = optimizer_for(self.config, self.model)
        adjust(self.optimizer, self.config, self.epoch)
        self.history.snapshots = {}
        self._start_again()
        return [*sentences, "The time machine starts here: what came before is another network."]

    def _resettle(self, before: Before) -> list[str]:
        """The same network with other settings of the training."""
        old, sentences = before.config, []
        if self.config.layers != old.layers:  # dropout
            self.model = self._built(Generator().manual_seed(self.config.seed))
            self.model.draw_from(self.place.generator)
        if self.config.layers != old.layers or self.config.optimizer != old.optimizer:
            self.optimizer = optimizer_for(self.config, self.model)
            restore(before.snapshot, self.model, self.optimizer, self.config.optimizer, self.place)
        if self.config.optimizer != old.optimizer:
            label = OPTIMIZERS[self.config.optimizer].label
            sentences.append(f"The weights stay; {label} starts without memory of earlier steps.")
        if self.config.loss != old.loss:
            label = LOSSES[self.config.loss]
            sentences.append(f"The weights stay; from here on the curves show the {label}.")
        adjust(self.optimizer, self.config, self.epoch)
        self._loops = {}
        return sentences

    def _start_again(self) -> None:
        """After an edit: what came later is void, and the present is evaluated anew."""
        self.history.drop_after(self.epoch)
        self._start_here()
        if not (self.place.cursor and self.history.snapshots):
            self._record()


def _structure(config: NetworkConfig) -> object:
    """What decides which weights there are and what they mean."""
    return config.features, [replace(layer, dropout=0.0) for layer in config.layers]


def _ends_differ(one: Objective, other: Objective) -> bool:
    return (one.outputs, one.ending) != (other.outputs, other.ending)
