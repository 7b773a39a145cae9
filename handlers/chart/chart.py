"""What a chart shows: its points, what was asked of them, its axis and its words, all said
beforehand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from db.facts import Release
from handlers.verdict import Status

Shape = Literal["columns", "line", "bars", "single"]
"""Columns that stand along time, a line of many periods, bars that lie under each other, one number
alone.

Columns whose words do not fit beside each other are drawn as bars.
"""

Sign = Literal[
    "exceeded",
    "met",
    "missed",
    "unclear",
    "in_progress",
    "pending",
    "goal",
    "preliminary",
    "estimate",
]
"""What the legend explains."""


@dataclass(frozen=True, slots=True)
class Goal:
    """The value asked for; `end` is the upper end of a range."""

    value: Decimal
    label: str
    end: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """One figure of a chart: `label` is its value as drawn, or the plan where there is no result
    yet.

    `tick` and `tock` are its short name along time, in two rows: "Quý I" over "2024". A point with
    neither value nor goal is a gap.
    """

    name: str
    label: str
    told: str
    """The figure in words: name, value, target, status."""
    value: Decimal | None = None
    goal: Goal | None = None
    status: Status = Status.NONE
    release: Release = Release.OFFICIAL
    aside: str = ""
    """What is said beside the value: "ước tính"."""
    tick: str = ""
    tock: str = ""
    at: date | None = None
    group: str = ""
    place: str = ""
    home: bool = False
    after_break: bool = False
    """The place's boundaries changed before it: no line leads here from the point before."""

    @property
    def height(self) -> Decimal | None:
        """Where it reaches to: its value, or what is asked of it while there is none."""
        if self.value is not None:
            return self.value
        return self.goal.value if self.goal is not None else None


@dataclass(frozen=True, slots=True)
class Axis:
    """The values that an axis runs between, and those written beside it.

    `low` above `high` is an axis turned over, as ranks have. Bars begin at `zero`.
    """

    low: Decimal
    high: Decimal
    zero: Decimal = Decimal(0)
    ticks: tuple[tuple[Decimal, str], ...] = ()

    def __post_init__(self) -> None:
        if self.low == self.high:
            raise ValueError(f"an axis without length: {self.low}")

    @property
    def turned(self) -> bool:
        return self.low > self.high

    def share(self, value: Decimal) -> float:
        """How far up the axis a value is: 0 at `low`, 1 at `high`."""
        return float((value - self.low) / (self.high - self.low))


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart, whole; `goal` is the one that all its points share, `alt` its content in words."""

    shape: Shape
    title: str
    subtitle: str
    unit: str
    points: tuple[Point, ...]
    axis: Axis
    source: str
    alt: str
    goal: Goal | None = None
    legend: tuple[tuple[Sign, str], ...] = ()
    notes: tuple[str, ...] = ()


ALL_TOLD = 12
"""Up to so many values of a line are all written."""


def telling(points: Sequence[Point]) -> list[int]:
    """Which points of a line have their value written: all of a few; of many the first, the last,
    the highest, the lowest.
    """
    if len(points) <= ALL_TOLD:
        return [number for number, point in enumerate(points) if point.height is not None]
    valued = [
        (point.value, number) for number, point in enumerate(points) if point.value is not None
    ]
    highest = max(valued, key=lambda each: (each[0], -each[1]))[1]
    return sorted({valued[0][1], valued[-1][1], highest, min(valued)[1]})
