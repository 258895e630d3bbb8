"""What the cards of all pages have in common."""

import re
from types import SimpleNamespace

import pytest

from core.diagnosis import Finding
from explorer import glossary
from explorer.activations.cards import board_message as activations_board
from explorer.activations.lesson import Activations
from explorer.augmentation.cards import board_message as augmentation_board
from explorer.augmentation.lesson import Augmentation
from explorer.boards import USUAL, board, doctor_card, words
from explorer.linear_regression.cards import board_message as regression_board
from explorer.linear_regression.lesson import LinearRegression
from explorer.network_builder.cards import board_message as network_board
from explorer.network_builder.lesson import NetworkBuilder
from explorer.training_dashboard.cards import board_message as dashboard_board
from explorer.training_dashboard.lesson import TrainingDashboard
from explorer.transfer_learning.cards import board_message as transfer_board
from explorer.transfer_learning.lesson import TransferLearning

PAGES = {
    "activations": (Activations, activations_board),
    "augmentation": (Augmentation, augmentation_board),
    "linear_regression": (LinearRegression, regression_board),
    "network_builder": (NetworkBuilder, network_board),
    "training_dashboard": (TrainingDashboard, dashboard_board),
    "transfer_learning": (TransferLearning, transfer_board),
}
UNEXPLAINED = {"prose", "script"}  # They explain themselves.


def header(slug):
    page, message = PAGES[slug]
    lesson = page({})
    if slug == "transfer_learning":
        while lesson.learning.busy:
            lesson.advance()
    made = message(lesson, "t:1")
    return made[0] if isinstance(made, tuple) else made


@pytest.mark.parametrize("slug", PAGES)
def test_boards_are_alike(slug):
    made = header(slug)
    cards = made["cards"]
    kinds = [card["kind"] for card in cards]
    assert made["ack"] == "t:1"
    assert kinds[-1] == "prose"
    assert cards[-1]["title"] == "What you are looking at"
    assert kinds.count("doctor") == kinds.count("question") == kinds.count("script") == 1
    assert kinds.index("script") >= len(kinds) - 3  # Only what is taken along may follow.
    for card in cards:
        assert card["help"] or card["kind"] in UNEXPLAINED, card["kind"]
        assert (card["help"] or "It.").rstrip().endswith(".")


@pytest.mark.parametrize("slug", PAGES)
def test_rows_of_cards_have_no_holes(slug):
    filled = 0
    for card in header(slug)["cards"]:
        assert filled + card["span"] <= 12, f"{card['kind']} leaves a hole before it"
        filled = (filled + card["span"]) % 12
    assert filled == 0


@pytest.mark.parametrize("slug", PAGES)
def test_every_term_on_a_board_is_explained_there(slug):
    made = header(slug)
    assert made["glossary"] == glossary.used(words(made["cards"]))
    assert made["glossary"]


def test_cards_of_one_kind_have_one_name():
    names = {}
    for slug in PAGES:
        for card in header(slug)["cards"]:
            names.setdefault(card["kind"], set()).add(card.get("title"))
    for kind in ("confusion", "heat"):
        assert names.get(kind, {"Confusion matrix"}) == {"Confusion matrix"}
    for kind in ("curve", "lines"):
        assert names[kind] == {"Learning curve"}
    assert names["runs"] == {"Runs"}
    assert names["take"] == {"Take it with you"}
    assert names["formulas"] == {"Numbers in the formulas"}


@pytest.mark.parametrize("slug", PAGES)
def test_quotation_marks_are_curly(slug):
    _, *text = glossary.SOURCE.parent.joinpath("lessons", f"{slug}.md").read_text().split("\n")
    assert not re.search(r'[\s(]"\w|\w"[\s.,)]', "\n".join(text))


def test_a_card_may_bring_its_own_help_and_programs_hold_no_terms():
    cards = [
        {"kind": "question", "span": 4, "text": "Is it a [[slope]]?"},
        {"kind": "lines", "span": 4, "help": "Mine."},
        {"kind": "script", "span": 4, "source": "x = [[bias]]"},
    ]
    made = board("augmentation", SimpleNamespace(frame=3), None, cards, {"lines": "Theirs."})
    assert made["frame"] == 3
    assert [card["help"] for card in made["cards"][:3]] == [USUAL["question"], "Mine.", None]
    assert "slope" in made["glossary"]
    assert "bias" not in made["glossary"]


def test_the_doctors_card_shows_the_button_of_a_remedy():
    remedy = SimpleNamespace(label="Take tanh")
    assert doctor_card(Finding("warning", "Dead.", remedy), 5)["remedy"] == "Take tanh"
    card = doctor_card(Finding("ok", "Healthy."))
    assert (card["remedy"], card["span"], card["text"]) == (None, 4, "Healthy.")
