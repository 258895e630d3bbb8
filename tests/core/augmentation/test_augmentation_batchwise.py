import numpy as np
import pytest
import torch
from torchvision.transforms import v2
from torchvision.transforms.v2 import functional as F

from core.augmentation.batch_colour import brightened, contrasted, saturated
from core.augmentation.batch_geometry import Motion, blurred, displaced, warped
from core.augmentation.batchwise import augmented, mix
from core.augmentation.chance import drawing_from
from core.augmentation.pipeline import Pipeline, Step
from core.augmentation.table import TRANSFORMS
from core.augmentation.text import parse
from core.errors import InputError


@pytest.fixture
def batch():
    y, x = torch.meshgrid(torch.arange(28), torch.arange(24), indexing="ij")
    smooth = 128 + 60 * torch.sin(x / 5) + 60 * torch.cos(y / 6)
    scales = torch.tensor([1.0, 0.8, 0.6]).view(1, 3, 1, 1)
    levels = torch.linspace(0.5, 1, 10).view(-1, 1, 1, 1)
    return (smooth * scales * levels).to(torch.uint8)


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("mode", ["nearest", "bilinear"])
@pytest.mark.parametrize("fill", [0, 90])
def test_motion_agrees_with_torchvisions_affine(batch, mode, fill):
    count = len(batch)
    motion = Motion(
        torch.linspace(-170, 170, count),
        torch.stack([torch.arange(count) - 4.0, 3.0 - torch.arange(count)], 1),
        torch.linspace(0.6, 1.8, count),
        torch.linspace(-40, 40, count),
    )
    moved = warped(batch, motion, mode, fill)
    for k in range(count):
        expected = F.affine(
            batch[k],
            angle=float(motion.angles[k]),
            translate=motion.shifts[k].tolist(),
            scale=float(motion.scales[k]),
            shear=[float(motion.shears[k]), 0.0],
            interpolation=v2.InterpolationMode(mode),
            fill=[fill],
        )
        difference = (moved[k].int() - expected.int()).abs()
        # A place in the middle between two pixels may fall either way.
        assert (difference > 1).float().mean() < (0.02 if mode == "nearest" else 0.001)


def test_blur_and_displacement_agree_with_torchvision(batch):
    noise = torch.rand(10, 2, 28, 24, generator=generator()) * 2 - 1
    for sigma in (1.0, 2.5, 4.0):
        size = [int(8 * sigma + 1) | 1] * 2
        assert torch.allclose(
            blurred(noise, sigma), F.gaussian_blur(noise, size, [sigma]), atol=1e-5
        )
    moves = blurred(noise, 2.0).permute(0, 2, 3, 1)
    made = displaced(batch, moves, "bilinear", 30)
    for k in range(len(batch)):
        expected = F.elastic(batch[k], moves[k : k + 1], fill=[30])
        assert (made[k].int() - expected.int()).abs().max() <= 1


def test_elastic_is_as_strong_as_torchvisions():
    """How far a ramp of grey levels is pulled, as a root mean square."""
    ramp = (torch.arange(28) * 9).expand(300, 1, 28, 28).to(torch.uint8)
    pipeline = parse("elastic:alpha=40,sigma=3")
    made = augmented(ramp, pipeline, generator())
    with drawing_from(generator(1)):
        theirs = torch.stack([v2.ElasticTransform(40.0, 3.0)(one) for one in ramp])
    ours, expected = (
        (one.float() - ramp)[:, :, 4:-4, 4:-4].square().mean().sqrt() for one in (made, theirs)
    )
    assert expected > 3
    assert abs(ours / expected - 1) < 0.06


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (brightened, F.adjust_brightness),
        (contrasted, F.adjust_contrast),
        (saturated, F.adjust_saturation),
    ],
)
def test_colours_agree_with_torchvision(batch, ours, theirs):
    factors = torch.linspace(0, 2, len(batch))
    for images in (batch, batch[:, :1]):
        changed = ours(images, factors)
        for k, factor in enumerate(factors.tolist()):
            difference = (changed[k].int() - theirs(images[k], factor).int()).abs()
            assert difference.max() <= 1  # rounding


