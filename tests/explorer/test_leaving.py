"""Sessions that leave free what they held: a real server, a real session, every page."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def counted(tmp_path_factory):
    """Return how many lessons there were: while somebody was there, just after, and at last."""
    runs = tmp_path_factory.mktemp("runs")
    script = [sys.executable, "-m", "tests.explorer.leaving_class", str(runs)]
    ended = subprocess.run(script, cwd=ROOT, capture_output=True, text=True, timeout=180)
    found = {}
    for line in ended.stdout.splitlines():
        if line.startswith("{"):
            found |= json.loads(line)
    assert "left" in found, ended.stderr
    return found


def test_every_page_has_a_lesson_while_somebody_is_there(counted):
    lessons = {name: count for name, count in counted["while"].items() if name != "files"}
    assert set(lessons.values()) == {1}
    assert counted["while"]["files"] == 2
    assert counted["problems"] == []


def test_a_short_loss_of_the_network_loses_nothing(counted):
    assert counted["kept"]["TransferLearning"] == counted["kept"]["PictureShelf"] == 1


def test_a_session_that_does_not_come_back_leaves_nothing(counted):
    # Streamlit's own loop remembers the session that spoke last until another one speaks.
    left = dict(counted["left"])
    assert left.pop("AppSession") <= 1
    assert left == dict.fromkeys(left, 0)
