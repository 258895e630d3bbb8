"""Taking hold with a finger."""

from playwright.sync_api import expect

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
TABLET = {"viewport": {"width": 1280, "height": 800}, "has_touch": True, "is_mobile": True}


class Finger:
    """One finger on the page."""

    def __init__(self, lesson):
        self._session = lesson.page.context.new_cdp_session(lesson.page)

    def press(self, place):
        self._at = place
        self._send("touchStart")

    def move(self, by, moves=6):
        start = self._at
        for part in range(1, moves + 1):
            self._at = start[0] + by[0] * part / moves, start[1] + by[1] * part / moves
            self._send("touchMove")

    def lift(self):
        self._session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    def _send(self, kind):
        points = [{"x": self._at[0], "y": self._at[1]}]
        self._session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def scrolled(lesson):
    return lesson.page.evaluate(
        "[scrollY, document.querySelector('[data-testid=stMain]').scrollTop]"
    )


def test_a_finger_drags_point_line_and_dot(again):
    lesson = again(**TABLET)
    finger = Finger(lesson)
    grips = [(lesson.point(4), "own"), (lesson.end("right"), "start"), (lesson.dot, "start")]
    for handle, name in grips:
        reading, value = lesson.reading.inner_text(), lesson.query().get(name)
        finger.press(lesson.middle(handle))
        finger.move((8, 40))
        expect(lesson.reading).not_to_have_text(reading)
        assert lesson.query().get(name) == value  # Still in the hand.
        finger.lift()
        lesson.wait_for(lambda name=name, value=value: lesson.query().get(name) != value, name)


def test_a_drag_on_a_phone_does_not_scroll_the_page(again):
    lesson = again(**PHONE)
    finger = Finger(lesson)
    before, row = scrolled(lesson), lesson.rows()[4]
    finger.press(lesson.middle(lesson.point(4)))
    finger.move((0, -40))
    finger.lift()
    lesson.wait_for(lambda: lesson.rows()[4][1] > row[1], "a higher point")
    assert scrolled(lesson) == before


def test_a_tap_adds_a_point_and_the_badge_removes_one(again):
    lesson = again(**TABLET)
    tap = lesson.page.touchscreen.tap
    tap(*lesson.empty_place())
    expect(lesson.points).to_have_count(10)
    tap(*lesson.middle(lesson.point(2)))
    remover = lesson.page.locator(".remover")
    expect(remover).to_be_visible()
    box = remover.bounding_box()
    tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(lesson.points).to_have_count(9)


def test_what_is_grabbed_has_a_halo_of_twenty_pixels(again):
    lesson = again(**PHONE)
    for handle in ("dot", "left", "right", "point"):
        box = lesson.page.locator(f"[data-handle={handle}] .halo").first.bounding_box()
        assert min(box["width"], box["height"]) >= 39.9, handle
