"""Columns that stand along time: values on top, targets drawn across, periods below."""

from __future__ import annotations

from decimal import Decimal

from handlers.chart.chart import Chart, Point
from handlers.chart.lettering import Weight, balance, widest_word, width, wrap
from handlers.chart.paper import (
    FAINT,
    INK,
    MARGIN,
    MUTED,
    ROOM,
    SLIVER,
    TEXT,
    WIDTH,
    Paper,
    band,
    bar,
    ends,
    goal_line,
    is_signed,
    leading,
    own_goal,
    sign,
)

PLOT = 500
"""Pixels from the lowest to the highest value."""
GAP = 6
"""Pixels that stay free between the words of neighbours."""

Stack = list[tuple[str, float, Weight, str]]
"""What is written at the end of a column: words, size, weight, colour; the sign of a status is a
line without words.
"""


def column_size(chart: Chart) -> int | None:
    """The largest type in which all words go between their neighbours; None where none does."""
    room = ROOM / len(chart.points) - GAP
    short = [
        word for point in chart.points for word in (point.tick, point.aside, own_goal(point, chart))
    ]
    years = all(width(year, TEXT) <= (room + GAP) * count - GAP for _, count, year in _years(chart))
    if not years or not all(_fits(word, room, TEXT, 400, 2) for word in short):
        return None
    sizes = (40, 34, TEXT) if len(chart.points) <= 6 else (34, TEXT)
    return next(
        (
            size
            for size in sizes
            if all(_fits(point.label, room, size, 600, 3) for point in chart.points)
        ),
        None,
    )


def _fits(words: str, room: float, size: float, weight: Weight, most: int) -> bool:
    return widest_word(words, size, weight) <= room and len(wrap(words, room, size, weight)) <= most


def columns(paper: Paper, chart: Chart, top: float, size: int) -> float:
    """Draws from `top` down, the values in type of `size`; gives the edge below."""
    slot = ROOM / len(chart.points)
    stacks = [_stack(point, slot - GAP, size) for point in chart.points]
    ended = list(zip(chart.points, stacks, strict=True))
    bottom = (
        top + max((_high(stack) for point, stack in ended if not _is_down(point)), default=0) + PLOT
    )
    below = max((_high(stack) for point, stack in ended if _is_down(point)), default=0)

    def level(value: Decimal) -> float:
        return bottom - chart.axis.share(value) * PLOT

    zero, wide = level(chart.axis.zero), min(slot * 0.62, 150)
    band(paper, chart, level, MARGIN, WIDTH - MARGIN, standing=True)
    for number, point in enumerate(chart.points):
        if point.height is not None:
            high = max(abs(level(point.height) - zero), SLIVER)
            bar(
                paper,
                point,
                chart,
                MARGIN + slot * (number + 0.5) - wide / 2,
                zero if _is_down(point) else zero - high,
                wide,
                high,
            )
    paper.rect(MARGIN, zero - 1.5, ROOM, 3, INK, "zero")
    for number, point in enumerate(chart.points):
        if own_goal(point, chart) and point.goal is not None:
            for end in ends(point.goal):
                goal_line(
                    paper,
                    MARGIN + slot * (number + 0.08),
                    level(end),
                    MARGIN + slot * (number + 0.92),
                    level(end),
                )
    for end in ends(chart.goal) if chart.goal is not None else ():
        goal_line(paper, MARGIN, level(end), WIDTH - MARGIN, level(end))
    for number, (point, stack) in enumerate(ended):
        tip = zero if point.height is None else level(point.height)
        goals = [level(each) for each in _goals(point, chart)]
        _write(
            paper,
            point,
            stack,
            MARGIN + slot * (number + 0.5),
            _top(tip, zero, stack, goals, down=_is_down(point)),
        )
    return _names(paper, chart, bottom + below, slot)


def _goals(point: Point, chart: Chart) -> tuple[Decimal, ...]:
    goal = chart.goal or point.goal
    return () if goal is None or point.height is None else ends(goal)


def _top(tip: float, zero: float, stack: Stack, goals: list[float], *, down: bool) -> float:
    """The upper edge of what is written at a column's end: beyond the bar, and beyond a target that
    would run through the words.
    """
    words = sum(leading(size) for line, size, _, _ in stack if line)
    if down:
        y = max(tip, zero + SLIVER) + 6
        for goal in sorted(goals):
            y = goal + 6 if y - 6 < goal < y + words else y
        return y
    y = min(tip, zero - SLIVER) - 4
    for goal in sorted(goals, reverse=True):
        y = goal - 6 if y - words < goal < y + 6 else y
    return y - _high(stack)


def _is_down(point: Point) -> bool:
    return point.height is not None and point.height < 0


def _stack(point: Point, room: float, size: int) -> Stack:
    weight: Weight = 400 if point.value is None else 600
    size, fill = (TEXT, MUTED) if point.value is None else (size, INK)
    lines: Stack = [(line, size, weight, fill) for line in balance(point.label, room, size, weight)]
    lines += [(line, TEXT, 400, MUTED) for line in balance(point.aside, room, TEXT)]
    return [*lines, ("", 44, 400, "")] if is_signed(point) else lines


def _high(stack: Stack) -> float:
    return sum(leading(size) if line else size for line, size, _, _ in stack) + 8


def _write(paper: Paper, point: Point, stack: Stack, x: float, y: float) -> None:
    """The sign is always farthest from the bar: first above it, last below it."""
    for line, size, weight, fill in (
        stack if _is_down(point) else sorted(stack, key=lambda each: bool(each[0]))
    ):
        if line:
            paper.text(x, y + size, line, size, weight, fill, "middle", halo=True)
            y += leading(size)
        else:
            sign(paper, point.status.value, x, y + 20)
            y += size


def _names(paper: Paper, chart: Chart, y: float, slot: float) -> float:
    """Periods, the years that they share, and the targets that they have for themselves."""
    ticks = [wrap(point.tick, slot - GAP, TEXT) for point in chart.points]
    y += 12
    for number, (point, lines) in enumerate(zip(chart.points, ticks, strict=True)):
        paper.lines(
            MARGIN + slot * (number + 0.5),
            y,
            lines,
            TEXT,
            fill=MUTED if point.value is None else INK,
            anchor="middle",
        )
    y += max(len(lines) for lines in ticks) * leading(TEXT)
    years = _years(chart)
    for first, count, year in years:
        left, right = MARGIN + slot * first, MARGIN + slot * (first + count)
        paper.rect(left + 8, y + 8, right - left - 16, 2, FAINT)
        paper.text((left + right) / 2, y + 44, year, TEXT, 400, MUTED, "middle")
    y += 52 if years else 0
    asked = [wrap(own_goal(point, chart), slot - GAP, TEXT) for point in chart.points]
    if any(asked):
        paper.rect(MARGIN, y + 14, ROOM, 2, FAINT)
        y = paper.lines(MARGIN, y + 22, [dict(chart.legend)["goal"]], TEXT, fill=MUTED)
        for number, lines in enumerate(asked):
            paper.lines(MARGIN + slot * (number + 0.5), y, lines, TEXT, anchor="middle")
        y += max(len(lines) for lines in asked) * leading(TEXT)
    return y


def _years(chart: Chart) -> list[tuple[int, int, str]]:
    """The years that several periods share: the first column, how many, the year."""
    runs: list[tuple[int, int, str]] = []
    for number, point in enumerate(chart.points):
        if runs and runs[-1][2] == point.tock:
            first, count, year = runs.pop()
            runs.append((first, count + 1, year))
        else:
            runs.append((number, 1, point.tock))
    return [run for run in runs if run[2]]
