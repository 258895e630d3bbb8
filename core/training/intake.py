"""Pictures of one's own become a data set: ``python -m core.training.intake``, as an errand.

A table with 83 MB of numbers keeps the interpreter busy for seconds, and an archive of photos
longer; in a process of its own neither keeps anybody waiting.
"""

from __future__ import annotations

import re
import secrets
import tempfile
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any

from core.errors import InputError, of_the_disk
from core.images.class_folder import read_class_folder
from core.images.image_set import ImageSet
from core.images.sign_csv import read_sign_csv
from core.runs.errand import Errand, carry_out
from core.training.data import store

LONGEST_NAME = 40
LEAST = 20  # pictures: with fewer, no class could be told from chance
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Taken:
    """A set that was taken in.

    Attributes:
        dataset: What goes into `TrainingConfig.dataset`.
        pictures: How many there are.
        classes: The names of the classes.
        notice: A sentence on what was left out; empty if nothing was.
    """

    dataset: str
    pictures: int
    classes: tuple[str, ...]
    notice: str


def take_in(
    data: bytes, label: str, prefix: str, progress: Progress, *, side: int = 32, grey: bool = False
) -> Taken:
    """Read pictures in a process of its own and keep them on this machine.

    Args:
        data: A ZIP archive with a folder for each class, or a table as `read_sign_csv` reads it.
        label: What the person calls the set, 1 to 40 characters.
        prefix: The beginning of its name in the store: letters, digits and -.
        progress: Called with how many pictures are read and how many there are.
        side: Height and width that the pictures of an archive are brought to.
        grey: Whether those become grey.

    Raises:
        InputError: What is wrong with the file, the name or the disk, and what to do.
    """
    label = " ".join(label.split())
    if not 0 < len(label) <= LONGEST_NAME:
        raise InputError(f"Give the pictures a name of 1 to {LONGEST_NAME} characters.")
    order = {"label": label, "name": _name(prefix, label), "side": side, "grey": grey}
    try:
        last = _in_a_process(data, order, progress)
    except OSError as error:
        raise InputError(of_the_disk(error)) from error
    if "dataset" not in last:
        raise InputError("The file could not be read to its end. Try again with fewer pictures.")
    return Taken(last["dataset"], last["pictures"], tuple(last["classes"]), last["notice"])


def _in_a_process(data: bytes, order: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Let an errand read a file; returns its last answer."""
    last: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="explorer-", ignore_cleanup_errors=True) as folder:
        file = Path(folder) / "upload"
        file.write_bytes(data)
        errand = Errand("core.training.intake", {**order, "file": str(file)}, light=True)
        try:
            for line in errand.follow():
                last = line
                if "done" in line:
                    progress(int(line["done"]), int(line["of"]))
        finally:
            errand.stop()
    return last


def _name(prefix: str, label: str) -> str:
    """A name for the store that nobody else has."""
    plain = re.sub(r"[^a-z0-9]+", "-", label.lower()).strip("-")[:24]
    return f"{prefix}{plain or 'own'}-{secrets.token_hex(3)}"


def work(order: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Read the file of an order; yields how far it is, at last what was stored."""
    data = Path(order["file"]).read_bytes()
    if not data.startswith(b"PK"):
        images, notice = read_sign_csv(data, order["label"]), None
        yield {"done": len(images), "of": len(images)}
    else:
        images, notice = yield from _archive(data, order)
    if len(images) < LEAST:
        raise InputError(
            f"{len(images)} pictures are too few to learn from and to check with: {LEAST} are the "
            "least, and some hundred are better."
        )
    yield {
        "dataset": store(images, order["name"]),
        "pictures": len(images),
        "classes": images.classes,
        "notice": notice or "",
    }


def _archive(
    data: bytes, order: dict[str, Any]
) -> Generator[dict[str, Any], None, tuple[ImageSet, str | None]]:
    """Read a ZIP archive and tell how far it is; returns pictures and notice."""
    told: SimpleQueue[tuple[int, int] | None] = SimpleQueue()
    found: list[tuple[ImageSet, str | None]] = []
    problems: list[Exception] = []

    def read() -> None:
        try:
            found.append(
                read_class_folder(
                    data,
                    int(order["side"]),
                    grey=bool(order["grey"]),
                    name=order["label"],
                    progress=lambda done, of: told.put((done, of)),
                )
            )
        except Exception as error:
            problems.append(error)
        told.put(None)

    Thread(target=read, daemon=True).start()
    while (at := told.get()) is not None:
        if at[0] % 20 == 0 or at[0] == at[1]:
            yield {"done": at[0], "of": at[1]}
    if problems:
        raise problems[0]
    return found[0]


def main() -> None:
    """Be the process that carries it out."""
    carry_out(work)


if __name__ == "__main__":
    main()
