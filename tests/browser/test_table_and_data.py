"""Points by the table and by a table of one's own."""

from playwright.sync_api import expect

CSV = "hours,score\n1,52\n2,58\n3,61\n5,74\n8,88"


def edit(lesson, index, column, text):
    lesson.table.locator("tbody tr").nth(index).locator("button.cell").nth(column).click()
    field = lesson.table.locator("input")
    field.fill(text)
    field.press("Enter")


def test_a_number_in_the_table_is_edited(again):
    lesson = again()
    before = lesson.rows()
    edit(lesson, 2, 1, "−1,5")
    lesson.wait_for(lambda: lesson.rows()[2][1] == -1.5, "the new number")
    lesson.wait_address(data="own")
    assert [row[:2] for at, row in enumerate(lesson.rows()) if at != 2] == [
        row[:2] for at, row in enumerate(before) if at != 2
    ]


def test_a_text_that_is_no_number_is_refused_with_a_sentence(again):
    lesson = again()
    before, alert = lesson.rows(), lesson.table.get_by_role("alert")
    for text in ("abc", "1e999"):
        edit(lesson, 2, 0, text)
        expect(alert).to_contain_text("Point 3" if text != "1e999" else ".")
        assert len(alert.inner_text()) > 20
        assert lesson.rows() == before
        assert lesson.query()["data"] == "noisy_line"
        lesson.button("One step").click()  # The next gesture takes the sentence away.
        expect(alert).to_be_hidden()
        lesson.page.keyboard.press("Home")
        lesson.wait_for(lambda: lesson.rows() == before, "the start")


def test_escape_leaves_a_cell_as_it_was(again):
    lesson = again()
    before = lesson.rows()
    cell = lesson.table.locator("tbody tr").nth(1).locator("button.cell").first
    cell.click()
    field = lesson.table.locator("input")
    field.fill("77")
    field.press("Escape")
    expect(field).to_have_count(0)
    expect(cell).to_be_focused()
    assert lesson.rows() == before


def test_points_are_added_and_removed_in_the_table(again):
    lesson = again()
    lesson.table.get_by_role("button", name="Point", exact=True).click()
    expect(lesson.points).to_have_count(10)
    row = lesson.rows()[9]
    assert abs(row[1] - (row[0] * 1.2 + 1.5)) < 2  # On the best line, or nearly.
    lesson.table.locator("tbody tr").nth(9).hover()
    lesson.button("Remove point 10").click()
    expect(lesson.points).to_have_count(9)


def open_dialog(lesson):
    lesson.choose("Data", "Your own")
    dialog = lesson.page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    return dialog


def paste(dialog, text):
    field = dialog.get_by_label("Table", exact=True)
    field.fill(text)
    field.press("Control+Enter")


def test_a_pasted_table_becomes_the_points(again):
    lesson = again()
    dialog = open_dialog(lesson)
    paste(dialog, CSV)
    dialog.get_by_role("button", name="Use these points").click()
    expect(dialog).to_be_hidden()
    lesson.wait_for(lambda: [row[:2] for row in lesson.rows()][4:] == [[8, 88]], "five points")
    lesson.wait_address(data="own", own="1,52;2,58;3,61;5,74;8,88")


def test_a_bad_table_is_explained_and_the_old_points_stay(again):
    lesson = again()
    before = lesson.rows()
    dialog = open_dialog(lesson)
    paste(dialog, "x,y\n1,2\n2,three\n3,4\n4,5")
    expect(dialog.get_by_text("row 3", exact=False)).to_be_visible()
    expect(dialog.get_by_role("button", name="Use these points")).to_have_count(0)
    assert lesson.rows() == before
    paste(dialog, CSV)  # The mistake is mended in place.
    expect(dialog.get_by_role("button", name="Use these points")).to_be_visible()
    lesson.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert lesson.rows() == before


def test_a_file_becomes_the_points(again):
    lesson = again()
    dialog = open_dialog(lesson)
    table = {"name": "t.csv", "mimeType": "text/csv", "buffer": b"a;b;c\n1,5;2;9\n2,5;3;8\n4;1;7\n"}
    dialog.locator("input[type=file]").set_input_files(table)
    dialog.get_by_role("button", name="Use these points").click()
    lesson.wait_for(lambda: len(lesson.rows()) == 3, "three points")
    assert [row[:2] for row in lesson.rows()] == [[1.5, 2], [2.5, 3], [4, 1]]
