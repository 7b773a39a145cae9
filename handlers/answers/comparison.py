"""Two or more periods, places or indicators side by side, with the difference; a missing side is
named.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise

from db.facts import Figure, Indicator, Period, Region, Target, UnitKind
from db.store import Store
from handlers.answers import no_data, pictures
from handlers.answers.lines import (
    Sheet,
    capital,
    change,
    change_of_target,
    leaning,
    no_share,
    offer_figure,
    reason,
    short_status,
    small,
    source_note,
    territory,
    unfiltered,
    unreckoned,
)
from handlers.answers.pages import cut
from handlers.message import Block, Choice, Strong, heading, line, message, table
from handlers.question import Answer, Question
from handlers.say import Say
from handlers.verdict import difference

LEAP = 3
"""Days by which spans of like length differ: February of a leap year, quarters."""
Side = tuple[tuple[Indicator, Region, Period], Figure | None]
"""What was to be compared, and its figure if one is stored."""


async def answer(question: Question, store: Store, say: Say) -> Answer:
    wanted = [
        (indicator, region, period)
        for indicator in question.indicators
        for region in question.regions
        for period in question.periods
    ]
    sides: list[Side] = [(each, question.held.at(*each)) for each in wanted]
    found = [figure for _, figure in sides if figure is not None and figure.value is not None]
    if question.reading.targets.plan and any(
        figure is not None and own_target(figure) for _, figure in sides
    ):
        return _of_targets(sides, question, say)
    if not found:
        return await no_data.answer(question, store, say)
    shown, page = cut(question, found)
    sheet = Sheet(shown)
    blocks: list[Block | None] = [
        heading(_title(question, say)),
        unfiltered(question, say),
        unreckoned(question, say),
    ]
    rows = tuple(
        (((name(each, question, say)),), (Strong(say.figure(each)),), (short_status(each, say),))
        for each in shown
    )
    blocks.append(
        table((say.text("column.what"), say.text("column.result"), say.text("column.status")), rows)
    )
    if page.number == 1:
        blocks += [line(each) for each in _missing(sides, question, say)]
    if question.reading.targets.plan and page.number == 1:
        blocks.append(
            line(
                say.text(
                    "comparison.no_target",
                    what=say.listing([_label(each, question, say) for each in found]),
                )
            )
        )
    blocks += [line(*words) for words in differences(found, shown, question, say, sheet) if words]
    blocks.append(no_share(question, say))
    source = source_note(sheet.figures, say)
    blocks += [
        reason(question, say),
        leaning(question, say),
        territory(found, question.held.coverage, say),
        source,
    ]
    choices = [_offered(each, question, say) for each in shown[:4]]
    images = (
        await pictures.of_comparison(found, say)
        if question.reading.remarks.chart and page.number == 1
        else ()
    )
    return Answer(
        "comparison",
        question,
        message(*blocks, choices=choices, images=images),
        tuple(sheet.figures),
        tuple(sheet.computed),
        page=page,
    )


def own_target(figure: Figure) -> Target | None:
    """The target of a figure's own period."""
    return (
        figure.target
        if figure.target is not None and figure.target.period == figure.period
        else None
    )


def _of_targets(sides: list[Side], question: Question, say: Say) -> Answer:
    """What was asked of each side, beside its result; whether it was met is another question."""
    found = [
        figure
        for _, figure in sides
        if figure is not None and (figure.value is not None or own_target(figure))
    ]
    sheet = Sheet(found)
    rows = tuple(
        ((name(each, question, say),), (Strong(_asked(each, say)),), (_result(each, say),))
        for each in found
    )
    bare = [_label(each, question, say) for each in found if own_target(each) is None]
    absent = [(key, figure) for key, figure in sides if figure not in found]
    titles = (say.text("column.what"), say.text("column.target"), say.text("column.result"))
    blocks: list[Block | None] = [heading(_title(question, say)), table(titles, rows)]
    if bare:
        blocks.append(line(say.text("comparison.no_target", what=say.listing(bare))))
    blocks += [line(each) for each in _missing(absent, question, say)]
    asked = sorted((each for each in found if own_target(each)), key=_place)
    for before, after in pairwise(asked):
        if _same_but_time(before, after):
            moved = change_of_target(after, before, say, sheet)
            blocks.append(line(say.text("comparison.of_targets") + ": ", *moved) if moved else None)
    results = [each for each in found if each.value is not None]
    for words in differences(results, results, question, say, sheet):
        blocks.append(line(say.text("comparison.of_results") + ": ", *words) if words else None)
    blocks += [
        reason(question, say),
        leaning(question, say),
        territory(found, question.held.coverage, say),
        source_note(found, say),
    ]
    choices = [_offered(each, question, say) for each in found[:4]]
    return Answer(
        "comparison",
        question,
        message(*blocks, choices=choices),
        tuple(sheet.figures),
        tuple(sheet.computed),
    )


