"""A learner at a tab: opens pages, makes gestures, waits for their answers."""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from benchmarks.classroom.channel import LETTERS, Channel, Event, Gesture
from benchmarks.classroom.page_life import PageLife
from benchmarks.classroom.short_way import ShortWay, quick
from benchmarks.classroom.tab import HEAD, Part, Tab
from benchmarks.classroom.times import Times

PATIENCE_S = 60.0
FRAME = re.compile(rb'"frame": (\d+)')


class Learner:
    """One of thirty.

    Args:
        url: The address of the server.
        times: Where the times of all gestures go.
        draws: Random numbers for all that this learner does.

    Attributes:
        page: The slug of the page that is open.
        tab: The session.
    """

    def __init__(self, url: str, times: Times, draws: random.Random) -> None:
        self.url, self.times, self.draws = url, times, draws
        self.page = ""
        self.tab = self._fresh_tab("")
        self.owner = "".join(draws.choices(LETTERS, k=24))
        self._ways: dict[str, ShortWay] = {}  # A browser opens up to six connections.
        self._lanes: dict[str, dict[str, Any]] = {}
        self._channels: dict[str, Channel] = {}
        self._heard = asyncio.Event()
        self._page = PageLife(self)
        self._met: set[str] = set()
        self._reminded = 0
        self.frames: dict[str, int] = {}

    def _fresh_tab(self, page: str) -> Tab:
        return Tab(self.url, page, self._updated)

    # -- pages -----------------------------------------------------------------------------

    async def open(self, page: str, name: str = "open") -> None:
        """Open a page in a new tab and wait until its stage is there."""
        self.page = page
        self.tab = self._fresh_tab(page)
        began = time.perf_counter()
        await self.tab.open()
        if await self._until(lambda: self.main in self.tab.parts):
            self.times.took(name, time.perf_counter() - began)

    async def go(self, page: str) -> None:
        """Click on an entry of the navigation and wait until the other page's stage is there."""
        self._page.halt()
        for key, channel in list(self._channels.items()):
            if key != "navigation":  # Nothing of the old page speaks meanwhile.
                self._reminded += channel.reminders
                self._channels.pop(key).close()
        self.page = page
        self.tab.page, self.tab.query = page, ""
        gone = self.tab.parts.pop(self.main, None)
        self._met.discard(self.main)
        began = time.perf_counter()
        self.send("navigation", {"type": "open", "slug": page or "home"})
        if await self._until(lambda: self.tab.parts.get(self.main, gone) is not gone):
            self.times.took("switch", time.perf_counter() - began)

    async def leave(self) -> None:
        """Close the tab."""
        self._page.halt()
        for channel in self._channels.values():
            channel.close()
        for way in self._ways.values():
            way.close()
        await self.tab.close()
        self.times.problems += self.tab.problems

    @property
    def main(self) -> str:
        """The component by which one knows that the page is there."""
        return f"{self.page}_stage" if self.page else "home_cards"

    @property
    def stage(self) -> dict[str, Any]:
        """What the stage says now; empty where there is none."""
        part = self.tab.parts.get(self.main)
        return {} if part is None or not self.page else part.header

    # -- gestures --------------------------------------------------------------------------

    def send(self, key: str, event: Event, name: str | None = None) -> Gesture:
        """Make a gesture in a component.

        Args:
            key: The component's key.
            event: What it sends.
            name: Under which its time is kept.
        """
        return self.channel(key).send(event, name)

    def act(self, event: Event, name: str | None = None) -> Gesture:
        """Make a gesture on the stage."""
        return self.send(self.main, event, name)

    async def answer(self, gesture: Gesture) -> bool:
        """Wait for the answer to a gesture; false if there was none."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                return await gesture.answered
        except TimeoutError:
            self.times.problems.append(f"No answer to {gesture.event.get('type')!s:.20}.")
            return False

    async def _until(self, there: Callable[[], bool]) -> bool:
        try:
            async with asyncio.timeout(PATIENCE_S):
                while not there():
                    self._heard.clear()
                    await self._heard.wait()
                return True
        except TimeoutError:
            self.times.problems.append(f"The page {self.page or 'home'} did not come.")
            return False

    def channel(self, key: str) -> Channel:
        """Return the channel of a component."""
        if key not in self._channels:

            async def post(message: Event) -> None:
                await self.tab.post(key, message)

            async def short(message: Event) -> bool:
                return await self._ride(key, message)

            self._channels[key] = Channel(post, self.times.took, self.draws, short)
        return self._channels[key]

    async def _ride(self, key: str, message: Event) -> bool:
        """Let a message take the short way; whether there was an answer."""
        lane = self._lanes.get(key)
        if lane is None or key not in self.tab.parts or not quick(message["events"], lane):
            return False
        try:
            way = self._ways.setdefault(key.rsplit("_", 1)[-1], ShortWay(self.url))
            data = await way.ride(str(lane["address"]), message)
        except OSError:
            self.times.count("short_way_refused")
            return False
        self.times.count("short_way")
        self.tab.bytes += len(data)
        now = self.tab.parts.get(key)
        if now is not None:  # else the page was left meanwhile
            self._updated(key, replace(now, data=data))
        return True

    # -- what pages do by themselves ---------------------------------------------------------

    def _updated(self, key: str, part: Part) -> None:
        first = key not in self._met
        self._met.add(key)
        self._heard.set()
        frame = FRAME.search(part.data, 4, HEAD)
        if key.endswith("_head"):
            header = part.header
            if header.get("settled"):
                self.tab.query = str(header["query"])
        if first and key.startswith(self.page) and self.page:
            self._lanes[key] = part.header["express"]
        stale = frame is not None and int(frame[1]) < self.frames.get(key, 0)
        if frame is not None and not stale:
            self.frames[key] = int(frame[1])
        if key == self.main and self.page:
            self._stage(part, first, stale)
        self.channel(key).answered(part.ack)
        if part.says("page"):
            self._soon(key, {"type": "refresh", "page": True})
        elif part.says("settle"):
            for other in self._lanes:
                if other != key and other.startswith(self.page):
                    self._soon(other, {"type": "refresh"})

    def _soon(self, key: str, event: Event) -> None:
        """Ask for something when this message has been dealt with."""
        asyncio.get_running_loop().call_soon(self.send, key, event)

    def _stage(self, part: Part, first: bool, stale: bool) -> None:
        """Take a message to the stage, as `take` in `explorer/static/mount.js`."""
        if stale:
            return
        self.tab.parts[self.main] = part
        self._page.react(part, first)

    @property
    def reminders(self) -> int:
        """How many messages had to be sent again."""
        return self._reminded + sum(one.reminders for one in self._channels.values())
