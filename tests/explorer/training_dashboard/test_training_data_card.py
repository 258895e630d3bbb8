"""The card on the data: downloads with their bytes, pictures of one's own, what is gone."""

import threading
import time

import pytest
import torch

from core.errors import InputError
from core.images.image_set import ImageSet
from core.training.data import store
from explorer.training_dashboard import data as choosing
from explorer.training_dashboard.cards import board_message
from explorer.training_dashboard.controls import row_message
from explorer.training_dashboard.downloads import Downloads
from explorer.training_dashboard.lesson import TrainingDashboard

OWNER = "d" * 24


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An empty cache folder, and no other folder with data."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("EXPLORER_DATA_DIR", raising=False)
    return tmp_path


class Source:
    """Hands out bytes when it is told to."""

    def __init__(self):
        self.go_on, self.error, self.asked = threading.Semaphore(0), None, 0

    def fetch(self, name, root, progress):
        self.asked += 1
        for done in (100, 200, 300):
            assert self.go_on.acquire(timeout=20)
            if self.error:
                raise self.error
            progress(done, 300)


@pytest.fixture
def source(monkeypatch, home):
    made = Source()
    shared = Downloads(made.fetch, home)
    monkeypatch.setattr(choosing, "downloads", lambda: shared)
    yield made
    made.go_on.release(10)


def opened(**settings):
    lesson = TrainingDashboard(settings)
    lesson.apply(({"type": "hello", "owner": OWNER},))
    return lesson


def card(lesson):
    header, _ = board_message(lesson, None)
    return next(one for one in header["cards"] if one["kind"] == "data")


def waited(condition):
    until = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.01)


def looked(lesson):
    """The page looks how the download is, as the card does while it works."""
    lesson.apply(({"type": "look_data"},))
    return lesson


def own_set(home, lesson, counts=(30, 30)):
    labels = torch.tensor([label for label, n in enumerate(counts) for _ in range(n)])
    draw = torch.Generator().manual_seed(0)
    images = torch.randint(0, 256, (len(labels), 1, 28, 28), generator=draw, dtype=torch.uint8)
    classes = tuple("abc"[: len(counts)])
    return store(ImageSet(images, labels, classes, "Mine"), f"{lesson.data.prefix}mine")


def test_a_set_that_is_not_here_says_size_and_licence_and_cannot_be_trained(home):
    lesson = opened(data="cifar10")
    shown = card(lesson)
    facts = dict(shown["facts"])
    assert facts["Size"] == "170.1 MB to download"
    assert "Krizhevsky" in facts["Licence"]
    assert shown["download"] == {
        "working": False,
        "label": "Download 170.1 MB",
        "share": 0,
        "text": "",
    }
    lesson.apply(({"type": "start"},))
    assert lesson.settings.run is None
    assert "CIFAR-10 is not on this machine yet" in lesson.notice
    assert card(opened())["download"] is None


def test_a_download_counts_its_bytes_and_is_shared(source):
    first, second = opened(data="kmnist"), opened(data="kmnist")
    second.apply(({"type": "hello", "owner": "e" * 24},))
    for lesson in (first, second):
        lesson.apply(({"type": "download"},))
    source.go_on.release()
    waited(lambda: card(first)["download"]["share"] == pytest.approx(1 / 3))
    assert card(second)["download"]["text"] == "0.0 of 0.0 MB"
    assert source.asked == 1
    first.apply(({"type": "cancel_download"},))
    source.go_on.release()  # The second one still waits for it.
    waited(lambda: card(second)["download"]["share"] == pytest.approx(2 / 3))
    source.go_on.release()
    waited(lambda: looked(second).notice)
    assert "is here" in second.notice
    assert not card(second)["download"]["working"]


def test_a_download_that_nobody_wants_any_more_ends(source):
    lesson = opened(data="kmnist")
    lesson.apply(({"type": "download"},))
    lesson.apply(({"type": "cancel_download"},))
    source.go_on.release()
    waited(lambda: looked(lesson).notice)
    assert "was stopped" in lesson.notice


def test_a_failed_download_says_why_and_falls_back_to_the_digits(source):
    lesson = opened(data="kmnist")
    source.error = InputError("It could not be downloaded: nobody answers.")
    lesson.apply(({"type": "download"},))
    source.go_on.release()
    assert card(lesson)["download"]["working"]  # Until the page has been told, however soon.
    waited(lambda: looked(lesson).notice)
    assert lesson.settings.data == "digits"
    assert "nobody answers" in lesson.notice
    assert lesson.rested


def test_an_own_set_is_listed_for_its_browser_and_opens_from_a_link(home):
    lesson = opened()
    dataset = own_set(home, lesson)
    lesson.apply(({"type": "set", "name": "data", "value": dataset},))
    shown = card(lesson)
    assert shown["name"] == "Mine"
    assert dict(shown["facts"])["Pictures"] == "60 in 2 classes, 28×28 grey"
    assert shown["deletable"]
    options = row_message(lesson, None)["fields"][0]["options"]
    assert [dataset, "Mine, 60"] in options
    stranger = TrainingDashboard({})
    stranger.apply(({"type": "hello", "owner": "e" * 24},))
    assert dataset not in [key for key, _ in row_message(stranger, None)["fields"][0]["options"]]
    guest = TrainingDashboard({"data": dataset})
    guest.apply(({"type": "hello", "owner": "e" * 24},))
    assert not card(guest)["deletable"]
    guest.apply(({"type": "delete_set"},))
    assert "Only a set that this browser" in guest.notice
    lesson.apply(({"type": "delete_set"},))
    assert lesson.settings.data == "digits"
    assert card(guest)["name"] == "A set that is gone"
    late = TrainingDashboard({"data": dataset})
    assert late.settings.data == "digits"
    assert "not on this machine any more" in late.problems[0]


@pytest.mark.parametrize("name", ["stored:../../etc", "stored:", "nothing"])
def test_a_name_that_is_none_is_refused(home, name):
    lesson = opened()
    lesson.apply(({"type": "set", "name": "data", "value": name},))
    assert lesson.settings.data == "digits"
    assert lesson.notice


def test_no_more_sets_than_there_is_room_for(home, monkeypatch):
    lesson = opened()
    lesson.apply(({"type": "import"},))
    assert lesson.data.wants_import
    assert lesson.outdated()
    own_set(home, lesson)
    monkeypatch.setattr(choosing, "MOST_OWN", 1)
    lesson.data.wants_import = False
    lesson.apply(({"type": "import"},))
    assert not lesson.data.wants_import
    assert "Delete one of them" in lesson.notice
