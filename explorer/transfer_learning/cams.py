"""Where a model looked, kept so that it is computed once for each picture."""

from __future__ import annotations

from core.errors import InputError
from core.transfer.sample import Sample
from explorer.transfer_learning.model import Model
from explorer.transfer_learning.pictures import seen

MOST = 400


class Cams:
    """Heats over pictures of a collection."""

    def __init__(self) -> None:
        self._kept: dict[tuple[int, str, int], str] = {}
        self._model: Model | None = None

    def source(self, model: Model, sample: Sample, winner: int) -> str | None:
        """Return the picture with its heat as an address that holds it; None if there is none."""
        if model is not self._model or len(self._kept) > MOST:
            self._model, self._kept = model, {}
        key = (id(model), sample.id, winner)
        if key not in self._kept:
            info = model.backbone.info
            try:
                heat = model.cam(sample.picture, winner)
            except InputError:
                return None
            self._kept[key] = seen(sample.picture, heat, info.side, info.shorter)
        return self._kept[key]