def test_each_picture_has_its_own_chance(batch):
    same = batch[:1].expand(60, -1, -1, -1)
    for text in ("hflip", "rotation", "affine", "crop:size=24", "jitter", "noise", "erasing:1"):
        made = augmented(same, parse(text), generator())
        kinds = {one.numpy().tobytes() for one in made}
        assert len(kinds) == 2 if text == "hflip" else len(kinds) > 20


def test_the_probability_is_kept(batch):
    many = batch[:1].expand(4000, -1, -1, -1)
    for text in ("hflip:0.3", "invert:0.3", "rotation:0.3,degrees=90"):
        made = augmented(many, parse(text), generator(1))
        share = (made != many).flatten(1).any(1).float().mean()
        assert abs(share - 0.3) < 4 * (0.3 * 0.7 / 4000) ** 0.5


def test_crops_are_windows_of_the_padded_picture(batch):
    made = augmented(batch, parse("crop:size=20,padding=3,fill=7"), generator())
    padded = torch.nn.functional.pad(batch, [3, 3, 3, 3], value=7)
    for crop, whole in zip(made, padded, strict=True):
        windows = whole.unfold(1, 20, 1).unfold(2, 20, 1).permute(1, 2, 0, 3, 4)
        assert (windows == crop).flatten(2).all(2).any()


def test_crop_places_are_those_of_torchvision(batch):
    """The same range of places: the first and the last occur, none beyond."""
    ramp = torch.arange(28 * 24).view(1, 1, 28, 24).expand(2000, -1, -1, -1) % 251
    made = augmented(ramp.to(torch.uint8), parse("crop:size=26,padding=0"), generator())
    assert made.shape == (2000, 1, 26, 26)
    theirs = v2.RandomCrop(26, pad_if_needed=True)
    with torch.random.fork_rng(devices=[]):
        expected = {theirs(ramp[0].to(torch.uint8)).numpy().tobytes() for _ in range(400)}
    assert {one.numpy().tobytes() for one in made} == expected


@pytest.mark.parametrize("name", [one.name for one in TRANSFORMS.values() if one.group != "batch"])
@pytest.mark.parametrize("channels", [1, 3])
def test_every_transform_works_on_batches(batch, name, channels):
    values = {"size": 16} if TRANSFORMS[name].fixes else {}
    if name == "normalise":
        values = {"statistics": "half"}
    pipeline = Pipeline((Step(name, values),))
    pipeline = pipeline.add(Step("resize", {"size": 30})) if name == "zoom_out" else pipeline
    images = batch[:, :channels]
    kept = images.clone()
    made = augmented(images, pipeline, generator(3))
    assert made.shape[:2] == images.shape[:2]
    assert torch.equal(made, augmented(images, pipeline, generator(3)))
    assert torch.equal(images, kept)
    assert made.dtype == (torch.float32 if name == "normalise" else torch.uint8)


def test_sizes_that_differ_in_the_end_are_refused(batch):
    with pytest.raises(InputError, match="Put Resize behind it"):
        augmented(batch, parse("zoom_out:1"), generator())


def test_mixing_is_torchvisions(batch, as_torchvision_draws):
    images, labels = batch.float() / 255, torch.arange(10) % 3
    made, shares = mix(images, labels, parse("cutmix"), 3, generator(9))
    expected = as_torchvision_draws(9, v2.CutMix(num_classes=3), images, labels)
    assert torch.equal(made, expected[0])
    assert torch.equal(shares, expected[1])
    assert mix(images, labels, parse("hflip"), 3, generator())[1] is labels


def test_rotation_has_the_distribution_of_torchvision():
    """A dot at the right: its angle after the rotation is even between −60° and 60°."""
    dot = torch.zeros(3000, 1, 41, 41, dtype=torch.uint8)
    dot[:, :, 19:22, 36:39] = 255
    made = augmented(dot, parse("rotation:degrees=60,interpolation=bilinear"), generator())[:, 0]
    places = torch.arange(41) - 20.0
    weight = made.float() / made.float().sum((1, 2), keepdim=True)
    x, y = (weight.sum(1) @ places), (weight.sum(2) @ places)
    angles = np.degrees(np.arctan2(-y.numpy(), x.numpy()))
    assert (
        np.abs(np.quantile(angles, [0.01, 0.25, 0.5, 0.75, 0.99]) - [-58.8, -30, 0, 30, 58.8]).max()
        < 4
    )
