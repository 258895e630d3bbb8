"""The stage message: its pieces have the shapes that the browser cuts, and the right numbers."""

from urllib.parse import parse_qsl

import numpy as np
import pytest
import torch
from network_gestures import OWN, SMALL, cut, do, layer, paint, put, walk

from core.networks.features import FEATURES
from explorer.network_builder.lesson import NetworkBuilder
from explorer.network_builder.stage import stage_message
from explorer.numbers import fixed, significant

WIDE = {"layers": "16:relu;16:tanh:0.2:n;8:gelu"}
SHAPES = [
    {},
    {"layers": "none"},
    WIDE,
    {"data": "spirals", "classes": "4"},
    {"data": "gaussians", "classes": "3", "loss": "bce", "features": "x1,product,sin_x2"},
    {"data": "gaussians", "classes": "2", "loss": "cross_entropy"},
    {"data": "plane"},
    {"data": "xor_exact", "layers": "3:=x*sigmoid(x)"},
    {"data": "multi_gauss", "layers": "5:selu;13:tanh"},
]


def middles(size, extent):
    """The middles of the squares of a map, row by row from the top."""
    along = -extent + (2 * np.arange(size) + 1) * extent / size
    return np.array([(x1, x2) for x2 in along[::-1] for x1 in along])


def seen(names, places):
    """The inputs of a network at some places, written down anew."""
    x1, x2 = places.T
    made = {
        "x1": x1,
        "x2": x2,
        "x1_squared": x1 * x1,
        "x2_squared": x2 * x2,
        "product": x1 * x2,
        "sin_x1": np.sin(x1),
        "sin_x2": np.sin(x2),
    }
    assert set(made) == set(FEATURES)
    return torch.tensor(np.stack([made[name] for name in names], axis=1), dtype=torch.float32)


@torch.no_grad()
def scores(training, places):
    training.model.eval()
    said = training.model(seen(training.config.features, places))
    training.model.train()
    return said


@pytest.mark.parametrize("pair", [False, True])
@pytest.mark.parametrize("settings", SHAPES, ids=str)
def test_the_numbers_are_cut_as_the_browser_cuts_them(settings, pair):
    lesson = NetworkBuilder({**settings, **SMALL})
    if pair:
        do(lesson, {"type": "compare"})
    walk(lesson, 2)
    header, points, inputs, moments = cut(lesson)
    assert len(moments) == 1
    data = lesson.sides[0].training
    np.testing.assert_array_equal(
        points[:, :2], np.concatenate([data.training.x, data.validation.x])
    )
    np.testing.assert_array_equal(
        points[:, 2], np.concatenate([data.training.y, data.validation.y])
    )
    assert points[:, 3].tolist() == [0] * len(data.training) + [1] * len(data.validation)
    assert not points[:, 4].any()
    for index, side in enumerate(lesson.sides):
        size = header["sides"][index]["size"]
        places = middles(size, header["extent"])
        wanted = seen(tuple(FEATURES), places).T.reshape(7, size, size)
        np.testing.assert_allclose(inputs[index].reshape(7, size, size), wanted, atol=1e-5)
        reading, parts = moments[0][index]
        assert (reading["epoch"], reading["step"]) == (2, side.training.step_count)
        check_weights(side.training, parts)
        check_units(side.training, parts["maps"], places)


def check_weights(training, parts):
    linears = training.model.linears()
    weights = np.concatenate([linear.weight.detach().numpy().ravel() for linear in linears])
    biases = np.concatenate([linear.bias.detach().numpy() for linear in linears])
    np.testing.assert_array_equal(parts["weights"], weights)
    np.testing.assert_array_equal(parts["biases"], biases)


@torch.no_grad()
def check_units(training, maps, places):
    """Layer by layer with the model's own modules, in the order of the columns."""
    training.model.eval()
    x, rows = seen(training.config.features, places), []
    for hidden in training.model.hidden:
        x = hidden(x)
        rows.append(x)
    z = training.model.output(x)
    ends = {
        "sigmoid": torch.sigmoid,
        "softmax": lambda z: torch.softmax(z, 1),
        "identity": lambda z: z,
    }
    rows.append(ends[training.objective.ending](z))
    training.model.train()
    wanted = torch.cat(rows, dim=1).T.reshape(maps.shape)
    np.testing.assert_allclose(maps, wanted, atol=1e-5)


@pytest.mark.parametrize("settings", SHAPES, ids=str)
def test_the_decision_is_what_the_model_answers_in_the_middle_of_each_square(settings):
    lesson = walk(NetworkBuilder({**settings, **SMALL}), 5)
    training = lesson.side.training
    header, _, _, moments = cut(lesson)
    (_, parts), classes = moments[0][0], header["data"]["classes"]
    z = scores(training, middles(header["map"], header["extent"])).double()
    if classes == 0:
        wanted = z[:, 0]
    elif z.shape[1] == 1:
        wanted = 1 / (1 + torch.exp(-z[:, 0]))
    elif classes == 2:
        wanted = torch.softmax(z, 1)[:, 1]
    else:
        each = torch.sigmoid(z) if training.config.loss == "bce" else torch.softmax(z, 1)
        sure, winner = each.max(dim=1)
        wanted = winner + 0.999 * sure
    np.testing.assert_allclose(parts["decision"].ravel(), wanted, atol=2e-5)


