"""What a page says when something went wrong."""

import re

# Streamlit asks for these below the page's path first, on deep links, and gets a 404.
STREAMLITS_OWN = re.compile(r"^https?://[^/]+/[^?]+/_stcore/(health|host-config)$")
WRONG_WORDS = re.compile(r"\b(undefined|NaN|Infinity|inf|nan|not a number|None|null)\b")


class Watch:
    """Collects console errors, uncaught exceptions and error boxes of pages."""

    def __init__(self):
        self.errors = []

    def follow(self, page):
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.errors.append(f"uncaught: {error}"))

    def look_for_errors(self, page):
        for name in ("stException", "stComponentError"):
            for box in page.get_by_test_id(name).all():
                self.errors.append(f"{name}: {box.inner_text()}")

    def _console(self, message):
        if message.type != "error":
            return
        address = message.location.get("url", "")
        if "404" in message.text and STREAMLITS_OWN.match(address):
            return
        self.errors.append(f"console: {message.text} ({address})")
