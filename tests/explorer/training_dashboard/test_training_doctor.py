"""The doctor of the dashboard: what it finds in recorded runs, and what one click does."""

import dataclasses
import math
import time
from types import SimpleNamespace

import torch

from core.images.image_set import ImageSet
from core.training.config import TrainingConfig
from core.training.data import store
from core.training.events import EpochEnded
from core.vision.models import MODELS
from explorer.training_dashboard import dead, doctor, looking, remedies
from explorer.training_dashboard.findings import Finding, Remedy
from explorer.training_dashboard.lesson import TrainingDashboard
from explorer.training_dashboard.looking import sets_for
from explorer.training_dashboard.settings import of_run, training_config

CONFIG = TrainingConfig(model=MODELS["fast_cnn"].text, learning_rate=0.01, validation_share=0.2)


def rows(training, validation, accuracy):
    return [
        EpochEnded(n, 10 * n, loss, right, other, right, 0.01, 1.0, 100.0)
        for n, (loss, other, right) in enumerate(
            zip(training, validation, accuracy, strict=True), 1
        )
    ]


def found(training, validation, accuracy, state="finished", size=(1200, 300), **changes):
    """What is found in a run on the digits with these curves."""
    config = dataclasses.replace(CONFIG, **changes)
    started = SimpleNamespace(samples=size[0], validation_samples=size[1])
    directory = SimpleNamespace(
        spec=lambda: SimpleNamespace(config=config), started=lambda: started, epochs=list
    )
    run = SimpleNamespace(rows=rows(training, validation, accuracy), directory=directory)
    status = SimpleNamespace(state=state, message="The training diverged in epoch 2.")
    lesson = SimpleNamespace(directory=directory, shown=lambda _: run, status=lambda: status)
    return doctor.finding(lesson)


FINE = ([1.0, 0.3, 0.2, 0.1], [0.9, 0.4, 0.3, 0.2], [0.7, 0.9, 0.95, 0.97])


def test_a_healthy_run_is_said_to_be_so():
    one = found(*FINE)
    assert (one.level, one.remedy) == ("ok", None)
    assert "0.2" in one.text


def test_divergence_is_met_by_a_tenth_of_the_rate():
    one = found(*FINE, state="failed", learning_rate=0.5)
    assert (one.level, one.remedy.changes) == ("warning", {"rate": 0.05})


def test_a_loss_that_stays_at_guessing_with_a_large_rate_is_a_rate_too_high():
    guess = math.log(10)
    one = found([guess + 0.1, guess, guess + 0.01], [guess] * 3, [0.1] * 3, learning_rate=0.3)
    assert "too large" in one.text
    assert "ln 10 = 2.3" in one.text
    assert one.remedy.changes == {"rate": 0.03}


def test_a_loss_that_hardly_falls_is_a_rate_too_low():
    one = found([2.2, 2.15, 2.1], [2.2, 2.15, 2.1], [0.2, 0.25, 0.3], learning_rate=1e-4)
    assert "too small" in one.text
    assert one.remedy.changes == {"rate": 0.001}


def test_overfitting_is_met_by_what_is_not_yet_done():
    curves = ([0.5, 0.1, 0.02, 0.01], [0.4, 0.3, 0.4, 0.6], [0.9, 0.97, 0.99, 1.0])
    assert found(*curves, train_size=100).remedy.changes == {"pictures": None}
    one = found(*curves)
    assert "by heart" in one.text
    assert "2.0 times its best (epoch 2)" in one.text
    assert one.remedy.changes == {"patience": 2}
    assert found(*curves, patience=3).remedy.changes == {"weight_decay": 0.01, "optimizer": "adamw"}


def test_underfitting_trains_on_or_takes_a_larger_network():
    still = ([2.0, 1.5, 1.1], [2.0, 1.5, 1.1], [0.3, 0.5, 0.65])
    assert found(*still, epochs=3).remedy.epochs == 6
    done = ([1.0, 0.95, 0.94], [1.0, 0.95, 0.94], [0.6, 0.65, 0.66])
    one = found(*done, model="softmax", learning_rate=0.1)
    assert one.remedy.changes["model"] == "fast_cnn"


