"""What is new and what was corrected, against what was known before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from db.facts import Figure
from handlers.answers.lines import mood, short_status
from handlers.digest.page import Page, Row
from handlers.message import Strong, Words, line
from handlers.say import Say
from handlers.verdict import status


@dataclass(frozen=True)
class News:
    """Results that are new; results that were corrected and plans that are new or changed, as they
    are now and were before.
    """

    new: tuple[Figure, ...] = ()
    corrected: tuple[tuple[Figure, Figure], ...] = ()
    plans: tuple[tuple[Figure, Figure | None], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.new or self.corrected or self.plans)


def news(now: Sequence[Figure], then: Sequence[Figure]) -> News:
    """What tells two states of the same figures apart.

    A result is corrected when its value, its rank's whole or its hedge is another; the same value
    from another source or settled later, or written with other digits, is no news. A plan is new
    while its result is awaited: one that comes with its result is told with that.
    """
    known = {(each.indicator.code, each.region.key, each.period): each for each in then}
    new: list[Figure] = []
    corrected: list[tuple[Figure, Figure]] = []
    plans: list[tuple[Figure, Figure | None]] = []
    for each in now:
        before = known.get((each.indicator.code, each.region.key, each.period))
        if each.value is not None:
            if before is None or before.value is None:
                new.append(each)
            elif (each.value, each.of, each.qualifier) != (
                before.value,
                before.of,
                before.qualifier,
            ):
                corrected.append((each, before))
        asked, was = _asked(each), _asked(before)
        if asked != was and asked is not None and (was is not None or each.value is None):
            plans.append((each, before if was is not None else None))
    return News(tuple(_latest_first(new)), tuple(corrected), tuple(plans))


def _asked(figure: Figure | None) -> tuple[object, ...] | None:
    """The target of a figure's own period, as far as it binds."""
    if figure is None or figure.target is None or figure.target.period != figure.period:
        return None
    return figure.target.op, figure.target.value, figure.target.end


def _latest_first(figures: list[Figure]) -> list[Figure]:
    return sorted(figures, key=lambda each: (each.period.end, each.period.days), reverse=True)


def lists(found: News, page: Page, title: str, nothing: str) -> None:
    """New results, corrections with the value before, plans; or plainly that there is nothing."""
    say, most = page.say, page.most(3, 12)
    if not found:
        page.blocks.append(line(nothing))
        return

    def header(third: str, *more: str) -> tuple[str, ...]:
        return tuple(say.text(each) for each in ("column.indicator", "column.period", third, *more))

    rows = [_new(each, page) for each in found.new[:most]]
    page.section(title, header("column.result", "column.status"), rows, found.new)
    rows = [_corrected(now, before, page) for now, before in found.corrected[:most]]
    page.section(
        say.text("digest.corrected"),
        header("digest.column.correction", "column.status"),
        rows,
        [now for now, _ in found.corrected],
    )
    if page.full:
        rows = [_plan(now, before, page) for now, before in found.plans[:most]]
        page.section(
            say.text("digest.plans"), header("column.target"), rows, [now for now, _ in found.plans]
        )
    elif found.plans:
        page.blocks.append(
            line(say.text("digest.plans.brief", count=page.count([now for now, _ in found.plans])))
        )


def judged(figure: Figure, page: Page) -> Words:
    return (mood(status(figure))(short_status(figure, page.say)),)


def result(figure: Figure, page: Page) -> Words:
    """A value that stands out, and whether it is settled."""
    release = page.say.release(figure)
    return (Strong(page.say.figure(figure)), *([f" ({release})"] if release else []))


def was(before: Figure, say: Say) -> str:
    """A value that holds no more, and how settled it was."""
    return ", ".join(part for part in (say.figure(before), say.release(before)) if part)


def _new(figure: Figure, page: Page) -> Row:
    return (
        (page.scope.label(figure),),
        (page.say.period(figure.period),),
        result(figure, page),
        judged(figure, page),
    )


def _corrected(now: Figure, before: Figure, page: Page) -> Row:
    page.sheet.add(before)
    said = page.say.words("digest.correction", now=result(now, page), before=was(before, page.say))
    return (page.scope.label(now),), (page.say.period(now.period),), said, judged(now, page)


def _plan(now: Figure, before: Figure | None, page: Page) -> Row:
    say, unit = page.say, now.indicator.unit
    assert now.target is not None
    said: Words = (Strong(say.target(now.target, unit)),)
    if before is not None and before.target is not None:
        page.sheet.add(before)
        said = say.words("digest.correction", now=said, before=say.target(before.target, unit))
    return (page.scope.label(now),), (say.period(now.period),), said
