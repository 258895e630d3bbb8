"""What a machine may do to runs besides killing them: clocks, hanging processes, full disks."""

import dataclasses
import errno
import os
import signal
import sys
import time

import pytest

from core.errors import InputError
from core.runs import desk, directory, jobs, pool, status
from core.runs.directory import RunDirectory, all_runs
from core.runs.failures import kept
from core.runs.jobs import new_run
from core.runs.lock import RunLock
from core.runs.status import RunStatus, StatusKeeper, read_status

YEAR = 31_536_000.0
FULL = OSError(errno.ENOSPC, "No space left on device")
posix = pytest.mark.skipif(sys.platform == "win32", reason="signals differ on Windows")


def refuse(*_, **__):
    raise FULL


# The clock


@pytest.mark.parametrize("step", [-YEAR, YEAR])
def test_a_clock_that_is_set_does_not_silence_a_run(tmp_path, monkeypatch, step):
    keeper = StatusKeeper(tmp_path, RunStatus("running", epoch=1))
    real = time.time
    monkeypatch.setattr(status.time, "time", lambda: real() + step)
    before = read_status(tmp_path).heartbeat
    keeper.beat(30.0)
    assert read_status(tmp_path).heartbeat == before, "half a minute has not passed"
    time.sleep(0.02)
    keeper.beat(0.01)
    assert abs(read_status(tmp_path).heartbeat - before - step) < 10


def test_the_newest_run_is_the_last_whatever_the_clock_says(tmp_path, small, monkeypatch):
    now = time.time()
    made = []
    for step in (0.0, -3600.0, -YEAR, 10.0, -5.0, YEAR, 0.0):
        monkeypatch.setattr(jobs.time, "time", lambda step=step: now + step)
        made.append(new_run(tmp_path, small, "me", "").id)
    assert [run.id for run in all_runs(tmp_path)] == made
    assert [run.spec().created - now for run in all_runs(tmp_path)][:2] == [0.0, -3600.0]


# Processes that hang, or that cannot be started


@posix
def test_a_process_that_does_not_answer_is_ended_by_a_stop(
    runner_at, tmp_path, small, same_as, stop_after, wait, monkeypatch
):
    monkeypatch.setattr(desk, "STOP_S", 0.5)
    runner = runner_at(tmp_path)
    run = runner.submit(small, "me")
    found = runner.directory(run)
    wait(found.epochs)
    pid = runner.status(run).pid
    os.kill(pid, signal.SIGSTOP)
    runner.stop(run)
    wait(lambda: runner.status(run).ended)
    assert runner.status(run).state == "stopped"
    assert runner.status(run).message.startswith("The training process did not answer")
    assert kept(max(found.epochs())) in runner.status(run).message
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    runner.resume(run)
    stop_after(runner, run, found.rows()[-1].epoch + 2)
    same_as(found, small)


def test_a_machine_without_room_for_a_process_says_so_and_later_goes_on(
    runner_at, tmp_path, small, same_as, wait, monkeypatch
):
    runner, child, short = runner_at(tmp_path), pool.Child, dataclasses.replace(small, epochs=1)

    def none(_root):
        raise OSError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr(pool, "Child", none)
    runner.warm()
    run = runner.submit(short, "me")
    wait(lambda: runner.status(run).ended)
    assert runner.status(run).state == "failed"
    assert "No process could be started for this run (Resource" in runner.status(run).message
    monkeypatch.setattr(pool, "Child", child)
    runner.resume(run)
    wait(lambda: runner.status(run).ended)
    same_as(runner.directory(run), short)


def test_workers_start_where_their_log_cannot_be_opened(tmp_path):
    (tmp_path / pool.LOG).mkdir()
    child = pool.Child(tmp_path)
    child.retire()
    assert child.wait(time.monotonic() + 30)
    assert child.code == 0


# A full disk


@pytest.mark.parametrize("where", ["write_spec", "write_status"])
def test_a_run_that_finds_no_room_leaves_nothing_behind(tmp_path, small, monkeypatch, where):
    monkeypatch.setattr(jobs, where, refuse)
    with pytest.raises(InputError, match="disk is full"):
        new_run(tmp_path, small, "me", "")
    assert list(tmp_path.iterdir()) == []


def test_without_room_a_run_keeps_its_name_and_can_be_deleted(tmp_path, small, monkeypatch):
    run = new_run(tmp_path, small, "me", "First")
    monkeypatch.setattr(directory, "write_spec", refuse)
    with pytest.raises(InputError, match=r"disk is full.*old name stays"):
        run.rename("Second")
    assert run.spec().name == "First"
    monkeypatch.setattr(RunLock, "take", refuse)
    run.delete()
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_two_tabs_delete_is_deleted_once(tmp_path, small, monkeypatch):
    run = new_run(tmp_path, small, "me", "")
    take = RunLock.take

    def other_tab_first(folder, wait_s):
        lock = take(folder, wait_s)
        lock.release()
        monkeypatch.setattr(RunLock, "take", take)
        RunDirectory(folder).delete()
        return take(tmp_path, wait_s)

    monkeypatch.setattr(RunLock, "take", other_tab_first)
    run.delete()
    assert not run.exists
