"""A download that hangs is stopped on the page at once, and can be begun again."""

import threading
import time

import pytest

from core.errors import InputError
from explorer.training_dashboard.downloads import Downloads as Sets
from explorer.transfer_learning.downloads import STOPPED
from explorer.transfer_learning.downloads import Downloads as Weights


class Hanging:
    """The first attempt hangs until it is let go; every other one ends at once."""

    def __init__(self):
        self.attempts, self.let_go, self.ended = 0, threading.Event(), threading.Event()

    def fetch(self, progress):
        self.attempts += 1
        if self.attempts > 1:
            progress(300, 300)
            return
        progress(100, 300)
        self.let_go.wait(20)
        try:
            progress(200, 300)
        finally:
            self.ended.set()


@pytest.fixture
def hanging():
    made = Hanging()
    yield made
    made.let_go.set()


def waited(condition):
    until = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.01)


def test_a_set_whose_download_hangs(hanging, tmp_path):
    sets = Sets(lambda _name, _root, progress: hanging.fetch(progress), tmp_path)
    sets.start("kmnist", "me")
    waited(lambda: sets.state("kmnist").done == 100)
    sets.cancel("kmnist", "me")
    assert sets.state("kmnist").state == "stopped"
    assert sets.state("kmnist").message.endswith("was stopped.")
    sets.start("kmnist", "me")
    waited(lambda: sets.state("kmnist").state == "done")
    hanging.let_go.set()
    assert hanging.ended.wait(20)
    time.sleep(0.05)
    assert sets.state("kmnist").state == "done"
    assert sets.state("kmnist").done == 300
    sets.cancel("kmnist", "me")
    assert sets.state("kmnist").state == "done", "what is here stays here"


def test_a_backbone_whose_download_hangs(hanging):
    weights = Weights(lambda _name, progress: hanging.fetch(progress))
    first = weights.start("resnet18")
    waited(lambda: first.done == 100)
    first.stop()
    assert not weights.going_on("resnet18")
    assert weights.row("resnet18", here=False)["state"] == STOPPED
    second = weights.start("resnet18")
    assert second is not first
    waited(lambda: not second.going_on)
    assert second.problem is None
    hanging.let_go.set()
    assert hanging.ended.wait(20)
    time.sleep(0.05)
    assert weights.find("resnet18") is second
    assert first.problem == STOPPED
    second.stop()
    assert second.problem is None, "it has ended well before"


def test_a_download_that_fails_says_why():
    def fail(_name, _progress):
        raise InputError("Nobody answers.")

    weights = Weights(fail)
    one = weights.start("resnet18")
    waited(lambda: not one.going_on)
    assert one.problem == "Nobody answers."
