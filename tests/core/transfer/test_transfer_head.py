"""The head, against scikit-learn; the plan of judging; what comes of it."""

import itertools

import numpy as np
import pytest
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import confusion_matrix, log_loss
from sklearn.preprocessing import StandardScaler

from core.errors import InputError
from core.networks.probes import wilson
from core.transfer.folds import plan_for
from core.transfer.head import fit_head, fitting, quality
from core.transfer.judging import cross_validated


def clouds(count, classes, features, seed=0, apart=0.4):
    """Clouds of points that overlap, on very different scales."""
    chance = torch.Generator().manual_seed(seed)
    targets = torch.arange(count) % classes
    centres = apart * torch.randn(classes, features, generator=chance)
    rows = centres[targets] + torch.randn(count, features, generator=chance)
    return rows * torch.logspace(-2, 2, features) + 3, targets


def scikit_learn(x, y, classes, weight_decay):
    scale = StandardScaler().fit(x.double())
    factor = 2 if classes == 2 else 1
    strength = factor / (weight_decay * len(x))
    model = LogisticRegression(C=strength, tol=1e-9, max_iter=10_000)
    model.fit(scale.transform(x.double()), y)
    return lambda new: model.predict_proba(scale.transform(new.double()))


@pytest.mark.parametrize(
    ("count", "classes", "features"), [(60, 2, 200), (150, 2, 20), (90, 5, 300), (200, 10, 40)]
)
@pytest.mark.parametrize("weight_decay", [0.01, 0.1, 1.0])
def test_the_head_is_the_logistic_regression_of_scikit_learn(
    count, classes, features, weight_decay
):
    x, y = clouds(count, classes, features)
    new, _ = clouds(50, classes, features, seed=1)
    head = fit_head(x, y, classes, weight_decay=weight_decay)
    theirs = scikit_learn(x, y, classes, weight_decay)
    for rows in (x, new):
        assert np.allclose(head.logits(rows).softmax(1), theirs(rows), atol=2e-3)


def test_a_step_never_makes_the_objective_worse_and_the_last_is_the_fitted_head():
    x, y = clouds(80, 3, 40)
    held = clouds(40, 3, 40, seed=1)
    steps, heads = zip(*fitting(x, y, 3, weight_decay=0.1, validation=held), strict=True)
    assert [one.step for one in steps] == list(range(len(steps)))
    assert steps[0].training_loss == pytest.approx(np.log(3), rel=1e-5)
    penalties = [0.05 * float(one.weight.square().sum()) for one in heads]
    values = [one.training_loss + more for one, more in zip(steps, penalties, strict=True)]
    assert all(later <= earlier + 1e-6 for earlier, later in itertools.pairwise(values))
    assert values[-1] < values[0] - 0.1
    last, fitted = steps[-1], fit_head(x, y, 3, weight_decay=0.1)
    assert torch.equal(heads[-1].weight, fitted.weight)
    shares = heads[-1].logits(held[0]).softmax(1).numpy()
    assert last.validation_loss == pytest.approx(
        log_loss(held[1], shares, labels=[0, 1, 2]), rel=1e-4
    )
    assert last.validation_accuracy == (shares.argmax(1) == held[1].numpy()).mean()


def test_the_plain_linear_layer_says_the_same_as_the_head():
    x, y = clouds(60, 4, 30)
    head = fit_head(x, y, 4)
    weight, bias = head.linear()
    assert torch.allclose(x @ weight.T + bias, head.logits(x), atol=1e-3)


def test_a_feature_that_never_changes_breaks_nothing():
    x, y = clouds(40, 2, 10)
    x[:, 3] = 7.0
    head = fit_head(x, y, 2)
    assert head.logits(x).isfinite().all()
    assert quality(head, x, y)[1] > 0.7


@pytest.mark.parametrize(
    ("targets", "classes", "words"),
    [
        ([0, 0, 0], 1, "second one"),
        ([0, 0, 0], 2, "Class 2 has no picture"),
        ([0, 1, 2], 2, "counted from 0 to 1"),
        ([0, 1], 2, "as many whole numbers"),
    ],
)
def test_what_cannot_be_fitted_is_said(targets, classes, words):
    with pytest.raises(InputError, match=words):
        fit_head(torch.ones(3, 4), torch.tensor(targets), classes)


