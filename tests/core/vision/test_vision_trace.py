import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Generator
from torch.utils.flop_counter import FlopCounterMode

from core.vision.build import build
from core.vision.models import MODELS
from core.vision.specs import completed
from core.vision.text import parse
from core.vision.trace import first_problem, totals, trace

SIZES = [(1, 28, 28), (3, 32, 32)]


def measured(spec, shape):
    """What PyTorch itself says: shape and parameters behind every layer, and the work."""
    model = build(spec, shape, 10, Generator()).eval()
    shapes = {}
    for name, module in model.named_modules():
        module.register_forward_hook(
            lambda _module, _inputs, output, name=name: shapes.update(
                {name: tuple(output.shape[1:])}
            )
        )
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        model(torch.zeros(1, *shape))
    return model, shapes, counter.get_total_flops() // 2


def own_parameters(model, row):
    module = model.get_submodule(row.name)
    if row.text == "skip":
        module = module.shortcut
    return sum(parameter.numel() for parameter in module.parameters())


def check(spec, shape):
    rows = trace(completed(spec, 10), shape)
    model, shapes, work = measured(spec, shape)
    assert [row.output for row in rows] == [shapes[row.name] for row in rows]
    assert [row.parameters for row in rows] == [own_parameters(model, row) for row in rows]
    assert totals(rows) == (sum(p.numel() for p in model.parameters()), work)
    for row in rows:
        if row.parameters:
            counted, result = row.formula.split(" = ")
            sum_ = counted.removeprefix("projection ").replace("×", "*").replace(",", "")
            assert arithmetic(sum_) == row.parameters == int(result.replace(",", ""))
        else:
            assert row.formula == ""


def arithmetic(text):
    """Products and sums with one pair of brackets, such as (3*3*1 + 1)*32 or 2*32."""
    if text.startswith("("):
        inside, outside = text[1:].split(")*")
        return arithmetic(inside) * int(outside)
    total = 0
    for term in text.split("+"):
        product = 1
        for factor in term.split("*"):
            product *= int(factor)
        total += product
    return total


@pytest.mark.parametrize("shape", SIZES)
@pytest.mark.parametrize("name", MODELS)
def test_the_table_is_what_pytorch_does(name, shape):
    check(MODELS[name].spec, shape)


kernels, strides = st.integers(1, 5), st.integers(1, 3)
drawn = st.one_of(
    st.builds("conv {} {} {} {}".format, st.integers(1, 6), kernels, strides, st.integers(0, 2)),
    st.builds("{} {} {}".format, st.sampled_from(["maxpool", "avgpool"]), kernels, strides),
    st.sampled_from(["bn", "relu", "gelu", "dropout 0.5", "flatten", "gap"]),
    st.builds("linear {}".format, st.integers(1, 6)),
    st.builds("skip(conv {0} 3 {1}; bn; relu; conv {0} 3)".format, st.integers(1, 4), strides),
    st.sampled_from(["skip(linear 4)", "skip(maxpool 2)", "skip(conv 3 4)"]),
)


@settings(max_examples=50, deadline=None)
@given(st.lists(drawn, max_size=7), st.integers(4, 19), st.integers(4, 19))
def test_a_network_is_refused_where_pytorch_refuses_it(layers, height, width):
    spec, shape = parse("; ".join(layers)), (2, height, width)
    if first_problem(trace(completed(spec, 10), shape)) is None:
        check(spec, shape)


def test_known_numbers():
    counts = {name: totals(trace(model.spec, SIZES[0])) for name, model in MODELS.items()}
    assert counts["softmax"] == (7850, 7840)
    assert counts["mlp"][0] == 784 * 512 + 512 + 512 * 256 + 256 + 256 * 10 + 10
    assert counts["cnn"][0] == 390_858
    assert counts["lenet5"][0] == 61_706  # the usual count of its modern form
    rows = {row.name: row for row in trace(MODELS["cnn"].spec, SIZES[0])}
    assert rows["conv2"].formula == "(3×3×32 + 1)×64 = 18,496"
    assert rows["linear1"].formula == "1,152×256 + 256 = 295,168"
    assert rows["maxpool3"].output == (128, 3, 3)


@pytest.mark.parametrize(
    ("text", "at", "match"),
    [
        ("conv 8 3; linear 10", "linear1", "put Flatten before it"),
        ("flatten; conv 8 3; linear 3", "conv1", "784 numbers in a row"),
        ("flatten; maxpool 2", "maxpool1", "Pooling needs a picture"),
        ("maxpool 7; conv 8 5 1 0", "conv1", "5×5 is larger than the picture of 4×4:"),
        ("maxpool 11; conv 8 7 1 1; relu", "conv1", "2×2 with 1 pixels of padding"),
        ("skip(conv 8 4; relu)", "skip1", "1×28×28 becomes 8×29×29"),
        ("relu; skip(conv 8 3; flatten); relu", "skip1", "take what flattens out"),
        ("skip(relu; linear 3); relu", "skip1.linear1", "put Flatten before"),
        ("conv 512 3; flatten; linear 4096", "linear1", "parameters, and 20,000,000 is the limit"),
    ],
)
def test_an_impossible_layer_is_marked_where_it_stands(text, at, match):
    rows = trace(parse(text), SIZES[0])
    names = [row.name for row in rows]
    wrong = [row for row in rows if row.problem]
    assert [row.name for row in wrong] == [at]
    assert match in wrong[0].problem
    assert totals(rows) is None
    assert match in first_problem(rows)
    behind = [row for row in rows[names.index(at) + 1 :] if not row.depth]
    assert all(row.output is None and row.parameters is None for row in behind)


def test_pictures_too_large_to_hold():
    rows = trace(parse("conv 512 3"), (3, 224, 224))
    assert "numbers for each picture" in rows[0].problem


def test_left_out_rows_are_worth_a_note():
    rows = {row.name: row for row in trace(parse("maxpool 2; maxpool 3; avgpool 3 4"), (1, 15, 15))}
    assert "last row and column are left out" in rows["maxpool1"].note
    assert "15×15" in rows["maxpool1"].note
    assert "last row and column" in rows["maxpool2"].note  # 7 = 2×3 + 1
    assert trace(parse("maxpool 2"), (1, 28, 28))[0].note is None


def test_a_skip_connection_stands_before_its_layers():
    rows = trace(parse("conv 4 3; skip(conv 8 3 2; bn); relu"), (1, 8, 8))
    assert [(row.name, row.depth) for row in rows] == [
        *(("conv1", 0), ("skip1", 0), ("skip1.conv1", 1), ("skip1.bn1", 1), ("relu1", 0)),
    ]
    assert rows[1].formula == "projection 4×8 + 2×8 = 48"
    assert rows[1].multiply_adds == 4 * 8 * 4 * 4
