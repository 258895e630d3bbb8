from itertools import pairwise

import pytest
import torch

from core.errors import InputError
from core.runs import weights
from core.runs.directory import RunDirectory


def network(epoch, size=1000):
    draw = torch.Generator().manual_seed(epoch)
    return {
        "conv1.weight": torch.randn(size, generator=draw),
        "bn1.num_batches_tracked": torch.tensor(epoch),
    }


def test_weights_come_back_with_eleven_bits_and_without_counters(tmp_path):
    given = network(3)
    weights.save_weights(tmp_path, 3, weights.halved(given))
    run = RunDirectory(tmp_path)
    found = run.weights(3)
    assert run.weight_epochs() == [3]
    assert set(found) == {"conv1.weight"}
    assert found["conv1.weight"].dtype == torch.float32
    torch.testing.assert_close(found["conv1.weight"], given["conv1.weight"], rtol=2**-11, atol=1e-7)


def test_a_long_run_keeps_first_last_and_even_steps_between(tmp_path):
    for epoch in range(1, 101):
        weights.save_weights(tmp_path, epoch, weights.halved(network(epoch, 10)))
    kept = weights.weight_epochs(tmp_path)
    assert kept[0] == 1
    assert kept[-1] == 100
    assert len(kept) <= weights.MOST
    assert {b - a for a, b in pairwise(kept[1:])} == {4}


def test_large_networks_take_no_more_room_than_they_may(tmp_path, monkeypatch):
    monkeypatch.setattr(weights, "MOST_BYTES", 20_000)
    for epoch in range(1, 31):
        weights.save_weights(tmp_path, epoch, weights.halved(network(epoch)))
    sizes = [file.stat().st_size for file in (tmp_path / "weights").iterdir()]
    assert sum(sizes) <= 20_000
    assert len(sizes) >= weights.FEWEST
    other = tmp_path / "other"
    other.mkdir()
    weights.save_weights(other, 1, weights.halved(network(1, 10_000)))
    assert weights.weight_epochs(other) == []


def test_damage_is_named(tmp_path):
    weights.save_weights(tmp_path, 1, weights.halved(network(1)))
    file = next((tmp_path / "weights").iterdir())
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    with pytest.raises(InputError, match="damaged"):
        weights.load_weights(tmp_path, 1)
    with pytest.raises(InputError, match="not kept"):
        weights.load_weights(tmp_path, 2)
