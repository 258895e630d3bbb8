"""The runner for one machine: worker processes, a fair queue, a thread that looks after them."""

from __future__ import annotations

import atexit
import contextlib
import re
import threading
from dataclasses import replace
from pathlib import Path

from core.cores import cores
from core.errors import InputError
from core.runs.desk import Desk, Rules
from core.runs.directory import RunDirectory, run_names, runs_root
from core.runs.jobs import Job, new_run, recover, reopen, set_status
from core.runs.limits import GIGABYTE
from core.runs.lock import RunLock
from core.runs.status import RunStatus
from core.training.commands import Commands
from core.training.config import TrainingConfig

MOST_WAITING = 20  # of one session
TICK_S, REST_S = 0.1, 5.0
_ID = re.compile(r"[0-9]{8}-[0-9]{6}-[0-9a-f]{6}")
_CLOSED = "The server is ending; no run can be started."


class LocalRunner:
    """Carries out runs in processes of this machine (see `core.runs.runner.Runner`).

    Args:
        root: The folder of all runs; None takes the usual one.
        slots: How many runs go on at the same time; None takes cores ÷ threads, at least 1.
        threads: How many threads a run is expected to use.
        memory_gb: How much memory a process may set aside on the CPU; None sets no limit.
        unwatched_pause_s: A run that nobody looked at for so long is paused.
        unwatched_end_s: And after so long ended, its last epoch kept.
        idle_end_s: A process without work is ended after so long.
    """

    def __init__(
        self,
        root: Path | None = None,
        *,
        slots: int | None = None,
        threads: int = 2,
        memory_gb: float | None = 3.0,
        unwatched_pause_s: float = 60.0,
        unwatched_end_s: float = 900.0,
        idle_end_s: float = 900.0,
    ) -> None:
        self.root = (root or runs_root()).absolute()
        self.root.mkdir(parents=True, exist_ok=True)
        self.slots = slots or max(1, cores() // threads)
        memory = None if memory_gb is None else int(memory_gb * GIGABYTE)
        rules = Rules(self.slots, memory, unwatched_pause_s, unwatched_end_s, idle_end_s)
        self._desk = Desk(self.root, rules)
        self._seen: dict[str, RunDirectory] = {}
        self._lock = threading.RLock()
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None
        self._closed = False
        self._own = RunLock.take(self.root)
        if self._own is not None:  # else another server is at work on the same folder
            recover(self.root)
        atexit.register(self.close)

    def warm(self) -> None:
        """Get a process ready, so that the next run starts at once; call it when a page opens."""
        with self._lock:
            self._desk.warm()
            self._look_now()

    def submit(self, config: TrainingConfig, session: str, name: str = "") -> str:
        """Hand in a run; returns its name."""
        with self._lock:
            if self._closed:
                raise InputError(_CLOSED)
            if self._desk.queue.count(session) >= MOST_WAITING:
                raise InputError(f"{MOST_WAITING} runs of yours are waiting already. Stop some.")
            config = replace(config, threads=min(config.threads, cores()))
            run = new_run(self.root, config, session, name)
            self._desk.enter(Job(run, session, config))
            self._look_now()
            return run.id

    def pause(self, run: str) -> None:
        """Let a run wait where it stands."""
        with self._lock:
            job = self._desk.job(run)
            if job is None:
                raise InputError("Only a run that waits or goes on can be paused.")
            self._desk.queue.remove(run)
            if job.child is not None:
                job.pause("asked")
            else:
                set_status(job.run, replace(job.run.status(), state="paused", message="", pid=0))
                del self._desk.jobs[run]
            self._look_now()

    def resume(self, run: str, epochs: int | None = None) -> None:
        """Let a run go on, from where it waits or from its last finished epoch."""
        with self._lock:
            job = self._desk.job(run)
            if job is None:
                if self._closed:
                    raise InputError(_CLOSED)
                directory = self.directory(run)
                spec = reopen(directory, directory.status(), epochs)
                self._desk.enter(Job(directory, spec.session, spec.config))
            elif epochs is not None:
                raise InputError("The number of epochs can be changed when the run has ended.")
            else:
                self._desk.wake_up(job)
            self._look_now()

    def stop(self, run: str) -> None:
        """End a run; its last finished epoch is kept."""
        with self._lock:
            self._desk.sleeping.discard(run)
            job = self._desk.job(run)
            if job is not None:
                self._desk.stop(job, "")
                self._look_now()
                return
            directory = self.directory(run)
            status = directory.status()
            if status.state == "paused" and not directory.busy:
                set_status(directory, replace(status, state="stopped", message="", pid=0))

    def set_rate(self, run: str, rate: float) -> None:
        """Change the learning rate of a run that goes on or is paused."""
        Commands().set_rate(rate)  # raises if it is none
        with self._lock:
            job = self._desk.job(run)
            if job is None or job.child is None:
                raise InputError("The learning rate can be changed while the run goes on.")
            job.child.send("rate", job.run.path, rate=rate)

    def watch(self, run: str) -> None:
        """Say that somebody looks at a run; one that waited for that goes on."""
        with self._lock:
            job = self._desk.job(run)
            if job is not None:
                job.watch()
                if job.paused == "unwatched" and not job.stopping:
                    self._desk.wake_up(job)
            elif run in self._desk.sleeping:
                self.resume(run)

    def status(self, run: str) -> RunStatus:
        """How a run is doing, its place in the queue included."""
        with self._lock:
            status = self.directory(run).status()
            job = self._desk.job(run)
            live = job is not None and job.child is not None
            if run in self._desk.queue:
                ahead = self._desk.queue.ahead(run)
                return replace(status, state="queued", message="", ahead=ahead, live=live)
            return replace(status, live=live)

    def directory(self, run: str) -> RunDirectory:
        """Where everything else about a run is read."""
        with self._lock:
            path = self.root / run
            if not _ID.fullmatch(run) or not path.is_dir():
                self._seen.pop(run, None)
                raise InputError("There is no such run, or it has been deleted.")
            return self._seen.setdefault(run, RunDirectory(path))

    def runs(self) -> list[RunDirectory]:
        """All runs, the oldest first."""
        return [self.directory(name) for name in run_names(self.root) if _ID.fullmatch(name)]

    def delete(self, run: str) -> None:
        """Delete a run that neither waits nor goes on."""
        with self._lock:
            if self._desk.job(run) is not None:
                raise InputError("This run is going on. Stop it before you delete it.")
            self.directory(run).delete()
            self._desk.sleeping.discard(run)
            self._seen.pop(run, None)

    def close(self) -> None:
        """End all processes; what goes on or waits becomes interrupted."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            self._wake.set()
        if self._thread is not None:
            self._thread.join()
        self._desk.close()
        if self._own is not None:
            recover(self.root)
            self._own.release()
        atexit.unregister(self.close)

    def _look_now(self) -> None:
        """Let the thread see at once what has changed."""
        if self._thread is None and not self._closed:
            self._thread = threading.Thread(target=self._supervise, name="runner", daemon=True)
            self._thread.start()
        self._wake.set()

    def _supervise(self) -> None:
        while not self._closed:
            with self._lock:
                with contextlib.suppress(OSError):  # the disk; runs that can go on still do
                    self._desk.look()
                busy = self._desk.busy
            self._wake.wait(TICK_S if busy else REST_S)
            self._wake.clear()
