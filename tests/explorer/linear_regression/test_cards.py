import json
import math
import re

import numpy as np
import pytest
from gestures import course, do

from core.regression.datasets import DATASETS
from core.regression.losses import LOSSES
from explorer.components.packing import finite
from explorer.glossary import TERM, terms
from explorer.linear_regression.cards import board_message
from explorer.linear_regression.lesson import LinearRegression

STEP = {"type": "step", "count": 1}
# Runs each source it is given; one process, as PyTorch takes a second to import.


def card(lesson, kind):
    cards = board_message(lesson, None)[0]["cards"]
    (found,) = [one for one in cards if one["kind"] == kind]
    return found


def rows(lesson):
    return {
        row["symbols"]: (row["numbers"], row["result"]) for row in card(lesson, "formulas")["rows"]
    }


def number(text):
    return float(text.replace("−", "-"))


def value(text):
    """The value of a formula with numbers in it, read as a person reads it."""
    plain = text.replace("−", "-").replace("·", "*")
    assert re.fullmatch(r"[-0-9.e*/() ]+", plain), text
    return eval(plain, {"__builtins__": {}})


# -- numbers in the formulas ---------------------------------------------------------


def test_the_formulas_of_the_course():
    shown = rows(course())
    assert shown == {
        "MSE = 1/*n* Σ (*ŷ* − *y*)²": ("1/2 · 5.00", "2.500"),
        "∂MSE/∂*m* = 2/*n* Σ (*ŷ* − *y*) *x*": ("2/2 · (−3.00)", "−3.000"),
        "∂MSE/∂*b* = 2/*n* Σ (*ŷ* − *y*)": ("2/2 · (−1.00)", "−1.000"),
        "*m* := *m* − *λ* ∂MSE/∂*m*": ("−1.000 − 0.1 · (−3.000)", "−0.700"),
        "*b* := *b* − *λ* ∂MSE/∂*b*": ("5.000 − 0.1 · (−1.000)", "5.100"),
    }
    assert card(course(), "formulas")["note"] == "Step 1 would do this"


def test_the_symbols_of_the_other_losses():
    mae, huber = rows(course(loss="mae")), rows(course(loss="huber"))
    # Residuals ŷ − y are 1 and −2: |1| + |−2| = 3, signs 1 and −1.
    assert mae["MAE = 1/*n* Σ |*ŷ* − *y*|"] == ("1/2 · 3.00", "1.500")
    assert mae["∂MAE/∂*m* = 1/*n* Σ sign(*ŷ* − *y*) *x*"] == ("1/2 · (−1.00)", "−0.500")
    assert mae["∂MAE/∂*b* = 1/*n* Σ sign(*ŷ* − *y*)"] == ("1/2 · 0.00", "0.000")
    # h(1) = ½, h(−2) = 2 − ½; clipped residuals 1 and −1.
    assert huber["Huber = 1/*n* Σ *h*(*ŷ* − *y*)"] == ("1/2 · 2.00", "1.000")
    assert huber["∂Huber/∂*m* = 1/*n* Σ clip(*ŷ* − *y*) *x*"] == ("1/2 · (−1.00)", "−0.500")


@pytest.mark.parametrize("data", DATASETS)
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("batch", ["full", "mini", "one"])
def test_the_numbers_in_the_formulas_give_the_results(data, loss, batch):
    lesson = LinearRegression({"data": data, "loss": loss, "batch": batch, "path": "0.02x3"})
    shown = rows(lesson)
    assert len(shown) == 5
    for symbols, (numbers, result) in shown.items():
        # The sums are shown with two decimals, so the product is as exact as that.
        assert value(numbers) == pytest.approx(number(result), abs=0.012), symbols
    used = len(lesson.descent.next_batch())
    letter = "*n*" if used == len(lesson.points) else "*k*"
    assert sum(f"/{letter} Σ" in symbols for symbols in shown if symbols[0] == "∂") == 2
    results = [number(result) for _, result in shown.values()]
    do(lesson, {"type": "set", "name": "rate", "value": lesson.settings.rate}, STEP)
    now = lesson.descent.current
    assert results[3:] == pytest.approx([now.m, now.b], abs=6e-4)


def test_exploded_numbers_are_named():
    lesson = do(course(rate="4"), {"type": "step", "count": 100})
    shown = card(lesson, "formulas")
    assert shown["note"] == "The numbers have exploded"
    assert len(shown["rows"]) == 1


# -- table ---------------------------------------------------------------------------


def test_the_table_of_the_course():
    shown = card(course(), "table")
    assert shown["rows"] == [["1.00", "3.00", 4, 1, 1], ["2.00", "5.00", 3, -2, 4]]
    assert shown["totals"] == [["MSE", "2.5000"], ["RMSE", "1.5811"]]
    assert shown["least"] == "smallest possible 0.0000"
    assert shown["refused"] is None


