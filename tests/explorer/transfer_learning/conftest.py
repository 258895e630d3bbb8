import numpy as np
import pytest
from transfer_gestures import letters, png, settled

from explorer.transfer_learning.lesson import TransferLearning


@pytest.fixture
def opened():
    """Opens the page at a query; with `owner` as the browser of that name."""

    def made(owner=None, **parameters):
        lesson = TransferLearning({name: str(value) for name, value in parameters.items()})
        if owner:
            lesson.apply(({"type": "hello", "owner": owner},))
        return settled(lesson)

    return made


@pytest.fixture
def lesson(opened):
    """Three classes with six drawings each."""
    return opened(classes=3, per_class=6)


@pytest.fixture
def did():
    """Makes gestures and lets the head learn; returns what the page says."""

    def done(lesson, *events):
        lesson.notice = None
        lesson.apply(events)
        settled(lesson)
        return lesson.notice

    return done


@pytest.fixture
def photo():
    """A small PNG of one colour with noise, different for each number."""

    def made(number, size=40):
        chance = np.random.default_rng(number)
        return png(chance.integers(0, 255, (size, size, 3)))

    return made


@pytest.fixture
def drawing():
    """The ink of a stroke as the pad sends it."""
    ink = np.zeros((112, 112), np.uint8)
    ink[20:90, 50:58] = 255
    return {"size": 112, "pixels": letters(ink.tobytes())}
