"""A learner at a tab: pages react to their messages as the modules in `explorer/static` do.

Everything that a page sends by itself is sent here, too: the name of the browser, small pictures,
looks at a run that goes on, the cards that follow the stage.
"""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from benchmarks.classroom.channel import LETTERS, Channel, Event, Gesture
from benchmarks.classroom.tab import HEAD, Part, Tab
from benchmarks.classroom.times import Times

FOLLOW_S = 0.18  # board.js
DASHBOARD_S, TRANSFER_S, SOON_S = 0.5, 0.35, 0.015
THUMBS = 150
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
        self._channels: dict[str, Channel] = {}
        self._heard = asyncio.Event()
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._frames: dict[str, int] = {}
        self._met: set[str] = set()
        self._asked: set[str] = set()
        self.answered: Callable[[str, Part], None] | None = None

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
        self._halt()
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
        self._halt()
        for channel in self._channels.values():
            channel.close()
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

    def _halt(self) -> None:
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()

    # -- gestures --------------------------------------------------------------------------

    def send(self, key: str, event: Event, name: str | None = None) -> Gesture:
        """Make a gesture in a component.

        Args:
            key: The component's key.
            event: What it sends.
            name: Under which its time is kept.
        """
        return self._channel(key).send(event, name)

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

    def _channel(self, key: str) -> Channel:
        if key not in self._channels:

            async def post(message: Event) -> None:
                await self.tab.post(key, message)

            self._channels[key] = Channel(post, self.times.took, self.draws)
        return self._channels[key]

    # -- what pages do by themselves ---------------------------------------------------------

    def _updated(self, key: str, part: Part) -> None:
        first = key not in self._met
        self._met.add(key)
        self._heard.set()
        frame = FRAME.search(part.data, 4, HEAD)
        if frame is not None:
            self._frames[key] = int(frame[1])
        if key.endswith("_head"):
            header = part.header
            if header.get("settled"):
                self.tab.query = str(header["query"])
        if key == self.main and self.page:
            self._react(part, first)
            self._follow()
        self._channel(key).answered(part.ack)
        if self.answered is not None:
            self.answered(key, part)

    def _react(self, part: Part, first: bool) -> None:
        if first and self.page in ("training_dashboard", "transfer_learning"):
            self.act({"type": "hello", "owner": self.owner})
        if first and self.page == "augmentation":
            self.act({"type": "thumbs"})
        if self.page == "training_dashboard":
            live = part.header["run"]["live"]
            self._look(DASHBOARD_S if live else None)
        if self.page == "transfer_learning":
            header = part.header
            self._want(header)
            bar = header["bar"]
            self._look((SOON_S if bar["soon"] else TRANSFER_S) if bar["live"] else None)

    def _want(self, header: dict[str, Any]) -> None:
        """Ask for the small pictures that are not there yet."""
        wanted = [one for label in header["classes"] for one in label["samples"]]
        lacking = [one for one in wanted if one not in self._asked][:THUMBS]
        self._asked.update(lacking)
        if lacking:
            self.act({"type": "thumbs", "ids": lacking})

    def _look(self, wait: float | None) -> None:
        """Look again after a while at what goes on."""

        def look() -> None:
            self._timers.pop("look", None)
            if not self._channel(self.main).busy:
                self.act({"type": "look", "moving": True, "target": "look"}, "look")
            else:
                self._look(wait)

        if wait is None and "look" in self._timers:
            self._timers.pop("look").cancel()
        elif wait is not None and "look" not in self._timers:
            self._timers["look"] = asyncio.get_running_loop().call_later(wait, look)

    def _follow(self) -> None:
        """Let the cards follow the stage five times a second."""
        board = f"{self.page}_board"
        newest = self._frames.get(self.main)

        def follow() -> None:
            self._timers.pop("board", None)
            if self._frames.get(board) != self._frames.get(self.main):
                channel = self._channel(board)
                if not channel.busy and board in self.tab.parts:
                    self.send(board, {"type": "refresh"}, "cards")

        if newest is not None and "board" not in self._timers:
            self._timers["board"] = asyncio.get_running_loop().call_later(FOLLOW_S, follow)

    def keep(self, work: Coroutine[Any, Any, Any]) -> Awaitable[Any]:
        """Do something beside, until it has ended."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    @property
    def reminders(self) -> int:
        """How many messages had to be sent again."""
        return sum(one.reminders for one in self._channels.values())
