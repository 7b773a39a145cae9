"""Two or more periods, places or indicators side by side, with the difference; a missing side is named."""

from __future__ import annotations

from itertools import pairwise

from db.facts import Figure, Indicator, Period, Region
from db.store import Store
from handlers.answers import no_data, pictures
from handlers.answers.lines import Sheet, change, leaning, offer_figure, reason, short_status, source_note, territory
from handlers.message import Block, Strong, heading, line, message, table
from handlers.question import Answer, Question
from handlers.say import Say
from handlers.verdict import difference

Side = tuple[tuple[Indicator, Region, Period], Figure | None]
"""What was to be compared, and its figure if one is stored."""


async def answer(question: Question, store: Store, say: Say) -> Answer:
    wanted = [
        (indicator, region, period)
        for indicator in question.indicators
        for region in question.regions
        for period in question.periods
    ]
    sides: list[Side] = [(each, question.at(*each)) for each in wanted]
    found = [figure for _, figure in sides if figure is not None and figure.value is not None]
    if not found:
        return await no_data.answer(question, store, say)
    sheet = Sheet(found)
    blocks: list[Block | None] = [heading(_title(question, say))]
    rows = tuple((((name(each, question, say)),), (Strong(say.figure(each)),), (short_status(each, say),)) for each in found)
    blocks.append(table((say.text("column.what"), say.text("column.result"), say.text("column.status")), rows))
    blocks += [line(each) for each in _missing(sides, question, say)]
    blocks += [line(*words) for words in differences(found, question, say, sheet) if words]
    blocks += [reason(question, say), leaning(question, say), territory(found, question.stored, say), source_note(found, say)]
    choices = [offer_figure(name(each, question, say), question, each.indicator, each.period, say) for each in found[:4]]
    images = await pictures.of_comparison(found, say) if "chart" in question.reading.marks else ()
    return Answer(
        "comparison", question, message(*blocks, choices=choices, images=images), tuple(sheet.figures), tuple(sheet.computed)
    )


def differences(found: list[Figure], question: Question, say: Say, sheet: Sheet) -> list[tuple[str, ...]]:
    """The difference of each pair that can be told: along time for one indicator and place, between places for one period."""
    lines: list[tuple[str, ...]] = []
    for before, after in pairwise(sorted(found, key=lambda each: (each.indicator.code, each.region.key, each.period.end))):
        if before.indicator == after.indicator and before.region == after.region:
            if before.period.days != after.period.days and abs(before.period.days - after.period.days) > 3:
                lines.append((say.text("comparison.unequal", one=say.period(before.period), other=say.period(after.period)),))
            else:
                lines.append((_head(after, question, say), *change(after, before, say, sheet)))
    if len(question.regions) > 1:
        for one, other in pairwise(found):
            if (
                one.indicator == other.indicator
                and one.period == other.period
                and one.region != other.region
                and one.value is not None
                and other.value is not None
            ):
                if one.qualifier or other.qualifier:
                    continue
                high, low = (one, other) if one.value >= other.value else (other, one)
                gap = sheet.compute(
                    "difference",
                    difference(high.value or other.value, low.value or one.value),
                    _unit(high, say),
                    high,
                    low,
                )
                lines.append(
                    (
                        say.text(
                            "comparison.places",
                            high=say.region(high.region),
                            low=say.region(low.region),
                            gap=f"{say.number(gap)} {say.change_unit(high.indicator.unit)}",
                        ),
                    )
                )
    return lines


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
    parts = []
    if len(question.indicators) > 1:
        parts.append(figure.indicator.name)
    if len(question.regions) > 1:
        parts.append(say.region(figure.region))
    if len(question.periods) > 1 or not parts:
        parts.append(say.period(figure.period))
    label = " · ".join(parts)
    return label[:1].upper() + label[1:]


def _missing(sides: list[Side], question: Question, say: Say) -> list[str]:
    gone = [
        " · ".join((indicator.name, say.region(region), say.period(period)))
        for (indicator, region, period), figure in sides
        if figure is None or figure.value is None
    ]
    gone += [f"{question.indicator.name} · {place}" for place in question.missing]
    return [say.text("comparison.missing", what=each) for each in gone]
