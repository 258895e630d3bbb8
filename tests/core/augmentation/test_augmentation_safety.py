import numpy as np
import pytest
import torch

from core.augmentation.presets import PRESETS
from core.augmentation.safety import digit_changes, warnings
from core.augmentation.spec import DATA_KINDS
from core.augmentation.text import parse
from core.errors import InputError
from core.images.digits import read_digits
from core.reader.reader import Reader


def warned(text, data):
    return [one.at for one in warnings(parse(text), data)]


def test_flips_are_for_photos():
    assert warned("hflip", "photos") == []
    for data in ("digits", "letters", "text"):
        assert warned("hflip", data) == [0]


def test_a_warning_depends_on_the_setting():
    assert warned("rotation:degrees=15", "digits") == []
    assert warned("rotation:degrees=90", "digits") == [0]
    assert warned("jitter:saturation=0.2", "ripeness") == []
    assert warned("jitter:hue=0.2", "ripeness") == [0]
    assert warned("resized_crop:scale_min=0.8", "digits") == []
    assert warned("resized_crop:scale_min=0.1", "digits") == [0]
    assert warned("posterize:bits=2", "ripeness") == [0]


def test_what_never_acts_is_not_warned_of():
    assert warned("-hflip;hflip:0;vflip", "digits") == [2]
    with pytest.raises(InputError, match="There are: photos"):
        warnings(parse("hflip"), "cars")


def test_every_kind_of_data_has_something_to_be_warned_of():
    for data in DATA_KINDS:
        assert warnings(PRESETS["too_strong"].pipeline.add("vflip"), data)
    assert warnings(PRESETS["digits"].pipeline, "digits") == []


@pytest.fixture(scope="module")
def reader():
    """Scikit-learn's nearest neighbours on the very digits, as a reader."""
    from sklearn.neighbors import KNeighborsClassifier

    digits = read_digits()
    flat = digits.images[:, 0].numpy().reshape(-1, 784).astype(np.float32)
    model = KNeighborsClassifier(5).fit(flat, digits.labels.numpy())
    return lambda pictures: model.predict_proba(pictures.reshape(-1, 784).astype(np.float32))


@pytest.fixture(scope="module")
def some_digits():
    digits = read_digits()
    return digits.take([k for k in range(120) if digits.labels[k] in (1, 6, 9)])


def test_a_six_upside_down_is_read_as_a_nine(reader, some_digits):
    found = digit_changes(parse("hflip:1;vflip:1"), some_digits, reader, seed=0, tries=1)
    pairs = [(one.true, one.said) for one in found]
    assert pairs.count((6, 9)) >= 3
    assert [one.confidence for one in found] == sorted((o.confidence for o in found), reverse=True)
    for one in found:
        assert one.true != one.said
        assert np.array_equal(one.after, one.before[::-1, ::-1])
        (answer,) = reader(one.after[None])
        assert answer.argmax() == one.said
        assert answer[one.said] == one.confidence


def test_what_does_not_change_a_digit_changes_no_reading(reader, some_digits):
    assert digit_changes(parse("hflip:0"), some_digits, reader, seed=0) == []
    # Normalising and another size do not matter: the reader sees 28×28 bytes.
    text = "resize:size=56;normalise:statistics=mnist"
    assert digit_changes(parse(text), some_digits, reader, seed=0, tries=1) == []


def test_the_shipped_reader_tells_the_safe_preset_from_the_strong_one():
    digits = read_digits().take(range(100))
    read = Reader.load().read_all
    safe = digit_changes(PRESETS["digits"].pipeline, digits, read, seed=0, tries=1)
    strong = digit_changes(PRESETS["too_strong"].pipeline, digits, read, seed=0, tries=1)
    assert len(safe) <= 2
    assert len(strong) >= 20
    sixes = digits.take([k for k in range(100) if digits.labels[k] == 6])
    turned = digit_changes(parse("hflip:1;vflip:1"), sixes, read, seed=0, tries=1)
    assert [one.said for one in turned].count(9) > len(sixes) / 2


def test_only_digits_that_are_known_before_count(some_digits):
    def three(pictures):
        return np.eye(10)[np.full(len(pictures), 3)]

    assert digit_changes(parse("vflip:1"), some_digits, three, seed=0) == []


def test_other_pictures_and_numbers_are_refused(some_digits):
    large = torch.zeros(1, 1, 8, 8, dtype=torch.uint8)
    from core.images.image_set import ImageSet

    wrong = ImageSet(large, torch.zeros(1, dtype=torch.int64), tuple("0123456789"), "wrong")
    with pytest.raises(InputError, match="28×28"):
        digit_changes(parse("hflip"), wrong, lambda _: np.ones(10), seed=0)
    with pytest.raises(InputError, match="1 to 100 times"):
        digit_changes(parse("hflip"), some_digits, lambda _: np.ones(10), seed=0, tries=0)
