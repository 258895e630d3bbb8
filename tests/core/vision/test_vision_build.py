import copy

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from sklearn.linear_model import LogisticRegression
from torch import Generator, nn

from core.errors import InputError
from core.images.finding import load
from core.images.prepared import prepare
from core.images.split import split
from core.vision.build import ACTIVATIONS, build, placed
from core.vision.models import MODELS, model_named
from core.vision.modules import BatchNorm1d, BatchNorm2d, Dropout
from core.vision.specs import ACTIVATION_NAMES
from core.vision.text import parse

SIZES = [(1, 28, 28), (3, 32, 32)]


def seeded(seed=0):
    return Generator().manual_seed(seed)


def pictures(n=8, shape=(1, 28, 28), seed=5):
    return torch.randn(n, *shape, generator=seeded(seed))


def plain_cnn():
    """The course's CNN as it is written in PyTorch."""
    blocks = []
    for inputs, outputs in ((1, 32), (32, 64), (64, 128)):
        blocks += [nn.Conv2d(inputs, outputs, 3, padding=1), nn.BatchNorm2d(outputs)]
        blocks += [nn.ReLU(), nn.MaxPool2d(2)]
    dense = [nn.Flatten(), nn.Linear(1152, 256), nn.ReLU(), nn.Dropout(0.5), nn.Linear(256, 10)]
    return nn.Sequential(*blocks, *dense)


def plain_mlp():
    return nn.Sequential(
        *(nn.Flatten(), nn.Linear(784, 512), nn.ReLU(), nn.Dropout(0.2)),
        *(nn.Linear(512, 256), nn.ReLU(), nn.Dropout(0.2), nn.Linear(256, 10)),
    )


def stepped(model, steps=3):
    """The losses of some steps of training, in the way of a textbook."""
    optimizer = torch.optim.Adam(model.parameters(), 0.001)
    labels = torch.arange(8) % 10
    losses = []
    for step in range(steps):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(pictures(seed=step)), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


@pytest.mark.parametrize(("name", "plain"), [("cnn", plain_cnn), ("mlp", plain_mlp)])
def test_weights_and_training_are_those_of_plain_pytorch(name, plain):
    ours = build(MODELS[name].spec, (1, 28, 28), 10, seeded(3))
    with torch.random.fork_rng():
        torch.manual_seed(3)  # the same chance, here from PyTorch's own generator
        theirs = plain()
        for one, other in zip(ours.parameters(), theirs.parameters(), strict=True):
            assert torch.equal(one, other)
        expected = stepped(theirs)
    assert stepped(ours) == expected  # to the last digit: dropout and ReLU behind the pooling too
    for one, other in zip(ours.state_dict().values(), theirs.state_dict().values(), strict=True):
        assert torch.equal(one, other)
    ours.eval(), theirs.eval()
    assert torch.equal(ours(pictures()), theirs(pictures()))


@pytest.mark.parametrize("shape", SIZES)
@pytest.mark.parametrize("name", MODELS)
def test_every_model_takes_every_size_and_learns_everywhere(name, shape):
    model = placed(build(MODELS[name].spec, shape, 7, seeded()), "cpu")
    scores = model(pictures(16, shape))
    assert scores.shape == (16, 7)
    F.cross_entropy(scores, torch.arange(16) % 7).backward()
    for key, parameter in model.named_parameters():
        assert torch.isfinite(parameter.grad).all(), key
        assert parameter.grad.abs().max() > 0, key
    assert model.eval()(pictures(1, shape)).shape == (1, 7)


@pytest.mark.parametrize("name", MODELS)
def test_the_seed_decides_and_nothing_else(name):
    before = torch.get_rng_state()
    one, same, other = (build(MODELS[name].spec, SIZES[0], 10, seeded(s)) for s in (1, 1, 2))
    first = [stepped(one), stepped(same), stepped(other)]
    assert torch.equal(torch.get_rng_state(), before)
    assert first[0] == first[1] != first[2]


def test_dropout_goes_on_where_its_generator_stands():
    model = build(MODELS["mlp"].spec, SIZES[0], 10, seeded())
    model.draw_from(seeded(9))
    once = model(pictures())
    assert not torch.equal(model(pictures()), once)
    model.draw_from(seeded(9))
    assert torch.equal(model(pictures()), once)


@pytest.mark.parametrize("p", [0.0, 0.2, 0.9])
def test_dropout_keeps_the_mean_and_the_share(p):
    x = torch.ones(200_000)
    y = Dropout(p, seeded())(x)
    assert (y == 0).float().mean().item() == pytest.approx(p, abs=0.005)
    assert y.mean().item() == pytest.approx(1, abs=0.02)
    assert torch.equal(Dropout(p, seeded()).eval()(x), x)


@pytest.mark.parametrize(("norm", "shape"), [(BatchNorm1d, (1, 5)), (BatchNorm2d, (1, 5, 1, 1))])
def test_a_last_batch_of_one_is_normalised_by_memory(norm, shape):
    layer, plain = norm(5), norm(5).eval()
    x = torch.randn(shape, generator=seeded())
    assert torch.equal(layer(x), plain(x))
    model = build(parse("flatten; linear 5; bn; relu"), SIZES[0], 3, seeded())
    assert torch.isfinite(model(pictures(1))).all()


