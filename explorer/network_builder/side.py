"""One network in training, and whether its settings alone can tell its run."""

from typing import Any

from core.networks.config import NetworkConfig
from core.networks.losses import default_loss, fits
from core.networks.plane import PlaneData
from core.networks.training import Training
from core.networks.values import values_of
from explorer.network_builder.rules import Values

MOST_REPLAYED = 30_000  # Updates that a link may ask for before anything else happens: some 6 s.


class Side:
    """A network that learns. `told` is True while config, data and epochs tell the whole run.

    A run that was edited on its way cannot be told by them; its link carries the weights.
    """

    def __init__(self, training: PlaneData, validation: PlaneData, config: NetworkConfig) -> None:
        self.training = Training(training, validation, config)
        self.told = True

    @property
    def config(self) -> NetworkConfig:
        """Network and settings that are in force."""
        return self.training.config

    @property
    def shown_epoch(self) -> int:
        """The epoch on screen; the one in which a run broke down counts."""
        run = self.training
        return int(run.epoch + (run.diverged and run.place.cursor > 0))

    @property
    def last_epoch(self) -> int:
        """The last epoch of the run; a later one than that on screen after a look back."""
        return int(max(self.training.history.epochs[-1], self.shown_epoch))

    @property
    def replayable(self) -> bool:
        """Whether a link can make the same run again instead of carrying weights."""
        run = self.training
        whole = run.diverged or not run.place.cursor  # A run that broke down does so again.
        return whole and self.repeats_epochs

    @property
    def repeats_epochs(self) -> bool:
        """Whether a link can make its finished epochs again, whatever was begun of the next one."""
        steps = max(self.training.step_count, self.training.history.rows[-1].step)
        return self.told and steps <= MOST_REPLAYED

    def weights(self) -> Values:
        """Return all that the network has learnt."""
        return tuple(values_of(self.training.model).tolist())

    def advance(self, mode: str, budget_s: float | None = None) -> None:
        """Go on by one epoch, batch or example."""
        if mode == "epoch":
            self.training.advance_epochs(1, budget_s)
        elif mode == "batch":
            self.training.advance_batch()
        else:
            self.told = False
            self.training.advance_example()

    def reconfigure(self, config: NetworkConfig) -> list[str]:
        """Go on with other settings; returns sentences on what was kept and what was reset."""
        if config == self.config:
            return []
        started = self.training.step_count > 0 or self.training.history.rows[-1].step > 0
        before = self._shape()
        anew = (config.seed, config.initialisation) != (
            self.config.seed,
            self.config.initialisation,
        )
        said = self.training.reconfigure(config)
        self.told = anew or (self.told and not started and self._shape() == before)
        return said

    def _shape(self) -> object:
        """What decides which weights there are."""
        layers = [(one.units, one.activation, one.batch_norm) for one in self.config.layers]
        ends = self.training.objective
        return self.config.features, layers, ends.outputs, ends.ending

    def rewind(self) -> None:
        """Go back to the initial weights: the same ones for the same seed."""
        self.training.rewind()
        self.told = True

    def edit(self, name: str, *arguments: Any) -> None:
        """Change weights by hand: `set_weight`, `set_bias`, `use_values`."""
        getattr(self.training, name)(*arguments)
        self.told = False

    def use_data(
        self, training: PlaneData, validation: PlaneData, stroke: object = None
    ) -> list[str]:
        """Go on with other points; the loss follows where it does not fit them.

        Args:
            training: The points to learn from.
            validation: Those only looked at.
            stroke: Names the stroke of a brush: all of it is a single undo.

        Returns:
            Sentences on what was kept and what was reset.
        """
        loss, before = self.config.loss, self._shape()
        if not fits(loss, training.classes) or training.classes != self.training.training.classes:
            loss = default_loss(training.classes)
        said = [] if loss == self.config.loss else ["The loss follows the kind of points."]
        said += self.training.use_data(training, validation, loss, stroke)
        if self.training.step_count > 0 or self._shape() != before:
            self.told = False
        return said
