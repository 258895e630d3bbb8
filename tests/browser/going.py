"""Going from page to page of the explorer in one tab: it costs a third of opening one."""

from urllib.parse import urlsplit

from playwright.sync_api import expect

from explorer.lessons import LESSONS

PATIENCE = 60_000
TITLES = {lesson.slug: lesson.title for lesson in LESSONS}
# Streamlit takes it for a press of Back, and draws the page at that address.
SWITCH = "to => { history.pushState({}, '', to); dispatchEvent(new PopStateEvent('popstate')); }"


class Tab:
    """A tab of the explorer."""

    def __init__(self, page, url):
        self.page, self.url = page, url
        self._been = set()
        page.on("framenavigated", lambda frame: self._been.add(urlsplit(frame.url).path[1:]))

    def go(self, address):
        """Show the page at an address as it is after opening it.

        From another page it is only switched to: the first time in a session a page reads its
        address then, too. Otherwise the tab is loaded anew, and the session is another one.
        """
        slug = address.split("?")[0]
        inside = self.page.url.startswith(self.url)
        if inside and (slug not in self._been or not slug):
            self._switch(address)
        else:
            self._been.clear()
            self.page.goto(f"{self.url}/{address}", wait_until="commit")
            self._drawn(slug)

    def come(self, address):
        """Show the page as it was left, or at this address if nobody has been there."""
        slug = address.split("?")[0]
        if slug not in self._been:
            self.go(address)
        elif urlsplit(self.page.url).path != f"/{slug}":
            self._switch(slug)

    def reload(self):
        """Load the page anew: the session is another one, and begins with this page."""
        self._been.clear()
        self.page.reload(wait_until="commit")

    def _switch(self, address):
        self.page.evaluate(SWITCH, f"/{address}")
        self._drawn(address.split("?")[0])

    def _drawn(self, slug):
        if slug:
            title = self.page.locator("header.head h1")
            expect(title).to_have_text(TITLES[slug], timeout=PATIENCE)
        else:
            expect(self.page.locator("a.lesson").first).to_be_visible(timeout=PATIENCE)
        idle = self.page.locator("[data-testid=stApp][data-test-script-state=notRunning]")
        expect(idle).to_be_visible(timeout=PATIENCE)
