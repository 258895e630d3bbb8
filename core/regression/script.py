"""What is on the screen, as a PyTorch script that prints the same numbers."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from core.regression.batches import BatchSchedule
from core.regression.losses import Loss, loss_named
from core.regression.points import FloatArray, Points

WIDTH = 88
Segments = Sequence[tuple[float, int]]


def script(
    points: Points,
    loss_name: str,
    start: tuple[float, float],
    segments: Segments,
    batch_size: int | None,
    seed: int,
) -> str:
    """A script to run as it stands, with nothing but PyTorch installed.

    Args:
        points: The points.
        loss_name: A key of `LOSSES`.
        start: The slope m and the intercept b of the start.
        segments: (learning rate, number of updates) in order, as `Descent.segments` gives.
            With none there is no loop; with (rate, 0) the loop is there and does nothing.
        batch_size: Points in a batch, or None for all.
        seed: What the shuffling of the batches depends on.

    Returns:
        Python source. It prints m, b, the loss and the RMSE over all points.

    Raises:
        InputError: An unknown loss, or a batch of less than one.
    """
    loss, schedule = loss_named(loss_name), BatchSchedule(len(points), batch_size, seed)
    runs = _runs(segments)
    parts = [
        "import torch\nimport torch.nn.functional as F\n",
        _data(points),
        _settings(start, runs, schedule),
        _loop(loss, runs, schedule),
        _report(loss),
    ]
    return "\n".join(part for part in parts if part)


def _runs(segments: Segments) -> list[tuple[float, int]]:
    """The segments in which something happens; the last one if nothing happens in any."""
    plain = [(float(rate), int(steps)) for rate, steps in segments]
    return [run for run in plain if run[1] > 0] or plain[-1:]


def _data(points: Points) -> str:
    return _tensor("x", points.x) + _tensor("y", points.y)


def _tensor(name: str, values: FloatArray) -> str:
    """One line where it fits, else the numbers wrapped and indented."""
    numbers = ", ".join(map(repr, values.tolist()))
    line = f"{name} = torch.tensor([{numbers}], dtype=torch.float64)"
    if len(line) <= WIDTH:
        return line + "\n"
    rows = textwrap.fill(
        numbers,
        WIDTH,
        initial_indent=" " * 4,
        subsequent_indent=" " * 4,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return f"{name} = torch.tensor([\n{rows},\n], dtype=torch.float64)\n"


def _settings(start: tuple[float, float], runs: Segments, schedule: BatchSchedule) -> str:
    lines = [
        f"m = torch.tensor({float(start[0])!r}, dtype=torch.float64, requires_grad=True)",
        f"b = torch.tensor({float(start[1])!r}, dtype=torch.float64, requires_grad=True)",
    ]
    if runs:
        lines.append(f"optimizer = torch.optim.SGD([m, b], lr={runs[0][0]!r})")
    if len(runs) > 1:
        lines.append(f"schedule = {list(runs)!r}  # (learning rate, steps)")
        lines.append("rates = [rate for rate, steps in schedule for _ in range(steps)]")
    if runs and not schedule.full:
        lines.append(f"generator = torch.Generator().manual_seed({schedule.seed})")
    return "\n".join(lines) + "\n"


def _loop(loss: Loss, runs: Segments, schedule: BatchSchedule) -> str:
    if not runs:
        return ""
    if schedule.full:
        return _full_batch_loop(loss, runs)
    return _mini_batch_loop(loss, runs, schedule)


def _full_batch_loop(loss: Loss, runs: Segments) -> str:
    head = f"for step in range({runs[0][1]}):\n"
    if len(runs) > 1:
        head = 'for rate in rates:\n    optimizer.param_groups[0]["lr"] = rate\n'
    return head + textwrap.indent(_update(loss, "m * x + b", "y"), " " * 4)


def _mini_batch_loop(loss: Loss, runs: Segments, schedule: BatchSchedule) -> str:
    steps = sum(count for _, count in runs)
    size = schedule.batch_size
    cut_short, several = steps % schedule.batches_per_epoch > 0, len(runs) > 1
    body = _update(loss, "m * x[batch] + b", "y[batch]")
    if several:
        body = 'optimizer.param_groups[0]["lr"] = rates[step]\n' + body
    if cut_short:
        body = f"if step == {steps}:\n    break  # in the middle of an epoch\n" + body
    if cut_short or several:
        body += "step += 1\n"
    return (
        ("step = 0\n" if cut_short or several else "")
        + f"for epoch in range({-(-steps // schedule.batches_per_epoch)}):\n"
        + f"    for batch in torch.randperm(len(x), generator=generator).split({size}):\n"
        + textwrap.indent(body, " " * 8)
    )


def _update(loss: Loss, prediction: str, target: str) -> str:
    """The four lines of every training loop."""
    return (
        f"loss = F.{loss.torch_name}({prediction}, {target})  # forward and loss\n"
        "optimizer.zero_grad()\n"
        "loss.backward()  # backward\n"
        "optimizer.step()  # update\n"
    )


def _report(loss: Loss) -> str:
    return (
        "with torch.no_grad():\n"
        f"    loss = F.{loss.torch_name}(m * x + b, y)\n"
        "    rmse = F.mse_loss(m * x + b, y).sqrt()\n"
        'print("m =", m.item())\n'
        'print("b =", b.item())\n'
        f'print("{loss.label} =", loss.item())\n'
        'print("RMSE =", rmse.item())\n'
    )
