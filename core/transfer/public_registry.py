"""The public sets of photos that can be fetched with a click, and where they lie afterwards."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath

from core.errors import InputError
from core.images.registry import Resource

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_FLOWERS, _PETS, _EUROSAT = "flowers-102", "oxford-iiit-pet", "eurosat"
_LAND = (
    *("Annual crop", "Forest", "Herbaceous vegetation", "Highway", "Industrial", "Pasture"),
    *("Permanent crop", "Residential", "River", "Sea lake"),
)
_CATS = (
    *("Abyssinian", "Bengal", "Birman", "Bombay", "British Shorthair", "Egyptian Mau"),
    *("Maine Coon", "Persian", "Ragdoll", "Russian Blue", "Siamese", "Sphynx"),
)
_DOGS = (
    *("american bulldog", "american pit bull terrier", "basset hound", "beagle", "boxer"),
    *("chihuahua", "english cocker spaniel", "english setter", "german shorthaired"),
    *("great pyrenees", "havanese", "japanese chin", "keeshond", "leonberger"),
    *("miniature pinscher", "newfoundland", "pomeranian", "pug", "saint bernard", "samoyed"),
    *("scottish terrier", "shiba inu", "staffordshire bull terrier", "wheaten terrier"),
    "yorkshire terrier",
)
Finder = Callable[[Path], Callable[[PurePosixPath], str | None]]


@dataclass(frozen=True)
class PublicSet:
    """A set of photos that has to be downloaded first.

    Attributes:
        name: Its key in `PUBLIC_SETS` and in the address.
        label: What a person reads in the list of choices.
        count: How many classes it has.
        usual: The classes that are taken when nobody chooses.
        licence: As its source states it.
        source: A link to where it comes from.
        sentence: What to expect of it.
        resources: The files to download, in the layout of torchvision where there is one.
        places: Folders and archives in which its photos may lie, the first choice first.
        finder: Told where the set lies, it gives the function from the path of a photo to the
            name of its class, None for what is no photo of the set.
        names: The names of all classes.
    """

    name: str
    label: str
    count: int
    usual: tuple[str, ...]
    licence: str
    source: str
    sentence: str
    resources: tuple[Resource, ...]
    places: tuple[str, ...]
    finder: Finder
    names: Callable[[], tuple[str, ...]]

    @property
    def megabytes(self) -> float:
        """The size of the download in millions of bytes, to one digit."""
        return round(sum(resource.size for resource in self.resources) / 1e6, 1)

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of all classes."""
        return self.names()


def public_set_named(name: str) -> PublicSet:
    """What is known about the public set of that name.

    Raises:
        InputError: There is none.
    """
    if name not in PUBLIC_SETS:
        known = ", ".join(PUBLIC_SETS)
        raise InputError(f"There is no public set “{str(name)[:20]}”. There are: {known}.")
    return PUBLIC_SETS[name]


@cache
def _flower_names() -> tuple[str, ...]:
    # torchvision keeps the names in the order of the numbers, one of them with a question mark.
    names = importlib.import_module("torchvision.datasets").Flowers102.classes
    return tuple(name.rstrip("?") for name in names)


def _ants_or_bees(_: Path) -> Callable[[PurePosixPath], str | None]:
    """The photos to learn from; those of the tutorial's "val" stay unseen, to try it out."""

    def find(path: PurePosixPath) -> str | None:
        folder, part = path.parent.name, path.parent.parent.name
        return folder if part == "train" and folder in ("ants", "bees") else None

    return find


def _flower(place: Path) -> Callable[[PurePosixPath], str | None]:
    """The number of each photo's class lies in a file of MATLAB beside the photos."""
    table = importlib.import_module("scipy.io").loadmat(place.parent / "imagelabels.mat")
    numbers = table["labels"].ravel()
    names = _flower_names()

    def find(path: PurePosixPath) -> str | None:
        photo = path.stem.removeprefix("image_")
        known = photo.isdecimal() and 0 < int(photo) <= len(numbers)
        return names[int(numbers[int(photo) - 1]) - 1] if known else None

    return find


