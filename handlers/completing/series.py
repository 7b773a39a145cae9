"""Which periods a series runs over: those of a stretch, the last so many, or all."""

from __future__ import annotations

from dataclasses import replace

from db.facts import Period
from handlers.completing.stored import Stored
from handlers.question import Question, Wants

A_YEAR = 12


def along(question: Question, stored: Stored) -> Question:
    """Take the stored periods of a stretch, of the last so many years, or all there are."""
    said, time = question.periods, question.reading.time
    if said and time.spans:
        return _stretch(question, stored)
    if len(said) > 1:
        return question
    if said and (said[0].is_year or time.grain):  # "theo quý năm 2023"
        steps = _steps_of(question, said[0], stored) or said
        yearly = time.grain in (None, A_YEAR) and not question.reading.remarks.chart
        alone = steps == said and yearly
        wants = Wants.FIGURE if alone else question.wants
        return replace(question, periods=steps, wants=wants)
    return question.over(_last(question, stored), "said" if said else "latest")


def _last(question: Question, stored: Stored) -> tuple[Period, ...]:
    """Give the last so many periods, or all of their length."""
    every, limit = _alike(question, stored), question.reading.listing.limit
    if limit:
        every = stored.up_to_newest(every)[-limit:]
    return tuple(every)


def _steps_of(question: Question, period: Period, stored: Stored) -> tuple[Period, ...]:
    """Give the months or quarters of a period; without a word of these, all that is inside it."""
    if question.reading.time.grain is None:
        return tuple(stored.inside(period))
    return tuple(step for step in _alike(question, stored) if period.contains(step))


def _stretch(question: Question, stored: Stored) -> Question:
    """Take the stored periods inside a stretch; one that is stored itself is a single figure."""
    said = question.periods
    exact, inside = stored.among(said), stored.inside_any(said)
    alone = stored.inside(said[0]) in ([], [said[0]])  # as a plan term has no parts
    if exact and (alone or question.reading.targets.plan):
        return replace(question, periods=exact, wants=Wants.FIGURE)
    if not inside:
        return replace(question, wants=Wants.NO_DATA)
    steps = [period for period in inside if _is_step(period, question.reading.time.grain)]
    return replace(question, periods=tuple(steps or inside), wants=Wants.SERIES)


def _is_step(period: Period, grain: int | None) -> bool:
    return period.whole_months == grain if grain else period.is_year


def _alike(question: Question, stored: Stored) -> list[Period]:
    """Give the stored periods of the length that was said, else the years, else the newest's."""
    grain, newest = question.reading.time.grain, stored.newest
    if grain:
        return stored.lasting(grain)
    if stored.years or newest is None:
        return stored.years or stored.every
    return stored.lasting(newest.whole_months)
