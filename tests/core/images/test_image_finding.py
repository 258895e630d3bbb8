import gzip
import hashlib
import io
import os
import tarfile
from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits

from core.errors import InputError
from core.images.finding import VARIABLE, available, data_roots, found, load
from core.images.idx import read_idx
from core.images.prepared import mean_and_std
from core.images.registry import IMAGE_SETS, MNIST_FILES, image_set_named

GIVEN = Path(os.environ.get(VARIABLE, "/nowhere"))
with_data = pytest.mark.skipif(
    not (GIVEN / "MNIST").is_dir(), reason="needs EXPLORER_DATA_DIR with MNIST"
)


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize(
    ("name", "folder"),
    [("mnist", "MNIST"), ("fashion_mnist", "FashionMNIST"), ("kmnist", "KMNIST")],
)
def test_the_layout_of_torchvision(tmp_path, mnist_folder, name, folder, packed):
    x, y, test_x, test_y = mnist_folder(tmp_path, folder, packed)
    assert available(name, [tmp_path])
    train, test = load(name, [tmp_path])
    assert np.array_equal(train.images[:, 0].numpy(), x)
    assert np.array_equal(test.images[:, 0].numpy(), test_x)
    assert (train.labels.tolist(), test.labels.tolist()) == (y.tolist(), test_y.tolist())
    assert len(train.classes) == 10


def test_what_is_not_there(tmp_path, mnist_folder):
    assert not available("mnist", [tmp_path])
    with pytest.raises(InputError, match="MNIST is not on this machine"):
        load("mnist", [tmp_path])
    mnist_folder(tmp_path)
    (tmp_path / "MNIST" / "raw" / MNIST_FILES[3]).unlink()
    assert found("mnist", [tmp_path]) is None
    with pytest.raises(InputError, match="no data set called 'minst'"):
        found("minst", [tmp_path])


def cut(path, keep):
    path.write_bytes(path.read_bytes()[:keep])


def repack(path, change):
    path.write_bytes(gzip.compress(change(gzip.decompress(path.read_bytes()))))


@pytest.mark.parametrize(
    ("damage", "match"),
    [
        (lambda path: cut(path, 900), "cannot be read to its end"),
        (lambda path: path.write_bytes(b"<html>not found</html>"), "cannot be read"),
        (lambda path: repack(path, lambda data: data[:-5]), "23,515 of the 23,520"),
        (lambda path: repack(path, lambda data: data + b"x"), "more than the 23,520"),
        (lambda path: repack(path, lambda data: data[:9]), "within its header"),
        (lambda path: repack(path, lambda data: b"\0\0\x0d" + data[3:]), "not an idx file"),
        (lambda path: repack(path, lambda data: data[:4] + b"\xff" * 12), "announces"),
    ],
)
def test_a_damaged_file_is_named_with_the_remedy(tmp_path, mnist_folder, damage, match):
    mnist_folder(tmp_path)
    damage(tmp_path / "MNIST" / "raw" / MNIST_FILES[0])
    with pytest.raises(InputError, match=match) as caught:
        load("mnist", [tmp_path])
    assert MNIST_FILES[0] in str(caught.value)
    assert "Delete it" in str(caught.value)


def test_files_that_do_not_belong_together(tmp_path, mnist_folder):
    mnist_folder(tmp_path)
    raw = tmp_path / "MNIST" / "raw"
    (raw / MNIST_FILES[1]).write_bytes((raw / MNIST_FILES[3]).read_bytes())
    with pytest.raises(InputError, match=r"30 pictures .* 20 labels"):
        load("mnist", [tmp_path])
    with pytest.raises(InputError, match="is missing"):
        read_idx(raw / "no.gz", 3)


def test_the_folder_of_the_variable_goes_first(tmp_path, mnist_folder, monkeypatch):
    own, given = tmp_path / "own", tmp_path / "given"
    for root in (own, given):
        mnist_folder(root)
    monkeypatch.setenv(VARIABLE, str(given))
    assert data_roots(own) == (given, own)
    assert found("mnist", data_roots(own)) == given / "MNIST" / "raw"
    monkeypatch.delenv(VARIABLE)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert data_roots() == (tmp_path / "cache" / "deep-learning-explorer" / "data",)
    assert found("mnist") is None


def cifar_files():
    """Records by the definition: the label, then the red, green and blue planes."""
    chance = np.random.default_rng(3)
    files = {}
    for name in (*(f"data_batch_{i}.bin" for i in range(1, 6)), "test_batch.bin"):
        x = chance.integers(0, 256, (4, 32, 32, 3), dtype=np.uint8)
        y = chance.integers(0, 10, 4, dtype=np.uint8)
        data = b"".join(
            bytes([label]) + b"".join(image[:, :, c].tobytes() for c in range(3))
            for image, label in zip(x, y, strict=True)
        )
        files[name] = (x, y, data)
    return files


