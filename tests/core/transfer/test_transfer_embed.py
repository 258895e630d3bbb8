import numpy as np
import pytest
import torch
from torch import Generator

from core.errors import InputError
from core.transfer.backbones import BUILT_IN, load_backbone
from core.transfer.embed import embed
from core.transfer.preprocess import to_input


@pytest.fixture(scope="module")
def backbone():
    return load_backbone(BUILT_IN, weights="random", generator=Generator().manual_seed(0))


def photos(count):
    chance = np.random.default_rng(0)
    sizes = [(90, 64), (64, 64), (70, 200), (31, 17)]
    return [chance.integers(0, 256, (*sizes[at % 4], 3), dtype=np.uint8) for at in range(count)]


def test_features_are_those_of_one_picture_after_another(backbone):
    pictures = photos(9)
    with torch.inference_mode():
        wanted = torch.cat([backbone(to_input(one, backbone.info)[None]) for one in pictures])
    for batch_size in (1, 4, 64):
        features = embed(backbone, pictures, batch_size=batch_size)
        assert features.dtype == torch.float32
        torch.testing.assert_close(features, wanted, rtol=1e-4, atol=1e-5)
    assert (wanted.std(0) > 0).any()


def test_the_backbone_stays_as_it_was(backbone):
    before = {key: value.clone() for key, value in backbone.state_dict().items()}
    backbone.train()
    learning = embed(backbone, photos(5))
    assert backbone.training
    backbone.eval()
    assert torch.equal(learning, embed(backbone, photos(5)))
    assert all(torch.equal(before[key], value) for key, value in backbone.state_dict().items())


def test_a_head_can_learn_on_the_features(backbone):
    features = embed(backbone, photos(3))
    weight = torch.zeros(features.shape[1], requires_grad=True)
    (features @ weight).sum().backward()
    torch.testing.assert_close(weight.grad, features.sum(0))


def test_progress_counts_to_the_end_and_can_stop_it(backbone):
    seen = []
    embed(backbone, photos(7), batch_size=3, progress=lambda *at: seen.append(at))
    assert seen == [(3, 7), (6, 7), (7, 7)]

    def stop(done, _total):
        raise InputError(f"Stopped after {done}.")

    with pytest.raises(InputError, match="Stopped after 3"):
        embed(backbone, photos(7), batch_size=3, progress=stop)


def test_nothing_gives_nothing(backbone):
    assert embed(backbone, []).shape == (0, backbone.info.features)
