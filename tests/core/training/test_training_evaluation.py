import numpy as np
import pytest
import torch
import torch.nn.functional as F
from sklearn.metrics import confusion_matrix, log_loss

from core.errors import InputError
from core.images.image_set import ImageSet
from core.training.config import TrainingConfig
from core.training.data import prepared_for, sets_of, split_for, store
from core.training.evaluation import answers, final_answers, per_class, probabilities
from core.training.events import (
    EpochEnded,
    Progress,
    RateChanged,
    Started,
    Stopped,
    from_mapping,
    to_mapping,
)
from core.training.maps import all_finite, feature_maps, first_filters


@pytest.fixture(scope="module")
def prepared(digits, small):
    return prepared_for(small, digits)


@pytest.fixture
def model(run):
    return run()[0]


def test_answers_are_those_of_scikit_learn(model, prepared):
    said = answers(model, prepared.validation, batch_size=50)
    assert said.labels.tolist() == prepared.validation.labels.tolist()
    np.testing.assert_array_equal(
        said.confusion, confusion_matrix(said.labels, said.predicted, labels=range(10))
    )
    chances = said.probabilities.astype(np.float64)
    np.testing.assert_allclose(chances.sum(1), 1, rtol=1e-5)
    chances /= chances.sum(1, keepdims=True)
    assert said.loss == pytest.approx(log_loss(said.labels, chances, labels=range(10)), rel=1e-4)
    assert said.accuracy == np.trace(said.confusion) / len(said.labels)


def test_the_batch_size_changes_nothing(model, prepared):
    one, two = (answers(model, prepared.validation, size) for size in (7, 1000))
    np.testing.assert_allclose(one.probabilities, two.probabilities, atol=1e-6)


def test_worst_mistakes_are_wrong_and_sorted_by_loss(model, prepared):
    said = answers(model, prepared.validation)
    worst = said.worst(5)
    wrong = [n for n in range(len(said.labels)) if said.predicted[n] != said.labels[n]]
    assert len(wrong) > 5
    assert worst.tolist() == sorted(wrong, key=lambda n: -said.losses[n])[:5]
    own = -np.log(said.probabilities[worst, said.labels[worst]])
    np.testing.assert_allclose(said.losses[worst], own, rtol=1e-3)


def test_a_cell_of_the_confusion_matrix_opens_its_pictures(model, prepared):
    said = answers(model, prepared.validation)
    row, column = np.argwhere(said.confusion - np.diag(np.diag(said.confusion)))[0]
    pictures = said.of_cell(row, column, 1000)
    assert len(pictures) == said.confusion[row, column]
    assert set(said.labels[pictures]) == {row}
    assert set(said.predicted[pictures]) == {column}


def test_per_class_has_wilsons_interval():
    # Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3: 81 of 263.
    one, empty = per_class(np.array([[81, 182], [0, 0]]))
    assert (one.low, one.high) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert np.isnan(empty.accuracy)


def test_only_one_function_looks_at_the_test_set(model, prepared):
    said = final_answers(model, prepared)
    assert said.labels.tolist() == prepared.test.labels.tolist()


def test_an_empty_set_gives_no_numbers(model, digits):
    empty = prepared_for(TrainingConfig(validation_share=0.0, model="softmax"), digits).validation
    said = answers(model, empty)
    assert np.isnan(said.loss)
    assert said.worst(3).tolist() == []


def test_asking_leaves_the_network_as_it_was(run, prepared):
    model, _, _ = run(model="conv 4 3 2; bn; relu; dropout 0.5; flatten; linear 10")
    before = {key: value.clone() for key, value in model.state_dict().items()}
    for training in (True, False):
        model.train(training)
        answers(model, prepared.validation)
        feature_maps(model, next(prepared.validation.in_order(1))[0][0])
        assert model.training is training
    assert all(torch.equal(before[key], value) for key, value in model.state_dict().items())
    assert not any(module._forward_hooks for module in model.modules())


def test_feature_maps_are_the_layers_one_after_another(run, prepared):
    model, _, _ = run(model="conv 4 3 2; bn; relu; maxpool 2; flatten; linear 10")
    image = next(prepared.validation.in_order(1))[0][0]
    maps = feature_maps(model, image)
    x = image[None]
    with torch.no_grad():
        for name, layer in model.eval().named_children():
            x = layer(x)
            np.testing.assert_allclose(maps[name], x[0].numpy(), atol=1e-6)
    assert maps["maxpool1"].shape == (4, 7, 7)
    chances = probabilities(model, image[None])
    np.testing.assert_allclose(chances[0], F.softmax(x[0], 0).numpy(), atol=1e-6)


