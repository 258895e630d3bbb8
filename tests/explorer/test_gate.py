"""Few compute at a time, the light ones first, and nobody waits for ever."""

import threading
import time

import pytest

from explorer.gate import CLICK, OVERSTAYED_S, RUN_S, Gate, Turn, Use


class Clock:
    """Time that a test sets."""

    def __init__(self):
        self.now = 100.0
        self.spent = 0.0

    def gate(self, side_by_side=1):
        return Gate(side_by_side, clock=lambda: self.now, spent=lambda: self.spent)


def waits(gate, use, order, name):
    """Let somebody wait in a thread of their own; the order of entering is noted."""

    def work():
        gate.enter(use)
        order.append(name)

    before = gate.crowd
    thread = threading.Thread(target=work)
    thread.start()
    while gate.crowd == before:
        time.sleep(0.001)
    return thread


def let_in(gate, use, order):
    """Leave, and wait until somebody else is in."""
    count = len(order)
    gate.leave(use)
    while len(order) == count:
        time.sleep(0.001)


def test_whoever_has_used_least_goes_first():
    clock = Clock()
    gate = clock.gate()
    first, order = Use(), []
    gate.enter(first)
    uses = {"player": Use(0.8, 100.0), "hand": Use(0.05, 100.0), "reader": Use(0.0, 100.0)}
    threads = [waits(gate, use, order, name) for name, use in uses.items()]
    let_in(gate, first, order)
    for name in ("reader", "hand"):
        let_in(gate, uses[name], order)
    assert order == ["reader", "hand", "player"]
    for thread in threads:
        thread.join()


def test_what_was_used_is_forgotten_by_halves():
    use = Use(1.0, 0.0)
    assert use.now(1.5) == pytest.approx(0.5)
    assert use.now(4.5) == pytest.approx(0.125)
    use.add(0.25, 1.5)
    assert use.now(3.0) == pytest.approx(0.375)


def test_time_inside_is_what_counts():
    clock = Clock()
    gate, use = clock.gate(), Use()
    gate.enter(use)
    clock.now, clock.spent = 107.0, 0.3  # seven seconds, most of them spent waiting for a disk
    gate.leave(use)
    assert use.now(107.0) == pytest.approx(0.3)


def test_a_heavy_one_that_waits_overtakes_light_ones_that_come_later():
    clock = Clock()
    gate = clock.gate()
    first, heavy, order = Use(), Use(0.6, 100.0), []
    gate.enter(first)
    waiting = waits(gate, heavy, order, "heavy")
    first.since = clock.now + 1.0  # It has not stayed too long when a second has passed.
    clock.now += 1.0
    later = waits(gate, light := Use(0.0, 101.0), order, "light")
    let_in(gate, first, order)
    assert order == ["heavy"]  # 0.38 left of 0.6, and half a second is made good by waiting one
    let_in(gate, heavy, order)
    gate.leave(light)
    waiting.join()
    later.join()


def test_whoever_stays_too_long_keeps_nobody_out():
    clock = Clock()
    gate = clock.gate()
    order = []
    gate.enter(long := Use())
    waiting = waits(gate, short := Use(), order, "short")
    time.sleep(0.12)
    assert order == []
    clock.now += 1.5 * OVERSTAYED_S
    waiting.join(timeout=5)
    assert order == ["short"]
    gate.leave(short)
    gate.leave(long)
    assert gate.crowd == 0