def _pet(_: Path) -> Callable[[PurePosixPath], str | None]:
    return lambda path: path.stem.rpartition("_")[0].replace("_", " ") or None


def _land(_: Path) -> Callable[[PurePosixPath], str | None]:
    return lambda path: _CAMEL.sub(" ", path.parent.name).capitalize() or None


PUBLIC_SETS: dict[str, PublicSet] = {
    one.name: one
    for one in (
        PublicSet(
            *("ants_bees", "Ants and bees", 2, ("ants", "bees")),
            "none stated; photos of ImageNet, for learning and research",
            "https://pytorch.org/tutorials/beginner/transfer_learning_tutorial.html",
            "244 photos to learn from: the set of PyTorch's own lesson on transfer learning.",
            (
                Resource(
                    "hymenoptera_data.zip",
                    47_286_322,
                    "5f8c32a6554f6acb4d649776e7735e48",
                    ("https://download.pytorch.org/tutorial/hymenoptera_data.zip",),
                ),
            ),
            ("ants_bees", "hymenoptera_data", "hymenoptera_data.zip"),
            _ants_or_bees,
            lambda: ("ants", "bees"),
        ),
        PublicSet(
            *("flowers", "Oxford flowers", 102),
            ("sunflower", "rose", "water lily", "daffodil", "common dandelion"),
            "none stated; for research, to be cited as Nilsback and Zisserman (2008)",
            "https://www.robots.ox.ac.uk/~vgg/data/flowers/102/",
            "8,189 photos of 102 flowers of Britain, some of them hard to tell apart.",
            tuple(
                Resource(
                    f"{_FLOWERS}/{file}",
                    *(size, md5),
                    (f"https://www.robots.ox.ac.uk/~vgg/data/flowers/102/{file}",),
                )
                for file, size, md5 in (
                    ("imagelabels.mat", 502, "e0620be6f572b9609742df49c70aed4d"),
                    ("102flowers.tgz", 344_862_509, "52808999861908f626f3c1f4e79d11fa"),
                )
            ),
            (f"{_FLOWERS}/jpg", f"{_FLOWERS}/102flowers.tgz"),
            _flower,
            _flower_names,
        ),
        PublicSet(
            *("pets", "Oxford-IIIT pets", 37),
            ("Siamese", "Maine Coon", "beagle", "pug", "samoyed"),
            "CC BY-SA 4.0",
            "https://www.robots.ox.ac.uk/~vgg/data/pets/",
            "7,390 photos of cats and dogs of 37 breeds.",
            (
                Resource(
                    f"{_PETS}/images.tar.gz",
                    791_918_971,
                    "5c4f3ee8e5d25df40f4fd59a7f44e54c",
                    ("https://www.robots.ox.ac.uk/~vgg/data/pets/data/images.tar.gz",),
                ),
            ),
            (f"{_PETS}/images", f"{_PETS}/images.tar.gz"),
            _pet,
            lambda: (*_CATS, *_DOGS),
        ),
        PublicSet(
            *("eurosat", "EuroSAT", 10, _LAND),
            "MIT; to be cited as Helber et al. (2019)",
            "https://github.com/phelber/EuroSAT",
            "27,000 pictures that a satellite took of Europe: forest, river, motorway, …",
            (
                Resource(
                    f"{_EUROSAT}/EuroSAT.zip",
                    94_280_567,
                    "c8fa014336c82ac7804f0398fcb19387",
                    ("https://madm.dfki.de/files/sentinel/EuroSAT.zip",),
                ),
            ),
            (f"{_EUROSAT}/2750", f"{_EUROSAT}/EuroSAT.zip"),
            _land,
            lambda: _LAND,
        ),
    )
}
