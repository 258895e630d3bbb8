"""Real worker processes that are killed, damaged, starved: what becomes of their runs."""

import dataclasses
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from core.errors import InputError
from core.runs import birth
from core.runs.directory import RunDirectory

ROOT = Path(__file__).resolve().parents[3]
linux = pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")


def children(parent=None):
    """The workers of this process, or of another one, with all that lies between."""
    above, commands = {}, {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rsplit(")", 1)[1].split()
                command = (folder / "cmdline").read_bytes()
            except OSError:
                continue
            above[int(folder.name)] = int(fields[1])
            commands[int(folder.name)] = b"Z" if fields[0] == "Z" else command

    def below(pid):
        while pid in above and pid != (parent or os.getpid()):
            pid = above[pid]
        return pid in above

    wanted = (b"core.runs.worker", b"core.runs.nursery")
    return [
        pid
        for pid, command in commands.items()
        if (command == b"Z" or any(word in command for word in wanted))
        and pid != (parent or os.getpid())
        and below(pid)
    ]


def gone(pid):
    return not Path(f"/proc/{pid}").exists()


@linux
def test_a_worker_killed_at_any_moment_loses_nothing(
    runner_at, tmp_path, small, same_as, stop_after, wait
):
    chance = random.Random(7)
    runner = runner_at(tmp_path)
    run = runner.submit(small, "me")
    directory = runner.directory(run)
    for epochs in (0, 3, 9):
        wait(lambda n=epochs: directory.started() and len(directory.rows()) >= n)
        wait(lambda: runner.status(run).state == "running" and runner.status(run).pid)
        time.sleep(chance.uniform(0, 0.15))
        os.kill(runner.status(run).pid, signal.SIGKILL)
        wait(lambda: runner.status(run).ended)
        status = runner.status(run)
        assert status.state == "failed"
        assert "killed by signal 9" in status.message
        kept = max(directory.epochs(), default=0)
        assert status.epoch == kept
        assert kept == 0 or directory.checkpoint().epoch == kept
        runner.resume(run)
    wait(lambda: runner.status(run).state == "running")
    stop_after(runner, run, kept + 3)
    same_as(directory, small)


SERVER = """
import sys, time
from pathlib import Path
from core.runs.local import LocalRunner
from core.training.config import TrainingConfig
runner = LocalRunner(Path(sys.argv[1]), slots=1)
config = TrainingConfig.from_json(sys.argv[2])
for _ in range(2):
    print(runner.submit(config, "me"), flush=True)
time.sleep(1000)
"""


@linux
def test_a_server_killed_and_started_again(runner_at, tmp_path, small, same_as, stop_after, wait):
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(tmp_path), small.to_json()],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    first, second = (server.stdout.readline().strip() for _ in range(2))
    directory = RunDirectory(tmp_path / first)
    wait(lambda: len(directory.rows()) >= 2)
    workers = children(server.pid)
    server.kill()
    server.wait()
    server.stdout.close()
    wait(lambda: all(gone(pid) for pid in workers))
    assert directory.status().state == "interrupted"
    assert "The server has ended." in directory.status().message
    assert directory.status().epoch == directory.checkpoint().epoch >= 2

    runner = runner_at(tmp_path)
    assert runner.status(second).state == "interrupted"
    assert "No epoch was finished." in runner.status(second).message
    runner.resume(first)
    stop_after(runner, first, directory.status().epoch + 2)
    same_as(runner.directory(first), small)
    runner.delete(second)


@linux
def test_close_interrupts_and_leaves_no_process(runner_at, tmp_path, small, wait):
    before = set(children())
    runner = runner_at(tmp_path)
    run = runner.submit(small, "me")
    waiting = runner.submit(small, "me")
    directory = runner.directory(run)
    wait(lambda: len(directory.rows()) >= 1)
    assert set(children()) - before
    runner.close()
    # The nursery is for the next runner; it ends with this one. Beside a card there is none.
    kept = {birth._NURSERY._process.pid} if birth._NURSERY.lives else set()
    wait(lambda: set(children()) <= before | kept)
    assert RunDirectory(tmp_path / waiting).status().state == "interrupted"
    assert directory.status().state == "interrupted"
    assert directory.checkpoint().epoch == directory.status().epoch >= 1
    with pytest.raises(InputError, match="ending"):
        runner.submit(small, "me")


def test_damage_between_two_starts(runner_at, tmp_path, small, same_as, stop_after, wait):
    runner = runner_at(tmp_path)
    run = runner.submit(small, "me")
    directory = runner.directory(run)
    stop_after(runner, run, 4)
    newest = max(directory.epochs())
    tensors = directory.path / "checkpoints" / f"epoch_{newest:05d}.safetensors"
    tensors.write_bytes(tensors.read_bytes()[:1000])
    log = directory.path / "events.jsonl"
    log.write_bytes(log.read_bytes()[:-7])
    assert len(directory.rows()) == newest, "the facts of the checkpoint still know its rows"
    runner.resume(run)
    wait(lambda: runner.status(run).state == "running" or runner.status(run).ended)
    assert f"epoch {newest} is damaged" in directory.status().message
    stop_after(runner, run, newest + 1)
    same_as(directory, small)


@pytest.fixture
def small_disk(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(disk)]
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no right to mount a small disk")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def fill(disk):
    """Take what is left of a disk, to the last byte."""
    with (disk / "filler").open("ab", buffering=0) as file:
        for size in (4096, 1):
            try:
                while file.write(b"x" * size):
                    pass
            except OSError:
                continue


def test_a_full_disk_ends_the_run_and_an_empty_one_lets_it_go_on(
    runner_at, small_disk, small, same_as, stop_after, wait
):
    runner = runner_at(small_disk)
    run = runner.submit(small, "me")
    directory = runner.directory(run)
    wait(lambda: len(directory.epochs()) >= 2)
    until = time.monotonic() + 60
    while not runner.status(run).ended:  # again and again: old checkpoints make room
        assert time.monotonic() < until
        fill(small_disk)
        time.sleep(0.05)
    status = runner.status(run)
    assert status.state == "failed"
    assert "The disk is full" in status.message
    assert directory.checkpoint().epoch >= 1
    with pytest.raises(InputError, match="disk is full"):
        runner.submit(small, "me")
    (small_disk / "filler").unlink()
    runner.resume(run)
    wait(lambda: runner.status(run).state == "running")
    stop_after(runner, run, directory.rows()[-1].epoch + 2)
    same_as(directory, small)


@linux
def test_a_run_that_wants_too_much_memory_fails_alone(runner_at, tmp_path, small, wait):
    runner = runner_at(tmp_path, memory_gb=1.4)
    layers = "conv 256 3; relu; conv 256 3; relu; flatten; linear 10"
    huge = dataclasses.replace(small, model=layers, batch_size=1024, epochs=1, train_size=None)
    run = runner.submit(huge, "me")
    after = runner.submit(dataclasses.replace(small, epochs=1), "me")
    wait(lambda: runner.status(run).ended)
    status = runner.status(run)
    assert status.state == "failed"
    assert "more memory than the 1.4 GB that it may use" in status.message
    wait(lambda: runner.status(after).ended)
    assert runner.status(after).state == "finished"
