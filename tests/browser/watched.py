"""What a page says when something went wrong."""

import re

# Streamlit asks for these below the page's path first, on deep links, and gets a 404.
STREAMLITS_OWN = re.compile(r"^https?://[^/]+/[^?]+/_stcore/(health|host-config)$")


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
        self.errors += [box.inner_text() for box in page.locator(".mishap").all()]

    def _console(self, message):
        if message.type != "error":
            return
        address = message.location.get("url", "")
        if "404" in message.text and STREAMLITS_OWN.match(address):
            return
        self.errors.append(f"console: {message.text} ({address})")


def wrong_words(page):
    """Return words and attributes on the page that a person must never see."""
    return page.evaluate(
        r"""() => {
          const words = /\b(undefined|NaN|-?Infinity|inf|nan|not a number|null)\b/;
          const wrong = [];
          const walk = (node) => {
            if (node.nodeType === 3) { if (words.test(node.data)) wrong.push(node.data); return; }
            if (['STYLE', 'SCRIPT', 'PRE'].includes(node.tagName)) return;
            if (node.shadowRoot) walk(node.shadowRoot);
            const drawn = node.namespaceURI?.endsWith('svg') ? [...node.attributes] : [];
            for (const { name, value } of drawn)
              if (/NaN|undefined|Infinity/.test(value)) wrong.push(`${name}=${value}`);
            node.childNodes.forEach(walk);
          };
          walk(document.body);
          return wrong;
        }"""
    )
