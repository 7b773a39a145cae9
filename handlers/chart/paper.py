"""What charts are drawn on and with: the sheet, its colours and type, the signs of a status, a bar,
a target.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from html import escape

from db.facts import Release
from handlers.chart.chart import Chart, Goal, Point
from handlers.chart.lettering import FAMILY, Weight, clean
from handlers.verdict import Status

WIDTH = 1080
MARGIN = 56
ROOM = WIDTH - 2 * MARGIN

INK, MUTED, FAINT = "#1b2733", "#566370", "#d5dbe1"
# Blue and vermilion stay apart for every kind of colour blindness; signs and words say the same
# again.
BLUE, DEEP, SOFT = "#2f6690", "#12385a", "#7398b8"
RED, DEEP_RED, SOFT_RED = "#c9572b", "#98330c", "#dc9068"
WASH = "#e6edf4"

TEXT = 30
"""The least size of type that is read without effort on a phone."""
SLIVER = 4
"""The least a bar measures, so that a small value is still seen beside a large one."""

_OUTLINE = f' stroke="{BLUE}" stroke-width="3" stroke-dasharray="8 6"'


@dataclass
class Paper:
    """What has been drawn so far, back to front."""

    parts: list[str] = field(default_factory=list)

    def text(
        self,
        x: float,
        y: float,
        words: str,
        size: float = TEXT,
        weight: Weight = 400,
        fill: str = INK,
        anchor: str = "start",
        *,
        halo: bool = False,
    ) -> None:
        """Words on the base line `y`; a halo keeps what lies behind from running through them."""
        around = (
            ' stroke="#fff" stroke-width="7" stroke-linejoin="round" paint-order="stroke"'
            if halo
            else ""
        )
        letters = f'font-size="{size:g}" font-weight="{weight}" fill="{fill}"'
        at = f'x="{x:.1f}" y="{y:.1f}" {letters} text-anchor="{anchor}"'
        self.parts.append(f"<text {at}{around}>{escape(clean(words))}</text>")

    def lines(
        self,
        x: float,
        y: float,
        lines: Iterable[str],
        size: float,
        weight: Weight = 400,
        fill: str = INK,
        anchor: str = "start",
    ) -> float:
        """Lines of words from the top edge `y` down; gives the edge below them."""
        for line in lines:
            self.text(x, y + size, line, size, weight, fill, anchor)
            y += leading(size)
        return y

    def rect(
        self,
        x: float,
        y: float,
        wide: float,
        high: float,
        fill: str,
        name: str = "",
        more: str = "",
    ) -> None:
        box = f'x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high:.1f}"'
        self.parts.append(f'<rect{_named(name)} {box} fill="{fill}"{more}/>')

    def circle(
        self,
        x: float,
        y: float,
        r: float,
        fill: str,
        name: str = "",
        stroke: str = "none",
        wide: float = 0,
    ) -> None:
        drawn = f'fill="{fill}" stroke="{stroke}" stroke-width="{wide:g}"'
        self.parts.append(f'<circle{_named(name)} cx="{x:.1f}" cy="{y:.1f}" r="{r:g}" {drawn}/>')

    def path(
        self,
        steps: str,
        stroke: str,
        wide: float,
        fill: str = "none",
        name: str = "",
        dash: str = "",
    ) -> None:
        dashed = f' stroke-dasharray="{dash}"' if dash else ' stroke-linecap="round"'
        lined = f'stroke="{stroke}" stroke-width="{wide:g}" stroke-linejoin="round"{dashed}'
        drawn = f'fill="{fill}" {lined}'
        self.parts.append(f'<path{_named(name)} d="{steps}" {drawn}/>')

    def document(self, chart: Chart, height: float) -> str:
        hatches = "".join(_hatch(each) for each in (BLUE, DEEP, SOFT, RED, DEEP_RED, SOFT_RED))
        size = f'width="{WIDTH}" height="{height:.0f}" viewBox="0 0 {WIDTH} {height:.0f}"'
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="{FAMILY}" role="img">'
            f"<title>{escape(clean(chart.title))}</title><desc>{escape(clean(chart.alt))}</desc>"
            f'<defs>{hatches}</defs><rect width="100%" height="100%" fill="#fff"/>'
            f"{''.join(self.parts)}</svg>"
        )


def leading(size: float) -> float:
    """How far apart lines of this size stand: Vietnamese marks need air above and below."""
    return round(size * 1.3)


def _named(name: str) -> str:
    return f' class="{name}"' if name else ""


def _hatch(colour: str) -> str:
    return (
        f'<pattern id="hatch-{colour[1:]}" width="12" height="12" '
        'patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<rect width="12" height="12" fill="{colour}"/>'
        '<path d="M0 0V12" stroke="#fff" stroke-width="9"/></pattern>'
    )


# ---------------------------------------------------------------- signs


def sign(paper: Paper, status: str, x: float, y: float) -> None:
    """What a status looks like: an outline of its own each, so that no colour is needed to tell
    them apart.
    """
    check = "l6 7l11-13"
    match status:
        case "met":
            paper.circle(x, y, 17, BLUE, "met")
            paper.path(f"M{x - 8:.1f} {y + 1:.1f}{check}", "#fff", 4)
        case "exceeded":
            paper.rect(x - 25, y - 17, 50, 34, BLUE, "exceeded", ' rx="17"')
            paper.path(
                f"M{x - 16:.1f} {y + 1:.1f}{check}M{x - 1:.1f} {y + 1:.1f}{check}", "#fff", 4
            )
        case "missed":
            paper.rect(x - 16, y - 16, 32, 32, RED, "missed", ' rx="4"')
            paper.path(f"M{x - 7:.1f} {y - 7:.1f}l14 14m0-14l-14 14", "#fff", 4)
        case "unclear":
            paper.circle(x, y, 15.5, "#fff", "unclear", INK, 3)
            paper.path(f"M{x - 5:.1f} {y - 4:.1f}a5 5 0 1 1 7 5q-2 1-2 4m0 4v1", INK, 3)
        case "in_progress":
            paper.circle(x, y, 15.5, "#fff", "in_progress", INK, 3)
            paper.path(f"M{x:.1f} {y - 10:.1f}a10 10 0 0 1 0 20z", INK, 1, INK)
        case "pending":
            paper.rect(x - 24, y - 14, 48, 28, "#fff", "pending", _OUTLINE)


_COLOURS = {"missed": RED, "unclear": INK}
"""The colours of points that are not like the line."""


def dot(
    paper: Paper, looks: str, x: float, y: float, r: float = 9, release: Release = Release.OFFICIAL
) -> None:
    """A point of a line: round where its target is met, ringed where exceeded, square where missed;
    hollow while not settled.
    """
    colour = _COLOURS.get(looks, BLUE)
    hollow = release is not Release.OFFICIAL or looks in ("unclear", "in_progress")
    fill, edge, wide = ("#fff", colour, 4) if hollow else (colour, "#fff", 2)
    match looks:
        case "missed":
            paper.rect(
                x - r,
                y - r,
                2 * r,
                2 * r,
                fill,
                "missed",
                f' stroke="{edge}" stroke-width="{wide}"',
            )
        case "pending":
            paper.path(
                f"M{x - r - 2:.1f} {y:.1f}"
                f"l{r + 2:g} {-r - 2:g}l{r + 2:g} {r + 2:g}l{-r - 2:g} {r + 2:g}z",
                BLUE,
                3,
                "#fff",
                "pending",
            )
        case "exceeded":
            paper.circle(x, y, r + 4, "#fff", "exceeded", BLUE, 3)
            paper.circle(x, y, r - 2, fill, "", edge, wide)
        case _:
            paper.circle(x, y, r, fill, looks or "point", edge, wide)
    if looks == "in_progress":
        paper.path(
            f"M{x:.1f} {y - r + 2:.1f}a{r - 2:g} {r - 2:g} 0 0 1 0 {2 * r - 4:g}z",
            colour,
            1,
            colour,
        )
    if release is Release.ESTIMATE:
        paper.path(f"M{x - r * 0.6:.1f} {y + r * 0.6:.1f}l{r * 1.2:.1f} {-r * 1.2:.1f}", colour, 3)


SIGN_WIDTHS = {"exceeded": 50, "pending": 48, "goal": 50}
"""Pixels that a sign is wide; the others are as wide as they are high."""


def sign_width(looks: str) -> float:
    return SIGN_WIDTHS.get(looks, 34)


def is_signed(point: Point) -> bool:
    """Return whether a status is drawn beside its value; a hollow bar is pending."""
    return point.status not in (Status.NONE, Status.PENDING)


# ---------------------------------------------------------------- bars and targets


def bar(
    paper: Paper, point: Point, among: Chart, x: float, y: float, wide: float, high: float
) -> None:
    """A bar; hollow while there is no result, hatched while the result is not settled."""
    inside = (x + 1.5, y + 1.5, max(wide - 3, 1), max(high - 3, 1))
    colour = _colour(point, among)
    if point.value is None:
        paper.rect(*inside, "#fff", "bar", _OUTLINE)
    elif point.release is Release.OFFICIAL:
        paper.rect(x, y, wide, high, colour, "bar")
    else:
        paper.rect(
            *inside, f"url(#hatch-{colour[1:]})", "bar", f' stroke="{colour}" stroke-width="3"'
        )


def _colour(point: Point, among: Chart) -> str:
    """The asked place is deep, the others step back; where none was asked about, all are alike."""
    deep, soft, plain = (
        (DEEP_RED, SOFT_RED, RED) if point.status is Status.MISSED else (DEEP, SOFT, BLUE)
    )
    if point.home:
        return deep
    return soft if any(each.home for each in among.points) else plain


def goal_line(paper: Paper, x1: float, y1: float, x2: float, y2: float) -> None:
    """The line of a target: dark with white edges, seen on paper and on bars; dashed where it is
    long enough for dashes.
    """
    steps = f"M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}"
    short = abs(x2 - x1) + abs(y2 - y1) < 90
    paper.path(steps, "#fff", 9, dash="none")
    paper.path(steps, INK, 4, name="goal", dash="none" if short else "14 7")


def ends(goal: Goal) -> tuple[Decimal, ...]:
    return (goal.value,) if goal.end is None else (goal.value, goal.end)


def band(
    paper: Paper,
    chart: Chart,
    level: Callable[[Decimal], float],
    first: float,
    last: float,
    *,
    standing: bool,
) -> None:
    """The range between the two ends of a target that all points share, across a chart that stands
    or lies.
    """
    if chart.goal is None or chart.goal.end is None:
        return
    low, high = sorted((level(chart.goal.value), level(chart.goal.end)))
    box = (
        (first, low, last - first, high - low)
        if standing
        else (low, first, high - low, last - first)
    )
    paper.rect(*box, INK, "band", ' fill-opacity="0.08"')


def own_goal(point: Point, chart: Chart) -> str:
    """The target that a point has for itself, where they have not all the same."""
    return point.goal.label if point.goal is not None and chart.goal is None else ""
