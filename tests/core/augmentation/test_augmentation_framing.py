"""Random resized crops on batches, and pipelines in the size of a network's pictures."""

import numpy as np
import pytest
import torch
from torchvision.transforms import v2
from torchvision.transforms.v2 import functional as F

from core.augmentation.batch_framing import enlarged, sections
from core.augmentation.batchwise import augmented
from core.augmentation.chance import drawing_from
from core.augmentation.scaling import for_side
from core.augmentation.text import parse, write

VALUES = {"size": 28, "scale_min": 0.3, "scale_max": 0.9, "ratio_min": 0.75, "ratio_max": 1.3333}


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("channels", [1, 3])
def test_a_box_is_enlarged_as_torchvision_does_it(channels):
    images = torch.randint(256, (40, channels, 28, 24), generator=generator(), dtype=torch.uint8)
    sides = torch.randint(1, 25, (40, 2), generator=generator(1))
    places = torch.stack(
        [torch.arange(40) % (29 - sides[:, 0]), torch.arange(40) % (25 - sides[:, 1])]
    )
    boxes = torch.cat([places.T, sides], 1)
    made = enlarged(images, boxes.float(), 28)
    for k, (top, left, height, width) in enumerate(boxes.tolist()):
        expected = F.resized_crop(images[k], top, left, height, width, [28, 28])
        assert (made[k].int() - expected.int()).abs().max() <= 1  # rounding


@pytest.mark.parametrize("size", [(28, 28), (28, 12), (40, 3)])
def test_sections_are_distributed_as_torchvisions(size):
    heights, widths = sections(4000, *size, VALUES, generator())
    assert heights.max() <= size[0]
    assert widths.max() <= size[1]
    assert min(heights.min(), widths.min()) >= 1
    picture = torch.zeros(1, *size, dtype=torch.uint8)
    theirs = v2.RandomResizedCrop(28, scale=(0.3, 0.9), ratio=(0.75, 1.3333))
    with drawing_from(generator(1)):
        found = [theirs.make_params([picture]) for _ in range(4000)]
    for ours, name in ((heights, "height"), (widths, "width")):
        expected = np.array([one[name] for one in found], dtype=float)
        quantiles = np.linspace(0.02, 0.98, 13)
        apart = np.abs(np.quantile(ours.numpy(), quantiles) - np.quantile(expected, quantiles))
        assert apart.max() <= 1
        assert abs(ours.mean().item() - expected.mean()) < 0.15


def test_crops_of_a_batch_reach_every_border_and_differ():
    ramp = (torch.arange(28 * 28) // 4).view(1, 1, 28, 28).expand(800, -1, -1, -1).to(torch.uint8)
    made = augmented(ramp, parse("resized_crop:size=28,scale_min=0.5,scale_max=0.6"), generator())
    assert made.shape == (800, 1, 28, 28)
    assert len({one.numpy().tobytes() for one in made}) > 400
    assert made.min() == 0
    assert made.max() == 195


@pytest.mark.parametrize(
    ("text", "side", "expected"),
    [
        ("hflip;resized_crop:size=224", 28, "hflip;resized_crop:size=28"),
        ("resize:size=256;crop:size=224,padding=0", 28, "resize:size=32;crop:size=28,padding=0"),
        (
            "blur:kernel_size=9;resized_crop;blur:kernel_size=9,sigma_max=4",
            112,
            "blur:kernel_size=9;resized_crop:size=112;blur:sigma_max=2",
        ),
        ("resized_crop:size=224;elastic", 112, "resized_crop:size=112;elastic:alpha=25,sigma=2.5"),
        ("crop:size=24;hflip", 28, "crop:size=24;hflip"),
        ("hflip;rotation", 28, "hflip;rotation"),
        ("-resized_crop;crop:size=24", 28, "-resized_crop;crop:size=24"),
        ("resized_crop:size=28;blur", 28, "resized_crop:size=28;blur"),
    ],
)
def test_what_is_counted_in_pixels_is_scaled_from_the_first_resize_on(text, side, expected):
    assert write(for_side(parse(text), side)) == write(parse(expected))
