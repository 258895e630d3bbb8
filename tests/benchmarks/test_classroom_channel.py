"""The learners of the benchmark send gestures by the same rules as the browser."""

import asyncio
import random

import pytest

from benchmarks.classroom import channel as rules
from benchmarks.classroom.channel import Channel


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(rules, "FRAME_S", 0.001)
    monkeypatch.setattr(rules, "PATIENCE_S", 0.01)


def move(x):
    return {"type": "point", "target": "point0", "moving": True, "x": x}


class Wire:
    """What a channel has posted and which times it has reported."""

    def __init__(self):
        self.posted, self.took = [], []
        self.channel = Channel(self.post, lambda name, s: self.took.append(name), random.Random(1))

    async def post(self, message):
        self.posted.append(message)

    def events(self):
        return [message["events"] for message in self.posted]


def told(story):
    """Run a story inside of an event loop."""
    return asyncio.run(story())


def test_one_message_is_in_flight_and_the_newest_move_wins(quick):
    async def story():
        wire = Wire()
        for x in range(5):
            wire.channel.send(move(x), "drag")
        await asyncio.sleep(0)
        assert wire.events() == [[move(0)]]
        wire.channel.answered(wire.posted[0]["token"])
        await asyncio.sleep(0.005)
        assert wire.events()[1] == [move(4)]
        assert wire.took == ["drag"]
        wire.channel.close()

    told(story)


def test_whoever_waits_for_a_replaced_move_hears_of_the_one_that_replaced_it(quick):
    async def story():
        wire = Wire()
        wire.channel.send(move(0))
        early, late = wire.channel.send(move(1)), wire.channel.send(move(2))
        await asyncio.sleep(0)
        wire.channel.answered(wire.posted[0]["token"])
        await asyncio.sleep(0.005)
        assert not early.answered.done()
        wire.channel.answered(wire.posted[-1]["token"])
        assert await late.answered
        assert await early.answered

    told(story)


def test_gestures_of_different_things_travel_together_in_their_order(quick):
    async def story():
        wire = Wire()
        wire.channel.send(move(0))
        wire.channel.send(move(1))
        wire.channel.send({"type": "rest"})
        await asyncio.sleep(0)
        wire.channel.answered(wire.posted[0]["token"])
        await asyncio.sleep(0)
        assert wire.events()[1] == [move(1), {"type": "rest"}]
        wire.channel.close()

    told(story)


def test_a_message_without_an_answer_is_sent_again_under_its_name_and_given_up(quick):
    async def story():
        wire = Wire()
        gesture = wire.channel.send({"type": "step"}, "step")
        assert not await asyncio.wait_for(gesture.answered, 5)
        assert len(wire.posted) == 1 + rules.REMINDERS
        assert len({message["token"] for message in wire.posted}) == 1
        assert not wire.channel.busy
        assert wire.took == []

    told(story)


def test_an_answer_to_something_else_changes_nothing(quick):
    async def story():
        wire = Wire()
        wire.channel.send({"type": "step"})
        await asyncio.sleep(0)
        wire.channel.answered("somebody:1")
        wire.channel.answered(None)
        assert wire.channel.busy
        wire.channel.close()

    told(story)


def test_what_a_page_asks_by_itself_comes_less_often_where_answers_are_slow(quick):
    async def story():
        wire = Wire()
        assert wire.channel.unhurried(0.001) == 0.001
        wire.channel.send({"type": "look"})
        await asyncio.sleep(0.02)
        wire.channel.answered(wire.posted[-1]["token"])
        assert 0.06 <= wire.channel.unhurried(0.001) <= rules.LONGEST_WAIT_S
        assert wire.channel.unhurried(5.0) == 5.0

    told(story)
