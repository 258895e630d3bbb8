"""The engine against a plain loop written out here, PyTorch's schedulers and its functions."""

import dataclasses
import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Generator, nn
from torch.optim import lr_scheduler

from core.errors import InputError
from core.training import loop, meter
from core.training.commands import Commands
from core.training.config import OPTIMIZER_NAMES, SCHEDULES
from core.training.data import prepared_for
from core.training.events import EpochEnded, Insight, Progress, RateChanged, Started, Stopped
from core.training.loop import train
from core.training.schedules import momentum_at, rate_at
from core.training.state import start
from core.vision.build import build

TORCH = {
    "sgd": lambda groups, rate: torch.optim.SGD(groups, rate),
    "momentum": lambda groups, rate: torch.optim.SGD(groups, rate, momentum=0.9),
    "nesterov": lambda groups, rate: torch.optim.SGD(groups, rate, momentum=0.9, nesterov=True),
    "adagrad": lambda groups, rate: torch.optim.Adagrad(groups, rate),
    "rmsprop": lambda groups, rate: torch.optim.RMSprop(groups, rate),
    "adam": lambda groups, rate: torch.optim.Adam(groups, rate),
    "adamw": lambda groups, rate: torch.optim.AdamW(groups, rate),
}


def scheduler_for(config, optimizer, steps):
    """PyTorch's scheduler and whether it moves at every update (or after every epoch)."""
    total = steps * config.epochs
    if config.schedule == "step":
        size = math.ceil(config.epochs / 3)
        return lr_scheduler.StepLR(optimizer, size, gamma=0.1), False
    if config.schedule == "exponential":
        return lr_scheduler.ExponentialLR(optimizer, gamma=0.9), False
    if config.schedule == "cosine":
        return lr_scheduler.CosineAnnealingLR(optimizer, T_max=total), True
    if config.schedule == "onecycle":
        cycles = config.optimizer in ("momentum", "nesterov", "adam", "adamw")
        rates = {"max_lr": config.learning_rate, "total_steps": total}
        return lr_scheduler.OneCycleLR(optimizer, **rates, cycle_momentum=cycles), True
    return lr_scheduler.LambdaLR(optimizer, lambda _: 1.0), True


def plain(config, prepared, until_epoch=None):
    """The same training as a course would write it; gives model, losses and learning rates."""
    generator = Generator().manual_seed(config.seed)
    model = build(config.spec, prepared.shape, 10, generator)
    images = prepared.train.images.permute(0, 3, 1, 2).contiguous()
    labels = prepared.train.labels
    groups = [
        {"params": [p for p in model.parameters() if p.ndim > 1], "weight_decay": 0.0},
        {"params": [p for p in model.parameters() if p.ndim == 1], "weight_decay": 0.0},
    ]
    groups[0]["weight_decay"] = config.weight_decay
    optimizer = TORCH[config.optimizer](groups, config.learning_rate)
    steps = math.ceil(len(labels) / config.batch_size)
    scheduler, every_update = scheduler_for(config, optimizer, steps)
    losses, rates = [], []
    for _ in range(config.epochs):
        model.train()
        order = torch.randperm(len(labels), generator=generator)
        total = 0.0
        for batch in order.split(config.batch_size):
            scores = model(images[batch])
            loss = F.cross_entropy(scores, labels[batch], label_smoothing=config.label_smoothing)
            optimizer.zero_grad()
            loss.backward()
            if config.gradient_clip:
                nn.utils.clip_grad_norm_(model.parameters(), config.gradient_clip)
            rates.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            total += loss.item() * len(batch)
            if every_update:
                scheduler.step()
        if not every_update:
            scheduler.step()
        losses.append(total / len(labels))
    return model, losses, rates


def close(model, other, tolerance=2e-5):
    for one, two in zip(model.parameters(), other.parameters(), strict=True):
        torch.testing.assert_close(one, two, atol=tolerance, rtol=1e-3)


