"""Things that go from page to page: where they are asked for, what arrives, and only once."""

from urllib.parse import parse_qs

import numpy as np
import pytest

from core.errors import InputError
from explorer.activations.lesson import Activations
from explorer.augmentation.lesson import Augmentation
from explorer.journeys import Journey, Leaving
from explorer.network_builder.cards import code
from explorer.network_builder.handing import receive
from explorer.network_builder.lesson import NetworkBuilder
from explorer.shelf import PictureShelf
from explorer.training_dashboard.controls import row_message
from explorer.training_dashboard.lesson import TrainingDashboard
from explorer.transfer_learning.controls import row_message as transfer_row
from explorer.transfer_learning.lesson import TransferLearning

PIPELINE = "hflip:0.3;rotation:degrees=20"
BENT = "x*sin(x)"


def gesture(lesson, kind, **details):
    lesson.apply(({"type": kind, **details},))
    return lesson.leaving.take() if hasattr(lesson, "leaving") else None


def field(fields, name="augment"):
    return next(one for one in fields["fields"] if one["name"] == name)


def test_one_leaves_once_and_only_for_a_page_that_is_there():
    leaving = Leaving()
    assert not leaving.wanted
    leaving.ask(Journey("augmentation"))
    assert leaving.wanted
    assert leaving.take().slug == "augmentation"
    assert leaving.take() is None
    for slug in ("glossary", "nowhere"):
        with pytest.raises(InputError, match="not there yet"):
            leaving.ask(Journey(slug))


def test_a_function_goes_into_every_layer_and_the_script_prints_its_numbers(fresh_python):
    page = Activations({})
    page.apply(({"type": "expression", "text": BENT},))
    journey = gesture(page, "go", slug="network_builder")
    assert (journey.slug, journey.text) == ("network_builder", BENT)
    builder = NetworkBuilder({"epochs": "3"})
    before = builder.side.weights()
    receive(builder, journey.text)
    assert [layer.activation for layer in builder.side.config.layers] == [f"={BENT}"] * 2
    assert builder.side.weights() == before
    assert f"{BENT} works in every hidden layer" in builder.notice
    builder.apply(({"type": "step", "count": 2},))
    run = builder.side.training
    said = fresh_python.printed(code(builder)["source"])
    printed = float(said.split("training loss =")[1].split()[0])
    assert printed == pytest.approx(run.now.training_loss, rel=1e-6)
    builder.apply(({"type": "undo"},))
    builder.apply(({"type": "undo"},))
    assert builder.side.config.layers[0].activation == "tanh"


def test_a_link_of_the_builder_keeps_the_function_and_it_can_be_looked_at():
    builder = NetworkBuilder({})
    receive(builder, BENT)
    given = {name: one[0] for name, one in parse_qs(builder.address()).items()}
    again = NetworkBuilder(given)
    assert again.problems == []
    assert again.side.config.layers == builder.side.config.layers
    journey = gesture(again, "see_function", position=1)
    assert again.leaving.take() is None
    page = Activations(dict(journey.parameters))
    page.receive(journey.text)
    assert page.settings.functions[0] == "own"
    assert page.own_expression == BENT
    again.apply(({"type": "see_function", "position": 7},))
    assert again.notice == "There is no hidden layer 8."


def test_without_a_hidden_layer_the_function_waits_in_the_menu():
    builder = NetworkBuilder({})
    while builder.side.config.layers:
        builder.apply(({"type": "remove_layer", "position": 0},))
    receive(builder, BENT)
    assert "Add a layer first" in builder.notice
    assert builder.edits.expression == BENT


@pytest.mark.parametrize("page", [TrainingDashboard, TransferLearning])
def test_a_pipeline_goes_back_to_where_it_is_changed(page):
    given = {"augment": PIPELINE, **({"method": "last"} if page is TransferLearning else {})}
    lesson = page(given)
    row = transfer_row if page is TransferLearning else row_message
    way = field(row(lesson, None))["options"][-1]
    assert way == ["elsewhere", "change it …"]
    journey = gesture(lesson, "set", name="augment", value=way[0])
    assert lesson.settings.augment == PIPELINE  # It stays at work here meanwhile.
    assert journey.slug == "augmentation"
    shelf = PictureShelf()
    previewer = Augmentation({}, shelf)
    before = previewer.settings.pipeline
    previewer.handing.receive(journey.text, None)
    assert previewer.handing.text == PIPELINE
    assert Augmentation(dict(journey.parameters)).handing.text == PIPELINE
    previewer.apply(({"type": "undo"},))
    assert previewer.settings.pipeline == before


def test_without_a_pipeline_the_dashboard_shows_the_way_to_one():
    lesson = TrainingDashboard({})
    off = field(row_message(lesson, None))
    assert off["more"]
    assert gesture(lesson, "set", name="augment", value="elsewhere").text is None


@pytest.mark.parametrize("picture", ["cat", "six"])
def test_a_picture_goes_from_the_previewer_to_be_predicted_and_learnt(picture):
    journey = gesture(Augmentation({"picture": picture}), "predict")
    assert journey.slug == "transfer_learning"
    assert journey.picture.ndim == 3
    transfer = TransferLearning({"classes": "2", "per_class": "3"})
    transfer.asking.receive(journey.picture)
    assert transfer.asking.own
    said = transfer.asking.said()
    assert said is not None
    assert said.probabilities.sum() == pytest.approx(1, abs=1e-5)
    label = transfer.collecting.collection.labels[1]
    transfer.apply(({"type": "keep_query", "label": label.id},))
    kept = transfer.collecting.collection.label(label.id)
    assert len(kept) == 4
    assert kept.samples[-1].origin == "upload"
    assert f"an example of {label.name}" in transfer.notice
    transfer.apply(({"type": "undo"},))
    assert len(transfer.collecting.collection.label(label.id)) == 3


def test_a_picture_of_the_set_is_not_learnt_from_by_accident():
    transfer = TransferLearning({"classes": "2", "per_class": "3"})
    label = transfer.collecting.collection.labels[0]
    transfer.apply(({"type": "keep_query", "label": label.id},))
    assert len(transfer.collecting.collection.label(label.id)) == 3
    assert "Draw, upload or film" in transfer.notice


def test_a_picture_goes_from_transfer_learning_to_the_previewer():
    transfer = TransferLearning({"classes": "2", "per_class": "3"})
    sample = transfer.collecting.collection.samples[2]
    journey = gesture(transfer, "augment_sample", sample=sample.id)
    assert np.array_equal(journey.picture, sample.picture)
    asked = gesture(transfer, "augment_query")
    assert np.array_equal(asked.picture, transfer.asking.picture)
    shelf = PictureShelf()
    previewer = Augmentation({}, shelf)
    previewer.handing.receive(None, journey.picture)
    assert previewer.settings.picture == "own"
    assert shelf.picture is journey.picture


def test_pictures_on_the_shelf_are_for_one_page_and_once():
    shelf = PictureShelf()
    picture = np.zeros((4, 4, 3), np.uint8)
    shelf.hand_picture("augmentation", picture)
    assert shelf.take_picture("transfer_learning") is None
    assert shelf.take_picture("augmentation") is picture
    assert shelf.take_picture("augmentation") is None
