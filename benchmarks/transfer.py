"""What backbones are worth, and how fast: `python -m benchmarks.transfer --json`.

Features of a frozen backbone and a softmax head, judged by pictures that were not learnt from.
The built-in backbone stands beside the same network with random weights, the same network
trained from scratch on the few pictures, and an ImageNet backbone. What is not on this machine
(`EXPLORER_DATA_DIR`) is left out and given as null.
"""

import argparse
import json
import os
import platform
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import mean, median, pstdev
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Generator, Tensor
from torchvision.transforms import v2  # type: ignore[import-untyped]

from benchmarks.from_scratch import from_scratch, squares
from benchmarks.reference_backbone import reference
from core.errors import InputError
from core.images.finding import data_roots
from core.networks.probes import wilson
from core.transfer.backbones import BUILT_IN, Backbone, load_backbone
from core.transfer.embed import embed
from core.transfer.folds import plan_for
from core.transfer.head import fit_head
from core.transfer.judging import cross_validated
from core.transfer.preprocess import Picture
from core.transfer.pretraining.pools import photos
from core.transfer.worth import (
    SHOTS,
    chosen,
    digit_pictures,
    few_shot,
    judged,
    pictures_of,
    symbol_pictures,
)

Pictures = tuple[list[Picture], Tensor]
SHORTER = 256  # pixels of the shorter side, as a collected sample has
EPOCHS = {"digits_10_shot": 40, "symbols_10_shot": 15, "cifar10": 5, "ants_bees": 25}
TUNED = (
    "digits_10_shot",
    "symbols_10_shot",
)  # where whole networks are compared with moved pictures


