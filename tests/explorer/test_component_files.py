"""The files of components: kept for good, never stale, and no page fetches another page's cards."""

import gzip
import re

import pytest
from starlette.applications import Starlette
from starlette.datastructures import Headers
from test_boards import PAGES, header
from test_guarding import asked

from explorer.components import files
from explorer.components.files import ADDRESS, ASK_AGAIN, FOR_GOOD, STATIC, WHOLE
from explorer.components.linking import linked

IMPORT = re.compile(r'^(?:import|export) [^"]*from "([^"]+)"|import\("([^"]+)"', re.MULTILINE)
PACKAGES = STATIC.parent
CARDS = {path.stem.removeprefix("card_"): path for path in STATIC.glob("card_*.js")}
PARTS_OF_CARDS = {"frame", "tabs"}
BOARDS = {
    "activations": "activation",
    "augmentation": "augmentation",
    "linear_regression": "regression",
    "network_builder": "network",
    "training_dashboard": "dashboard",
    "transfer_learning": "transfer",
}


APP = Starlette(routes=[files.route()])


def test_the_fingerprint_follows_the_files(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "STATIC", tmp_path)

    def print_of(name, text):
        (tmp_path / name).write_text(text, encoding="utf-8")
        files.version.cache_clear()
        files.packed_whole.cache_clear()
        return files.version()

    prints = [print_of("a.js", "1"), print_of("a.js", "2"), print_of("b.css", "2")]
    again = print_of("b.css", "2")
    monkeypatch.undo()
    files.version.cache_clear()
    files.packed_whole.cache_clear()
    assert len(set(prints)) == 3
    assert again == prints[-1]
    assert files.version() == files.version() != again


def test_a_file_of_this_version_is_kept_for_good_and_of_another_is_asked_for_again():
    name = "mount.js"
    status, headers, body = asked(APP, f"{ADDRESS}/{files.version()}/{name}")
    assert status == 200
    assert body == (STATIC / name).read_text(encoding="utf-8")
    assert headers["cache-control"] == FOR_GOOD
    assert "javascript" in headers["content-type"]
    _, headers, before = asked(APP, f"{ADDRESS}/0123456789/{name}")
    assert before == body
    assert headers["cache-control"] == ASK_AGAIN


@pytest.mark.parametrize("path", ["/", "/mount.js", "/{now}", "/{now}/", "/{now}/none.js"])
def test_what_is_no_file_is_not_found(path):
    assert asked(APP, ADDRESS + path.format(now=files.version()))[0] == 404


def test_all_modules_come_as_one_packed_where_the_browser_takes_that():
    status, headers, body = asked(APP, f"{ADDRESS}/{files.version()}/{WHOLE}")
    assert status == 200
    assert headers["cache-control"] == FOR_GOOD
    assert "content-encoding" not in headers
    assert body == linked(STATIC.iterdir())
    packed = files.whole(Headers({"accept-encoding": "br, gzip"}))
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body).decode() == body
    assert len(packed.body) < len(body) / 3


@pytest.mark.parametrize("slug", PAGES)
def test_a_board_has_the_cards_of_its_page_and_no_others(slug):
    source = (STATIC / f"{BOARDS[slug]}_board.js").read_text(encoding="utf-8")
    kinds = set(re.findall(r"(\w+): \w+Card", source))
    package = PACKAGES / slug
    text = "".join(path.read_text(encoding="utf-8") for path in package.glob("*.py"))
    named = set(re.findall(r'"kind": "(\w+)",\s*"(?:span|title)"', text)) & CARDS.keys()
    usual = {"question", "doctor", "script", "prose"}
    assert {card["kind"] for card in header(slug)["cards"]} <= kinds
    assert named | usual == kinds
    assert set(re.findall(r"card_(\w+)\.js", source)) == kinds


def test_no_card_is_left_over():
    boards = "".join((STATIC / f"{one}_board.js").read_text("utf-8") for one in BOARDS.values())
    assert set(re.findall(r"card_(\w+)\.js", boards)) == CARDS.keys() - PARTS_OF_CARDS


@pytest.mark.parametrize("path", sorted(STATIC.glob("*.js")), ids=lambda path: path.name)
def test_neighbours_are_named_so_that_they_come_from_the_same_version(path):
    source = path.read_text(encoding="utf-8")
    for name in ("".join(found) for found in IMPORT.findall(source)):
        assert re.fullmatch(r"\./\w+\.js", name), name
        assert (STATIC / name).is_file()
