"""How the plans of the running year are kept up with, by figures that count from the year's first
day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from db.facts import Figure, OverYear
from handlers.answers.lines import parts
from handlers.digest.page import Page, Row
from handlers.message import Bad, Good, line
from handlers.say import Say
from handlers.verdict import Pace, Status, attainment, elapsed, pace, status

ORDER = (Pace.BEHIND, Pace.ON_TIME, Pace.AHEAD, None)


@dataclass(frozen=True)
class Progress:
    """The newest part-year result of each plan without a result of its own, and the plans that have
    none at all.
    """

    parts: tuple[Figure, ...]
    waiting: tuple[Figure, ...]

    @property
    def behind(self) -> list[Figure]:
        return [each for each in self.parts if pace(each) is Pace.BEHIND]


def progress(figures: Iterable[Figure], day: date) -> Progress:
    """The plans of the year of `day`, and of the year before while its results are awaited.

    Of what accumulates only results from the plan's first day count: a quarter alone says nothing
    of the year.
    """
    every = list(figures)
    own = {(each.indicator.code, each.region.key, each.period): each for each in every}
    newest: dict[tuple[str, str, object], Figure] = {}
    for each in every:
        target = each.target
        if target is None or status(each) is not Status.IN_PROGRESS or target.period.start > day:
            continue
        if target.period.reporting_year not in (day.year, day.year - 1):
            continue
        if (
            each.indicator.over_year is OverYear.CUMULATIVE
            and each.period.start != target.period.start
        ):
            continue
        plan = each.indicator.code, each.region.key, target.period
        whole = own.get(plan)
        if whole is not None and whole.value is not None:
            continue
        before = newest.get(plan)
        if before is None or (each.period.end, each.period.days) > (
            before.period.end,
            before.period.days,
        ):
            newest[plan] = each
    waiting = [
        each
        for each in every
        if status(each) is Status.PENDING
        and each.period.reporting_year is not None
        and each.period.start <= day <= each.period.end
        and (each.indicator.code, each.region.key, each.period) not in newest
    ]
    found = sorted(newest.values(), key=lambda each: (-_year(each), ORDER.index(pace(each))))
    return Progress(tuple(found), tuple(waiting))


def lists(found: Progress, page: Page) -> None:
    """In a full digest every plan, those behind first, else only those behind."""
    say = page.say
    shown = found.parts if page.full else found.behind
    most = page.most(2, 30)
    for year in dict.fromkeys(_year(each) for each in shown):
        of_year = [each for each in shown if _year(each) == year]
        assert of_year[0].target is not None
        title = say.text(
            "digest.progress" if page.full else "digest.behind",
            period=say.period(of_year[0].target.period),
        )
        header = tuple(
            say.text(each)
            for each in ("column.indicator", "digest.column.progress", "column.status")
        )
        page.section(title, header, [_row(each, page) for each in of_year[:most]], of_year)
    if page.full and found.waiting:
        names = [page.scope.label(each) for each in found.waiting[:12]]
        left = found.waiting[12:]
        if left:
            names.append(say.text("digest.more", count=page.count(left)))
        period = say.period(found.waiting[0].period)
        page.blocks.append(line(say.text("digest.waiting", period=period, names="; ".join(names))))


def _row(figure: Figure, page: Page) -> Row:
    say, target, now = page.say, figure.target, pace(figure)
    assert target is not None
    share = attainment(figure)
    gone = say.number(
        page.sheet.compute("elapsed", elapsed(figure.period, target.period), "%", figure)
    )
    if share is None:
        asked = say.target(target, figure.indicator.unit)
        done = say.text(
            "digest.progress.open",
            period=say.period(figure.period),
            value=say.figure(figure),
            target=asked,
            gone=gone,
        )
    else:
        page.sheet.compute("attainment", share, "%", figure)
        done = say.text(
            "digest.progress.share",
            period=say.period(figure.period),
            parts=parts(figure, say),
            share=say.number(share),
            gone=gone,
        )
    return (page.scope.label(figure),), (done,), (_verdict(now, say),)


def _verdict(now: Pace | None, say: Say) -> str:
    """Say how a plan keeps up with its time, or only that it runs."""
    if now is None:
        return say.text("status.in_progress")
    said = say.text(f"digest.pace.{now.value}")
    return Bad(said) if now is Pace.BEHIND else Good(said)


def _year(figure: Figure) -> int:
    return (figure.target.period.reporting_year if figure.target else None) or 0
