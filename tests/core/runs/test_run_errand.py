"""Errands: processes that answer in lines, and what becomes of them."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path

import pytest

from core.errors import InputError
from core.runs import birth
from core.runs.birth import Nursery
from core.runs.errand import Errand
from core.training.config import TrainingConfig
from core.training.race import lanes, race_of_batches, race_of_lanes

ROOT = Path(__file__).resolve().parents[3]
QUICK = TrainingConfig(model="softmax", batch_size=64, threads=2, learning_rate=0.01)
WORK = """
import sys, time
from core.runs.errand import carry_out
from core.errors import InputError
from core.runs import birth
from core.runs.birth import Nursery

def work(order):
    for at in range(order["count"]):
        yield {"at": at, "twice": 2 * at}
    if order["end"] == "fail":
        raise InputError("It is too much. Take less.")
    if order["end"] == "hang":
        time.sleep(600)

def main():
    carry_out(work)

if __name__ == "__main__":
    main()
"""


@pytest.fixture(params=["split", "begun anew"])
def errand(request, tmp_path, monkeypatch):
    """Starts errands of a module that counts, from a nursery or without, and ends them."""
    if request.param == "split" and sys.platform != "linux":
        pytest.skip("only Linux splits processes")
    (tmp_path / "counting.py").write_text(WORK, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    nursery, made = Nursery(()), []
    monkeypatch.setattr(birth, "_NURSERY", nursery)
    monkeypatch.setattr(birth, "CARDS", () if request.param == "split" else (tmp_path,))

    def begin(count, end=""):
        made.append(Errand("counting", {"count": count, "end": end}))
        assert nursery.lives == (request.param == "split")
        return made[-1]

    yield begin
    for one in made:
        one.stop()
    nursery.close()


def test_every_answer_comes_in_order(errand):
    one = errand(50)
    assert list(one.follow()) == [{"at": at, "twice": 2 * at} for at in range(50)]
    assert one.ended
    assert one.problem == ""
    assert one.lines == list(one.follow())


def test_a_failure_is_a_sentence_behind_what_was_answered(errand):
    one, found = errand(3, "fail"), []
    with pytest.raises(InputError, match="Take less"):
        found.extend(one.follow())
    assert [line["at"] for line in one.lines] == [0, 1, 2]


@pytest.mark.skipif(os.name == "nt", reason="signals differ on Windows")
def test_a_killed_one_says_so_and_a_stopped_one_does_not(errand):
    killed, stopped = errand(1, "hang"), errand(1, "hang")
    for one in (killed, stopped):
        while not one.lines:
            time.sleep(0.02)
        assert not one.ended
    os.kill(killed._process.pid, signal.SIGKILL)
    with pytest.raises(InputError, match="killed by signal 9"):
        list(killed.follow())
    stopped.stop()
    assert stopped.ended
    assert stopped.problem == ""


def test_where_no_process_can_be_started_nothing_stays_open(errand, monkeypatch):
    def none(*_, **__):
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(subprocess, "Popen", none)
    with pytest.raises(OSError, match="Resource"):  # And no warning of a file that is left open.
        errand(1)


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
def test_it_ends_with_its_server(tmp_path):
    (tmp_path / "counting.py").write_text(WORK, encoding="utf-8")
    server = (
        "import time\nfrom core.runs import birth\nfrom core.runs.errand import Errand\n"
        "birth._NURSERY = birth.Nursery(())\n"  # Who only counts needs no PyTorch.
        "one = Errand('counting', {'count': 1, 'end': 'hang'})\n"
        "while not one.lines: time.sleep(0.02)\n"
        "print(one._process.pid, flush=True)\ntime.sleep(600)\n"
    )
    path = os.pathsep.join([str(ROOT), str(tmp_path)])
    process = subprocess.Popen(
        [sys.executable, "-c", server],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
    )
    pid = int(process.stdout.readline())
    process.kill()
    process.wait()
    process.stdout.close()
    until = time.monotonic() + 20
    while Path(f"/proc/{pid}").exists():
        assert time.monotonic() < until, "the errand has outlived its server"
        time.sleep(0.05)


def test_a_race_runs_as_many_updates_on_every_lane():
    answers = list(race_of_lanes(QUICK, seconds=0.2).follow())
    assert {line["lane"] for line in answers} == set(range(len(lanes(2))))
    steps = [line["steps"] for line in answers if "steps" in line]
    assert min(steps) == steps[0]
    for at in range(len(lanes(2))):
        mine = [line for line in answers if line["lane"] == at]
        seconds = [line["seconds"] for line in mine]
        pictures = [line["pictures"] for line in mine]
        assert seconds == sorted(seconds)
        assert pictures == sorted(pictures)
        last = mine[-1]
        assert last["pictures"] == last["steps"] * QUICK.batch_size
        assert last["samples_per_s"] == pytest.approx(last["pictures"] / last["seconds"])
        assert last["ms_per_step"] == pytest.approx(1000 * last["seconds"] / last["steps"])
    assert json.loads(json.dumps(answers)) == answers


def test_batches_are_measured_up_to_what_the_pictures_fill():
    found = [line["batch"] for line in race_of_batches(QUICK, (64, 1024, 2048)).follow()]
    assert found == [64, 1024]  # of 1,437 pictures


def test_a_failure_that_nobody_foresaw_is_a_sentence_too():
    one = Errand("core.training.race", {"config": asdict(QUICK), "batches": None})
    with pytest.raises(InputError, match=r"ended with an error: TypeError: .*not iterable"):
        list(one.follow())


def test_a_race_on_what_is_not_here_says_why():
    config = TrainingConfig(dataset="stored:gone", model="softmax", threads=1)
    with pytest.raises(InputError, match="Upload it again"):
        list(race_of_batches(config).follow())
