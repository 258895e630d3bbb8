"""What pages do by themselves, as the modules in `explorer/static` do it.

They tell the name of the browser, ask for small pictures, look at a run that goes on, and let the
cards follow the stage.
"""

from __future__ import annotations

import asyncio
import math
from typing import TYPE_CHECKING, Any

from benchmarks.classroom.tab import Part

if TYPE_CHECKING:
    from benchmarks.classroom.learner import Learner

FOLLOW_S = 0.18  # board.js
TRANSFER_S, SOON_S, STILL_S = 0.35, 0.015, 0.15  # transfer_stage.js, augmentation_stage.js
DASHBOARD_PACES = ((4, 0.5), (12, 1.0), (math.inf, 1.5))  # dashboard_stage.js
THUMBS = 150  # picture_store.js


class PageLife:
    """The timers of the page that is open.

    Args:
        learner: Whose page it is.
    """

    def __init__(self, learner: Learner) -> None:
        self._learner = learner
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._asked: set[str] = set()
        self._looks = 0  # at the run that is watched

    def halt(self) -> None:
        """Stop all timers: the page is left."""
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()

    def react(self, part: Part, first: bool) -> None:
        """Do what the page does when its stage has got a message."""
        learner, page = self._learner, self._learner.page
        if first and page in ("training_dashboard", "transfer_learning"):
            learner.act({"type": "hello", "owner": learner.owner})
        if first and page == "augmentation":
            learner.act({"type": "thumbs"})
        if page == "training_dashboard":
            live = part.header["run"]["live"]
            self._looks = self._looks + 1 if live else 0
            pace = next(wait for up_to, wait in DASHBOARD_PACES if self._looks <= up_to)
            self._look(pace if live else None)
        if page == "transfer_learning":
            header = part.header
            self._want(header)
            bar = header["bar"]
            self._look((SOON_S if bar["soon"] else TRANSFER_S) if bar["live"] else None)
        if page == "augmentation":
            wait = STILL_S if part.header["held"] else SOON_S
            self._look(wait if part.header["unfinished"] else None)
        self._follow()

    def _want(self, header: dict[str, Any]) -> None:
        """Ask for the small pictures that are not there yet."""
        wanted = [one for label in header["classes"] for one in label["samples"]]
        lacking = [one for one in wanted if one not in self._asked][:THUMBS]
        self._asked.update(lacking)
        if lacking:
            self._learner.act({"type": "thumbs", "ids": lacking})

    def _look(self, wait: float | None) -> None:
        """Look again after a while at what goes on."""
        learner = self._learner

        def look() -> None:
            self._timers.pop("look", None)
            if not learner.channel(learner.main).busy:
                learner.act({"type": "look", "moving": True, "target": "look"}, "look")
            else:
                self._look(wait)

        if wait is None and "look" in self._timers:
            self._timers.pop("look").cancel()
        elif wait is not None and "look" not in self._timers:
            wait = learner.channel(learner.main).unhurried(wait)
            self._timers["look"] = asyncio.get_running_loop().call_later(wait, look)

    def _follow(self) -> None:
        """Let the cards follow the stage five times a second."""
        learner = self._learner
        board = f"{learner.page}_board"
        newest = self._followed(learner.main)

        def follow() -> None:
            self._timers.pop("board", None)
            if self._followed(board) != self._followed(learner.main):
                channel = learner.channel(board)
                if not channel.busy and board in learner.tab.parts:
                    learner.send(board, {"type": "refresh"}, "cards")

        if newest is not None and "board" not in self._timers:
            wait = learner.channel(board).unhurried(FOLLOW_S)
            self._timers["board"] = asyncio.get_running_loop().call_later(wait, follow)

    def _followed(self, key: str) -> int | None:
        """The number of the picture by which the cards know that there is something new."""
        part = self._learner.tab.parts.get(key)
        if part is not None and self._learner.page == "training_dashboard":
            return int(part.header["follows"])
        return self._learner.frames.get(key)