@pytest.mark.parametrize("name", ACTIVATION_NAMES)
def test_activations_are_pytorchs(name):
    x = torch.linspace(-4, 4, 101)
    function = getattr(F, name, None) or getattr(torch, name)
    assert torch.equal(ACTIVATIONS[name]()(x), function(x))


def test_relu_behind_the_pooling_changes_no_bit():
    spec = parse("conv 6 3; relu; maxpool 2; conv 6 3; bn; relu; maxpool 3 1; flatten")
    model = build(spec, (2, 9, 9), 4, seeded())
    ordered = nn.Sequential(*copy.deepcopy(list(model.children())))
    assert [type(layer) for layer in ordered][1] is nn.ReLU  # as written, for whoever looks inside
    x = pictures(16, (2, 9, 9)).round()  # ties and zeros
    for one in (model, ordered):
        one(x).square().sum().backward()
    for one, other in zip(model.parameters(), ordered.parameters(), strict=True):
        assert torch.equal(one.grad, other.grad)


def test_a_residual_block_adds_what_comes_in():
    model = build(parse("skip(conv 4 3; bn); flatten"), (4, 6, 6), 2, seeded()).eval()
    x = pictures(3, (4, 6, 6))
    block = model.skip1
    assert torch.equal(block(x), block.bn1(block.conv1(x)) + x)
    wider = build(parse("skip(conv 8 3 2; bn); flatten"), (4, 6, 6), 2, seeded()).eval().skip1
    projected = F.conv2d(x, wider.shortcut[0].weight, stride=2) / (1 + 1e-5) ** 0.5
    torch.testing.assert_close(wider(x), wider.bn1(wider.conv1(x)) + projected)


def test_the_names_of_the_weights_are_stable():
    keys = set(build(MODELS["resnet"].spec, SIZES[0], 10, seeded()).state_dict())
    assert {"conv1.weight", "skip2.conv1.bias", "skip2.shortcut.0.weight", "linear1.bias"} <= keys


def test_saved_weights_fit_a_network_built_anew():
    one = build(MODELS["cnn"].spec, SIZES[0], 10, seeded(1)).eval()
    other = build(MODELS["cnn"].spec, SIZES[0], 10, seeded(2)).eval()
    other.load_state_dict(one.state_dict())
    assert torch.equal(one(pictures()), other(pictures()))


def test_channels_last_gives_the_same_scores():
    model = build(MODELS["cnn"].spec, SIZES[1], 10, seeded()).eval()
    x = pictures(4, SIZES[1])
    plain = model(x)
    fast = placed(model, "cpu")(x.contiguous(memory_format=torch.channels_last))
    torch.testing.assert_close(fast, plain, rtol=1e-4, atol=1e-5)
    assert model.conv2.weight.is_contiguous(memory_format=torch.channels_last)


def test_what_cannot_be_built():
    with pytest.raises(InputError, match="linear1: A linear layer needs numbers in a row"):
        build(parse("conv 3 3; linear 5; relu"), SIZES[0], 10, seeded())
    with pytest.raises(InputError, match="no model called"):
        model_named("alexnet")


def test_softmax_regression_finds_the_optimum_of_scikit_learn():
    ready = prepare(split(load("digits", [])[0], 0.0, 0.3, np.random.default_rng(0)), "cpu")
    x, y = ready.train.batch(torch.arange(500))
    x = x.double()
    theirs = LogisticRegression(C=0.01, tol=1e-8, max_iter=1000).fit(
        x.flatten(1).numpy(), y.numpy()
    )
    model = build(MODELS["softmax"].spec, (1, 28, 28), 10, seeded()).double()
    optimizer = torch.optim.LBFGS(model.parameters(), max_iter=200, line_search_fn="strong_wolfe")

    def objective():
        optimizer.zero_grad()
        penalty = model.linear1.weight.square().sum() / (2 * 0.01 * len(x))
        loss = F.cross_entropy(model(x), y) + penalty
        loss.backward()
        return loss

    optimizer.step(objective)
    test_x, test_y = ready.test.batch(torch.arange(len(ready.test)))
    ours = model(test_x.double()).softmax(1).detach().numpy()
    expected = theirs.predict_proba(test_x.double().flatten(1).numpy())
    assert np.abs(ours - expected).max() < 1e-3
    assert (ours.argmax(1) == test_y.numpy()).mean() > 0.9


def test_the_fast_cnn_reads_small_digits():
    ready = prepare(split(load("digits", [])[0], 0.0, 0.3, np.random.default_rng(0)), "cpu")
    model = placed(build(MODELS["fast_cnn"].spec, ready.shape, 10, seeded()), "cpu")
    optimizer = torch.optim.AdamW(model.parameters(), 0.003)
    chance = seeded(1)
    for _ in range(3):
        for x, y in ready.train.batches(chance, 64):
            optimizer.zero_grad()
            F.cross_entropy(model(x), y).backward()
            optimizer.step()
    model.eval()
    right = [(model(x).argmax(1) == y).float().mean().item() for x, y in ready.test.in_order(600)]
    assert right[0] > 0.95


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU here")
@pytest.mark.parametrize("name", MODELS)
def test_the_same_scores_on_the_gpu(name):
    model = build(MODELS[name].spec, SIZES[0], 10, seeded()).eval()
    expected = model(pictures())
    there = placed(model, "cuda")(pictures().cuda())
    torch.testing.assert_close(there.cpu(), expected, rtol=1e-2, atol=1e-2)
