"""Give every bad file to every reader, in a process that is watched, and say what came of it.

``python -m tests.hostile.reading FOLDER`` prints a line of JSON for each file and reader that did
not behave, and at last a summary.
"""

import json
import os
import resource
import sys
import tempfile
import time
import warnings
from pathlib import Path

import torch

from core.augmentation.pictures import open_picture
from core.csv_points import read_table, to_points
from core.errors import InputError
from core.images.class_folder import read_class_folder
from core.images.picture import read_picture
from core.images.sign_csv import read_sign_csv
from core.networks.csv_classes import to_plane
from core.reader.upload import read_picture as read_upload
from core.training.intake import work
from core.transfer.own_weights import store_own
from core.transfer.project import read_project
from core.transfer.taking_in import take_in
from core.transfer.weights_file import read_weights

from .corpus import CANARY, corpus
from .watching import Watcher

PATIENCE_S = 120.0  # for one file and one reader, many times what any of them takes
MEGABYTE = 1 << 20


def points(data, name):
    table = read_table(data, name=name)
    columns = table.numeric_columns()
    to_points(table, *(columns[:2] if len(columns) > 1 else "ab"))


def plane(data, name):
    table = read_table(data, name=name)
    to_plane(table, *(table.columns[:3] if len(table.columns) > 2 else "abc"))


def taken_in(data, name):
    taken = take_in([(name, data)])
    for file, why in taken.refused:
        sentence(f"{file}: {why}")
    if not len(taken):
        raise InputError(taken.refused[0][1] if taken.refused else "There is nothing in it.")


def errand(data, name, folder):
    file = Path(folder) / "upload"
    file.write_bytes(data)
    order = {"file": str(file), "label": "x", "name": "hostile-x", "side": 8, "grey": False}
    list(work(order))


def readers(folder):
    """Every way in which a file of a stranger is read, by the page that does it."""
    return {
        "augmentation and prediction: a picture": lambda data, name: open_picture(data),
        "digit reader: a photo": lambda data, name: read_upload(data),
        "class folder: one picture": lambda data, name: read_picture(data, 32, grey=False),
        "class folder: an archive": lambda data, name: read_class_folder(data, 16),
        "dashboard: an own set": lambda data, name: errand(data, name, folder),
        "transfer learning: pictures": taken_in,
        "transfer learning: weights": lambda data, name: read_weights(data, name),
        "transfer learning: own backbone": lambda data, name: store_own(data, name),
        "transfer learning: a project": lambda data, name: read_project(data),
        "linear regression: a table": points,
        "network builder: a table": plane,
        "dashboard: a table of signs": lambda data, name: read_sign_csv(data, name),
    }


def sentence(text):
    """See that a text is one for a person: short, whole, without paths and insides of Python."""
    wrong = [word for word in ("Traceback", "Error(", "0x", " at line ") if word in text]
    if wrong or not 12 <= len(text) <= 700 or "\n" in text:
        raise AssertionError(f"no sentence for a person: {text[:300]!r}")


def tried(read, data, name):
    """What comes of it: "read", a sentence, or what should not have happened."""
    began = time.perf_counter()
    try:
        read(data, name)
        said = "read"
    except InputError as error:
        said = str(error)
        parts = read_picture.__module__  # its sentences follow the word "picture"
        if not said.startswith(("is ", "It ")) or parts != "core.images.picture":
            sentence(said)
    if (took := time.perf_counter() - began) > PATIENCE_S:
        raise AssertionError(f"took {took:.0f} s")
    return said


def peak():
    scale = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * scale / MEGABYTE


def main(folder):
    torch.set_num_threads(1)
    os.environ["EXPLORER_RUNS_DIR"] = str(folder / "runs")
    os.environ["EXPLORER_DATA_DIR"] = str(folder / "data")
    os.environ["HOME"] = str(folder / "home")
    tempfile.tempdir = str(folder / "temporary")
    Path(tempfile.tempdir).mkdir()
    warnings.simplefilter("error")
    files = corpus(folder / CANARY)
    (folder / "upload").mkdir()
    ways = readers(folder / "upload")
    outcomes, bad, grown = {}, [], {}
    before = peak()
    with Watcher(folder) as watcher:
        for kind in files:
            for name, data in files[kind].items():
                for way, read in ways.items():
                    what, high = f"{kind}/{name}: {way}", peak()
                    try:
                        outcomes[what] = tried(read, data, name)
                    except BaseException as error:
                        bad.append(f"{what}: {type(error).__name__}: {error}"[:400])
                    if peak() - high > 100:
                        grown[what] = peak() - high
    summary = {"outcomes": outcomes, "bad": bad, "megabytes": peak() - before, "grown": grown}
    summary |= {"files": sum(map(len, files.values())), "readers": len(ways)}
    summary |= {"events": watcher.events, "canary": (folder / CANARY).exists()}
    sys.stdout.write(json.dumps(summary) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
