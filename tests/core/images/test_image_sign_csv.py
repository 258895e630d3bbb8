import gzip
import os
import time
from pathlib import Path

import numpy as np
import pytest

from core.errors import InputError
from core.images.sign_csv import read_sign_csv

SIGNS = Path(os.environ.get("EXPLORER_DATA_DIR", "/nowhere")) / "sign_mnist"
PIXELS = [f"pixel{number}" for number in range(1, 785)]


def pictures(n, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (n, 784))


def table(labels, values, header="label", delimiter=",", order=None):
    """A table with its columns in the given order; the label is column 0."""
    order = list(range(785)) if order is None else order
    rows = [[header, *PIXELS]]
    rows += [[label, *row] for label, row in zip(labels, values.tolist(), strict=True)]
    return "\n".join(delimiter.join(str(row[at]) for at in order) for row in rows).encode()


@pytest.mark.parametrize("header", ["label", "class", "Label"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_letters_without_j(header, delimiter):
    values = pictures(5)
    data = read_sign_csv(table([0, 24, 10, 8, 0], values, header, delimiter))
    assert data.classes == ("A", "I", "K", "Y")
    assert [data.classes[label] for label in data.labels] == ["A", "Y", "K", "I", "A"]
    assert np.array_equal(data.images.reshape(5, 784).numpy(), values)
    assert data.shape == (1, 28, 28)


def test_columns_in_any_order():
    values, order = pictures(4), np.random.default_rng(1).permutation(785).tolist()
    plain = read_sign_csv(table([1, 2, 1, 2], values))
    mixed = read_sign_csv(table([1, 2, 1, 2], values, order=order))
    assert mixed.images.equal(plain.images)
    assert mixed.labels.equal(plain.labels)


def test_other_labels_name_the_classes():
    assert read_sign_csv(table([9, 10, 9], pictures(3))).classes == ("9", "10")
    data = read_sign_csv(table(["cat", "dog", "cat"], pictures(3)))
    assert (data.classes, data.labels.tolist()) == (("cat", "dog"), [0, 1, 0])


def test_a_test_file_has_the_classes_of_the_training_file():
    train = read_sign_csv(table([0, 1, 2], pictures(3)))
    test = read_sign_csv(table([2, 2], pictures(2)), classes=train.classes)
    assert (test.classes, test.labels.tolist()) == (("A", "B", "C"), [2, 2])
    with pytest.raises(InputError, match='Row 3 has "7" as its label') as caught:
        read_sign_csv(table([2, 7], pictures(2)), classes=train.classes)
    assert caught.value.row == 3


def test_dialects():
    values = pictures(2)
    plain = table([0, 1], values)
    expected = read_sign_csv(plain)
    lines = plain.decode().split("\n")
    quoted = '"' + lines[1].replace(",", '","') + '"'
    for variant in (
        b"\xef\xbb\xbf" + plain,
        gzip.compress(plain),
        plain.replace(b"\n", b"\r\n") + b"\r\n\r\n",
        plain.replace(b"pixel", b"Pixel "),
        "\n".join([lines[0], "", quoted, ",,", lines[2]]).encode(),
        "\n".join([lines[0], *(line + ".0" for line in lines[1:])]).encode(),
    ):
        assert read_sign_csv(variant).images.equal(expected.images)


def changed(cell, value, rows=4, blank=0):
    """A table whose third row has another value in one cell."""
    lines = table([0, 1] * (rows // 2), pictures(rows)).decode().split("\n")
    cells = lines[2].split(",")
    cells[cell : cell + 1] = value
    lines[2] = ",".join(cells)
    return "\n".join([lines[0], *[""] * blank, *lines[1:]]).encode()


@pytest.mark.parametrize(
    ("data", "match", "row"),
    [
        (changed(5, ["256"]), 'Row 3 has "256" as its pixel 5, not a whole', 3),
        (changed(5, ["-1"]), 'Row 3 has "-1" as its pixel 5', 3),
        (changed(5, ["0.5"]), 'Row 3 has "0.5"', 3),
        (changed(784, ["x"], blank=2), 'Row 5 has "x" as its pixel 784', 5),
        (changed(5, [""]), "Row 3 has nothing as its pixel 5", 3),
        (changed(5, ["nan"]), 'Row 3 has "nan"', 3),
        (changed(5, ["1", "2"]), "Row 3 has 786 cells instead of 785", 3),
        (changed(5, []), "Row 3 has 784 cells", 3),
        (changed(0, [""]), "Row 3 has nothing as its label", 3),
        (table([0, 1], pictures(2)).replace(b"label", b"letter"), "label", 1),
        (table([0, 1], pictures(2)).replace(b"pixel7,", b"pixel8,"), "784 columns", 1),
        (table([], pictures(0)), "no picture below", None),
        (table([3, 3], pictures(2)), "1 different", None),
        (b"", "empty", None),
        (b"PK\x03\x04\0\0", "not a text file", None),
        (b"\x1f\x8bnot packed at all", "packed file is damaged", None),
        (b"1" * 121_000_000, "larger than 120 MB", None),
        (gzip.compress(b"1" * 121_000_000), "larger than 120 MB", None),
    ],
)
def test_what_is_wrong_is_said_with_its_row(data, match, row):
    with pytest.raises(InputError, match=match) as caught:
        read_sign_csv(data)
    assert caught.value.row == row


@pytest.mark.skipif(not SIGNS.is_dir(), reason="needs EXPLORER_DATA_DIR with sign_mnist")
def test_the_real_files():
    few = read_sign_csv((SIGNS / "sign_mnist_13bal_train.csv").read_bytes())
    assert few.counts() == [13] * 10
    assert "".join(few.classes) == "ABCDEFGHIK"
    start = time.process_time()
    whole = read_sign_csv((SIGNS / "sign_mnist_test_minmax_stretched.csv.gz").read_bytes())
    assert "".join(whole.classes) == "ABCDEFGHIKLMNOPQRSTUVWXY"
    assert len(whole) == 7172  # the size that its authors give
    assert time.process_time() - start < 5
