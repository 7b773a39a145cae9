"""When something is due: held against dateutil's rules over years of every rhythm, and told at the edges."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from dateutil import tz
from dateutil.rrule import FR, MO, MONTHLY, SA, SU, TH, TU, WE, WEEKLY, rrule
from hypothesis import given, settings
from hypothesis import strategies as st

from db.facts import Period
from db.rhythm import Every, Rhythm, due

# Zones with and without summer time, half hours, changes at midnight, and a day that was left out (Apia, 30/12/2011);
# until 2011 Goose Bay set its clocks back from 0:01 to the day before.
ZONES = (
    "Asia/Ho_Chi_Minh", "UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo",
    "Asia/Beirut", "Pacific/Apia", "America/Goose_Bay",
)  # fmt: skip
TEN_YEARS = timedelta(days=3653)

rhythms = st.builds(
    lambda every, day, at, zone: Rhythm(
        every, (day - 1) % 7 + 1 if every is Every.WEEK else day, at, zone
    ),
    st.sampled_from(Every),
    st.integers(1, 31),
    st.times().map(lambda at: at.replace(second=0, microsecond=0))
    | st.sampled_from([time(0), time(0, 30), time(2), time(2, 30)]),
    st.sampled_from(ZONES),
)
moments = st.integers(0, 25 * 365 * 86400).map(
    lambda seconds: datetime(2005, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)


def by_rule(rhythm: Rhythm, start: datetime, end: datetime) -> list[datetime]:
    """The moments of a rhythm between two others, by dateutil: of walls by its rules, and of its zones' clocks."""
    zone = tz.gettz(rhythm.zone)
    first = (start - timedelta(days=100)).replace(
        month=1, day=1, hour=0, minute=0, second=0, tzinfo=None
    )
    until = (end + timedelta(days=100)).replace(tzinfo=None)
    at = {
        "byhour": rhythm.at.hour,
        "byminute": rhythm.at.minute,
        "bysecond": 0,
        "dtstart": first,
        "until": until,
    }
    if rhythm.every is Every.WEEK:
        walls = rrule(WEEKLY, byweekday=(MO, TU, WE, TH, FR, SA, SU)[rhythm.day - 1], **at)
    else:
        days = (
            {"bymonthday": range(28, rhythm.day + 1), "bysetpos": -1}
            if rhythm.day > 28
            else {"bymonthday": rhythm.day}
        )
        months = {"bymonth": (1, 4, 7, 10)} if rhythm.every is Every.QUARTER else {}
        walls = rrule(MONTHLY, **days, **months, **at)
    out = []
    for wall in walls:
        shown = wall
        while not tz.datetime_exists(shown, zone):
            shown += timedelta(minutes=1)
        out.append(tz.enfold(shown.replace(tzinfo=zone), 0).astimezone(UTC))
    return [each for each in out if start < each <= end]


@settings(max_examples=40, deadline=None)
@given(rhythms, moments)
def test_comes_when_the_rule_says_for_ten_years(rhythm: Rhythm, start: datetime) -> None:
    end = start + TEN_YEARS
    walked = []
    moment = rhythm.next(start)
    while moment <= end:
        walked.append(moment)
        moment = rhythm.next(moment)
    assert walked == by_rule(rhythm, start, end)


@settings(max_examples=300, deadline=None)
@given(rhythms, moments)
def test_latest_and_next_meet(rhythm: Rhythm, now: datetime) -> None:
    latest, following = rhythm.latest(now), rhythm.next(now)
    assert latest <= now < following
    assert rhythm.next(latest) == following
    assert rhythm.latest(following) == following
    assert rhythm.latest(following - timedelta(seconds=1)) == latest


@settings(max_examples=200, deadline=None)
@given(rhythms, moments)
def test_each_moment_has_a_period_of_its_own(rhythm: Rhythm, now: datetime) -> None:
    latest, following = rhythm.latest(now), rhythm.next(now)
    one, other = rhythm.period(latest), rhythm.period(following)
    assert one.end + timedelta(days=1) == other.start
    assert one.start <= rhythm.on_clock(latest).date() <= one.end