def test_features_that_are_no_numbers_are_said():
    with pytest.raises(InputError, match="not a number"):
        fit_head(torch.tensor([[1.0], [float("nan")]]), torch.tensor([0, 1]), 2)


def chance(seed=0):
    return torch.Generator().manual_seed(seed)


def test_few_pictures_are_cross_validated_every_one_once_and_every_class_evenly():
    targets = torch.tensor([0] * 23 + [1] * 10 + [2] * 7)
    plan = plan_for(targets, 3, chance())
    assert plan.kind == "folds"
    assert torch.equal(torch.cat(plan.held).sort().values, torch.arange(40))
    for held in plan.held:
        counts = torch.bincount(targets[held], minlength=3).tolist()
        assert counts[0] in (4, 5)
        assert counts[1] == 2
        assert counts[2] in (1, 2)
    again = plan_for(targets, 3, chance())
    assert all(torch.equal(a, b) for a, b in zip(plan.held, again.held, strict=True))
    other = plan_for(targets, 3, chance(1))
    assert not all(torch.equal(a, b) for a, b in zip(plan.held, other.held, strict=True))


def test_three_pictures_make_three_folds_and_one_is_never_held_back():
    targets = torch.tensor([0] * 9 + [1] * 3 + [2])
    plan = plan_for(targets, 3, chance())
    assert len(plan.held) == 3
    assert 12 not in torch.cat(plan.held)
    assert "1 class has one picture only" in plan.sentence


def test_many_pictures_give_a_fifth_of_every_class():
    targets = torch.arange(1500) % 3
    plan = plan_for(targets, 3, chance())
    assert plan.kind == "split"
    (held,) = plan.held
    assert torch.bincount(targets[held]).tolist() == [100, 100, 100]


def test_one_picture_a_class_cannot_be_judged_and_that_is_said():
    plan = plan_for(torch.tensor([0, 1]), 2, chance())
    assert plan.held == ()
    assert "Add a second one" in plan.sentence
    judged = cross_validated(torch.eye(2), torch.tensor([0, 1]), 2, plan)
    assert len(judged) == 0
    assert np.isnan(judged.accuracy)


def test_frames_of_one_recording_stay_together():
    targets = torch.arange(60) % 2
    groups = torch.arange(60) // 6  # ten recordings
    plan = plan_for(targets, 2, chance(), groups=groups)
    folds = [set(groups[held].tolist()) for held in plan.held]
    assert sum(map(len, folds)) == len(set.union(*folds)) == 10


def test_judging_is_the_cross_validation_of_scikit_learn():
    x, y = clouds(70, 3, 25)
    plan = plan_for(y, 3, chance())
    judged = cross_validated(x, y, 3, plan, weight_decay=0.1)
    expected = np.zeros((70, 3))
    for held in plan.held:
        kept = torch.ones(70, dtype=torch.bool)
        kept[held] = False
        expected[held] = scikit_learn(x[kept], y[kept], 3, 0.1)(x[held])
    assert np.allclose(judged.answers.probabilities, expected, atol=2e-3)
    said = expected.argmax(1)
    assert judged.accuracy == (said == y.numpy()).mean()
    assert judged.interval == wilson(int((said == y.numpy()).sum()), 70)
    assert (judged.confusion == confusion_matrix(y, said)).all()
    row, column = np.argwhere(judged.confusion * (1 - np.eye(3)) > 0)[0]
    cell = judged.of_cell(row, column)
    assert sorted(cell) == np.flatnonzero((y.numpy() == row) & (said == column)).tolist()


def test_labels_that_are_chance_are_judged_as_chance_although_all_can_be_learnt():
    chances = chance()
    x = torch.randn(100, 200, generator=chances)
    y = torch.arange(100) % 2
    assert quality(fit_head(x, y, 2), x, y)[1] == 1.0
    judged = cross_validated(x, y, 2, plan_for(y, 2, chances))
    low, high = judged.interval
    assert low < 0.5 < high
