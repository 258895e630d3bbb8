"""How the built-in backbone was trained: `python -m core.transfer.train_built_in --work DIR`."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor

from core.transfer.availability import SHIPPED
from core.transfer.backbones import BUILT_IN, load_backbone
from core.transfer.pretraining.learning import Course
from core.transfer.pretraining.pools import Made, Pool, generated, real
from core.transfer.pretraining.recipe import Recipe


def pools(made: Made, seed: int, work: Path, processes: int = 1) -> list[Pool]:
    """All pools; the generated ones are kept in the working folder."""
    path = work / f"generated-{made.recipes}-{made.pictures}-{seed}.pt"
    if not path.is_file():
        part = path.with_suffix(".part")
        torch.save([vars(pool) for pool in generated(made, seed, processes)], part)
        part.replace(path)
    return real() + [Pool(**fields) for fields in torch.load(path, weights_only=True)]


def save(averaged: dict[str, Tensor], recipe: Recipe, path: Path) -> None:
    """Write the weights with half precision; read them back before measuring anything."""
    weights = {
        name: (value.cpu().half() if value.is_floating_point() else value.cpu()).contiguous()
        for name, value in averaged.items()
        if not name.endswith("num_batches_tracked")
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(weights, path, {"architecture": BUILT_IN, "recipe": json.dumps(asdict(recipe))})


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, or go on where an earlier call stopped."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True, help="a folder for states")
    parser.add_argument("--out", type=Path, default=SHIPPED, help="the file for the weights")
    parser.add_argument("--until", type=int, help="stop after this step, to go on later")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--processes", type=int, default=1, help="that draw the pictures")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    given = parser.parse_args(arguments)
    torch.set_num_threads(given.threads)
    given.work.mkdir(parents=True, exist_ok=True)
    recipe = Recipe()
    chance = torch.Generator().manual_seed(recipe.seed)
    backbone = load_backbone(BUILT_IN, weights="random", generator=chance)
    found = pools(Made(), recipe.seed, given.work, given.processes)
    course = Course(backbone, found, recipe, given.work / "course.pt", given.device)
    start, seen = time.perf_counter(), list[Tensor]()
    for learnt in course.run(min(given.until or recipe.steps, recipe.steps)):
        seen.append(learnt.values)
        if (learnt.step + 1) % 50 == 0:
            values = zip(learnt.names, torch.stack(seen).mean(0).tolist(), strict=True)
            losses = ", ".join(f"{name} {value:.2f}" for name, value in values)
            _say(f"step {learnt.step + 1}, {time.perf_counter() - start:.0f} s: {losses}")
            seen.clear()
    save(course.averaged, recipe, given.out)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
