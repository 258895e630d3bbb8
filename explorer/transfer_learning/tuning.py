"""Training more than the head: runs in processes of their own, listed and opened."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from core.errors import InputError
from core.runs.directory import RunDirectory
from core.training.tuned import tuned
from explorer.numbers import significant
from explorer.training_dashboard.runner import runner
from explorer.transfer_learning.features import Features
from explorer.transfer_learning.handing_in import check, stored, tuning_config
from explorer.transfer_learning.model import Model
from explorer.transfer_learning.opened import opened_model
from explorer.transfer_learning.settings import METHODS

if TYPE_CHECKING:
    from explorer.transfer_learning.lesson import TransferLearning

Event = Mapping[str, Any]
GUEST = "guest"
LIVE = ("queued", "starting", "running", "paused")
MOST_LISTED, MOST_COMPARED = 30, 5


class Tuning:
    """The runs of a page.

    Args:
        lesson: The lesson whose pictures they learn from.

    Attributes:
        compared: The names of the runs whose curves are drawn beside the shown one.
        features: What the backbone of the shown run makes of the pictures.
    """

    def __init__(self, lesson: TransferLearning) -> None:
        self.lesson = lesson
        self.compared: tuple[str, ...] = ()
        self.features = Features()
        self._model: tuple[tuple[str, int], Model] | None = None

    def actions(self) -> dict[str, Callable[[Event], None]]:
        """Return what each kind of gesture does."""
        return {
            "show_run": lambda event: self.show(str(event["run"])),
            "compare_run": lambda event: self._compare(str(event["run"])),
            "rename_run": lambda event: self._own(str(event["run"])).rename(str(event["name"])),
            "delete_run": lambda event: self._delete(str(event["run"])),
        }

    @property
    def session(self) -> str:
        """Under which name the runs of this browser are kept; the dashboard does not list them."""
        return f"{self.lesson.owner or GUEST}-transfer"

    @property
    def directory(self) -> RunDirectory | None:
        """The run that is shown, or None."""
        name = self.lesson.settings.run
        return None if name is None else self.found(name)

    @property
    def name(self) -> str:
        """What the shown run is called."""
        run = self.directory
        return "" if run is None else run.spec().name

    def found(self, name: str) -> RunDirectory | None:
        """Return a run by its name, or None if it is not here or is none of this page."""
        try:
            run = runner().directory(name)
            return run if run.spec().config.backbone is not None else None
        except InputError:
            return None

    def listed(self) -> list[RunDirectory]:
        """Return the runs of this browser, the newest first."""
        mine = []
        for run in reversed(runner().runs()):
            try:
                spec = run.spec()
            except InputError:
                continue
            if spec.config.backbone is None:
                continue
            if spec.session == self.session or run.id == self.lesson.settings.run:
                mine.append(run)
        return mine[:MOST_LISTED]

    def check_link(self) -> None:
        """Say so where the run of a link is not here any more."""
        if self.lesson.settings.run is not None and self.directory is None:
            self.lesson.problems.append("The run of this link is not on this machine any more.")
            self.lesson.settings = replace(self.lesson.settings, run=None)

    def let_go_of_deleted(self) -> None:
        """Show the head again where the shown run was deleted in another tab."""
        if self.lesson.settings.run is not None and self.directory is None:
            self.lesson.settings = replace(self.lesson.settings, run=None)
            self.lesson.notice = "This run was deleted in another tab; the new head is shown again."

    # -- the model of a run ----------------------------------------------------------------

    @property
    def model(self) -> Model | None:
        """What the shown run has learnt, after its best epoch; None before the first."""
        run = self.directory
        if run is None or not run.epochs():
            return None
        best = run.best_epoch()
        key = (run.id, best if best in run.epochs() else max(run.epochs()))
        if self._model is None or self._model[0] != key:
            try:
                one = tuned(run, key[1])
                self._model = (key, opened_model(one, self.lesson.collecting.collection))
            except InputError as error:
                self.lesson.notice = str(error)
                return None
            self.features.turn_to(f"{key[0]} {key[1]}")
        return self._model[1]

    def advance(self, until: float) -> None:
        """Look at the pictures with the eyes of the shown run, until a `time.perf_counter`."""
        model = self.model
        if model is not None:
            self.features.compute(model.backbone, self.lesson.collecting.collection.samples, until)

    @property
    def missing(self) -> int:
        """How many pictures have not been looked at."""
        if self._model is None:
            return 0
        return len(self.features.missing(self.lesson.collecting.collection.samples))

    # -- gestures ------------------------------------------------------------------------

    def start(self) -> None:
        """Begin a run with the settings of the moment, and show it.

        Raises:
            InputError: Too few pictures, or settings that do not fit each other.
        """
        collection = self.lesson.collecting.collection
        check(collection)
        dataset = stored(collection, self.lesson.backbones.info)
        config = tuning_config(self.lesson.settings, self.lesson.backbones.name, dataset)
        settings = self.lesson.settings
        name = f"{METHODS[settings.method]}, λ {significant(settings.rate, 2)}"
        if settings.augment:
            name += ", augmented"
        self.show(runner().submit(config, self.session, name))

    def show(self, name: str) -> None:
        """Show a run from now on; an empty name shows the new head again."""
        if name and self.found(name) is None:
            raise InputError("This run is not there any more.")
        self.lesson.settings = replace(self.lesson.settings, run=name or None)
        self.lesson.notice, self.lesson.cell = None, None

    def ask(self, what: str) -> None:
        """Pause, resume or stop the shown run."""
        run = self.directory
        if run is None:
            raise InputError("There is no run to talk to.")
        self._own(run.id)
        self.lesson.notice = None
        getattr(runner(), what)(run.id)

    def _compare(self, name: str) -> None:
        rest = tuple(one for one in self.compared if one != name)
        self.compared = rest if name in self.compared else (*rest, name)[-MOST_COMPARED:]

    def _own(self, name: str) -> RunDirectory:
        run = self.found(name)
        if run is None:
            raise InputError("This run is not there any more.")
        if run.spec().session != self.session:
            raise InputError("This run belongs to another browser.")
        return run

    def _delete(self, name: str) -> None:
        self._own(name)
        if runner().status(name).state in LIVE:
            runner().stop(name)
            raise InputError("The run was going on: it is stopped now. Delete it again.")
        runner().delete(name)
        self.compared = tuple(one for one in self.compared if one != name)
        if self.lesson.settings.run == name:
            self.show("")