def _asked(figure: Figure, say: Say) -> str:
    target, unit = own_target(figure), figure.indicator.unit
    if target is None:
        return ""
    plan = say.plan(target, unit)
    return say.text(
        "comparison.target" if plan == say.target(target, unit) else "comparison.plan", target=plan
    )


def _result(figure: Figure, say: Say) -> str:
    return (
        say.text("comparison.result", value=say.figure(figure))
        if figure.value is not None
        else say.text("value.none")
    )


def _place(figure: Figure) -> tuple[str, str, date]:
    """Where a figure stands among others: with those of its indicator and place, in the order of
    time.
    """
    return figure.indicator.code, figure.region.key, figure.period.end


def _same_but_time(before: Figure, after: Figure) -> bool:
    """Whether two figures differ in time alone, over spans of like length."""
    same = (before.indicator, before.region) == (after.indicator, after.region)
    return same and abs(before.period.days - after.period.days) <= LEAP


def differences(
    found: list[Figure], shown: list[Figure], question: Question, say: Say, sheet: Sheet
) -> list[tuple[str, ...]]:
    """The difference of each pair that can be told: along time, between places, between indicators
    in one unit.

    A pair is told where the second of it is shown, so that the pages together tell each once.
    """
    lines: list[tuple[str, ...]] = []
    for before, after in pairwise(sorted(found, key=_place)):
        if max(before, after, key=found.index) not in shown:
            continue
        if _same_but_time(before, after):
            lines.append((_head(after, question, say), *change(after, before, say, sheet)))
        elif before.indicator == after.indicator and before.region == after.region:
            lines.append(
                (
                    say.text(
                        "comparison.unequal",
                        one=say.period(before.period),
                        other=say.period(after.period),
                    ),
                )
            )
    for one, other in pairwise(found):
        places = one.indicator == other.indicator and one.region != other.region
        things = one.indicator != other.indicator and one.region == other.region
        alike = one.indicator.unit == other.indicator.unit and (
            places or one.of == other.of
        )  # 12 of 19 beside 2 of 13
        if other in shown and one.period == other.period and (places or things) and alike:
            told = _gap(one, other, say, sheet, places=places)
            lines += [(told,)] if told else []
    return lines


def _gap(one: Figure, other: Figure, say: Say, sheet: Sheet, *, places: bool) -> str | None:
    """Which of two is ahead, and by how much; of ranks the smaller number is. None where a result
    is hedged.
    """
    if one.value is None or other.value is None or one.qualifier or other.qualifier:
        return None
    unit = one.indicator.unit
    high, low = (
        (one, other) if (one.value >= other.value) != (unit.kind is UnitKind.RANK) else (other, one)
    )
    if high.value is None or low.value is None:
        return None
    first, second = (
        say.region(each.region) if places else each.indicator.name for each in (high, low)
    )
    second = second if places else small(second)
    gap = abs(difference(high.value, low.value))
    if not gap:
        return say.text("comparison.equal", one=first, other=second, value=say.figure(high))
    sheet.compute("difference", gap, _unit(high, say), high, low)
    key = "comparison.more" if unit.kind is UnitKind.COUNT and not places else "comparison.places"
    return say.text(
        key, high=first, low=second, gap=f"{say.number(gap)} {say.change_unit(unit)}".rstrip()
    )


def _unit(figure: Figure, say: Say) -> str:
    return say.asking.change_unit(figure.indicator.unit)


def _head(figure: Figure, question: Question, say: Say) -> str:
    head = []
    if len(question.indicators) > 1:
        head.append(figure.indicator.name)
    if len(question.regions) > 1:
        head.append(say.region(figure.region))
    return " · ".join(head) + ": " if head else ""


def _title(question: Question, say: Say) -> str:
    parts = [question.indicator.name] if len(question.indicators) == 1 else []
    parts += [say.region(question.region)] if len(question.regions) == 1 else []
    parts += [say.period(question.period)] if len(question.periods) == 1 else []
    return " · ".join(parts) or say.text("comparison.title")


def name(figure: Figure, question: Question, say: Say) -> str:
    """What tells a side from the others."""
    return capital(_label(figure, question, say))


def _label(figure: Figure, question: Question, say: Say) -> str:
    parts = []
    if len(question.indicators) > 1:
        parts.append(figure.indicator.name)
    if len(question.regions) > 1:
        parts.append(say.region(figure.region))
    if len(question.periods) > 1 or not parts:
        parts.append(say.period(figure.period))
    return " · ".join(parts)


def _missing(sides: list[Side], question: Question, say: Say) -> list[str]:
    gone = [
        " · ".join((indicator.name, say.region(region), say.period(period)))
        for (indicator, region, period), figure in sides
        if figure is None or figure.value is None
    ]
    gone += [f"{question.indicator.name} · {place}" for place in question.missing]
    return [say.text("comparison.missing", what=each) for each in gone]


def _offered(figure: Figure, question: Question, say: Say) -> Choice:
    """A choice that asks for one side alone, in its own place."""
    there = replace(question, regions=(figure.region,))
    label = name(figure, question, say)
    return offer_figure(label, there, figure.indicator, figure.period, say)
