import numpy as np
import pytest
from PIL import Image
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from core.errors import InputError
from core.transfer.fruit import FRUIT, paint_fruit
from core.transfer.sets import SAMPLE_SETS, sample_set
from core.transfer.symbols import SYMBOLS, draw_symbol

EACH = 16  # drawings of every symbol


def small(picture, side=16):
    return np.asarray(Image.fromarray(picture).convert("L").resize((side, side)), dtype=float)


def centred(picture):
    """The drawing cut to its ink and scaled: what place and size do not change."""
    ink = picture.mean(2) < 200
    rows, columns = np.flatnonzero(ink.any(1)), np.flatnonzero(ink.any(0))
    cut = picture[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return small(cut, 20).ravel()


@pytest.fixture(scope="module")
def drawn():
    return sample_set("symbols", EACH, 1, tuple(SYMBOLS))


@pytest.fixture(scope="module")
def fruit():
    return sample_set("fruit", 12, 1)


@pytest.mark.parametrize("name", SAMPLE_SETS)
def test_the_same_seed_gives_the_same_pictures_and_another_one_others(name):
    few = SAMPLE_SETS[name].usual[:2]
    digests = [
        [one.digest for one in sample_set(name, count, seed, few).everything()]
        for count, seed in ((3, 5), (3, 5), (3, 6))
    ]
    assert digests[0] == digests[1]
    assert set(digests[0]).isdisjoint(digests[2]) or name == "digits"
    longer = sample_set(name, 4, 5, few)
    assert [one.digest for one in longer.labels[1].samples[:3]] == digests[0][3:]


def test_no_two_drawings_are_the_same(drawn):
    assert len({one.digest for one in drawn.everything()}) == EACH * len(SYMBOLS)
    assert len(SYMBOLS) >= 12


def test_drawings_are_dark_on_white_and_inside_the_page(drawn):
    for picture in drawn.pictures():
        assert picture.shape == (192, 192, 3)
        ink = picture.mean(2) < 128
        assert 0.005 < ink.mean() < 0.4
        assert (picture > 240).all(axis=2).mean() > 0.5
        border = np.concatenate([picture[0], picture[-1], picture[:, 0], picture[:, -1]])
        assert (border == 255).all()


def test_a_drawing_is_known_by_its_shape_and_not_by_its_colour(drawn):
    targets = drawn.targets().numpy()
    known, asked = np.arange(len(targets)) % EACH < 12, np.arange(len(targets)) % EACH >= 12
    shapes = np.stack([centred(picture) for picture in drawn.pictures()])
    nearest = KNeighborsClassifier(1).fit(shapes[known], targets[known])
    assert nearest.score(shapes[asked], targets[asked]) > 0.6  # chance: 0.05
    inks = np.stack([p[p.mean(2) < 200].mean(0) for p in drawn.pictures()])
    by_colour = KNeighborsClassifier(5).fit(inks[known], targets[known])
    assert by_colour.score(inks[asked], targets[asked]) < 0.2


def test_hands_differ_in_size_place_and_pen(drawn):
    inks = [picture.mean(2) < 200 for picture in drawn.pictures()[:EACH]]
    heights = np.array([np.ptp(np.flatnonzero(ink.any(1))) for ink in inks]) / 192
    middles = np.array([np.flatnonzero(ink.any(0)).mean() for ink in inks]) / 192
    assert heights.min() < 0.65 < 0.75 < heights.max()
    assert middles.std() > 0.02


def spread(pixels):
    """Percentiles of every channel: how light and dark, how colourful."""
    return np.percentile(pixels.reshape(-1, 3) / 255, [5, 20, 50, 80, 95], axis=0).ravel()


def test_rot_shows_without_the_ground_giving_it_away(fruit):
    assert fruit.classes == FRUIT
    state = np.array([name.startswith("rotten") for name in FRUIT])[fruit.targets().numpy()]
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.3, max_iter=1000))
    folds = StratifiedKFold(4, shuffle=True, random_state=0)
    middles = np.stack([spread(p[56:-56, 56:-56]) for p in fruit.pictures()])
    assert cross_val_score(model, middles, state, cv=folds).mean() > 0.7
    edges = np.stack([spread(np.concatenate([p[:10], p[-10:]])) for p in fruit.pictures()])
    assert cross_val_score(model, edges, state, cv=folds).mean() < 0.7
    assert np.stack([small(p) for p in fruit.pictures()]).std(0).min() > 20


def rows_of_length_one(values):
    values = np.asarray(values, dtype=float).reshape(len(values), -1)
    centred = values - values.mean(1, keepdims=True)
    return centred / np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-9)


def test_digits_are_those_of_scikit_learn():
    digits = sample_set("digits", 3, 3)
    inks = load_digits()
    assert digits.classes == tuple("0123456789")
    for picture, target in zip(digits.pictures(), digits.targets(), strict=True):
        assert picture.shape == (112, 112, 3)
        # Cut to the 20 pixels with ink and brought back to 8×8 it is one of the originals.
        shifts = [
            small(255 - picture[top : top + 80, left : left + 80], 8)
            for top in range(0, 33, 4)
            for left in range(0, 33, 4)
        ]
        originals = rows_of_length_one(inks.images[inks.target == int(target)])
        assert (rows_of_length_one(shifts) @ originals.T).max() > 0.97


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: sample_set("nothing", 3, 0), "no sample set “nothing”"),
        (lambda: sample_set("symbols", 3, 0, ("heart", "unicorn")), "no class “unicorn”"),
        (lambda: sample_set("symbols", 0, 0), "1 to 100 pictures"),
        (lambda: sample_set("symbols", 101, 0), "1 to 100 pictures"),
        (lambda: sample_set("symbols", 3, 0, ()), "1 to 20 classes"),
        (lambda: draw_symbol("unicorn", np.random.default_rng(0)), "no symbol “unicorn”"),
        (lambda: draw_symbol("heart", np.random.default_rng(0), 9999), "32 to 256"),
        (lambda: paint_fruit("fresh brick", np.random.default_rng(0)), "no fruit “fresh brick”"),
        (lambda: paint_fruit("fresh apple", np.random.default_rng(0), 5), "64 to 256"),
    ],
)
def test_what_is_not_there_is_named(call, sentence):
    with pytest.raises(InputError, match=sentence):
        call()