def rows(events):
    return [event for event in events if isinstance(event, EpochEnded)]


def same(one, two):
    """Equal to the last bit."""
    return all(
        torch.equal(a, b)
        for a, b in zip(one.state_dict().values(), two.state_dict().values(), strict=True)
    )


@pytest.mark.parametrize(
    "changes",
    [
        *({"optimizer": name, "weight_decay": 0.01} for name in OPTIMIZER_NAMES),
        *({"schedule": name, "optimizer": "momentum"} for name in SCHEDULES),
        {"schedule": "onecycle", "optimizer": "adam"},
        {"schedule": "onecycle", "optimizer": "rmsprop"},
        {"label_smoothing": 0.2},
        {"gradient_clip": 0.1, "optimizer": "sgd"},
        {"batch_size": 33, "seed": 5},
    ],
    ids=str,
)
def test_the_run_is_that_of_the_plain_loop(run, digits, changes, small):
    rate = 0.003 if changes.get("optimizer") in ("adam", "adamw", "rmsprop", None) else 0.05
    changes = {"learning_rate": rate, **changes}
    model, _, events = run(**changes)
    config = dataclasses.replace(small, **changes)
    expected, losses, rates = plain(config, prepared_for(config, digits))
    close(model, expected)
    np.testing.assert_allclose([row.training_loss for row in rows(events)], losses, rtol=1e-4)
    per_epoch = len(rates) // config.epochs
    last = rates[per_epoch - 1 :: per_epoch]
    np.testing.assert_allclose([row.learning_rate for row in rows(events)], last, rtol=1e-9)


def test_batch_norm_and_dropout_are_those_of_the_plain_loop(run, digits, small):
    layers = "conv 4 3 2; bn; relu; maxpool 2; flatten; dropout 0.3; linear 10"
    # Not Adam: a bias before batch norm has gradient 0, whose rounding errors it would blow up.
    changes = {"model": layers, "optimizer": "momentum", "learning_rate": 0.05}
    for last in (True, False):
        model, _, _ = run(**changes, channels_last=last)
        config = dataclasses.replace(small, **changes)
        expected, _, _ = plain(config, prepared_for(config, digits))
        close(model, expected, 1e-4)


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize(("steps", "epochs"), [(7, 10), (1, 1), (3, 1), (10, 1), (1, 7)])
def test_every_rate_of_a_schedule_is_pytorchs(schedule, steps, epochs, small):
    optimizer = torch.optim.SGD([nn.Parameter(torch.zeros(1))], 0.4, momentum=0.9)
    config = dataclasses.replace(
        small, schedule=schedule, epochs=epochs, learning_rate=0.4, optimizer="momentum"
    )
    scheduler, every_update = scheduler_for(config, optimizer, steps)
    for step in range(steps * epochs):
        group = optimizer.param_groups[0]
        assert rate_at(schedule, 0.4, step, steps, epochs) == pytest.approx(group["lr"], rel=1e-9)
        if schedule == "onecycle":
            assert momentum_at(step, steps, epochs) == pytest.approx(group["momentum"], rel=1e-9)
        optimizer.step()
        if step + 1 < steps * epochs and (every_update or (step + 1) % steps == 0):
            scheduler.step()


def test_validation_is_measured_as_scikit_learn_does(run, digits, small):
    from sklearn.metrics import accuracy_score, log_loss

    model, _, events = run()
    part = prepared_for(small, digits).validation
    images, labels = next(part.in_order(len(part)))
    with torch.no_grad():
        chances = F.softmax(model.eval()(images).double(), dim=1).numpy()
    expected = log_loss(labels, chances, labels=range(10))
    row = rows(events)[-1]
    assert row.validation_loss == pytest.approx(expected, rel=1e-5)
    assert row.validation_accuracy == accuracy_score(labels, chances.argmax(1))


