"""The image data sets that the explorer knows, with what a person should know about them."""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import InputError
from core.images.cifar import ARCHIVE

MNIST_FILES = (
    "train-images-idx3-ubyte.gz",
    "train-labels-idx1-ubyte.gz",
    "t10k-images-idx3-ubyte.gz",
    "t10k-labels-idx1-ubyte.gz",
)


@dataclass(frozen=True)
class Resource:
    """A file to download.

    Attributes:
        path: Where it belongs under the data folder, with / between the parts.
        size: Its size in bytes.
        md5: What its content has to amount to, 32 hexadecimal digits.
        urls: Where it can be had, the first choice first.
    """

    path: str
    size: int
    md5: str
    urls: tuple[str, ...]


@dataclass(frozen=True)
class ImageSource:
    """What is said about a data set before it is there.

    Attributes:
        name: The key in `IMAGE_SETS` and in the address of the page.
        label: What a person reads in the list of choices.
        classes: How many classes.
        channels: 1 for grey, 3 for colour.
        side: Height and width in pixels.
        training: Pictures to learn from, and to take a validation set from.
        test: Pictures of the official test set; 0 if there is none.
        licence: As its source states it.
        source: A link to where it comes from.
        sentence: What to expect of it.
        resources: The files to download; none for what is always there.
    """

    name: str
    label: str
    classes: int
    channels: int
    side: int
    training: int
    test: int
    licence: str
    source: str
    sentence: str
    resources: tuple[Resource, ...] = ()

    @property
    def offline(self) -> bool:
        """True if it is there on a fresh machine without network."""
        return not self.resources

    @property
    def megabytes(self) -> float:
        """The size of the download in millions of bytes, to one digit; 0 without one."""
        return round(sum(resource.size for resource in self.resources) / 1e6, 1)


def image_set_named(name: str) -> ImageSource:
    """What is known about the data set of that name.

    Raises:
        InputError: There is none.
    """
    if name not in IMAGE_SETS:
        raise InputError(
            f"There is no data set called {name!r}. There are: {', '.join(IMAGE_SETS)}."
        )
    return IMAGE_SETS[name]


def _family(
    folder: str, mirrors: tuple[str, ...], files: tuple[tuple[int, str], ...]
) -> tuple[Resource, ...]:
    """The four files of a set in MNIST's layout, as torchvision lays them out."""
    return tuple(
        Resource(f"{folder}/raw/{name}", size, md5, tuple(mirror + name for mirror in mirrors))
        for name, (size, md5) in zip(MNIST_FILES, files, strict=True)
    )


_MNIST = _family(
    "MNIST",
    ("https://ossci-datasets.s3.amazonaws.com/mnist/", "http://yann.lecun.com/exdb/mnist/"),
    (
        (9_912_422, "f68b3c2dcbeaaa9fbdd348bbdeb94873"),
        (28_881, "d53e105ee54ea40749a09fcbcd1e9432"),
        (1_648_877, "9fb629c4189551a2d022fa330f9573f3"),
        (4_542, "ec29112dd5afa0611ce80d1b7f02629c"),
    ),
)
_FASHION = _family(
    "FashionMNIST",
    ("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",),
    (
        (26_421_880, "8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
        (29_515, "25c81989df183df01b3e8a0aad5dffbe"),
        (4_422_102, "bef4ecab320f06d8554ea6380940ec79"),
        (5_148, "bb300cfdad3c16e7a12a480ee83cd310"),
    ),
)
_KMNIST = _family(
    "KMNIST",
    ("http://codh.rois.ac.jp/kmnist/dataset/kmnist/",),
    (
        (18_165_135, "bdb82020997e1d708af4cf47b453dcf7"),
        (29_497, "e144d726b3acfaa3e44228e80efcd344"),
        (3_041_136, "5c965bf0a639b31b8f53240b1b52f4d7"),
        (5_120, "7320c461ea6c1c855c0b718fb2a4b134"),
    ),
)
_CIFAR = (
    Resource(
        ARCHIVE,
        170_052_171,
        "c32a1d4ab5d03f1284b67883e8d87530",
        (f"https://www.cs.toronto.edu/~kriz/{ARCHIVE}",),
    ),
)

IMAGE_SETS: dict[str, ImageSource] = {
    source.name: source
    for source in (
        ImageSource(
            "digits",
            "Small digits",
            *(10, 1, 28, 1797, 0),
            "CC BY 4.0",
            "https://archive.ics.uci.edu/dataset/80/optical+recognition+of+handwritten+digits",
            "1,797 real handwritten digits of 8×8 pixels, enlarged to MNIST's form: always there.",
        ),
        ImageSource(
            "mnist",
            "MNIST",
            *(10, 1, 28, 60_000, 10_000),
            "commonly CC BY-SA 3.0",
            "http://yann.lecun.com/exdb/mnist/",
            "70,000 handwritten digits: the first data set of most courses.",
            _MNIST,
        ),
        ImageSource(
            "fashion_mnist",
            "Fashion-MNIST",
            *(10, 1, 28, 60_000, 10_000),
            "MIT",
            "https://github.com/zalandoresearch/fashion-mnist",
            "70,000 clothes in the form of MNIST, and clearly harder: shirt, pullover or coat?",
            _FASHION,
        ),
        ImageSource(
            "kmnist",
            "Kuzushiji-MNIST",
            *(10, 1, 28, 60_000, 10_000),
            "CC BY-SA 4.0",
            "https://codh.rois.ac.jp/kmnist/",
            "70,000 characters of old Japanese script; one sound has several shapes.",
            _KMNIST,
        ),
        ImageSource(
            "cifar10",
            "CIFAR-10",
            *(10, 3, 32, 50_000, 10_000),
            "none stated; for research, to be cited as Krizhevsky (2009)",
            "https://www.cs.toronto.edu/~kriz/cifar.html",
            "60,000 small colour photos of animals and vehicles: dense networks fall far behind.",
            _CIFAR,
        ),
    )
}