def test_as_many_as_allowed_are_inside_at_once():
    gate = Gate(side_by_side=3)
    inside, most, lock = 0, 0, threading.Lock()

    def work():
        nonlocal inside, most
        use = Use()
        for _ in range(5):
            gate.enter(use)
            with lock:
                inside += 1
                most = max(most, inside)
            time.sleep(0.002)
            with lock:
                inside -= 1
            gate.leave(use)

    threads = [threading.Thread(target=work) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert most == 3
    assert gate.crowd == 0


def test_a_budget_shrinks_with_the_crowd_and_never_to_nothing():
    clock = Clock()
    gate = clock.gate(side_by_side=20)
    assert gate.share(0.1) == pytest.approx(0.1)
    uses = [Use() for _ in range(4)]
    for use in uses:
        gate.enter(use)
    assert gate.share(0.1) == pytest.approx(0.025)
    for _ in range(16):
        gate.enter(Use())
    assert gate.share(0.1) == pytest.approx(0.01)


def test_a_turn_may_be_taken_again_by_its_own_thread_and_by_no_other():
    gate = Gate(side_by_side=2)
    turn, order = Turn(gate), []
    with turn:
        with turn:
            assert gate.crowd == 1
        assert gate.crowd == 1

        def other():
            with turn:
                order.append("other")

        thread = threading.Thread(target=other)
        thread.start()
        thread.join(timeout=0.05)
        assert order == []
        assert gate.crowd == 1  # it waits for its lesson, not in the gate
    thread.join(timeout=5)
    assert order == ["other"]
    assert gate.crowd == 0


def test_an_exception_leaves_the_gate_open():
    gate = Gate(side_by_side=1)
    turn = Turn(gate)
    with pytest.raises(KeyError), turn:
        raise KeyError
    assert gate.crowd == 0
    with Turn(gate):
        assert gate.crowd == 1


def test_a_run_of_a_page_waits_once_and_a_new_one_waits_again():
    clock = Clock()
    gate, order = clock.gate(), []
    turn = Turn(gate, clock=lambda: clock.now)
    with turn.of_a_run():
        pass
    gate.enter(other := Use())  # Somebody else computes now, and the gate is full.
    with turn.of_a_run():
        order.append("went on at once")
        assert gate.crowd == 2

    def later():
        with turn.of_a_run():
            order.append("another run")

    thread = threading.Thread(target=later)
    thread.start()
    thread.join(timeout=0.15)
    assert order == ["went on at once"]
    gate.leave(other)
    thread.join(timeout=5)
    assert order == ["went on at once", "another run"]


def test_a_run_that_lasts_waits_again():
    clock = Clock()
    gate, order = clock.gate(), []
    turn = Turn(gate, clock=lambda: clock.now)

    def run():
        with turn.of_a_run():
            clock.now += 2 * RUN_S
        order.append("first")
        with turn.of_a_run():
            order.append("second")

    with turn:  # Only so that the thread begins when the other one is inside.
        thread = threading.Thread(target=run)
        thread.start()
    while not order:
        time.sleep(0.001)
    thread.join(timeout=5)
    assert order == ["first", "second"]
    assert turn._run[1] == clock.now  # It waited in the queue a second time.


def test_a_click_comes_before_what_pages_ask_by_themselves_but_not_for_ever():
    clock = Clock()
    light, heavy, clicked = Use(), Use(), Use()
    heavy.add(0.3, clock.now)
    clicked.add(0.4, clock.now)
    clicked.ahead = CLICK
    for use in (light, heavy, clicked):
        use.since = clock.now
    assert sorted((light, heavy, clicked), key=lambda one: one.weight(clock.now))[0] is clicked
    light.since -= 2.0  # It has waited for two seconds.
    assert light.weight(clock.now) < clicked.weight(clock.now)


def test_it_knows_for_how_long_nobody_has_computed():
    clock = Clock()
    gate, use = clock.gate(), Use()
    clock.now += 3.0
    assert gate.quiet_s == 3.0
    gate.enter(use)
    assert gate.quiet_s == 0.0
    clock.now += 2.0
    gate.leave(use)
    assert gate.quiet_s == 0.0
    clock.now += 1.5
    assert gate.quiet_s == 1.5


def test_a_click_hurries_what_its_own_lesson_waits_for():
    clock = Clock()
    gate = clock.gate()
    other, busy = Use(), Turn(gate, clock=lambda: clock.now)
    gate.enter(other)
    order = []

    def look():
        with busy:
            order.append("look")

    def click():
        with busy.asked(CLICK):
            order.append("click")

    first = threading.Thread(target=look)
    first.start()
    while gate.crowd < 2:
        time.sleep(0.001)
    waiting = gate._waiting[0]
    assert waiting.ahead == 0
    second = threading.Thread(target=click)
    second.start()
    while waiting.ahead == 0:
        time.sleep(0.001)
    gate.leave(other)
    for thread in (first, second):
        thread.join(5)
    assert order == ["look", "click"]
    with busy:
        assert waiting.ahead == 0
