import ast

import numpy as np
import pytest
import torch
from activation_gestures import do, opened, put

from explorer.activations.cards import about, code, doctor, formulas
from explorer.activations.controls import stage_controls
from explorer.activations.lesson import Activations
from explorer.activations.stage import stage_message


def softmax_page(**settings):
    return Activations({"view": "softmax", **settings})


def shown(lesson):
    return stage_message(lesson, None)[0]["softmax"]


def powers(scores, temperature=1.0):
    """Softmax with NumPy, written down as in the textbook."""
    raised = np.exp(np.array(scores) / temperature)
    return raised / raised.sum()


def read(text):
    return float(text.replace("−", "-"))


@pytest.mark.parametrize(
    ("scores", "temperature"), [("2,1,0.1", "1"), ("5,5,5", "3"), ("-1,0.5,3,2,2,-4", "0.35")]
)
def test_the_numbers_are_those_of_the_textbook(scores, temperature):
    lesson = softmax_page(scores=scores, temperature=temperature, selected="2")
    z, t = [float(one) for one in scores.split(",")], float(temperature)
    p, found = powers(z, t), shown(lesson)
    assert found["probabilities"] == pytest.approx(p, rel=1e-12)
    row = [p[1] * ((j == 1) - p[j]) / t for j in range(len(z))]
    assert found["row"] == pytest.approx(row, abs=1e-12)
    assert max(map(abs, row)) <= found["steepest"]
    results = [read(one["result"]) for one in formulas(lesson)["rows"]]
    assert results[: len(z)] == pytest.approx(p, abs=0.5001e-4)
    other = max((j for j in range(len(z)) if j != 1), key=lambda j: p[j])
    rest = [p.sum(), row[1], row[other], -np.log(p[1])]
    assert results[len(z) :] == pytest.approx(rest, abs=0.5001e-4)
    assert "**1.0000**" in stage_message(lesson, None)[0]["rightReading"]


def test_the_formulas_hold_the_numbers_of_the_course():
    first, second, third, total, *_ = formulas(softmax_page())["rows"]
    assert first["numbers"] == "7.389 / 11.21"
    assert [row["result"] for row in (first, second, third)] == ["0.6590", "0.2424", "0.0986"]
    assert (total["numbers"], total["result"]) == ("0.6590 + 0.2424 + 0.0986", "1.0000")


def test_a_sum_too_large_for_a_float_is_written_with_the_largest_subtracted():
    rows = formulas(softmax_page(scores="1000,999,0"))["rows"]
    assert "max" in rows[0]["symbols"]
    assert rows[0]["numbers"] == "1 / 1.368"
    assert rows[0]["result"] == "0.7311"
    assert "max" not in formulas(softmax_page(scores="100,0,0"))["rows"][0]["symbols"]


def test_scores_are_taken_from_the_hand():
    lesson = do(softmax_page(), {"type": "score", "index": 2, "z": 3.14159})
    assert lesson.settings.scores == (2, 1, 3.14)
    assert shown(lesson)["selected"] == 2
    assert not lesson.rested
    assert do(lesson, {"type": "rest"}).rested
    do(lesson, {"type": "score", "index": 0, "z": 1e9})
    assert lesson.settings.scores[0] == 1000
    do(lesson, {"type": "select", "index": 1})
    assert shown(lesson)["selected"] == 1
    assert shown(opened(lesson.address())) == shown(lesson)


@pytest.mark.parametrize("wrong", [{"index": 3}, {"index": -1}, {"z": float("nan")}, {"z": "x"}])
def test_a_score_that_makes_no_sense_changes_nothing(wrong):
    lesson = softmax_page()
    before = lesson.address()
    do(lesson, {"type": "score", "index": 1, "z": 2} | wrong)
    assert lesson.notice
    assert lesson.address() == before


def test_adding_ten_to_all_changes_nothing_but_the_scores():
    lesson = softmax_page()
    before = shown(lesson)["probabilities"]
    do(lesson, {"type": "shift", "amount": 10})
    assert lesson.settings.scores == (12, 11, 10.1)
    assert shown(lesson)["probabilities"] == pytest.approx(before, abs=1e-15)
    assert "only differences count" in lesson.notice
    do(put(lesson, "scores", [999, 0, 0]), {"type": "shift", "amount": 10})
    assert lesson.settings.scores == (999, 0, 0)
    assert "1000" in lesson.notice


def test_three_to_six_scores():
    lesson = put(softmax_page(), "count", 6)
    assert lesson.settings.scores == (2, 1, 0.1, 0, 0, 0)
    put(do(lesson, {"type": "select", "index": 5}), "count", 4)
    assert lesson.settings.scores == (2, 1, 0.1, 0)
    assert shown(lesson)["selected"] == 3
    for count in (2, 7):
        assert put(lesson, "count", count).settings.scores == (2, 1, 0.1, 0)
        assert lesson.notice
    assert shown(softmax_page(selected="6"))["selected"] == 2


