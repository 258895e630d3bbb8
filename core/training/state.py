"""All that the rest of a run depends on, and how it is kept and brought back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Generator, Tensor, nn

from core.errors import InputError
from core.training.config import TrainingConfig
from core.training.events import EpochEnded, from_mapping, to_mapping
from core.training.optimizers import optimizer_for
from core.vision.build import ImageNetwork, build, placed

MISFIT = "This checkpoint does not fit the network of the run."


@dataclass(frozen=True, eq=False)
class Snapshot:
    """A state as tensors and JSON, ready to be written.

    Attributes:
        tensors: Weights and running statistics under "model.…", the memory of the optimizer
            under "optimizer.…", and the states of chance; all on the CPU, contiguous, copied.
        facts: Epoch, step, learning rate and the rows, for JSON.
    """

    tensors: dict[str, Tensor]
    facts: dict[str, Any]

    def weights(self) -> dict[str, Tensor]:
        """The `state_dict` of the network."""
        cut = len("model.")
        return {key[cut:]: t for key, t in self.tensors.items() if key.startswith("model.")}


@dataclass(eq=False)
class State:
    """A run as it stands, moved on by `core.training.loop.train`.

    Attributes:
        optimizer: What makes updates of gradients.
        generator: Where the order of the pictures comes from, on the CPU.
        chance: Where dropout comes from, on the device; on a CPU the same generator.
        scaler: Keeps small gradients of half precision from vanishing; does nothing elsewhere.
        base_rate: The learning rate that the schedule starts from.
        step: How many updates there have been.
        epoch: How many epochs are complete.
        rows: One for each of them.
    """

    optimizer: torch.optim.Optimizer
    generator: Generator
    chance: Generator
    scaler: torch.amp.GradScaler
    base_rate: float
    step: int = 0
    epoch: int = 0
    rows: list[EpochEnded] = field(default_factory=list)

    @classmethod
    def fresh(
        cls, model: nn.Module, config: TrainingConfig, generator: Generator | None = None
    ) -> State:
        """The state before the first update.

        Args:
            model: The network, on its device; its dropout will draw from this state.
            config: Optimizer, learning rate, seed.
            generator: The one that the weights were drawn from; None starts one with the seed.
        """
        device = next(model.parameters()).device
        generator = generator or Generator().manual_seed(config.seed)
        chance = generator
        if device.type != "cpu":
            chance = Generator(device).manual_seed(config.seed)
        if isinstance(model, ImageNetwork):
            model.draw_from(chance)
        mixed = config.mixed_precision and device.type == "cuda"
        scaler = torch.amp.GradScaler("cuda", enabled=mixed)
        optimizer = optimizer_for(model, config)
        return cls(optimizer, generator, chance, scaler, config.learning_rate)

    @property
    def best_epoch(self) -> int:
        """The epoch with the smallest validation loss; without validation the last one."""
        best = best_of(self.rows)
        return self.epoch if best is None else best

    def out_of_patience(self, config: TrainingConfig) -> bool:
        """Whether early stopping says that it is enough."""
        return config.patience is not None and self.epoch - self.best_epoch >= config.patience

    def capture(self, model: nn.Module) -> Snapshot:
        """A copy of everything, as it is between two epochs."""
        tensors = {f"model.{key}": _kept(t) for key, t in model.state_dict().items()}
        for index, memory in self.optimizer.state_dict()["state"].items():
            for key, value in memory.items():
                if isinstance(value, Tensor):
                    tensors[f"optimizer.{index}.{key}"] = _kept(value)
        tensors["generator"] = self.generator.get_state()
        tensors["chance"] = self.chance.get_state()
        facts: dict[str, Any] = {
            "epoch": self.epoch,
            "step": self.step,
            "base_rate": self.base_rate,
            "scaler": self.scaler.state_dict(),
            "rows": [to_mapping(row) for row in self.rows],
        }
        return Snapshot(tensors, facts)

    def restore(self, snapshot: Snapshot, model: nn.Module) -> None:
        """Put state and network back to where they stood, to the last bit.

        Raises:
            InputError: A snapshot of another network, or a damaged one.
        """
        try:
            model.load_state_dict(snapshot.weights())
            self._remember(snapshot.tensors)
            self.generator.set_state(snapshot.tensors["generator"])
            if self.chance is not self.generator:
                self.chance.set_state(snapshot.tensors["chance"])
            facts = snapshot.facts
            self.scaler.load_state_dict(facts["scaler"])
            self.step, self.epoch = int(facts["step"]), int(facts["epoch"])
            self.base_rate = float(facts["base_rate"])
            self.rows = rows_of(facts)
        except (KeyError, ValueError, TypeError, IndexError, RuntimeError) as error:
            raise InputError(MISFIT) from error

    def _remember(self, tensors: dict[str, Tensor]) -> None:
        parameters = [p for group in self.optimizer.param_groups for p in group["params"]]
        memory: dict[int, dict[str, Tensor]] = {}
        for name, value in tensors.items():
            if name.startswith("optimizer."):
                _, index, key = name.split(".")
                memory.setdefault(int(index), {})[key] = _like(value, parameters[int(index)])
        groups = self.optimizer.state_dict()["param_groups"]
        self.optimizer.load_state_dict({"state": memory, "param_groups": groups})


def start(
    config: TrainingConfig, input_shape: tuple[int, ...], classes: int
) -> tuple[ImageNetwork, State]:
    """A fresh network on its device and the state before its first update.

    One generator, seeded with `config.seed`, draws the weights, then the order of the pictures
    and (on a CPU) what dropout leaves out.

    Args:
        config: What to build, and where.
        input_shape: Channels, height and width of a picture.
        classes: How many classes.

    Raises:
        InputError: An impossible layer.
    """
    generator = Generator().manual_seed(config.seed)
    model = build(config.spec, input_shape, classes, generator)
    if config.channels_last:
        placed(model, config.device)
    else:
        model.to(config.device)
    return model, State.fresh(model, config, generator)


def rows_of(facts: dict[str, Any]) -> list[EpochEnded]:
    """The rows in the facts of a snapshot.

    Raises:
        InputError: They are damaged.
    """
    listed = facts.get("rows")
    rows = [from_mapping(row) for row in (listed if isinstance(listed, list) else [])]
    return [row for row in rows if isinstance(row, EpochEnded)]


def best_of(rows: list[EpochEnded]) -> int | None:
    """The epoch with the smallest validation loss, the first of equals; None without one."""
    losses = [(r.validation_loss, r.epoch) for r in rows if r.validation_loss == r.validation_loss]
    return min(losses)[1] if losses else None


def _kept(tensor: Tensor) -> Tensor:
    """A copy on the CPU, contiguous as files want it."""
    return tensor.detach().to("cpu", copy=True).contiguous()


def _like(value: Tensor, parameter: nn.Parameter) -> Tensor:
    """The memory of a parameter in the same order in memory as the parameter."""
    if value.shape != parameter.shape:
        return value
    return torch.empty_like(parameter, dtype=value.dtype, requires_grad=False).copy_(value)
