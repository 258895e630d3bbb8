"""Real worker processes: pausing, stopping, going on, taking turns, being watched."""

import dataclasses
import time

import pytest

from core.errors import InputError
from core.runs import desk


def test_a_run_is_that_of_the_bare_generator(shared, small, same_as, wait):
    short = dataclasses.replace(small, epochs=8)
    run = shared.submit(short, "me", "First")
    wait(lambda: shared.status(run).ended)
    assert shared.status(run).state == "finished"
    assert shared.status(run).message == ""
    assert shared.status(run).epoch == short.epochs
    same_as(shared.directory(run), short)
    assert shared.directory(run).insight_epochs() == list(range(1, short.epochs + 1))
    assert [one.id for one in shared.runs()][-1] == run


def test_pause_and_resume_change_nothing(shared, small, same_as, stop_after, wait):
    run = shared.submit(small, "me")
    directory = shared.directory(run)
    wait(lambda: len(directory.rows()) >= 2)
    shared.pause(run)
    wait(lambda: shared.status(run).state == "paused")
    assert shared.status(run).live
    before = directory.events_since(0)[1]
    time.sleep(0.5)
    assert directory.events_since(0)[1] == before, "a paused run says nothing"
    with pytest.raises(InputError, match="Stop it"):
        shared.delete(run)
    shared.resume(run)
    stop_after(shared, run, directory.rows()[-1].epoch + 3)
    same_as(directory, small)
    assert [type(e).__name__ for e in directory.events_since(0)[0]].count("Started") == 1


def test_a_paused_run_gives_its_slot_away(shared, small, wait):
    first = shared.submit(small, "me")
    wait(lambda: shared.status(first).state == "running")
    shared.pause(first)
    second = shared.submit(dataclasses.replace(small, epochs=1), "me")
    wait(lambda: shared.status(second).state == "finished")
    assert shared.status(first).state == "paused"
    shared.stop(first)
    wait(lambda: shared.status(first).state == "stopped")


def test_stop_keeps_the_last_epoch_and_resume_goes_on_from_it(shared, small, same_as, stop_after):
    run = shared.submit(small, "me")
    directory = shared.directory(run)
    stop_after(shared, run, 3)
    status = shared.status(run)
    assert status.epoch == directory.checkpoint().epoch == directory.rows()[-1].epoch >= 3
    assert status.message == f"The first {status.epoch} epochs are kept."
    shared.resume(run)
    stop_after(shared, run, status.epoch + 2)
    same_as(directory, small)


def test_a_finished_run_trains_on(shared, small, same_as, wait):
    short, longer = (dataclasses.replace(small, epochs=epochs) for epochs in (3, 6))
    run = shared.submit(short, "me")
    wait(lambda: shared.status(run).ended)
    same_as(shared.directory(run), short)
    with pytest.raises(InputError, match="larger"):
        shared.resume(run, epochs=3)
    with pytest.raises(InputError, match="more epochs"):
        shared.resume(run)
    shared.resume(run, epochs=6)
    wait(lambda: shared.status(run).ended)
    assert shared.status(run).state == "finished"
    same_as(shared.directory(run), longer)


def test_a_new_rate_is_recorded_and_holds(shared, small, stop_after, wait):
    run = shared.submit(small, "me")
    directory = shared.directory(run)
    wait(lambda: len(directory.rows()) >= 1)
    for bad in (0.0, float("nan")):
        with pytest.raises(InputError):
            shared.set_rate(run, bad)
    shared.set_rate(run, 0.0005)
    wait(directory.changes)
    stop_after(shared, run, directory.changes()[0].epoch + 2)
    (change,) = directory.changes()
    assert (change.learning_rate, change.before) == (0.0005, 0.001)
    for row in directory.rows():
        assert row.learning_rate == (0.0005 if row.step > change.step else 0.001)
    assert directory.rows()[-1].learning_rate == 0.0005
    with pytest.raises(InputError, match="while the run goes on"):
        shared.set_rate(run, 0.1)


def test_with_one_slot_sessions_take_turns(shared, small, wait):
    quick = dataclasses.replace(small, epochs=1, train_size=50)
    first = shared.submit(small, "greedy")
    wait(lambda: shared.status(first).state == "running")
    second, third = (shared.submit(quick, "greedy") for _ in range(2))
    other = shared.submit(quick, "other")
    assert [shared.status(run).ahead for run in (other, second, third)] == [0, 1, 2]
    assert shared.status(other).state == "queued"
    shared.stop(first)
    wait(lambda: all(shared.status(run).ended for run in (second, third, other)))
    begun = {
        run: (shared.directory(run).path / "events.jsonl").stat().st_mtime_ns
        for run in (second, third, other)
    }
    assert sorted(begun, key=begun.get) == [other, second, third]


