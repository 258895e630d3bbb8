"""Grad-CAM against CAM; PCA against scikit-learn; t-SNE as scikit-learn's."""

import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA
from sklearn.manifold import trustworthiness

from core.errors import InputError
from core.transfer.backbones import load_backbone
from core.transfer.gradcam import grad_cam, grad_cams
from core.transfer.head import fit_head
from core.transfer.maps import pca_map, perplexity_for, tsne_map
from core.transfer.preprocess import to_input


@pytest.fixture(scope="module")
def backbone():
    chance = torch.Generator().manual_seed(0)
    return load_backbone("built_in", weights="random", generator=chance)


@pytest.fixture(scope="module")
def pictures():
    return list(np.random.default_rng(0).integers(0, 256, (6, 90, 70, 3), dtype=np.uint8))


@pytest.fixture(scope="module")
def head(backbone, pictures):
    with torch.no_grad():
        rows = backbone(torch.stack([to_input(one, backbone.info) for one in pictures]))
    return fit_head(rows, torch.arange(6) % 3, 3)


def test_behind_a_mean_over_places_grad_cam_is_the_class_activation_map(backbone, head, pictures):
    """Zhou et al. 2016: the maps, weighted with the weights of the class."""
    found = grad_cams(backbone, head, pictures, [0, 1, 2, 0, 1, 2])
    with torch.no_grad():
        maps = backbone.maps(torch.stack([to_input(one, backbone.info) for one in pictures]))
    weight, _ = head.linear()
    wanted = torch.einsum("bchw,bc->bhw", maps, weight[torch.arange(6) % 3]).relu()
    wanted = (wanted / wanted.amax((1, 2), keepdim=True)).nan_to_num(0.0)
    assert np.allclose(found, wanted, atol=1e-4)
    assert found.max() == 1.0
    assert found.min() >= 0.0
    assert np.allclose(grad_cam(backbone, head, pictures[4], 1), found[4], atol=1e-5)


def test_where_nothing_speaks_for_a_class_the_map_is_empty(backbone, head, pictures):
    silent = type(head)(head.mean, head.std, torch.zeros_like(head.weight), head.bias)
    assert not grad_cam(backbone, silent, pictures[0], 0).any()


def test_a_class_that_is_not_there_is_said(backbone, head, pictures):
    with pytest.raises(InputError, match="counted from 0 to 2"):
        grad_cam(backbone, head, pictures[0], 3)


def test_the_backbone_is_left_as_it_was(backbone, head, pictures):
    before = {name: value.clone() for name, value in backbone.state_dict().items()}
    backbone.train()
    grad_cam(backbone, head, pictures[0], 0)
    assert backbone.training
    backbone.eval()
    assert all(torch.equal(before[n], v) for n, v in backbone.state_dict().items())
    assert all(p.grad is None for p in backbone.parameters())


def test_pca_is_that_of_scikit_learn():
    rows = load_digits().data[:200]
    model = PCA(2).fit(rows)
    found = pca_map(torch.tensor(rows).float())
    assert found.shares == pytest.approx(model.explained_variance_ratio_, rel=1e-4)
    assert np.allclose(np.abs(found.points), np.abs(model.transform(rows)), atol=1e-2)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_pca_takes_even_the_fewest_pictures(count):
    assert pca_map(torch.randn(count, 5)).points.shape == (count, 2)


def test_tsne_keeps_neighbours_together_and_follows_its_generator():
    rows = torch.tensor(load_digits().data[:150]).float()
    maps = [tsne_map(rows, torch.Generator().manual_seed(seed)).points for seed in (3, 3)]
    assert np.array_equal(maps[0], maps[1])
    assert trustworthiness(rows.numpy(), maps[0], n_neighbors=5) > 0.95
    assert np.isfinite(tsne_map(rows[:5], torch.Generator()).points).all()
    assert not tsne_map(torch.ones(9, 4), torch.Generator()).points.any()
    with pytest.raises(InputError, match="5 pictures"):
        tsne_map(rows[:4], torch.Generator())


def test_perplexity_stays_below_the_number_of_pictures():
    assert [perplexity_for(n) for n in (5, 31, 91, 1000)] == [4 / 3, 10, 30, 30]