def test_other_losses_keep_the_root_of_the_mse():
    assert card(course(loss="mae"), "table")["totals"] == [["MAE", "1.5000"], ["RMSE", "1.5811"]]
    assert [row[4] for row in card(course(loss="huber"), "table")["rows"]] == [0.5, 1.5]


def test_a_cell_shows_all_its_digits():
    lesson = course(own="-0.125,3;2,-5.123456789")
    assert [row[:2] for row in card(lesson, "table")["rows"]] == [
        ["−0.125", "3.00"],
        ["2.00", "−5.123456789"],
    ]


def test_a_refusal_stands_in_the_table_until_the_next_gesture():
    lesson = do(course(), {"type": "cell", "index": 0, "column": "x", "text": "one"})
    assert "Point 1" in card(lesson, "table")["refused"]
    assert card(do(lesson, STEP), "table")["refused"] is None


# -- curve, doctor, prose ------------------------------------------------------------


def test_the_curve_is_the_loss_of_every_step():
    lesson = do(course(), {"type": "step", "count": 10}, {"type": "rewind", "index": 4})
    header, losses = board_message(lesson, "t")
    shown = card(lesson, "curve")
    assert header["ack"] == "t"
    assert (shown["from"], shown["count"], shown["shown"]) == (0, 11, 4)
    wanted = np.array([step.loss for step in lesson.descent.steps])
    assert losses == pytest.approx(wanted, rel=1e-6)
    assert shown["floor"] > 0


def test_a_change_of_the_rate_is_marked_where_it_happened():
    lesson = do(course(), *[STEP] * 3, {"type": "set", "name": "rate", "value": 0.02}, *[STEP] * 2)
    assert card(lesson, "curve")["events"] == [{"step": 3, "text": "λ 0.02"}]
    for k in range(12):
        do(lesson, {"type": "set", "name": "rate", "value": 0.03 + k / 100}, STEP)
    assert [event["step"] for event in card(lesson, "curve")["events"]] == list(range(11, 17))


def test_an_explosion_is_drawn_and_is_json():
    lesson = do(LinearRegression({"rate": "4"}), {"type": "step", "count": 100})
    header, losses = board_message(lesson, None)
    json.dumps(finite(header), allow_nan=False)
    assert not np.isinf(losses).any()
    assert card(lesson, "doctor")["level"] == "warning"


def test_the_doctor_explains_rate_two():
    lesson = course(rate="2")
    shown = card(do(lesson, {"type": "step", "count": 100}), "doctor")
    assert "diverged" in shown["text"]
    assert shown["remedy"] == lesson.finding().remedy.label
    assert card(course(start="2,1"), "doctor")["remedy"] is None


def test_every_term_on_the_cards_is_explained():
    lesson = LinearRegression()
    header = board_message(lesson, None)[0]
    for _ in range(6):
        text = json.dumps(board_message(lesson, None)[0]["cards"], ensure_ascii=False)
        assert set(TERM.findall(text)) <= header["glossary"].keys()
        do(lesson, {"type": "choose", "option": 0}, {"type": "reveal"})
        text = json.dumps(card(lesson, "question"), ensure_ascii=False)
        assert set(TERM.findall(text)) <= header["glossary"].keys()
        do(lesson, {"type": "next_question"})
    assert header["glossary"].items() <= terms().items()
    prose = card(lesson, "prose")
    assert prose["title"] == "What you are looking at"
    assert len(prose["paragraphs"]) >= 3


# -- this screen as PyTorch ----------------------------------------------------------


def test_every_script_prints_the_numbers_of_its_page(fresh_python):
    lessons = []
    for data in DATASETS:
        for loss in LOSSES:
            for batch in ("full", "mini", "one"):
                lesson = LinearRegression({"data": data, "loss": loss, "batch": batch, "seed": "3"})
                do(lesson, {"type": "step", "count": 7})
                do(lesson, {"type": "set", "name": "rate", "value": 0.04}, *[STEP] * 4)
                lessons.append(lesson)
    lessons.append(do(course(rate="2"), {"type": "step", "count": 100}))
    lessons.append(do(course(), {"type": "step", "count": 10}, {"type": "rewind", "index": 3}))
    lessons.append(course())
    sources = [card(lesson, "script")["source"] for lesson in lessons]
    for lesson, printed in zip(lessons, fresh_python.each(sources), strict=True):
        lines = dict(line.split(" = ") for line in printed.splitlines())
        now, residual = lesson.descent.current, None
        residual = now.m * lesson.points.x + now.b - lesson.points.y
        wanted = {"m": now.m, "b": now.b, lesson.loss.label: now.loss}
        wanted["RMSE"] = math.sqrt(float((residual**2).mean()))
        numbers = {name: float(text) for name, text in lines.items()}
        assert numbers == pytest.approx(wanted, rel=1e-6, abs=1e-6)


def test_the_script_is_a_file_to_take_away():
    shown = card(course(), "script")
    assert shown["filename"] == "linear_regression.py"
    assert shown["source"].startswith("import torch\n")
    assert shown["source"].endswith("\n")
