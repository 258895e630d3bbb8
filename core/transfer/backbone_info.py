"""The backbones that the explorer knows, with what a person should know about each."""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import InputError

BUILT_IN = "built_in"
IMAGENET = "1.28 million photos of ImageNet, 1,000 classes"
_HOST = "https://download.pytorch.org/models/"
_MEAN, _STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
_LICENCE = "BSD-3-Clause (torchvision); trained on ImageNet, whose photos are for research"


@dataclass(frozen=True)
class BackboneInfo:
    """What is said about a backbone before it is there.

    Attributes:
        name: The key in `BACKBONES` and in the address of the page.
        label: What a person reads in the list of choices.
        side: Height and width of the pictures that it takes, in pixels.
        features: How many numbers it makes of a picture (D).
        parameters: How many numbers it has learnt, without its classifier.
        megabytes: The size of its file in millions of bytes.
        licence: As its source states it, with a hint on the data.
        source: Where it comes from: the paper, or this project.
        url: Where its file can be had; empty for what comes with the explorer.
        sha256_prefix: The first hexadecimal digits of the file's SHA-256.
        mean: What is taken off red, green and blue, on the scale from 0 to 1.
        std: What they are divided by afterwards.
        pretrained_on: What it has learnt from.
        shorter: To how many pixels the shorter side is scaled before the middle is cut out.
        sentence: What to expect of it.
    """

    name: str
    label: str
    side: int
    features: int
    parameters: int
    megabytes: float
    licence: str
    source: str
    url: str
    sha256_prefix: str
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    pretrained_on: str
    shorter: int
    sentence: str

    @property
    def file_name(self) -> str:
        """The name of its file, as torchvision keeps it; empty without a download."""
        return self.url.rsplit("/", 1)[-1]


def architecture_of(info: BackboneInfo) -> str:
    """The key in `BACKBONES` of what a backbone is built like: for ``own:resnet18-…`` resnet18."""
    if not info.name.startswith("own:"):
        return info.name
    return info.name.removeprefix("own:").rpartition("-")[0]


def backbone_named(name: str) -> BackboneInfo:
    """What is known about the backbone of that name.

    Raises:
        InputError: There is none.
    """
    if name not in BACKBONES:
        raise InputError(
            f"There is no backbone called {str(name)[:40]!r}. There are: {', '.join(BACKBONES)}."
        )
    return BACKBONES[name]


def _imagenet(
    name: str,
    label: str,
    sizes: tuple[int, int, float],
    file: str,
    source: str,
    sentence: str,
    shorter: int = 256,
) -> BackboneInfo:
    """One of torchvision's; `sizes` are features, parameters and megabytes."""
    return BackboneInfo(
        name=name,
        label=label,
        side=224,
        features=sizes[0],
        parameters=sizes[1],
        megabytes=sizes[2],
        licence=_LICENCE,
        source=source,
        url=_HOST + file,
        sha256_prefix=file.removesuffix(".pth").rsplit("-", 1)[-1],
        mean=_MEAN,
        std=_STD,
        pretrained_on=IMAGENET,
        shorter=shorter,
        sentence=sentence,
    )


BACKBONES: dict[str, BackboneInfo] = {
    info.name: info
    for info in (
        BackboneInfo(
            name=BUILT_IN,
            label="Built-in",
            side=64,
            features=400,
            parameters=1_166_232,
            megabytes=2.3,
            licence="MIT, as the explorer",
            source="trained by this project: core/transfer/train_built_in.py",
            url="",
            sha256_prefix="",
            mean=(0.5, 0.5, 0.5),
            std=(0.25, 0.25, 0.25),
            pretrained_on="generated pictures, digits, clothes, hands and two photos",
            shorter=68,
            sentence="Always there and very fast; good at drawings and digits, weak at photos.",
        ),
        _imagenet(
            "mobilenet_v3_small",
            "MobileNetV3 small",
            (576, 927_008, 10.3),
            "mobilenet_v3_small-047dcff4.pth",
            "Howard et al. 2019",
            "Small, fast, and good at photos: the usual choice.",
        ),
        _imagenet(
            "squeezenet1_1",
            "SqueezeNet 1.1",
            (512, 722_496, 5.0),
            "squeezenet1_1-b8a52dc0.pth",
            "Iandola et al. 2016",
            "The smallest download, older and a little weaker.",
        ),
        _imagenet(
            "shufflenet_v2_x1_0",
            "ShuffleNet V2",
            (1024, 1_253_604, 9.2),
            "shufflenetv2_x1-5666bf0f80.pth",
            "Ma et al. 2018",
            "Small and made for telephones.",
        ),
        _imagenet(
            "efficientnet_b0",
            "EfficientNet-B0",
            (1280, 4_007_548, 21.4),
            "efficientnet_b0_rwightman-7f5810bc.pth",
            "Tan and Le 2019",
            "Much accuracy for its size; slower on a CPU than it looks.",
        ),
        _imagenet(
            "resnet18",
            "ResNet-18",
            (512, 11_176_512, 46.8),
            "resnet18-f37072fd.pth",
            "He et al. 2016",
            "The classic of the course: simple, robust, easy to fine-tune.",
        ),
        _imagenet(
            "resnet50",
            "ResNet-50",
            (2048, 23_508_032, 102.5),
            "resnet50-11ad3fa6.pth",
            "He et al. 2016, weights of 2022",
            "The yardstick of many papers; four times as slow as ResNet-18.",
            shorter=232,
        ),
        _imagenet(
            "convnext_tiny",
            "ConvNeXt tiny",
            (768, 27_820_128, 114.4),
            "convnext_tiny-983f1562.pth",
            "Liu et al. 2022",
            "A modern convolutional network with strong features.",
            shorter=236,
        ),
        _imagenet(
            "vit_b_16",
            "ViT-B/16",
            (768, 85_798_656, 346.3),
            "vit_b_16-c867db91.pth",
            "Dosovitskiy et al. 2021",
            "A Transformer on patches of 16×16 pixels: large and slow on a CPU.",
        ),
    )
}
