"""Which of the stored periods are meant: the latest, or those that an answer runs over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from db.facts import OverYear, Period, latest
from handlers.completing import series, sides
from handlers.completing.stored import Stored
from handlers.completing.territories import Territories
from handlers.question import Question, Wants


def fill(question: Question) -> Question:
    """Fill in the latest period, or those that a series or a comparison runs over."""
    stored = Stored.of(Territories(question).covered)
    for holds, take in _WAYS:
        if holds(question):
            return take(question, stored)
    return _as_stored(question, stored)


def _runs_along(question: Question) -> bool:
    """Return whether the periods of a series are asked for."""
    return question.wants is Wants.SERIES


def _compares_time(question: Question) -> bool:
    """Return whether periods of one indicator in one place are compared."""
    names = {region.name for region in question.regions}
    return question.wants is Wants.COMPARISON and len(question.indicators) == len(names) == 1


def _is_open(question: Question) -> bool:
    """Return whether no period is known."""
    return not question.periods


def _is_stretch(question: Question) -> bool:
    """Return whether a stretch of years was named, for whatever is asked of it."""
    return question.reading.time.spans


# ---------------------------------------------------------------- the latest


def _latest(question: Question, stored: Stored) -> Question:
    """Take the latest period with a result; where there is none, the latest with a plan."""
    found = next(_latest_of(question, stored), None)
    if found is None:  # nothing is stored there of any period
        return replace(question, wants=Wants.NO_DATA)
    return question.over((found,), "latest")


def _latest_of(question: Question, stored: Stored) -> Iterator[Period]:
    """Yield what may be the latest: of a part and its whole, of results, of plans."""
    plans = () if question.reading.time.latest else stored.plans
    for periods in (_shared(question), stored.results, plans):
        found = latest(periods)
        if found is not None:
            yield found


def _shared(question: Question) -> set[Period]:
    """Give the periods for which a part and its whole are stored, where a share is asked for."""
    if question.wants is not Wants.SHARE:
        return set()
    places = Territories(question)
    part, whole = (Stored.of(places.covering(each)) for each in question.indicators[:2])
    return set(whole.results) & set(part.every)


# ---------------------------------------------------------------- as it is stored


def _as_stored(question: Question, stored: Stored) -> Question:
    """Take the periods that were named as the indicator has them."""
    periods = [_reported(period, stored) for period in question.periods]
    if question.reading.time.to_date:
        periods = [_up_to(question, period, stored) for period in periods]
    return replace(question, periods=tuple(periods))


def _reported(period: Period, stored: Stored) -> Period:
    """Take the reporting year of the same number, where an indicator has no other years."""
    if not period.is_year or stored.among((period,)):
        return period
    spans = [each for each in stored.every if each.reporting_year == period.start.year]
    return spans[0] if len(spans) == 1 else period


def _up_to(question: Question, period: Period, stored: Stored) -> Period:
    """Take what is stored of a running total: to today its newest, of a stock its last day's."""
    if period.end == question.asking.today:
        return latest(_begun_with(period, stored)) or period
    is_stock = question.indicator.over_year is OverYear.POINT
    return _of_last_day(period, stored) if is_stock and not stored.among((period,)) else period


def _of_last_day(period: Period, stored: Stored) -> Period:
    """Take the shortest result that ends with a period."""
    same_day = [each for each in stored.results if each.end == period.end]
    return min(same_day, key=lambda each: each.days, default=period)


def _begun_with(period: Period, stored: Stored) -> list[Period]:
    """Give the results of the first days of a period."""
    inside = [each for each in stored.results if period.contains(each)]
    return [each for each in inside if each.start == period.start]


_WAYS: tuple[tuple[Callable[[Question], bool], Callable[[Question, Stored], Question]], ...] = (
    (_runs_along, series.along),
    (_compares_time, sides.compare),
    (_is_open, _latest),
    (_is_stretch, series.along),
)
"""How periods are taken from what is stored: the first way that holds; else as they were named."""
