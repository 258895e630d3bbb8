"""The Chromium in which measurements and browser tests run."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from explorer.launch.chromium import NO_CHROMIUM, find_chromium

# Software rendering, no traffic of the browser's own.
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A camera that shows a moving pattern, and is allowed without asking.
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
)


@contextmanager
def chromium(*more: str) -> Iterator[Browser]:
    """Start a Chromium and end it afterwards.

    Args:
        more: Flags beside the usual ones.

    Yields:
        The browser.

    Raises:
        RuntimeError: There is none on this machine.
    """
    program = find_chromium()
    if program is None:
        raise RuntimeError(NO_CHROMIUM)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=[*FLAGS, *more])
        try:
            yield browser
        finally:
            browser.close()
