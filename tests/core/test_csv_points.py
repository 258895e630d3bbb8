import codecs
import zlib

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.csv_points import Table, read_table, to_points
from core.errors import InputError

PAIRS = [(1.0, 3.0), (2.0, 5.5), (-3.0, 0.25)]


def points_of(data, **names):
    table = read_table(data)
    x, y = table.columns[:2]
    points, notice = to_points(table, names.get("x", x), names.get("y", y))
    assert notice is None
    return points.pairs()


@pytest.mark.parametrize(
    "text",
    [
        "x,y\n1,3\n2,5.5\n-3,0.25\n",
        "x;y\n1;3\n2;5.5\n-3;.25",
        "x\ty\r\n1\t3\r\n2\t5.5\r\n-3\t2.5e-1\r\n",
        "x;y\n1;3\n2;5,5\n-3;0,25\n",
        "x\ty\n1,0\t3\n2,0\t5,5\n-3,0\t,25\n",
        "1,3\n2,5.5\n-3,0.25\n",
        '"x","y"\n"1","3"\n"2","5.5"\n"-3","0.25"\n',
        "\n\nx,y\n\n1,3\n\n2,5.5\n,\n-3,0.25\n\n\n",
        "x,y,\n1,3,\n2,5.5,\n-3,0.25,\n",
        "x,y,,\n1,3\n2,5.5,,\n-3,0.25,\n",
        " x , y \n 1 , 3 \n +2 ,\t5.5\n −3 , 0.25\n",
        "x,y\r1,3\r2,5.5\r-3,0.25\r",
        "\ufeffx,y\n1,3\n2,5.5\n-3,0.25\n",
    ],
)
@pytest.mark.parametrize("encoding", ["text", "utf-8", "utf-8-sig", "utf-16"])
def test_dialects(text, encoding):
    assert points_of(text if encoding == "text" else text.encode(encoding)) == PAIRS


def test_utf_16_of_both_orders_and_latin_1():
    text = "größe,höhe\n1,3\n2,5.5\n-3,0.25\n"
    for data in (
        codecs.BOM_UTF16_LE + text.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
        text.encode("latin-1"),
        text.encode(),
    ):
        assert read_table(data).columns == ("größe", "höhe")
        assert points_of(data) == PAIRS


def test_names_of_columns():
    assert read_table("1,3\n2,5\n").columns == ("column 1", "column 2")
    assert read_table("a,,a,a\n1,2,3,4\n").columns == ("a", "column 2", "a (2)", "a (3)")
    assert read_table('"two\nlines",b\n1,2\n').columns == ("two lines", "b")
    assert len(read_table("n" * 500 + ",b\n1,2\n").columns[0]) == 60


def test_the_table_keeps_the_text_and_counts_like_a_spreadsheet():
    table = read_table("name,age\n\nAda,36\n\nAlan,41\n")
    assert table == Table(("name", "age"), (("Ada", "36"), ("Alan", "41")), (3, 5), False)


def test_numeric_columns():
    table = read_table("name;size;typo;half\nA;1,5;1;1\nB;2,5;x;x\nC;3,5;2;nan\nD;4;3;3\n")
    assert table.numeric_columns() == ("size", "typo")
    assert points_of("a,b,c\n1,x,2\n2,y,5\n", y="c") == [(1, 2), (2, 5)]


def test_a_comma_is_decimal_only_where_there_are_no_points():
    assert points_of("x;y\n1,5;2\n3;4\n") == [(1.5, 2), (3, 4)]
    with pytest.raises(InputError, match='Row 2: "1,234" in column "x" is not a number'):
        points_of("x;y\n1,234;2.5\n3;4\n")


@pytest.mark.parametrize(
    ("text", "row", "sentence"),
    [
        (
            "age,height\n1,2\n2,3\n3,abc\n",
            4,
            'Row 4: "abc" in column "height" is not a number. Correct it or choose another column.',
        ),
        ("age,height\n1,2\n\n\n3,abc\n", 5, 'Row 5: "abc" in column "height"'),
        ("1,2\n2,3\n3,abc\n", 3, 'Row 3: "abc" in column "column 2"'),
        ("a,b\n1,2\n,3\n", 3, 'Row 3: the cell in column "a" is empty'),
        ("a,b\n1,nan\n2,3\n", 2, 'Row 2: "nan" in column "b" is no finite number'),
        ("a,b\n1,2\n-inf,3\n", 3, 'Row 3: "-inf" in column "a" is no finite number'),
        ("a,b\n1,2\n2,1e7\n", 3, 'Row 3: "1e7" in column "b" is beyond ±1,000,000'),
        ("a,b\n1,2\n2,1e999\n", 3, 'Row 3: "1e999" in column "b" is beyond'),
        ("a,b\n1,2\n2,1_0\n", 3, 'Row 3: "1_0" in column "b" is not a number'),
        ("a,b\n1,2\n2,٣\n", 3, "is not a number"),
        ("a,b\n1,2\n2,3,4\n", 3, "Row 3 has 3 cells, but row 1 has 2"),
        ("a,b,c\n1,2,3\n2\n", 3, "Row 3 has 1 cell, but 3 are needed"),
        ("a,b\n1,2\n2," + "9" + "x9" * 100 + "\n", 3, "x9x9x9…"),
        ("a,b\n1,2\n2," + "9" * 140_000 + "\n", 3, "Row 3 cannot be read"),
        ('a,b\n1,2\n"2,3\n4,5\n', 3, "Row 3 has 1 cell"),
        ("a,b\n3,1\n3,2\n3,4\n", None, 'All 3 values in column "a" are 3, so no slope'),
        ("a,b\n1,2\n", None, "Two points are the least a line needs"),
        ("1,2", None, "Two points are the least a line needs"),
        ("a,b\n", None, "a header but no row below it"),
        ("a\n1\n2\n", None, "Only one column was found"),
        ("1 2\n3 4\n", None, "Only one column was found"),
        ("", None, "is empty"),
        (" \n\n ", None, "is empty"),
        (",,,\n;;\n", None, "is empty"),
        ('""\n""\n', None, "No row has anything in it"),
        (",".join("abcde" * 30) + "\n", None, "The table has 150 columns; the limit is 100"),
    ],
)
@pytest.mark.parametrize("kind", [str, str.encode])
def test_refusals_name_the_row_and_the_remedy(text, row, sentence, kind):
    with pytest.raises(InputError) as caught:
        points_of(kind(text))
    assert sentence in str(caught.value)
    assert caught.value.row == row


