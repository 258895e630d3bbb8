"""The process that trains: ``python -m core.runs.worker``, told what to do on its input.

It gets ready (PyTorch takes seconds to import), then does one run after another. What it has to
say goes into the run directory only. It ends when its input does, after a failure, and after a
run on a graphics card, because only the end of a process really frees that memory.
"""

from __future__ import annotations

import contextlib
import os
import traceback
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from core.errors import InputError
from core.runs.checkpoints import Checkpoint, kept_epochs, load_checkpoint
from core.runs.courtesy import step_back
from core.runs.devices import check_device
from core.runs.failures import kept, sentence
from core.runs.inbox import Ending, Inbox, Order
from core.runs.limits import cap_memory, cap_threads
from core.runs.lock import RunLock
from core.runs.recorder import Recorder
from core.runs.spec import read_spec
from core.runs.status import RunStatus, StatusKeeper, read_status
from core.training.commands import Commands
from core.training.config import TrainingConfig
from core.training.data import Sets, prepared_for, sets_of
from core.training.events import Started, Stopped
from core.training.loop import train
from core.training.state import start
from core.training.tuned import begin

LOCK_WAIT_S = 10.0
TRACE = "traceback.txt"


class Worker:
    """Does runs, and remembers the last data set that was read."""

    def __init__(self, inbox: Inbox) -> None:
        self.inbox = inbox
        self._sets: tuple[str, Sets] | None = None

    def warm_up(self) -> None:
        """Do once what is slow the first time: reading the default data set, a first update."""
        config = TrainingConfig(model="softmax", epochs=1, train_size=10, threads=1)
        prepared = prepared_for(config, self.sets("digits"))
        model, state = start(config, prepared.shape, len(prepared.classes))
        list(train(model, prepared, config, state))

    def sets(self, dataset: str) -> Sets:
        """The pictures of a data set; read again only if it is another one."""
        if self._sets is None or self._sets[0] != dataset:
            self._sets = None
            self._sets = (dataset, sets_of(dataset))
        return self._sets[1]

    def do(self, order: Order) -> bool:
        """Do a run.

        Returns:
            Whether this process is fit for another one.
        """
        run = Path(order.run)
        lock = RunLock.take(run, LOCK_WAIT_S)
        if lock is None:
            return False  # another process is at work on it; the server sees this one end
        epoch = max(kept_epochs(run), default=0)
        before = read_status(run)
        begun = RunStatus("starting", "", epoch, before.epochs, os.getpid())
        cap = order.values.get("memory")
        try:
            status = StatusKeeper(run, begun)
            try:
                return self._train(run, status, cap)
            except Exception as error:
                _write_trace(run)
                cap_memory(None)
                message = f"{sentence(error, cap)} {kept(max(kept_epochs(run), default=0))}"
                del error
                status.change(state="failed", message=message, pid=0)
                return False
        except OSError:  # not even the status can be written: the server sees the process end
            return False
        finally:
            lock.release()

    def _train(self, run: Path, status: StatusKeeper, cap: int | None) -> bool:
        config = read_spec(run).config
        cuda = config.device.startswith("cuda")
        cap_threads(config.threads)
        cap_memory(None if cuda else cap)
        check_device(config.device)
        prepared = prepared_for(config, self.sets(config.dataset))
        model, state = begin(config, prepared)
        found = _checkpoint(run)
        if found is not None:
            state.restore(found.snapshot, model)
        about: dict[str, Any] = {
            "config": asdict(config),
            "input_shape": prepared.shape,
            "classes": prepared.classes,
        }
        commands, ending = Commands(), Ending()
        last: Stopped | None = None
        with Recorder(run, status, model, state, about) as recorder:
            for event in train(model, prepared, config, state, commands):
                recorder.take(event)
                if isinstance(event, Started):
                    _begin(status, found, event)
                elif isinstance(event, Stopped):
                    last = event
                else:
                    self.inbox.obey(run, commands, ending, lambda m: _pause(status, m))
        assert last is not None
        _finish(status, last, ending)
        cap_memory(None)
        return not cuda


def _checkpoint(run: Path) -> Checkpoint | None:
    """The epoch to go on from; None if there is none that could be used."""
    try:
        return load_checkpoint(run)
    except InputError:
        return None


def _begin(status: StatusKeeper, found: Checkpoint | None, started: Started) -> None:
    note = found.note if found else ""
    if not found and kept_epochs(status.folder):
        note = "All checkpoints are damaged; the run begins again."
    status.change(state="running", message=note, epoch=started.epoch, epochs=started.epochs)


def _pause(status: StatusKeeper, message: str | None) -> None:
    if message is None:
        status.change(state="running", message="")
    else:
        status.change(state="paused", message=message)


def _finish(status: StatusKeeper, last: Stopped, ending: Ending) -> None:
    epoch = last.epoch
    state, message = "finished", ""
    if last.reason == "early":
        message = "Ended early: the validation loss has stopped falling."
    elif last.reason == "stopped":
        state, message = ending.state, f"{ending.message} {kept(epoch)}".strip()
    elif last.reason == "diverged":
        state = "failed"
        message = (
            f"The training diverged in epoch {epoch + 1}: the numbers grew beyond all bounds. "
            f"{kept(epoch)} Take a smaller learning rate."
        )
    status.change(state=state, message=message, epoch=epoch, pid=0)


def _write_trace(run: Path) -> None:
    with contextlib.suppress(OSError):
        (run / TRACE).write_text(traceback.format_exc(), encoding="utf-8")


def main() -> None:
    """Do runs until the input ends or the process is used up."""
    inbox = Inbox()
    worker = Worker(inbox)
    if torch.version.cuda:
        torch.set_float32_matmul_precision("high")  # TF32 on graphics cards that have it
    worker.warm_up()
    step_back()  # Getting ready is quick and somebody may wait for it; training takes its time.
    while (order := inbox.next_run()) is not None:
        inbox.busy = True
        if not worker.do(order):
            break
        inbox.busy = False
    os._exit(0)  # at once: threads of PyTorch that still live would make the interpreter abort


if __name__ == "__main__":
    main()
