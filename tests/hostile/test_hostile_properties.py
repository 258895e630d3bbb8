"""Every parser of what strangers send: it reads, or it refuses with its own kind of error."""

import io
import zipfile
from contextlib import suppress
from dataclasses import MISSING, fields

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.augmentation.pictures import open_picture
from core.csv_points import read_table, to_points
from core.errors import InputError
from core.images.class_folder import read_class_folder
from core.images.idx import read_idx
from core.images.picture import read_picture
from core.images.sign_csv import read_sign_csv
from core.networks.csv_classes import to_plane
from core.runs.sealed import sealed, unsealed
from core.training.config import TrainingConfig
from core.transfer.listing import from_listing
from core.transfer.project import read_project
from core.transfer.weights_file import read_weights
from explorer.pieces import Arriving, Pieces

from .archives import classes, packed
from .lessons import PAGES
from .models import entry, project, safetensors, saved
from .pictures import photo
from .tables import PIXELS, signs

RULES = [(page, name) for page in PAGES for name in page.fields]
MANY = settings(max_examples=25, suppress_health_check=list(HealthCheck))
FEW = settings(max_examples=15, suppress_health_check=list(HealthCheck))
LETTERS = st.text("0123456789.,;:-+~|x=eEnaif()*_/ äß٣\u202e\0<", max_size=40)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)


@st.composite
def changed(draw, whole):
    """A text or bytes that were in order, with pieces cut out, doubled or replaced."""
    for _ in range(draw(st.integers(0, 3))):
        first = draw(st.integers(0, len(whole)))
        last = min(len(whole), first + draw(st.integers(0, 12)))
        new = draw(LETTERS if isinstance(whole, str) else st.binary(max_size=12))
        whole = whole[:first] + new + whole[last:]
    return whole


def refused(error, *words):
    """See that a refusal says something."""
    assert len(str(error)) > 8
    assert all(word in str(error) for word in words)


def usual(page, name):
    """How the usual value of a setting is written; an example where there is none."""
    field = next(one for one in fields(page.settings) if one.name == name)
    assert field.default is not MISSING
    rule = field.metadata["rule"]
    return rule, rule.write(field.default) if field.default not in (None, ()) else "1,2;3,4"


@pytest.mark.parametrize(("page", "name"), RULES, ids=lambda one: getattr(one, "slug", one))
def test_a_setting_is_read_as_it_was_written_or_refused_with_a_reason(page, name):
    rule, text = usual(page, name)

    @FEW
    @given(st.one_of(changed(text), LETTERS))
    def holds(given):
        try:
            value = rule.parse(given)
        except (ValueError, OverflowError) as error:
            refused(error)
            return
        again = rule.write(value)
        assert rule.write(rule.parse(again)) == again

    holds()


ZIP = packed(classes(count=1))
SIGNS = signs(*[f"{at},{','.join(['7'] * 784)}" for at in (0, 1)])
TENSORS = safetensors({"a": entry([2], 0, 8)}, bytes(8))
SAVED = saved({"a": torch.zeros(2)})
TABLE = b"x,y,kind\n1,2,a\n-3.5,4,b\n1e3,0,a\n"


def points(data):
    table = read_table(data)
    to_points(table, *table.columns[:2])


def plane(data):
    table = read_table(data)
    to_plane(table, *(*table.columns, "", "")[:3])


READERS = {
    "a picture": (open_picture, photo(12)),
    "a JPEG": (open_picture, photo(12, "JPEG")),
    "a picture of a set": (lambda data: read_picture(data, 8, grey=True), photo(12, "GIF")),
    "an archive": (lambda data: read_class_folder(data, 8), ZIP),
    "a project": (read_project, project()),
    "safetensors": (read_weights, TENSORS),
    "weights of torch": (read_weights, SAVED),
    "points": (points, TABLE),
    "points with classes": (plane, TABLE),
    "signs": (read_sign_csv, SIGNS[:200] + SIGNS[-4000:]),
    "head of signs": (read_sign_csv, f"label,{PIXELS}"[:90].encode()),
    "a sealed file": (unsealed, sealed({"a": 1, "b": [2.5]})),
}


@pytest.mark.parametrize("what", READERS)
def test_a_file_that_was_changed_is_read_or_refused(what):
    read, whole = READERS[what]

    @MANY
    @given(changed(whole))
    def holds(data):
        try:
            read(data)
        except InputError as error:
            refused(error)

    holds()


@MANY
@given(changed(bytes([0, 0, 8, 1, 0, 0, 0, 3, 7, 7, 7])), st.sampled_from([1, 3]))
def test_an_idx_file_that_was_changed_is_read_or_refused(tmp_path_factory, data, dimensions):
    place = tmp_path_factory.getbasetemp() / "changed-idx"
    place.write_bytes(data)
    try:
        assert read_idx(place, dimensions).ndim == dimensions
    except InputError as error:
        refused(error, "changed-idx")


@MANY
@given(JSON)
def test_a_listing_of_anything_is_read_or_refused(values):
    with pytest.raises(InputError):
        from_listing([values], lambda digest: np.zeros((1, 1, 3), np.uint8))


@MANY
@given(st.dictionaries(st.sampled_from([one.name for one in fields(TrainingConfig)]), JSON))
def test_settings_of_a_run_are_taken_or_refused(values):
    try:
        TrainingConfig.from_mapping(values)
    except InputError as error:
        refused(error)


@MANY
@given(st.dictionaries(st.sampled_from(["upload", "name", "size", "at", "data", "last"]), JSON))
def test_a_piece_of_anything_is_taken_or_refused(event):
    one = Pieces(1000, Arriving())
    # What lessons turn into a sentence, and nothing else.
    with suppress(InputError, KeyError, TypeError, ValueError, OverflowError):
        one.take(event)
    assert one.held <= 1000


def test_names_of_an_archive_never_become_paths():
    """The names of classes are words for a screen, whatever a packer wrote."""
    names = ["../../x", "/etc", "C:\\x", "a\nb", "\u202egnp"]
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(f"{name}/1.png", photo(16))
    try:
        found, _ = read_class_folder(file.getvalue(), 8)
    except InputError:
        return
    assert ".." not in found.classes
    assert not any("/" in name for name in found.classes)
