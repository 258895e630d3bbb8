"""Bad files of every kind through every reader, in a process that is watched.

Nothing but a sentence may come of them: no file outside of the folders is touched, no program and
no pickle is run, nothing is fetched, and memory stays within limits.
"""

import json
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from .models import pickles

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 900  # a file that is read without end ends the test; twenty seconds are usual
MOST_MEGABYTES = 1000  # for the largest of them, of which one is open at a time


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    """What came of every file with every reader."""
    folder = tmp_path_factory.mktemp("hostile")
    done = subprocess.run(
        [sys.executable, "-m", "tests.hostile.reading", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout.splitlines()[-1])
    found["stderr"], found["left"] = done.stderr, sorted(one.name for one in folder.iterdir())
    return found


def outcome(read, file, reader):
    (found,) = (said for what, said in read["outcomes"].items() if what == f"{file}: {reader}")
    return found


def test_every_reader_answers_every_file_with_a_sentence(read):
    assert read["bad"] == []
    assert "Traceback" not in read["stderr"]
    assert read["files"] > 150
    assert len(read["outcomes"]) == read["readers"] * read["files"] == 12 * read["files"]


def test_no_file_outside_of_the_folders_is_touched_and_nothing_is_run_or_fetched(read):
    assert read["events"] == []
    assert set(read["left"]) <= {"runs", "data", "home", "upload", "temporary"}


def test_no_pickle_is_loaded(read):
    assert not read["canary"]
    for file in ("plain.pt", "checkpoint.pt", "older.pt", "plain.safetensors", "own_archive.pt"):
        said = outcome(read, f"models/{file}", "transfer learning: weights")
        assert said != "read", file
    said = outcome(read, "models/checkpoint.pt", "transfer learning: weights")
    assert "could run any code" in said
    said = outcome(read, "models/picture.png", "transfer learning: pictures")
    assert "pickle" in said


def test_the_canary_sings_where_a_pickle_is_loaded(tmp_path):
    """Else the test above would say nothing."""
    canary = tmp_path / "canary"
    pickle.loads(pickles(canary)["plain.pt"])
    assert canary.is_dir()


def test_the_watcher_notes_files_and_programs_of_others(tmp_path):
    """Else the tests above would say nothing."""
    script = (
        "import subprocess, sys; from pathlib import Path; from tests.hostile.watching import "
        f"Watcher\nwith Watcher({str(tmp_path)!r}) as watcher:\n"
        "    Path('/etc/hostname').exists(); open('/etc/passwd').close()\n"
        "    open(sys.argv[1] + '/mine', 'w').close()\n"
        "    subprocess.run(['true'])\nprint(watcher.events)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert "read /etc/passwd" in done.stdout
    assert "subprocess.Popen" in done.stdout
    assert "mine" not in done.stdout


def test_memory_stays_within_limits(read):
    assert read["megabytes"] < MOST_MEGABYTES, read["grown"]


@pytest.mark.parametrize(
    ("file", "reader", "words"),
    [
        ("pictures/wide.png", "digit reader: a photo", "is the limit"),
        ("pictures/bomb_sixteen.png", "digit reader: a photo", "40 million is the limit"),
        ("pictures/postscript.png", "class folder: one picture", "is damaged"),
        ("pictures/drawing.png", "transfer learning: pictures", "SVG"),
        ("pictures/paper.png", "transfer learning: pictures", "PDF"),
        ("archives/slip.zip", "class folder: an archive", "read"),
        ("archives/only_links.zip", "transfer learning: pictures", "links are not followed"),
        ("archives/crowded.zip", "class folder: an archive", "15,000 is the limit"),
        ("archives/locked.zip", "class folder: an archive", "locked with a password"),
        ("archives/bomb.zip", "class folder: an archive", "too large"),
        ("tables/columns.csv", "linear regression: a table", "the limit is 100"),
        ("tables/huge.csv", "network builder: a table", "too large"),
        ("tables/formulas.csv", "linear regression: a table", "no column"),
        ("tables/bomb.csv.gz", "dashboard: a table of signs", "larger than 120 MB"),
        ("models/nan.safetensors", "transfer learning: weights", "not finite"),
        ("models/many.safetensors", "transfer learning: weights", "10,000 is the limit"),
        ("archives/crowded.zip", "transfer learning: weights", "10,000 is the limit"),
        ("models/long_head.safetensors", "transfer learning: weights", "no weights"),
        ("models/project_newer.zip", "transfer learning: a project", "Another version"),
        ("models/project_head.zip", "transfer learning: a project", "not finite"),
    ],
)
def test_the_sentence_names_what_is_wrong(read, file, reader, words):
    assert words in outcome(read, file, reader)


def test_harmless_files_in_strange_clothes_are_read(read):
    """Whoever refuses everything would pass all other tests."""
    for file in ("photo_as.txt", "cmyk.jpg", "turned.jpg", "page_behind.png", "not_finite.tiff"):
        said = outcome(read, f"pictures/{file}", "augmentation and prediction: a picture")
        assert said == "read", file
    for file in ("latin.csv", "utf16.csv", "markup.csv"):
        assert outcome(read, f"tables/{file}", "linear regression: a table") == "read", file
    for file in ("twice.zip", "absolute.zip", "links.zip", "check.zip"):
        assert outcome(read, f"archives/{file}", "class folder: an archive") == "read", file
