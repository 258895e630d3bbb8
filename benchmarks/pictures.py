"""The pictures of the README, taken anew: `python -m benchmarks.pictures --json`.

Each is the page as it is after some seconds: opened by a link, and on the dashboard with a digit
drawn by the mouse. Nothing is retouched; the colours are reduced to 256, so that all pictures
together stay small.
"""

import argparse
import io
import json
import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Error, Page

from benchmarks.chromium import chromium
from benchmarks.serving import ROOT, Server, serving

FOLDER = ROOT / "assets" / "pictures"
WIDTH, HEIGHT = 1440, 900
PATIENCE_MS, STILL_MS = 120_000, 600
COLOURS = 256
THREE = [(60, 50), (90, 35), (120, 55), (105, 85), (80, 92), (110, 100), (125, 125), (95, 150)]
PAD = 178  # the side of the drawing pad in the units of the strokes above


@dataclass(frozen=True)
class Scene:
    """One picture.

    Attributes:
        name: Of its file, and of the page.
        path: What stands behind the server's address.
        sign: A CSS selector of what is there when the page is drawn.
        words: What the sign says then, or a part of it.
        act: What is done before the picture is taken.
    """

    name: str
    path: str
    sign: str
    words: str = ""
    act: Callable[[Page], None] | None = None


def draw_three(page: Page) -> None:
    """Draw a three on the pad and wait until it is read."""
    page.get_by_text(re.compile("^Reads ")).first.wait_for()  # The page is there as a whole.
    page.wait_for_timeout(1500)
    pad = page.locator("canvas.pad").bounding_box()
    assert pad is not None
    scale = pad["width"] / PAD
    (x, y), *others = [(pad["x"] + x * scale, pad["y"] + y * scale) for x, y in THREE]
    page.mouse.move(x, y)
    page.mouse.down()
    for place in others:
        page.mouse.move(*place, steps=5)
    page.mouse.up()
    page.mouse.move(WIDTH / 2, 2)
    page.locator(".verdict", has_text="Reads").wait_for(timeout=PATIENCE_MS)


SCENES = (
    Scene("home", "/", "a.lesson", "Linear regression"),
    Scene(
        "linear_regression",
        "/linear_regression?path=0.06x14",
        ".script-card pre",
        "import torch",
    ),
    Scene(
        "activations",
        "/activations?path=0.03x400",
        ".script-card pre",
        "import torch",
    ),
    Scene(
        "network_builder",
        "/network_builder?data=spirals&layers=8:tanh;6:tanh;4:tanh&noise=0&epochs=250",
        ".path .row b",
        "Epoch 250",
    ),
    Scene("training_dashboard", "/training_dashboard", ".progress .row", "finished", draw_three),
    Scene(
        "augmentation",
        "/augmentation?picture=cat",
        ".script-card pre",
        "v2.Compose",
    ),
    Scene("transfer_learning", "/transfer_learning", ".figures", "held back"),
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Take the pictures, print their sizes, and with ``--json`` one object as the last line.

    Args:
        arguments: The command line without the program's name; None reads the real one.

    Raises:
        SystemExit: A page did not come; the other pictures are taken all the same.
    """
    names = [scene.name for scene in SCENES]
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pictures", description=__doc__)
    parser.add_argument("--out", type=Path, default=FOLDER, help="the folder of the pictures")
    parser.add_argument("--only", nargs="+", choices=names, default=names, metavar="PAGE")
    parser.add_argument("--dark", action="store_true", help="in the dark theme")
    parser.add_argument("--json", action="store_true", help="print a JSON object as the last line")
    options = parser.parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    kilobytes, failed = {}, []
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log.txt"
        with serving(log) as server, chromium() as browser:
            for scene in (one for one in SCENES if one.name in options.only):
                try:
                    data = taken(browser, server, scene, dark=options.dark)
                except Error as error:  # of Playwright: the page is late, or something is missing
                    failed.append(scene.name)
                    print(f"{scene.name}: not taken: {str(error).splitlines()[0]}")
                    continue
                (options.out / f"{scene.name}.png").write_bytes(data)
                kilobytes[scene.name] = round(len(data) / 1000)
                print(f"{scene.name}: {kilobytes[scene.name]} kB")
    if options.json:
        figures = {"kilobytes": sum(kilobytes.values()), "pictures": kilobytes, "failed": failed}
        print(json.dumps(figures))
    if failed:
        raise SystemExit(1)


def taken(browser: Browser, server: Server, scene: Scene, *, dark: bool) -> bytes:
    """Open a page, wait until it is drawn and still, and take its picture.

    Args:
        browser: Where it is opened.
        server: Where it comes from.
        scene: What to open and to wait for.
        dark: In the dark theme.

    Returns:
        A PNG file of 1440×900 pixels in at most 256 colours.
    """
    page = browser.new_page(
        viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="dark" if dark else "light"
    )
    try:
        page.goto(f"{server.url}{scene.path}", wait_until="commit")
        sign = page.locator(scene.sign, has_text=scene.words or None).first
        sign.wait_for(timeout=PATIENCE_MS)
        if scene.act:
            scene.act(page)
        page.wait_for_timeout(STILL_MS)
        return reduced(page.screenshot())
    finally:
        page.close()


def reduced(png: bytes) -> bytes:
    """Return a picture in fewer colours: flat surfaces stay as they are, files become small."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    few = picture.quantize(COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    buffer = io.BytesIO()
    few.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


if __name__ == "__main__":
    main()
