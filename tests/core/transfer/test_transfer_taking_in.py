import io
import tracemalloc
import zipfile

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from core.errors import InputError
from core.transfer import collection as limits
from core.transfer import taking_in
from core.transfer.collection import Collection
from core.transfer.sample import sample_of
from core.transfer.taking_in import take_in

RED, BLUE, GREEN = (200, 30, 10), (10, 30, 200), (10, 180, 20)


def colours(samples):
    return [tuple(int(v) for v in sample.picture[5, 5]) for sample in samples]


@pytest.fixture
def pets():
    return Collection().add_label("Cats").add_label("dogs")


def test_pictures_of_many_kinds_become_samples_of_one_class(files, pets):
    kinds = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "PPM")
    given_files = [(f"photo.{kind}", files.plain(RED, kind=kind)) for kind in kinds]
    given_files += [
        ("clear.png", files.encoded(Image.new("RGBA", (9, 9), (0, 0, 0, 0)))),
        ("grey.png", files.encoded(Image.new("L", (9, 9), 7))),
    ]
    steps = []
    taken = take_in(given_files, pets, progress=lambda *at: steps.append(at))
    assert taken.refused == ()
    assert [sample.name for sample in taken.samples[:2]] == ["photo.PNG", "photo.JPEG"]
    seen = np.array(colours(taken.samples))
    assert np.abs(seen[: len(kinds)] - RED).max() <= 6
    assert seen[len(kinds) :].tolist() == [[255, 255, 255], [7, 7, 7]]
    assert steps == [(number, 9) for number in range(1, 10)]
    filled = taken.into(pets, "c2")
    assert [len(label) for label in filled.labels] == [0, 9]
    assert taken.notice == "9 pictures taken."
    with pytest.raises(InputError, match="Choose the class"):
        taken.into(pets)


def test_class_folders_join_the_classes_that_are_there(files, pets):
    archive = files.packed(
        [
            ("set/train/DOGS/1.png", files.plain(RED)),
            ("set/train/fish /1.png", files.plain(BLUE)),
            ("set/val/Fish/1.png", files.plain(GREEN)),
            ("set/val/Fish/1.png", files.plain(GREEN)),
            ("__MACOSX/set/._1.png", b"x"),
            ("set/.DS_Store", b"x"),
        ]
    )
    taken = take_in([("animals.zip", archive)], pets)
    assert {name: len(samples) for name, samples in taken.labels.items()} == {"dogs": 1, "fish": 3}
    assert taken.refused == ()
    filled = taken.into(pets)
    assert [(label.name, len(label)) for label in filled.labels] == [
        ("Cats", 0),
        ("dogs", 1),
        ("fish", 3),
    ]
    assert colours(filled.labels[2].samples) == [BLUE, GREEN, GREEN]


@pytest.mark.parametrize("names", [("1.png", "2.png"), ("holiday/1.png", "holiday/2.png")])
def test_a_plain_archive_belongs_to_the_class_at_which_it_was_given(files, names):
    archive = files.packed([(name, files.plain(RED)) for name in names])
    assert len(take_in([("cats.zip", archive)]).samples) == 2
    elsewhere = take_in([("c:\\x\\cats.zip", archive)], to_label=False)
    assert list(elsewhere.labels) == ["holiday" if "/" in names[0] else "cats"]


