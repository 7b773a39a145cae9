"""An indicator and its parts: sums and shares where they are parts, side by side where they are
only related.
"""

from __future__ import annotations

from decimal import Decimal, localcontext

from db.facts import Figure, UnitKind
from db.store import Store
from handlers.answers import figure as one
from handlers.answers import no_data
from handlers.answers.lines import (
    Sheet,
    leaning,
    offer_figure,
    reason,
    source_note,
    territory,
    verdict,
)
from handlers.answers.pages import cut
from handlers.message import Block, Choice, Strong, heading, line, message, table
from handlers.question import Answer, Question
from handlers.say import Say
from handlers.verdict import EXACT, percent, shorten


async def answer(question: Question, store: Store, say: Say) -> Answer:
    whole = question.held.figure(question.indicator, question.region, question.period)
    under = [
        each
        for each in question.held.figures
        if each.indicator.parent == question.indicator.code
        and each.region == question.region
        and each.period == question.period
        and each.value is not None
    ]
    if whole is None and not under:
        return await no_data.answer(question, store, say)
    if not under:
        plain = await one.answer(one.as_figure(question), store, say)
        blocks = (
            *plain.message.blocks[:-1],
            line(say.text("breakdown.none")),
            *plain.message.blocks[-1:],
        )
        return plain.with_message(message(*blocks, choices=plain.message.choices))
    parts = [each for each in under if is_part(each, question)]
    shown, page = cut(question, [*parts, *(each for each in under if each not in parts)])
    related = [each for each in shown if each not in parts]
    sheet = Sheet([*([whole] if whole is not None and page.number == 1 else []), *shown])
    blocks_: list[Block | None] = [
        heading(
            " · ".join(
                (question.indicator.name, say.region(question.region), say.period(question.period))
            )
        )
    ]
    if whole is not None and whole.value is not None and page.number == 1:
        blocks_.append(line(Strong(say.figure(whole))))
        blocks_.append(line(*verdict(whole, say, sheet)) if whole.target is not None else None)
    if shown[0] in parts:
        # Parts that are more than the whole are not of one count with it, as early figures beside a
        # corrected one.
        overfull = whole is not None and whole.value is not None and _total(parts) > whole.value
        blocks_.append(
            table(
                (say.text("breakdown.parts"), say.text("column.result"), say.text("column.share")),
                tuple(
                    _row(each, None if overfull else whole, say, sheet)
                    for each in shown
                    if each in parts
                ),
            )
        )
        blocks_.append(_sum(parts, whole, say, sheet) if page.number == 1 else None)
    if related:
        blocks_.append(
            table(
                (say.text("breakdown.related"), say.text("column.result")),
                tuple(((each.indicator.name,), (Strong(say.figure(each)),)) for each in related),
            )
        )
    blocks_ += [reason(question, say), leaning(question, say)]
    blocks_ += [
        territory(sheet.figures, question.held.coverage, say),
        source_note(sheet.figures, say),
    ]
    choices: list[Choice] = [
        offer_figure(each.indicator.name, question, each.indicator, each.period, say)
        for each in shown[:5]
    ]
    return Answer(
        "breakdown",
        question,
        message(*blocks_, choices=choices),
        tuple(sheet.figures),
        tuple(sheet.computed),
        page=page,
    )


def is_part(figure: Figure, question: Question) -> bool:
    """A child is a part only for counts and money in its parent's unit."""
    unit = figure.indicator.unit
    return unit.kind in (UnitKind.COUNT, UnitKind.MONEY) and unit == question.indicator.unit


def _row(
    figure: Figure, whole: Figure | None, say: Say, sheet: Sheet
) -> tuple[tuple[str, ...], ...]:
    share: tuple[str, ...] = ()
    if (
        whole is not None
        and whole.value
        and figure.value is not None
        and not (whole.qualifier or figure.qualifier)
    ):
        share = (
            say.number(
                sheet.compute("share", percent(figure.value, whole.value), "%", figure, whole)
            )
            + "%",
        )
    return (figure.indicator.name,), (Strong(say.figure(figure)),), share


def _total(parts: list[Figure]) -> Decimal:
    with localcontext(prec=EXACT):
        return sum((each.value for each in parts if each.value is not None), Decimal(0))


def _sum(parts: list[Figure], whole: Figure | None, say: Say, sheet: Sheet) -> Block | None:
    """Says when the parts do not make up the whole; silent when they do."""
    if (
        whole is None
        or whole.value is None
        or len(parts) < 2
        or any(each.qualifier for each in (whole, *parts))
    ):
        return None
    total = _total(parts)
    if total == whole.value:
        return None
    sheet.compute("sum", shorten(total), whole.indicator.unit.name, *parts)
    return line(
        say.text(
            "breakdown.sum",
            sum=say.value(shorten(total), whole.indicator.unit),
            whole=say.figure(whole),
        )
    )
