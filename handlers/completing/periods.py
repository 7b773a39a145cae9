"""Which periods are meant: those named, else those spoken of before, else the latest stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from db.facts import Coverage, OverYear, Period, latest
from handlers.completing.before import Before
from handlers.completing.territories import Territories
from handlers.question import Question, Wants

A_YEAR = 12

# ---------------------------------------------------------------- what was named, now or before


def settle(question: Question, before: Before) -> Question:
    """Give the question with the periods that were named, now or before."""
    time = question.reading.time
    if time.moved:
        return _moved(question, before)
    question = replace(question, earlier=before.periods if before.named else ())
    if time.periods:
        return _over(_in_steps(question, before), _in_year(time.periods, question))
    if time.latest or question.wants is Wants.DEFINITION:
        return question
    return _spoken_of(question, before)


def _spoken_of(question: Question, before: Before) -> Question:
    """Keep to the periods of the question before."""
    time = question.reading.time
    if before.wants == question.wants and before.stretch and not time.said:
        return _along(question, before)
    if time.whole_year and before.stretch:
        return _again(question, (Period.year(before.stretch[-1].end.year),))
    if question.wants is Wants.SERIES:
        return _parts_of_year(question, question.earlier)
    anew = question.reading.wants is Wants.RANKING and question.origin.indicators == "said"
    return _again(question, _turned(question)) if question.earlier and not anew else question


def _along(question: Question, before: Before) -> Question:
    """Keep to the stretch of a series or the sides of a comparison, for another place."""
    time, frame = question.reading.time, before.frame
    if question.wants is Wants.SERIES and time.grain not in (None, frame.grain):
        return _parts_of_year(question, before.stretch)
    time = replace(time, spans=frame.spans, grain=frame.grain)
    reading = replace(question.reading, time=replace(time, periods=before.stretch))
    return _again(replace(question, reading=reading), before.stretch)


def _parts_of_year(question: Question, spoken: tuple[Period, ...]) -> Question:
    """Keep to the year spoken of, where its months or quarters are asked for."""
    if question.reading.time.grain is None or len(spoken) != 1:
        return question
    year = (Period.year(spoken[0].end.year),)
    time = replace(question.reading.time, periods=year)
    return _again(replace(question, reading=replace(question.reading, time=time)), year)


def _in_steps(question: Question, before: Before) -> Question:
    """Keep to months or quarters, where those of another year are asked for."""
    time = question.reading.time
    if question.wants is not Wants.SERIES or question.reading.wants is Wants.SERIES:
        return question
    time = replace(time, grain=before.frame.grain)
    return replace(question, reading=replace(question.reading, time=time))


def _again(question: Question, periods: tuple[Period, ...]) -> Question:
    return replace(question, periods=periods, origin=replace(question.origin, periods="previous"))


def _moved(question: Question, before: Before) -> Question:
    """Count on from the period that is spoken of: "năm trước đó", "tháng sau"."""
    time = question.reading.time
    anchor = _anchor((*before.periods, *time.periods), abs(time.moved), question.asking.today)
    moved = anchor.later(time.moved)
    both = question.reading.wants is Wants.COMPARISON
    return _over(question, (moved, anchor) if both else (moved,))


def _anchor(named: Sequence[Period], months: int, today: date) -> Period:
    """Take the last period that a step of so many months may start from, else that of today."""
    fitting = [each for each in named if months in (A_YEAR, each.whole_months)]
    first = (today.month - 1) // months * months + 1
    return fitting[-1] if fitting else Period.months(today.year, first, months)


def _turned(question: Question) -> tuple[Period, ...]:
    """Turn the period that is spoken of into its year or its running total: "cả năm", "luỹ kế"."""
    time = question.reading.time
    spoken = question.earlier[-1]
    if time.whole_year:
        return (Period.year(spoken.end.year),)
    within = spoken.start.year == spoken.end.year
    if time.to_date and within:
        return (Period(date(spoken.end.year, 1, 1), spoken.end),)
    return question.earlier


def _in_year(periods: tuple[Period, ...], question: Question) -> tuple[Period, ...]:
    """Put months without their year into the year that was spoken of: "còn tháng 2?"."""
    if not question.reading.time.yearless or not question.earlier:
        return periods
    year = question.earlier[-1].end.year
    return tuple(each.years_before(each.start.year - year) for each in periods)


def _over(question: Question, periods: tuple[Period, ...]) -> Question:
    return replace(question, periods=periods, origin=replace(question.origin, periods="said"))


# ---------------------------------------------------------------- what is stored


@dataclass(frozen=True)
class Stored:
    """Of which periods anything is stored of the indicators asked about."""

    results: tuple[Period, ...]
    plans: tuple[Period, ...]

    @property
    def newest(self) -> Period | None:
        """The latest period with a result."""
        return latest(self.results)

    @property
    def every(self) -> list[Period]:
        """All periods in the order of time."""
        found = {*self.results, *self.plans}
        return sorted(found, key=lambda period: (period.end, period.days))


def fill(question: Question) -> Question:
    """Fill in the latest period, or those that a series or a comparison runs over."""
    covered = Territories(question).covered
    stored = Stored(
        tuple(period for each in covered for period in each.results),
        tuple(period for each in covered for period in each.plans),
    )
    if question.wants is Wants.SERIES:
        return _span(question, stored)
    if _compares_time(question):
        return _sides(question, stored)
    if not question.periods:
        return _latest(question, stored, covered)
    if question.reading.time.spans:
        return _span(question, stored)
    reported = tuple(_reported(question, period) for period in question.periods)
    if question.reading.time.to_date:
        reported = tuple(_up_to(question, period, stored) for period in reported)
    return replace(question, periods=reported)


def _compares_time(question: Question) -> bool:
    """Return whether periods of one indicator in one place are compared."""
    one_thing = len(question.indicators) == 1 and len({each.name for each in question.regions}) == 1
    return question.wants is Wants.COMPARISON and one_thing


def _latest(question: Question, stored: Stored, covered: Sequence[Coverage]) -> Question:
    """Take the latest period with a result; where there is none, the latest with a plan."""
    found = stored.newest
    if question.wants is Wants.SHARE:
        found = latest(_shared(question, covered)) or found
    if found is None and not question.reading.time.latest:
        found = latest(stored.plans)
    if found is None:  # nothing is stored there of any period
        return replace(question, wants=Wants.NO_DATA)
    origin = replace(question.origin, periods="latest")
    return replace(question, periods=(found,), origin=origin)


def _shared(question: Question, covered: Sequence[Coverage]) -> set[Period]:
    """Give the periods for which a part and its whole are stored."""
    part, whole = question.indicators[:2]
    of_whole = {period for each in covered if each.indicator == whole for period in each.results}
    of_part = {
        period
        for each in covered
        if each.indicator == part
        for period in (*each.results, *each.plans)
    }
    return of_whole & of_part


def _reported(question: Question, period: Period) -> Period:
    """Take the reporting year of the same number, where an indicator has no other years."""
    if not period.is_year:
        return period
    covered = Territories(question).covered
    stored = {span for each in covered for span in (*each.results, *each.plans)}
    spans = [each for each in stored if each.reporting_year == period.start.year]
    return spans[0] if period not in stored and len(spans) == 1 else period


def _up_to(question: Question, period: Period, stored: Stored) -> Period:
    """Take what is stored of a running total: to today its newest, of a stock its last day's."""
    if period.end == question.asking.today:
        begun = (each for each in stored.results if each.start == period.start)
        return latest(each for each in begun if each.end <= period.end) or period
    if period in stored.every or question.indicator.over_year is not OverYear.POINT:
        return period
    same_day = [each for each in stored.results if each.end == period.end]
    return min(same_day, key=lambda each: each.days, default=period)