def bad_files(files):
    picture = files.plain(RED)
    photo = files.encoded(files.photo(1, (200, 200)), "JPEG")
    info = zipfile.ZipInfo("cats/odd.png")
    info.compress_type = zipfile.ZIP_BZIP2
    saved = io.BytesIO()
    torch.save({"weight": torch.zeros(3)}, saved)
    good = [("cats/1.png", picture)]
    return {
        "empty.png": (b"", "is empty"),
        "cut.jpg": (photo[: len(photo) // 2], "cannot be read as a picture"),
        "text.png": (b"hello", "cannot be read as a picture"),
        "page.pdf": (b"%PDF-1.7 ...", "is a PDF"),
        "phone.heic": (b"\0\0\0\x18ftypheic\0\0\0\0", "HEIC"),
        "film.mp4": (b"\0\0\0\x18ftypisom\0\0\0\0", "is a video"),
        "lines.svg": (b' \n<svg xmlns="http://www.w3.org/2000/svg"/>', "made of lines"),
        "pictures.rar": (b"Rar!\x1a\x07\x00", "RAR archive"),
        "pictures.tar.gz": (b"\x1f\x8b\x08\0", "gzip archive"),
        "model.pkl": (b"\x80\x04\x95\x10", "pickle"),
        "model.pt": (saved.getvalue(), "file of PyTorch"),
        "huge.png": (files.huge_png(60_000, 60_000), "more pixels than 120 million"),
        "broken.zip": (files.packed(good)[:-30], "not a ZIP archive, or it is damaged"),
        "none.zip": (files.packed([]), "no picture in this archive"),
        "notes.zip": (files.packed([("a/notes.txt", b"x")]), "a/notes.txt: It is no picture"),
        "up.zip": (files.packed([*good, ("../../up.png", picture)]), "leads out"),
        "root.zip": (files.packed([*good, ("/etc/root.png", picture)]), "leads out"),
        "windows.zip": (files.packed([*good, ("..\\..\\up.png", picture)]), "leads out"),
        "link.zip": (files.packed([*good, files.link("cats/l.png", "/etc/passwd")]), "is a link"),
        "locked.zip": (files.locked(files.packed(good)), "locked with a password"),
        "bomb.zip": (files.packed([*good, ("cats/b.png", bytes(30_000_000))]), "is too large"),
        "odd.zip": (files.packed([*good, (info, picture)]), "unusual way"),
        "nested.zip": (files.packed([*good, ("cats/in.zip", b"PK")]), "archive in an archive"),
        "many.zip": (
            files.packed([(f"a/{n}.png", b"") for n in range(10_000)], zipfile.ZIP_STORED),
            "10,000 pictures; 2,000 are the most",
        ),
        "swarm.zip": (
            files.packed([(f"{n}.txt", b"") for n in range(20_000)], zipfile.ZIP_STORED),
            "about 20,000 files; 15,000",
        ),
        "beside.zip": (
            files.packed([*good, ("dogs/1.png", picture), ("loose.png", picture)]),
            "beside the class folders",
        ),
        "\u202egnp.exe\n<script>": (b"MZ", "cannot be read as a picture"),
    }


def test_every_bad_file_has_its_own_sentence_and_the_rest_is_taken(files, pets):
    bad = bad_files(files)
    good = ("good.png", files.plain(BLUE))
    for name, (data, sentence) in bad.items():
        taken = take_in([(name, data), good], pets)
        assert len(taken.refused) == 1, name
        assert sentence in taken.refused[0][1], (name, taken.refused)
        assert taken.refused[0][0].isprintable()
        assert colours(taken.samples)[-1] == BLUE
    together = take_in([(name, data) for name, (data, _) in bad.items()] + [good], pets)
    assert len(together.refused) == len(bad)
    assert f"{len(bad)} files not" in together.notice


def test_sentences_are_limited_in_number(files):
    many = [(f"{number}.png", b"no picture") for number in range(300)]
    taken = take_in([*many, ("good.png", files.plain(RED))])
    assert (len(taken.refused), taken.more, len(taken)) == (40, 260, 1)
    assert taken.notice == "1 picture taken, 300 files not."


def test_there_is_room_for_so_many_and_no_more(files, pets, monkeypatch):
    monkeypatch.setattr(taking_in, "MAX_SAMPLES", 4)
    monkeypatch.setattr(limits, "MAX_SAMPLES", 4)
    there = pets.add("c1", [sample_of(np.zeros((30, 40, 3), np.uint8), "webcam")] * 2)
    five = [(f"{number}.png", files.plain((number, 0, 0))) for number in range(5)]
    taken = take_in(five, there)
    assert len(taken) == 2
    assert all("4 pictures already" in why for _, why in taken.refused)
    assert len(taken.into(there, "c1")) == 4
    monkeypatch.setattr(taking_in, "MAX_BYTES", 3 * 3600)
    assert len(take_in(five, there)) == 1
    assert "memory for pictures is full" in take_in(five, there).refused[0][1]


def test_class_folders_beyond_the_last_class_are_refused(files, pets):
    archive = files.packed(
        [(f"class {n}/{k}.png", files.plain(RED)) for n in range(21) for k in range(2)]
    )
    taken = take_in([("a.zip", archive)], pets)
    assert len(taken.labels) == 18
    assert [why for _, why in taken.refused] == ["Its folder would be one class more than 20."] * 6
    assert len(taken.into(pets).labels) == 20


def test_time_has_an_end(files):
    ticks = iter(range(0, 10_000, 50))
    taken = take_in([(f"{n}.png", files.plain(RED)) for n in range(4)], clock=lambda: next(ticks))
    assert len(taken.samples) == 2
    assert "Time was up" in taken.refused[0][1]


def test_a_hundred_megabytes_and_hundreds_of_files(files, monkeypatch):
    noise = np.random.default_rng(0).integers(0, 256, (310, 360, 3), dtype=np.uint8)
    heavy = files.encoded(Image.fromarray(noise), "BMP")
    assert len(heavy) * 300 > 100e6
    tracemalloc.start()
    taken = take_in([(f"{number}.bmp", heavy) for number in range(300)])
    held, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(taken.samples) == 300
    assert peak - held < 10e6  # no more than a picture or two is open beside what is kept
    monkeypatch.setattr(taking_in, "MAX_TOTAL", 100_000_000)
    with pytest.raises(InputError, match=r"100 MB together; 100 MB|1\d\d MB together; 100 MB"):
        take_in([(f"{number}.bmp", heavy) for number in range(300)])


def test_who_stops_it_gets_out(files):
    def stop(done, known):
        raise InputError("Stopped.")

    with pytest.raises(InputError, match="Stopped"):
        take_in([("1.png", files.plain(RED))], progress=stop)


BASE = None


def base(files):
    global BASE
    if BASE is None:
        BASE = files.packed(
            [
                ("set/cats/1.png", files.plain(RED, (12, 12))),
                ("set/cats/2.jpg", files.plain(BLUE, (12, 12), "JPEG")),
                ("set/dogs/1.gif", files.plain(GREEN, (12, 12), "GIF")),
                ("set/readme.txt", b"words"),
            ]
        )
    return BASE


@settings(max_examples=80)
@given(data=st.data())
def test_no_damage_to_an_archive_gets_through(files, data):
    whole = bytearray(base(files))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(whole) - 1))
        whole[at] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, 40))
    taken = take_in([("a.zip", bytes(whole[: len(whole) - cut]))])
    assert len(taken) + len(taken.refused) + taken.more <= 8
    assert all(isinstance(why, str) and why.endswith(".") for _, why in taken.refused)
    taken.into(Collection().add_label("x"), "c1")


NAMES = st.text(
    st.sampled_from("ab/\\.: é\u202e\0~") | st.characters(exclude_categories=["Cs"]),
    min_size=1,
    max_size=24,
)


@settings(max_examples=60)
@given(names=st.lists(NAMES, max_size=6), to_label=st.booleans())
def test_no_name_in_an_archive_gets_through(files, names, to_label):
    picture = files.plain(RED, (8, 8))
    archive = files.packed([(f"{name}.png", picture) for name in names if "\0" not in name])
    taken = take_in([("a.zip", archive)], to_label=to_label)
    filled = taken.into(Collection().add_label("x"), "c1")
    for label in filled.labels:
        assert label.name.isprintable()
        assert 1 <= len(label.name) <= 40
    assert len({label.name.casefold() for label in filled.labels}) == len(filled.labels)
