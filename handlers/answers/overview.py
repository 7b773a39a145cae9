"""All indicators of a field of work, or of a period."""

from __future__ import annotations

from db.facts import Figure
from db.store import Store
from handlers.answers import no_data
from handlers.answers.lines import (
    MOST_CHOICES,
    Sheet,
    later_territory,
    leaning,
    offer_figure,
    place_part,
    reason,
    short_status,
    source_note,
    unfiltered,
)
from handlers.answers.pages import cut
from handlers.message import Block, Choice, Strong, Words, heading, line, message, table
from handlers.question import Answer, Question
from handlers.say import Say


async def answer(question: Question, store: Store, say: Say) -> Answer:
    shown = list(question.held.figures)
    if not shown:
        return await no_data.answer(question, store, say)
    rows, page = cut(question, _in_order(shown, question))
    sheet = Sheet(rows)
    several = len({each.period for each in shown}) > 1 or not question.periods
    header = (say.text("column.indicator"), say.text("column.result"), say.text("column.status"))
    blocks: list[Block | None] = [heading(_title(question, say)), unfiltered(question, say)]
    if question.categories or len(shown) <= 8:
        blocks.append(table(header, tuple(_row(each, question, several, say) for each in rows)))
    else:
        for category, group in _by_category(rows, question).items():
            blocks.append(line(Strong(category)))
            blocks.append(
                table(header, tuple(_row(each, question, several, say) for each in group))
            )
    blocks += [reason(question, say), leaning(question, say), later_territory(rows, say)]
    blocks.append(source_note(rows, say))
    return Answer(
        "overview",
        question,
        message(*blocks, choices=_choices(question, shown, say)),
        tuple(sheet.figures),
        tuple(sheet.computed),
        page=page,
    )


def _title(question: Question, say: Say) -> str:
    parts = [each.name for each in question.categories] or [say.text("overview.title")]
    parts.append(say.region(question.region))
    parts += [say.period(each) for each in question.periods]
    return " · ".join(parts)


def _row(figure: Figure, question: Question, several: bool, say: Say) -> tuple[Words, ...]:
    result: Words
    if figure.value is None and figure.target is not None:
        result = (say.text("overview.plan", plan=say.plan(figure.target, figure.indicator.unit)),)
    else:
        result = (Strong(say.figure(figure)),)
    if several and question.periods[:1] != (figure.period,):
        result += (f" ({say.period(figure.period)})",)
    return (figure.indicator.name,), result, (short_status(figure, say),)


def _in_order(figures: list[Figure], question: Question) -> list[Figure]:
    """Field by field where several are shown, so that a page does not begin again what the one
    before it ended.
    """
    if question.categories or len(figures) <= 8:
        return figures
    return [each for group in _by_category(figures, question).values() for each in group]


def _by_category(rows: list[Figure], question: Question) -> dict[str, list[Figure]]:
    groups: dict[str, list[Figure]] = {}
    for each in rows:
        name = question.category_name(each.indicator.category) or "–"
        groups.setdefault(name, []).append(each)
    return groups


def _choices(question: Question, shown: list[Figure], say: Say) -> list[Choice]:
    asking, place = say.asking, place_part(question, say)
    offered: list[Choice] = []
    targeted = [each for each in shown if each.target is not None]
    if targeted:
        period = question.periods[0] if question.periods else targeted[-1].period
        offered.append(
            Choice(
                say.text("offer.targets", period=say.period(period)),
                asking.text("ask.targets", region=place, period=asking.period(period)),
            )
        )
    if question.categories:
        offered += [
            offer_figure(each.indicator.name, question, each.indicator, each.period, say)
            for each in shown[: MOST_CHOICES - 1]
        ]
    else:
        period = question.periods[0] if question.periods else shown[-1].period
        names = dict.fromkeys(question.category_name(each.indicator.category) for each in shown)
        offered += [
            Choice(
                name,
                asking.text(
                    "ask.overview", category=name, region=place, period=asking.period(period)
                ),
            )
            for name in names
            if name
        ]
    return offered[:MOST_CHOICES]
