"""Which periods are meant: those named, else those spoken of before, else the latest stored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from db.facts import Coverage, Period, latest
from handlers.completing.before import Before
from handlers.completing.rules import Rule, settled
from handlers.question import Question, Wants

A_YEAR = 12

# ---------------------------------------------------------------- what was named, now or before


def settle(question: Question, before: Before) -> Question:
    """Give the question with the periods that were named, now or before."""
    time = question.reading.time
    if before.two(question):
        both = {*before.other.periods, *before.periods}
        return question.over(tuple(sorted(both, key=lambda each: each.end)), "said")
    if time.moved:
        return _moved(question, before)
    question = replace(question, earlier=before.periods if before.named else ())
    if time.periods:
        return _in_steps(question, before).over(_in_year(time.periods, question), "said")
    return settled(_SPOKEN_OF, question, before) or question


def _is_timeless(question: Question, _: Before) -> bool:
    """Return whether the periods spoken of do not count: the latest is asked for, or a meaning."""
    return question.reading.time.latest or question.wants is Wants.DEFINITION


def _as_it_is(question: Question, _: Before) -> Question:
    return question


def _goes_along(question: Question, before: Before) -> bool:
    """Return whether a series or a comparison along time is asked of something else."""
    again = before.wants == question.wants and not question.reading.time.said
    return again and bool(before.stretch)


def _wants_whole_year(question: Question, before: Before) -> bool:
    """Return whether the year is asked for whose parts were shown: "cả năm"."""
    return question.reading.time.whole_year and bool(before.stretch)


def _whole_year(question: Question, before: Before) -> Question:
    return question.over((_year_of(before.stretch[-1]),), "previous")


def _is_series(question: Question, _: Before) -> bool:
    return question.wants is Wants.SERIES


def _series(question: Question, _: Before) -> Question:
    return _parts_of_year(question, question.earlier)


def _keeps(question: Question, _: Before) -> bool:
    """Return whether the period spoken of stays; a ranking of something else is a new question."""
    anew = question.reading.wants is Wants.RANKING and question.origin.indicators == "said"
    return bool(question.earlier) and not anew


def _kept(question: Question, _: Before) -> Question:
    return question.over(_turned(question), "previous")


def _along(question: Question, before: Before) -> Question:
    """Keep to the stretch of a series or the sides of a comparison, for another place."""
    time, frame = question.reading.time, before.frame
    if question.wants is Wants.SERIES and time.grain not in (None, frame.grain):
        return _parts_of_year(question, before.stretch)
    time = replace(time, spans=frame.spans, grain=frame.grain)
    time = replace(time, periods=before.stretch)
    return question.timed(time).over(before.stretch, "previous")


def _parts_of_year(question: Question, spoken: tuple[Period, ...]) -> Question:
    """Keep to the year spoken of, where its months or quarters are asked for."""
    if question.reading.time.grain is None or len(spoken) != 1:
        return question
    year = (_year_of(spoken[0]),)
    return question.timed(replace(question.reading.time, periods=year)).over(year, "previous")


def _year_of(period: Period) -> Period:
    return Period.year(period.end.year)


def _in_steps(question: Question, before: Before) -> Question:
    """Keep to months or quarters, where those of another year are asked for."""
    time = question.reading.time
    if question.wants is not Wants.SERIES or question.reading.wants is Wants.SERIES:
        return question
    return question.timed(replace(time, grain=before.frame.grain))


def _moved(question: Question, before: Before) -> Question:
    """Count on from the period that is spoken of: "năm trước đó", "tháng sau"."""
    time = question.reading.time
    anchor = _anchor((*before.periods, *time.periods), abs(time.moved), question.asking.today)
    edge = date.min.year < anchor.start.year < date.max.year - 1
    moved = anchor.later(time.moved) if edge else anchor  # nothing is beyond the calendar
    both = question.reading.wants is Wants.COMPARISON
    return question.over((moved, anchor) if both else (moved,), "said")


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
        return (_year_of(spoken),)
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


_SPOKEN_OF: tuple[Rule, ...] = (
    (_is_timeless, _as_it_is),
    (_goes_along, _along),
    (_wants_whole_year, _whole_year),
    (_is_series, _series),
    (_keeps, _kept),
)
"""How the periods of the question before hold for one that names none."""

# ---------------------------------------------------------------- what is read of them


def shown(question: Question, *, around: bool) -> list[Period]:
    """Give the periods whose figures may be shown.

    `around`: also the year before each, and the newest part of a plan that waits.
    """
    if not around:
        return list(question.periods)
    found = [*question.periods, *(period.years_before(1) for period in question.periods)]
    for covered in question.held.coverage:
        found += _newest_parts(question, covered)
    return found


def _newest_parts(question: Question, covered: Coverage) -> Iterator[Period]:
    """Yield the newest part of each plan that was asked for and waits."""
    for plan in set(question.periods) & set(covered.plans):
        newest = latest(filter(plan.contains, covered.results))
        if newest is not None:
            yield newest
