"""The person's own browser."""

import os
import threading
import webbrowser

from explorer.launch.system import MACOS, WINDOWS


def open_browser(address: str) -> None:
    """Open an address in the browser, without waiting for it.

    Args:
        address: The address.
    """
    if not _has_screen():
        return

    def show() -> None:
        if not webbrowser.open(address):
            print("explorer: no browser could be opened: open that address yourself", flush=True)

    threading.Thread(target=show, daemon=True).start()


def _has_screen() -> bool:
    """Tell whether a browser can appear; without a screen a text browser would take over."""
    if os.environ.get("BROWSER") or WINDOWS or MACOS:
        return True
    names = ("DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME")
    return any(os.environ.get(name) for name in names)
