"""A map by t-SNE takes a second: it comes when it is ready, and nobody waits for it."""

import threading

import numpy as np
import pytest
import torch

from core.transfer.maps import pca_map, tsne_map
from explorer.transfer_learning import mapping
from explorer.transfer_learning.stage import stage_message


@pytest.fixture
def slow(monkeypatch):
    """Let t-SNE wait until it is told to go on."""
    go_on = threading.Event()

    def made(features, generator):
        assert go_on.wait(120)
        return tsne_map(features, generator)

    monkeypatch.setattr(mapping, "tsne_map", made)
    yield go_on
    go_on.set()


def seen(lesson):
    header, values = stage_message(lesson, "x")
    return header, values.reshape(-1, 2)


def test_until_it_is_there_the_other_map_stands_in_and_the_page_looks_again(lesson, slow):
    _, before = seen(lesson)
    lesson.apply(({"type": "set", "name": "view", "value": "tsne"},))
    header, meanwhile = seen(lesson)
    assert header["map"]["foot"].startswith("t-SNE is being computed")
    assert header["bar"]["live"]
    np.testing.assert_array_equal(meanwhile, before)
    slow.set()
    lesson.map._coming.result(120)
    lesson.apply(({"type": "look"},))
    header, after = seen(lesson)
    assert header["map"]["foot"].startswith("t-SNE: neighbours count")
    assert not header["bar"]["live"]
    features = lesson.features.of(lesson.learning.collection.samples)
    wanted = tsne_map(features, torch.Generator().manual_seed(lesson.settings.seed)).points
    apart = [np.linalg.norm(some[:, None] - some[None], axis=-1) for some in (after, wanted)]
    np.testing.assert_allclose(apart[0], apart[1], rtol=1e-3, atol=1e-3)  # but for a turn


def test_other_gestures_are_answered_while_it_is_made(lesson, slow):
    lesson.apply(({"type": "set", "name": "view", "value": "tsne"},))
    seen(lesson)
    lesson.apply(({"type": "fresh"},))
    header, _ = seen(lesson)
    assert header["query"]["bars"][0]["share"] is not None
    assert header["map"]["query"] is not None


def test_who_changes_their_mind_gets_the_map_that_was_asked_for_last(lesson, slow):
    lesson.apply(({"type": "set", "name": "view", "value": "tsne"},))
    seen(lesson)
    lesson.apply(({"type": "set", "name": "view", "value": "pca"},))
    slow.set()
    header, points = seen(lesson)
    assert header["map"]["foot"].startswith("PCA")
    assert not header["bar"]["live"]
    features = lesson.features.of(lesson.learning.collection.samples)
    np.testing.assert_allclose(np.abs(points), np.abs(pca_map(features).points), rtol=1e-4)
