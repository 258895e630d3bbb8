"""Worker processes split from a nursery where they can, and behave as any process does."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from core.runs import birth
from core.runs.birth import Nursery, begin, environment
from core.runs.failures import ending
from core.runs.split import UNBORN, Split

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux splits processes")

PROBE = """
import os, sys
def main():
    for line in sys.stdin:
        word = line.split()
        if word[0] == "say":
            print(os.environ.get(word[1]), os.getcwd(), os.getsid(0) == os.getpid(), flush=True)
        elif word[0] == "raise":
            raise RuntimeError("as told")
        elif word[0] == "leave":
            os._exit(int(word[1]))
if __name__ == "__main__":
    main()
"""


@pytest.fixture
def nursery(tmp_path, monkeypatch):
    """A nursery whose workers find a module called `probing`."""
    (tmp_path / "probing.py").write_text(PROBE)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    made = Nursery(())
    monkeypatch.setattr(birth, "CARDS", ())
    monkeypatch.setattr(birth, "_NURSERY", made)
    yield made
    made.close()


@pytest.fixture
def started(tmp_path, nursery):
    """Start workers that print to a file."""
    every = []

    def start(module="probing"):
        with (tmp_path / "said.txt").open("ab") as said:
            every.append(begin(module, said))
        return every[-1]

    yield start
    for one in every:
        one.stdin.close()
        one.kill()
        one.wait(20)


def tell(process, line):
    process.stdin.write(line.encode() + b"\n")
    process.stdin.flush()


def said(tmp_path, part):
    until = time.monotonic() + 20
    while part not in (text := (tmp_path / "said.txt").read_text()):
        assert time.monotonic() < until, text
        time.sleep(0.02)
    return text


def test_it_has_environment_folder_and_session_of_a_process_of_its_own(
    started, tmp_path, monkeypatch
):
    before, first = os.getcwd(), started()
    monkeypatch.setenv("EXPLORER_ONLY_NOW", "yes")
    monkeypatch.chdir(tmp_path)
    second = started()
    assert isinstance(second, Split)
    tell(second, "say EXPLORER_ONLY_NOW")
    said(tmp_path, f"yes {tmp_path} True\n")
    assert first.pid != second.pid
    assert os.getsid(first.pid) == first.pid
    assert os.readlink(f"/proc/{first.pid}/cwd") == before


@pytest.mark.parametrize("code", [0, 3])
def test_its_exit_code_is_told(started, code):
    process = started()
    assert process.poll() is None
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.01)
    tell(process, f"leave {code}")
    assert process.wait(20) == process.poll() == code


def test_the_end_of_its_input_ends_it(started):
    one, other = started(), started()
    one.stdin.close()
    assert one.wait(20) == 0
    assert other.poll() is None  # whose input nobody has closed


def test_a_kill_is_told_from_an_end(started):
    first, second = started(), started()
    os.kill(first.pid, signal.SIGTERM)
    assert first.wait(20) == -signal.SIGTERM
    second.kill()
    assert second.wait(20) == -signal.SIGKILL
    assert not Path(f"/proc/{second.pid}").exists()
    second.kill()  # once more changes nothing


def test_a_failure_ends_it_alone_and_is_written_down(started, tmp_path):
    process, other = started(), started()
    tell(process, "raise")
    assert process.wait(20) == 1
    assert "RuntimeError: as told" in said(tmp_path, "as told")
    assert started("there_is_no_such_module").wait(20) == 1
    assert other.poll() is None


def test_complaints_have_a_place_of_their_own(nursery, tmp_path):
    with (tmp_path / "said.txt").open("ab") as file, (tmp_path / "wrong.txt").open("ab") as wrong:
        process = begin("probing", file, wrong)
    tell(process, "say HOME")
    tell(process, "raise")
    assert process.wait(20) == 1
    process.stdin.close()
    assert "True" in said(tmp_path, "True")
    assert "as told" not in said(tmp_path, "True")
    assert "RuntimeError: as told" in (tmp_path / "wrong.txt").read_text()


def test_what_is_light_starts_no_nursery_but_uses_one(nursery, tmp_path):
    every = []
    with (tmp_path / "said.txt").open("ab") as file:
        for light in (True, False, True):
            every.append(begin("probing", file, light=light))
    assert [isinstance(process, Split) for process in every] == [False, True, True]
    for process in every:
        tell(process, "leave 7")
        assert process.wait(20) == 7
        process.stdin.close()


def test_settings_that_are_read_early_get_a_process_that_begins_anew(started, monkeypatch):
    assert isinstance(started(), Split)
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    fresh = started()
    assert isinstance(fresh, subprocess.Popen)
    tell(fresh, "leave 5")
    assert fresh.wait(20) == 5


def test_beside_a_graphics_card_every_process_begins_anew(started, tmp_path, monkeypatch):
    card = tmp_path / "card"
    monkeypatch.setattr(birth, "CARDS", (card,))
    assert isinstance(started(), Split)
    card.touch()
    assert isinstance(started(), subprocess.Popen)


def test_a_nursery_that_was_killed_is_replaced(started, nursery):
    before = started()
    assert before.pid
    nursery._process.kill()
    nursery._process.wait()
    after = started()
    tell(after, "leave 4")
    assert after.wait(20) == 4
    tell(before, "leave 6")  # what is there lives on
    assert before.wait(20) == 6


def test_a_nursery_that_dies_with_an_order_ends_the_wait(started, nursery):
    process = started()
    nursery._process.kill()  # It has hardly begun to import.
    assert process.wait(20) == UNBORN
    assert "no room for another process" in ending(UNBORN)
    assert process.pid == 0
    process.kill()


def test_a_kill_before_it_is_there_keeps_nobody_waiting(started, nursery):
    process = started()
    os.kill(nursery._process.pid, signal.SIGSTOP)  # It still imports, for as long as you like.
    began = time.monotonic()
    process.kill()
    assert time.monotonic() - began < 2
    os.kill(nursery._process.pid, signal.SIGCONT)
    assert process.wait(20) == -signal.SIGKILL


def test_a_nursery_ends_with_its_server(started, nursery):
    worker, process = started(), nursery._process
    nursery._orders.close()
    assert process.wait(20) == 0
    assert worker.poll() is None


def test_where_no_process_can_be_started_it_is_said(nursery, tmp_path, monkeypatch):
    def none(*_, **__):
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(subprocess, "Popen", none)
    with (tmp_path / "said.txt").open("ab") as file, pytest.raises(OSError, match="Resource"):
        begin("probing", file)


def test_the_code_is_found_and_threads_wait_quietly(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    found = environment()
    assert found["PYTHONPATH"].split(os.pathsep) == [str(birth.CODE), "/elsewhere"]
    assert found["OMP_WAIT_POLICY"] == "PASSIVE"
