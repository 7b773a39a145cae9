"""What is overdue: a result that by the days on which earlier ones came should be there by now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from db.facts import DAY, Figure, Period
from handlers.digest.page import Page

GIVEN_UP = timedelta(days=365)
"""After so long what does not come is no longer reported at all, and nobody is told of it for ever.
"""
MOST = 10


@dataclass(frozen=True)
class Overdue:
    """A result that is awaited, and the one of the year before with the day on which that was first
    published.
    """

    period: Period
    before: Period
    published: date


def overdue(published: Mapping[Period, date], day: date) -> list[Overdue]:
    """The results of one series that are overdue on a day; `published` has the day on which each
    was first published.

    Periods of one make follow each other: months, quarters and half-years their like, any other
    span the same one of the year before. One that is missing is awaited when the three before it
    (two for what comes once a year) all came, and the same one of the year before too, each within
    the length of one step: what came later was entered afterwards and says nothing of when to
    expect it. It is overdue when more days have gone since its end than ever passed with these, and
    a tenth of its length, at least a week, besides. What a result of a longer period covers is not
    awaited.
    """
    found: dict[Period, Overdue] = {}
    for last in published:
        awaited = _after(last)
        if awaited in published or any(each.contains(awaited) for each in published):
            continue
        yearly = awaited.years_before(1) == last
        history = [last]
        for _ in range(1 if yearly else 2):
            history.append(_before(history[-1]))
        history.append(awaited.years_before(1))
        step = timedelta(days=366 if yearly else awaited.days)
        lags = [published[each] - each.end for each in history if each in published]
        if len(lags) < len(history) or max(lags) > step:
            continue
        due = awaited.end + max(lags) + timedelta(days=max(7, awaited.days // 10))
        if due < day <= due + GIVEN_UP:
            found[awaited] = Overdue(awaited, history[-1], published[history[-1]])
    return sorted(found.values(), key=lambda each: each.period)


def _step(period: Period) -> int | None:
    """How many months lie between periods of its make, where that is less than a year."""
    months = period.whole_months
    return months if months in (1, 3, 6) and (period.start.month - 1) % months == 0 else None


def _after(period: Period) -> Period:
    step = _step(period)
    if step is None:
        return period.years_before(-1)
    start = period.end + DAY
    return Period.months(start.year, start.month, step)


def _before(period: Period) -> Period:
    step = _step(period)
    if step is None:
        return period.years_before(1)
    end = period.start - DAY
    return Period.months(end.year, end.month - step + 1, step)


def lists(found: list[tuple[Figure, Overdue]], page: Page) -> None:
    """Each with the day on which that of the year before came; the figure is that of the year
    before.
    """
    say = page.say
    rows = [
        (
            (page.scope.label(figure),),
            (
                say.text(
                    "digest.overdue.row",
                    period=say.period(each.period),
                    before=say.period(each.before),
                    day=say.day(each.published),
                ),
            ),
        )
        for figure, each in found[:MOST]
    ]
    header = say.text("column.indicator"), say.text("digest.column.overdue")
    page.section(say.text("digest.overdue"), header, rows, [figure for figure, _ in found])
