import numpy as np
import pytest
from gestures import at, course, do

from core.regression.datasets import DATASETS
from explorer.linear_regression.lesson import LinearRegression
from explorer.linear_regression.questions import QUESTIONS, SHARES, STEPS
from explorer.linear_regression.settings import RATES

RIGHTMOST, SMALLEST, BEYOND, PLUS, ROBUST = range(5)


def asking(lesson, number):
    """The lesson with question `number` on the card, or None if it never comes."""
    for _ in QUESTIONS:
        if lesson.round.at == number:
            return lesson
        do(lesson, {"type": "next_question"})
    return lesson if lesson.round.at == number else None


def answered(lesson, option=0):
    return do(lesson, {"type": "choose", "option": option}, {"type": "reveal"})


def mse_losses(points, start, rate, steps):
    """Gradient descent on the MSE, written down anew."""
    (m, b), losses = start, []
    for _ in range(steps + 1):
        miss = m * points.x + b - points.y
        losses.append(float((miss**2).mean()))
        m, b = m - rate * 2 * (miss * points.x).mean(), b - rate * 2 * miss.mean()
    return losses


def hessian_limit(points):
    matrix = 2 * np.cov(np.vstack([points.x, np.ones(len(points))]), bias=True)
    matrix += 2 * np.outer([points.x.mean(), 1], [points.x.mean(), 1])
    return 2 / np.linalg.eigvalsh(matrix).max()


def test_the_questions_read_like_questions():
    for question in QUESTIONS:
        assert len(question.options) >= 2
        assert len(set(question.options)) == len(question.options)
        assert question.text.endswith("?")
    assert len(QUESTIONS) >= 2


@pytest.mark.parametrize("data", DATASETS)
@pytest.mark.parametrize("loss", ["mse", "mae", "huber"])
@pytest.mark.parametrize("number", range(len(QUESTIONS)))
def test_every_question_that_comes_has_an_answer(data, loss, number):
    lesson = LinearRegression({"data": data, "loss": loss})
    suits = QUESTIONS[number].suits(lesson)
    assert (asking(lesson, number) is not None) == suits
    if not suits:
        return
    answered(lesson, 1)
    assert lesson.refused is None
    assert lesson.round.at == number
    assert 0 <= lesson.round.right < len(QUESTIONS[number].options)
    assert lesson.round.explanation.strip().endswith(".")
    assert "not a number" not in lesson.round.explanation


@pytest.mark.parametrize("data", DATASETS)
def test_the_rightmost_point_lifts_the_slope_as_least_squares_says(data):
    lesson = LinearRegression({"data": data})
    x, y = lesson.points.x, lesson.points.y.copy()
    old = np.polyfit(x, y, 1)
    y[np.argmax(x)] += 1
    rise, lift = np.polyfit(x, y, 1) - old
    answered(lesson)
    assert lesson.points.pairs() == list(zip(x.tolist(), y.tolist(), strict=True))
    assert rise > 0
    assert lesson.round.right == (0 if lift >= 0 else 1)
    assert lesson.settings.data == "own"


def test_in_the_example_of_the_course_the_line_turns():
    lesson = answered(LinearRegression({"data": "two_points"}))
    # (1, 3) and (2, 6): from slope 2 and intercept 1 to 3 and 0.
    assert lesson.round.right == 1
    assert "Slope 2.00 → 3.00, intercept 1.00 → 0.00" in lesson.round.explanation


@pytest.mark.parametrize("data", DATASETS)
@pytest.mark.parametrize("seed", ["1", "7", "8"])
def test_the_slowest_curve_has_the_smallest_rate(data, seed):
    lesson = asking(LinearRegression({"data": data, "seed": seed}), SMALLEST)
    curves = lesson.round.curves
    assert [len(curve) for curve in curves] == [STEPS + 1] * 3
    start = lesson.descent.steps[0]
    assert [curve[0] for curve in curves] == pytest.approx([start.loss] * 3)
    shares = {}
    for letter, curve in enumerate(curves):
        for share in SHARES:
            rate = float(f"{share * hessian_limit(lesson.points):.2g}")
            wanted = mse_losses(lesson.points, (start.m, start.b), rate, STEPS)
            if curve == pytest.approx(wanted, rel=1e-6, abs=1e-9):
                shares[letter] = share
    assert sorted(shares.values()) == sorted(SHARES)
    answered(lesson)
    assert shares[lesson.round.right] == min(SHARES)
    shown = [step.loss for step in lesson.descent.steps]
    assert shown == pytest.approx(curves[lesson.round.right], rel=1e-9)


def test_the_order_of_the_curves_depends_on_the_seed():
    orders = set()
    for seed in range(8):
        lesson = asking(LinearRegression({"seed": str(seed)}), SMALLEST)
        orders.add(answered(lesson).round.right)
    assert len(orders) > 1