# ---------------------------------------------------------------- a series


def _span(question: Question, stored: Stored) -> Question:
    """Take the stored periods of a stretch, of the last so many years, or all there are."""
    said, time = question.periods, question.reading.time
    if said and time.spans:
        return _stretch(question, stored)
    if len(said) > 1:
        return question
    if said and (said[0].is_year or time.grain):  # "theo quý năm 2023"
        of_grain = _alike(question, stored) if time.grain else stored.every
        inside = tuple(period for period in of_grain if said[0].contains(period))
        return replace(question, periods=inside or said)
    origin = replace(question.origin, periods="said" if said else "latest")
    found = _last(_alike(question, stored), stored.newest, question.reading.listing.limit)
    return replace(question, periods=tuple(found), origin=origin)


def _stretch(question: Question, stored: Stored) -> Question:
    """Take the stored periods inside a stretch; one that is stored itself is a single figure."""
    said, grain = question.periods, question.reading.time.grain
    exact = tuple(period for period in said if period in stored.every)
    if exact and not _has_parts(said[0], stored):  # as a plan term has none
        return replace(question, periods=exact, wants=Wants.FIGURE)
    inside = [each for each in stored.every if any(stretch.contains(each) for stretch in said)]
    of_grain = [each for each in inside if (each.whole_months == grain if grain else each.is_year)]
    wants = Wants.SERIES if inside else Wants.NO_DATA
    return replace(question, periods=tuple(of_grain or inside) or said, wants=wants)


