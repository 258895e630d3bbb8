"""The pictures of a run: found, cut down, split with its seed, brought to its device."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from core.errors import InputError
from core.images.download import sweep
from core.images.finding import load, own_root
from core.images.image_set import ImageSet
from core.images.prepared import FLOAT_LIMIT, Prepared, prepare
from core.images.split import Split, split, split_official, subset
from core.room import MOST_SETS, check_room
from core.training.config import STORED, TrainingConfig
from core.transfer.backbones import backbone_named

TEST_SHARE = 0.2  # of a data set that comes without a test set
Sets = tuple[ImageSet, ImageSet | None]


def sets_of(dataset: str, roots: Sequence[Path] | None = None) -> Sets:
    """The pictures to learn from and the official test set, or None where there is none.

    Args:
        dataset: As in `TrainingConfig.dataset`.
        roots: The folders to look in; None takes the usual ones.

    Raises:
        InputError: A data set that is not on this machine, or a damaged file.
    """
    if not dataset.startswith(STORED):
        return load(dataset, roots)
    for root in (own_root(),) if roots is None else roots:
        if (path := stored_path(root, dataset)).is_file():
            return _read(path), None
    raise InputError("This data set of your own is no longer on this machine. Upload it again.")


def store(data: ImageSet, name: str, root: Path | None = None) -> str:
    """Keep a data set of the user's own on disk, where a run in another process finds it.

    Args:
        data: All its pictures.
        name: Letters, digits, - and _; an older set of that name is replaced.
        root: The folder; None takes the explorer's own data folder.

    Returns:
        What goes into `TrainingConfig.dataset`.

    Raises:
        InputError: A name with other characters, a disk that is full, or no room for more sets.
    """
    dataset = TrainingConfig(dataset=STORED + name).dataset
    path = stored_path(root or own_root(), dataset)
    # Two visitors may keep the same pictures at the same time: each writes a file of its own.
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    if not path.is_file():
        size = data.images.numel() + 8 * data.labels.numel()
        check_room(path.parent, "*.safetensors", size, MOST_SETS, "pictures of visitors' own")
    facts = {"name": data.name, "classes": "\n".join(data.classes)}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        sweep(path.parent)
        save_file({"images": data.images.contiguous(), "labels": data.labels}, part, facts)
        part.replace(path)
    except (OSError, SafetensorError) as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise InputError(
            "The disk is full or cannot be written to. Delete some sets, runs or other files first."
        ) from error
    return dataset


def split_for(config: TrainingConfig, sets: Sets) -> Split:
    """Training, validation and test as a run deals them out.

    Where there is no official test set, a fifth of the pictures becomes it: the same ones for
    every seed, so that runs can be compared. `train_size` cuts the training part only, so that
    runs with few and with many pictures share their validation set.
    """
    data, test = sets
    if test is None and config.backbone is not None:
        test = data.take([])  # a few pictures of one's own: none can be spared for a test
    if test is None:
        held = split(data, 0.0, TEST_SHARE, np.random.default_rng(0))
        data, test = held.train, held.test
    chance = np.random.default_rng(config.seed)
    dealt = split_official(data, test, config.validation_share, chance)
    if config.train_size is None:
        return dealt
    return Split(subset(dealt.train, config.train_size, chance), dealt.validation, dealt.test)


def prepared_for(config: TrainingConfig, sets: Sets | None = None) -> Prepared:
    """The pictures of a run on its device, normalised.

    Args:
        config: Data set, sizes, seed and device.
        sets: What `sets_of` gave for the data set, if it is at hand.

    Raises:
        InputError: A data set that is not on this machine, or too few pictures.
    """
    limit = 0 if config.augment else FLOAT_LIMIT  # what is changed anew each time stays bytes
    dealt = split_for(config, sets or sets_of(config.dataset))
    return prepare(dealt, config.device, limit, statistics_for(config))


def statistics_for(config: TrainingConfig) -> tuple[Tensor, Tensor] | None:
    """Mean and spread of each channel as a backbone knows them; None where the pictures decide.

    Raises:
        InputError: An unknown backbone.
    """
    if config.backbone is None:
        return None
    info = backbone_named(config.backbone[0])
    return torch.tensor(info.mean), torch.tensor(info.std)


def stored_path(root: Path, dataset: str) -> Path:
    """Where a data set of the user's own lies under a data folder."""
    return root / "stored" / f"{dataset.removeprefix(STORED)}.safetensors"


def _read(path: Path) -> ImageSet:
    try:
        with safe_open(path, "pt") as file:
            facts = file.metadata() or {}
            images, labels = file.get_tensor("images"), file.get_tensor("labels")
            return ImageSet(images, labels, tuple(facts["classes"].split("\n")), facts["name"])
    except (SafetensorError, KeyError, OSError) as error:
        raise InputError("This data set of your own is damaged. Upload it again.") from error
