"""Lessons to start from, and gestures as the browser sends them."""

from urllib.parse import parse_qs

from hypothesis import strategies as st

from explorer.linear_regression.lesson import LinearRegression

# The example of the course: two points, m = −1, b = 5, λ = 0.1.
COURSE = {"data": "own", "own": "1,3;2,5", "start": "-1,5", "path": "", "rate": "0.1"}

index = st.integers(0, 11)
share = st.floats(-0.3, 1.3)
GOOD = st.one_of(
    st.fixed_dictionaries({"type": st.just("point"), "index": index, "u": share, "v": share}),
    st.fixed_dictionaries({"type": st.just("add"), "u": share, "v": share}),
    st.just({"type": "append"}),
    st.fixed_dictionaries({"type": st.just("remove"), "index": index}),
    st.fixed_dictionaries(
        {
            "type": st.just("cell"),
            "index": index,
            "column": st.sampled_from("xy"),
            "text": st.sampled_from(["1.5", "−2", "0,25", "", "seven", "1e9", "123.456789012345"]),
        }
    ),
    st.fixed_dictionaries({"type": st.just("line"), "u": share, "v": share}),
    st.fixed_dictionaries({"type": st.just("step"), "count": st.sampled_from([1, 10, 100])}),
    st.just({"type": "tick"}),
    st.fixed_dictionaries({"type": st.just("rewind"), "index": st.integers(0, 60)}),
    st.just({"type": "reset"}),
    st.fixed_dictionaries(
        {
            "type": st.just("set"),
            "change": st.sampled_from(
                [
                    *[("data", name) for name in ("two_points", "outlier", "clusters", "own")],
                    *[("points", 3), ("points", 12), ("noise", 0.3), ("seed", 8), ("seed", 41)],
                    *[("loss", name) for name in ("mse", "mae", "huber")],
                    *[("batch", name) for name in ("full", "mini", "one")],
                    *[("size", 2), ("size", 3), ("rate", 0.02), ("rate", 0.137), ("rate", 2.5)],
                    *[("residuals", "lines"), ("surface", "relief"), ("turn", [20.0, 35])],
                ]
            ),
        }
    ),
    st.just({"type": "remedy"}),
    st.fixed_dictionaries({"type": st.just("choose"), "option": st.integers(0, 3)}),
    st.just({"type": "reveal"}),
    st.just({"type": "next_question"}),
)


def sent(event, lesson):
    """The event as the browser would send it: shares of the picture become numbers."""
    event = dict(event)
    view = lesson.view
    if "change" in event:
        event["name"], event["value"] = event.pop("change")
    if "u" in event:
        across, up = (view.m, view.b) if event["type"] == "line" else (view.x, view.y)
        names = "mb" if event["type"] == "line" else "xy"
        for name, part, (low, high) in zip(names, "uv", (across, up), strict=True):
            event[name] = low + event.pop(part) * (high - low)
    return event


def course(**settings):
    return LinearRegression({**COURSE, **settings})


def opened(address):
    """The lesson that a fresh browser shows for an address."""
    read = parse_qs(address, keep_blank_values=True, strict_parsing=True)
    return LinearRegression({name: values[0] for name, values in read.items()})


def do(lesson, *events):
    lesson.apply(tuple(events))
    return lesson


def at(lesson):
    now = lesson.descent.current
    return now.m, now.b, now.loss


def walked(lesson):
    return [(step.m, step.b, step.loss) for step in lesson.descent.steps]