def _has_parts(period: Period, stored: Stored) -> bool:
    return any(period.contains(each) and each != period for each in stored.every)


def _alike(question: Question, stored: Stored) -> list[Period]:
    """Give the stored periods of the length that was said, else the years, else the newest's."""
    grain, newest = question.reading.time.grain, stored.newest
    years = [period for period in stored.every if period.is_year]
    if grain is None and years:
        return years
    length = grain or (newest.whole_months if newest is not None else None)
    if length is None and newest is None:
        return stored.every
    return [period for period in stored.every if period.whole_months == length]


def _last(periods: list[Period], newest: Period | None, limit: int | None) -> list[Period]:
    """Keep the last so many up to the newest result."""
    if not limit:
        return periods
    return [each for each in periods if newest is None or each.end <= newest.end][-limit:]


# ---------------------------------------------------------------- a comparison along time


def _sides(question: Question, stored: Stored) -> Question:
    """Take the two periods compared: those named, or one and what it is measured against."""
    said, against = question.periods, question.reading.time.against
    if len(said) > 1:
        return question
    if said and question.origin.periods == "said" and against.named:
        return _over(question, _against(question, said[0], stored))
    return _year_before(question, stored)


def _against(question: Question, other: Period, stored: Stored) -> tuple[Period, ...]:
    """Find what is measured against a period that was named: "so với 2022"."""
    spoken = question.earlier[-1] if question.earlier else None
    spoken = None if spoken == other else spoken
    if question.reading.time.against.step_before:
        stepped = _step(spoken, other, stored)
        return stepped or _in_order(other, _after(other, stored))
    main = spoken or _after(other, stored)
    return _in_order(other, main)


def _in_order(one: Period, other: Period) -> tuple[Period, ...]:
    return tuple(sorted((one, other), key=lambda period: period.end))


def _step(spoken: Period | None, other: Period, stored: Stored) -> tuple[Period, ...] | None:
    """Take the month before the one that is spoken of: "so với tháng trước"."""
    alike = [
        period
        for period in (*stored.results, *((spoken,) if spoken else ()))
        if period.whole_months == other.whole_months
    ]
    main = spoken if spoken in alike else latest(alike)
    return (main.preceding, main) if main is not None and main.preceding is not None else None


def _after(other: Period, stored: Stored) -> Period:
    """Take the newest result after a period, else the next of its length, else any other."""
    newest = stored.newest
    if newest is not None and newest.end > other.end:
        return newest
    later = [
        period for period in stored.results if period.end > other.end and period.days == other.days
    ]
    if later:
        return min(later, key=lambda period: period.end)
    others = (period for period in sorted(stored.results, reverse=True) if period != other)
    return next(others, other.years_before(-1))


def _year_before(question: Question, stored: Stored) -> Question:
    """Compare a period with the year before; one spoken of that has none, with the newest."""
    said, newest = question.periods, stored.newest
    main = said[0] if said else newest
    if main is None:
        return question
    origin = question.origin if said else replace(question.origin, periods="latest")
    before = main.years_before(1)
    alone = question.origin.periods == "previous" and before not in stored.results
    if alone and newest is not None and newest != main:
        return replace(question, periods=(main, newest), origin=origin)
    return replace(question, periods=(before, main), origin=origin)


# ---------------------------------------------------------------- what is read of them


def shown(question: Question, *, around: bool) -> list[Period]:
    """Give the periods whose figures may be shown.

    `around`: also the year before each, and the newest part of a plan that waits.
    """
    if not around:
        return list(question.periods)
    found = [*question.periods, *(each.years_before(1) for each in question.periods)]
    for each in question.held.coverage:
        for plan in question.periods:
            newest = latest(filter(plan.contains, each.results)) if plan in each.plans else None
            found += [newest] if newest is not None else []
    return found
