"""Understood, but nothing is stored for it: what there is instead, and never another figure as if it were the answer."""

from __future__ import annotations

from datetime import timedelta

from db.facts import Period, Region
from db.store import Store
from handlers.answers.lines import MOST_CHOICES, leaning, offer_periods, reason
from handlers.message import Block, Choice, heading, line, message
from handlers.question import Answer, Question
from handlers.say import Say


async def answer(question: Question, _store: Store, say: Say) -> Answer:
    blocks: list[Block | None] = [heading(say.text("no_data.title")), line(what(question, say))]
    choices: list[Choice] = []
    became = _became(question, say)
    if became is not None:
        blocks.append(line(became))
    elif question.missing:
        there = sorted({say.region(each.region) for each in question.stored if each.value is not None and each.indicator in question.indicators})
        if there:
            blocks.append(line(say.text("no_data.places", places=say.listing(there[:8]))))
    elif question.indicators and question.regions:
        for indicator in question.indicators[:3]:
            periods = _periods(question, indicator.code)
            if periods:
                blocks.append(line(say.text("no_data.periods", indicator=indicator.name, periods=say.listing([say.period(each) for each in periods[-8:]]))))
                choices += offer_periods(question, indicator, reversed(periods[-4:]), say)
            else:
                blocks.append(line(say.text("no_data.never", indicator=indicator.name)))
    blocks += [reason(question, say), leaning(question, say)]
    return Answer("no_data", question, message(*blocks, choices=choices[:MOST_CHOICES]))


def what(question: Question, say: Say) -> str:
    """What there is no figure of: indicator, place, period."""
    parts = [say.listing([each.name for each in question.indicators]) or say.listing([each.name for each in question.categories])]
    parts.append(say.listing([*question.missing, *(say.region(each) for each in question.regions)]))
    parts.append(say.listing([say.period(each) for each in question.periods]))
    key = "no_data.target" if question.wants == "targets" or "target" in question.reading.marks and not question.stored else "no_data.what"
    return say.text(key, what=" · ".join(part for part in parts if part))


def _periods(question: Question, code: str) -> list[Period]:
    regions = set(question.regions)
    return sorted({each.period for each in question.stored if each.indicator.code == code and each.region in regions and each.value is not None}, key=lambda period: (period.end, period.days))


def _became(question: Question, say: Say) -> str | None:
    """What an old place became, when it is asked about for a day on which it was no more."""
    if not question.regions or not question.periods:
        return None
    region, period = question.region, question.periods[-1]
    if region.valid_to is None or period.end <= region.valid_to or not region.successors:
        return None
    names = [key.partition("@")[0] for key in region.successors]
    return say.text("no_data.became", day=say.day(region.valid_to + timedelta(days=1)), region=region.name, became=say.listing(names))


def ended(region: Region, period: Period) -> bool:
    """Whether a place was no more on a period's last day."""
    return region.valid_to is not None and period.end > region.valid_to
