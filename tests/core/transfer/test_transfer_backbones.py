import numpy as np
import pytest
import torch
import torchvision.models as published
from torch import Generator

from core.errors import InputError
from core.transfer.architectures import ARCHITECTURES, draw_weights, from_model
from core.transfer.backbone_info import IMAGENET
from core.transfer.backbones import BACKBONES, BUILT_IN, backbone_named, load_backbone

ENUMS = {
    "mobilenet_v3_small": published.MobileNet_V3_Small_Weights,
    "squeezenet1_1": published.SqueezeNet1_1_Weights,
    "shufflenet_v2_x1_0": published.ShuffleNet_V2_X1_0_Weights,
    "efficientnet_b0": published.EfficientNet_B0_Weights,
    "resnet18": published.ResNet18_Weights,
    "resnet50": published.ResNet50_Weights,
    "convnext_tiny": published.ConvNeXt_Tiny_Weights,
    "vit_b_16": published.ViT_B_16_Weights,
}
SMALL = ("built_in", "mobilenet_v3_small", "squeezenet1_1", "resnet18")
every = pytest.mark.parametrize("name", list(BACKBONES))


def seeded(seed=0):
    return Generator().manual_seed(seed)


def images(name, count=2):
    side = BACKBONES[name].side
    return torch.randn(count, 3, side, side, generator=seeded(7))


def up_to_the_classifier(name, model):
    """Torchvision's own forward, its last linear layer (or convolution) taken away."""
    match name:
        case "squeezenet1_1":
            return lambda x: model.features(x).mean((2, 3))
        case "convnext_tiny":
            model.classifier[2] = torch.nn.Identity()
        case "vit_b_16":
            # The explorer takes the mean of the patches, which Grad-CAM can trace back.
            return lambda x: model.encoder(
                torch.cat(
                    [model.class_token.expand(len(x), -1, -1), model._process_input(x)], dim=1
                )
            )[:, 1:].mean(1)
        case "mobilenet_v3_small" | "efficientnet_b0":
            model.classifier = torch.nn.Identity()
        case _:
            model.fc = torch.nn.Identity()
    return model


def test_the_list_begins_with_what_is_always_there():
    assert list(BACKBONES) == [BUILT_IN, *ENUMS]


@pytest.mark.parametrize("name", list(ENUMS))
def test_the_table_says_what_torchvision_says(name):
    info, weights = BACKBONES[name], ENUMS[name].DEFAULT
    preset = weights.transforms()
    assert info.url == weights.url
    assert info.url.endswith(f"-{info.sha256_prefix}.pth")
    assert len(info.sha256_prefix) >= 8
    assert info.megabytes == pytest.approx(weights.meta["_file_size"] * 1024**2 / 1e6, abs=0.06)
    assert [info.side] == preset.crop_size
    assert [info.shorter] == preset.resize_size
    assert list(info.mean) == preset.mean
    assert list(info.std) == preset.std
    assert info.pretrained_on == IMAGENET


@every
def test_features_are_those_of_torchvision_up_to_its_classifier(name):
    if name == BUILT_IN:
        return
    with torch.device("meta"):  # What it would draw for itself is not wanted.
        model = ARCHITECTURES[name].make().eval()
    draw_weights(model.to_empty(device="cpu"), seeded())
    backbone = from_model(BACKBONES[name], model)
    with torch.inference_mode():
        features = backbone(images(name))
        wanted = up_to_the_classifier(name, model)(images(name))
    assert features.shape == (2, BACKBONES[name].features)
    assert not torch.equal(features[0], features[1])
    torch.testing.assert_close(features, wanted, rtol=1e-4, atol=1e-5 * wanted.abs().max().item())


@every
def test_blocks_have_every_parameter_once(name):
    backbone = load_backbone(name, weights="random", generator=seeded())
    parts = [id(value) for _, block in backbone.blocks for value in block.parameters()]
    assert len(set(parts)) == len(parts)
    assert set(parts) == {id(value) for value in backbone.parameters()}
    assert sum(value.numel() for value in backbone.parameters()) == BACKBONES[name].parameters
    assert len({block for block, _ in backbone.blocks}) == len(backbone.blocks) >= 4
    assert all(any(True for _ in block.parameters()) for _, block in backbone.blocks)
    assert not backbone.training


