"""Who runs now and who waits; what has happened since one last looked. No thread, no lock."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path

from core.errors import InputError
from core.runs.jobs import Job, bury, give_up, set_status
from core.runs.pool import Pool
from core.runs.queueing import FairQueue

MOST_PAUSED = 3  # processes that keep a paused run in memory
PATIENCE_S = 8.0
STOP_S = 20.0  # a process that has not ended its run so long after it was told to is ended itself
_UNWATCHED = "Paused, because nobody is watching."
_NO_PROCESS = "No process could be started for this run ({}). Close other programs, then resume."
_NO_ANSWER = "The training process did not answer and was ended."


@dataclass(frozen=True)
class Rules:
    """How runs share a machine.

    Attributes:
        slots: How many go on at the same time.
        memory: The bytes that a process may set aside on the CPU, or None.
        pause_s: A run that nobody looked at for so long is paused.
        end_s: And after so long ended.
        idle_end_s: A process without work is ended after so long.
    """

    slots: int
    memory: int | None
    pause_s: float
    end_s: float
    idle_end_s: float


class Desk:
    """The runs that wait or go on.

    Args:
        root: The folder of all runs.
        rules: How they share the machine.

    Attributes:
        jobs: Every run that waits for its turn or has a process.
        queue: Those that wait for their turn.
        sleeping: Runs that were paused because nobody watched, and have no process any more.
    """

    def __init__(self, root: Path, rules: Rules) -> None:
        self.jobs: dict[str, Job] = {}
        self.queue = FairQueue()
        self.sleeping: set[str] = set()
        self._rules = rules
        self._pool = Pool(root, rules.idle_end_s)
        self._warm_until = 0.0

    @property
    def busy(self) -> bool:
        """Whether something may happen soon."""
        return bool(self.jobs) or self._pool.unfinished

    def warm(self) -> None:
        """Have a process ready from now on, for as long as one may be idle."""
        self._warm_until = time.monotonic() + self._rules.idle_end_s

    def job(self, run: str) -> Job | None:
        """The job of a run, if it waits or goes on at this very moment."""
        job = self.jobs.get(run)
        if job is not None and job.child is not None:
            self._look_at(job, time.monotonic())
        return self.jobs.get(run)

    def enter(self, job: Job) -> None:
        """Let a run wait for its turn."""
        self.jobs[job.run.id] = job
        self.sleeping.discard(job.run.id)
        self.queue.put(job.session, job.run.id)
        self.warm()

    def wake_up(self, job: Job) -> None:
        """Let a paused run go on as soon as there is a slot for it.

        Raises:
            InputError: It has been told to stop.
        """
        if job.stopping:
            raise InputError("This run is just ending. Try again in a moment.")
        if job.child is None or not job.paused or job.run.id in self.queue:
            return
        job.watch()
        if job.run.status().state == "paused":
            self.queue.put(job.session, job.run.id)
        else:  # it has not even stopped yet
            job.go_on()

    def stop(self, job: Job, message: str) -> None:
        """End a run, waiting or not."""
        self.queue.remove(job.run.id)
        if job.child is not None:
            job.stop(message)
            return
        status = job.run.status()
        set_status(job.run, replace(status, state="stopped", message=message, pid=0))
        del self.jobs[job.run.id]

    def look(self) -> None:
        """See what has happened, and do what follows from it."""
        now = time.monotonic()
        for job in list(self.jobs.values()):
            try:
                self._look_at(job, now)
            except InputError:  # its directory is gone, or the disk is full
                if job.child is None:
                    self._forget(job)
        self._park()
        self._start_waiting()
        self._pool.tend(now < self._warm_until and self._going_on() < self._rules.slots)

    def close(self) -> None:
        """End all processes."""
        self._pool.close([job.child for job in self.jobs.values() if job.child], PATIENCE_S)
        self.jobs.clear()

    def _look_at(self, job: Job, now: float) -> None:
        unwatched = now - job.watched
        if job.child is None:
            if unwatched > self._rules.end_s:
                self.stop(job, self._nobody())
            return
        code = job.child.code  # before the status: of a process that is gone that is final
        status = job.run.status()
        parked = status.state == "paused" and not status.pid
        if status.ended or parked:
            self._part(job, fit=status.state != "failed")
        elif code is not None:
            bury(job.run, code)
            self._part(job, fit=False)
        elif job.stopping and now - job.stopped_at > STOP_S:
            job.child.kill()
            give_up(job.run, "stopped", _NO_ANSWER)
            self._part(job, fit=False)
        elif not job.stopping and unwatched > self._rules.end_s:
            self.stop(job, self._nobody())
        elif not (job.stopping or job.paused) and unwatched > self._rules.pause_s:
            job.pause("unwatched", _UNWATCHED)

    def _nobody(self) -> str:
        minutes = self._rules.end_s / 60
        return f"Ended, because nobody watched it for {minutes:g} minutes."

    def _part(self, job: Job, fit: bool) -> None:
        """Take the process away from a run that needs it no more."""
        assert job.child is not None
        cuda = job.config.device.startswith("cuda")  # its memory is freed when it ends
        self._pool.give_back(job.child, fit and not cuda)
        self._forget(job)

    def _forget(self, job: Job) -> None:
        self.queue.remove(job.run.id)
        self.jobs.pop(job.run.id, None)

    def _going_on(self) -> int:
        """How many runs use a slot."""
        having = [job for job in self.jobs.values() if job.child is not None]
        return sum(not job.paused or job.run.status().state != "paused" for job in having)

    def _park(self) -> None:
        """Where too many paused runs are kept in memory, leave the oldest on disk only."""
        waiting = [j for j in self.jobs.values() if j.paused and j.child and not j.stopping]
        waiting = [job for job in waiting if job.run.id not in self.queue]
        waiting.sort(key=lambda job: job.paused_at)
        for job in waiting[:-MOST_PAUSED]:
            job.stop(_UNWATCHED if job.paused == "unwatched" else "Paused.", "paused")
            if job.paused == "unwatched":
                self.sleeping.add(job.run.id)

    def _start_waiting(self) -> None:
        free = self._rules.slots - self._going_on()
        while free > 0 and (run := self.queue.take(self._ready)) is not None:
            job = self.jobs[run]
            if job.child is not None:
                job.go_on()
            elif not self._begin(job):
                continue
            free -= 1

    def _begin(self, job: Job) -> bool:
        """Give a run a process; False if none can be started, which the run then says."""
        try:
            job.child = self._pool.take()
        except OSError as error:
            give_up(job.run, "failed", _NO_PROCESS.format(error.strerror or error))
            self._forget(job)
            return False
        job.child.send("run", job.run.path, memory=self._rules.memory)
        return True

    def _ready(self, run: str) -> bool:
        """Not while a process of an earlier server still writes its last words."""
        job = self.jobs[run]
        return job.child is not None or not job.run.busy