def test_the_events_come_in_order_and_count_right(run, monkeypatch):
    monkeypatch.setattr(meter, "EVERY_S", 0.0)
    _, state, events = run(model="mlp")
    assert isinstance(events[0], Started)
    assert (events[0].samples, events[0].steps_per_epoch, events[0].epochs) == (100, 4, 3)
    assert events[0].parameters == 784 * 512 + 512 + 512 * 256 + 256 + 256 * 10 + 10
    assert events[-1] == Stopped("finished", 3, 12)
    kinds = [type(event) for event in events if not isinstance(event, Progress)]
    assert kinds == [Started, *[Insight, EpochEnded] * 3, Stopped]
    assert [row.step for row in rows(events)] == [4, 8, 12]
    assert state.rows == rows(events)


def test_progress_adds_up_to_the_epoch(digits, monkeypatch, small):
    monkeypatch.setattr(loop, "Meter", lambda: meter.Meter(0.0))
    config = dataclasses.replace(small, epochs=1, batch_size=25)
    prepared = prepared_for(config, digits)
    model, state = start(config, prepared.shape, 10)
    events = list(train(model, prepared, config, state))
    progress = [event for event in events if isinstance(event, Progress)]
    (row,) = rows(events)
    assert [one.step for one in progress] == [1, 2, 3, 4]
    assert row.training_loss == pytest.approx(np.mean([one.loss for one in progress]))
    assert row.training_accuracy == pytest.approx(np.mean([one.accuracy for one in progress]))


def test_the_same_config_gives_the_same_numbers_whenever_progress_is_read(run, monkeypatch):
    layers = "conv 4 3 2; bn; relu; flatten; dropout 0.3; linear 10"
    one, _, events = run(model=layers)
    monkeypatch.setattr(loop, "Meter", lambda: meter.Meter(0.0))
    two, _, again = run(model=layers)
    assert same(one, two)
    numbers = [dataclasses.astuple(row)[:7] for row in rows(events)]
    assert numbers == [dataclasses.astuple(row)[:7] for row in rows(again)]
    three, _, _ = run(model=layers, seed=1)
    assert not same(one, three)


@pytest.mark.parametrize("optimizer", OPTIMIZER_NAMES)
def test_a_run_resumed_from_an_epoch_is_the_undisturbed_one_to_the_last_bit(
    run, digits, optimizer, small
):
    layers = "conv 4 3 2; bn; relu; flatten; dropout 0.3; linear 10"
    changes = {"model": layers, "optimizer": optimizer, "schedule": "onecycle", "epochs": 4}
    whole, state, events = run(**changes)
    half, at_two, _ = run(until=lambda e: isinstance(e, EpochEnded) and e.epoch == 2, **changes)
    snapshot = at_two.capture(half)

    config = dataclasses.replace(small, **changes)
    prepared = prepared_for(config, digits)
    model, fresh = start(config, prepared.shape, 10)
    fresh.restore(snapshot, model)
    again = list(train(model, prepared, config, fresh))
    assert again[0] == dataclasses.replace(events[0], epoch=2, step=8)
    assert same(model, whole)
    numbers = [dataclasses.astuple(row)[:7] for row in rows(events)]
    assert [dataclasses.astuple(row)[:7] for row in fresh.rows] == numbers
    assert torch.equal(fresh.generator.get_state(), state.generator.get_state())


def test_a_snapshot_of_another_network_is_refused(run, digits, small):
    _, state, _ = run()
    model, _, _ = run()
    snapshot = state.capture(model)
    other = dataclasses.replace(small, model="flatten; linear 20; relu; linear 10")
    network, fresh = start(other, (1, 28, 28), 10)
    with pytest.raises(InputError, match="does not fit"):
        fresh.restore(snapshot, network)
    without = {k: t for k, t in snapshot.tensors.items() if k != "generator"}
    network, fresh = start(small, (1, 28, 28), 10)
    with pytest.raises(InputError, match="does not fit"):
        fresh.restore(dataclasses.replace(snapshot, tensors=without), network)