def cifar_archive(path, files):
    with tarfile.open(path, "w:gz") as archive:
        for name, (_, _, data) in files.items():
            member = tarfile.TarInfo(f"cifar-10-batches-bin/{name}")
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))


@pytest.mark.parametrize("packed", [True, False])
def test_cifar_in_its_binary_version(tmp_path, packed):
    files = cifar_files()
    if packed:
        cifar_archive(tmp_path / "cifar-10-binary.tar.gz", files)
    else:
        (tmp_path / "cifar-10-batches-bin").mkdir()
        for name, (_, _, data) in files.items():
            (tmp_path / "cifar-10-batches-bin" / name).write_bytes(data)
    train, test = load("cifar10", [tmp_path])
    x = np.concatenate([files[f"data_batch_{i}.bin"][0] for i in range(1, 6)])
    assert np.array_equal(train.images.permute(0, 2, 3, 1).numpy(), x)
    assert test.labels.tolist() == files["test_batch.bin"][1].tolist()
    assert train.classes[3] == "cat"


def test_cifar_damaged_or_pickled(tmp_path):
    archive = tmp_path / "cifar-10-binary.tar.gz"
    cifar_archive(archive, cifar_files())
    cut(archive, 30_000)
    with pytest.raises(InputError, match="is damaged"):
        load("cifar10", [tmp_path])
    files = cifar_files()
    files["test_batch.bin"] = (0, 0, b"\0" * 3000)
    cifar_archive(archive, files)
    with pytest.raises(InputError, match=r"test_batch.bin is missing .* or cut off"):
        load("cifar10", [tmp_path])
    archive.unlink()
    (tmp_path / "cifar-10-batches-py").mkdir()
    with pytest.raises(InputError, match="Python pickles"):
        load("cifar10", [tmp_path])


def test_a_part_of_cifar(tmp_path):
    x, y, _ = cifar_files()["test_batch.bin"]
    (tmp_path / "cifar10").mkdir()
    path = tmp_path / "cifar10" / "cifar10_train_first4000.npz"
    np.savez(path, x=x, y=y)
    data, test = load("cifar10_small", [tmp_path])
    assert np.array_equal(data.images.permute(0, 2, 3, 1).numpy(), x)
    assert (data.labels.tolist(), test) == (y.tolist(), None)
    np.savez(path, x=np.array([{}], dtype=object), y=y)  # would need a pickle
    with pytest.raises(InputError, match="does not hold"):
        load("cifar10_small", [tmp_path])


def test_the_digits_are_always_there():
    data, test = load("digits", [])
    original = load_digits()
    assert (len(data), test, data.shape) == (1797, None, (1, 28, 28))
    assert data.labels.tolist() == original.target.tolist()
    assert data.images.max() == 255
    ink = data.images[:, 0].double()
    total = ink.sum((1, 2))
    places = torch.arange(28)
    for axis in (1, 2):  # the centre of mass is at MNIST's, as far as whole pixels allow
        centre = (ink.sum(3 - axis) * places).sum(1) / total
        assert ((centre - 14).abs() < 0.51).all()
    # The ink itself is that of the original: the mean of 20×20 pixels is that of 8×8.
    share = total / 255 / 400 - torch.tensor(original.images).mean((1, 2)) / 16
    assert share.abs().max() < 0.02


def test_the_registry_says_what_there_is():
    data, _ = load("digits", [])
    assert IMAGE_SETS["digits"].training == len(data)
    assert [name for name, source in IMAGE_SETS.items() if source.offline] == ["digits"]
    assert (image_set_named("mnist").megabytes, image_set_named("cifar10").megabytes) == (
        11.6,
        170.1,
    )
    for source in IMAGE_SETS.values():
        for resource in source.resources:
            assert len(resource.md5) == 32
            assert all(url.endswith(resource.path.split("/")[-1]) for url in resource.urls)
    with pytest.raises(InputError, match="There are: digits, mnist"):
        image_set_named("nothing")


@with_data
def test_the_real_mnist():
    train, test = load("mnist")
    assert (train.images.shape, len(test)) == ((60_000, 1, 28, 28), 10_000)
    # Published: LeCun, Cortes & Burges; the mean and spread that every course uses.
    assert train.counts() == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    mean, std = mean_and_std(train)
    assert (round(float(mean), 4), round(float(std), 4)) == (0.1307, 0.3081)
    raw = found("mnist")
    for resource in IMAGE_SETS["mnist"].resources:
        data = (raw / resource.path.split("/")[-1]).read_bytes()
        assert hashlib.md5(data).hexdigest() == resource.md5
        assert len(data) == resource.size
