"""The run that the dashboard opens on was really trained, and its figures come out again."""

import pytest
import torch
import torch.nn.functional as F

from core.runs.directory import RunDirectory
from explorer.training_dashboard import example as example_module
from explorer.training_dashboard.example import EXAMPLE, example, example_config, shipped
from explorer.training_dashboard.lesson import TrainingDashboard
from explorer.training_dashboard.looking import pictures_of, trained
from explorer.training_dashboard.stage import stage_message


def test_it_was_trained_as_the_page_would_train_it():
    run = RunDirectory(shipped())
    spec, status = run.spec(), run.status()
    assert (spec.config, spec.session) == (example_config(), EXAMPLE)
    assert (status.state, status.epoch) == ("finished", spec.config.epochs)
    assert [row.epoch for row in run.rows()] == list(range(1, spec.config.epochs + 1))
    assert run.weight_epochs() == run.insight_epochs() == [row.epoch for row in run.rows()]
    for epoch in run.epochs():
        assert run.checkpoint(epoch).damaged == ()


def test_its_last_figures_come_out_again():
    run = RunDirectory(shipped())
    last = run.rows()[-1]
    network = trained(run)
    pictures = pictures_of(run.spec().config).validation
    mean, std = (torch.from_numpy(of).view(1, -1, 1, 1) for of in (network.mean, network.std))
    with torch.no_grad():
        logits = network.model((pictures.images / 255 - mean) / std)
    labels = pictures.labels.long()
    assert (logits.argmax(1) == labels).double().mean().item() == last.validation_accuracy
    assert F.cross_entropy(logits, labels).item() == pytest.approx(last.validation_loss, rel=1e-3)


def test_the_first_page_of_a_new_server_shows_it_finished():
    lesson = TrainingDashboard({})
    header, numbers = stage_message(lesson, None)
    assert header["run"]["state"] == "finished"
    assert "came with the explorer" in header["run"]["where"]
    assert not header["run"]["mine"]
    assert len(numbers) == 8 * len(lesson.directory.rows())  # Four curves, x and y.


def test_a_disk_that_does_not_take_it_leaves_the_page_usable(monkeypatch):
    def full(source, root):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(example_module, "arrive", full)
    monkeypatch.setattr(
        example_module, "shipped", lambda: shipped().with_name("20000101-000000-000000")
    )
    assert example() is None
    header, _ = stage_message(TrainingDashboard({}), None)
    assert header["run"]["where"] == "No run yet"
