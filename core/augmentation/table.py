"""All transforms by name: one table for the controls, the code and the tests."""

from __future__ import annotations

from core.augmentation.automatic import AUTOMATIC
from core.augmentation.colour import COLOUR
from core.augmentation.framing import FRAMING
from core.augmentation.geometry import GEOMETRY
from core.augmentation.spec import Break, Parameter, Transform
from core.errors import InputError

__all__ = ["GROUPS", "TRANSFORMS", "Break", "Parameter", "Transform", "transform_named"]

GROUPS = {
    "geometry": "Geometry",
    "colour": "Colour and light",
    "erasing": "Erasing",
    "automatic": "Chosen automatically",
    "tensor": "Numbers",
    "batch": "On batches",
}
TRANSFORMS: dict[str, Transform] = {
    one.name: one for one in (*GEOMETRY, *FRAMING, *COLOUR, *AUTOMATIC)
}


def transform_named(name: str) -> Transform:
    """The transform of that name.

    Raises:
        InputError: There is none.
    """
    if name not in TRANSFORMS:
        known = ", ".join(TRANSFORMS)
        raise InputError(f'There is no transform "{str(name)[:20]}". There are: {known}.')
    return TRANSFORMS[name]
