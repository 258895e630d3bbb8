"""The model card says what is so, and nothing that was not asked."""

import re
from dataclasses import replace

import pytest
from recorded_runs import record_run
from scipy.stats import binomtest

from core.images.registry import IMAGE_SETS
from core.training import finished as opening
from core.training.card import model_card
from core.training.config import TrainingConfig

CONFIG = TrainingConfig(
    model="flatten; linear 16; relu; linear 10",
    train_size=300,
    validation_share=0.2,
    epochs=3,
    optimizer="adamw",
    learning_rate=0.003,
    weight_decay=0.01,
    label_smoothing=0.1,
    augment="hflip:0.3;rotation",
    seed=77,
    threads=1,
)
SECTIONS = ["Data", "Network", "Training", "Results", "Use", "What it is not for"]


@pytest.fixture(scope="module")
def recorded(tmp_path_factory, digits):
    path = tmp_path_factory.mktemp("runs") / "one"
    return record_run(path, CONFIG, digits, "My net | two", rates={1: 0.02})


@pytest.fixture(scope="module")
def one(recorded, digits):
    return opening.finished(recorded, sets=digits)


def percents(text):
    """A share and the ends of its interval, 0 to 1."""
    found = re.match(r"\*\*([0-9.]+) %\*\*, 95 % interval ([0-9.]+) to ([0-9.]+) %", text)
    return [float(number) / 100 for number in found.groups()]


def test_the_card_tells_data_network_settings_and_date(recorded, one):
    card = model_card(recorded, one)
    assert card.startswith("# My net | two\n")
    assert re.findall(r"^## (.*)$", card, re.MULTILINE) == SECTIONS
    about = IMAGE_SETS["digits"]
    for fact in (about.label, about.licence, about.source, "2026-09-21"):
        assert fact in card
    parameters = 784 * 16 + 16 + 16 * 10 + 10
    assert f"| Parameters | {parameters:,} |" in card
    assert f"| Multiply-adds for a picture | {784 * 16 + 16 * 10:,} |" in card
    for fact in ("3 of 3 planned", "adamw, learning rate 0.003", "| Seed | 77 |"):
        assert fact in card
    for fact in (
        "weight decay 0.01, label smoothing 0.1",
        "cpu, 1 thread |",
        "`hflip:0.3;rotation`",
    ):
        assert fact in card
    assert "300 to learn from, 288 for validation, 359 for the test" in card
    assert "from 0.003 to 0.02 at update 5" in card
    assert f"{one.prepared.train.mean.item():.6f}" in card


def test_the_validation_accuracy_has_its_interval(recorded, one):
    said = model_card(recorded, one).split("Validation accuracy: ")[1].split("\n")[0]
    row = recorded.rows()[-1]
    share, low, high = percents(said)
    right = round(row.validation_accuracy * 288)
    interval = binomtest(right, 288).proportion_ci(0.95, method="wilson")
    assert share == pytest.approx(right / 288, abs=6e-5)
    assert (low, high) == pytest.approx((interval.low, interval.high), abs=6e-5)
    assert "n = 288" in said
    assert f"{row.validation_loss:.3f}" in said


def test_the_test_accuracy_is_there_only_if_it_was_asked_for(recorded, one, digits):
    assert "The test set has not been asked." in model_card(recorded, one)
    asked = opening.test_accuracy(recorded)
    said = model_card(recorded, one, asked).split("Test accuracy: ")[1]
    interval = binomtest(asked.right, 359).proportion_ci(0.95, method="wilson")
    share, low, high = percents(said)
    assert share == pytest.approx(asked.right / 359, abs=6e-5)
    assert (low, high) == pytest.approx((interval.low, interval.high), abs=6e-5)
    assert "n = 359" in said
    other = replace(asked, epoch=1)
    assert "The test set has not been asked." in model_card(recorded, one, other)


def test_without_validation_nothing_is_claimed(tmp_path, digits):
    config = replace(CONFIG, validation_share=0.0, epochs=1)
    run = record_run(tmp_path / "run", config, digits)
    card = model_card(run, opening.finished(run, sets=digits))
    assert "There was no validation set" in card
    assert "Validation accuracy" not in card
