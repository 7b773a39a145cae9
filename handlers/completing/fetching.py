"""Reads the figures that an answer needs, and settles what only they can tell."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from itertools import chain

from db.facts import Catalogue, Figure, Indicator, Period, Region
from db.store import Store
from handlers.completing import filling, periods, territories
from handlers.completing.needs import NEEDS, Fetch
from handlers.completing.territories import Territories
from handlers.question import Holdings, Question, Wants
from handlers.territory import best_known
from handlers.verdict import Status, status

MOST_LOOKED_INTO = 24
"""Periods that are looked into, from the latest on, for one with something to say."""


async def fetch(question: Question, store: Store) -> Question:
    """Give the question with the figures that its kind of answer needs."""
    needed = NEEDS[question.wants].figures
    if question.indicators:
        return await _READS[needed](question, store)
    return await _field(question, store) if needed is Fetch.FIELD else question


async def _whole(question: Question, store: Store) -> Question:
    """Read the figures of all periods."""
    figures = await store.series(
        question.indicators, Territories(question).units, as_of=question.asking.as_of
    )
    return replace(question, held=Holdings(figures))


async def _across(question: Question, store: Store) -> Question:
    """Read the figures of all provinces in a period: that asked for, or the latest with several."""
    if question.periods:
        return await _ranked(question, question.period, store)
    newest = await _latest_of_several(question, store)
    if newest is None:
        return question
    ranked = await _ranked(question, newest, store)
    return ranked.over((newest,), "latest") if ranked.held.figures else question


async def _ranked(question: Question, period: Period, store: Store) -> Question:
    """Read the figures of the provinces of one map in a period."""
    stored = await store.across(question.indicator, [period], as_of=question.asking.as_of)
    among = territories.one_map(question, stored, period)
    return replace(question, held=Holdings(among))


async def _latest_of_several(question: Question, store: Store) -> Period | None:
    """Give the latest period with results of two places; where none has, of one."""
    as_of, ranked = question.asking.as_of, territories.provinces(question)
    several = await store.latest(question.indicator, ranked, as_of=as_of, places=2)
    return several or await store.latest(question.indicator, ranked, as_of=as_of)


async def _of_periods(question: Question, store: Store) -> Question:
    """Read the figures of the periods asked for, or of the latest."""
    places, as_of = Territories(question), question.asking.as_of
    covered: Sequence[Indicator] = question.indicators
    if NEEDS[question.wants].parts:
        covered = _with_under(covered, question.catalogue)
    coverage = await store.coverage(covered, places.every, as_of=as_of)
    question = replace(question, held=Holdings(coverage=coverage))
    if question.missing:
        return replace(question, wants=Wants.NO_DATA, regions=())
    question = filling.fill(question)
    figures = await _shown(question, places, store)
    chosen = Territories(question).chosen()
    question = replace(
        question,
        regions=Territories(question).given(chosen),
        held=replace(question.held, figures=figures),
    )
    nowhere = territories.is_nowhere(question, chosen)
    return question.wanting(Wants.NO_DATA) if nowhere else question


async def _shown(question: Question, places: Territories, store: Store) -> tuple[Figure, ...]:
    """Read the figures that may be shown of what is asked."""
    needs, indicators = NEEDS[question.wants], question.indicators
    every = _with_under(indicators, question.catalogue) if needs.under else indicators
    spans = periods.shown(question, around=needs.around)
    return await store.in_period(spans, places.units, every, as_of=question.asking.as_of)


async def _as_it_is(question: Question, _: Store) -> Question:
    return question


def _with_under(indicators: Sequence[Indicator], catalogue: Catalogue) -> list[Indicator]:
    """Give the indicators and what is under them."""
    under = chain.from_iterable(catalogue.children.get(each.code, ()) for each in indicators)
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
    within = question.catalogue.within
    return list(chain.from_iterable(within(each.code) for each in question.categories)) or None


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
    as_of, every = question.asking.as_of, list(spans)
    if any(span.is_year for span in spans):
        every += _reporting(spans, await store.periods(units, as_of=as_of))
    return best_known(await store.in_period(every, units, _in_fields(question), as_of=as_of))


def _reporting(years: Sequence[Period], stored: Sequence[Period]) -> list[Period]:
    """Give the stored reporting years that go by the same numbers as calendar years."""
    numbers = {period.start.year for period in years if period.is_year}
    named = [period for period in stored if period.reporting_year in numbers]
    return [period for period in named if period not in years]


async def _newest_of_each(question: Question, store: Store) -> Question:
    """Take the newest figure of each indicator of a field."""
    units = Territories(question).units
    wanted = _in_fields(question) or []
    series = best_known(await store.series(wanted, units, as_of=question.asking.as_of))
    figures = _last_of_each(series)
    unit = territories.newest_unit(figures, units)
    question = replace(question, held=Holdings(figures), regions=(unit,))
    shared = {figure.period for figure in figures}
    if len(shared) == 1:
        return question.over(tuple(shared), "latest")
    return replace(question, periods=(), origin=replace(question.origin, periods=None))


def _last_of_each(series: Sequence[Figure]) -> tuple[Figure, ...]:
    """Give the last figure of each indicator, a result before a plan."""
    newest: dict[str, Figure] = {}
    for figure in series:
        kept = newest.setdefault(figure.indicator.code, figure)
        newest[figure.indicator.code] = max(kept, figure, key=_order)
    return tuple(newest.values())


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
