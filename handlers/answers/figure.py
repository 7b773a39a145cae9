"""One figure: how it moved, and whether it met its target."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from db.facts import Beside, Figure, Indicator, Region, UnitKind
from db.store import Store
from handlers.answers import no_data
from handlers.answers.lines import (
    MOST_CHOICES,
    Sheet,
    change,
    checked,
    gap,
    leaning,
    no_share,
    offer_figure,
    place_part,
    reason,
    source_note,
    territory,
    verdict,
)  # fmt: skip
from handlers.message import Block, Choice, Strong, heading, line, message
from handlers.question import Answer, Question, Wants
from handlers.say import Say
from handlers.verdict import Status, status


async def answer(question: Question, store: Store, say: Say) -> Answer:
    figure = question.held.figure(question.indicator, question.region, question.period)
    if figure is None:
        return await no_data.answer(question, store, say)
    beside = await store.beside(
        question.indicator, question.region, question.period, as_of=question.asking.as_of
    )
    sheet = Sheet([figure])
    before = question.held.figure(figure.indicator, figure.region, figure.period.years_before(1))
    told = word(figure, before, say, sheet)
    blocks = [*told, *_gap(figure, question, say, sheet), *so_far(figure, question, say, sheet)]
    reply = message(
        checked(figure, question, say),
        *blocks,
        no_share(question, say),
        reason(question, say),
        leaning(question, say),
        territory(sheet.figures, question.held.coverage, say),
        source_note(sheet.figures if status(figure) is Status.PENDING else [figure], say),
        choices=choices(question, figure, beside, say),
    )
    return Answer("figure", question, reply, tuple(sheet.figures), tuple(sheet.computed))


def word(figure: Figure, before: Figure | None, say: Say, sheet: Sheet) -> list[Block]:
    """A figure in words: title, value, change, verdict."""
    blocks: list[Block] = [heading(say.title(figure))]
    if figure.value is not None:
        release = say.release(figure)
        blocks.append(line(Strong(say.figure(figure)), *([f" ({release})"] if release else [])))
        if before is not None and before.value is not None:
            blocks.append(line(*change(figure, before, say, sheet)))
    blocks.append(line(*verdict(figure, say, sheet)))
    return blocks


def so_far(figure: Figure, question: Question, say: Say, sheet: Sheet) -> list[Block]:
    """What there is of a period whose plan still waits for its result: the newest part, named as
    such.
    """
    if status(figure) is not Status.PENDING:
        return []
    parts = [
        each
        for each in question.held.series(figure.indicator, figure.region)
        if each.value is not None
        and each.period != figure.period
        and figure.period.contains(each.period)
    ]
    if not parts:
        return []
    newest = max(parts, key=lambda each: (each.period.end, each.period.days))
    sheet.add(newest)
    release = say.release(newest)
    value = say.figure(newest) + (f" ({release})" if release else "")
    said: list[Block] = [
        line(*say.words("verdict.so_far", period=say.period(newest.period), value=Strong(value)))
    ]
    if newest.target is None or newest.target.period != figure.period:
        return said
    return [*said, line(*verdict(newest, say, sheet)), *_gap(newest, question, say, sheet)]


def _gap(figure: Figure, question: Question, say: Say, sheet: Sheet) -> list[Block]:
    said = gap(figure, say, sheet) if question.reading.targets.gap else ""
    return [line(said)] if said else []


def choices(question: Question, figure: Figure, beside: Beside, say: Say) -> list[Choice]:
    """What may be asked next, of what is there."""
    indicator, asking = figure.indicator, say.asking
    place = place_part(question, say)
    offered: list[Choice] = []
    series = [
        each
        for each in question.held.coverage
        if each.indicator == indicator and each.region == figure.region
    ]
    under = [
        each.indicator
        for each in question.held.figures
        if each.indicator.parent == indicator.code
        and each.region == figure.region
        and each.period == figure.period
    ]
    if sum(len(each.results) for each in series) > 1:
        offered.append(
            Choice(
                say.text("offer.series"),
                asking.text("ask.series", indicator=indicator.name, region=place),
            )
        )
    if under:
        when = asking.text("ask.period", period=asking.period(figure.period))
        offered.append(
            Choice(
                say.text("offer.breakdown"),
                asking.text("ask.breakdown", indicator=indicator.name, region=place, period=when),
            )
        )
    offered += [
        offer_figure(say.text(f"offer.{kind}"), question, each, figure.period, say)
        for kind, each in _beside(indicator, under)
    ]
    offered += _other_territory(question, figure, say)
    planned = [plan for each in series for plan in each.plans if plan != figure.period]
    if planned and status(figure) is not Status.PENDING:
        ahead = planned[-1]
        offered.append(
            offer_figure(
                say.text("offer.plan", period=say.period(ahead)), question, indicator, ahead, say
            )
        )
    if beside.targets:
        offered.append(
            Choice(
                say.text("offer.targets", period=say.period(figure.period)),
                asking.text("ask.targets", region=place, period=asking.period(figure.period)),
            )
        )
    if beside.category:
        category = question.category_name(indicator.category)
        if category:
            offered.append(
                Choice(
                    say.text(
                        "offer.overview",
                        category=question.category_label(indicator.category),
                        period=say.period(figure.period),
                    ),
                    asking.text(
                        "ask.overview",
                        category=category,
                        region=place,
                        period=asking.period(figure.period),
                    ),
                )
            )
    return offered[:MOST_CHOICES]


def _other_territory(question: Question, figure: Figure, say: Say) -> list[Choice]:
    """Offer the same figure of another unit of the name, where that is stored, too."""
    others = {
        covered.region
        for covered in question.held.coverage
        if covered.indicator == figure.indicator and figure.period in covered.results
    } - {figure.region}
    offered: list[Choice] = []
    for unit in sorted(others, key=lambda each: each.valid_from or date.min)[-1:]:
        key = "new" if _is_newer(unit, figure.region) else "old"
        since = max(each.valid_from or date.min for each in (unit, figure.region))
        label = say.text(f"offer.territory.{key}", day=say.day(since))
        place = f" {figure.region.name}" + say.asking.text(f"ask.territory.{key}")
        when = say.asking.text("ask.period", period=say.asking.period(figure.period))
        words = say.asking.text(
            "ask.figure", indicator=figure.indicator.name, region=place, period=when
        )
        offered.append(Choice(label, words))
    return offered


def _is_newer(unit: Region, other: Region) -> bool:
    return (unit.valid_from or date.min) > (other.valid_from or date.min)


def _beside(indicator: Indicator, under: list[Indicator]) -> list[tuple[str, Indicator]]:
    """The amount of money or the rank that goes with an indicator."""
    found: list[tuple[str, Indicator]] = []
    for other in under:
        if other.unit.kind is not indicator.unit.kind:
            kind = {UnitKind.MONEY: "money", UnitKind.RANK: "rank"}.get(other.unit.kind)
            if kind:
                found.append((kind, other))
    return found


def as_figure(question: Question) -> Question:
    """The same question asked for the one figure."""
    return replace(question, wants=Wants.FIGURE)