def test_few_validation_pictures_are_met_by_a_larger_share():
    one = found(*FINE, size=(1380, 57))
    assert "Only 57 pictures" in one.text
    assert one.remedy.changes == {"share": 15}
    assert found(*FINE, size=(80, 20)).remedy is None


def test_dead_units_are_counted_over_real_pictures_and_named(monkeypatch):
    """A network whose biases keep 6 of 8 units at 0 whatever they see."""
    lesson = TrainingDashboard({"model": "own", "spec": "flatten; linear 8; relu; linear 10"})
    lesson.settings = dataclasses.replace(lesson.settings, epochs=1)
    lesson.apply(({"type": "hello", "owner": "f" * 24}, {"type": "start"}))
    ended(lesson)
    true = looking.trained(lesson.directory)
    with torch.no_grad():
        true.model.linear1.bias[:6] = -1e4
        true.model.linear1.bias[6:] = 1e4
    monkeypatch.setattr(dead, "trained", lambda _: true)
    dead._dead_share.cache_clear()
    seen = dead.dead_share(lesson.directory)
    assert (seen.layer, seen.dead, seen.of, seen.pictures) == ("relu1", 6, 8, 128)
    one = doctor.finding(lesson)
    assert "6 of the 8 units" in one.text
    assert one.remedy.changes["spec"] == "flatten; linear 8; leaky_relu; linear 10"
    dead._dead_share.cache_clear()
    looking._trained.cache_clear()


def ended(lesson):
    until = time.monotonic() + 90
    while lesson.status().state not in ("finished", "failed"):
        assert time.monotonic() < until
        time.sleep(0.05)
    assert lesson.status().state == "finished", lesson.status()


def test_settings_of_a_run_do_the_run_again():
    for model in ("fast_cnn", "flatten; linear 5; relu; linear 10"):
        lesson = TrainingDashboard({"share": "30", "rate": "0.02", "pictures": "500"})
        spec = MODELS[model].text if model in MODELS else model
        config = dataclasses.replace(training_config(lesson.settings, 2), model=spec)
        again = dataclasses.replace(TrainingDashboard({}).settings, **of_run(config))
        assert training_config(again, 2) == config


def test_a_remedy_starts_a_run_beside_the_old_one(monkeypatch):
    lesson = TrainingDashboard({"model": "softmax", "epochs": "1", "rate": "0.01"})
    lesson.apply(({"type": "hello", "owner": "g" * 24}, {"type": "start"}))
    ended(lesson)
    first = lesson.settings.run
    said = Finding("note", "x", Remedy("Train with rate 0.02", {"rate": 0.02}))
    monkeypatch.setattr(remedies, "finding", lambda _: said)
    lesson.apply(({"type": "remedy"},))
    assert lesson.settings.run != first
    assert lesson.directory.spec().config == dataclasses.replace(
        lesson.opened(first).spec().config, learning_rate=0.02
    )
    assert lesson.managed.compared == (first,)
    ended(lesson)
    on = Finding("note", "x", Remedy("Train on", epochs=2))
    monkeypatch.setattr(remedies, "finding", lambda _: on)
    lesson.apply(({"type": "remedy"},))
    ended(lesson)
    assert len(lesson.directory.rows()) == 2


def test_classes_out_of_balance_are_evened_out(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    lesson = TrainingDashboard({})
    lesson.apply(({"type": "hello", "owner": "h" * 24},))
    labels = torch.tensor([0] * 60 + [1] * 20)
    images = torch.arange(80, dtype=torch.uint8).view(80, 1, 1, 1).expand(80, 1, 28, 28).clone()
    name = f"{lesson.data.prefix}pets"
    dataset = store(ImageSet(images, labels, ("cat", "dog"), "Pets"), name)
    one = found(*FINE, dataset=dataset)
    assert "“cat” has 38 pictures" in one.text
    assert one.remedy.balance
    even = remedies.balanced(lesson, dataset)
    data, _ = sets_for(even)
    assert data.counts() == [20, 20]
    assert data.images[data.labels == 1].flatten().unique().tolist() == list(range(60, 80))
