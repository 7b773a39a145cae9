"""Bars that lie under each other, each with its name and value, and a single figure's bar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from handlers.chart.chart import Axis, Chart, Point
from handlers.chart.lettering import Weight, width, wrap
from handlers.chart.paper import (
    INK,
    MARGIN,
    MUTED,
    ROOM,
    SLIVER,
    TEXT,
    WASH,
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
    sign_width,
)

BESIDE = 390
"""Names up to this wide stand beside their bars, longer ones above them."""
AFTER = 14
"""Pixels between a bar, its value, and the sign behind it."""


@dataclass(frozen=True, slots=True)
class Row:
    """Where one bar goes: its edges from top to bottom, the middle of the bar itself, what is
    written about it.
    """

    point: Point
    top: float
    bottom: float
    middle: float
    names: tuple[str, ...]
    asked: str


@dataclass(frozen=True, slots=True)
class Ruler:
    """Where values are across the picture; `unit` is the whole axis in pixels."""

    axis: Axis
    zero: float
    unit: float

    def level(self, value: Decimal) -> float:
        return self.zero + (self.axis.share(value) - self.axis.share(self.axis.zero)) * self.unit


def _measures(count: int) -> tuple[int, int, int]:
    """Give the letters' size, the bars' thickness and their distance: the more bars, the less."""
    if count <= 8:
        return 34, 44, 78
    return (32, 34, 60) if count <= 16 else (TEXT, 28, 45)


def bars(paper: Paper, chart: Chart, top: float) -> float:
    """Draws from `top` down; gives the edge below."""
    size, thick, pitch = _measures(len(chart.points))
    places = max(width(point.place, size, 600) for point in chart.points)
    indent = places + 14 if places else 0
    widest = max(
        max(width(point.name, size, _weight(point)), width(_asked(point, chart), TEXT))
        for point in chart.points
    )
    size = next(
        (
            each
            for each in range(size, 8, -2)
            if max(_tail(point, each) for point in chart.points) < ROOM * 0.8
        ),
        8,
    )
    beside = widest <= BESIDE and max(_tail(point, size) for point in chart.points) < ROOM * 0.4
    left = MARGIN + (indent + widest + 18 if beside else 0)
    rows = _rows(paper, chart, top, size, thick, pitch, indent, beside=beside)
    ruler = _ruler(chart, size, left)
    first, last = rows[0].top, rows[-1].bottom
    for row in rows:
        if row.point.home:
            paper.rect(
                MARGIN - 16, row.top, ROOM + 32, row.bottom - row.top, WASH, "home", ' rx="6"'
            )
    band(paper, chart, ruler.level, first, last, standing=False)
    for row in rows:
        if row.point.height is not None:
            end = ruler.level(row.point.height)
            length = max(abs(end - ruler.zero), SLIVER)
            bar(
                paper,
                row.point,
                chart,
                min(end, ruler.zero - length) if _is_down(row.point) else ruler.zero,
                row.middle - thick / 2,
                length,
                thick,
            )
    if min(chart.axis.low, chart.axis.high) < 0:
        paper.rect(ruler.zero - 1, first, 3, last - first, INK, "zero")
    for row in rows:
        if own_goal(row.point, chart):
            for x in map(ruler.level, _goals(row.point, chart)):
                goal_line(paper, x, row.middle - thick / 2 - 9, x, row.middle + thick / 2 + 9)
    for x in map(ruler.level, ends(chart.goal) if chart.goal is not None else ()):
        goal_line(paper, x, first, x, last)
    for row in rows:
        point = row.point
        base = row.middle + size * 0.36 if beside else row.top + size
        under = (
            row.middle + thick / 2 + leading(TEXT)
            if beside
            else row.top + len(row.names) * leading(size) + TEXT
        )
        at_left = bool(places) or not beside
        x, anchor = (MARGIN + indent, "start") if at_left else (left - 18, "end")
        if point.place:
            paper.text(MARGIN + places, base, point.place, size, 400, MUTED, "end")
        for number, line in enumerate(row.names):
            paper.text(x, base + number * leading(size), line, size, _weight(point), INK, anchor)
        if row.asked:
            paper.text(x, under, row.asked, TEXT, 400, MUTED, anchor)
        _write_value(paper, row, ruler, chart, size)
    return last


def _rows(
    paper: Paper,
    chart: Chart,
    top: float,
    size: int,
    thick: int,
    pitch: int,
    indent: float,
    *,
    beside: bool,
) -> list[Row]:
    """Lays the rows out, and writes the headings of groups between them."""
    rows: list[Row] = []
    y, group = top, ""
    for point in chart.points:
        if point.group != group:
            group = point.group
            y = (
                paper.lines(MARGIN, y + (18 if rows else 0), wrap(group, ROOM, 34, 600, 3), 34, 600)
                + 4
            )
        asked = _asked(point, chart)
        if beside:
            names = [point.name]
            high, middle = pitch + (leading(TEXT) if asked else 0), y + pitch / 2
        else:
            names = wrap(point.name, ROOM - indent, size, _weight(point), 3)
            high = len(names) * leading(size) + (leading(TEXT) if asked else 0) + thick + 40
            middle = y + high - 28 - thick / 2
        rows.append(Row(point, y, y + high, middle, tuple(names), asked))
        y += high
    return rows


def _asked(point: Point, chart: Chart) -> str:
    """The target that is written under a name; a plan without a result has it behind its bar."""
    own = own_goal(point, chart)
    return f"{dict(chart.legend)['goal']} {own}" if own and point.value is not None else ""


def _is_down(point: Point) -> bool:
    return point.height is not None and point.height < 0


def _weight(point: Point) -> Weight:
    return 600 if point.home else 400


def _value_weight(point: Point) -> Weight:
    return 400 if point.value is None else 600


def _tail(point: Point, size: float) -> float:
    """How wide the words and the sign behind a bar are."""
    said = width(point.label, size, _value_weight(point))
    aside = width(f" · {point.aside}", TEXT) if point.aside else 0
    return said + aside + (AFTER + sign_width(point.status.value) if is_signed(point) else 0)


def _start(end: float, tail: float, goals: Sequence[float], *, down: bool) -> float:
    """Where the words behind a bar begin, seen from the bar: after its end, and after targets that
    would run through them.
    """
    way = -1 if down else 1
    away = end * way + AFTER
    for goal in sorted(each * way for each in goals):
        if away - AFTER - 8 < goal < away + tail + 4:
            away = max(away, goal + AFTER)
    return away * way


def _goals(point: Point, chart: Chart) -> tuple[Decimal, ...]:
    goal = chart.goal or point.goal
    return () if goal is None else ends(goal)


def _write_value(paper: Paper, row: Row, ruler: Ruler, chart: Chart, size: float) -> None:
    point, base = row.point, row.middle + size * 0.36
    end = ruler.zero if point.height is None else ruler.level(point.height)
    tail, down = _tail(point, size), _is_down(point)
    end = min(end, ruler.zero - SLIVER) if down else max(end, ruler.zero + SLIVER)
    x = _start(end, tail, [ruler.level(each) for each in _goals(point, chart)], down=down)
    x -= tail if down else 0
    paper.text(
        x, base, point.label, size, _value_weight(point), MUTED if point.value is None else INK
    )
    x += width(point.label, size, _value_weight(point))
    if point.aside:
        paper.text(x + width(" ", TEXT), base, f"· {point.aside}", TEXT, 400, MUTED)
        x += width(f" · {point.aside}", TEXT)
    if is_signed(point):
        sign(paper, point.status.value, x + AFTER + sign_width(point.status.value) / 2, row.middle)


def _ruler(chart: Chart, size: float, left: float) -> Ruler:
    """The axis as large as all bars, with what is written behind them, allow."""
    base = chart.axis.share(chart.axis.zero)
    room = WIDTH - MARGIN - left

    def needed(unit: float) -> tuple[float, float]:
        """Pixels left and right of zero."""
        leftward, rightward = 0.0, 0.0
        for point in chart.points:
            goals = [(chart.axis.share(each) - base) * unit for each in _goals(point, chart)]
            end = 0.0 if point.height is None else (chart.axis.share(point.height) - base) * unit
            start = _start(end, _tail(point, size), goals, down=_is_down(point))
            if _is_down(point):
                leftward = max(leftward, SLIVER + _tail(point, size) - start)
            else:
                rightward = max(rightward, SLIVER + start + _tail(point, size))
            leftward, rightward = (
                max(leftward, *(6 - each for each in goals), 0),
                max(rightward, *(6 + each for each in goals), 0),
            )
        return leftward, rightward

    low, high = 0.0, room * 2
    for _ in range(16):
        unit = (low + high) / 2
        low, high = (unit, high) if sum(needed(unit)) <= room else (low, unit)
    return Ruler(chart.axis, left + needed(low)[0], low)


def single(paper: Paper, chart: Chart, top: float) -> float:
    """One figure: the number itself, large, a bar for its size, and the target where it stands on
    the same scale.
    """
    point = chart.points[0]
    size = next(
        (each for each in range(112, TEXT, -4) if width(point.label, each, 600) <= ROOM), TEXT
    )
    y = paper.lines(MARGIN, top + 10, wrap(point.label, ROOM, size, 600), size, 600)
    if point.aside:
        y = paper.lines(MARGIN, y, [point.aside], 34, fill=MUTED)
    words = dict(chart.legend)
    if is_signed(point):
        wide = sign_width(point.status.value)
        sign(paper, point.status.value, MARGIN + wide / 2, y + 35)
        paper.text(MARGIN + wide + 14, y + 48, words[point.status.value], 38, 600)  # type: ignore[index]
        y += 66
    thick, wide = 72, ROOM * 0.94
    y += 34
    low, base = min(chart.axis.share(chart.axis.zero), 0.0), chart.axis.share(chart.axis.zero)

    def level(value: Decimal) -> float:
        return MARGIN + (chart.axis.share(value) - low) * wide

    zero = MARGIN + (base - low) * wide
    paper.rect(MARGIN, y, ROOM, thick, WASH)
    band(paper, chart, level, y - 16, y + thick + 16, standing=False)
    if point.height is not None:
        length = max(abs(level(point.height) - zero), SLIVER)
        bar(paper, point, chart, zero - length if point.height < 0 else zero, y, length, thick)
    paper.rect(zero - 1, y - 10, 3, thick + 20, INK, "zero")
    if chart.goal is not None:
        for end in ends(chart.goal):
            goal_line(paper, level(end), y - 22, level(end), y + thick + 22)
        said = wrap(chart.goal.label, ROOM, 34)
        half = max(width(line, 34) for line in said) / 2
        middle = sum(level(end) for end in ends(chart.goal)) / len(ends(chart.goal))
        x = min(max(middle, MARGIN + half), WIDTH - MARGIN - half)
        return paper.lines(x, y + thick + 26, said, 34, anchor="middle") + 8
    return y + thick + 26
