"""How often something is due: each week, month or quarter, at an hour of a place's clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from db.facts import DAY, Period, last_day

HOME_ZONE = "Asia/Ho_Chi_Minh"
SECOND = timedelta(seconds=1)


class Every(StrEnum):
    """The stretch of time that has one moment of a rhythm in it."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"


@dataclass(frozen=True, slots=True)
class Rhythm:
    """One moment in each week, month or quarter.

    `day` is 1 (Monday) to 7 in a week, 1 to 31 in a month or in a quarter's first month; a day that
    a month lacks is its last. `at` is the time on the clock of `zone`, a name of the IANA time zone
    database: a time that a clock change skips is the first moment after it, one that comes twice is
    its first. All moments are given in UTC.
    """

    every: Every = Every.MONTH
    day: int = 5
    at: time = time(8)
    zone: str = HOME_ZONE

    def __post_init__(self) -> None:
        most = 7 if self.every is Every.WEEK else 31
        if not 1 <= self.day <= most:
            raise ValueError(f"a rhythm on a day that there is not: {self.day} of a {self.every}")
        if self.at.tzinfo is not None:
            raise ValueError(
                "a rhythm's hour is one of its zone's clock and has no zone of its own"
            )
        try:
            ZoneInfo(self.zone)
        except ZoneInfoNotFoundError as unknown:
            raise ValueError(f"a rhythm in a time zone that there is not: {self.zone}") from unknown

    def latest(self, now: datetime) -> datetime:
        """The newest moment that is not after `now`."""
        return next(moment for moment in reversed(self._around(now)) if moment <= now)

    def next(self, after: datetime) -> datetime:
        """The first moment after `after`."""
        return next(moment for moment in self._around(after) if moment > after)

    def period(self, moment: datetime) -> Period:
        """The week, month or quarter in which a moment falls, on the rhythm's clock."""
        start = self._start(self.on_clock(moment).date())
        return Period(start, self._following(start) - DAY)

    def on_clock(self, moment: datetime) -> datetime:
        """A moment as the clock of the rhythm's zone shows it: for words, not for reckoning."""
        return moment.astimezone(ZoneInfo(self.zone))

    def _around(self, now: datetime) -> list[datetime]:
        """The moments of the stretch before, of this one and of the next; a clock set back can
        repeat an eve.
        """
        this = self._start(self.on_clock(now).date())
        return [
            self._within(start) for start in (self._start(this - DAY), this, self._following(this))
        ]

    def _start(self, day: date) -> date:
        """The first day of the week, month or quarter that a day is in."""
        match self.every:
            case Every.WEEK:
                return day - day.weekday() * DAY
            case Every.MONTH:
                return day.replace(day=1)
            case Every.QUARTER:
                return day.replace(month=day.month - (day.month - 1) % 3, day=1)

    def _following(self, start: date) -> date:
        """The first day of the stretch after the one that begins on `start`."""
        return self._start(
            start + {Every.WEEK: 7, Every.MONTH: 31, Every.QUARTER: 92}[self.every] * DAY
        )

    def _within(self, start: date) -> datetime:
        """The moment of the stretch that begins on `start`."""
        if self.every is Every.WEEK:
            day = start + (self.day - 1) * DAY
        else:
            day = start.replace(day=min(self.day, last_day(start.year, start.month).day))
        return _moment(datetime.combine(day, self.at), ZoneInfo(self.zone))


def due(rhythm: Rhythm, since: datetime, now: datetime) -> datetime | None:
    """The newest moment of the rhythm after `since`: when it was last served, made, changed or
    resumed.
    """
    moment = rhythm.latest(now)
    return moment if moment > since else None


def _moment(wall: datetime, zone: ZoneInfo) -> datetime:
    """When a clock shows a time for the first time; if it skips it, the moment of the skip."""
    moment = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == wall:
        return moment
    # In a gap the two readings of a wall time (PEP 495) lie on either side of the change: close in
    # on it.
    before, after = wall.replace(tzinfo=zone, fold=1).astimezone(UTC), moment
    changed = after.astimezone(zone).utcoffset()
    while after - before > SECOND:
        middle = before + (after - before) // SECOND // 2 * SECOND
        if middle.astimezone(zone).utcoffset() == changed:
            after = middle
        else:
            before = middle
    return after