@pytest.mark.parametrize("name", [*SMALL, "convnext_tiny", "vit_b_16"])
def test_features_are_the_pooled_maps_and_every_map_counts(name):
    backbone = load_backbone(name, weights="random", generator=seeded(3)).requires_grad_(False)
    maps = backbone.maps(images(name, 1)).requires_grad_()
    assert maps.ndim == 4
    assert maps.shape[2] == maps.shape[3] >= 4
    pooled = backbone.pooled(maps)
    torch.testing.assert_close(pooled, backbone(images(name, 1)))
    # Grad-CAM asks how much a score changes with every place of every map.
    weights = torch.randn(pooled.shape, generator=seeded(4))
    (slope,) = torch.autograd.grad((pooled * weights).sum(), maps)
    assert (slope.abs().amax((0, 2, 3)) > 0).all()


@pytest.mark.parametrize("name", SMALL)
def test_random_weights_are_those_of_their_seed(name):
    one, same, other = (
        load_backbone(name, weights="random", generator=seeded(seed)).state_dict()
        for seed in (1, 1, 2)
    )
    assert all(torch.equal(one[key], same[key]) for key in one)
    assert any(not torch.equal(one[key], other[key]) for key in one)


def test_random_weights_do_not_touch_the_shared_chance():
    before = torch.random.get_rng_state()
    load_backbone(BUILT_IN, weights="random", generator=seeded())
    load_backbone("resnet18", weights="random", generator=seeded())
    assert torch.equal(before, torch.random.get_rng_state())


def test_unknown_names_are_answered():
    for name in ("resnet", "", "own:../../etc/passwd"):
        with pytest.raises(InputError):
            backbone_named(name)
    with pytest.raises(InputError, match="generator"):
        load_backbone(BUILT_IN, weights="random")
    with pytest.raises(InputError, match=r"There is no backbone called 'resnet'\. There are: b"):
        load_backbone("resnet")


def test_a_picture_is_cut_as_torchvision_cuts_it():
    from PIL import Image
    from torchvision.transforms import v2

    from core.transfer.preprocess import to_input, to_square

    info = BACKBONES["resnet18"]
    chance = np.random.default_rng(0)
    noise = chance.integers(0, 255, (40, 50, 3), dtype=np.uint8)
    picture = np.array(Image.fromarray(noise).resize((500, 400), Image.Resampling.BICUBIC))
    theirs = ENUMS["resnet18"].DEFAULT.transforms()(Image.fromarray(picture))
    ours = to_input(picture, info)
    assert ours.shape == (3, 224, 224)
    assert ours.dtype == torch.float32
    # Scaling and cutting in one go differs by rounding from doing one after the other.
    assert (ours - theirs).abs().mean() < 0.03
    flat = np.full((30, 90, 3), (255, 0, 128), dtype=np.uint8)
    colour = torch.tensor([1.0, 0, 128 / 255]).view(3, 1, 1)
    wanted = v2.functional.normalize(colour, info.mean, info.std)
    torch.testing.assert_close(to_input(flat, info), wanted.expand(3, 224, 224))
    marked = np.zeros((100, 300, 3), dtype=np.uint8)
    marked[:, 100:200] = 255  # only the middle third is seen
    assert to_square(marked, 32).min() > 250


@pytest.mark.parametrize("shape", [(8, 8), (8, 8, 4), (0, 4, 3), (8, 8, 1)])
def test_pictures_of_another_form_are_refused(shape):
    from core.transfer.preprocess import to_square

    with pytest.raises(InputError, match="picture has"):
        to_square(np.zeros(shape, dtype=np.uint8), 16)
    with pytest.raises(InputError, match="bytes"):
        to_square(np.zeros((4, 4, 3)), 16)
