import numpy as np
import pytest

from core.csv_points import read_table
from core.errors import InputError
from core.networks.csv_classes import to_plane


def test_words_as_classes():
    table = read_table("a,b,kind\n1,2,cat\n-3,4.5,dog\n0,0,cat\n")
    data, names, said = to_plane(table, "a", "b", "kind")
    assert data.x.tolist() == [[1, 2], [-3, 4.5], [0, 0]]
    assert (data.y.tolist(), names, said) == ([0, 1, 0], ("cat", "dog"), None)


def test_large_numbers_are_scaled_and_it_is_said():
    table = read_table("a;b;c\n100,5;2;10\n300,5;4;2\n200,5;3;2\n")
    data, names, said = to_plane(table, "a", "b", "c")
    assert data.x.tolist() == [[-5, -5], [5, 5], [0, 0]]
    assert names == ("2", "10")
    assert data.y.tolist() == [1, 0, 0]
    assert "scaled" in said


def test_long_tables_are_thinned_and_it_is_said():
    rows = "\n".join(f"{i / 1000},{np.sin(i):.3f},{i % 2}" for i in range(5000))
    data, _, said = to_plane(read_table("a,b,c\n" + rows), "a", "b", "c")
    assert len(data) == 2000
    assert "5,000" in said


@pytest.mark.parametrize(
    ("text", "columns", "match"),
    [
        ("a,b,c\n1,2,0\n3,x,1\n", "abc", "Row 3"),
        ("a,b,c\n1,2,0\n3,4,0\n", "abc", "1 different"),
        ("a,b,c\n1,2,0\n3,4,1\n", "abb", "three different"),
        ("a,b,c\n1,2,0\n3,4,1\n", "abz", "no column"),
        ("a,b,c\n" + "\n".join(f"1,2,{i}" for i in range(7)), "abc", "7 different"),
    ],
)
def test_tables_that_cannot_be_used(text, columns, match):
    with pytest.raises(InputError, match=match):
        to_plane(read_table(text), *columns)
