"""Places in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from db.facts import Better, Figure, Indicator, UnitKind
from db.store import Store
from handlers.answers import no_data, pictures
from handlers.answers.lines import (
    Sheet,
    leaning,
    offer_figure,
    source_note,
    territory,
    unfiltered,
)
from handlers.answers.pages import cut, offer_chart
from handlers.message import Block, Strong, Table, heading, line, message, note
from handlers.question import Answer, Order, Question
from handlers.say import Say

_MERITS = frozenset({Order.BEST, Order.WORST})


async def answer(question: Question, store: Store, say: Say) -> Answer:
    """The places of one level; the country and its regions are not ranked among provinces."""
    among = list(question.held.figures)
    if not among or question.missing or _lacks_the_asked(question, among):
        return await no_data.answer(question, store, say)
    period, said = question.period, question.origin.periods != "latest"
    if len(among) == 1:
        return _alone(among[0], question, say)
    asked_for, order = question.reading.listing.order, _order(question)
    falling = order is Order.DESC
    listing = replace(question.reading.listing, order=order)
    question = replace(question, reading=replace(question.reading, listing=listing))
    first_is_least = (
        question.indicator.unit.kind is UnitKind.RANK
    )  # the highest of ranks is the first
    among.sort(
        key=lambda each: each.value if each.value is not None else 0,
        reverse=falling is not first_is_least,
    )
    shown, page = cut(question, among[: question.reading.listing.limit])
    sheet = Sheet(shown)
    rows = tuple(
        ((f"{_place(each, among)}. {say.region(each.region)}",), (Strong(say.figure(each)),))
        for each in shown
    )
    blocks: list[Block | None] = [
        heading(f"{question.indicator.name} · {say.period(period)}"),
        line(*_first(shown[0], asked_for, question, say)) if page.number == 1 else None,
        unfiltered(question, say),
        _neither(asked_for, question.indicator, say),
        Table((say.text("column.place"), say.text("column.result")), rows),
        None if said else note(say.text("ranking.newest", period=say.period(period))),
        leaning(question, say),
        territory(among, (), say),
        source_note(shown, say),
    ]
    charted = question.reading.remarks.chart
    asked = [each for each in question.regions if each in {figure.region for figure in among}]
    images = await pictures.of_ranking(among, say, asked) if charted and page.number == 1 else ()
    choices = [] if charted else [offer_chart(question, say)]
    return Answer(
        "ranking",
        question,
        message(*blocks, choices=choices, images=images),
        tuple(sheet.figures),
        tuple(sheet.computed),
        page=page,
    )


def _lacks_the_asked(question: Question, among: Sequence[Figure]) -> bool:
    """Return whether a place was named that has no figure among those in order."""
    names = {figure.region.name for figure in among}
    asked = {each.name for each in question.regions} if question.origin.regions == "said" else set()
    return bool(asked) and asked.isdisjoint(names)


def _alone(figure: Figure, question: Question, say: Say) -> Answer:
    """One place has a figure for the period: there is nothing to rank it among."""
    said = say.text(
        "ranking.alone",
        indicator=figure.indicator.name,
        period=say.period(figure.period),
        place=say.region(figure.region),
    )
    offered = offer_figure(
        say.region(figure.region),
        replace(question, regions=(figure.region,)),
        figure.indicator,
        figure.period,
        say,
    )
    return Answer(
        "no_data",
        question,
        message(heading(say.text("no_data.title")), line(said), choices=[offered]),
    )


def _order(question: Question) -> Order:
    """Which end comes first: best and worst by what is better of the indicator, else by size."""
    indicator, order = question.indicator, question.reading.listing.order
    if order not in _MERITS or indicator.better is Better.NONE:
        return Order.ASC if order in (Order.ASC, Order.WORST) else Order.DESC
    best_falls = (indicator.better is Better.UP) is not (indicator.unit.kind is UnitKind.RANK)
    return Order.DESC if best_falls is (order is Order.BEST) else Order.ASC


def _neither(order: Order | None, indicator: Indicator, say: Say) -> Block | None:
    """Says that neither end is the better one, where the best or the worst is asked for."""
    if order not in _MERITS or indicator.better is not Better.NONE:
        return None
    return note(say.text("ranking.neither"))


def _place(figure: Figure, among: list[Figure]) -> int:
    """Equal values share a place."""
    return next(number for number, each in enumerate(among, 1) if each.value == figure.value)


def _first(
    figure: Figure, asked_for: Order | None, question: Question, say: Say
) -> tuple[str, ...]:
    """Who comes first, and whether that is the best, or the worst where this was asked for."""
    falling = question.reading.listing.order is Order.DESC
    key = "ranking.highest" if falling else "ranking.lowest"
    best = question.indicator.better
    # The largest sum is no merit of its own: a large province collects more.
    sized = question.indicator.unit.kind in (UnitKind.COUNT, UnitKind.MONEY)
    largest = falling is not (question.indicator.unit.kind is UnitKind.RANK)
    praise = not sized and best is not Better.NONE and (best is Better.UP) == largest
    first = say.words(key, place=Strong(say.region(figure.region)), value=say.figure(figure))
    if asked_for is Order.WORST and best is not Better.NONE:
        return (*first, say.text("ranking.worst"))
    return (*first, say.text("ranking.best")) if praise else first
