"""The same chart in block characters, for a terminal."""

from __future__ import annotations

from textwrap import wrap

from db.facts import Release
from handlers.chart.chart import Chart, Point, telling
from handlers.chart.paper import ends, own_goal
from handlers.verdict import Status

RISING = "▁▂▃▄▅▆▇█"
EIGHTHS = " ▏▎▍▌▋▊▉"
SIGNS = {
    "exceeded": "✓✓",
    "met": "✓",
    "missed": "✗",
    "unclear": "?",
    "in_progress": "◔",
    "pending": "░",
}
BESIDE = 30
"""Names up to so many letters stand beside their bars, longer ones above them."""


def blocks(chart: Chart, wide: int = 78) -> list[str]:
    """The chart as lines of text of about `wide` characters: title, values, what the signs mean,
    source.
    """
    about = " · ".join(part for part in (chart.subtitle, chart.unit) if part)
    sparks = chart.shape == "line" and len(telling(chart.points)) < len(chart.points)
    key = [
        f"{SIGNS[looks]} {said}" for looks, said in chart.legend if looks in SIGNS and not sparks
    ]
    if chart.goal is not None:
        key.append(chart.goal.label if sparks else f"│ {chart.goal.label}")
    notes = [] if sparks else list(chart.notes)
    return [
        chart.title,
        about,
        *(_sparks(chart, wide) if sparks else _bars(chart, wide)),
        *([" · ".join(key)] if key else []),
        *notes,
        chart.source,
    ]


def _sparks(chart: Chart, wide: int) -> list[str]:
    """A row of blocks between the lowest and the highest value, and the telling values under it."""
    row = "".join(
        " " if point.value is None else RISING[min(int(chart.axis.share(point.value) * 8), 7)]
        for point in chart.points
    )
    told = [chart.points[number] for number in telling(chart.points)]
    name = max(len(point.name) for point in told)
    return [row[at : at + wide] for at in range(0, len(row), wide)] + [
        f"{point.name:<{name}}  {_tail(point, chart)}" for point in told
    ]


def _bars(chart: Chart, wide: int) -> list[str]:
    names = [f"{point.place} {point.name}".lstrip() for point in chart.points]
    tails = [_tail(point, chart) for point in chart.points]
    beside = max(map(len, names)) <= BESIDE
    indent = max(map(len, names)) + 2 if beside else 2
    length = max(wide - indent - max(map(len, tails)) - 2, 12)
    lines: list[str] = []
    group = ""
    for point, name, tail in zip(chart.points, names, tails, strict=True):
        if point.group != group:
            group = point.group
            lines.append(group)
        if not beside:
            lines += wrap(name, wide)
        lines.append(
            f"{name if beside else '':<{indent}}{_bar(point, chart, length)} {tail}".rstrip()
        )
    return lines


def _tail(point: Point, chart: Chart) -> str:
    asked = own_goal(point, chart)
    said = [
        point.label,
        point.aside,
        f"({dict(chart.legend)['goal']} {asked})" if asked else "",
        SIGNS.get(point.status, ""),
    ]
    return " ".join(
        part for part in (said if point.status is not Status.PENDING else said[:1]) if part
    )


def _fill(point: Point) -> str:
    """Give what a bar is made of: light without a result, half-tone while it is not settled."""
    if point.value is None:
        return "░"
    return "█" if point.release is Release.OFFICIAL else "▒"


def _bar(point: Point, chart: Chart, length: int) -> str:
    """A bar from zero to the value; light while there is no result, half-tone while it is not
    settled, targets as upright lines.
    """
    cells = [" "] * length
    zero = chart.axis.share(chart.axis.zero) * length
    if point.height is not None:
        end = chart.axis.share(point.height) * length
        first, last = (
            (int(end), max(round(zero), int(end) + 1)) if end < zero else (round(zero), int(end))
        )
        cells[first:last] = _fill(point) * (min(last, length) - first)
        rest = int((end - last) * 8) if end >= zero else 0
        if last < length and (rest or first == last):
            cells[last] = EIGHTHS[max(rest, 1)]
    goal = chart.goal or point.goal
    for value in ends(goal) if goal is not None else ():
        cells[min(int(chart.axis.share(value) * length), length - 1)] = "│"
    return "".join(cells)
