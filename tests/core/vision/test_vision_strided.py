"""1×1 convolutions with a stride, which take pixels first, against PyTorch's own."""

import pytest
import torch
from torch import Generator, nn

from core.vision.build import build
from core.vision.modules import Conv2d, skips_pixels
from core.vision.text import parse


@pytest.mark.parametrize(("side", "stride"), [(14, 2), (15, 2), (7, 3), (1, 2)])
def test_it_is_the_same_convolution(side, stride):
    generator = Generator().manual_seed(3)
    ours = Conv2d(4, 8, 1, stride=stride).double()
    theirs = nn.Conv2d(4, 8, 1, stride=stride).double()
    theirs.load_state_dict(ours.state_dict())
    one = torch.randn(2, 4, side, side, dtype=torch.double, generator=generator)
    other = one.clone().requires_grad_()
    one.requires_grad_()
    # oneDNN has no double precision, so PyTorch's own backward pass is safe here.
    ours(one).square().sum().backward()
    theirs(other).square().sum().backward()
    assert torch.allclose(ours(one), theirs(other))
    assert torch.allclose(one.grad, other.grad)
    assert torch.allclose(ours.weight.grad, theirs.weight.grad)


def test_the_layers_that_need_it_have_it():
    generator = Generator().manual_seed(0)
    model = build(parse("conv 4 3 2; skip(conv 8 3 2; bn; relu); gap"), (1, 28, 28), 3, generator)
    kinds = {type(one) for one in model.modules() if isinstance(one, nn.Conv2d)}
    assert kinds == {nn.Conv2d, Conv2d}
    wide = build(parse("conv 8 3 2; skip(conv 16 3 2; bn; relu); gap"), (1, 28, 28), 3, generator)
    assert not any(isinstance(one, Conv2d) for one in wide.modules())
    assert not skips_pixels(4, 3, 2, 0)
