"""Messages of the augmentation previewer, taken apart."""

from explorer.augmentation.cards import board_message
from explorer.augmentation.stage import stage_message
from explorer.augmentation.steps import steps_message


def files_of(lesson):
    """The header of the stage's message and the files behind it."""
    header, values = stage_message(lesson, None)
    joined, at, files = values.tobytes(), 0, []
    for size in header["sizes"]:
        files.append(joined[at : at + size])
        at += size
    return header, files


def fields_of(lesson):
    """The controls of the first step."""
    return steps_message(lesson)["rows"][0]["fields"]


def card(lesson, kind):
    """The card of a kind."""
    return next(one for one in board_message(lesson, None)[0]["cards"] if one["kind"] == kind)
