"""Bars that lie under each other, each with its name and value, and the one bar of a single figure."""

from __future__ import annotations

from decimal import Decimal

from handlers.chart.chart import Chart, Point
from handlers.chart.lettering import Weight, width, wrap
from handlers.chart.paper import (
    FAINT,
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
)

BESIDE = 390
"""Names up to this wide stand beside their bars, longer ones above them."""
SIGN = 62
"""Pixels that a sign takes behind a value."""


def bars(paper: Paper, chart: Chart, top: float) -> float:
    """Draws from `top` down; gives the edge below."""
    count = len(chart.points)
    size, thick, row = (34, 44, 78) if count <= 8 else (32, 34, 60) if count <= 16 else (TEXT, 28, 45)
    places = max((width(point.place, size, 600) for point in chart.points), default=0)
    indent = places + 12 if places else 0
    widest = max(width(point.name, size, _weight(point)) for point in chart.points)
    beside = widest <= BESIDE
    left = MARGIN + (indent + widest + 18 if beside else 0)
    tails = [_tail(point, size) for point in chart.points]
    unit, zero = _measure(chart, tails, left)

    def level(value: Decimal) -> float:
        return zero + (chart.axis.share(value) - chart.axis.share(chart.axis.zero)) * unit

    asides = [own_goal(point, chart) for point in chart.points]
    names = [wrap(point.name, ROOM - indent, size, _weight(point), 3) for point in chart.points]
    highs = [
        row + (leading(TEXT) if beside and any(asides) else 0)
        if beside
        else len(lines) * leading(size) + (leading(TEXT) if aside else 0) + thick + 36
        for lines, aside in zip(names, asides, strict=True)
    ]
    # Where each row begins: groups have a heading of their own.
    tops: list[float] = []
    y, group = top, ""
    for point, high in zip(chart.points, highs, strict=True):
        if point.group != group:
            group = point.group
            y = paper.lines(MARGIN, y + (18 if tops else 0), wrap(group, ROOM, 34, 600, 3), 34, 600) + 4
        tops.append(y)
        y += high
    bottom = y

    for point, begin, high in zip(chart.points, tops, highs, strict=True):
        if point.home:
            paper.rect(MARGIN - 16, begin, ROOM + 32, high, WASH, "home", ' rx="6"')
    band(paper, chart, level, tops[0], bottom, standing=False)
    middles = []
    for point, begin, high in zip(chart.points, tops, highs, strict=True):
        middle = begin + row / 2 if beside else begin + high - 26 - thick / 2
        middles.append(middle)
        if point.height is not None:
            length = max(abs(level(point.height) - zero), SLIVER)
            bar(paper, point, chart, zero - length if point.height < 0 else zero, middle - thick / 2, length, thick)
    if min(chart.axis.low, chart.axis.high) < 0:
        paper.rect(zero - 1, tops[0], 3, bottom - tops[0], INK, "zero")
    for point, middle, aside in zip(chart.points, middles, asides, strict=True):
        if aside and point.goal is not None:
            for end in ends(point.goal):
                goal_line(paper, level(end), middle - thick / 2 - 9, level(end), middle + thick / 2 + 9)
    for end in ends(chart.goal) if chart.goal is not None else ():
        goal_line(paper, level(end), tops[0], level(end), bottom)

    for point, begin, middle, lines, aside in zip(chart.points, tops, middles, names, asides, strict=True):
        base = middle + size * 0.36 if beside else begin + size
        if point.place:
            paper.text(MARGIN + places, base, point.place, size, 400, MUTED, "end")
        if beside:
            paper.text(left - 18, base, point.name, size, _weight(point), INK, "end")
        else:
            paper.lines(MARGIN + indent, begin, lines, size, _weight(point))
        if aside:
            said = f"{dict(chart.legend)['goal']} {aside}"
            under = middle + thick / 2 + leading(TEXT) if beside else begin + len(lines) * leading(size) + TEXT
            paper.text(left - 18 if beside else MARGIN, under, said, TEXT, 400, MUTED, "end" if beside else "start")
        _write_tail(paper, point, zero if point.height is None else level(point.height), middle, size)
    return bottom


def _weight(point: Point) -> Weight:
    return 600 if point.home else 400


def _label_weight(point: Point) -> Weight:
    return 400 if point.value is None else 600


def _aside(point: Point) -> str:
    return f" · {point.aside}" if point.aside else ""


def _tail(point: Point, size: float) -> float:
    """How much room the words and the sign behind a bar take."""
    return width(point.label, size, _label_weight(point)) + width(_aside(point), TEXT) + (SIGN if is_signed(point) else 0) + 16


def _write_tail(paper: Paper, point: Point, end: float, middle: float, size: float) -> None:
    fill = MUTED if point.value is None else INK
    taken = _tail(point, size)
    down = point.height is not None and point.height < 0
    x = min(end, end - SLIVER) - taken + 2 if down else end + 14
    paper.text(x, middle + size * 0.36, point.label, size, _label_weight(point), fill, halo=not point.home)
    x += width(point.label, size, _label_weight(point))
    if point.aside:
        paper.text(x, middle + size * 0.36, _aside(point), TEXT, 400, MUTED, halo=not point.home)
        x += width(_aside(point), TEXT)
    if is_signed(point):
        sign(paper, point.status.value, x + 38, middle)


def _measure(chart: Chart, tails: list[float], left: float) -> tuple[float, float]:
    """Pixels of the whole axis and the place of zero, as large as all bars with what is written behind them allow."""
    base = chart.axis.share(chart.axis.zero)
    reaches = [
        (chart.axis.share(point.height) - base, tail)
        for point, tail in zip(chart.points, tails, strict=True)
        if point.height is not None
    ]
    goals = [point.goal for point in chart.points if point.goal is not None]
    reaches += [(chart.axis.share(end) - base, 6.0) for goal in goals for end in ends(goal)]
    room = WIDTH - MARGIN - left

    def needed(unit: float) -> tuple[float, float]:
        leftward = max((-share * unit + tail for share, tail in reaches if share < 0), default=0.0)
        return leftward, max((share * unit + tail for share, tail in reaches if share >= 0), default=0.0)

    low, high = 0.0, room * 2
    for _ in range(30):
        unit = (low + high) / 2
        low, high = (unit, high) if sum(needed(unit)) <= room else (low, unit)
    return low, left + needed(low)[0]


def single(paper: Paper, chart: Chart, top: float) -> float:
    """One figure: the number itself, large, a bar for its size, and the target where it stands on the same scale."""
    point = chart.points[0]
    size = next((each for each in range(112, TEXT, -4) if width(point.label, each, 600) <= ROOM), TEXT)
    y = paper.lines(MARGIN, top + 10, wrap(point.label, ROOM, size, 600), size, 600)
    if point.aside:
        y = paper.lines(MARGIN, y, [point.aside], 34, fill=MUTED)
    words = dict(chart.legend)
    if is_signed(point):
        sign(paper, point.status.value, MARGIN + 25, y + 35)
        paper.text(MARGIN + 66, y + 48, words[point.status.value][:1].upper() + words[point.status.value][1:], 38, 600)  # type: ignore[index]
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
    paper.rect(MARGIN, y + thick + 24, 0, 0, FAINT)
    return y + thick + 26