@dataclass(frozen=True)
class Task:
    """Pictures to learn from and to judge by; with none to judge by, few are learnt from."""

    name: str
    pictures: Pictures
    unseen: Pictures | None = None
    seeds: int = 5


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print the figures, and with ``--json`` one JSON object as the last line.

    Args:
        arguments: The command line without the program's name; None reads the real one.
    """
    parser = argparse.ArgumentParser(prog="python -m benchmarks.transfer")
    parser.add_argument("--json", action="store_true", help="print a JSON object as the last line")
    parser.add_argument("--speed", action="store_true", help="measure the speed only")
    parser.add_argument(
        "--moved", action="store_true", help="whole networks on pictures that are moved, too"
    )
    parser.add_argument(
        "--tasks", nargs="+", choices=(*EPOCHS, "cifar10_10_shot"), help="only these"
    )
    options = parser.parse_args(arguments)
    report: dict[str, Any] = speed()
    if not options.speed:
        report |= worth(options.tasks, moved=options.moved)
    report["machine"] = {"cpu": platform.processor() or platform.machine(), "cores": os.cpu_count()}
    for name, value in report.items():
        print(f"{name:<24} {value}")
    if options.json:
        print(json.dumps(report))


def worth(only: Sequence[str] | None = None, *, moved: bool = False) -> dict[str, Any]:
    """The accuracy of each way on each task, 0 to 1, with the spread over the seeds."""
    found: dict[str, dict[str, list[float]]] = {}
    drawn = partial(load_backbone, BUILT_IN, weights="random")
    for task in tasks():
        if only and task.name not in only:
            continue
        ways: dict[str, Callable[[], list[float]]] = {
            "built_in": partial(frozen, [load_backbone(BUILT_IN)], task),
            "random": partial(frozen, [drawn(generator=chance(seed)) for seed in range(3)], task),
            "scratch": partial(scratch, task),
            "reference": partial(frozen, [one] if (one := reference()) else [], task),
        }
        if moved:
            ways["scratch_moved"] = partial(scratch, task, moving=True)
            ways["built_in_tuned"] = partial(scratch, task, moving=True, tuned=True)
        for way, measure in ways.items():
            start = time.perf_counter()
            values = found.setdefault(way, {})[task.name] = measure()
            said = f"{mean(values):.1%}" if values else "not here"
            print(
                f"{way:<14} {task.name:<16} {said:<8} {time.perf_counter() - start:.0f} s",
                flush=True,
            )
    figures = {
        way: {name: round(mean(v), 4) if v else None for name, v in by_task.items()}
        for way, by_task in found.items()
    }
    spreads = {
        way: {name: round(pstdev(v), 4) if v else None for name, v in by_task.items()}
        for way, by_task in found.items()
    }
    for by_task in (*figures.values(), *spreads.values()):
        for name in (*EPOCHS, "cifar10_10_shot"):
            by_task.setdefault(name, None)
    return {
        "accuracy": figures,
        "spread_over_seeds": spreads,
        "ants_bees_interval": {
            way: [round(x, 3) for x in wilson(round(60 * by_task["ants_bees"]), 60)]
            for way, by_task in figures.items()
            if by_task["ants_bees"] is not None
        },
    }


def tasks() -> list[Task]:
    """What can be measured on this machine."""
    found = [Task("digits_10_shot", digit_pictures()), Task("symbols_10_shot", symbol_pictures())]
    try:
        learnt, held = (pictures_of(part) for part in photos())
        found += [Task("cifar10", learnt, held, 1), Task("cifar10_10_shot", learnt, held)]
    except InputError:
        print("CIFAR-10 is not on this machine")
    folders = [root / "ants_bees" for root in data_roots() if (root / "ants_bees").is_dir()]
    if folders:
        learnt, held = (photo_folder(folders[0] / part) for part in ("train", "val"))
        found.append(Task("ants_bees", learnt, held, 1))
    return found


def photo_folder(folder: Path) -> Pictures:
    """Photos by class folders, reduced as collected samples are."""
    pictures, targets = [], []
    for number, label in enumerate(sorted(path for path in folder.iterdir() if path.is_dir())):
        for path in sorted(label.iterdir()):
            with Image.open(path) as image:
                scale = min(1.0, SHORTER / min(image.size))
                size = (round(image.width * scale), round(image.height * scale))
                pictures.append(np.array(image.convert("RGB").resize(size)))
            targets.append(number)
    return pictures, torch.tensor(targets)


def frozen(backbones: Sequence[Backbone], task: Task) -> list[float]:
    """A head on features that stay as they are, for each backbone and seed."""
    values = []
    for backbone in backbones:
        features, targets = embed(backbone, task.pictures[0]), task.pictures[1]
        if task.unseen is None:
            values += few_shot(features, targets, seeds=task.seeds)
            continue
        unseen = embed(backbone, task.unseen[0])
        for seed in range(task.seeds):
            some = _taken(task, seed)
            values.append(judged(features[some], targets[some], unseen, task.unseen[1]))
    return values


def scratch(task: Task, *, moving: bool = False, tuned: bool = False) -> list[float]:
    """The whole network trained on the same pictures: from random weights, or tuned."""
    if task.name not in (TUNED if moving else EPOCHS):
        return []
    info = load_backbone(BUILT_IN).info
    pictures, targets = squares(task.pictures[0], info.side, info.shorter), task.pictures[1]
    photographic = task.unseen is not None
    values = []
    for seed in range(1 if task.name == "cifar10" else 3):
        few, others = chosen(targets, SHOTS, seed)
        unseen, answers = pictures[others], targets[others]
        if task.unseen:
            few = _taken(task, seed)
            unseen, answers = squares(task.unseen[0], info.side, info.shorter), task.unseen[1]
        given = (pictures[few], targets[few], unseen, answers)
        epochs = EPOCHS[task.name]
        values.append(
            from_scratch(
                *given, epochs=epochs, flips=photographic, seed=seed, moving=moving, tuned=tuned
            )
        )
    return values


def _taken(task: Task, seed: int) -> Tensor:
    """All pictures, or ten of each class."""
    targets = task.pictures[1]
    return chosen(targets, SHOTS, seed)[0] if "10_shot" in task.name else torch.arange(len(targets))


def speed() -> dict[str, Any]:
    """Photos per second, and the time from "Train" to a model for 2 x 60 photos."""
    pictures, targets = _photos(120)
    backbone = load_backbone(BUILT_IN)
    embed(backbone, pictures)
    fast, plain, seconds = [], [], []
    for _ in range(5):  # by turns, so that a busy moment hits both
        fast.append(_rate(lambda: embed(backbone, pictures), len(pictures)))
        plain.append(_rate(lambda: plain_loop(backbone, pictures), len(pictures)))
        start = time.perf_counter()
        trained(backbone, pictures, targets)
        seconds.append(time.perf_counter() - start)
    ratio = median(one / other for one, other in zip(fast, plain, strict=True))
    return {
        "embed_photos_per_s": round(median(fast), 1),
        "plain_loop_photos_per_s": round(median(plain), 1),
        "embed_ratio": round(ratio, 2),
        "train_seconds_2x60": round(median(seconds), 3),
        "threads": torch.get_num_threads(),
    }


def plain_loop(backbone: Backbone, pictures: Sequence[Picture]) -> Tensor:
    """One picture after another, as most tutorials do it."""
    info = backbone.info
    transform = v2.Compose(
        [
            v2.ToPILImage(),
            v2.Resize(info.shorter),
            v2.CenterCrop(info.side),
            v2.PILToTensor(),
            v2.ToDtype(torch.float32, scale=True),
            v2.Normalize(info.mean, info.std),
        ]
    )
    with torch.no_grad():
        return torch.cat([backbone(transform(one)[None]) for one in pictures])


def trained(backbone: Backbone, pictures: Sequence[Picture], targets: Tensor) -> None:
    """What "Train" does: features, a head, and its cross-validation."""
    features = embed(backbone, pictures)
    fit_head(features, targets, 2)
    cross_validated(features, targets, 2, plan_for(targets, 2, chance(0)))


def _photos(count: int) -> Pictures:
    """The training photos of ants and bees, or generated pictures of their size."""
    for root in data_roots():
        if (root / "ants_bees").is_dir():
            return photo_folder(root / "ants_bees" / "train")
    noise = np.random.default_rng(0)
    pictures = [noise.integers(0, 256, (256, 341, 3), dtype=np.uint8) for _ in range(count)]
    return pictures, torch.arange(count) % 2


def _rate(run: Callable[[], Tensor], count: int) -> float:
    start = time.perf_counter()
    run()
    return count / (time.perf_counter() - start)


def chance(seed: int) -> Generator:
    """A source of chance of its own."""
    return Generator().manual_seed(seed)


if __name__ == "__main__":
    main()