@pytest.mark.parametrize("place", [(0, 1), (1, 2), (2, 1), (3, 0)])
def test_a_unit_under_the_pointer_is_shown_large(place):
    lesson = walk(NetworkBuilder(SMALL), 3)
    do(lesson, {"type": "hover", "column": place[0], "unit": place[1]})
    header, _, _, moments = cut(lesson)
    assert header["peek"] == {"column": place[0], "unit": place[1], "name": header["peek"]["name"]}
    model = lesson.side.training.model
    with torch.no_grad():
        stages = model.stages(seen(("x1", "x2"), middles(header["map"], 6)))
    np.testing.assert_allclose(
        moments[0][0][1]["decision"].ravel(), stages[place[0]][:, place[1]], atol=1e-5
    )
    do(lesson, {"type": "hover"})
    assert cut(lesson)[0]["peek"] is None


def test_every_tick_brings_moments_that_end_in_the_present():
    lesson = put(NetworkBuilder(SMALL), "speed", "200")
    do(lesson, {"type": "tick", "seconds": 0.1})
    _, _, _, moments = cut(lesson)
    epochs = [moment[0][0]["epoch"] for moment in moments]
    assert epochs == sorted(set(epochs))
    assert epochs[-1] == lesson.side.training.epoch == 20
    check_weights(lesson.side.training, moments[-1][0][1])


@pytest.mark.parametrize(
    "event",
    [
        {"type": "insert_layer", "position": 0},
        {"type": "set", "name": "data", "value": "xor_exact"},
        {"type": "hover", "column": 1, "unit": 0},
        {"type": "compare"},
    ],
)
def test_moments_of_what_was_before_are_not_painted_with_what_is_now(event):
    lesson = put(NetworkBuilder(SMALL), "speed", "60")
    tick = {"type": "tick", "seconds": 0.1}
    do(lesson, tick, event)
    _, _, _, moments = cut(lesson)
    assert len(moments) == 1
    do(lesson, tick, event, tick)
    _, _, _, moments = cut(lesson)
    assert moments[-1][0][0]["epoch"] == lesson.side.training.epoch


def test_a_look_and_a_change_that_come_together_fit_each_other():
    lesson = NetworkBuilder(SMALL)
    do(
        lesson,
        {"type": "hover", "column": 1, "unit": 3},
        {"type": "units", "layer": 0, "count": 2},
        {"type": "tick", "seconds": 0.1},
    )
    assert lesson.side.training.epoch == 2
    assert cut(lesson)[0]["peek"] is None


@pytest.mark.parametrize(("mode", "marked"), [("epoch", 0), ("batch", 5), ("example", 1)])
def test_the_points_that_come_next_are_marked(mode, marked):
    lesson = walk(NetworkBuilder({"mode": mode, "batch_size": "5", **SMALL}), 1)
    _, points, _, _ = cut(lesson)
    training = lesson.side.training
    assert points[:, 4].sum() == marked
    if marked:
        place, at = training.place, training.place.cursor
        assert sorted(np.flatnonzero(points[:, 4])) == sorted(
            place.order[at : at + marked].tolist()
        )


@pytest.mark.parametrize("data", ["circles", "plane", "multi_gauss", "spirals"])
@pytest.mark.parametrize("share", ["50", "0"])
def test_the_reading_is_measured_on_the_points(data, share):
    lesson = walk(NetworkBuilder({"data": data, "share": share, **SMALL}), 4)
    check_reading(lesson)
    put(lesson, "loss", "huber")
    check_reading(lesson)
    walk(put(lesson, "mode", "batch"), 1)
    check_reading(lesson)
    do(lesson, {"type": "go_to", "epoch": 1})
    check_reading(lesson)


def check_reading(lesson):
    training = lesson.side.training
    checked = training.validation if len(training.validation) else training.training
    z = scores(training, checked.x.astype(float))[:, 0].numpy()
    words = cut(lesson)[3][-1][0][0]["words"]
    if checked.classes:
        kind = "validation" if len(training.validation) else "training"
        share = ((z > 0) == (checked.y == 1)).mean()
        assert words == f"{kind} accuracy **{fixed(100 * share, 1)} %**"
        return
    miss = z - checked.y
    huber = np.where(np.abs(miss) < 1, miss**2 / 2, np.abs(miss) - 0.5)
    loss = (huber if training.config.loss == "huber" else miss**2).mean()
    said = float(words.split("**")[1].replace("−", "-"))
    assert said == pytest.approx(loss, rel=0.006)
    assert ("validation loss" in words) == (len(training.validation) > 0)


