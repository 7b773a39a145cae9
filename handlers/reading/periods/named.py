"""What a few words may say of time, before they are put together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum

from db.facts import Period


class Unit(IntEnum):
    """The pieces that a year is counted in, by their months."""

    MONTH = 1
    QUARTER = 3
    HALF = 6
    YEAR = 12


class Cue(StrEnum):
    """What is said of time without naming a period."""

    LATEST = "latest"
    SAME_BEFORE = "same before"
    """ "cùng kỳ": the same stretch a year before."""
    RUNNING = "running"
    """ "luỹ kế": from the first of January."""
    YEAR_TO_DATE = "year to date"
    """ "từ đầu năm": where a running total begins."""
    TO_NOW = "to now"
    """ "đến nay": the end of a stretch that is still open."""
    WHOLE_YEAR = "whole year"
    """ "cả năm": of the year that is spoken of."""


@dataclass(frozen=True, slots=True)
class Year:
    """A year; `steps` where it was counted from today: "năm ngoái" is -1."""

    number: int
    steps: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """So many months of a year that may be named elsewhere: "quý 2", "9 tháng đầu"."""

    first: int
    months: int
    unit: Unit

    @property
    def newest(self) -> int:
        """The month from which on it may be asked about: a count of months wants its last one."""
        return self.first if self.months == self.unit else self.first + self.months - 1

    def in_year(self, year: int) -> Period:
        return Period.months(year, self.first, self.months)


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a year that may be named elsewhere: "30/6"."""

    month: int
    day: int

    @property
    def newest(self) -> int:
        return self.month

    def in_year(self, year: int) -> Period:
        """The day; the one before where a year has no 29th of February."""
        leap = date(2024, self.month, self.day)
        day = leap.replace(year=year) if (leap.month, leap.day) != (2, 29) else date(year, 2, 28)
        return Period(day, day)


@dataclass(frozen=True, slots=True)
class Counted:
    """A month or a quarter counted from today: "tháng trước" is -1."""

    period: Period
    unit: Unit
    steps: int


@dataclass(frozen=True, slots=True)
class Shift:
    """So many steps from what was named before: "tháng trước đó", "năm sau đó"."""

    unit: Unit
    steps: int

    @property
    def months(self) -> int:
        return self.unit * self.steps

    def of(self, period: Period) -> Period | None:
        """The period so many steps away; None where it is not of this unit."""
        return period.later(self.months) if period.whole_months == self.unit else None


@dataclass(frozen=True, slots=True)
class Recent:
    """The last so many years, quarters or months that have a result."""

    count: int
    unit: Unit = Unit.YEAR

    @property
    def grain(self) -> int | None:
        """The months of each, where they are no years."""
        return self.unit if self.unit < Unit.YEAR else None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Written like a period, and none: "30/2/2023", "quý 5"."""


What = Period | Year | Part | Day | Counted | Shift | Recent | Cue | Unreadable


@dataclass(frozen=True, slots=True)
class Named:
    """What the words from `start` to before `end` say of time."""

    start: int
    end: int
    what: What


def named(start: int, end: int, what: What | None) -> Named | None:
    """What these words say, if they say anything."""
    return None if what is None else Named(start, end, what)
