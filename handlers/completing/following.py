"""What a fragment asks: its own part, put into the question before it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from handlers.completing.before import Before
from handlers.question import Question, Reading, Wants


def settle(question: Question, before: Before) -> Question:
    """Want what was wanted before, where only one part of a question was said: "còn 2022?"."""
    reading = question.reading
    for wants, holds in _RULES:
        if before.wants == wants and holds(reading, before):
            return _framed(replace(question, wants=wants), before)
    return question


def _framed(question: Question, before: Before) -> Question:
    """Keep which end comes first in a ranking, and the status of which targets were listed."""
    reading, frame = question.reading, before.frame
    listing = replace(reading.listing, order=reading.listing.order or frame.order)
    targets = replace(reading.targets, filter=reading.targets.filter or before.filter)
    if question.wants is not Wants.TARGETS:
        targets = reading.targets
    return replace(question, reading=replace(reading, listing=listing, targets=targets))


def together(question: Question, before: Before) -> Question:
    """Compare what was compared before, where all of it is asked about again: "còn 2022?"."""
    several = len(question.indicators) > 1 or len(question.regions) > 1
    alone = question.wants is Wants.FIGURE and question.reading.wants is Wants.FIGURE
    if not several or not alone or before.wants != Wants.COMPARISON:
        return question
    return replace(question, wants=Wants.COMPARISON)


# ---------------------------------------------------------------- what alone was said


def _is_bare(reading: Reading) -> bool:
    """Return whether a figure is all that was asked for, and not whether it met its target."""
    return reading.wants is Wants.FIGURE and not reading.targets.spoken


def _place_alone(reading: Reading, _: Before) -> bool:
    named = bool(reading.regions) or reading.home
    return named and _is_bare(reading) and not reading.indicators and not reading.time.said


def _period_alone(reading: Reading, _: Before) -> bool:
    places = reading.regions or reading.strangers or reading.home
    return reading.time.said and _is_bare(reading) and not reading.indicators and not places


def _thing_alone(reading: Reading, _: Before) -> bool:
    """Return whether a follow-up names an indicator alone: "còn thất nghiệp?"."""
    named = bool(reading.indicators) and reading.remarks.follows
    return named and _is_bare(reading) and not reading.regions and not reading.time.said


def _year_of_parts(reading: Reading, before: Before) -> bool:
    """Return whether another year's months are asked for, after those of one."""
    year = len(reading.time.years) == 1 and before.frame.grain is not None
    return year and _period_alone(reading, before)


def _field_alone(reading: Reading, _: Before) -> bool:
    """Return whether a field of work was named, and no survey of it asked for."""
    concluded = reading.wants is Wants.OVERVIEW and not reading.remarks.surveys
    return concluded and bool(reading.categories) and not reading.regions


_RULES: tuple[tuple[Wants, Callable[[Reading, Before], bool]], ...] = (
    (Wants.SERIES, _place_alone),
    (Wants.SERIES, _thing_alone),
    (Wants.SERIES, _year_of_parts),
    (Wants.COMPARISON, _place_alone),
    (Wants.COMPARISON, _thing_alone),
    (Wants.RANKING, _period_alone),
    (Wants.RANKING, _thing_alone),
    (Wants.TARGETS, _field_alone),
)
"""What was wanted before, and when a fragment wants it again."""
