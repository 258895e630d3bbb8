"""All classes of a person with their samples. Every change gives a new collection."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from core.errors import InputError
from core.transfer.label import LONGEST_LABEL, ClassOfSamples, usable_name
from core.transfer.sample import Picture, Sample, cleaned

MAX_LABELS = 20
MAX_SAMPLES = 2000
MAX_BYTES = 300_000_000  # of all pictures in memory


@dataclass(frozen=True, eq=False)
class Collection:
    """What was collected so far; nothing in it can be changed, only a new one made.

    Attributes:
        labels: The classes in the order in which they were made.
    """

    labels: tuple[ClassOfSamples, ...] = ()

    def __len__(self) -> int:
        return sum(len(label) for label in self.labels)

    def __bool__(self) -> bool:
        return True  # it is there even without a sample

    @property
    def active(self) -> tuple[ClassOfSamples, ...]:
        """The classes that take part: they are on and have a sample. Their order is that of N."""
        return tuple(label for label in self.labels if label.on and label.samples)

    @property
    def samples(self) -> tuple[Sample, ...]:
        """The samples of the active classes, class after class."""
        return tuple(sample for label in self.active for sample in label.samples)

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of the active classes: entry k is what target k means."""
        return tuple(label.name for label in self.active)

    @property
    def nbytes(self) -> int:
        """Bytes that all pictures take in memory."""
        return sum(sample.picture.nbytes for sample in self.everything())

    def pictures(self) -> list[Picture]:
        """The pictures of the active classes, each uint8 of shape (H, W, 3): N of them."""
        return [sample.picture for sample in self.samples]

    def targets(self) -> Tensor:
        """The number of each picture's class among the active ones, int64 of shape (N,)."""
        counts = torch.tensor(self.counts(), dtype=torch.int64)
        return torch.repeat_interleave(torch.arange(len(counts)), counts)

    def counts(self) -> list[int]:
        """How many pictures each active class has."""
        return [len(label) for label in self.active]

    def everything(self) -> Iterator[Sample]:
        """The samples of all classes, those that are switched off included."""
        return (sample for label in self.labels for sample in label.samples)

    def label(self, label_id: str) -> ClassOfSamples:
        """The class with that id.

        Raises:
            InputError: It is not there any more.
        """
        for label in self.labels:
            if label.id == label_id:
                return label
        raise InputError("This class is not there any more. Choose another one.")

    def label_named(self, name: str) -> ClassOfSamples | None:
        """The class of that name, whether its letters are capital or small; None without one."""
        wanted = cleaned(name, LONGEST_LABEL).casefold()
        return next((one for one in self.labels if one.name.casefold() == wanted), None)

    def label_of(self, sample_id: str) -> ClassOfSamples:
        """The class in which a sample lies.

        Raises:
            InputError: The sample is not there any more.
        """
        for label in self.labels:
            if any(sample.id == sample_id for sample in label.samples):
                return label
        raise InputError("This picture is not there any more.")

    def sample(self, sample_id: str) -> Sample:
        """The sample with that id.

        Raises:
            InputError: It is not there any more.
        """
        samples = self.label_of(sample_id).samples
        return next(sample for sample in samples if sample.id == sample_id)

    def add_label(self, name: str) -> Collection:
        """With one more class, the last, without samples.

        Raises:
            InputError: There are 20 already, or the name is empty, too long or taken.
        """
        if len(self.labels) >= MAX_LABELS:
            raise InputError(f"{MAX_LABELS} classes are the most. Remove one first.")
        highest = max((int(label.id[1:]) for label in self.labels), default=0)
        made = ClassOfSamples(f"c{highest + 1}", self._usable(name, None))
        return Collection((*self.labels, made))

    def rename_label(self, label_id: str, name: str) -> Collection:
        """With another name for a class.

        Raises:
            InputError: The class is gone, or the name is empty, too long or taken by another.
        """
        label = self.label(label_id)
        return self._with(label, lambda one: replace(one, name=self._usable(name, label_id)))

    def remove_label(self, label_id: str) -> Collection:
        """Without a class and its samples.

        Raises:
            InputError: The class is gone.
        """
        gone = self.label(label_id)
        return Collection(tuple(label for label in self.labels if label is not gone))

    def switch_label(self, label_id: str, on: bool) -> Collection:
        """With a class that takes part in training, or does not.

        Raises:
            InputError: The class is gone.
        """
        return self._with(self.label(label_id), lambda one: replace(one, on=on))

    def add(self, label_id: str, samples: Iterable[Sample]) -> Collection:
        """With more samples at the end of a class.

        A picture that is there already is taken once more; the warnings will name it.

        Raises:
            InputError: The class is gone, or there would be too many pictures.
        """
        label = self.label(label_id)
        added = self._numbered(tuple(samples))
        full = self._with(label, lambda one: replace(one, samples=one.samples + added))
        if (count := len(full)) > MAX_SAMPLES:
            raise InputError(
                f"That would be {count:,} pictures; {MAX_SAMPLES:,} are the most. Remove some of "
                "them, or add fewer."
            )
        if full.nbytes > MAX_BYTES:
            raise InputError(
                f"The pictures would take {full.nbytes / 1e6:.0f} MB of memory; "
                f"{MAX_BYTES / 1e6:.0f} MB are the most. Remove some of them, or add fewer."
            )
        return full

    def remove(self, sample_id: str) -> Collection:
        """Without a sample.

        Raises:
            InputError: It is gone already.
        """
        kept = tuple(s for s in self.label_of(sample_id).samples if s.id != sample_id)
        return self._with(self.label_of(sample_id), lambda one: replace(one, samples=kept))

    def move(self, sample_id: str, label_id: str) -> Collection:
        """With a sample in another class, as its last.

        Raises:
            InputError: The sample or the class is gone.
        """
        moved, target = self.sample(sample_id), self.label(label_id)
        if self.label_of(sample_id) is target:
            return self
        rest = self.remove(sample_id)
        target = rest.label(label_id)
        return rest._with(target, lambda one: replace(one, samples=(*one.samples, moved)))

    def joined(self, other: Collection) -> Collection:
        """With the classes of another collection: samples of a class of the same name go there.

        Raises:
            InputError: There would be too many classes or pictures.
        """
        both = self
        for label in other.labels:
            there = both.label_named(label.name)
            if there is None:
                both = both.add_label(label.name)
                there = both.labels[-1]
            both = both.add(there.id, label.samples)
        return both

    def _usable(self, name: str, own_id: str | None) -> str:
        usable = usable_name(name)
        there = self.label_named(usable)
        if there is not None and there.id != own_id:
            raise InputError(f"There is a class “{there.name}” already. Choose another name.")
        return usable

    def _numbered(self, samples: tuple[Sample, ...]) -> tuple[Sample, ...]:
        """The samples with ids that are not taken yet."""
        taken = {sample.id for sample in self.everything()}
        numbers: dict[str, int] = {}
        result = []
        for sample in samples:
            number = numbers.get(sample.digest, 1)
            while sample.id in taken:
                sample, number = sample.renumbered(number), number + 1
            numbers[sample.digest] = number
            taken.add(sample.id)
            result.append(sample)
        return tuple(result)

    def _with(
        self, label: ClassOfSamples, change: Callable[[ClassOfSamples], ClassOfSamples]
    ) -> Collection:
        return Collection(tuple(change(one) if one is label else one for one in self.labels))