def test_a_network_without_numbers_is_painted_all_the_same():
    lesson = layer(NetworkBuilder(SMALL), 0, expression="log(x)")
    header, _, _, moments = cut(lesson)
    assert header["clock"]["stopped"]
    assert "no finite number" in header["sides"][0]["problem"]
    assert all(np.isfinite(part).all() for part in moments[0][0][1].values())


def test_columns_name_what_there_is():
    lesson = layer(NetworkBuilder({"features": "x2,x1", **SMALL}), 1, expression=OWN, dropout=0.1)
    assert lesson.side.config.features == ("x1", "x2")  # as the diagram has them
    side = cut(lesson)[0]["sides"][0]
    assert side["parameters"] == sum(p.numel() for p in lesson.side.training.model.parameters())
    inputs, first, second, output = side["columns"]
    assert [unit["on"] for unit in inputs["units"]] == [True, True] + [False] * 5
    assert first["formula"] == "2×4+4 = 12"
    assert (second["activation"], second["dropout"]) == ("own", 0.1)
    assert side["expression"] == OWN
    assert output["units"] == [{"label": "P(blue)", "colour": None}]
    layer(layer(lesson, 1, expression="x^2"), 0, activation="own")
    assert [one.activation for one in lesson.side.config.layers] == ["=x^2", "=x^2"]
    put(put(lesson, "data", "spirals"), "classes", 3)
    output = cut(lesson)[0]["sides"][0]["columns"][-1]
    assert [unit["label"] for unit in output["units"]] == ["blue", "orange", "green"]
    assert output["activationLabel"] == "softmax"


def test_dead_units_are_marked():
    lesson = NetworkBuilder({"layers": "3:relu", **SMALL})
    do(lesson, {"type": "bias", "layer": 0, "to": 1, "value": -60})
    units = cut(lesson)[0]["sides"][0]["columns"][1]["units"]
    assert units[1]["dead"]
    assert not all(unit["dead"] for unit in units)


def test_the_selection_keeps_to_units_that_there_are():
    lesson = do(NetworkBuilder(SMALL), {"type": "select", "column": 1, "unit": 3})
    assert cut(lesson)[0]["sides"][0]["selected"] == {"column": 1, "unit": 3}
    do(lesson, {"type": "units", "layer": 0, "count": 2})
    assert cut(lesson)[0]["sides"][0]["selected"] == {"column": 3, "unit": 0}
    do(lesson, {"type": "feature", "name": "x1"}, {"type": "select", "column": 0, "unit": 0})
    assert cut(lesson)[0]["sides"][0]["selected"] == {"column": 0, "unit": 1}  # x₂ in the diagram
    assert NetworkBuilder({"unit": "5.9"}).settings.unit == (3, 0)


@pytest.mark.parametrize(("x1", "wanted"), [(99, 6), (-99, -6), (1.2345, 1.23)])
def test_the_probe_stays_on_the_plane(x1, wanted):
    lesson = do(NetworkBuilder(SMALL), {"type": "probe", "x1": x1, "x2": 0})
    assert cut(lesson)[0]["probe"] == (wanted, 0)
    put(lesson, "data", "xor_exact")
    do(lesson, {"type": "probe", "x1": x1, "x2": 0})
    assert abs(cut(lesson)[0]["probe"][0]) <= 1.5


def test_an_empty_plane_has_no_points_and_the_numbers_still_fit():
    lesson = do(walk(NetworkBuilder(SMALL), 2), {"type": "clear"})
    header, points, _, _ = cut(lesson)
    assert header["points"] == len(points) == 0
    assert header["data"]["cleared"]
    assert cut(paint(lesson, 1, (1, 1)))[1].tolist() == [[1, 1, 1, 0, 0]]


def test_the_largest_number_to_predict_is_the_scale():
    lesson = NetworkBuilder({"data": "plane", **SMALL})
    wanted = float(np.abs(lesson.side.training.training.y).max())
    assert cut(lesson)[0]["data"]["largest"] == pytest.approx(wanted)
    assert significant(wanted) != "1"


def test_while_it_plays_the_address_tells_the_finished_epochs_again():
    lesson = NetworkBuilder({"data": "moons", "speed": "20"})
    for _ in range(3):
        lesson.sides[0].advance("epoch")
    lesson.sides[0].advance("batch")
    assert lesson.sides[0].training.place.cursor > 0, "an epoch has begun"
    header, _ = stage_message(lesson, None)
    told = dict(parse_qsl(header["address"]))
    assert told["epochs"] == "3"
    assert "weights" not in told
    assert "weights" in dict(parse_qsl(lesson.address())), "at rest the weights are told"
    again = NetworkBuilder(told)
    assert max(again.replay_to, again.sides[0].training.epoch) == 3