def test_a_run_that_waits_can_be_stopped_paused_and_resumed(shared, small, wait):
    quick = dataclasses.replace(small, epochs=1, train_size=50)
    first = shared.submit(small, "me")
    stopped, paused = (shared.submit(quick, "me") for _ in range(2))
    shared.stop(stopped)
    shared.pause(paused)
    assert (shared.status(stopped).state, shared.status(paused).state) == ("stopped", "paused")
    shared.stop(first)
    wait(lambda: shared.status(first).ended)
    shared.resume(paused)
    wait(lambda: shared.status(paused).state == "finished")
    assert shared.directory(stopped).rows() == []


def test_numbers_that_explode_end_the_run_with_a_sentence(shared, small, wait):
    run = shared.submit(dataclasses.replace(small, learning_rate=1e6, optimizer="sgd"), "me")
    wait(lambda: shared.status(run).ended)
    status = shared.status(run)
    assert status.state == "failed"
    assert "diverged in epoch 1" in status.message
    assert "smaller learning rate" in status.message
    again = shared.submit(dataclasses.replace(small, epochs=1), "me")
    wait(lambda: shared.status(again).ended)
    assert shared.status(again).state == "finished"


def test_a_run_that_cannot_begin_says_why(shared, small, wait):
    impossible = dataclasses.replace(small, model="linear 5; flatten")
    missing = dataclasses.replace(small, dataset="stored:nothing")
    there_is_no = dataclasses.replace(small, device="cuda:99")
    runs = [shared.submit(config, "me") for config in (impossible, missing, there_is_no)]
    wait(lambda: all(shared.status(run).ended for run in runs))
    words = ["put Flatten before it", "no longer on this machine", "There is no cuda:99 here"]
    for run, word in zip(runs, words, strict=True):
        assert shared.status(run).state == "failed"
        assert word in shared.status(run).message
        assert "No epoch was finished." in shared.status(run).message


def test_a_run_can_be_deleted_when_it_has_ended(shared, small, wait):
    run = shared.submit(dataclasses.replace(small, epochs=1), "me")
    wait(lambda: shared.status(run).state in ("running", "finished"))
    wait(lambda: shared.status(run).ended)
    path = shared.directory(run).path
    shared.delete(run)
    assert not path.exists()
    for name in (run, "../..", "", "20260101-000000-ffffff"):
        with pytest.raises(InputError, match="no such run"):
            shared.status(name)


def test_what_nobody_watches_is_paused_and_later_ended(runner_at, tmp_path, small, same_as, wait):
    runner = runner_at(tmp_path, unwatched_pause_s=0.8, unwatched_end_s=1.6)
    watched = runner.submit(small, "me")
    directory = runner.directory(watched)

    def look():
        runner.watch(watched)
        return directory.rows()

    wait(look)
    wait(lambda: runner.status(watched).state == "paused")
    assert runner.status(watched).message == "Paused, because nobody is watching."

    until, paused = time.monotonic() + 2.0, directory.rows()[-1].epoch

    def looked_at_again():
        runner.watch(watched)
        return time.monotonic() > until and directory.rows()[-1].epoch > paused

    wait(looked_at_again)
    runner.stop(watched)
    wait(lambda: runner.status(watched).ended)
    assert (
        runner.status(watched).message
        == f"The first {runner.status(watched).epoch} epochs are kept."
    )
    same_as(directory, small)

    forgotten = runner.submit(small, "me")
    wait(lambda: runner.status(forgotten).ended)
    status = runner.status(forgotten)
    assert status.state == "stopped"
    assert "nobody watched" in status.message
    kept = runner.directory(forgotten).epochs()
    assert (max(kept) if kept else 0) == status.epoch


def test_paused_runs_are_put_on_disk_when_there_are_too_many(
    runner_at, tmp_path, small, same_as, stop_after, wait, monkeypatch
):
    monkeypatch.setattr(desk, "MOST_PAUSED", 1)
    runner = runner_at(tmp_path)
    runs = []
    for _ in range(2):
        run = runner.submit(small, "me")
        wait(lambda r=run: len(runner.directory(r).rows()) >= 1)
        runner.pause(run)
        wait(lambda r=run: runner.status(r).state == "paused")
        runs.append(run)
    wait(lambda: not runner.status(runs[0]).live)
    assert runner.status(runs[0]).state == "paused"
    assert runner.status(runs[1]).live
    runner.stop(runs[1])
    runner.resume(runs[0])
    stop_after(runner, runs[0], runner.status(runs[0]).epoch + 2)
    same_as(runner.directory(runs[0]), small)


def test_many_threads_may_ask_at_once(shared, small, wait):
    from concurrent.futures import ThreadPoolExecutor

    quick = dataclasses.replace(small, epochs=1, train_size=50)

    def visitor(number):
        run = shared.submit(quick, f"visitor {number}")
        while not shared.status(run).ended:
            shared.watch(run)
            shared.directory(run).rows()
            time.sleep(0.01)
        return shared.status(run).state

    with ThreadPoolExecutor(8) as visitors:
        assert set(visitors.map(visitor, range(8))) == {"finished"}
