"""Taking hold of points, line and dot with the mouse."""

import pytest
from playwright.sync_api import expect

from benchmarks.interaction import IN_PAGE

from .lesson_page import number


def seen(lesson):
    """What the linked views say, in one value each."""
    return {
        "reading": lesson.reading.inner_text(),
        "table": str(lesson.rows()),
        "formulas": str(lesson.formulas()),
    }


def wait_all_changed(lesson, before):
    def changed():
        return all(seen(lesson)[name] != was for name, was in before.items())

    lesson.wait_for(changed, "a change of every view")


def assert_true(lesson):
    """The table, its total and the reading over the surface are of one state."""
    costs = [row[4] for row in lesson.rows()]
    assert sum(costs) / len(costs) == pytest.approx(lesson.loss(), abs=0.006)
    assert lesson.totals()["MSE"] == pytest.approx(lesson.loss(), abs=0.0006)
    m, b = lesson.place()
    for x, y, prediction, residual, cost in lesson.rows():
        assert prediction == pytest.approx(m * x + b, abs=0.03)
        assert residual == pytest.approx(prediction - y, abs=0.011)
        assert cost == pytest.approx(residual**2, abs=0.006 + 0.011 * abs(residual))


def test_a_point_moves_the_other_views_before_it_is_let_go(again):
    lesson = again()
    before, picture, equation = seen(lesson), lesson.picture(), lesson.equation.inner_text()
    lesson.hold(lesson.middle(lesson.point(4)), (12, -70))
    wait_all_changed(lesson, before)
    lesson.wait_for(lambda: lesson.picture() != picture, "another surface")
    assert lesson.query()["data"] == "noisy_line"
    lesson.release()
    lesson.wait_address(data="own")
    assert lesson.equation.inner_text() == equation
    assert_true(lesson)
    x, y, *_ = lesson.rows()[4]
    assert f"{x:g},{y:g}" in lesson.query()["own"].split(";")


@pytest.mark.parametrize("parts", [("left", "body"), ("right", "dot")])
def test_the_line_moves_the_other_views_before_it_is_let_go(again, parts):
    lesson = again()
    handles = {"left": lesson.end("left"), "right": lesson.end("right"), "dot": lesson.dot}
    for part in parts:
        lesson.button("One step").click()
        lesson.wait_address(path="0.15x1")
        start = lesson.query()["start"]
        before, equation = seen(lesson), lesson.equation.inner_text()
        dot = lesson.middle(lesson.dot)
        lesson.hold(lesson.body() if part == "body" else lesson.middle(handles[part]), (10, 45))
        wait_all_changed(lesson, before)
        expect(lesson.equation).not_to_have_text(equation)
        assert lesson.middle(lesson.dot) != dot
        assert lesson.query()["start"] == start  # The address waits for the hand to be empty.
        lesson.release()
        lesson.wait_for(lambda start=start: lesson.query()["start"] != start, "another start")
        expect(lesson.step_reading).to_have_text("Step 0")
        assert lesson.query()["path"] == ""
        assert lesson.query()["data"] == "noisy_line"
        there = map(float, lesson.query()["start"].split(","))
        assert lesson.place() == pytest.approx(tuple(there), abs=0.006)
        lesson.wait_for(lambda: lesson.totals()["MSE"] == pytest.approx(lesson.loss(), abs=6e-4))
        assert_true(lesson)


def test_the_line_turns_about_its_other_end_and_keeps_its_slope_by_its_body(again):
    lesson = again()
    left = lesson.middle(lesson.end("left"))
    lesson.hold(lesson.middle(lesson.end("right")), (0, -60))
    lesson.wait_for(lambda: lesson.place()[0] > -0.9, "a steeper line")
    assert lesson.middle(lesson.end("left")) == pytest.approx(left, abs=3)
    lesson.release()
    lesson.wait_for(lambda: lesson.query()["start"] != "-1,5", "another start")
    m, b = lesson.place()
    lesson.hold(lesson.body(), (40, 50))
    lesson.wait_for(lambda: lesson.place()[1] < b, "a lower line")
    assert lesson.place()[0] == m
    lesson.release()


def test_a_point_is_under_the_pointer_and_the_axes_hold_still(again):
    lesson = again()
    axes = lesson.page.locator("svg.data [data-layer=axes]")
    before, row = axes.text_content(), lesson.rows()[8]
    start = lesson.middle(lesson.point(8))
    lesson.hold((start[0] - 5, start[1] + 3), (-30, 60))
    under = pytest.approx((start[0] - 30, start[1] + 60), abs=1)
    lesson.wait_for(lambda: lesson.middle(lesson.point(8)) == under, "the point below the pointer")
    lesson.wait_for(lambda: lesson.rows()[8] != row, "a moved point")
    assert axes.text_content() == before
    lesson.release()


def test_a_click_adds_a_point_and_a_double_click_removes_one(again):
    lesson = again()
    lesson.page.mouse.click(*lesson.empty_place())
    expect(lesson.points).to_have_count(10)
    lesson.wait_for(lambda: len(lesson.rows()) == 10, "a tenth row")
    lesson.wait_address(data="own")
    assert len(lesson.query()["own"].split(";")) == 10
    gone = lesson.rows()[3]
    lesson.page.mouse.dblclick(*lesson.middle(lesson.point(3)))
    expect(lesson.points).to_have_count(9)
    lesson.wait_for(lambda: len(lesson.rows()) == 9, "one row less")
    assert gone[:2] not in [row[:2] for row in lesson.rows()]


def test_a_click_on_a_point_offers_to_remove_it(again):
    lesson = again()
    remover = lesson.page.locator(".remover")
    lesson.page.mouse.click(*lesson.middle(lesson.point(5)))
    expect(remover).to_be_visible()
    # A click beside it takes the offer back and adds nothing.
    lesson.page.mouse.click(*lesson.empty_place())
    expect(remover).to_be_hidden()
    expect(lesson.points).to_have_count(9)
    lesson.page.mouse.click(*lesson.middle(lesson.point(5)))
    box = remover.bounding_box()
    lesson.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(lesson.points).to_have_count(8)
    expect(remover).to_be_hidden()


def test_two_points_are_the_least(again):
    lesson = again()
    axes = lesson.page.locator("svg.data [data-layer=axes]")
    before = axes.text_content()
    lesson.choose("Data", "Two points")
    expect(lesson.points).to_have_count(2)
    expect(axes).not_to_have_text(before)
    lesson.wait_address(data="two_points")
    lesson.still()
    lesson.page.mouse.dblclick(*lesson.middle(lesson.point(0)))
    expect(lesson.table.get_by_role("alert")).to_be_visible()
    assert len(lesson.rows()) == 2
    expect(lesson.points).to_have_count(2)


def test_a_click_on_the_surface_puts_the_dot_there(again):
    lesson = again()
    box = lesson.page.locator("canvas.surface").bounding_box()
    place = box["x"] + box["width"] * 0.7, box["y"] + box["height"] * 0.3
    lesson.page.mouse.click(*place)
    lesson.wait_for(lambda: lesson.query()["start"] != "-1,5", "another start")
    m, b = map(float, lesson.query()["start"].split(","))
    assert lesson.place() == pytest.approx((m, b), abs=0.006)
    assert m == pytest.approx(number(f"{m:.3f}"))


def test_every_move_of_a_drag_is_answered(again):
    lesson = again()
    lesson.page.add_script_tag(path=IN_PAGE)
    times = lesson.page.evaluate("bench.dragInTurn(40)")
    assert len(times) == 40
    assert max(times) < 1500  # A lost answer takes 4 s, or never comes.
