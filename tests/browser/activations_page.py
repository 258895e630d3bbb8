"""The lesson on activation functions as a person sees it, and how it is taken hold of."""

from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import expect


class ActivationsPage:
    """The page and its parts, by what they are to a person."""

    def __init__(self, page, url):
        self.page = page
        self.url = url
        self.quiet = False  # Nothing plays, and nothing will by itself.
        self.stage = page.locator("section.stage")
        self.panes = page.locator("figure.pane")
        self.cursor_reading = self.panes.nth(0).locator("header .sub")
        self.reading = self.panes.nth(1).locator("header .sub")
        self.legend = self.panes.nth(0).locator("text.named")
        self.chips = page.locator("button.chip")
        self.typed = page.get_by_role("textbox", name="Your own function of x")
        self.refused = page.locator(".refused")
        self.notice = page.locator(".stage .notice")

    def goto(self, query):
        address = f"{self.url}/activations{'?' if query else ''}{query}"
        self.page.goto(address, wait_until="commit")
        expect(self.page.locator(".script-card pre")).to_contain_text("import torch")
        expect(self.legend.first).to_be_visible()
        return self

    def query(self):
        return {name: one[0] for name, one in parse_qs(urlsplit(self.page.url).query, True).items()}

    def handle(self, name):
        return self.page.locator(f".stage [data-handle='{name}']")

    def middle(self, name):
        box = self.handle(name).locator(".knob").bounding_box()
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def hold(self, name, by, moves=6):
        places = [self.middle(name)]
        for _ in range(40):  # until the page has come to rest
            self.page.wait_for_timeout(50)
            places.append(self.middle(name))
            if len(set(places[-3:])) == 1 and len(places) > 2:
                break
        x, y = places[-1]
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        for part in range(1, moves + 1):
            self.page.mouse.move(x + by[0] * part / moves, y + by[1] * part / moves)

    def view(self, name):
        self.page.get_by_role("group", name="What the neuron does").get_by_role(
            "button", name=name, exact=True
        ).click()

    def only(self, first, *others):
        """Draw these functions, in this order."""
        pressed = self.page.locator(".chip[aria-pressed=true]").evaluate_all(
            "all => all.map(one => one.dataset.name)"
        )
        self.toggle(first, True)
        for name in set(pressed) - {first}:
            self.toggle(name, False)
        for name in others:
            self.toggle(name, True)

    def toggle(self, name, wanted):
        chip = self.page.locator(f".chip[data-name={name}]")
        if (chip.get_attribute("aria-pressed") == "true") != wanted:
            chip.click()
        expect(chip.and_(self.page.locator("[aria-pressed=true]"))).to_have_count(int(wanted))

    def pause(self):
        play = self.page.locator("button.play")
        expect(play).to_contain_text("Pause")
        play.click()
        expect(play).to_contain_text("Play")
        self.quiet = True

    def back_to_the_start(self):
        self.page.get_by_role("button", name="Back to the start").click()
        self.wait_for(lambda: self.query().get("path") == "", "the start")

    def step(self):
        return int(self.page.locator(".path .track").get_attribute("aria-valuenow"))

    def wait_for(self, condition, what):
        for _ in range(200):
            if condition():
                return
            self.page.wait_for_timeout(25)
        raise AssertionError(f"{what} did not come about at {self.page.url}")

    def wait_changed(self, locator, before):
        expect(locator).not_to_have_text(before)
        return locator.inner_text()

    def shown(self):
        return {
            "cursor": self.cursor_reading.inner_text(),
            "reading": self.reading.inner_text(),
            "legend": self.legend.all_inner_texts(),
            "legend text": self.legend.evaluate_all("all => all.map(one => one.textContent)"),
            "formulas": self.page.locator(".formulas > span").all_inner_texts(),
            "script": self.page.locator(".script-card pre").inner_text(),
            "chosen": self.page.locator(".chip[aria-pressed=true] span").all_inner_texts(),
        }
