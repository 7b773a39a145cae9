"""One indicator over several periods."""

from __future__ import annotations

from db.facts import Figure
from db.store import Store
from handlers.answers import no_data, pictures
from handlers.answers.lines import (
    Sheet,
    capital,
    change,
    leaning,
    offer_figure,
    reason,
    short_status,
    source_note,
    territory,
    unfiltered,
    unreckoned,
)
from handlers.answers.pages import cut, offer_chart
from handlers.message import Strong, heading, line, message, table
from handlers.question import Answer, Question
from handlers.say import Say
from handlers.territory import is_later


async def answer(question: Question, store: Store, say: Say) -> Answer:
    figures = question.held.through(question.indicator, question.region, question.periods)
    results = [each for each in figures if each.value is not None]
    if not results:
        return await no_data.answer(question, store, say)
    newest, page = cut(
        question, figures[::-1]
    )  # the first page has the newest periods, and each is read downwards
    shown = newest[::-1]
    sheet = Sheet(shown)
    charted = question.reading.remarks.chart
    title = heading(f"{question.indicator.name} · {say.region(question.region)}")
    mixed = len({each.region for each in figures}) > 1
    rows = tuple(row(each, say, mixed=mixed) for each in shown)
    by_period = table(
        (
            say.text("column.period"),
            say.text("column.result"),
            say.text("column.target"),
            say.text("column.status"),
        ),
        rows,
    )
    same_length = [
        each for each in results if _alike(each, results[-1]) and each.region == results[-1].region
    ]
    moved = (
        change(same_length[-1], same_length[0], say, sheet)
        if len(same_length) > 1 and page.number == 1
        else ()
    )
    alone = (
        say.text("series.one", period=say.period(results[0].period)) if len(results) == 1 else ""
    )
    reply = message(
        title,
        unfiltered(question, say),
        unreckoned(question, say),
        by_period,
        line(say.text("series.whole"), *moved) if moved else None,
        line(alone) if alone else None,
        reason(question, say),
        territory(results, question.held.coverage, say),
        leaning(question, say),
        source_note(shown, say),
        choices=[
            *([] if charted else [offer_chart(question, say)]),
            offer_figure(
                capital(say.period(results[-1].period)),
                question,
                question.indicator,
                results[-1].period,
                say,
            ),
        ],
        images=await pictures.of_series(figures, say) if charted and page.number == 1 else (),
    )
    return Answer("series", question, reply, tuple(sheet.figures), tuple(sheet.computed), page=page)


def row(figure: Figure, say: Say, *, mixed: bool) -> tuple[tuple[str, ...], ...]:
    """Give a period's result, its target and the verdict in a word.

    `mixed`: the other rows may be of another territory.
    """
    target = say.target(figure.target, figure.indicator.unit) if figure.target is not None else ""
    release = say.release(figure)
    result = (
        (Strong(say.figure(figure)), f" ({release})") if release else (Strong(say.figure(figure)),)
    )
    judged = (
        short_status(figure, say) if figure.value is not None else ""
    )  # "chưa có kết quả" is said once
    return (
        (capital(_when(figure, say) if mixed else say.period(figure.period)),),
        result,
        (target,),
        (judged,),
    )


def _when(figure: Figure, say: Say) -> str:
    """Name a figure's period, and a later territory that it was worked out for."""
    period, since = say.period(figure.period), figure.region.valid_from
    if since is None or not is_later(figure.region, figure.period):
        return period
    return say.text("series.later", period=period, day=say.day(since))


def _alike(one: Figure, other: Figure) -> bool:
    """Whether two figures cover spans of the same make, so that their difference says something."""
    return (
        one.period.whole_months == other.period.whole_months
        and one.period.start.month == other.period.start.month
    )
