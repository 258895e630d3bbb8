"""One server, and one Chromium for each half of the tests; every console error fails its test."""

import dataclasses
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import expect

from benchmarks.chromium import chromium
from benchmarks.serving import Server, begun, serving, wait

from .lesson_page import QUIET, LessonPage
from .watched import Watch

HERE = Path(__file__).resolve().parent
ARTEFACTS = HERE.parents[1] / "artefacts"
# Two halves of the tests share the machine: what is late for a moment is not broken.
PATIENCE_MS = 20_000
expect.set_options(timeout=PATIENCE_MS)
# Pages of one context share a process, so that Streamlit's program is compiled once for all of
# them: opening a page takes a third less.
SHARED = "--process-per-site"
DESKTOP = {"width": 1440, "height": 900}
TOUCH = {"has_touch", "is_mobile"}
SERVED = pytest.StashKey[Server]()


def pytest_collection_modifyitems(items):
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node):
    """Files that run beside each other ask one server, begun by the process that deals them out."""
    config = node.config
    if SERVED not in config.stash:
        whole = ExitStack()
        folder = Path(whole.enter_context(tempfile.TemporaryDirectory(prefix="explorer-server-")))
        config.stash[SERVED] = whole.enter_context(begun(folder / "log.txt"))
        config.add_cleanup(whole.close)
    told = dataclasses.asdict(config.stash[SERVED])
    node.workerinput["server"] = told | {"log": str(told["log"])}


@pytest.fixture(scope="package")
def server(request, tmp_path_factory):
    told = getattr(request.config, "workerinput", {}).get("server")
    if told is None:
        with serving(tmp_path_factory.mktemp("server") / "log.txt") as running:
            yield running
    else:
        running = Server(**told | {"log": Path(told["log"])})
        wait(running)
        yield running


@pytest.fixture(scope="package")
def browser():
    with chromium(SHARED) as started:
        yield started


@pytest.fixture(scope="package")
def shared(browser, server):
    """Contexts that tests share, one for each kind of window: each page is a session of its own.

    Files are cached in them, and their pages share a process.
    """
    contexts = {}

    def of(**kind):
        key = tuple(sorted(kind.items()))
        if key not in contexts:
            contexts[key] = context = browser.new_context(viewport=DESKTOP, **kind)
            staying = context.new_page()  # It does nothing, and keeps the process alive.
            staying.goto(f"{server.url}/linear_regression?start=-1,5&path=", wait_until="commit")
            expect(staying.locator(".script-card pre")).to_contain_text("import torch")
        return contexts[key]

    yield of
    for context in contexts.values():
        context.close()


@pytest.fixture(scope="module")
def window(browser):
    """The window of one person for tests with a server of their own: files are cached in it."""
    context = browser.new_context(viewport=DESKTOP)
    yield context
    context.close()


@pytest.fixture
def tabs(window):
    """Opens tabs in that window, and closes them afterwards; it takes where the server is.

    Those that were there before stay; one does always, be it one that only shows a word, and with
    it the process that knows Streamlit's program.
    """
    kept = window.pages

    def opened(url):
        if not kept:
            kept.append(window.new_page())
            kept[0].goto(f"{url}/_stcore/health")
        page = window.new_page()
        page.set_default_timeout(PATIENCE_MS)
        return page

    yield opened
    for page in window.pages:
        if page not in kept:
            page.close()


@pytest.fixture(autouse=True)
def watch(server):
    """Fail the test if a page or the server has reported an error."""
    before = len(server.wrote())
    watching = Watch()
    yield watching
    assert watching.errors == []
    assert "Traceback" not in server.wrote()[before:], server.wrote()[before:]


@pytest.fixture
def new_page(browser, shared, watch):
    """Open a page; touch makes it a phone's, other options a page of a browser of its own."""
    contexts, pages = [], []

    def opened(viewport=None, color_scheme=None, reduced_motion=None, **options):
        if options.keys() <= TOUCH:
            context = shared(**options)
        else:
            context = browser.new_context(viewport=DESKTOP, **options)
            contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        if viewport:
            page.set_viewport_size(viewport)
        if color_scheme or reduced_motion:
            page.emulate_media(color_scheme=color_scheme, reduced_motion=reduced_motion)
        pages.append(page)
        watch.follow(page)
        return page

    yield opened
    for page in pages:
        watch.look_for_errors(page)
        page.close()
    for context in contexts:
        context.close()


def closing():
    """Pages that tests share, by a name; in the end they are closed."""
    pages = {}
    yield pages
    for one in pages.values():
        one.page.close()


@pytest.fixture(scope="module")
def pages_of_the_file():
    yield from closing()


@pytest.fixture(scope="package")
def pages_of_all():
    yield from closing()


def keeping(pages, shared, watch, request):
    """Gives pages that were kept, or makes them: see kept."""
    failed, used = request.session.testsfailed, []

    def of(name, make, **kind):
        if name not in pages:
            page = shared(**kind).new_page()
            page.set_default_timeout(PATIENCE_MS)
            watch.follow(page)
            pages[name] = make(page)
        else:
            watch.follow(pages[name].page)
        used.append(name)
        return pages[name]

    yield of
    for name in used:
        watch.look_for_errors(pages[name].page)
        if request.session.testsfailed > failed:
            pages.pop(name).page.close()


@pytest.fixture
def kept(pages_of_the_file, shared, watch, request):
    """A page that several tests of a file use, one after the other: each opens it if it must.

    It takes a name and what makes a lesson of an empty page. A test finds the page as it was
    opened or as another one has left it; where one has failed, the next gets a new one. Further
    words say which window: that of a phone, for instance.
    """
    yield from keeping(pages_of_the_file, shared, watch, request)


@pytest.fixture
def kept_for_all(pages_of_all, shared, watch, request):
    """The same for a page that tests of several files use: each has to set it back first."""
    yield from keeping(pages_of_all, shared, watch, request)


@pytest.fixture
def visit(server, new_page):
    """Open the lesson at a query and wait until it is drawn."""

    def visited(query="", **options):
        lesson = LessonPage(new_page(**options), server.url)
        lesson.goto(query)
        return lesson

    return visited


@pytest.fixture
def again(server, kept_for_all):
    """The lesson at a quiet query, on a page that tests share.

    It is as after opening, but for what the address does not tell.
    """

    def found(query=QUIET, viewport=DESKTOP, **kind):
        def make(page):
            page.set_viewport_size(viewport)
            return LessonPage(page, server.url)

        name = (query, *viewport.values(), *kind)
        return kept_for_all(name, make, **kind).back_to(query)

    return found


@pytest.fixture(scope="session")
def artefacts():
    """The folder for screenshots; git ignores it."""
    ARTEFACTS.mkdir(exist_ok=True)
    return ARTEFACTS
