"""Linear regression as a person sees it: what it says, and how it is taken hold of."""

import re
import zlib
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import expect

QUIET = "start=-1,5&path="
TWO_POINTS = f"data=two_points&{QUIET}&rate=0.1"
# Segments that a page is set back by, and what the address calls them.
SEGMENTS = {
    "Loss": "loss",
    "Points used for each step": "batch",
    "Residuals drawn as": "residuals",
    "Surface drawn as": "surface",
}
LET_GO = """() => {
  let one = document.activeElement;
  while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
  one?.blur();
  document.querySelector('[data-testid=stMain]').scrollTo(0, 0);
}"""
# Where all that can be held lies in the left picture.
PLACES = """svg => {
  const from = svg.getBoundingClientRect();
  return [...svg.querySelectorAll('.halo')].map((one) => {
    const at = one.getBoundingClientRect();
    return [Math.round(at.left - from.left), Math.round(at.top - from.top)];
  });
}"""


def number(text):
    """Return a number as the page writes it: true minus, powers of ten."""
    return float(text.replace("−", "-").replace(",", ""))


class LessonPage:
    """The page and its parts, by what they are to a person."""

    def __init__(self, page, url):
        self.page = page
        self.url = url
        self.first = None  # The address after opening, of a page that is set back to it.
        self.head = page.locator("header.head")
        self.stage = page.locator("section.stage")
        self.data_pane = page.locator("figure.pane").nth(0)
        self.surface_pane = page.locator("figure.pane").nth(1)
        self.equation = self.data_pane.locator("header .sub")
        self.reading = self.surface_pane.locator("header .sub")
        self.points = page.locator("svg.data [data-point]")
        self.dot = page.locator("[data-handle=dot]")
        self.play = page.locator("button.play")
        self.notice = page.locator(".notice")
        self.step_reading = page.locator(".path .row b")
        self.script = page.locator(".script-card pre")
        self.table = page.locator(".table-card")
        self.doctor = page.locator(".card.doctor")
        self.question = page.locator(".question-card")

    # -- opening and waiting -----------------------------------------------------------

    def goto(self, query=""):
        address = f"{self.url}/linear_regression{'?' if query else ''}{query}"
        self.page.goto(address, wait_until="commit")
        self.wait_drawn()

    def back_to(self, query):
        """Open the lesson at a quiet query, or set it back: its own controls do it more quickly.

        What they have not set back, a new opening does.
        """
        if self.first:
            self._set_back()
        if self.query() != self.first:
            self.goto(query)
            self.wait_for(lambda: "loss" in self.query(), "a whole address")
            self.first, self.first_places = self.query(), self.still()
        return self

    def _set_back(self):
        self.page.mouse.move(0, 0)
        for group, name in SEGMENTS.items():
            if self.query()[name] != self.first[name]:
                self._press(group, name, self.first[name])
        data = self.first["data"]
        if self.query()["data"] != data:
            self._press("Data", "data", data)
        else:  # What was done last has arrived when the address names other data.
            self._press("Data", "data", "noisy_line" if data == "two_points" else "two_points")
            self._press("Data", "data", data)
        if self.query() != self.first:  # Choosing two points puts the line back, too.
            self._press("Data", "data", "two_points")
            self._press("Data", "data", data)
        self.page.evaluate(LET_GO)
        if self.query() == self.first:
            self.wait_for(lambda: self._places() == self.first_places, "the picture of before")

    def _press(self, group, name, value):
        segments = self.page.get_by_role("group", name=group, exact=True)
        segments.locator(f"[data-value={value}]").click()
        self.wait_address(**{name: value})
        self.wait_for(lambda: self.chosen(group) == value, value)

    def still(self):
        """Wait until nothing in the left picture moves; returns where all lies."""
        for _ in range(50):
            before = self._places()
            self.page.wait_for_timeout(100)
            if self._places() == before:
                return before
        raise AssertionError("the picture moves on")

    def _places(self):
        return self.page.locator("svg.data").evaluate(PLACES)

    def wait_drawn(self):
        expect(self.script).to_contain_text("import torch")
        expect(self.head.locator("h1")).to_have_text("Linear regression")
        expect(self.page.locator("canvas.surface")).to_have_attribute("style", re.compile("width"))

    def wait_for(self, condition, what="the condition"):
        """Wait until something that Python reads is so."""
        for _ in range(200):
            if condition():
                return
            self.page.wait_for_timeout(25)
        raise AssertionError(
            f"{what} did not come about: {self.reading.inner_text()} at {self.page.url}"
        )

    def wait_address(self, **wanted):
        """Wait until the address has these settings."""
        self.wait_for(
            lambda: all(self.query().get(name) == value for name, value in wanted.items()),
            f"{wanted} in the address",
        )

    # -- what it says --------------------------------------------------------------------

    def query(self):
        return {name: one[0] for name, one in parse_qs(urlsplit(self.page.url).query, True).items()}

    def loss(self):
        """The loss in the head of the surface."""
        return number(self.reading.locator("b").inner_text())

    def place(self):
        """Slope and intercept in the head of the surface."""
        return tuple(map(number, re.findall(r"[−\d.e]+", self.reading.inner_text().split("at")[1])))

    def step(self):
        """Number of the step that is shown."""
        return int(self.page.locator(".path .track").get_attribute("aria-valuenow"))

    def frame(self):
        return int(self.stage.locator("xpath=..").get_attribute("data-frame"))

    def picture(self):
        """A number that changes when a pixel of the surface changes."""
        return zlib.crc32(
            self.page.locator("canvas.surface").evaluate("c => c.toDataURL()").encode()
        )

    def rows(self):
        """The table as numbers: x, y, prediction, residual, cost."""
        texts = self.table.locator("tbody").evaluate(
            """body => [...body.rows].map(
              row => [...row.cells].slice(0, 5).map(cell => cell.textContent))"""
        )
        return [[number(text) for text in row] for row in texts]

    def totals(self):
        """The numbers below the table, by their name."""
        texts = self.table.locator(".totals > span:not(.sub)").all_inner_texts()
        return {name: number(value) for name, value in (text.split() for text in texts)}

    def formulas(self):
        """The rows of the formulas: symbols, numbers, result."""
        cells = self.page.locator(".formulas > span").all_inner_texts()
        cells = [" ".join(cell.split()) for cell in cells]
        return [tuple(cells[at : at + 3]) for at in range(0, len(cells), 3)]

    def shown(self):
        """All that must be the same for the same address."""
        return {
            "equation": self.equation.inner_text(),
            "reading": self.reading.inner_text(),
            "step": self.step_reading.inner_text(),
            "script": self.script.inner_text(),
            "rows": self.rows(),
        }

    # -- how it is taken hold of ---------------------------------------------------------

    def point(self, index):
        return self.page.locator(f"svg.data [data-point='{index}']")

    def end(self, side):
        return self.page.locator(f"svg.data [data-handle={side}]")

    def middle(self, handle):
        """Where to grab a handle: the middle of its halo."""
        box = handle.locator(".halo").bounding_box()
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def body(self):
        """Where to grab the line itself: between two points, clear of the halos."""
        places = self.page.locator("svg.data").evaluate(
            """svg => {
              const line = svg.querySelector('[data-body]');
              const ends = ['x1', 'y1', 'x2', 'y2'].map(name => Number(line.getAttribute(name)));
              const [x1, y1, x2, y2] = ends;
              const box = svg.getBoundingClientRect();
              for (let part = 0.2; part < 0.8; part += 0.01) {
                const [x, y] = [box.left + x1 + (x2 - x1) * part, box.top + y1 + (y2 - y1) * part];
                if (svg.getRootNode().elementFromPoint(x, y) === line) return [x, y];
              }
              return null;
            }"""
        )
        assert places, "the line is covered everywhere"
        return tuple(places)

    def empty_place(self):
        """A place in the left picture that nothing lies on."""
        place = self.page.locator("svg.data").evaluate(
            """svg => {
              const box = svg.getBoundingClientRect();
              for (let part = 0.15; part < 0.9; part += 0.05) {
                const [x, y] = [box.left + box.width * part, box.top + box.height * 0.2];
                const on = svg.getRootNode().elementFromPoint(x, y);
                if (!on.closest('[data-handle], [data-body]')) return [x, y];
              }
              return null;
            }"""
        )
        assert place, "no empty place"
        return tuple(place)

    def hold(self, start, by, moves=6):
        """Press at a place and move, without letting go."""
        self.page.mouse.move(*start)
        self.page.mouse.down()
        self.at = start
        self.hold_on(by, moves)

    def hold_on(self, by, moves=6):
        """Move on, still holding."""
        start = self.at
        for part in range(1, moves + 1):
            self.at = start[0] + by[0] * part / moves, start[1] + by[1] * part / moves
            self.page.mouse.move(*self.at)

    def release(self):
        self.page.mouse.up()

    def track(self, label):
        """The track of a slider, by its name."""
        return self.page.get_by_role("slider", name=label, exact=True)

    def choose(self, group, text):
        self.page.get_by_role("group", name=group, exact=True).get_by_role(
            "button", name=text, exact=True
        ).click()

    def chosen(self, group):
        pressed = self.page.get_by_role("group", name=group, exact=True).locator(
            "[aria-pressed=true]"
        )
        return pressed.get_attribute("data-value")

    def button(self, name):
        return self.page.get_by_role("button", name=name, exact=True)