def test_first_filters_of_a_convolution_and_of_a_linear_layer(run):
    conv, _, _ = run(model="conv 4 5; relu; flatten; linear 10")
    np.testing.assert_array_equal(first_filters(conv, (1, 28, 28)), conv.conv1.weight.detach())
    linear, _, _ = run()
    filters = first_filters(linear, (1, 28, 28), most=3)
    weights = linear.linear1.weight.detach().numpy()
    assert filters.shape == (3, 1, 28, 28)
    assert filters[2, 0, 5, 7] == weights[2, 5 * 28 + 7]
    pooled, _, _ = run(model="maxpool 2; flatten; linear 10")
    assert first_filters(pooled, (1, 28, 28)) is None


def test_filters_are_a_copy(run):
    model, _, _ = run(model="conv 4 5; relu; flatten; linear 10")
    filters = first_filters(model, (1, 28, 28))
    before = filters.copy()
    with torch.no_grad():
        model.conv1.weight.zero_()
    np.testing.assert_array_equal(filters, before)


def test_a_weight_that_is_no_number_is_found(model):
    assert all_finite(model)
    with torch.no_grad():
        model.linear1.weight[3, 5] = float("nan")
    assert not all_finite(model)


@pytest.mark.parametrize(
    "event",
    [
        Started(2, 40, 1000, 100, 20, 5, 7850, "cuda:1"),
        Progress(7, 0, 0.1 + 0.2, 1 / 3, 1e-5, 12345.6),
        EpochEnded(1, 20, 2.3, 0.1, 2.2, 0.2, 0.01, 3.5, 280.0),
        RateChanged(7, 0, 0.1, 0.2),
        Stopped("early", 5, 100),
    ],
)
def test_events_survive_json(event):
    import json

    assert from_mapping(json.loads(json.dumps(to_mapping(event)))) == event


def test_not_a_number_survives_json():
    row = EpochEnded(1, 20, 2.3, 0.1, float("nan"), float("nan"), 0.01, 3.5, 280.0)
    assert np.isnan(from_mapping(to_mapping(row)).validation_loss)


@pytest.mark.parametrize(
    "values",
    [None, [], {}, {"event": "Nothing"}, {"event": []}, {"event": "Stopped", "reason": 3},
     {"event": "Stopped", "reason": "early", "epoch": "x", "step": 0},
     {"event": "Progress", "step": True, "epoch": 0}],
)  # fmt: skip
def test_damaged_events_are_refused(values):
    with pytest.raises(InputError):
        from_mapping(values)


# The pictures of a run


def test_parts_share_no_picture_and_the_test_part_is_the_same_for_every_seed(digits):
    one, two = (split_for(TrainingConfig(seed=seed), digits) for seed in (0, 1))
    assert torch.equal(one.test.images, two.test.images)
    assert not torch.equal(one.train.images, two.train.images)
    sizes = [len(part) for part in (one.train, one.validation, one.test)]
    assert sum(sizes) == 1797
    assert sizes[2] == pytest.approx(1797 * 0.2, abs=1)
    assert sizes[1] == pytest.approx(1797 * 0.8 * 0.1, abs=1)


def test_train_size_leaves_validation_and_test_alone(digits):
    few, many = (split_for(TrainingConfig(train_size=n), digits) for n in (50, None))
    assert len(few.train) == 50
    assert torch.equal(few.validation.images, many.validation.images)
    assert torch.equal(few.test.images, many.test.images)


def test_a_set_of_ones_own_is_kept_and_found_again(tmp_path):
    images = torch.randint(0, 256, (40, 3, 8, 8), generator=torch.Generator(), dtype=torch.uint8)
    data = ImageSet(images, torch.arange(40) % 2, ("ant", "bee"), "Insects")
    dataset = store(data, "my-insects_1", tmp_path)
    found, test = sets_of(dataset, [tmp_path])
    assert torch.equal(found.images, images)
    assert (found.classes, found.name, test) == (("ant", "bee"), "Insects", None)
    assert TrainingConfig(dataset=dataset).dataset == dataset
    path = next(tmp_path.rglob("*.safetensors"))
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(InputError, match="damaged"):
        sets_of(dataset, [tmp_path])
    with pytest.raises(InputError, match="no longer"):
        sets_of("stored:other", [tmp_path])
    with pytest.raises(InputError):
        store(data, "../x", tmp_path)