def test_a_mistake_in_another_column_does_not_matter():
    assert points_of("a,b,note\n1,2,\n2,3,ok\n") == [(1, 2), (2, 3)]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "not a text file"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "not a text file"),
        (b"PK\x03\x04\x14\x00", "save it as CSV"),
        (b"1,2\n\x00,3\n", "not a text file"),
        ("1,2\n3,4\n".encode("utf-16-le"), "not a text file"),
        (zlib.compress(bytes(range(256)) * 4), "not a text file"),
        (b"\xff\xfe\x31", "Only one column"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"", "is empty"),
    ],
)
def test_files_that_are_no_tables(data, sentence):
    with pytest.raises(InputError, match=sentence):
        read_table(data, name="cat.png")


def test_too_large():
    for data in (b"1,2\n" * 2_500_000, "1,2\n" * 2_500_000):
        with pytest.raises(InputError, match=r"big\.csv has 10\.0 MB; the limit is 2 MB"):
            read_table(data, name="big.csv")
    with pytest.raises(InputError, match=r"The file has 2\.1 MB"):
        read_table(b"x" * 2_100_000)


def test_long_tables_are_sampled_evenly_and_say_so():
    table = read_table("x,y\n" + "".join(f"{i},{2 * i}\n" for i in range(1200)))
    points, notice = to_points(table, "x", "y")
    assert len(points) == 500
    assert (points.x[0], points.x[-1]) == (0, 1199)
    assert set(np.diff(points.x)) == {2.0, 3.0}
    assert points.y.tolist() == (2 * points.x).tolist()
    assert notice == "Of 1,200 rows 500 are used, spread evenly over the table."
    exactly = read_table("x,y\n" + "".join(f"{i},{2 * i}\n" for i in range(500)))
    assert to_points(exactly, "x", "y")[1] is None


def test_the_largest_table_is_read():
    table = read_table(b"x,y\n" + b"1,2\n3,4\n" * 249_000)
    assert table.numeric_columns() == ("x", "y")
    assert len(to_points(table, "x", "y")[0]) == 500


def test_columns_that_cannot_be_chosen():
    table = read_table("a,b\n1,2\n3,4\n")
    with pytest.raises(InputError, match='no column "c"'):
        to_points(table, "a", "c")
    with pytest.raises(InputError, match="two different columns"):
        to_points(table, "a", "a")


table_like = st.text(alphabet="0123456789.,;\t\n\r\"'-+e x\ufeffé", max_size=80)


@given(
    st.one_of(table_like, st.text(max_size=80), st.binary(max_size=80), table_like.map(str.encode))
)
@example("\ud800,1\n2,3")
@example('"')
@example('a,"b\r\n')
@example(b"\xfe\xff\xd8\x00")
@example("1,2\n3,4\x00")
@example("1e308,2\n-1e308,3")
def test_nothing_but_input_error_leaves(data):
    try:
        table = read_table(data)
    except InputError:
        return
    assert all(len(row) == len(table.columns) for row in table.rows)
    assert len(table.rows) == len(table.row_numbers)
    assert len(set(table.columns)) == len(table.columns)
    assert set(table.numeric_columns()) <= set(table.columns)
    for y_column in table.columns[1:]:
        try:
            points, _ = to_points(table, table.columns[0], y_column)
        except InputError:
            continue
        assert len(points) == len(table.rows)


tidy = st.floats(-1e6, 1e6).map(lambda v: round(v, 6))


@given(
    st.lists(st.tuples(tidy, tidy), min_size=2, max_size=20).filter(
        lambda pairs: len({x for x, _ in pairs}) > 1
    ),
    st.sampled_from([",", ";", "\t"]),
    st.booleans(),
    st.booleans(),
    st.sampled_from(["\n", "\r\n", "\n\n"]),
)
def test_what_is_written_is_read(pairs, delimiter, header, comma, newline):
    rows = [f"{x!r}{delimiter}{y!r}" for x, y in pairs]
    if comma and delimiter != ",":
        rows = [row.replace(".", ",") for row in rows]
    text = newline.join([f"left{delimiter}right"] * header + rows)
    assert points_of(text) == pairs
