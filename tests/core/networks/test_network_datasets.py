import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InputError
from core.networks.datasets import DATASETS, PlaneData, dataset_named, from_points
from core.networks.features import FEATURE_CODE, FEATURES, matrix

CASES = [
    (dataset, classes)
    for dataset in DATASETS.values()
    for classes in range(dataset.classes, dataset.most_classes + 1)
]
IDS = [f"{dataset.name}-{classes}" for dataset, classes in CASES]


def test_the_sets_that_there_are():
    wanted = "xor_exact xor circles moons spirals gaussians checkerboard plane multi_gauss"
    assert list(DATASETS) == wanted.split()
    assert all(key == dataset.name for key, dataset in DATASETS.items())
    assert {d.name for d in DATASETS.values() if d.task == "regression"} == {"plane", "multi_gauss"}
    assert (DATASETS["spirals"].most_classes, DATASETS["gaussians"].most_classes) == (5, 6)


@pytest.mark.parametrize(("dataset", "classes"), CASES, ids=IDS)
@pytest.mark.parametrize("noise", [0.0, 0.5])
def test_every_set_keeps_its_promise(dataset, classes, noise):
    data = dataset.make(301, noise, classes, np.random.default_rng(3))
    again = dataset.make(301, noise, classes, np.random.default_rng(3))
    assert np.array_equal(data.x, again.x)
    assert np.array_equal(data.y, again.y)
    assert len(data) == (4 if dataset.fixed else 301)
    assert data.x.dtype == np.float32
    assert np.abs(data.x).max() <= 6
    assert np.array_equal(np.round(data.x.astype(float), 2).astype(np.float32), data.x)
    assert data.classes == classes
    assert data.y.dtype == (np.int64 if classes else np.float32)
    if classes:
        counts = data.counts()
        assert sum(counts) == len(data)
        slack = 60 if dataset.name == "checkerboard" else 1
        assert max(counts) - min(counts) <= slack
    if not dataset.fixed:
        other = dataset.make(301, noise, classes, np.random.default_rng(4))
        assert not np.array_equal(data.x, other.x)


def test_the_shapes_are_what_they_are_called():
    generator = np.random.default_rng(0)
    exact = DATASETS["xor_exact"].make(1, 0, None, generator)
    assert exact.x.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert exact.y.tolist() == [0, 1, 1, 0]
    xor = DATASETS["xor"].make(400, 0, None, generator)
    assert np.array_equal(xor.y, (xor.x[:, 0] > 0) != (xor.x[:, 1] > 0))
    circles = DATASETS["circles"].make(400, 0, None, generator)
    radius = np.linalg.norm(circles.x, axis=1)
    assert radius[circles.y == 1].max() < 2.6 < 3.4 < radius[circles.y == 0].min()
    board = DATASETS["checkerboard"].make(400, 0, None, generator)
    inside = (np.abs(board.x / 2.5 - np.round(board.x / 2.5)) > 0.01).all(axis=1)
    cells = np.floor(board.x / 2.5).sum(axis=1) % 2
    assert np.array_equal(board.y[inside], cells[inside])
    plane = DATASETS["plane"].make(400, 0, None, generator)
    assert plane.y == pytest.approx(plane.x.sum(axis=1) / 10, abs=2e-3)
    hills = DATASETS["multi_gauss"].make(400, 0, None, generator)
    centre = hills.y[np.linalg.norm(hills.x - (0, -2.5), axis=1) < 0.5]
    assert centre.min() > 0.7
    for arms in range(2, 6):
        data = DATASETS["spirals"].make(500, 0, arms, generator)
        turn = min(1.5, 3.5 / arms) * np.linalg.norm(data.x, axis=1) / 5
        arm = (np.arctan2(data.x[:, 0], data.x[:, 1]) / (2 * np.pi) - turn) * arms
        assert np.abs((arm - data.y + arms / 2) % arms - arms / 2).max() < 0.1


