import pytest
import torch

from core.errors import InputError
from core.runs import devices as found
from core.runs.failures import ending, sentence
from core.runs.queueing import FairQueue


def test_sessions_take_turns():
    queue = FairQueue()
    for run in ("a1", "a2", "a3", "a4"):
        queue.put("a", run)
    assert queue.take() == "a1"
    queue.put("b", "b1")
    queue.put("c", "c1")
    queue.put("b", "b2")
    # b and c were never served, so both come before the session that has had its turn.
    order = ["b1", "c1", "a2", "b2", "a3", "a4"]
    assert queue.order() == order
    assert [queue.ahead(run) for run in order] == [0, 1, 2, 3, 4, 5]
    assert [queue.take() for _ in range(7)] == [*order, None]


def test_nobody_waits_longer_than_one_turn_of_everybody():
    queue = FairQueue()
    for n in range(20):
        queue.put("greedy", f"g{n}")
    for n in range(5):
        queue.put(f"s{n}", f"r{n}")
    taken = [queue.take() for _ in range(25)]
    assert all(taken.index(f"r{n}") <= 5 for n in range(5))
    assert [run for run in taken if run[0] == "g"] == [f"g{n}" for n in range(20)]


def test_a_run_can_leave_the_queue_and_unready_ones_are_passed_over():
    queue = FairQueue()
    for run in ("a1", "a2"):
        queue.put("a", run)
    assert queue.take(lambda run: run != "a1") == "a2"
    assert "a1" in queue
    assert queue.count("a") == 1
    assert queue.remove("a1") == "a"
    assert queue.remove("a1") is None
    assert "a1" not in queue
    assert queue.take() is None


# What went wrong, in a sentence


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (InputError("As it stands."), "^As it stands.$"),
        (MemoryError(), "more memory than the 3 GB"),
        (RuntimeError("[enforce fail at alloc_cpu.cpp:1] DefaultCPUAllocator: can't"), "memory"),
        (torch.OutOfMemoryError("CUDA out of memory"), "graphics card has too little memory"),
        (RuntimeError("CUDA error: out of memory\nFor debugging"), "or wait until others"),
        (OSError(28, "No space left on device"), "disk is full"),
        (
            RuntimeError("CUDA error: an illegal\nstack"),
            r"reported an error: CUDA error: an illegal\.$",
        ),
        (ZeroDivisionError("oh"), "ZeroDivisionError: oh"),
    ],
)
def test_every_failure_has_a_sentence(error, words):
    with pytest.raises(AssertionError, match=words):
        raise AssertionError(sentence(error, 3_000_000_000))


def test_the_end_of_a_process_has_a_sentence():
    assert "killed by signal 9" in ending(-9)
    assert "ran out of memory" in ending(-9)
    assert "killed by signal 11)" in ending(-11)
    assert "exit code 1" in ending(1)


# Devices


def test_the_processor_is_there_and_what_is_missing_says_why():
    every = found.devices()
    assert every[0].name == "cpu"
    assert every[0].available
    assert every[0].cores >= 1
    assert {one.name.split(":")[0] for one in every} == {"cpu", "cuda", "mps"}
    assert all(one.available or one.why_not.endswith(".") for one in every)


@pytest.mark.parametrize("name", ["cuda", "cuda:7", "mps"])
def test_a_device_that_is_not_there_is_refused(name, monkeypatch):
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 0)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    with pytest.raises(InputError, match="Train on the CPU"):
        found.check_device(name)
    found.check_device("cpu")


def test_of_a_card_too_many_it_is_said_how_many_there_are(monkeypatch):
    monkeypatch.setattr(torch.version, "cuda", "13.0")
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    found.check_device("cuda")
    with pytest.raises(InputError, match=r"no cuda:1 here\. This machine has 1 graphics card:"):
        found.check_device("cuda:1")


def test_the_reason_is_the_first_thing_that_is_missing(monkeypatch):
    monkeypatch.setattr(torch.version, "cuda", None)
    assert found.why_no_cuda() == "This PyTorch was built without CUDA."
    monkeypatch.setattr(torch.version, "cuda", "13.0")
    monkeypatch.setattr(found, "_driver", lambda: False)
    assert found.why_no_cuda() == "There is no NVIDIA driver on this machine."
    monkeypatch.setattr(found, "_driver", lambda: True)
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "-1")
    assert "hidden" in found.why_no_cuda()
