"""One and two updates of every optimizer against formulas written out in NumPy."""

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from scipy.special import expit, logsumexp, softmax
from torch import nn

from core.errors import InputError
from core.networks.config import OPTIMIZER_NAMES, SCHEDULES, NetworkConfig
from core.networks.datasets import DATASETS
from core.networks.loop import add_l1
from core.networks.losses import LOSSES, Objective, default_loss, fits
from core.networks.optimizers import adjust, learning_rate_at, optimizer_for
from core.networks.training import Training

RATE, L2 = 0.1, 0.04
W = np.array([[0.5, -1.5], [2.0, 0.25]])
GRADIENTS = [np.array([[0.3, -0.2], [1.0, 0.05]]), np.array([[-0.1, 0.4], [0.5, 0.0]])]


def formulas(name):
    """The weights after each of two updates."""
    w, m, v, path = W.copy(), np.zeros_like(W), np.zeros_like(W), []
    for t, gradient in enumerate(GRADIENTS, start=1):
        g = gradient + (0 if name == "adamw" else L2 * w)
        if name == "sgd":
            w = w - RATE * g
        elif name in ("momentum", "nesterov"):
            m = 0.9 * m + g
            w = w - RATE * (g + 0.9 * m if name == "nesterov" else m)
        elif name == "adagrad":
            v = v + g**2
            w = w - RATE * g / (np.sqrt(v) + 1e-10)
        elif name == "rmsprop":
            v = 0.99 * v + 0.01 * g**2
            w = w - RATE * g / (np.sqrt(v) + 1e-8)
        else:
            m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
            if name == "adamw":
                w = w * (1 - RATE * L2)
            w = w - RATE * m / (1 - 0.9**t) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
        path.append(w)
    return path


@pytest.mark.parametrize("name", OPTIMIZER_NAMES)
def test_two_updates_are_those_of_the_formula(name):
    layer = nn.Linear(2, 2)
    with torch.no_grad():
        layer.weight.copy_(torch.tensor(W))
        layer.bias.zero_()
    config = NetworkConfig(optimizer=name, learning_rate=RATE, l2=L2)
    optimizer = optimizer_for(config, layer)
    for gradient, wanted in zip(GRADIENTS, formulas(name), strict=True):
        layer.weight.grad = torch.tensor(gradient, dtype=torch.float32)
        layer.bias.grad = torch.zeros(2)
        optimizer.step()
        assert layer.weight.detach().numpy() == pytest.approx(wanted, rel=1e-5, abs=1e-7)
        assert layer.bias.tolist() == [0.0, 0.0]


def test_the_penalties_are_those_of_the_sums():
    generator = np.random.default_rng(0)
    sets = DATASETS["moons"].make(40, 0.1, None, generator).split(0.5, generator)
    l1, l2 = 0.02, 0.3
    config = NetworkConfig(optimizer="sgd", learning_rate=0.5, l1=l1, l2=l2, batch_size=1000)
    training = Training(*sets, config)
    model, examples = training.model, training.examples
    loss = training.objective.value(model(examples.inputs), examples.targets)
    weights = [linear.weight for linear in model.linears()]
    penalty = l1 * sum(w.abs().sum() for w in weights)
    penalty = penalty + l2 / 2 * sum((w**2).sum() for w in weights)
    parameters = list(model.parameters())
    gradients = torch.autograd.grad(loss + penalty, parameters)
    wanted = [(p - 0.5 * g).detach() for p, g in zip(parameters, gradients, strict=True)]
    event = training.advance_batch()
    assert event.loss == pytest.approx(loss.item(), rel=1e-6)  # without the penalty
    for parameter, value in zip(model.parameters(), wanted, strict=True):
        assert parameter.detach().numpy() == pytest.approx(value.numpy(), abs=1e-6)


def test_l1_pushes_by_its_sign():
    weight = nn.Parameter(torch.tensor([[2.0, -3.0, 0.0]]))
    weight.grad = torch.tensor([[1.0, 1.0, 1.0]])
    add_l1([weight], 0.25)
    assert weight.grad.tolist() == [[1.25, 0.75, 1.0]]


