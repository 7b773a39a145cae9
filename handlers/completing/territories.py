"""Which unit a place's name means, where several bore it one after the other."""

from __future__ import annotations

from collections.abc import Sequence

from db.facts import Figure, Period, Region
from handlers.question import Question


def units(question: Question) -> list[Region]:
    """Give every unit that bears or bore one of the names."""
    names = dict.fromkeys(region.name for region in question.regions)
    return [unit for name in names for unit in question.catalogue.namesakes(name)]


def of_period(question: Question) -> tuple[tuple[Region, ...], bool]:
    """Give for each name the unit of the period; True when one was there no more, or not yet."""
    names = list(dict.fromkeys(region.name for region in question.regions))
    if not question.periods:
        return tuple(_with_results(question, name) for name in names), False
    period = max(question.periods, key=lambda each: each.end)
    chosen = [_of_name(question, name, period) for name in names]
    absent = any(unit is None for unit in chosen)
    return tuple(
        unit or question.catalogue.namesakes(name)[-1]
        for unit, name in zip(chosen, names, strict=True)
    ), absent


def _with_results(question: Question, name: str) -> Region:
    """Give the newest unit of a name that has any result."""
    bearers = question.catalogue.namesakes(name)
    stored = {each.region for each in question.held.coverage if each.results}
    return next((unit for unit in reversed(bearers) if unit in stored), bearers[-1])


def _of_name(question: Question, name: str, period: Period) -> Region | None:
    """Give the unit valid on the last day; for a plan alone, the one valid on the first."""
    bearers = question.catalogue.namesakes(name)
    valid = [unit for unit in bearers if unit.valid_on(period.end)]
    planned = {each.region for each in question.held.coverage if period in each.plans}
    results = {each.region for each in question.held.coverage if period in each.results}
    if valid and valid[-1] in planned | results:
        return valid[-1]
    first = [unit for unit in bearers if unit.valid_on(period.start) and unit in planned]
    return next(iter((*first, *valid[-1:])), None)


def with_result(question: Question, *, plans: bool) -> bool:
    """Return whether any of the places has something of a time when it was one.

    `plans`: a target is enough.
    """
    return any(
        each.region in question.regions or each.region.valid_on(period.end)
        for each in question.held.coverage
        for period in (*each.results, *(each.plans if plans else ()))
    )


def newest_unit(
    figures: Sequence[Figure], bearers: Sequence[Region], period: Period | None = None
) -> Region:
    """Give the unit that the figures are of; without any, the one of the period, or the last."""
    if figures:
        return figures[-1].region
    if period is None:
        return bearers[-1]
    return next((unit for unit in reversed(bearers) if unit.valid_on(period.end)), bearers[-1])
