"""Values and texts that no control of a page would ever send."""

import math

DEEP = []
for _ in range(300):
    DEEP = [DEEP]

VALUES = {
    "nothing": None,
    "true": True,
    "minus one": -1,
    "zero": 0,
    "one": 1,
    "two to the 63": 2**63,
    "400 digits": 10**400,
    "largest": 1.7e308,
    "nan": math.nan,
    "infinity": math.inf,
    "empty": "",
    "word": "abc",
    "nan as text": "nan",
    "1e999": "1e999",
    "5000 digits": "9" * 5000,
    "arabic digit": "٣",
    "right to left": "\u202eabc",
    "markup": "<script>alert(1)</script>",
    "path": "../../etc/passwd",
    "nul": "\0",
    "half a letter": "\ud800",
    "list": [],
    "list in a list": [[]],
    "nans": [math.nan] * 3,
    "pairs": [[1, 2]],
    "nothings": [None],
    "deep": DEEP,
    "long text": "x" * 100_000,
    "long list": [1] * 100_000,
    "mapping": {"a": 1},
    "mappings": [{}],
    "inside of Python": "__class__",
    "attributes": "a.__init__.b",
    "a setting": "rate",
    "part of a setting": "neuron_9",
    "base64": "AAAA",
}

TEXTS = [
    *("", " ", "0", "-1", "1e309", "nan", "inf", "-inf", "9" * 5000, "1_0", "٣", "½", "0x10"),
    *("true", "None", "null", "[]", "{}", "\0", "\u202e1", "§", "a" * 100_000, "1," * 50_000),
    *("<script>alert(1)</script>", "'; DROP TABLE runs; --", "../../../etc/passwd", "%2e%2e%2f"),
    *("__import__('os').system('x')", "x.__class__.__mro__", "${7*7}", "{{7*7}}", "~" * 99),
    *("(" * 50_000, "x" + "**9" * 3000, "-" * 50_000 + "x", "9**9**9**9", "exp(" * 3000 + "x"),
    *("relu,relu", "own", "own,own", "0.1x9999999999", "0.1x1;" * 20_000, "1,2;" * 20_000, ";;;"),
    *("stored:../../x", "stored:" + "a" * 65, "20250101-000000-abcdef", "none", "~AAAA", "|~|~"),
    *("hflip:nan", "rotation:degrees=1e999", "conv 99999999 9", "linear 1e9;" * 5000),
    "16:tanh;" * 9,
]
