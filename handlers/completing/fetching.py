"""Reads the figures that an answer needs, and settles what only they can tell."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from db.facts import Catalogue, Figure, Indicator, Period, Region
from db.store import Store
from handlers.completing import filling, periods, territories
from handlers.completing.needs import NEEDS, Fetch
from handlers.completing.territories import PROVINCES, Territories
from handlers.question import Holdings, Question, Wants
from handlers.territory import best_known
from handlers.verdict import Status, status

MOST_LOOKED_INTO = 24
"""Periods that are looked into, from the latest on, for one with something to say."""


async def fetch(question: Question, store: Store) -> Question:
    """Give the question with the figures that its kind of answer needs."""
    if question.wants in (Wants.OVERVIEW, Wants.TARGETS) and not question.indicators:
        return await _field(question, store)
    if not question.indicators:
        return question
    return await _READS[NEEDS[question.wants].figures](question, store)


async def _whole(question: Question, store: Store) -> Question:
    """Read the figures of all periods."""
    figures = await store.series(
        question.indicators, Territories(question).units, as_of=question.asking.as_of
    )
    return replace(question, held=Holdings(figures))


async def _across(question: Question, store: Store) -> Question:
    """Read the figures of all provinces in a period: that asked for, or the latest with several."""
    period = question.period if question.periods else await _latest_of_several(question, store)
    if period is None:
        return question
    stored = await store.across(question.indicator, [period], as_of=question.asking.as_of)
    ranked = [each for each in stored if each.region.level in PROVINCES and each.value is not None]
    among = territories.one_map(question, ranked, period)
    if not among:
        return question
    origin = question.origin if question.periods else replace(question.origin, periods="latest")
    held = Holdings(tuple(among))
    return replace(question, held=held, periods=(period,), origin=origin)


async def _latest_of_several(question: Question, store: Store) -> Period | None:
    """Give the latest period with results of two places; where none has, of one."""
    as_of = question.asking.as_of
    ranked = [each for each in question.catalogue.regions.values() if each.level in PROVINCES]
    return await store.latest(
        question.indicator, ranked, as_of=as_of, places=2
    ) or await store.latest(question.indicator, ranked, as_of=as_of)


async def _of_periods(question: Question, store: Store) -> Question:
    """Read the figures of the periods asked for, or of the latest."""
    places, as_of = Territories(question), question.asking.as_of
    every = _with_under(question.indicators, question.catalogue)
    covered = every if NEEDS[question.wants].parts else question.indicators
    coverage = await store.coverage(covered, places.every, as_of=as_of)
    question = replace(question, held=Holdings(coverage=coverage))
    if question.missing:
        return replace(question, wants=Wants.NO_DATA, regions=())
    question = filling.fill(question)
    needs = NEEDS[question.wants]
    named = Territories(question)
    chosen = named.chosen()
    regions = tuple(
        unit or named.bearers(name)[-1] for unit, name in zip(chosen, named.names, strict=True)
    )
    figures = await store.in_period(
        periods.shown(question, around=needs.around),
        places.units,
        every if needs.under else question.indicators,
        as_of=as_of,
    )
    question = replace(question, regions=regions, held=replace(question.held, figures=figures))
    nowhere = territories.is_nowhere(question, chosen)
    return replace(question, wants=Wants.NO_DATA) if nowhere else question


async def _as_it_is(question: Question, _: Store) -> Question:
    return question


def _with_under(indicators: Sequence[Indicator], catalogue: Catalogue) -> list[Indicator]:
    """Give the indicators and what is under them."""
    under = [child for each in indicators for child in catalogue.children.get(each.code, ())]
    return list(dict.fromkeys([*indicators, *under]))


# ---------------------------------------------------------------- a field of work, or all of it


async def _field(question: Question, store: Store) -> Question:
    """Read the figures of a field of work, or of a whole period."""
    if question.missing or not question.regions:
        return replace(question, wants=Wants.NO_DATA, regions=())
    if question.periods and not question.reading.time.spans:
        return await _field_of_periods(question, store)
    if question.wants is Wants.OVERVIEW and _in_fields(question):
        return await _newest_of_each(question, store)
    return await _newest_period(question, store)


def _in_fields(question: Question) -> list[Indicator] | None:
    """Give the indicators of the fields of work; None where all are asked about."""
    return [
        each
        for category in question.categories
        for each in question.catalogue.within(category.code)
    ] or None


async def _field_of_periods(question: Question, store: Store) -> Question:
    units = Territories(question).units
    figures = await _in_years(question, question.periods, units, store)
    unit = territories.newest_unit(figures, units, question.periods[-1])
    return replace(question, held=Holdings(_asked(figures, question)), regions=(unit,))


async def _newest_period(question: Question, store: Store) -> Question:
    """Take the latest period that has something to say; leave the question where none has."""
    units = Territories(question).units
    stored = await store.periods(units, as_of=question.asking.as_of)
    newest = sorted(stored, key=lambda each: (each.end, each.days), reverse=True)
    for period in newest[:MOST_LOOKED_INTO]:
        figures = await _in_years(question, (period,), units, store)
        if _says_something(figures, question):
            return replace(
                question,
                held=Holdings(_asked(figures, question)),
                periods=(period,),
                regions=(territories.newest_unit(figures, units, period),),
                origin=replace(question.origin, periods="latest"),
            )
    return question


async def _in_years(
    question: Question, spans: Sequence[Period], units: Sequence[Region], store: Store
) -> tuple[Figure, ...]:
    """Read the figures of periods, and of the reporting years that go by the same number."""
    as_of, years = question.asking.as_of, {each.start.year for each in spans if each.is_year}
    stored = await store.periods(units, as_of=as_of) if years else ()
    reported = [each for each in stored if each.reporting_year in years and each not in spans]
    figures = await store.in_period([*spans, *reported], units, _in_fields(question), as_of=as_of)
    return best_known(figures)


async def _newest_of_each(question: Question, store: Store) -> Question:
    """Take the newest figure of each indicator of a field."""
    units = Territories(question).units
    wanted = _in_fields(question) or []
    series = best_known(await store.series(wanted, units, as_of=question.asking.as_of))
    newest: dict[str, Figure] = {}
    for figure in series:
        kept = newest.get(figure.indicator.code)
        if kept is None or _order(figure) > _order(kept):
            newest[figure.indicator.code] = figure
    figures = tuple(newest.values())
    shared = {each.period for each in figures}
    spans = tuple(shared) if len(shared) == 1 else ()
    return replace(
        question,
        held=Holdings(figures),
        regions=(territories.newest_unit(figures, units),),
        periods=spans,
        origin=replace(question.origin, periods="latest" if spans else None),
    )


def _order(figure: Figure) -> tuple[bool, object, int]:
    """Put results before plans, and the latest last."""
    return figure.value is not None, figure.period.end, figure.period.days


def _asked(figures: Sequence[Figure], question: Question) -> tuple[Figure, ...]:
    """Keep those with a target, where targets are asked for."""
    if question.wants is not Wants.TARGETS:
        return tuple(figures)
    return tuple(each for each in figures if each.target is not None)


def _says_something(figures: Sequence[Figure], question: Question) -> bool:
    """Return whether a period has what is asked for.

    Of targets, results held against them; those that wait, where these are asked for.
    """
    if question.wants is not Wants.TARGETS:
        return any(each.value is not None for each in figures)
    if question.reading.targets.filter is Status.PENDING:
        return any(status(each) is Status.PENDING for each in figures)
    return any(each.target is not None and each.value is not None for each in figures)


_READS: dict[Fetch, Callable[[Question, Store], Awaitable[Question]]] = {
    Fetch.NOTHING: _as_it_is,
    Fetch.WHOLE: _whole,
    Fetch.PERIODS: _of_periods,
    Fetch.ACROSS: _across,
    Fetch.FIELD: _of_periods,
}
"""How the figures of indicators are read."""
