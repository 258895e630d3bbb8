import re
from pathlib import Path

import pytest

from explorer import glossary

LESSONS = Path(__file__).resolve().parents[2] / "assets" / "lessons"


@pytest.fixture
def another(tmp_path, monkeypatch):
    """Let the glossary be read from a text."""

    def read(text):
        file = tmp_path / "glossary.md"
        file.write_text(text, encoding="utf-8")
        monkeypatch.setattr(glossary, "SOURCE", file)
        glossary.terms.cache_clear()

    yield read
    monkeypatch.undo()
    glossary.terms.cache_clear()


def test_every_term_has_a_meaning():
    found = glossary.terms()
    assert len(found) > 30
    for term, meaning in found.items():
        assert term.strip() == term
        assert meaning.endswith(".")
        assert len(meaning) < 250


def test_no_term_stands_twice():
    lines = glossary.SOURCE.read_text(encoding="utf-8").splitlines()
    assert sum(line.startswith("- **") for line in lines) == len(glossary.terms())


def test_what_texts_refer_to_is_found_in_either_form():
    found = glossary.used(["A [[slope]], then [[huber|Huber]] loss", "and [[slope]]."])
    assert list(found) == ["huber", "slope"]
    assert found["slope"] == glossary.terms()["slope"]
    assert glossary.used(["nothing *m* marked"]) == {}


def test_a_term_that_is_not_there_is_an_error():
    with pytest.raises(KeyError, match="flux"):
        glossary.used(["the [[flux]]"])


@pytest.mark.parametrize("path", sorted(LESSONS.glob("*.md")), ids=lambda path: path.name)
def test_the_prose_of_every_lesson_refers_to_what_there_is(path):
    assert glossary.used([path.read_text(encoding="utf-8")])


HOMONYMS = {"activations.md": {"slope"}}  # There it is the slope of a curve: the derivative.


@pytest.mark.parametrize("path", sorted(LESSONS.glob("*.md")), ids=lambda path: path.name)
def test_a_term_explains_itself_wherever_a_lesson_uses_it(path):
    text = path.read_text(encoding="utf-8")
    marked = set(glossary.referred([text]))
    plain = re.sub(r"\[\[[^\]]*\]\]", "", text)
    for term in glossary.terms().keys() - marked - HOMONYMS.get(path.name, set()):
        used = re.search(rf"\b{re.escape(term)}(e?s)?\b", plain, re.IGNORECASE)
        assert not used, f"{term} is used and not marked"


def test_terms_stand_in_the_order_of_the_alphabet():
    names = [term.lower() for term in glossary.terms()]
    assert names == sorted(names)


def test_what_only_looks_like_a_term_is_left_out():
    assert list(glossary.known(["[[slope]] and [[1, 2]], [[nothing]]"])) == ["slope"]


def test_a_line_that_is_no_entry_is_an_error(another):
    another("# Glossary\n\n- **slope**: How much a line rises.\n- slope: again\n")
    with pytest.raises(ValueError, match="Line 4 of the glossary"):
        glossary.terms()


def test_the_order_of_the_file_stays(another):
    another("# Glossary\n\n- **b**: Second.\n- **a**: First: with a colon.\n")
    assert list(glossary.terms().items()) == [("b", "Second."), ("a", "First: with a colon.")]
