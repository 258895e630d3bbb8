"""Every page for everybody: axe-core, a focus that is seen, windows from 360 to 1920 px."""

import pytest
from playwright.sync_api import expect

from .access import at_rest, covered, findings, misfits, unseen_focus
from .going import PATIENCE, Tab

WIDTHS = (1920, 768, 360)


def named(page, role, name):
    return page.get_by_role(role, name=name, exact=True)


def lecture(page, wanted):
    page.evaluate("on => document.documentElement.toggleAttribute('data-lecture', on)", wanted)


def regression(page):
    named(page, "button", "One step").click()
    named(page, "button", "3-D").click()
    page.locator(".table-card button.cell").first.click()
    expect(page.locator(".table-card input")).to_be_visible()


def activations(page):
    page.get_by_role("textbox", name="Your own function of x").fill("max(0, x")
    page.keyboard.press("Enter")
    expect(page.locator(".refused")).to_be_visible()
    named(page, "button", "Softmax").click()
    expect(page.locator(".softmax")).to_be_visible()


def network(page):
    named(page, "button", "Paint points").click()
    named(page, "button", "More settings").click()
    page.locator(".net-title").nth(1).click()
    expect(page.locator(".net-popover")).to_be_visible()


def dashboard(page):
    named(page, "button", "More settings").click()
    expect(page.locator(".progress .row span").first).to_contain_text("finished", timeout=PATIENCE)
    page.get_by_role("button", name="4 read as 4").click()
    expect(page.locator(".pictures-card h3").first).to_have_text("4 read as 4")


def augmentation(page):
    named(page, "button", "Too strong").click()
    named(page, "button", "Add step").click()
    expect(page.locator(".add-panel")).to_be_visible()


def well(page):
    page.get_by_role("button", name="Add pictures to").first.click()
    page.get_by_role("group", name="Add pictures by").get_by_text("Draw").click()
    expect(page.locator(".figures")).to_contain_text("held back", timeout=PATIENCE)


def dialog(page):
    page.locator("button.sample").first.click()
    expect(page.locator("dialog.sample-box")).to_be_visible()


# Where a page is opened, what shows that it is there, and what a person does before it is
# looked at in the light theme and in the dark one. A wrong value in an address shows its warning.
STATES = {
    "home": ("", "a.lesson"),
    "linear_regression": (
        "linear_regression?rate=fast&path=",
        ".script-card pre",
        None,
        regression,
    ),
    "activations": ("activations?path=", ".script-card pre", None, activations),
    "network_builder": ("network_builder?data=circles", ".script-card pre", None, network),
    "training_dashboard": ("training_dashboard", ".heat-card button", None, dashboard),
    "augmentation": ("augmentation", ".thumb-picture", None, augmentation),
    "transfer_learning": ("transfer_learning?classes=3&per_class=6", ".sample", well, dialog),
}


@pytest.fixture
def tab(server, kept):
    """One tab for all pages. Without transitions a colour is what it will be."""

    def make(page):
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        return Tab(page, server.url)

    return kept("tab", make)


@pytest.mark.parametrize("slug", STATES)
def test_a_page_keeps_nobody_out(tab, slug):
    page, (query, there, *acts) = tab.page, STATES[slug]
    tab.go(query)
    expect(page.locator(there).first).to_be_visible(timeout=PATIENCE)
    assert at_rest(page, covered) == []
    assert unseen_focus(page) == []
    for theme, act in zip(("light", "dark"), acts or (None, None), strict=True):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        if act:
            act(page)
        page.wait_for_timeout(300)
        assert findings(page) == []
    for width in WIDTHS:
        assert misfits(page, width) == [], width
    lecture(page, True)
    assert misfits(page, 1440) == [], "lecture"
    lecture(page, False)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")


def test_what_is_spoilt_is_found(tab):
    """A check of the checks: they see into the components."""
    page = tab.page
    tab.go("linear_regression?path=")
    play = page.locator("button.play")
    expect(play).to_be_visible()
    play.evaluate("one => { one.style.color = '#7a5cf0'; }")
    page.get_by_role("button", name="Back to the start").evaluate(
        "one => { one.removeAttribute('aria-label'); one.removeAttribute('title'); }"
    )
    found = " ".join(findings(page))
    assert "color-contrast" in found
    assert "button-name" in found
    play.evaluate("one => { one.style.outline = 'none'; one.style.width = '2000px'; }")
    assert any("Play" in one for one in unseen_focus(page))
    assert misfits(page, 1440) != []
    page.locator("[data-testid=stToolbar]").evaluate(
        "one => one.parentElement.setAttribute('style', 'pointer-events: auto; height: 300px')"
    )
    assert any("Copy link" in one for one in covered(page))
    page.goto("about:blank")  # Nothing of it is left for another test.
