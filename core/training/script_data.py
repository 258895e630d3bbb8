"""The part of the script of a run that reads and deals out its pictures."""

from __future__ import annotations

from core.images.finding import FOLDERS
from core.images.registry import IMAGE_SETS
from core.training.config import STORED, TrainingConfig
from core.training.data import TEST_SHARE, sets_of
from core.vision.shapes import Shape

_DIGITS = '''
def digits():
    """Scikit-learn's digits in MNIST's form: 20x20 of ink, centred by mass in 28x28."""
    bunch = load_digits()
    small = torch.tensor(bunch.images, dtype=torch.float32)[:, None] / 16
    large = F.interpolate(small, size=(20, 20), mode="bicubic").clamp(0, 1)
    inks = (large * 255).round().to(torch.uint8)[:, 0]
    weight, places = inks.float(), torch.arange(20)
    sums, total = (weight.sum(2), weight.sum(1)), weight.sum((1, 2))
    centres = [(one * places).sum(1) / total for one in sums]
    corners = [(14 - c.double()).round().clamp(0, 8).int().tolist() for c in centres]
    images = torch.zeros(len(large), 1, 28, 28, dtype=torch.uint8)
    for image, ink, top, left in zip(images, inks, *corners):
        image[0, top : top + 20, left : left + 20] = ink
    return images, torch.tensor(bunch.target)

'''
_CIFAR = '''
FOLDER, ARCHIVE = "cifar-10-batches-bin", "cifar-10-binary.tar.gz"


def records(name):
    """The bytes of one file, unpacked or out of the archive: a label and 3x32x32 each."""
    path, packed = os.path.join(DATA, FOLDER, name), os.path.join(DATA, ARCHIVE)
    if os.path.isfile(path):
        return np.fromfile(path, np.uint8).reshape(-1, 3073)
    if not os.path.isfile(packed):
        address = f"https://www.cs.toronto.edu/~kriz/{ARCHIVE}"
        download_url(address, DATA, md5="c32a1d4ab5d03f1284b67883e8d87530")
    with tarfile.open(packed) as archive:
        data = archive.extractfile(f"{FOLDER}/{name}").read()
    return np.frombuffer(data, np.uint8).reshape(-1, 3073)


data = np.concatenate([records(f"data_batch_{n}.bin") for n in range(1, 6)])
data = torch.from_numpy(data)
images, labels = data[:, 1:].reshape(-1, 3, 32, 32), data[:, 0].long()
'''
_IDX = '''FOLDER = os.path.join(DATA, "{folder}", "raw")


def numbers(name):
    """The bytes of one idx file, packed or not: a header with the shape, then the values."""
    path = os.path.join(FOLDER, name)
    packed = os.path.isfile(path + ".gz")
    with gzip.open(path + ".gz") if packed else open(path, "rb") as file:
        data = file.read()
    shape = np.frombuffer(data, ">u4", data[3], 4).tolist()
    values = np.frombuffer(data, np.uint8, offset=4 + 4 * data[3])
    return torch.from_numpy(values.copy()).reshape(shape)


if not os.path.isdir(FOLDER):
    datasets.{folder}(DATA, download=True)
images = numbers("train-images-idx3-ubyte")[:, None]
labels = numbers("train-labels-idx1-ubyte").long()
'''
_DATA = (
    "# The folder with the pictures; what is missing is downloaded into it.\n"
    'DATA = os.environ.get("EXPLORER_DATA_DIR") or os.path.expanduser(\n'
    '    "~/.cache/deep-learning-explorer/data"\n'
    ")\n"
)
_SPLIT = '''
def shares(exact):
    """Whole numbers near the exact ones, with the same rounded sum."""
    whole = np.floor(exact).astype(np.int64)
    missing = round(float(exact.sum())) - int(whole.sum())
    whole[np.argsort(whole - exact, kind="stable")[: max(missing, 0)]] += 1
    return whole


def by_class(labels, generator):
    """The numbers of the pictures of each class, in random order."""
    groups = [np.flatnonzero(labels == one) for one in range(CLASSES)]
    return [generator.permutation(group) for group in groups]


def held_back(labels, share, generator):
    """Two sets of numbers: most pictures, and a share of every class."""
    counts = np.bincount(labels, minlength=CLASSES)
    wanted = np.maximum(shares(counts * share), 1) if share else 0 * counts
    wanted = np.clip(wanted, 0, np.maximum(counts - 1, 0))
    groups = by_class(labels, generator)
    pairs = [np.split(group, [len(group) - n]) for group, n in zip(groups, wanted)]
    return [np.sort(np.concatenate(part)) for part in zip(*pairs)]

'''
_FEWER = '''
def fewer(labels, count, generator):
    """About so many numbers, every class in the same proportions."""
    if count >= len(labels):
        return np.arange(len(labels))
    counts = np.bincount(labels, minlength=CLASSES)
    kept = shares(counts * (count / len(labels)))
    groups = by_class(labels, generator)
    return np.sort(np.concatenate([group[:n] for group, n in zip(groups, kept)]))

'''
_NORMALISE = '''
def mean_and_std(channel):
    """On the scale from 0 to 1, counted exactly."""
    values = torch.arange(256, dtype=torch.float64) / 255
    share = torch.bincount(channel.flatten(), minlength=256).double() / channel.numel()
    mean = (share * values).sum()
    std = (share * (values - mean) ** 2).sum().sqrt()
    return mean.float(), torch.where(std > 0, std, 1.0).float()


def ready(images):
    """Bytes (N, C, H, W) as numbers with mean 0 and spread 1, the channels last."""
    last = images.permute(0, 2, 3, 1).clone(memory_format=torch.contiguous_format)
    return last.float().div_(255).sub_(mean).div_(std)

'''


