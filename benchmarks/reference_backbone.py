"""The yardstick: MobileNetV1 x0.25 (Howard et al. 2017) with weights from ImageNet."""

from dataclasses import replace
from pathlib import Path

from torch import Tensor, nn

from core.images.finding import data_roots
from core.transfer.architectures import Backbone
from core.transfer.backbone_info import BACKBONES
from core.transfer.weights_file import read_weights

FILE = Path("reference_weights") / "mobilenetV1X0.25_pretrain.tar"
INFO = replace(
    BACKBONES["mobilenet_v3_small"],
    name="reference",
    label="MobileNetV1 x0.25",
    features=256,
    url="",
    sha256_prefix="",
    source="Howard et al. 2017",
    licence="MIT",
)
# Channels before and after, and the stride, of each step of the three stages.
STAGES = (
    ((8, 16, 1), (16, 32, 2), (32, 32, 1), (32, 64, 2), (64, 64, 1)),
    ((64, 128, 2), *(((128, 128, 1),) * 5)),
    ((128, 256, 2), (256, 256, 1)),
)


def reference() -> Backbone | None:
    """The backbone with its weights, or None where they are not on this machine.

    Its activations are leaky with a slope of 0.1, as in the project that trained it.
    """
    paths = [root / FILE for root in data_roots() if (root / FILE).is_file()]
    if not paths:
        return None
    backbone = Backbone(INFO, [(f"stage{at}", _stage(at)) for at in range(1, 4)])
    weights: dict[str, Tensor] = {
        f"stages.{name}": value
        for name, value in read_weights(paths[0]).items()
        if name.startswith("stage")
    }
    backbone.load_state_dict(weights)
    return backbone.eval()


def _stage(number: int) -> nn.Sequential:
    steps = [_separable(*step) for step in STAGES[number - 1]]
    return nn.Sequential(*([_first()] if number == 1 else []), *steps)


def _first() -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(3, 8, 3, 2, 1, bias=False), nn.BatchNorm2d(8), nn.LeakyReLU(0.1))


def _separable(before: int, after: int, stride: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(before, before, 3, stride, 1, groups=before, bias=False),
        nn.BatchNorm2d(before),
        nn.LeakyReLU(0.1),
        nn.Conv2d(before, after, 1, bias=False),
        nn.BatchNorm2d(after),
        nn.LeakyReLU(0.1),
    )
