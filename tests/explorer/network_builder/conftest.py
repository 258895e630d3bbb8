import itertools
from types import SimpleNamespace

import pytest

from core.networks import running
from explorer.network_builder.playing import Pace


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """A clock by which every look at it takes 0.4 ms, however busy the machine is."""
    ticks = itertools.count()
    looked = lambda: next(ticks) * 4e-4  # noqa: E731
    monkeypatch.setattr(Pace.__init__, "__defaults__", (looked,))
    monkeypatch.setattr(running, "time", SimpleNamespace(perf_counter=looked))
