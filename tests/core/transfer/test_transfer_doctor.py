import io

import numpy as np
import pytest
import torch
from PIL import Image

from core.errors import InputError
from core.transfer.collection import Collection
from core.transfer.doctor import findings
from core.transfer.folds import plan_for
from core.transfer.neighbours import groups, twins
from core.transfer.perceptual import distances, hashes, mirrored
from core.transfer.public_sets import public_place, public_set
from core.transfer.sample import sample_of
from core.transfer.sets import sample_set


def reencoded(picture):
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "JPEG", quality=30)
    return np.asarray(Image.open(buffer).convert("RGB"))


def halved(picture):
    height, width = picture.shape[:2]
    return np.asarray(Image.fromarray(picture).resize((width // 2, height // 2)))


def cropped(picture, share=0.04):
    height, width = picture.shape[:2]
    return np.ascontiguousarray(picture[int(height * share) :, : width - int(width * share)])


def flipped(picture):
    return np.ascontiguousarray(picture[:, ::-1])


def darker(picture):
    return np.round(picture * 0.8).astype(np.uint8)


CHANGES = (reencoded, halved, cropped, flipped, darker)


@pytest.fixture(scope="module")
def photos(files):
    return [np.asarray(files.photo(seed, (160, 120))) for seed in range(30)]


def test_hashes_hold_for_small_changes_and_not_for_other_pictures(photos):
    codes = hashes(photos)
    assert codes.shape == (30, 63)
    apart = distances(codes, codes)
    by_hand = [[int((a != b).sum()) for b in codes] for a in codes]
    assert apart.tolist() == by_hand
    assert apart[~np.eye(30, dtype=bool)].min() > 10
    for change in (reencoded, halved, darker):
        changed = hashes([change(photo) for photo in photos])
        assert (codes != changed).sum(1).max() <= 6
    turned = hashes([flipped(photo) for photo in photos])
    assert (mirrored(codes) != turned).sum(1).max() <= 8


@pytest.mark.parametrize("change", CHANGES)
def test_every_changed_copy_is_found_and_nothing_else(photos, change):
    found = twins([*photos, *(change(photo) for photo in photos)])
    assert {(one.first, one.second) for one in found} == {(k, k + 30) for k in range(30)}
    assert not any(one.same for one in found)


def test_the_same_pixels_are_the_same(photos):
    found = twins([photos[0], photos[1], photos[0].copy()])
    assert [(one.first, one.second, one.same, one.likeness) for one in found] == [(0, 2, True, 1.0)]
    assert twins([]) == twins(photos[:1]) == []
    flat = [np.full((20, 20, 3), value, np.uint8) for value in (0, 255)]
    assert twins(flat) == []


def test_features_bring_pairs_that_the_hashes_miss(photos):
    pair = [photos[0], cropped(photos[0], 0.12), *photos[1:6]]
    features = torch.randn(7, 16, generator=torch.Generator().manual_seed(0))
    features[1] = features[0] + 1e-4
    assert (0, 1) in {(one.first, one.second) for one in twins(pair, features, 0.8)}
    with pytest.raises(InputError, match="7 pictures need as many features; got 3"):
        twins(pair, features[:3])


def test_different_drawings_of_one_symbol_are_no_twins():
    drawn = sample_set("symbols", 15, 3, ("heart", "star", "arrow", "moon"))
    assert twins(drawn.pictures()) == []


def test_different_real_photos_are_no_twins_and_changed_ones_are():
    if public_place("ants_bees") is None:
        pytest.skip("The photos of ants and bees are not on this machine.")
    real = public_set("ants_bees", 50, 1).pictures()
    assert twins(real) == []
    changed = [CHANGES[k % len(CHANGES)](picture) for k, picture in enumerate(real)]
    found = {(one.first, one.second) for one in twins([*real, *changed])}
    assert found == {(k, k + 100) for k in range(100)}


def test_groups_keep_twins_of_twins_together(photos):
    pictures = [photos[0], photos[1], reencoded(photos[0]), photos[2], flipped(photos[0])]
    together = groups(twins(pictures), 5)
    assert together.tolist() == [0, 1, 0, 3, 0]
    targets = torch.tensor([0, 1, 0, 1, 0, 0, 1, 0, 1])
    together = torch.cat([together, torch.arange(5, 9)])
    for held in plan_for(targets, 2, torch.Generator().manual_seed(0), groups=together).held:
        inside = [int(one) in (0, 2, 4) for one in held]
        assert sum(inside) in (0, 3)


def collected(photos, *counts):
    """Classes "c1", "c2", … with so many different photos."""
    collection, start = Collection(), 0
    for number, count in enumerate(counts, 1):
        collection = collection.add_label(f"class {number}")
        samples = [sample_of(one, "upload") for one in photos[start : start + count]]
        collection, start = collection.add(f"c{number}", samples), start + count
    return collection


def looked_at(collection, held=()):
    return findings(collection, twins(collection.pictures()), held)


def kinds(collection, held=()):
    return [one.kind for one in looked_at(collection, held)]


def test_numbers_of_pictures_are_judged(photos):
    assert kinds(Collection()) == ["one_class"]
    assert kinds(collected(photos, 12)) == ["one_class"]
    assert kinds(collected(photos, 12, 0)) == ["one_class", "empty"]
    assert kinds(collected(photos, 12, 12)) == ["healthy"]
    assert kinds(collected(photos, 12, 12, 1)) == ["single", "uneven"]
    assert kinds(collected(photos, 9, 12)) == ["few"]
    assert kinds(collected(photos, 4, 12)) == ["uneven", "few"]
    assert kinds(collected(photos, 4, 12).switch_label("c1", False)) == ["one_class"]
    assert kinds(collected(photos, 1, 1)) == ["single"]
    uneven = looked_at(collected(photos, 4, 12))[0]
    assert "“class 2” has 12 pictures and “class 1” 4" in uneven.text
    assert "right in 75%" in uneven.text
    assert (uneven.level, uneven.remedy.action, uneven.remedy.targets) == (
        "warning",
        "add",
        ("c1",),
    )


def test_copies_are_named_and_one_click_removes_them(photos):
    collection = collected(photos, 12, 12)
    collection = collection.add("c1", [sample_of(photos[0], "upload")] * 2)
    (found,) = looked_at(collection)
    assert (found.level, found.kind) == ("note", "copies")
    assert found.text.startswith("2 pictures are there more than once in “class 1”")
    mended = found.remedy.apply(collection)
    assert kinds(mended) == ["healthy"]
    assert mended.counts() == [12, 12]
    assert found.remedy.apply(mended) is mended  # what is gone already is no error


def test_a_picture_in_two_classes_is_named_before_all_else(photos):
    collection = collected(photos, 12, 12)
    collection = collection.add("c2", [sample_of(cropped(photos[3]), "upload")])
    (found,) = looked_at(collection)
    assert (found.level, found.kind) == ("warning", "two_classes")
    assert found.text.startswith("1 picture is in two classes at once, such as in “class 1” and")
    assert len(found.samples) == 2
    assert kinds(found.remedy.apply(collection)) == ["healthy"]


def test_twins_between_training_and_validation_are_a_leak(photos):
    collection = collected(photos, 12, 12)
    collection = collection.add("c1", [sample_of(reencoded(photos[3]), "webcam")])
    first, copy = (collection.labels[0].samples[k].id for k in (3, -1))
    assert kinds(collection) == ["twins"]
    assert kinds(collection, {first, copy}) == ["twins"]
    leak, near = looked_at(collection, {copy})
    assert (leak.level, leak.kind, near.level) == ("warning", "leak", "note")
    assert leak.text.startswith("1 of the 1 validation pictures has a twin among those learnt from")
    assert set(leak.samples) == {first, copy}
    assert leak.remedy.action == "keep_together"
    assert leak.remedy.apply(collection) is collection
    burst = collection.add("c2", [sample_of(darker(photo), "webcam") for photo in photos[12:22]])
    assert looked_at(burst)[0].level == "warning"


def test_pictures_of_a_set_are_not_suspected():
    assert kinds(sample_set("fruit", 10, 2, ("fresh apple", "fresh orange"))) == ["healthy"]
    assert kinds(sample_set("digits", 12, 2, ("1", "4", "9"))) == ["healthy"]