@pytest.mark.parametrize("name", SCHEDULES)
def test_schedules_are_those_of_pytorch(name):
    config = NetworkConfig(schedule=name, optimizer="sgd", learning_rate=0.3)
    model = nn.Linear(1, 1)
    optimizer = optimizer_for(config, model)
    schedulers = torch.optim.lr_scheduler
    scheduler = {
        "constant": lambda: schedulers.ConstantLR(optimizer, 1.0),
        "step": lambda: schedulers.StepLR(optimizer, 100, 0.5),
        "cosine": lambda: schedulers.CosineAnnealingLR(optimizer, 400, 0.003),
        "exponential": lambda: schedulers.ExponentialLR(optimizer, 0.995),
    }[name]()
    optimizer.step()
    for epoch in range(401):
        assert learning_rate_at(config, epoch) == pytest.approx(
            scheduler.get_last_lr()[0], rel=1e-9
        )
        scheduler.step()
    if name == "cosine":
        assert learning_rate_at(config, 9999) == pytest.approx(0.003)
    adjust(optimizer, replace(config, l2=0.5), 50)
    assert optimizer.param_groups[0]["lr"] == learning_rate_at(config, 50)
    assert [group["weight_decay"] for group in optimizer.param_groups] == [0.5, 0.0]


def by_hand(objective, scores, y):
    """The mean loss and the probabilities in NumPy."""
    one_hot = np.eye(max(objective.classes, 1))[y.astype(int)] if objective.classes else None
    if objective.ending == "softmax":
        answers = softmax(scores, axis=1)
    else:
        answers = expit(scores) if objective.ending == "sigmoid" else scores
    target = one_hot if objective.outputs > 1 else y[:, None]
    if objective.loss == "cross_entropy":
        return (logsumexp(scores, axis=1) - scores[np.arange(len(y)), y]).mean(), answers
    if objective.loss == "bce":
        terms = -(target * np.log(answers) + (1 - target) * np.log(1 - answers))
        return terms.mean(), answers
    error = answers - target
    if objective.loss == "mse":
        return (error**2).mean(), answers
    size = np.abs(error)
    return np.where(size <= 1, size**2 / 2, size - 0.5).mean(), answers


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("classes", [0, 2, 3, 6])
def test_losses_and_probabilities_are_those_of_numpy(loss, classes):
    if not fits(loss, classes):
        with pytest.raises(InputError, match="MSE or Huber"):
            Objective(loss, classes)
        return
    generator = np.random.default_rng(classes)
    objective = Objective(loss, classes)
    y = generator.integers(0, classes, 30) if classes else generator.normal(0, 2, 30)
    y = y.astype(np.int64 if classes else np.float32)
    scores = torch.tensor(generator.normal(0, 2, (30, objective.outputs)), dtype=torch.float32)
    wanted, answers = by_hand(objective, scores.numpy().astype(float), y)
    assert objective.value(scores, objective.targets(y)).item() == pytest.approx(wanted, rel=1e-5)
    shown = objective.probabilities(scores).numpy()
    assert shown.shape == (30, max(classes, 1))
    assert shown[:, -answers.shape[1] :] == pytest.approx(answers, abs=1e-6)
    if classes:
        assert np.array_equal(objective.predicted(scores).numpy(), shown.argmax(axis=1))
        if not (loss == "bce" and classes > 2):
            assert shown.sum(axis=1) == pytest.approx(1, abs=1e-6)


def test_the_usual_losses():
    assert [default_loss(classes) for classes in (0, 2, 3, 6)] == [
        "mse",
        "bce",
        "cross_entropy",
        "cross_entropy",
    ]
    assert math.isclose(
        Objective("bce", 2).value(torch.zeros(1, 1), torch.ones(1, 1)), math.log(2), rel_tol=1e-6
    )
