"""The map of the pictures: where each stands, and where the picture that is predicted would."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from core.cores import roam
from core.transfer.maps import FEWEST, FlatMap, pca_map, tsne_map
from core.transfer.placing import Points, place_by_neighbours, place_on_pca, turned_alike
from explorer.gate import GATE
from explorer.numbers import fixed

if TYPE_CHECKING:
    from explorer.transfer_learning.lesson import TransferLearning

MOST = 600  # pictures on the map
MOST_TSNE = 400
PATIENCE_S = 0.2  # A map that takes longer comes with a later answer.
# One at a time for all visitors.
_TSNE = ThreadPoolExecutor(1, thread_name_prefix="t-sne", initializer=roam)


class Map:
    """Keeps the map until the pictures or the backbone change.

    Args:
        lesson: The lesson whose pictures are shown.
    """

    def __init__(self, lesson: TransferLearning) -> None:
        self.lesson = lesson
        self._key: tuple[object, ...] | None = None
        self._before: dict[str, tuple[float, float]] = {}
        self._features = torch.zeros(0, 1)
        self.flat = FlatMap(np.zeros((0, 2), np.float32), (0.0, 0.0), "")
        self.names: tuple[str, ...] = ()
        self._query: tuple[tuple[object, ...], Points] | None = None
        self._coming: Future[FlatMap] | None = None

    @property
    def coming(self) -> bool:
        """Whether a map is being made; until then that of PCA stands in."""
        return self._coming is not None

    @property
    def view(self) -> str:
        """How the map is made: with few or very many pictures always by PCA."""
        count = len(self.names)
        return self.lesson.settings.view if FEWEST <= count <= MOST_TSNE else "pca"

    def update(self) -> None:
        """Make the map anew if its pictures have changed."""
        learning = self.lesson.learning
        model = self.lesson.model
        samples = self.lesson.features.known(learning.collection.samples)[:MOST]
        names = tuple(one.id for one in samples)
        source = model.name if model is not None else ""
        key = (names, self.lesson.settings.view, self.lesson.backbones.name, source)
        if key == self._key:
            self._take_what_came()
            return
        self._key, self.names = key, names
        self._features = self.lesson.features.of(samples) if samples else torch.zeros(0, 1)
        if self._coming is not None:
            self._coming.cancel()
        self._coming = self._asked() if self.view == "tsne" else None
        self._show(pca_map(self._features))  # A map by t-SNE is turned as this one is.
        self._take_what_came(GATE.share(PATIENCE_S))

    def _asked(self) -> Future[FlatMap]:
        generator = torch.Generator().manual_seed(self.lesson.settings.seed)
        return _TSNE.submit(tsne_map, self._features, generator)

    def _take_what_came(self, patience_s: float = 0.0) -> None:
        """Show the map that was asked for if it is there."""
        if self._coming is None:
            return
        try:
            made = self._coming.result(patience_s)
        except TimeoutError:
            return
        self._coming = None
        self._show(made)

    def _show(self, made: FlatMap) -> None:
        self.flat, self._query, names = made, None, self.names
        points = turned_alike(self.flat.points, names, self._before)
        self.flat = FlatMap(points, self.flat.shares, self.flat.sentence)
        self._before = {n: (float(x), float(y)) for n, (x, y) in zip(names, points, strict=True)}

    def query(self) -> list[float] | None:
        """Return where the picture that is predicted stands, or None."""
        model, asking = self.lesson.model, self.lesson.asking
        if model is None or asking.picture is None or not len(self.names):
            return None
        key = (id(model), asking.version, self._key)
        if self._query is None or self._query[0] != key:
            self._query = (key, self._placed(asking.features(model.backbone)))
        return [float(one) for one in self._query[1][0]]

    def _placed(self, features: Tensor) -> Points:
        by_neighbours = self.view == "tsne" and not self.coming
        place = place_by_neighbours if by_neighbours else place_on_pca
        return place(self._features, self.flat.points, features)

    def foot(self) -> str:
        """Return one line on how to read the map."""
        more = len(self.lesson.learning.collection.samples) - len(self.names)
        left = f" {more} more are not shown." if more > 0 and len(self.names) == MOST else ""
        if self.coming:
            return "t-SNE is being computed; until then you see PCA."
        if self.view == "tsne":
            return f"t-SNE: neighbours count, distances between groups mean nothing.{left}"
        held = fixed(100 * sum(self.flat.shares), 0)
        return f"PCA: two directions that hold {held} % of all differences.{left}"
