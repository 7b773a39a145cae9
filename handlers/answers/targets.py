"""Indicators held against their targets: which met them, which did not, which wait for a result."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from db.facts import Figure
from db.store import Store
from handlers.answers import no_data
from handlers.answers.lines import (
    MOST_CHOICES,
    Sheet,
    later_territory,
    leaning,
    mood,
    place_part,
    reason,
    short_status,
    source_note,
    unfiltered,
)
from handlers.answers.pages import cut, field_part
from handlers.message import Block, Choice, Strong, heading, line, message, table
from handlers.question import Answer, Question
from handlers.say import Say
from handlers.verdict import Status, attainment, status

ORDER = (
    Status.MISSED,
    Status.UNCLEAR,
    Status.IN_PROGRESS,
    Status.EXCEEDED,
    Status.MET,
    Status.PENDING,
)


async def answer(question: Question, store: Store, say: Say) -> Answer:
    every = [each for each in question.held.figures if each.target is not None]
    if not every:
        return await no_data.answer(question, store, say)
    wanted = question.reading.targets.filter
    counts = Counter(status(each) for each in every)
    short = (Status.MET, Status.MISSED) if question.reading.targets.not_exceeded else ORDER
    asked = [
        each
        for each in every
        if (status(each) is wanted if wanted is not None else status(each) in short)
    ]
    listed = sorted(asked, key=lambda each: ORDER.index(status(each)))
    shown, page = cut(question, listed)
    sheet = Sheet(shown)
    blocks: list[Block | None] = [heading(_title(question, say)), unfiltered(question, say)]
    if page.number == 1:
        blocks.append(line(*summary(every, say, sheet)))
    if not shown and wanted is not None:
        blocks.append(
            line(say.text(f"targets.no.{wanted.value}", period=say.period(question.period)))
        )
    if shown:
        rows = tuple(row(each, say, sheet, _named(each, question, say)) for each in shown)
        blocks.append(table(header(say), rows))
    blocks += [reason(question, say), leaning(question, say), later_territory(shown, say)]
    blocks.append(source_note(shown or every, say))
    return Answer(
        "targets",
        question,
        message(*blocks, choices=_choices(question, counts, say)),
        tuple(sheet.figures),
        tuple(sheet.computed),
        page=page,
    )


def _title(question: Question, say: Say) -> str:
    subject = say.text(
        "targets.title", period=say.listing([say.period(each) for each in question.periods])
    )
    parts = [subject, *(each.name for each in question.categories), say.region(question.region)]
    return " · ".join(parts)


def summary(every: list[Figure], say: Say, sheet: Sheet) -> tuple[str, ...]:
    """ "7 chỉ tiêu: vượt 3, đạt 4"."""
    for each in every:
        sheet.add(each)
    total = int(sheet.compute("count", Decimal(len(every)), "", *every))
    parts: list[str] = []
    for kind in ORDER:
        of = [each for each in every if status(each) is kind]
        if of:
            number = int(sheet.compute("count", Decimal(len(of)), "", *of))
            parts.append(
                say.text("targets.count", status=say.text(f"status.{kind.value}"), count=number)
            )
    return say.words("targets.summary", count=total, parts=", ".join(parts))


def header(say: Say) -> tuple[str, ...]:
    """What stands above the cells of `row`."""
    return tuple(say.text(f"column.{each}") for each in ("indicator", "result", "target", "status"))


def _named(figure: Figure, question: Question, say: Say) -> str:
    """What a row is called: by its period, too, where several are listed."""
    alone = question.periods == (figure.period,)
    return (
        figure.indicator.name if alone else f"{figure.indicator.name} · {say.period(figure.period)}"
    )


def row(figure: Figure, say: Say, sheet: Sheet, name: str = "") -> tuple[tuple[str, ...], ...]:
    """An indicator, its result, what was asked, and the verdict with the share attained; `name`
    stands for the indicator's.
    """
    now = status(figure)
    verdict: tuple[str, ...] = (mood(now)(short_status(figure, say)),)
    attained = attainment(figure)
    if attained is not None and now not in (Status.PENDING, Status.UNCLEAR):
        verdict += (f" ({say.number(sheet.compute('attainment', attained, '%', figure))}%)",)
    release = say.release(figure)
    said = (
        (Strong(say.figure(figure)), f" ({release})") if release else (Strong(say.figure(figure)),)
    )
    result = said if figure.value is not None else ("–",)
    target = say.target(figure.target, figure.indicator.unit) if figure.target is not None else ""
    return (name or figure.indicator.name,), result, (target,), verdict


def _choices(question: Question, counts: Counter[Status], say: Say) -> list[Choice]:
    asking, place = say.asking, field_part(question, say.asking) + place_part(question, say)
    when = asking.period(question.period)
    offered = [
        Choice(
            say.text(f"offer.filter.{each.value}"),
            asking.text(f"ask.filter.{each.value}", region=place, period=when),
        )
        for each in (Status.MISSED, Status.EXCEEDED, Status.MET, Status.PENDING)
        if counts[each] and question.reading.targets.filter != each.value and len(counts) > 1
    ]
    if question.reading.targets.filter:
        offered.append(
            Choice(
                say.text("offer.targets", period=say.period(question.period)),
                asking.text(
                    "ask.plans" if question.categories else "ask.targets", region=place, period=when
                ),
            )
        )
    return offered[:MOST_CHOICES]