@settings(max_examples=40, deadline=None)
@given(
    name=st.sampled_from(sorted(DATASETS)),
    n=st.integers(12, 200),
    share=st.floats(0, 0.9),
    seed=st.integers(0, 99),
)
def test_a_split_deals_every_point_out_once_and_by_class(name, n, share, seed):
    dataset = DATASETS[name]
    data = dataset.make(n, 0.1, dataset.most_classes, np.random.default_rng(seed))
    training, validation = data.split(share, np.random.default_rng(seed))
    rows = sorted(map(tuple, np.column_stack([data.x, data.y]).tolist()))
    both = [np.column_stack([part.x, part.y]) for part in (training, validation)]
    assert sorted(map(tuple, np.concatenate(both).tolist())) == rows
    for all_of, held in zip(data.counts(), validation.counts(), strict=True):
        assert abs(held - share * all_of) <= 1
        assert held < all_of
    again, _ = data.split(share, np.random.default_rng(seed))
    assert np.array_equal(again.x, training.x)


def test_own_points():
    data = from_points([(1.5, -2, 0), (0, 0, 2), (6, -6, 2)])
    assert (data.classes, data.y.tolist(), data.x.dtype) == (3, [0, 2, 2], np.float32)
    assert from_points([(0, 0, 0)]).classes == 2
    assert from_points([(0, 0, 0)], classes=5).classes == 5


@pytest.mark.parametrize(
    "points",
    [
        [],
        [(7, 0, 0)],
        [(0, float("nan"), 1)],
        [(0, 0, 6)],
        [(0, 0, -1)],
        [(0, 0, 0.5)],
        [(0, 0, 0)] * 2001,
    ],
)
def test_own_points_that_cannot_be_used(points):
    with pytest.raises(InputError):
        from_points(points)


def test_refusals():
    generator = np.random.default_rng(0)
    for arguments in ((11, 0, None), (1001, 0, None), (50, 0.6, None), (50, -0.1, None)):
        with pytest.raises(InputError):
            DATASETS["moons"].make(*arguments, generator)
    with pytest.raises(InputError, match="2 to 5"):
        DATASETS["spirals"].make(50, 0, 6, generator)
    with pytest.raises(InputError, match="fixed number"):
        DATASETS["moons"].make(50, 0, 3, generator)
    with pytest.raises(InputError, match="no data set"):
        dataset_named("cube")
    with pytest.raises(InputError, match="share"):
        DATASETS["moons"].make(50, 0, 2, generator).split(1.0, generator)
    with pytest.raises(InputError, match="shapes"):
        PlaneData(np.zeros((3, 3), np.float32), np.zeros(3, np.int64), 2)
    with pytest.raises(InputError, match="finite"):
        PlaneData(np.zeros((1, 2), np.float32), np.array([np.nan], np.float32), 0)
    with pytest.raises(InputError, match="2 to 6"):
        PlaneData(np.zeros((1, 2), np.float32), np.array([0]), 7)


def test_features_against_numpy():
    x = np.random.default_rng(0).uniform(-6, 6, (50, 2)).astype(np.float32)
    a, b = x.T
    wanted = {"x1": a, "x2": b, "x1_squared": a**2, "x2_squared": b**2, "product": a * b}
    wanted |= {"sin_x1": np.sin(a), "sin_x2": np.sin(b)}
    assert list(wanted) == list(FEATURES) == list(FEATURE_CODE)
    columns = matrix(list(wanted), x).numpy()
    assert columns == pytest.approx(np.stack(list(wanted.values()), 1), abs=1e-5)
    assert matrix(("x2", "x1"), x).numpy().tolist() == x[:, ::-1].tolist()


@pytest.mark.parametrize("names", [(), ("x3",), ("x1", "x1")])
def test_features_that_cannot_be_used(names):
    with pytest.raises(InputError):
        matrix(names, np.zeros((1, 2), np.float32))
