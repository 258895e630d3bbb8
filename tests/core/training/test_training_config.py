import json
from dataclasses import asdict, fields, replace

import pytest

from core.errors import InputError
from core.training.config import OPTIMIZER_NAMES, SCHEDULES, TrainingConfig
from core.training.optimizers import OPTIMIZERS

FULL = TrainingConfig(
    dataset="mnist",
    train_size=500,
    validation_share=0.25,
    model="conv 8 3; relu; flatten; linear 10",
    epochs=7,
    batch_size=100,
    optimizer="adamw",
    learning_rate=0.1 + 0.2,
    schedule="cosine",
    weight_decay=1 / 3,
    label_smoothing=0.1,
    gradient_clip=1.5,
    patience=3,
    seed=2**32 - 1,
    device="cuda:1",
    mixed_precision=True,
    channels_last=False,
    threads=4,
    augment="hflip:0.3;-rotation:degrees=20;mixup",
    tuning="gradual",
    layer_decay=0.3,
)


def test_every_setting_survives_json_to_the_last_digit():
    assert TrainingConfig.from_json(FULL.to_json()) == FULL
    usual = asdict(TrainingConfig())
    assert all(asdict(FULL)[name] != usual[name] for name in usual), "the test covers all settings"


def test_what_is_left_out_has_its_usual_value():
    assert TrainingConfig.from_json('{"epochs": 4}') == TrainingConfig(epochs=4)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("dataset", "cats"),
        ("dataset", "stored:../../etc"),
        ("dataset", None),
        ("train_size", 0),
        ("train_size", 10.5),
        ("validation_share", 1.0),
        ("validation_share", float("nan")),
        ("model", "conv; relu"),
        ("model", 3),
        ("epochs", 0),
        ("epochs", True),
        ("epochs", 10**9),
        ("batch_size", "64"),
        ("optimizer", "adan"),
        ("learning_rate", 0.0),
        ("learning_rate", float("inf")),
        ("schedule", "linear"),
        ("label_smoothing", 1.0),
        ("gradient_clip", 0.0),
        ("patience", 0),
        ("seed", -1),
        ("device", "cuda:x"),
        ("device", "tpu"),
        ("mixed_precision", 1),
        ("threads", 0),
        ("augment", None),
        ("augment", "hflop"),
        ("augment", "rotation:degrees=400"),
        ("augment", "normalise;jitter"),
    ],
)
def test_a_bad_value_is_refused_from_code_and_from_json(name, value):
    with pytest.raises(InputError):
        TrainingConfig(**{name: value})
    values = asdict(TrainingConfig()) | {name: value}
    with pytest.raises(InputError):
        TrainingConfig.from_json(json.dumps(values))


@pytest.mark.parametrize("text", ["", "[]", "null", '{"epochs": 3', '{"epoch": 3}', "[" * 10_000])
def test_damaged_json_is_refused(text):
    with pytest.raises(InputError):
        TrainingConfig.from_json(text)


def test_early_stopping_needs_a_validation_set():
    with pytest.raises(InputError, match="validation"):
        TrainingConfig(patience=2, validation_share=0.0)


def test_the_message_names_the_value_and_the_limits():
    with pytest.raises(InputError, match=r"epochs is a whole number from 1 to 1,000, not 0"):
        replace(FULL, epochs=0)


def test_names_agree():
    assert tuple(OPTIMIZERS) == OPTIMIZER_NAMES
    assert len(set(SCHEDULES)) == 5
    assert {field.name for field in fields(TrainingConfig)} == set(asdict(FULL))
