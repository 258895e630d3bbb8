"""Runs with a directory, trained in the process of the test."""

from dataclasses import asdict

from core.runs.directory import RunDirectory
from core.runs.recorder import Recorder
from core.runs.spec import RunSpec, write_spec
from core.runs.status import RunStatus, StatusKeeper
from core.training.commands import Commands
from core.training.data import prepared_for
from core.training.events import EpochEnded
from core.training.loop import train
from core.training.state import start

CREATED = 1_790_000_000.0  # 2026-09-21


def record_run(path, config, sets, name="A run", rates=None):
    """Train and write everything down; `rates` are learning rates set after an epoch."""
    path.mkdir()
    write_spec(path, RunSpec(name, "somebody", CREATED, config))
    prepared = prepared_for(config, sets)
    model, state = start(config, prepared.shape, len(prepared.classes))
    about = {
        "config": asdict(config),
        "input_shape": prepared.shape,
        "classes": prepared.classes,
    }
    commands = Commands()
    status = StatusKeeper(path, RunStatus("running"))
    with Recorder(path, status, model, state, about) as recorder:
        for event in train(model, prepared, config, state, commands):
            recorder.take(event)
            if isinstance(event, EpochEnded) and event.epoch in (rates or {}):
                commands.set_rate(rates[event.epoch])
    return RunDirectory(path)
