"""What a fragment asks: its own part, put into the question before it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from enum import Enum, auto

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
    reading, targets = question.reading, question.reading.targets
    listing = replace(reading.listing, order=reading.listing.order or before.frame.order)
    if question.wants is Wants.TARGETS:
        targets = replace(targets, filter=targets.filter or before.filter)
    return replace(question, reading=replace(reading, listing=listing, targets=targets))


def together(question: Question, before: Before) -> Question:
    """Compare what was compared before, where all of it is asked about again: "còn 2022?"."""
    several = len(question.indicators) > 1 or len(question.regions) > 1
    compared = before.wants == Wants.COMPARISON and question.reading.wants is Wants.FIGURE
    if several and compared and question.wants is Wants.FIGURE:
        return question.wanting(Wants.COMPARISON)
    return question


# ---------------------------------------------------------------- what alone was said


class Part(Enum):
    """The parts of a question that may be said alone."""

    THING = auto()
    PLACE = auto()
    PERIOD = auto()


def _is_bare(reading: Reading) -> bool:
    """Return whether a figure is all that was asked for, and not whether it met its target."""
    return reading.wants is Wants.FIGURE and not reading.targets.spoken


def _parts(reading: Reading) -> list[Part]:
    """Give which parts of a question were said."""
    said = {
        Part.THING: bool(reading.indicators),
        Part.PLACE: bool(reading.regions or reading.strangers) or reading.home,
        Part.PERIOD: reading.time.said,
    }
    return [part for part, there in said.items() if there]


def _place_alone(reading: Reading, _: Before) -> bool:
    return _is_bare(reading) and _parts(reading) == [Part.PLACE]


def _period_alone(reading: Reading, _: Before) -> bool:
    return _is_bare(reading) and _parts(reading) == [Part.PERIOD]


def _thing_alone(reading: Reading, _: Before) -> bool:
    """Return whether a follow-up names an indicator alone: "còn thất nghiệp?"."""
    return _is_bare(reading) and _parts(reading) == [Part.THING] and reading.remarks.follows


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