def form_of(config: TrainingConfig) -> tuple[Shape, int]:
    """Channels, height and width of a picture of the run, and how many classes there are.

    Raises:
        InputError: A data set of the user's own that is no longer on this machine.
    """
    if config.dataset.startswith(STORED):
        data, _ = sets_of(config.dataset)
        return data.shape, len(data.classes)
    about = IMAGE_SETS[config.dataset]
    return (about.channels, about.side, about.side), about.classes


def data_imports(config: TrainingConfig) -> tuple[str, str]:
    """What the pictures need: modules of the standard library, and others as import lines."""
    if config.dataset == "digits":
        return "", "from sklearn.datasets import load_digits\n"
    if config.dataset.startswith(STORED):
        return "import os\n", "from safetensors.torch import load_file\n"
    if config.dataset in FOLDERS:
        return "import gzip\nimport os\n", "from torchvision import datasets\n"
    return "import os\nimport tarfile\n", "from torchvision.datasets.utils import download_url\n"


def data_lines(config: TrainingConfig, classes: int) -> str:
    """The pictures of the run as `train_x`, `train_y`, `valid_x`, `valid_y`, on its device."""
    about = IMAGE_SETS.get(config.dataset)
    deal = (
        []
        if about and about.test
        else [
            "# The test set: the same pictures for every seed, not touched here.",
            f"kept, _ = held_back(labels.numpy(), {TEST_SHARE!r}, np.random.default_rng(0))",
            "images, labels = images[kept], labels[kept]",
        ]
    )
    deal += [
        f"chance = np.random.default_rng({config.seed})",
        f"train, valid = held_back(labels.numpy(), {config.validation_share!r}, chance)",
    ]
    if config.train_size is not None:
        deal.append(f"train = train[fewer(labels[train].numpy(), {config.train_size}, chance)]")
    deal += [
        "pairs = [mean_and_std(channel) for channel in images[train].unbind(1)]",
        "mean, std = (torch.stack(numbers) for numbers in zip(*pairs))",
        "train_x, train_y = images[train], labels[train]  # bytes"
        if config.augment
        else "train_x, train_y = ready(images[train]).to(DEVICE), labels[train].to(DEVICE)",
        "valid_x, valid_y = ready(images[valid]).to(DEVICE), labels[valid].to(DEVICE)",
    ]
    fewer = _FEWER if config.train_size is not None else ""
    functions = (_DIGITS if config.dataset == "digits" else "") + _SPLIT + fewer + _NORMALISE
    head = f'\nCLASSES = {classes}\nDEVICE = "{config.device}"\n'
    return head + functions + "\n" + _pictures(config.dataset) + "\n".join(deal) + "\n"


def _pictures(dataset: str) -> str:
    """The lines that read all pictures as `images` (N, C, H, W), bytes, and `labels` (N,)."""
    if dataset == "digits":
        return "images, labels = digits()\n"
    if dataset.startswith(STORED):
        name = dataset.removeprefix(STORED)
        return (
            'CACHE = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")\n'
            'STORED = os.path.join(CACHE, "deep-learning-explorer", "data", "stored")\n'
            f'own = load_file(os.path.join(STORED, "{name}.safetensors"))\n'
            'images, labels = own["images"], own["labels"]\n'
        )
    if dataset in FOLDERS:
        return _DATA + _IDX.format(folder=FOLDERS[dataset])
    return _DATA + _CIFAR.lstrip("\n")
