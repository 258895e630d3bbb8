"""How fast this machine trains: devices in a race, and throughput against the size of a batch."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from core.errors import InputError
from core.runs.devices import devices
from core.runs.errand import Errand
from core.training.config import TrainingConfig
from core.training.race import BATCHES, lanes, race_of_batches, race_of_lanes
from explorer.numbers import significant
from explorer.training_dashboard.runner import runner, threads
from explorer.training_dashboard.settings import training_config

if TYPE_CHECKING:
    from explorer.training_dashboard.lesson import TrainingDashboard

Event = Mapping[str, Any]
KINDS: dict[str, Callable[[TrainingConfig], Errand]] = {
    "lanes": lambda config: race_of_lanes(config),
    "batches": lambda config: race_of_batches(config),
}
_ONE = threading.Lock()  # measurements beside each other would measure each other
_going: list[Errand] = []


class Race:
    """What the card on speed does: each part is measured on a click, in a process of its own."""

    def __init__(self, lesson: TrainingDashboard) -> None:
        self.lesson = lesson
        self._errands: dict[str, Errand] = {}
        self._configs: dict[str, TrainingConfig] = {}

    def actions(self) -> dict[str, Callable[[Event], None]]:
        """Return what each kind of gesture does."""
        return {
            "race": lambda event: self._begin(str(event["what"])),
            "stop_race": lambda event: self._stop(str(event["what"])),
            "look_race": lambda _: None,
        }

    def _begin(self, what: str) -> None:
        lesson = self.lesson
        if what not in KINDS:
            raise InputError("Only devices and batches are measured here.")
        lesson.data.ready_to_train()
        config = training_config(lesson.settings, threads())
        if any(one.status().state in ("running", "starting") for one in runner().runs()):
            raise InputError(
                "A run is going on here, and both would be slower than they are. Measure when it "
                "has ended, or pause it."
            )
        with _ONE:
            if any(not one.ended for one in _going):
                raise InputError("Somebody measures just now. Try again in half a minute.")
            errand = KINDS[what](config)
            _going[:] = [errand]
        self._errands[what], self._configs[what] = errand, config
        lesson.notice = None

    def _stop(self, what: str) -> None:
        if what in self._errands:
            self._errands[what].stop()

    def card(self) -> dict[str, Any]:
        """Return both parts with their numbers, and what there is to train on."""
        return {
            "kind": "speed",
            "span": 12,
            "title": "Speed on this machine",
            "note": "measured here and now; whatever else the machine does counts, too",
            "devices": _devices(),
            "parts": [self._lanes(), self._batches()],
        }

    def _part(self, what: str, title: str, action: str) -> dict[str, Any]:
        errand = self._errands.get(what)
        running = errand is not None and not errand.ended
        words = "Starting a process for it …" if running and errand and not errand.lines else ""
        return {
            "what": what,
            "title": title,
            "running": running,
            "action": action if errand is None else "Measure again",
            "text": words if errand is None else errand.problem or words,
            "about": self._about(what),
            "heads": [],
            "rows": [],
            "series": [],
        }

    def _about(self, what: str) -> str:
        config = self._configs.get(what)
        if config is None:
            return ""
        of = f"batch {config.batch_size}, " if what == "lanes" else ""
        model = config.model if len(config.model) < 34 else f"{config.model[:32]}…"
        return f"{config.dataset.split(':')[-1]}, {of}{model}"

    def _lanes(self) -> dict[str, Any]:
        which = lanes(threads())
        title = "The same run on " + " and on ".join(lane.name for lane in which)
        part = self._part("lanes", title, "Start the race")
        lines = self._errands["lanes"].lines if "lanes" in self._errands else []
        for at, lane in enumerate(which):
            places = [line for line in lines if line.get("lane") == at]
            if not places:
                continue
            part["series"].append(
                {
                    "name": lane.name,
                    "x": [0.0, *(line["seconds"] for line in places)],
                    "y": [0, *(line["pictures"] for line in places)],
                }
            )
            if "samples_per_s" in places[-1]:
                part["rows"].append(_row(lane.name, places[-1]))
        part |= {"heads": ["", "samples/s", "ms per update"], "log": False}
        part |= {"xLabel": "seconds", "yLabel": "pictures learnt from"}
        part["verdict"] = _verdict(part["rows"], [lane.name for lane in which], lines)
        return part

    def _batches(self) -> dict[str, Any]:
        part = self._part("batches", "Throughput against the size of a batch", "Measure batches")
        lines = self._errands["batches"].lines if "batches" in self._errands else []
        if lines:
            x, y = ([line[name] for line in lines] for name in ("batch", "samples_per_s"))
            part["series"] = [{"name": "samples/s", "x": x, "y": y}]
        part["rows"] = [_row(f"{line['batch']:,}", line) for line in lines]
        part |= {"heads": ["batch", "samples/s", "ms per update"], "log": True}
        part |= {"xLabel": "batch", "yLabel": "samples/s", "ticks": list(BATCHES)}
        part["verdict"] = _best(lines) if not part["running"] else ""
        return part


def _row(name: str, line: dict[str, Any]) -> list[str]:
    return [name, f"{line['samples_per_s']:,.0f}", significant(line["ms_per_step"], 3)]


def _verdict(rows: list[list[str]], names: list[str], lines: list[dict[str, Any]]) -> str:
    """Say by how much the fastest lane beats the first one."""
    speeds = [line["samples_per_s"] for line in lines if "samples_per_s" in line]
    if len(speeds) < len(names) or len(names) < 2:
        return ""
    best = max(range(len(speeds)), key=lambda at: speeds[at])
    other = min(range(len(speeds)), key=lambda at: speeds[at])
    steps = next(line["steps"] for line in lines if "steps" in line)
    return (
        f"**{names[best]}** is {significant(speeds[best] / speeds[other], 3)} times as fast as "
        f"{names[other]}, over {steps:,} updates from the same first weights."
    )


def _best(lines: list[dict[str, Any]]) -> str:
    if len(lines) < 2:
        return ""
    best = max(lines, key=lambda line: line["samples_per_s"])
    first = lines[0]
    times = significant(best["samples_per_s"] / first["samples_per_s"], 2)
    return (
        f"Fastest with a batch of **{best['batch']:,}**: {times} times as many pictures a second "
        f"as with {first['batch']}. A larger batch makes fewer updates of an epoch, so faster is "
        "not yet sooner at the goal."
    )


def _devices() -> list[list[str]]:
    """Return name, what is known, and "ok" or "" of every device."""
    found = []
    for one in devices():
        memory = (
            f", {one.memory / 2**30:.0f} GB of memory" if one.memory and one.name == "cpu" else ""
        )
        words = f"{one.label}{memory}" if one.available else one.why_not
        found.append([one.name.upper(), words, "ok" if one.available else ""])
    return found
