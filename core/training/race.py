"""How fast a run is on this machine: ``python -m core.training.race``, as an errand.

The same network, pictures and batches are trained for the same number of updates on every lane
(a device, or a number of threads); or on one lane with every size of batch. What is timed is
forward, loss, backward and update; the clock is read when the device has really finished.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from core.images.prepared import Prepared
from core.runs.devices import check_device, devices
from core.runs.errand import Errand, carry_out
from core.runs.limits import cap_threads
from core.training.config import TrainingConfig
from core.training.data import Sets, prepared_for, sets_of
from core.training.events import EpochEnded, Progress
from core.training.loop import train
from core.training.state import start

BATCHES = (8, 16, 32, 64, 128, 256, 512, 1024)
LANE_S, BATCH_S = 4.0, 0.7  # seconds of training for a lane, for a size of batch
MOST_PICTURES = 20_000
MODULE = "core.training.race"
TIMES = 24  # how often a lane says where it is


@dataclass(frozen=True)
class Lane:
    """Where a run could go on.

    Attributes:
        name: What a person reads, such as "CPU, 2 threads".
        device: As in `TrainingConfig.device`.
        threads: Threads on the CPU.
    """

    name: str
    device: str
    threads: int


def lanes(threads: int) -> tuple[Lane, ...]:
    """The lanes of this machine: the CPU beside each graphics card, or else 1 thread beside all.

    Args:
        threads: How many threads a run gets here.
    """
    cards = [one for one in devices() if one.available and one.name != "cpu"]
    whole = Lane(f"CPU, {threads} thread{'s' if threads > 1 else ''}", "cpu", threads)
    if cards:
        return (whole, *(Lane(f"GPU, {one.label}", one.name, threads) for one in cards))
    if threads == 1:
        return (whole,)
    return (Lane("CPU, 1 thread", "cpu", 1), whole)


def race_of_lanes(config: TrainingConfig, seconds: float = LANE_S) -> Errand:
    """Start a race of the same run on every lane; each answer is a place on a lane.

    Args:
        config: The run.
        seconds: How long the first lane trains; the others make as many updates.

    Answers have "lane", "seconds" since the lane began, "pictures" learnt from by then, and in
    the last of a lane "steps", "samples_per_s" and "ms_per_step".
    """
    which = [asdict(one) for one in lanes(config.threads)]
    return Errand(MODULE, {"config": asdict(config), "lanes": which, "seconds": seconds})


def race_of_batches(config: TrainingConfig, sizes: Sequence[int] = BATCHES) -> Errand:
    """Start a measurement of every size of batch on the device of a run.

    Args:
        config: The run.
        sizes: The sizes of a batch, the smallest first.

    Answers have "batch", "samples_per_s" and "ms_per_step".
    """
    return Errand(MODULE, {"config": asdict(config), "batches": list(sizes)})


def work(order: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Carry out an order of `race_of_lanes` or `race_of_batches`."""
    config = TrainingConfig.from_mapping(order["config"])
    sets = sets_of(config.dataset)
    most = min(config.train_size or MOST_PICTURES, MOST_PICTURES)
    # No validation in between: what is timed is training.
    config = replace(config, train_size=most, epochs=1000, schedule="constant", patience=None)
    config = replace(config, validation_share=0.0)
    if "lanes" in order:
        which = [Lane(**one) for one in order["lanes"]]
        yield from _lanes(config, sets, which, float(order["seconds"]))
    else:
        yield from _batches(config, sets, order["batches"])


def _lanes(
    config: TrainingConfig, sets: Sets, which: list[Lane], least_s: float
) -> Iterator[dict[str, Any]]:
    """Each lane in turn: as many updates as the first one managed in its seconds."""
    wanted = 0
    for at, lane in enumerate(which):
        here = replace(config, device=lane.device, threads=lane.threads)
        here = replace(here, mixed_precision=lane.device.startswith("cuda"))
        steps, seconds, told = 0, 0.0, 0.0
        for steps, seconds in _clocked(here, _ready(here, sets)):
            if steps >= wanted if wanted else seconds >= least_s:
                break
            if seconds - told >= least_s / TIMES:
                told = seconds
                yield {"lane": at, "seconds": seconds, "pictures": steps * config.batch_size}
        wanted = wanted or steps
        yield {
            "lane": at,
            "seconds": seconds,
            "pictures": steps * config.batch_size,
            "steps": steps,
            **_speed(steps, seconds, config.batch_size),
        }


def _batches(config: TrainingConfig, sets: Sets, sizes: list[int]) -> Iterator[dict[str, Any]]:
    prepared = _ready(config, sets)
    for size in sizes:
        if size > len(prepared.train):
            return
        for steps, seconds in _clocked(replace(config, batch_size=size), prepared):
            if seconds >= BATCH_S and steps >= 2:
                yield {"batch": size, **_speed(steps, seconds, size)}
                break


def _speed(steps: int, seconds: float, batch_size: int) -> dict[str, float]:
    return {
        "samples_per_s": steps * batch_size / seconds,
        "ms_per_step": 1000 * seconds / steps,
    }


def _ready(config: TrainingConfig, sets: Sets) -> Prepared:
    """The pictures on the device, cut to whole batches."""
    check_device(config.device)
    cap_threads(config.threads)
    prepared = prepared_for(config, sets)
    whole = max(BATCHES[-1], config.batch_size)
    while whole > len(prepared.train):
        whole //= 2
    count = len(prepared.train) // whole * whole
    train_part = replace(
        prepared.train, images=prepared.train.images[:count], labels=prepared.train.labels[:count]
    )
    return replace(prepared, train=train_part)


def _clocked(config: TrainingConfig, prepared: Prepared) -> Iterator[tuple[int, float]]:
    """Updates and seconds since the first report of a run: before it, much is done only once.

    A report reads the loss, which waits until the device has finished.
    """
    model, state = start(config, prepared.shape, len(prepared.classes))
    first: tuple[int, float] | None = None
    for event in train(model, prepared, config, state):
        if not isinstance(event, Progress | EpochEnded):
            continue
        now = time.perf_counter()
        if first is None:
            first = event.step, now
        elif event.step > first[0]:
            yield event.step - first[0], now - first[1]


def main() -> None:
    """Be the process that carries it out."""
    carry_out(work)


if __name__ == "__main__":
    main()