def at_home(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=tz.gettz("Asia/Ho_Chi_Minh")).astimezone(UTC)


@pytest.mark.parametrize(
    ("day", "now", "wanted"),
    [
        (31, at_home(2026, 2, 28, 8), at_home(2026, 2, 28, 8)),
        (30, at_home(2028, 2, 29, 8), at_home(2028, 2, 29, 8)),
        (29, at_home(2028, 2, 28, 8), at_home(2028, 1, 29, 8)),
        (29, at_home(2026, 2, 28, 8), at_home(2026, 2, 28, 8)),
        (31, at_home(2026, 4, 30, 7, 59), at_home(2026, 3, 31, 8)),
        (5, at_home(2026, 1, 1), at_home(2025, 12, 5, 8)),
    ],
)
def test_a_day_that_the_month_lacks_is_its_last(day: int, now: datetime, wanted: datetime) -> None:
    assert Rhythm(Every.MONTH, day).latest(now) == wanted


@pytest.mark.parametrize(
    ("zone", "day", "at", "within", "wanted"),
    [
        (
            "America/New_York",
            8,
            time(2, 30),
            datetime(2026, 3, 9, tzinfo=UTC),
            datetime(2026, 3, 8, 7, tzinfo=UTC),
        ),  # skipped
        (
            "America/New_York",
            1,
            time(1, 30),
            datetime(2026, 11, 2, tzinfo=UTC),
            datetime(2026, 11, 1, 5, 30, tzinfo=UTC),
        ),  # twice
        (
            "Australia/Lord_Howe",
            4,
            time(2, 15),
            datetime(2026, 10, 5, tzinfo=UTC),
            datetime(2026, 10, 3, 15, 30, tzinfo=UTC),
        ),
        (
            "Pacific/Apia",
            30,
            time(8),
            datetime(2012, 1, 1, tzinfo=UTC),
            datetime(2011, 12, 30, 10, tzinfo=UTC),
        ),  # no such day
    ],
)
def test_a_clock_change_moves_a_time_to_the_first_after_it(
    zone: str, day: int, at: time, within: datetime, wanted: datetime
) -> None:
    assert Rhythm(Every.MONTH, day, at, zone).latest(within) == wanted


def test_is_due_once_from_its_moment_on() -> None:
    rhythm = Rhythm()
    made, moment = at_home(2026, 11, 24, 15), at_home(2026, 12, 5, 8)
    assert due(rhythm, made, moment - timedelta(seconds=1)) is None
    assert due(rhythm, made, moment) == moment
    assert due(rhythm, moment, moment + timedelta(days=20)) is None


def test_only_the_newest_of_several_missed_is_due() -> None:
    assert due(Rhythm(), at_home(2026, 1, 1), at_home(2026, 11, 24)) == at_home(2026, 11, 5, 8)


def test_what_was_due_before_it_was_made_is_not() -> None:
    assert due(Rhythm(), at_home(2026, 11, 5, 9), at_home(2026, 11, 6)) is None


@pytest.mark.parametrize(
    ("every", "wanted"),
    [
        (Every.WEEK, Period(date(2026, 11, 30), date(2026, 12, 6))),
        (Every.MONTH, Period.parse("2026-12")),
        (Every.QUARTER, Period.parse("2026-Q4")),
    ],
)
def test_serves_the_period_that_the_moment_falls_in(every: Every, wanted: Period) -> None:
    assert Rhythm(every).period(at_home(2026, 12, 1, 3)) == wanted


@pytest.mark.parametrize(
    "wrong",
    [{"day": 0}, {"day": 32}, {"every": Every.WEEK, "day": 8}, {"zone": "Asia/Thai_Nguyen"}],
)
def test_is_never_on_a_day_or_in_a_zone_that_there_is_not(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="that there is not"):
        Rhythm(**wrong)  # type: ignore[arg-type]