def test_early_stopping_waits_for_so_many_epochs_without_a_smaller_loss(run):
    _, _, events = run(epochs=60, patience=3, learning_rate=0.5, optimizer="momentum", seed=3)
    losses = [row.validation_loss for row in rows(events)]
    # The rule in another form: the first epoch whose last three brought no new minimum.
    expected = next(
        n for n in range(1, 61) if n > 3 and min(losses[: n - 3]) <= min(losses[n - 3 : n])
    )
    assert len(losses) == expected < 60
    assert events[-1] == Stopped("early", expected, expected * 4)


@pytest.mark.parametrize("share", [0.1, 0.0])
def test_a_run_that_diverges_ends_with_its_last_finished_epoch(run, share):
    _, state, events = run(
        learning_rate=1e6, optimizer="sgd", model="mlp", validation_share=share, epochs=30
    )
    assert events[-1].reason == "diverged"
    assert events[-1].epoch == len(rows(events)) == state.epoch < 30


def test_a_new_rate_holds_from_the_next_update_and_scales_the_schedule(digits, small):
    config = dataclasses.replace(small, schedule="exponential", optimizer="sgd", learning_rate=0.05)
    prepared = prepared_for(config, digits)
    model, state = start(config, prepared.shape, 10)
    commands, events = Commands(), []
    for event in train(model, prepared, config, state, commands):
        events.append(event)
        if isinstance(event, EpochEnded) and event.epoch == 1:
            commands.set_rate(0.01)
    (change,) = [event for event in events if isinstance(event, RateChanged)]
    assert change == RateChanged(4, 1, 0.01, pytest.approx(0.05 * 0.9))
    assert [row.learning_rate for row in rows(events)] == pytest.approx([0.05, 0.01, 0.009])


@pytest.mark.parametrize("rate", [0.0, -1.0, math.nan, math.inf])
def test_a_rate_that_is_none_is_refused(rate):
    with pytest.raises(InputError):
        Commands().set_rate(rate)


def test_stop_ends_before_the_next_update(digits, small):
    prepared = prepared_for(small, digits)
    model, state = start(small, prepared.shape, 10)
    commands = Commands()
    events = []
    for event in train(model, prepared, small, state, commands):
        events.append(event)
        if isinstance(event, EpochEnded):
            commands.stop()
    assert events[-1] == Stopped("stopped", 1, 4)


def test_a_pause_costs_no_samples_a_second(digits, monkeypatch, small):
    clock = [0.0]
    monkeypatch.setattr(meter.time, "perf_counter", lambda: clock[0])
    monkeypatch.setattr(loop, "Meter", lambda: meter.Meter(0.0))
    config = dataclasses.replace(small, epochs=1, batch_size=25)
    prepared = prepared_for(config, digits)
    model, state = start(config, prepared.shape, 10)
    update = loop._Run.update

    def one_second(self, images, labels):
        clock[0] += 1
        return update(self, images, labels)

    monkeypatch.setattr(loop._Run, "update", one_second)
    events = []
    for event in train(model, prepared, config, state):
        events.append(event)
        clock[0] += 1000 if isinstance(event, Progress) else 0
    assert rows(events)[0].seconds == pytest.approx(4)
    assert rows(events)[0].samples_per_s == pytest.approx(25)


def test_the_test_set_is_not_touched(digits, small):
    prepared = prepared_for(small, digits)
    spoilt = dataclasses.replace(prepared, test=None)
    model, state = start(small, prepared.shape, 10)
    assert isinstance(list(train(model, spoilt, small, state))[-1], Stopped)


def test_without_a_validation_set_there_is_no_number_for_it(run):
    _, state, events = run(validation_share=0.0)
    assert all(math.isnan(row.validation_loss) for row in rows(events))
    assert state.best_epoch == 3
