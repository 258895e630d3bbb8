"""Addresses that nobody would write: every setting of every page, with anything in it."""

import numpy as np
import pytest

from explorer.settings import Number, from_address, rules, to_address

from .lessons import PAGES
from .values import TEXTS


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.slug)
def test_every_setting_takes_any_text_or_says_that_it_cannot(page):
    kind = page.settings
    for name in page.fields:
        for text in TEXTS:
            settings, problems = from_address(kind, {name: text})
            assert len(problems) <= 1
            for problem in problems:
                assert problem.startswith(f"The link says {name}=")
                assert problem.endswith("The usual value stands instead.")
                assert len(problem) < 700, (name, text[:40])
                assert getattr(settings, name) == getattr(kind(), name)
            again = dict(one.split("=", 1) for one in to_address(settings).split("&"))
            assert name in again or getattr(settings, name) is None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.slug)
def test_a_page_opens_whatever_its_address_says(page):
    chance = np.random.default_rng(5)
    for _ in range(6):
        names = [name for name in page.fields if chance.random() < 0.7]
        lesson = page.opened({name: TEXTS[chance.integers(len(TEXTS))] for name in names})
        page.drawn(lesson)
        assert all(len(problem) < 1000 for problem in lesson.problems)
    assert page.opened_at(lesson.address()).problems == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.slug)
def test_a_page_opens_at_the_limits_of_its_numbers(page):
    numbers = {name: r for name, r in rules(page.settings).items() if isinstance(r, Number)}
    for limit in ("minimum", "maximum"):
        given = {name: rule.write(getattr(rule, limit)) for name, rule in numbers.items()}
        lesson = page.opened(given)
        page.drawn(lesson)
        assert not any(problem.startswith("The link says") for problem in lesson.problems)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.slug)
def test_names_that_no_setting_has_are_left_alone(page):
    strange = {"lecture": "x" * 9999, "__class__": "1", "": "2", "\0": "3", "self": "4"}
    lesson = page.opened(strange)
    assert lesson.problems == []