@pytest.mark.parametrize(
    "value", [[1, 2], [1, 2, float("nan")], "1,2,3,4,5,6,7", None, [1, 2, 1e9]]
)
def test_scores_that_cannot_be_are_refused(value):
    lesson = put(softmax_page(), "scores", value)
    assert lesson.settings.scores == (2, 1, 0.1)
    assert lesson.notice


def test_the_presets_are_those_of_the_course_and_can_be_chosen():
    lesson = softmax_page()
    presets = shown(lesson)["presets"]
    assert [label for label, _ in presets] == ["(2, 1, 0.1)", "(5, 5, 5)", "(100, 0, 0)"]
    for _, scores in presets:
        assert put(lesson, "scores", list(scores)).settings.scores == tuple(scores)


def test_each_preset_gets_its_comment():
    assert "= 2.72 times" in shown(softmax_page())["comment"]  # e
    assert "1/3 each" in shown(softmax_page(scores="5,5,5"))["comment"]
    overflow = shown(softmax_page(scores="100,0,0"))["comment"]
    assert "exp(100) = 2.7e43 overflows float32" in overflow
    assert float(np.finfo(np.float32).max) < 2.7e43
    assert "changes no probability" in overflow
    below = shown(softmax_page(scores="-300,-300,-299"))["comment"]
    assert "0/0" in below
    assert "overflows" in shown(softmax_page(scores="1000,0,0"))["comment"]
    assert "float32" not in shown(softmax_page(scores="100,0,0", temperature="2"))["comment"]


def test_the_range_has_room_above_and_below_every_score():
    for scores in ("2,1,0.1", "100,0,0", "-40,-50,-1", "1000,-1000,0"):
        low, high = shown(softmax_page(scores=scores))["range"]
        values = [float(one) for one in scores.split(",")]
        assert low <= min(values) - 1.5
        assert high >= max(values) + 1.5
        assert low < 0 < high


@pytest.mark.parametrize(
    ("settings", "label", "temperature"),
    [
        ({"temperature": "0.1"}, "Set T to 1", 1),
        ({"scores": "20,0,0"}, "Set T to 10", 10),
        ({"temperature": "8"}, "Set T to 1", 1),
    ],
)
def test_the_remedy_of_the_doctor_helps(settings, label, temperature):
    lesson = softmax_page(**settings)
    assert doctor(lesson)["remedy"] == label
    assert do(lesson, {"type": "remedy"}).settings.temperature == temperature
    assert doctor(lesson)["level"] == "ok"


def test_there_is_no_remedy_where_none_would_help():
    lesson = softmax_page(scores="100,0,0")
    assert powers([100, 0, 0], 10).max() > 0.999
    assert doctor(lesson)["remedy"] is None
    before = lesson.address()
    assert do(lesson, {"type": "remedy"}).address() == before


def test_the_script_prints_what_is_shown(fresh_python):
    lesson = softmax_page(scores="1.3,-2,0.45,7", temperature="2.4", selected="3")
    p, total, *rows, loss = fresh_python.printed(code(lesson)["source"]).splitlines()
    found = shown(lesson)
    assert ast.literal_eval(p.removeprefix("p = ")) == found["probabilities"]
    assert float(total.removeprefix("sum = ")) == pytest.approx(1)
    assert ast.literal_eval(rows[2]) == found["row"]
    wanted = -np.log(powers([1.3, -2, 0.45, 7], 2.4)[2])
    assert float(loss.removeprefix("loss = ")) == pytest.approx(wanted)


def test_softmax_is_explained_before_the_functions():
    first, *others = about(softmax_page())["paragraphs"]
    for words in ("nn.Softmax(dim=1)", "F.softmax(z, dim=1)", "F.cross_entropy", "Bridle 1990"):
        assert words in first
    assert len(others) == 2
    assert len(about(Activations())["paragraphs"]) == 2
    z = torch.tensor([[2.0, 1.0, 0.1]], dtype=torch.float64)
    assert torch.softmax(z, dim=1)[0].tolist() == pytest.approx(powers([2, 1, 0.1]))


def test_the_temperature_is_a_slider_on_a_log_track():
    slider, count = stage_controls(softmax_page())
    assert (slider["kind"], slider["log"]) == ("slider", True)
    assert (slider["minimum"], slider["maximum"]) == (0.1, 10)
    assert (count["kind"], count["minimum"], count["maximum"]) == ("stepper", 3, 6)
