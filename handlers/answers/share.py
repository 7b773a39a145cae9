"""How much of a whole one of its parts is, in percent."""

from __future__ import annotations

from dataclasses import replace

from db.facts import Figure
from db.store import Store
from handlers.answers import no_data
from handlers.answers.lines import (
    Sheet,
    capital,
    leaning,
    offer_figure,
    reason,
    small,
    source_note,
    territory,
)
from handlers.message import Block, Strong, heading, line, message
from handlers.question import Answer, Question
from handlers.say import Say
from handlers.verdict import percent


async def answer(question: Question, store: Store, say: Say) -> Answer:
    """The share of the first indicator in the second, for each period that was asked about."""
    part, whole = question.indicators
    pairs = [
        (
            question.held.at(part, question.region, each),
            question.held.at(whole, question.region, each),
        )
        for each in question.periods
    ]
    told = [
        (one, other)
        for one, other in pairs
        if one is not None and other is not None and one.region == other.region
    ]
    full = [
        (one, other) for one, other in told if one.value is not None and other.value is not None
    ]
    if not full:
        there = {
            each.indicator
            for each in question.held.figures
            if _is_at(each, question) and each.value is not None
        }
        absent = tuple(each for each in question.indicators if each not in there)
        return await no_data.answer(
            replace(question, indicators=absent or question.indicators), store, say
        )
    sheet = Sheet()
    several = len(full) > 1
    title = [
        part.name,
        say.region(question.region),
        *([] if several else [say.period(full[0][0].period)]),
    ]
    blocks: list[Block | None] = [heading(" · ".join(title))]
    for one, other in full:
        head = capital(say.period(one.period)) + ": " if several else ""
        blocks.append(line(head, *_told(one, other, say, sheet)))
    shown = sheet.figures
    blocks += [
        reason(question, say),
        leaning(question, say),
        territory(shown, question.held.coverage, say),
        source_note(shown, say),
    ]
    period = full[-1][0].period
    choices = [offer_figure(each.name, question, each, period, say) for each in question.indicators]
    return Answer(
        "breakdown",
        question,
        message(*blocks, choices=choices),
        tuple(sheet.figures),
        tuple(sheet.computed),
    )


def _is_at(figure: Figure, question: Question) -> bool:
    return figure.region.name == question.region.name and figure.period in question.periods


def _told(part: Figure, whole: Figure, say: Say, sheet: Sheet) -> tuple[str, ...]:
    sheet.add(part)
    sheet.add(whole)
    said, total = say.figure(part), say.figure(whole)
    if (
        part.value is None
        or whole.value is None
        or part.qualifier
        or whole.qualifier
        or not whole.value
    ):
        return say.words("share.hedged", part=said, total=total)
    names = part.indicator.name, small(whole.indicator.name)
    if part.value > whole.value or part.value < 0:
        return say.words("share.apart", part=names[0], whole=names[1], one=said, other=total)
    share = (
        say.number(sheet.compute("share", percent(part.value, whole.value), "%", part, whole)) + "%"
    )
    return say.words(
        "share.is", share=Strong(share), whole=names[1], part=say.number(part.value), total=total
    )
