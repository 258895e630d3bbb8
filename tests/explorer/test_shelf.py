"""What a visitor brings along from page to page."""

import numpy as np
import torch

from core.images.image_set import ImageSet
from explorer.shelf import PictureShelf


def test_a_picture_and_a_set_are_kept_and_replaced():
    shelf = PictureShelf()
    assert shelf.picture is None
    assert shelf.pictures is None
    first, second = (np.full((2, 3, 3), level, np.uint8) for level in (10, 20))
    shelf.put_picture(first)
    shelf.put_picture(second)
    own = ImageSet(
        torch.zeros(2, 3, 4, 4, dtype=torch.uint8), torch.tensor([0, 1]), ("a", "b"), "x"
    )
    shelf.put_pictures(own)
    assert shelf.picture is second
    assert shelf.pictures is own
    assert shelf.opened == 3


def test_a_pipeline_goes_to_the_page_that_it_is_for_and_once():
    shelf = PictureShelf()
    shelf.hand("training_dashboard", "hflip")
    assert shelf.take("transfer_learning") is None
    assert shelf.take("training_dashboard") == "hflip"
    assert shelf.take("training_dashboard") is None