@pytest.mark.parametrize("change", [("seed", 8), ("seed", 9), ("seed", 10), ("noise", 0.2)])
def test_the_letters_stay_when_the_data_change_before_the_answer(change):
    lesson = asking(LinearRegression(), SMALLEST)
    slowest = int(np.argmax([curve[3] for curve in lesson.round.curves]))
    do(lesson, {"type": "set", "name": change[0], "value": change[1]})
    answered(lesson)
    assert lesson.round.right == slowest
    assert slowest == int(np.argmax([curve[3] for curve in lesson.round.curves]))


@pytest.mark.parametrize("batch", ["full", "mini"])
def test_the_run_on_the_stage_starts_where_the_path_did(batch):
    lesson = asking(LinearRegression({"start": "0.5,-3", "path": "", "batch": batch}), SMALLEST)
    curves = lesson.round.curves
    answered(lesson)
    start = lesson.descent.steps[0]
    assert (start.m, start.b) == (0.5, -3)
    shown = [step.loss for step in lesson.descent.steps]
    assert shown == pytest.approx(curves[lesson.round.right], rel=1e-9)


@pytest.mark.parametrize("data", DATASETS)
def test_fifteen_percent_too_much_grows_in_the_end(data):
    lesson = asking(LinearRegression({"data": data}), BEYOND)
    start = (lesson.descent.steps[0].m, lesson.descent.steps[0].b)
    rate = float(f"{1.15 * hessian_limit(lesson.points):.3g}")
    wanted = mse_losses(lesson.points, start, rate, 25)
    answered(lesson)
    assert lesson.settings.rate == pytest.approx(rate)
    assert [step.loss for step in lesson.descent.steps] == pytest.approx(wanted, rel=1e-6)
    assert wanted[-1] > wanted[0]
    assert lesson.round.right == 2


@pytest.mark.parametrize("data", DATASETS)
def test_the_plus_sign_climbs(data):
    lesson = asking(LinearRegression({"data": data, "rate": "0.02"}), PLUS)
    start = (lesson.descent.steps[0].m, lesson.descent.steps[0].b)
    up, down = (mse_losses(lesson.points, start, rate, 10)[-1] for rate in (-0.02, 0.02))
    assert down < up
    assert up > lesson.descent.steps[0].loss
    before = at(lesson)
    answered(lesson)
    assert lesson.round.right == 1
    assert at(lesson) == before  # It is told, not done.


@pytest.mark.parametrize("seed", ["7", "1", "2"])
def test_the_line_leaves_the_outlier_with_mae(seed):
    lesson = asking(LinearRegression({"data": "outlier", "seed": seed}), ROBUST)
    x, y = lesson.points.x, lesson.points.y
    slope, intercept = np.polyfit(x, y, 1)
    answered(lesson)
    assert lesson.settings.loss == "mae"
    far = int(np.argmax(y - (slope * x + intercept)))
    before = y[far] - (slope * x[far] + intercept)
    after = y[far] - (lesson.best.m * x[far] + lesson.best.b)
    assert after > before
    assert lesson.round.right == 0


def test_only_data_with_an_outlier_are_asked_about_one():
    assert asking(LinearRegression({"data": "curve"}), ROBUST) is None
    assert asking(LinearRegression({"loss": "mae"}), SMALLEST) is None


def test_a_rate_that_the_slider_does_not_have_is_not_asked_for():
    lesson = course(own="999000,3;1000000,5")
    assert 0.03 * lesson.stable < RATES[0]
    assert asking(lesson, SMALLEST) is None


def test_a_question_that_no_longer_fits_is_passed_over():
    lesson = asking(LinearRegression(), BEYOND)
    do(lesson, {"type": "set", "name": "loss", "value": "mae"})
    before = at(lesson)
    answered(lesson)
    assert lesson.round.at != BEYOND
    assert lesson.round.right is None
    assert at(lesson) == before


def test_first_the_prediction_then_the_answer():
    lesson = do(course(), {"type": "reveal"})
    assert lesson.round.right is None
    do(lesson, {"type": "choose", "option": 7}, {"type": "reveal"})
    assert (lesson.round.chosen, lesson.round.right) == (None, None)
    do(lesson, {"type": "choose", "option": 2}, {"type": "choose", "option": 3})
    assert lesson.round.chosen == 3
    do(lesson, {"type": "reveal"})
    points, right = lesson.points, lesson.round.right
    assert right is not None
    do(lesson, {"type": "choose", "option": 0}, {"type": "reveal"})
    assert (lesson.round.chosen, lesson.round.right, lesson.points) == (3, right, points)


def test_the_next_question_starts_blank_and_they_come_round():
    lesson = answered(course())
    do(lesson, {"type": "next_question"})
    assert (lesson.round.chosen, lesson.round.right, lesson.round.explanation) == (None,) * 3
    seen = [lesson.round.at]
    for _ in range(len(QUESTIONS)):
        seen.append(do(lesson, {"type": "next_question"}).round.at)
    assert set(seen) == {RIGHTMOST, SMALLEST, BEYOND, PLUS}
