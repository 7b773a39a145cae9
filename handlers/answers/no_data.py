"""Understood, but nothing is stored for it: what there is instead, and never another figure as if
it were the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from db.facts import Coverage, Indicator, Period, Region
from db.store import Store
from handlers.answers.choose import offer
from handlers.answers.lines import MOST_CHOICES, leaning, offer_periods
from handlers.message import Block, Choice, heading, line, message
from handlers.question import Answer, Doubt, Question, Wants
from handlers.say import Say

NEAR = 0.15
"""A claim from which an indicator is near to what is not stored."""
MOST_NAMED = 8
MOST_ELSEWHERE = 3
Found = tuple[Region, Period]
"""Where and of when there is a result."""
MOST_INSIDE = 12


async def answer(question: Question, store: Store, say: Say) -> Answer:
    if question.reading.not_stored and not question.indicators:
        return _of_no_indicator(question, say)
    blocks: list[Block | None] = [heading(say.text("no_data.title")), line(what(question, say))]
    choices: list[Choice] = []
    became = _became(question, say)
    if became is not None:
        blocks.append(line(became))
    for indicator in question.indicators[:3]:
        periods = _periods(question, indicator)
        if periods and not question.missing:
            inside = _inside(question, periods)
            if inside:
                within = say.listing([say.period(each) for each in question.periods])
                said = say.listing([say.period(each) for each in inside[-MOST_INSIDE:]])
                blocks.append(
                    line(
                        say.text(
                            "no_data.inside", indicator=indicator.name, period=within, periods=said
                        )
                    )
                )
            said = say.listing([say.period(each) for each in periods[-MOST_NAMED:]])
            key = "no_data.many" if len(periods) > MOST_NAMED else "no_data.periods"
            blocks.append(
                line(say.text(key, indicator=indicator.name, count=len(periods), periods=said))
            )
            choices += offer_periods(question, indicator, reversed((inside or periods)[-4:]), say)
        else:
            places = await store.places_of(indicator, as_of=question.asking.as_of)
            if places:
                blocks.append(line(_places(indicator, places, say)))
                choices += _elsewhere(
                    indicator, await _newest(question, indicator, places, store), say
                )
            else:
                regions = list(question.catalogue.regions.values())
                planned = await store.coverage([indicator], regions, as_of=question.asking.as_of)
                blocks.append(line(_planned(question, indicator, planned, say)))
    blocks += [
        line(say.text("reason.nothing")) if question.reading.remarks.reason else None,
        leaning(question, say),
    ]
    return Answer("no_data", question, message(*blocks, choices=choices[:MOST_CHOICES]))


def _of_no_indicator(question: Question, say: Say) -> Answer:
    """What no indicator is about, and the indicators that are near where any really is."""
    near = [each for each in question.reading.candidates if each.claim >= NEAR]
    doubt = Doubt(question.reading.text, tuple(each.indicator.code for each in near))
    shown = [question.catalogue.indicators[code] for code in doubt.shown]
    told = message(
        heading(say.text("no_data.title")),
        line(say.text("no_data.term", terms=say.listing(list(question.reading.not_stored)))),
        line(say.text("no_data.near")) if shown else None,
        choices=[offer(question, indicator, say) for indicator in shown],
    )
    return Answer("no_data", question, told, doubt=doubt if shown else None)


def what(question: Question, say: Say) -> str:
    """What there is no figure of: indicator, place, period."""
    subjects = [each.name for each in question.indicators] or [
        each.name for each in question.categories
    ]
    parts = [
        say.listing(subjects),
        say.listing([*question.missing, *(say.region(each) for each in question.regions)]),
        say.listing([say.period(each) for each in question.periods]),
    ]
    target = question.wants == Wants.TARGETS or (
        question.reading.targets.spoken and not question.held.coverage
    )
    return say.text(
        "no_data.target" if target else "no_data.what",
        what=" · ".join(part for part in parts if part),
    )


def _periods(question: Question, indicator: Indicator) -> list[Period]:
    """The periods with a result in the place that was asked about."""
    names = {
        each.name for each in question.regions
    }  # also the unit of that name before or after a change of territory
    covered = [
        each
        for each in question.held.coverage
        if each.indicator == indicator and each.region.name in names
    ]
    found = {period for each in covered for period in each.results}
    return sorted(found, key=lambda period: (period.end, period.days))


def _inside(question: Question, periods: list[Period]) -> list[Period]:
    """The periods with a result that are parts of those asked for: months of the quarter."""
    return [
        each
        for each in periods
        if any(asked.contains(each) and asked != each for asked in question.periods)
    ]


def _planned(
    question: Question, indicator: Indicator, covered: Sequence[Coverage], say: Say
) -> str:
    """What is said of an indicator without a result anywhere: for which periods there are plans."""
    asked = {each.name for each in question.regions}
    planned = sorted(
        {
            period
            for each in covered
            if each.region.name in asked or not asked
            for period in each.plans
        }
    )
    if planned:
        said = say.listing([say.period(each) for each in planned[-MOST_NAMED:]])
        return say.text("no_data.planned", indicator=indicator.name, periods=said)
    return say.text("no_data.never", indicator=indicator.name)


def _places(indicator: Indicator, places: Sequence[Region], say: Say) -> str:
    names = list(dict.fromkeys(say.region(each) for each in places))
    more = len(names) - MOST_NAMED
    listed = say.listing(names[:MOST_NAMED]) if more <= 0 else ", ".join(names[:MOST_NAMED]) + " …"
    return say.text("no_data.places", indicator=indicator.name, places=listed)


async def _newest(
    question: Question, indicator: Indicator, places: Sequence[Region], store: Store
) -> list[Found]:
    """The newest result of each of the first places, of the period that was asked for where one
    was.
    """
    if question.periods:
        figures = await store.across(indicator, question.periods, as_of=question.asking.as_of)
        found = [(each.region, each.period) for each in figures if each.value is not None]
    else:
        first = list(dict.fromkeys(each.name for each in places))[:MOST_ELSEWHERE]
        units = [each for each in places if each.name in first]
        covered = await store.coverage([indicator], units, as_of=question.asking.as_of)
        found = [(each.region, each.results[-1]) for each in covered if each.results]
    newest = {region.name: (region, period) for region, period in found}
    return list(newest.values())[:MOST_ELSEWHERE]


def _elsewhere(indicator: Indicator, newest: Sequence[Found], say: Say) -> list[Choice]:
    """The same question for a place that has figures: each names its place and period, so that none
    is taken for the asked one.
    """
    asking = say.asking
    return [
        Choice(
            f"{say.region(region)} · {say.period(period)}",
            asking.text(
                "ask.figure",
                indicator=indicator.name,
                region=f" {region.name}",
                period=asking.text("ask.period", period=asking.period(period)),
            ),
        )
        for region, period in newest
    ]


def _became(question: Question, say: Say) -> str | None:
    """What an old place became, when it is asked about for a day on which it was no more."""
    if not question.regions or not question.periods:
        return None
    region, period = question.region, question.periods[-1]
    if region.valid_to is None or period.end <= region.valid_to or not region.successors:
        return None
    names = [key.partition("@")[0] for key in region.successors]
    day = say.day(region.valid_to + timedelta(days=1))
    return say.text("no_data.became", day=day, region=region.name, became=say.listing(names))
