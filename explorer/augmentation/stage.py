"""What the stage shows: the steps, the original, sixteen draws and the way to one of them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.augmentation.draws import MAX_SEED, Bytes, Stage
from core.augmentation.pictures import SAMPLES
from explorer.augmentation.files import PIXELS, THUMB, Print, payload, source, thumbnails
from explorer.augmentation.help import STAGE
from explorer.augmentation.lesson import Augmentation
from explorer.augmentation.settings import OWN, PICTURES, SET
from explorer.augmentation.steps import steps_message
from explorer.augmentation.taking import MAX_ARCHIVE
from explorer.augmentation.uploading import MAX_UPLOAD
from explorer.numbers import significant


def stage_message(
    lesson: Augmentation, token: str | None
) -> tuple[dict[str, Any], NDArray[np.float32]]:
    """Return the stage as JSON and its pictures as files, in the order of the header.

    Args:
        lesson: The lesson.
        token: Name of the gestures that this answers.
    """
    looking = lesson.looking
    draws, chain = looking.draws(), looking.chain()
    original, steps = looking.picture(), [stage.picture for stage in chain]
    first, *way = looking.files.of([original, *steps])
    files = [first, *(one.file for one in draws), first, *way]
    header = {
        "ack": token,
        "frame": lesson.frame,
        "unfinished": looking.unfinished,
        "held": not lesson.rested,
        "notice": lesson.notice,
        "help": STAGE,
        "pipeline": steps_message(lesson),
        "picture": _picture(lesson),
        "links": lesson.handing.links(),
        "thumbs": _thumbs(lesson),
        "seed": lesson.settings.seed,
        "most_seed": MAX_SEED,
        "draw": lesson.settings.draw,
        "milliseconds": significant(looking.milliseconds(), 2),
        "sizes": [len(one) for one in files],
        "draws": [{"size": _size(one), "pixels": _small(one)} for one in draws],
        "chain": _way(lesson, chain),
    }
    return header, payload(files)


def _way(lesson: Augmentation, chain: list[Stage]) -> list[dict[str, Any]]:
    """Return the captions of the original and of the picture after every step."""
    original = lesson.looking.picture()
    first = {"label": "Original", "size": _size(original), "acted": True}
    return [first | {"pixels": _small(original)}] + [
        {
            "label": lesson.pipeline.steps[stage.at].transform.label,
            "size": _size(stage.picture),
            "acted": stage.acted,
            "pixels": _small(stage.picture),
        }
        for stage in chain
    ]


def _picture(lesson: Augmentation) -> dict[str, Any]:
    name = lesson.settings.picture
    picture = lesson.looking.picture()
    return {
        "name": name,
        "label": PICTURES[name],
        "size": _size(picture),
        "pixels": _small(picture),
        "licence": SAMPLES[name].licence if name in SAMPLES else "yours, kept in this session",
        "refused": lesson.refused,
        "limit": MAX_UPLOAD,
        "most": MAX_ARCHIVE,
        "set": lesson.taking.message(),
    }


def _thumbs(lesson: Augmentation) -> list[dict[str, str]] | None:
    """The small pictures, when the browser asks for them or there is another one."""
    if lesson.thumbs_frame != lesson.frame:
        return None
    thumbs = [{"name": name, "label": label, "src": src} for name, label, src in thumbnails()]
    if lesson.own is not None:
        thumbs.append({"name": OWN, "label": PICTURES[OWN], "src": source(lesson.own, THUMB)})
    if lesson.taking.pictures is not None:
        first = source(lesson.taking.shown(), THUMB)
        thumbs.append({"name": SET, "label": PICTURES[SET], "src": first})
    return thumbs


def _size(picture: Bytes | Print) -> str:
    return f"{picture.shape[1]}×{picture.shape[0]}"


def _small(picture: Bytes | Print) -> bool:
    """Whether its pixels are shown as squares."""
    return bool(max(picture.shape[:2]) <= PIXELS)
