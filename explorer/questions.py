"""Predict first: questions about a lesson that the lesson's own run answers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar


class Asked(Protocol):
    """A lesson that can be asked about: it has settings with a seed."""

    settings: Any


Lesson = TypeVar("Lesson", bound=Asked)
Answer = tuple[int, str]


@dataclass(frozen=True)
class Question(Generic[Lesson]):
    """One question.

    Attributes:
        text: What is asked.
        options: What one may predict.
        action: What the button says that lets the run answer.
        answer: Does it on the lesson and returns the right option and why.
        suits: Whether the question makes sense for the lesson as it stands.
        curves: Loss curves to look at before answering, or None.
    """

    text: str
    options: tuple[str, ...]
    action: str
    answer: Callable[[Lesson], Answer]
    suits: Callable[[Lesson], bool] = lambda lesson: True
    curves: Callable[[Lesson], list[list[float]]] | None = None


class Round(Generic[Lesson]):
    """Where a learner is among the questions of a lesson.

    Args:
        questions: At least one question that always suits.
    """

    def __init__(self, questions: Sequence[Question[Lesson]]) -> None:
        self.questions = questions
        self.at = 0
        self.chosen: int | None = None
        self.right: int | None = None
        self.explanation: str | None = None
        self.curves: list[list[float]] | None = None
        self.seed = 0

    @property
    def question(self) -> Question[Lesson]:
        """The question that is asked now."""
        return self.questions[self.at]

    def choose(self, option: int) -> None:
        """Take a prediction; after the answer it stays as it was."""
        if self.right is None and 0 <= option < len(self.question.options):
            self.chosen = option

    def reveal(self, lesson: Lesson) -> None:
        """Let the run answer, if a prediction was made."""
        if self.chosen is None or self.right is not None:
            return
        asked = self.question
        if not asked.suits(lesson):  # The data or the loss changed meanwhile.
            self.forward(lesson)
            return
        self.curves = asked.curves(lesson) if asked.curves else None
        self.right, self.explanation = asked.answer(lesson)

    def forward(self, lesson: Lesson) -> None:
        """Go to the next question that suits what is on screen."""
        count = len(self.questions)
        for ahead in range(1, count + 1):
            place = (self.at + ahead) % count
            if self.questions[place].suits(lesson):
                break
        self.at, self.chosen, self.right, self.explanation = place, None, None, None
        self.seed = lesson.settings.seed  # Keeps the order of the curves while they are shown.
        asked = self.questions[place].curves
        self.curves = asked(lesson) if asked else None

    def card(self) -> dict[str, Any]:
        """Return the question of the moment, with its answer once the run has given it."""
        asked = self.question
        return {
            "kind": "question",
            "span": 4,
            "number": self.at + 1,
            "total": len(self.questions),
            "text": asked.text,
            "options": asked.options,
            "chosen": self.chosen,
            "answered": self.right is not None,
            "right": self.right,
            "explanation": self.explanation,
            "action": asked.action,
            "curves": self.curves,
        }
