"""New pictures on old maps, against scikit-learn's PCA."""

import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA

from core.transfer.placing import place_by_neighbours, place_on_pca, turned_alike


def features(count, width, seed):
    return torch.randn(count, width, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize(("count", "width"), [(30, 8), (12, 60)])
def test_a_new_picture_stands_where_scikit_learn_puts_it(count, width):
    known, new = features(count, width, 1), features(5, width, 2)
    oracle = PCA(2).fit(known.double().numpy())
    points = oracle.transform(known.double().numpy()).astype(np.float32)
    wanted = oracle.transform(new.double().numpy())
    assert place_on_pca(known, points, new) == pytest.approx(wanted, abs=1e-4)
    assert place_on_pca(known, points, known) == pytest.approx(points, abs=1e-4)


def test_pictures_that_are_all_the_same_have_one_place():
    known = torch.ones(4, 3)
    found = place_on_pca(known, np.zeros((4, 2), np.float32), features(2, 3, 0))
    assert found.tolist() == [[0, 0], [0, 0]]
    assert place_on_pca(torch.zeros(0, 3), np.zeros((0, 2), np.float32), known).shape == (4, 2)


def test_among_neighbours_a_copy_stands_where_its_original_does():
    known = features(20, 6, 3)
    points = np.random.default_rng(0).normal(size=(20, 2)).astype(np.float32)
    assert place_by_neighbours(known, points, known) == pytest.approx(points, abs=1e-5)


def test_a_picture_between_two_stands_between_them():
    known = torch.tensor([[0.0, 0.0], [2.0, 0.0], [50.0, 50.0]])
    points = np.array([[0, 0], [4, 8], [100, 100]], np.float32)
    found = place_by_neighbours(known, points, torch.tensor([[1.0, 0.0]]), count=2)
    assert found.tolist() == [[2, 4]]


@pytest.mark.parametrize("signs", [(1, 1), (-1, 1), (1, -1), (-1, -1)])
def test_a_mirrored_map_is_turned_back(signs):
    points = np.random.default_rng(1).normal(size=(9, 2)).astype(np.float32)
    names = [f"p{at}" for at in range(9)]
    before = {name: (float(x), float(y)) for name, (x, y) in zip(names, points, strict=True)}
    mirrored = points * np.array(signs, np.float32)
    assert turned_alike(mirrored, names, before) == pytest.approx(points)
    assert turned_alike(mirrored, names, {}) is mirrored
