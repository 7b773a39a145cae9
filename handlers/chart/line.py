"""A line along time: many periods, or ranks with the first on top; the telling values are written
beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from statistics import median

from handlers.chart.chart import ALL_TOLD, Chart, Point, telling
from handlers.chart.lettering import Weight, width
from handlers.chart.paper import (
    BLUE,
    FAINT,
    INK,
    MARGIN,
    MUTED,
    TEXT,
    WIDTH,
    Paper,
    band,
    dot,
    ends,
    goal_line,
    leading,
)
from handlers.verdict import Status

PLOT = 560
AIR = 70
"""Room beyond the highest and the lowest values for what is written there."""
SIZE = 34

Words = list[tuple[str, float, Weight, str]]
"""Lines of text with their size, weight and colour."""
Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


@dataclass(frozen=True, slots=True)
class Step:
    """A target as drawn: from where to where, and at which heights."""

    label: str
    left: float
    right: float
    heights: tuple[float, ...]


def line(paper: Paper, chart: Chart, top: float) -> float:
    """Draws from `top` down; gives the edge below."""
    left = MARGIN + max(width(said, TEXT) for _, said in chart.axis.ticks) + 22
    right = WIDTH - MARGIN - 24
    days = [point.at.toordinal() for point in chart.points if point.at is not None]
    span = max(days[-1] - days[0], 1)
    xs = [left + 24 + (day - days[0]) / span * (right - left - 24) for day in days]
    low = min(chart.axis.share(point.height) for point in chart.points if point.height is not None)
    under = AIR if low < 0.2 else 20
    bottom = top + AIR + PLOT + under

    def level(value: Decimal) -> float:
        return bottom - under - chart.axis.share(value) * PLOT

    for value, said in chart.axis.ticks:
        y = level(value)
        zero = value == 0 and chart.axis.low < 0
        paper.rect(
            left,
            y - 1,
            WIDTH - MARGIN - left,
            3 if zero else 2,
            INK if zero else FAINT,
            "zero" if zero else "",
        )
        paper.text(left - 14, y + 11, said, TEXT, 400, MUTED, "end")
    band(paper, chart, level, left, WIDTH - MARGIN, standing=True)
    goals = _goals(paper, chart, xs, left, level)
    places = [
        (x, level(point.height)) if point.height is not None else None
        for x, point in zip(xs, chart.points, strict=True)
    ]
    stretches = _stretches(chart.points, days)
    for stretch in stretches:
        drawn = [place for number in stretch if (place := places[number]) is not None]
        if len(drawn) > 1:
            paper.path("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in drawn), BLUE, 5, name="line")
    named = telling(chart.points)
    small = len(chart.points) > 24
    for number, (point, place) in enumerate(zip(chart.points, places, strict=True)):
        if place is not None:
            looks = "" if point.status is Status.NONE else point.status.value
            dot(paper, looks, *place, 9 if number in named or not small else 5, point.release)
    _write_values(paper, chart, places, named, goals, (left, top, float(WIDTH - MARGIN), bottom))
    return _names(paper, chart, xs, bottom + 6)


def _stretches(points: Sequence[Point], days: Sequence[int]) -> list[list[int]]:
    """The points that a line may join: it stops where a period is missing, has no result, or the
    territory changed.
    """
    usual = median([after - before for before, after in pairwise(days)]) if len(days) > 1 else 1
    found: list[list[int]] = [[]]
    before: int | None = None
    for number, point in enumerate(points):
        if point.value is None:
            continue
        if before is not None and (
            point.after_break or number - before > 1 or days[number] - days[before] > usual * 1.6
        ):
            found.append([])
        found[-1].append(number)
        before = number
    return found


def _goals(
    paper: Paper, chart: Chart, xs: Sequence[float], left: float, level: Callable[[Decimal], float]
) -> list[Step]:
    """Draws what was asked: one line across, or a step for each run of periods with a target of its
    own.
    """
    steps: list[Step] = []
    if chart.goal is not None:
        steps.append(Step("", left, WIDTH - MARGIN, tuple(map(level, ends(chart.goal)))))
    half = min((after - before for before, after in pairwise(xs)), default=40.0) / 2
    first = 0
    for number, point in enumerate(chart.points if chart.goal is None else ()):
        following = chart.points[number + 1].goal if number + 1 < len(xs) else None
        if following == point.goal:
            continue
        if point.goal is not None:
            edges = max(xs[first] - half, left), min(xs[number] + half, WIDTH - MARGIN)
            steps.append(Step(point.goal.label, *edges, tuple(map(level, ends(point.goal)))))
        first = number + 1
    for step in steps:
        for y in step.heights:
            goal_line(paper, step.left, y, step.right, y)
    return steps


def _write_values(
    paper: Paper,
    chart: Chart,
    places: Sequence[tuple[float, float] | None],
    named: list[int],
    steps: Sequence[Step],
    frame: Box,
) -> None:
    """Writes each value where it covers least of the line, of other values and of the targets."""
    taken: list[Box] = []
    along = _along(places)
    wanted: list[tuple[float, float, Words]] = []
    for number in named:
        point, place = chart.points[number], places[number]
        if place is not None:
            words: Words = [(point.label, SIZE, 600, INK)]
            words += [(point.name, TEXT, 400, MUTED)] if len(chart.points) > ALL_TOLD else []
            wanted.append((*place, words))
    wanted += [
        ((step.left + step.right) / 2, min(step.heights), [(step.label, TEXT, 400, INK)])
        for step in steps
        if step.label
    ]
    for x, y, words in wanted:
        wide = max(width(said, size, weight) for said, size, weight, _ in words)
        high = sum(leading(size) for _, size, _, _ in words)
        boxes = [_placed(x, y, wide, high, dx, dy, frame) for dx, dy in _AROUND]
        left, top, right, bottom = min(boxes, key=lambda box: _cost(box, x, y, taken, along, steps))
        taken.append((left, top, right, bottom))
        # Words far from their point are tied to it.
        if top - y > 40:
            paper.path(f"M{x:.1f} {y + 12:.1f}L{(left + right) / 2:.1f} {top:.1f}", MUTED, 2)
        elif y - bottom > 40:
            paper.path(f"M{x:.1f} {y - 12:.1f}L{(left + right) / 2:.1f} {bottom:.1f}", MUTED, 2)
        for said, size, weight, fill in words:
            paper.text(
                (left + right) / 2, top + size, said, size, weight, fill, "middle", halo=True
            )
            top += leading(size)


_AROUND = [(dx, dy) for dy in (-1, 1, -2, 2, -3, 3) for dx in (0, -1, 1)] + [(-2, 0), (2, 0)]
"""Where words may stand about a point, the best first: over it, under it, farther off, beside it.
"""


def _placed(x: float, y: float, wide: float, high: float, dx: int, dy: int, frame: Box) -> Box:
    shift = {0: 0.0, 1: wide / 2 + 4, -1: -wide / 2 - 4, 2: wide / 2 + 24, -2: -wide / 2 - 24}[dx]
    rise = _rise(high, dy)
    left = min(max(x + shift - wide / 2, frame[0] + 6), frame[2] - wide)
    top = min(max(y + rise, frame[1]), frame[3] - high)
    return left, top, left + wide, top + high


def _rise(high: float, dy: int) -> float:
    """Give how far below a point words begin that are `dy` rows away from it."""
    if dy == 0:
        return -high / 2
    return 14.0 + (dy - 1) * 54 if dy > 0 else -high - 16 + (dy + 1) * 54


def _along(places: Sequence[tuple[float, float] | None]) -> list[tuple[float, float]]:
    """Points close together along the line, to see what words would cover."""
    close: list[tuple[float, float]] = []
    there = [place for place in places if place is not None]
    for (x1, y1), (x2, y2) in pairwise(there):
        close += [(x1 + (x2 - x1) * part / 8, y1 + (y2 - y1) * part / 8) for part in range(8)]
    return close + there[-1:]


def _cost(
    box: Box,
    x: float,
    y: float,
    taken: Sequence[Box],
    along: Sequence[tuple[float, float]],
    steps: Sequence[Step],
) -> float:
    """How much is lost by writing there: other words hidden, the line or a target covered, the
    point far away.
    """
    left, top, right, bottom = box
    hidden = sum(
        max(0.0, min(right + 10, other[2]) - max(left - 10, other[0]))
        * max(0.0, min(bottom, other[3]) - max(top, other[1]))
        for other in taken
    )
    covered = sum(1 for px, py in along if left - 4 < px < right + 4 and top - 2 < py < bottom + 2)
    crossed = sum(
        1
        for step in steps
        for at in step.heights
        if top < at < bottom and step.left < right and left < step.right
    )
    away = abs((left + right) / 2 - x) + abs((top + bottom) / 2 - y)
    return hidden * 4 + covered * 60 + crossed * 130 + away


def _names(paper: Paper, chart: Chart, xs: Sequence[float], y: float) -> float:
    """Periods below, as many as go beside each other; the years under the first period shown of
    each.
    """
    points = chart.points
    if any(point.tock for point in points):
        firsts = [n for n, point in enumerate(points) if n == 0 or points[n - 1].tock != point.tock]
        for step in (1, 2, 3, 6):
            shown = [
                n
                for n, point in enumerate(points)
                if point.at is not None and (point.at.month - 1) % step == 0
            ]
            if _apart([(xs[n], points[n].tick) for n in shown]):
                for n in shown:
                    paper.text(xs[n], y + 32, points[n].tick, TEXT, 400, INK, "middle")
                y += 44
                break
        _write_thinned(paper, [(xs[n], points[n].tock) for n in firsts], y)
    else:
        _write_thinned(paper, [(x, point.tick) for x, point in zip(xs, points, strict=True)], y)
    return y + 50


def _write_thinned(paper: Paper, names: list[tuple[float, str]], y: float) -> None:
    """Every name, or every second, third … back from the last, so that they stand apart."""
    step = next(step for step in range(1, len(names) + 1) if _apart(names[::-1][::step]))
    for x, name in names[::-1][::step]:
        half = width(name, TEXT) / 2
        paper.text(min(max(x, half + 8), WIDTH - half - 8), y + 32, name, TEXT, 400, INK, "middle")


def _apart(names: list[tuple[float, str]]) -> bool:
    row = sorted(names)
    return all(
        two[0] - one[0] > (width(one[1], TEXT) + width(two[1], TEXT)) / 2 + 16
        for one, two in pairwise(row)
    )
