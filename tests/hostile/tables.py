"""Tables and texts that nobody should send: endless, in the wrong letters, full of traps."""

import gzip

FORMULAS = '=cmd|"/c calc"!A1,@SUM(1+1)\n=HYPERLINK("http://x"),1\n2,3\n'
PIXELS = ",".join(f"pixel{at}" for at in range(1, 785))


def signs(*rows, head=f"label,{PIXELS}"):
    return "\n".join([head, *rows]).encode()


def tables():
    """All of them, by the names of their files."""
    row = ",".join(["0"] * 784)
    wide = ",".join(["1"] * 300_000)
    return {
        "empty.csv": b"",
        "blank.csv": b"\n \n,,,\n;;\n",
        "no_newline.csv": b"x,y,1,2",
        "nul.csv": b"x,y\n1,\0\n2,3",
        "latin.csv": "größe;länge\n1,5;2\n2;3".encode("latin-1"),
        "utf16.csv": "x,y,kind\n1,2,a\n3,4,b".encode("utf-16"),
        "half_utf16.csv": "x,y\n1,2\n3,4".encode("utf-16")[:-1],
        "wrong_utf8.csv": b"x,y\n1,2\n\xff\xfe\xfa,4",
        "formulas.csv": FORMULAS.encode(),
        "columns.csv": f"{wide}\n{wide}".encode(),
        "columns_only.csv": b"," * 1_000_000,
        "lines.csv": b"\n" * 1_500_000,
        "not_finite.csv": b"x,y,kind\nnan,inf,a\n-inf,1e999,b\n1,2,a",
        "huge.csv": b"x,y,kind\n1.7e308,-1.7e308,a\n-1.7e308,1.7e308,b\n1,2,a",
        "digits.csv": b"x,y,kind\n" + b"9" * 400_000 + b",1,a\n2,3,b\n",
        "exponent.csv": b"x,y,kind\n1e999999999999,1,a\n2,3,b\n",
        "cell.csv": b"x,y\n" + b'"' + b"a" * 300_000 + b'",1\n2,3',
        "quote.csv": b'x,y\n1,"2\n3,4\n',
        "ragged.csv": b"x,y\n1,2,3\n4\n5,6,7,8\n",
        "same_names.csv": (",".join(["a"] * 90) + "\n" + ",".join(["1"] * 90)).encode(),
        "markup.csv": b"<img src=x onerror=alert(1)>,<b>\n1,2\n3,4\n",
        "bidi.csv": "\u202ex,\u200by,k\n1,2,\u202ea\n3,4,b\n".encode(),
        "classes.csv": ("x,y,k\n" + "\n".join(f"{at},{at},{at}" for at in range(60))).encode(),
        "unicode_digits.csv": "x,y,k\n١,٢,a\n٣,٤,b\n1_0,2,a\n".encode(),
        "signs_short.csv": signs("1,0,0"),
        "signs_nan.csv": signs("1," + row.replace("0", "nan", 1), "2," + row),
        "signs_huge.csv": signs("1," + row.replace("0", "1e400", 1), "2," + row),
        "signs_labels.csv": signs(*[f"{at},{row}" for at in range(120)]),
        "signs_label.csv": signs(f"{'9' * 9000},{row}", f"²,{row}", f"1,{row}"),
        "signs_twice.csv": signs(f"1,{row}", head=f"label,label,{PIXELS}"),
        "bomb.csv.gz": gzip.compress(bytes(130_000_000), 9),
        "half.csv.gz": gzip.compress(signs("1," + row))[:60],
    }
