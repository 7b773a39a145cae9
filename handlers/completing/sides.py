"""Which two periods are compared, where one was named or none."""

from __future__ import annotations

from dataclasses import replace

from db.facts import Period, latest
from handlers.completing.stored import Stored
from handlers.question import Question


def compare(question: Question, stored: Stored) -> Question:
    """Take the two periods compared: those named, or one and what it is measured against."""
    said, against = question.periods, question.reading.time.against
    if len(said) > 1:
        return question
    if said and question.origin.periods == "said" and against.named:
        return question.over(_against(question, said[0], stored), "said")
    if said:
        return replace(question, periods=_with_another(question, said[0], stored))
    return _latest(question, stored)


def _latest(question: Question, stored: Stored) -> Question:
    """Set the newest period beside the year before."""
    if stored.newest is None:
        return question
    return question.over(_with_another(question, stored.newest, stored), "latest")


def _against(question: Question, other: Period, stored: Stored) -> tuple[Period, ...]:
    """Find what is measured against a period that was named: "so với 2022"."""
    spoken = next((period for period in question.earlier[-1:] if period != other), None)
    if question.reading.time.against.step_before:
        stepped = _step(spoken, other, stored)
        return stepped or _in_order(other, _after(other, stored))
    return _in_order(other, spoken or _after(other, stored))


def _in_order(one: Period, other: Period) -> tuple[Period, ...]:
    return tuple(sorted((one, other), key=lambda period: period.end))


def _step(spoken: Period | None, other: Period, stored: Stored) -> tuple[Period, ...]:
    """Take the month before the one that is spoken of: "so với tháng trước"."""
    length = other.whole_months
    if spoken is not None and spoken.whole_months == length:
        return _preceded(spoken)
    main = latest(period for period in stored.results if period.whole_months == length)
    return _preceded(main) if main is not None else ()


def _preceded(period: Period) -> tuple[Period, ...]:
    return (period.preceding, period) if period.preceding is not None else ()


def _after(other: Period, stored: Stored) -> Period:
    """Take the newest result where it is later, else any other."""
    if stored.after(other):
        return latest(stored.after(other)) or other
    others = (period for period in sorted(stored.results, reverse=True) if period != other)
    return next(others, other.years_before(-1))


def _with_another(question: Question, main: Period, stored: Stored) -> tuple[Period, ...]:
    """Set a period beside the year before; one spoken of that has none, beside the newest."""
    before, newest = main.years_before(1), stored.newest
    alone = question.origin.periods == "previous" and before not in stored.results
    if alone and newest not in (None, main):
        return main, newest
    return before, main
