"""What an indicator means, its unit, and where its figures come from."""

from __future__ import annotations

from db.facts import Better, Indicator, Source
from db.store import Store
from handlers.answers.lines import offer_figure
from handlers.message import Block, Choice, Strong, heading, line, message, note
from handlers.question import Answer, Question
from handlers.say import Say


async def answer(question: Question, store: Store, say: Say) -> Answer:
    if not question.indicators:
        return await sources(question, store, say)
    blocks: list[Block | None] = []
    choices: list[Choice] = []
    for indicator in question.indicators:
        blocks.append(heading(indicator.name))
        meaning = (
            line(indicator.definition)
            if indicator.definition
            else line(say.text("definition.missing"))
        )
        facts = [meaning, line(say.text("definition.unit", unit=say.unit(indicator.unit)))]
        where = [line(*_source(each, say)) for each in _sources_of(question, indicator)] or [
            line(say.text("definition.no_source"))
        ]
        blocks += [*where, *facts] if question.reading.remarks.source else [*facts, *where]
        if indicator.better is not Better.NONE:
            blocks.append(note(say.text(f"definition.better.{indicator.better.value}")))
        if indicator.aliases:
            blocks.append(
                note(say.text("definition.aliases", aliases=", ".join(indicator.aliases)))
            )
        results = [
            each
            for each in question.held.figures
            if each.indicator == indicator and each.value is not None
        ]
        if results:
            newest = max(results, key=lambda each: (each.period.end, each.period.days))
            choices.append(
                offer_figure(
                    say.period(newest.period)[:1].upper() + say.period(newest.period)[1:],
                    question,
                    indicator,
                    newest.period,
                    say,
                )
            )
    return Answer("definition", question, message(*blocks, choices=choices[:4]))


async def sources(question: Question, store: Store, say: Say) -> Answer:
    """Every source of the store."""
    every = await store.sources()
    if not every:
        return Answer("definition", question, message(line(say.text("definition.no_sources"))))
    return Answer(
        "definition",
        question,
        message(
            heading(say.text("definition.sources")),
            *(line(*_source(each, say)) for each in every[:20]),
        ),
    )


def _sources_of(question: Question, indicator: Indicator) -> list[Source]:
    return list(
        dict.fromkeys(each.source for each in question.held.figures if each.indicator == indicator)
    )


def _source(source: Source, say: Say) -> tuple[str, ...]:
    parts: list[str] = [say.source(source)]
    if source.publisher and source.title != source.publisher:
        parts.append(f"“{source.title}”")
    if source.address:
        parts.append(source.address)
    return (
        *say.words("definition.source", source=Strong(parts[0])),
        *(f" – {each}" for each in parts[1:]),
    )
