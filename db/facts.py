"""The values of official statistics: what is counted, where, when, how much, and what was asked of
it.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple, Self

DAY = timedelta(days=1)


class Better(StrEnum):
    """Which way an indicator should move; NONE means that a change is neither good nor bad."""

    UP = "up"
    DOWN = "down"
    NONE = "none"


class OverYear(StrEnum):
    """How an indicator adds up over a year."""

    POINT = "point"
    CUMULATIVE = "cumulative"
    ANNUAL = "annual"


class UnitKind(StrEnum):
    """What may be done with values in a unit: shares differ in points, ranks in places, money and
    counts in percent.
    """

    SHARE = "share"
    COUNT = "count"
    MONEY = "money"
    INDEX = "index"
    RANK = "rank"


class Op(StrEnum):
    """How a target binds a result."""

    LT = "<"
    LE = "<="
    GE = ">="
    GT = ">"
    EQ = "="
    BETWEEN = "between"


class Qualifier(StrEnum):
    """How a reported value was hedged: gần, dưới, trên, khoảng."""

    NEARLY = "nearly"
    UNDER = "under"
    OVER = "over"
    ABOUT = "about"


class Release(StrEnum):
    """How settled a value is: chính thức, sơ bộ, ước tính."""

    OFFICIAL = "official"
    PRELIMINARY = "preliminary"
    ESTIMATE = "estimate"


class Basis(StrEnum):
    """Whether the source states the value or it follows from what the source states."""

    STATED = "stated"
    DERIVED = "derived"


def last_day(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, monthrange(year, month)[1])


def _ends_month(day: date) -> bool:
    return day == last_day(day.year, day.month)


_YEAR = re.compile(r"(\d{4})\Z")
_PART = re.compile(r"(\d{4})-(?:Q([1-4])|S([12])|(\d{2}))\Z")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A span of whole days: a year, half-year, quarter, month, plan term or reporting year; the end
    is included.

    `str(period)` is its shortest written form: 2023, 2023-S1, 2023-Q1, 2023-03, 2023-01/2023-09,
    2022-12-15/2023-12-14; `Period.parse` reads all of these back.
    """

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"a period that ends before it starts: {self.start}..{self.end}")

    @classmethod
    def year(cls, year: int) -> Self:
        return cls(date(year, 1, 1), date(year, 12, 31))

    @classmethod
    def months(cls, year: int, first: int, length: int) -> Self:
        """`length` whole months from month `first` (1 to 12) of `year`; they may run into the next
        year.
        """
        ends = year * 12 + first - 1 + length - 1
        return cls(date(year, first, 1), last_day(ends // 12, ends % 12 + 1))

    @classmethod
    def years(cls, first: int, last: int) -> Self:
        return cls(date(first, 1, 1), date(last, 12, 31))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads a written period.

        Raises:
            ValueError: the text is none of the forms above.
        """
        text = text.strip()
        if found := _YEAR.match(text):
            return cls.year(int(found[1]))
        if found := _PART.match(text):
            year = int(found[1])
            if found[2]:
                return cls.months(year, int(found[2]) * 3 - 2, 3)
            if found[3]:
                return cls.months(year, int(found[3]) * 6 - 5, 6)
            return cls.months(year, int(found[4]), 1)
        first, slash, last = text.partition("/")
        if not slash:
            raise ValueError(f"not a period: {text!r}")
        return cls(_bound(first).start, _bound(last).end)

    def __str__(self) -> str:
        start, end = self.start, self.end
        whole = start.day == 1 and _ends_month(end)
        if not whole:
            return f"{start.isoformat()}/{end.isoformat()}"
        if start.month == 1 and end.month == 12:
            return (
                f"{start.year:04}" if start.year == end.year else f"{start.year:04}/{end.year:04}"
            )
        if start.year == end.year:
            match start.month, end.month - start.month + 1:
                case first, 1:
                    return f"{start.year:04}-{first:02}"
                case (1 | 4 | 7 | 10) as first, 3:
                    return f"{start.year:04}-Q{(first + 2) // 3}"
                case (1 | 7) as first, 6:
                    return f"{start.year:04}-S{(first + 5) // 6}"
        return f"{start.year:04}-{start.month:02}/{end.year:04}-{end.month:02}"

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    @property
    def whole_months(self) -> int | None:
        """How many calendar months it covers exactly; None when it begins or ends inside one."""
        if self.start.day != 1 or not _ends_month(self.end):
            return None
        return (self.end.year - self.start.year) * 12 + self.end.month - self.start.month + 1

    @property
    def is_year(self) -> bool:
        start, end = self.start, self.end
        return start.year == end.year and (start.month, start.day, end.month, end.day) == (
            1,
            1,
            12,
            31,
        )

    @property
    def reporting_year(self) -> int | None:
        """The year that a span of about twelve months reports on: 15/12/2022 to 14/12/2023 is 2023.

        Administrative reports count a year from the 15th of December before it (Nghị định
        09/2019/NĐ-CP, art. 12).
        """
        if self.is_year:
            return self.start.year
        if 360 <= self.days <= 370 and self.end.month == 12:
            return self.end.year
        return None

    def contains(self, other: Period) -> bool:
        return self.start <= other.start and other.end <= self.end

    @property
    def preceding(self) -> Period | None:
        """The span of as many whole months right before it; None when it is not of whole months."""
        months = self.whole_months
        if months is None:
            return None
        first = self.start.year * 12 + self.start.month - 1 - months
        return Period.months(first // 12, first % 12 + 1, months)

    def later(self, months: int) -> Period:
        """The same span so many months later; whole months stay whole."""
        length = self.whole_months
        if length is None:
            return self.years_before(-months // 12)
        first = self.start.year * 12 + self.start.month - 1 + months
        return Period.months(first // 12, first % 12 + 1, length)

    def years_before(self, count: int) -> Period:
        """The same span `count` years earlier: a whole February stays whole."""
        start = _same_day(self.start, self.start.year - count)
        if _ends_month(self.end):
            return Period(start, last_day(self.end.year - count, self.end.month))
        return Period(start, _same_day(self.end, self.end.year - count))


def _bound(text: str) -> Period:
    """One side of an interval: a day, or a written period without a slash."""
    text = text.strip()
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        day = date.fromisoformat(text)
        return Period(day, day)
    if "/" in text:
        raise ValueError(f"not a period: {text!r}")
    return Period.parse(text)


def _same_day(day: date, year: int) -> date:
    try:
        return day.replace(year=year)
    except ValueError:  # 29 February
        return day.replace(year=year, day=28)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measure as it is written, and what kind of value it makes."""

    name: str
    kind: UnitKind


@dataclass(frozen=True, slots=True)
class Category:
    """A field of work that indicators belong to."""

    code: str
    name: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Indicator:
    """What is counted. `parent` is the code of the indicator it belongs under."""

    code: str
    name: str
    unit: Unit
    decimals: int = 0
    better: Better = Better.NONE
    over_year: OverYear = OverYear.ANNUAL
    parent: str | None = None
    category: str | None = None
    aliases: tuple[str, ...] = ()
    definition: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.aliases)


@dataclass(frozen=True, slots=True)
class Region:
    """A place as it was over a span of days; `valid_from` None means since before any figure,
    `valid_to` None means still.

    Two units may share a name: `key` tells them apart ("Thái Nguyên", "Thái Nguyên@2025-07-01").
    `parent` and `successors` are keys.
    """

    name: str
    level: str
    aliases: tuple[str, ...] = ()
    parent: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    successors: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return f"{self.name}@{self.valid_from.isoformat()}" if self.valid_from else self.name

    def valid_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


@dataclass(frozen=True, slots=True)
class Source:
    """Where a figure was published. A source given as free text has only a title."""

    title: str
    publisher: str = ""
    published: date | None = None
    address: str = ""
    code: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """The value asked of an indicator; `end` is the upper end of a range."""

    op: Op
    value: Decimal
    period: Period
    source: Source
    published: date
    end: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """One stored figure: a result, its target, or a target that waits for its result (`value`
    None).

    `target` is the one the result is held against: that of its own period, else of the shortest
    period containing it. `published` is the day of the vintage; the decimal keeps the digits it was
    loaded with.
    """

    indicator: Indicator
    region: Region
    period: Period
    value: Decimal | None
    source: Source
    published: date
    of: int | None = None
    qualifier: Qualifier | None = None
    release: Release = Release.OFFICIAL
    basis: Basis = Basis.STATED
    target: Target | None = None


class Coverage(NamedTuple):
    """Of which periods an indicator has results in a place, and of which it has only targets; each
    in the order of time.
    """

    indicator: Indicator
    region: Region
    results: tuple[Period, ...]
    plans: tuple[Period, ...]

    @property
    def every(self) -> tuple[Period, ...]:
        """The periods of both."""
        return (*self.results, *self.plans)


class Beside(NamedTuple):
    """What else is stored for a place and a period: targets of more than one indicator, figures of
    more than one of a field.
    """

    targets: bool
    category: bool


@dataclass(frozen=True, slots=True)
class Vintage:
    """A value as it once came: of a result, or (`asked`) of a target. `load` is the watermark that
    it came with.
    """

    load: int
    indicator: Indicator
    region: Region
    period: Period
    published: date
    revision: int
    asked: bool = False

    @property
    def key(self) -> str:
        """What tells it from every other vintage, for good."""
        kind = "target" if self.asked else "result"
        series = f"{self.indicator.code} {self.region.key} {self.period}"
        return f"{kind} {series} {self.published.isoformat()} {self.revision}"


@dataclass(frozen=True)
class Catalogue:
    """Every indicator, category and region that the store knows, in the order they were loaded."""

    indicators: dict[str, Indicator] = field(default_factory=dict)
    categories: dict[str, Category] = field(default_factory=dict)
    regions: dict[str, Region] = field(default_factory=dict)
    version: int = 0

    @cached_property
    def children(self) -> dict[str, tuple[Indicator, ...]]:
        """The indicators under each indicator, by its code."""
        found: dict[str, list[Indicator]] = {}
        for indicator in self.indicators.values():
            if indicator.parent:
                found.setdefault(indicator.parent, []).append(indicator)
        return {code: tuple(under) for code, under in found.items()}

    def namesakes(self, name: str) -> tuple[Region, ...]:
        """The units that bear or bore a name, oldest first."""
        return self._namesakes.get(name, ())

    @cached_property
    def _namesakes(self) -> dict[str, tuple[Region, ...]]:
        found: dict[str, list[Region]] = {}
        for region in self.regions.values():
            found.setdefault(region.name, []).append(region)
        return {
            name: tuple(sorted(under, key=lambda each: each.valid_from or date.min))
            for name, under in found.items()
        }

    def within(self, category: str) -> tuple[Indicator, ...]:
        return tuple(each for each in self.indicators.values() if each.category == category)


def latest(periods: Iterable[Period]) -> Period | None:
    """The last period to end; of those that end together, the longest."""
    return max(periods, key=lambda period: (period.end, period.days), default=None)
