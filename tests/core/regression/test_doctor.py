import numpy as np
import pytest

from core.regression.datasets import DATASETS
from core.regression.descent import Descent
from core.regression.doctor import diagnose
from core.regression.losses import LOSSES
from core.regression.optimum import best_line, largest_stable_rate
from core.regression.points import Points

COURSE = Points.from_pairs([(1, 3), (2, 5)])
START = (-1.0, 5.0)


def made(name, noise=1.0, n=12, seed=1):
    return DATASETS[name].make(n, noise, np.random.default_rng(seed))


def look(points, rate, steps=0, name="mse", batch_size=None, start=START):
    run = Descent(points, name, start, batch_size, 0)
    run.advance(steps, rate)
    return diagnose(points, name, run, rate), run


def test_healthy_with_numbers():
    finding, run = look(COURSE, 0.1, 5)
    assert (finding.level, finding.remedy) == ("ok", None)
    assert finding.text.startswith("Healthy: MSE is ")
    assert "34 % of the largest stable rate" in finding.text
    assert f"{run.current.loss:.3g}" in finding.text


def test_at_the_minimum():
    finding, _ = look(COURSE, 0.1, start=(2.0, 1.0))
    assert finding.text == "Healthy: the dot is at the minimum, MSE 0."


def test_divergence_and_its_remedy():
    finding, run = look(COURSE, 2.0, 100)
    assert run.diverged
    assert finding.level == "warning"
    assert f"diverged: at step {run.shown} the loss was" in finding.text
    remedy = finding.remedy
    assert (remedy.label, remedy.setting) == ("Set λ to 0.14 and start over", "learning_rate")
    assert (remedy.value, remedy.start_over) == (0.14, True)
    run.start_over()
    run.advance(1500, remedy.value)
    assert run.current.loss < 1e-9
    assert diagnose(COURSE, "mse", run, remedy.value).level == "ok"


def test_after_the_remedy_only_the_way_back_is_left():
    _, run = look(COURSE, 2.0, 100)
    remedy = diagnose(COURSE, "mse", run, 0.14).remedy
    assert (remedy.setting, remedy.start_over) == ("reset", True)


def test_rewinding_before_the_divergence_warns_of_the_rate():
    _, run = look(COURSE, 2.0, 100)
    run.rewind(2)
    finding = diagnose(COURSE, "mse", run, 2.0)
    assert "above the largest stable rate, 0.29" in finding.text
    assert "12.7 times as large" in finding.text  # 2 · 6.854 − 1
    assert finding.remedy.value == 0.14


@pytest.mark.parametrize(("share", "crossing"), [(0.45, False), (0.55, True), (0.95, True)])
def test_from_side_to_side(share, crossing):
    points = made("noisy_line", 0.3)
    rate = share * largest_stable_rate(points, "mse")
    finding, run = look(points, rate, 3)
    assert finding.text.startswith("The dot jumps from side to side") == crossing
    best = best_line(points, "mse")
    features = np.stack((points.x, np.ones(12)), axis=1)
    steepest = np.linalg.eigh(features.T @ features)[1][:, 1]
    side = [np.sign(np.array([s.m - best.m, s.b - best.b]) @ steepest) for s in run.steps]
    assert (side[0] * side[1] < 0) == crossing
    if crossing:
        assert f"{100 * share:.0f} % of the largest stable rate" in finding.text
        assert look(points, finding.remedy.value, 3)[0].level == "ok"


def test_too_small():
    finding, _ = look(COURSE, 1e-4)
    assert finding.level == "warning"
    assert "160,000 updates" in finding.text  # ln 10 / (1e-4 · 0.1459)
    assert finding.remedy.label == "Set λ to 0.14"


def test_a_long_valley_is_not_the_fault_of_the_rate():
    points = Points.from_pairs([(100, 1), (101, 3), (102, 2)])
    rate = 0.5 * largest_stable_rate(points, "mse")
    finding, _ = look(points, rate)
    assert "long and narrow" in finding.text
    assert finding.remedy is None


@pytest.mark.parametrize("name", LOSSES)
def test_rate_zero(name):
    finding, _ = look(COURSE, 0.0, name=name)
    assert "does not move" in finding.text
    assert finding.remedy.value > 0


