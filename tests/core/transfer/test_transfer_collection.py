import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InputError
from core.transfer import collection as module
from core.transfer.collection import Collection
from core.transfer.sample import cleaned, sample_of


def painted(value, shape=(20, 30, 3)):
    return np.full(shape, value, dtype=np.uint8)


def sample(value, **options):
    return sample_of(painted(value, **options), "upload", f"{value}.png")


@pytest.fixture
def pets():
    made = Collection().add_label("Cats").add_label("dogs")
    return made.add("c1", [sample(1), sample(2), sample(3)]).add("c2", [sample(4)])


def test_targets_belong_to_the_pictures(pets):
    assert pets.classes == ("Cats", "dogs")
    assert pets.counts() == [3, 1]
    assert pets.targets().dtype == torch.int64
    shown = [
        (int(p[0, 0, 0]), int(t)) for p, t in zip(pets.pictures(), pets.targets(), strict=True)
    ]
    assert shown == [(1, 0), (2, 0), (3, 0), (4, 1)]
    assert len(pets) == 4
    assert pets.nbytes == 4 * 20 * 30 * 3


def test_a_class_that_is_off_or_empty_takes_no_part(pets):
    more = pets.add_label("fish")
    assert more.classes == ("Cats", "dogs")
    off = more.switch_label("c1", False)
    assert off.classes == ("dogs",)
    assert off.targets().tolist() == [0]
    assert len(off) == 4
    assert off.switch_label("c1", True).targets().tolist() == pets.targets().tolist()
    assert Collection().targets().tolist() == []


def test_every_change_leaves_the_old_collection_as_it_was(pets):
    ids = [one.id for one in pets.everything()]
    pets.remove(ids[0]).move(ids[1], "c2").remove_label("c1").add_label("x").rename_label("c2", "y")
    assert [one.id for one in pets.everything()] == ids
    assert pets.classes == ("Cats", "dogs")
    with pytest.raises(ValueError, match="read-only"):
        pets.pictures()[0][0, 0, 0] = 9


def test_samples_move_and_go(pets):
    first, second = pets.labels[0].samples[:2]
    moved = pets.move(first.id, "c2")
    assert moved.counts() == [2, 2]
    assert moved.labels[1].samples[-1] is first
    assert moved.label_of(first.id).name == "dogs"
    assert moved.move(first.id, "c2") is moved
    less = moved.remove(first.id).remove(second.id)
    assert less.counts() == [1, 1]
    for gone in (lambda: less.remove(first.id), lambda: less.move(first.id, "c1")):
        with pytest.raises(InputError, match="picture is not there any more"):
            gone()
    for gone in (lambda: less.add("c9", []), lambda: less.remove_label("c9")):
        with pytest.raises(InputError, match="class is not there any more"):
            gone()


def test_the_same_picture_twice_stays_two_samples(pets):
    twice = pets.add("c2", [sample(1), sample(1)])
    ids = [one.id for one in twice.everything()]
    digest = twice.labels[0].samples[0].digest
    assert len(set(ids)) == 6
    assert [one for one in ids if one.startswith(digest)] == [digest, f"{digest}-2", f"{digest}-3"]
    assert sample(1, shape=(30, 20, 3)).digest != digest  # the same bytes in another form


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("cats", "“Cats” already"),
        (" CATS\u200b ", "“Cats” already"),
        ("", "needs a name"),
        (" \n\u202e ", "needs a name"),
        ("x" * 41, "at most 40"),
    ],
)
def test_names_that_cannot_be_used(pets, name, sentence):
    with pytest.raises(InputError, match=sentence):
        pets.add_label(name)
    with pytest.raises(InputError, match=sentence):
        pets.rename_label("c2", name)


def test_names_are_cleaned_and_ids_stay(pets):
    renamed = pets.rename_label("c1", " Käfer \n &  <b>  ").add_label("x" * 40)
    assert [(one.id, one.name) for one in renamed.labels] == [
        ("c1", "Käfer & <b>"),
        ("c2", "dogs"),
        ("c3", "x" * 40),
    ]
    assert pets.rename_label("c1", "CATS").classes[0] == "CATS"  # its own name in other letters
    assert pets.label_named("DOGS").id == "c2"
    assert pets.label_named("birds") is None


@given(st.text(max_size=200))
def test_what_is_cleaned_is_short_visible_and_stays_as_it_is(text):
    once = cleaned(text, 40)
    assert len(once) <= 40
    assert cleaned(once, 40) == once
    assert once.isprintable()


def test_there_is_an_end_to_it(pets, monkeypatch):
    full = pets
    for number in range(18):
        full = full.add_label(f"class {number}")
    with pytest.raises(InputError, match="20 classes are the most"):
        full.add_label("one more")
    monkeypatch.setattr(module, "MAX_SAMPLES", 5)
    with pytest.raises(InputError, match="would be 6 pictures; 5 are the most"):
        pets.add("c1", [sample(7), sample(8)])
    monkeypatch.setattr(module, "MAX_BYTES", 5 * 1800 - 1)
    with pytest.raises(InputError, match="MB of memory"):
        pets.add("c1", [sample(7)])
    assert pets.counts() == [3, 1]


def test_joining_puts_classes_of_one_name_together(pets):
    other = Collection().add_label("CATS").add_label("fish")
    other = other.add("c1", [sample(1), sample(9)]).add("c2", [sample(5)])
    both = pets.joined(other)
    assert list(zip(both.classes, both.counts(), strict=True)) == [
        ("Cats", 5),
        ("dogs", 1),
        ("fish", 1),
    ]
    assert len({one.id for one in both.everything()}) == 7


def test_large_and_grey_pictures_become_samples():
    tall = sample_of(np.zeros((2000, 1000, 3), np.uint8), "webcam")
    assert tall.picture.shape == (512, 256, 3)
    assert sample_of(np.zeros((10, 5000, 3), np.uint8), "upload").picture.shape == (2, 1024, 3)
    ramp = np.arange(200, dtype=np.uint8).reshape(10, 20)
    grey = sample_of(ramp, "drawing", "../../etc\x00/pass\nwd" + "x" * 100)
    assert (grey.picture == ramp[:, :, None]).all()
    assert grey.name == "../../etc/pass wd" + "x" * 63
    for wrong in (np.zeros((3, 3)), np.zeros((3, 3, 4), np.uint8), np.zeros((0, 3, 3), np.uint8)):
        with pytest.raises(InputError, match="bytes of shape"):
            sample_of(wrong, "upload")