@pytest.mark.parametrize("name", LOSSES)
def test_one_x(name):
    points = Points.from_pairs([(2, 1), (2, 3), (2, 8)])
    finding, _ = look(points, 0.05, 3, name=name)
    assert "All points have x = 2.00, so the slope is not determined" in finding.text
    assert finding.level == "warning"


def test_mae_hops_and_a_smaller_rate_hops_less():
    points = made("noisy_line", 0.3)
    finding, run = look(points, 0.2, 100, name="mae")
    assert "hops around" in finding.text
    smaller, calmer = look(points, finding.remedy.value, 1000, name="mae")
    assert calmer.current.loss < run.current.loss
    assert smaller.remedy is None or smaller.remedy.value < finding.remedy.value


def test_mae_at_a_snail_s_pace():
    finding, _ = look(made("noisy_line", 0.3), 1e-5, name="mae")
    assert "At this pace" in finding.text
    assert finding.remedy.value == 0.058  # 1 / (1 + the largest x²)


def test_mini_batches_wander():
    points = made("noisy_line", 1.0)
    finding, run = look(points, 0.1, 400, batch_size=4)
    assert "keeps wandering" in finding.text
    assert finding.remedy.value < 0.1
    assert run.current.loss > best_line(points, "mse").loss
    assert "wandering" not in look(points, 0.1, 400)[0].text


def test_mini_batches_that_agree_do_not_wander():
    finding, _ = look(made("noisy_line", 0.0), 0.05, 30, batch_size=4)
    assert "wandering" not in finding.text


def test_huber_above_its_guarantee():
    points = made("noisy_line", 0.3)
    finding, _ = look(points, 1.5 * largest_stable_rate(points, "huber"), 3, name="huber")
    assert "certain to settle" in finding.text
    assert "diverge" not in finding.text


def test_the_outlier_is_named_and_huber_helps():
    points = made("outlier")
    finding, _ = look(points, 0.05)
    assert finding.text.startswith("Point 11 lies ")
    assert " above the line" in finding.text
    assert (finding.remedy.setting, finding.remedy.value) == ("loss", "huber")
    others = points.removed(10)
    pulled, robust = best_line(points, "mse"), best_line(points, "huber")
    least = LOSSES["mse"].mean
    assert least(others, robust.m, robust.b) < least(others, pulled.m, pulled.b)
    assert look(points, 0.05, name="huber")[0].level == "ok"


def test_the_outlier_below():
    points = made("noisy_line", 0.3)
    finding, _ = look(points.moved(4, 0.2, -7.0), 0.05)
    assert finding.text.startswith("Point 5 lies ")
    assert " below the line" in finding.text


def test_a_curve_is_underfitted():
    points = made("curve")
    finding, _ = look(points, 0.05, 5)
    assert finding.level == "note"
    assert "cannot bend" in finding.text
    assert f"{best_line(points, 'mse').loss:.2g}" in finding.text
    parabola = np.polynomial.Polynomial.fit(points.x, points.y, 2)
    assert f"{((parabola(points.x) - points.y) ** 2).mean():.2g}" in finding.text
    assert finding.remedy is None


@pytest.mark.parametrize("seed", range(10))
def test_a_noisy_line_is_neither_bent_nor_has_it_an_outlier(seed):
    assert look(made("noisy_line", 0.5, 30, seed), 0.05)[0].level == "ok"


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("data", DATASETS)
@pytest.mark.parametrize("batch_size", [None, 1, 4])
def test_there_is_always_a_sentence_and_the_remedy_can_be_taken(name, data, batch_size):
    points = made(data)
    for rate in (0.0, 1e-5, 0.1, 0.25, 3.0, 1e30):
        finding, _ = look(points, rate, 60, name=name, batch_size=batch_size)
        assert finding.level in ("ok", "note", "warning")
        assert finding.text.endswith(".")
        assert "-" not in finding.text.replace("mini-batch", "").replace("full-batch", "")
        assert "nan" not in finding.text
        if finding.remedy and finding.remedy.setting == "learning_rate":
            assert 0 < finding.remedy.value < 1
        if finding.remedy and finding.remedy.setting == "loss":
            assert finding.remedy.value in LOSSES
