"""What stands in a digest, in which order, and the sentence that it begins with."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from db.facts import DAY, Figure, Period, last_day, latest
from db.rhythm import HOME_ZONE, Every
from db.store import Store
from db.subscriptions import Wishes
from handlers.answers import pictures, targets
from handlers.answers.lines import Sheet, capital, source_note
from handlers.digest import changes, overdue, progress, results
from handlers.digest import news as what_is_new
from handlers.digest.news import News, news
from handlers.digest.page import Digest, Page
from handlers.digest.progress import Progress
from handlers.digest.results import HELD, KEPT, Results
from handlers.digest.scope import Scope, scope
from handlers.message import Block, File, Image, heading, line, message, note
from handlers.say import Say
from handlers.verdict import Status, status


async def compose(
    store: Store,
    wishes: Wishes,
    *,
    moment: datetime,
    since: int | None,
    late: bool,
    say: Say,
    home: str | None,
    as_of: date | None = None,
    preview: bool = False,
) -> Digest:
    """The digest of some wishes for the moment (with its zone) at which it is due.

    `since` is the watermark of the digest before; without one, what was published in the week,
    month or quarter up to the day is new. `home` names the place meant where the wishes name none.
    `as_of` leaves out what was published later, to see a digest of another day; `preview`: it is
    only looked at, and need not be the first.

    Raises:
        StoreError: the database fails.
    """
    watermark = (
        await store.watermark()
    )  # first, so that what is loaded meanwhile is news for the next one
    about = scope(wishes, await store.refresh(), home, await store.places())
    every = wishes.rhythm.every if wishes.rhythm else Every.MONTH
    day = moment.astimezone(ZoneInfo(wishes.rhythm.zone if wishes.rhythm else HOME_ZONE)).date()
    page = Page(say, about, day, wishes.full)
    now = await about.figures(store, as_of, watermark)
    page.blocks.append(heading(_title(about, every, day, say)))
    if late:
        page.blocks.append(line(say.text("digest.late", day=say.day(day))))
    if not now:
        page.blocks.append(line(say.text("digest.nothing" if about.places else "digest.no_place")))
        return Digest(message(*page.blocks, _unknown(about, say)), watermark)
    begun = _stretch_before(every, day)
    then = (
        await about.figures(store, begun)
        if since is None
        else await about.figures(store, as_of, since)
    )
    found = results.results(now)
    plans = progress.progress(now, day)
    told = news(now, then)
    untold = (
        since is None and not then and len(told.new) > page.most(3, 12)
    )  # the store itself is new: all of it would be
    if untold:
        told = News()
    page.blocks.append(line(*_headline(found, plans, None if untold else told, now, page)))
    results.counts(found, page)
    results.lists(found, page)
    progress.lists(plans, page)
    if not any(each.target is not None for each in now):
        _newest(now, page)
    if page.full:
        newest = latest(each.period for each in now if each.value is not None)
        if newest is not None:
            changes.lists(
                changes.changes(now, date(found.year or newest.end.year, 1, 1) - DAY), page
            )
    if since is not None:
        title, nothing = say.text("digest.new"), say.text("digest.nothing_new")
    else:
        since_day = say.day(begun)
        title = say.text("digest.new.since" if preview else "digest.new.first", day=since_day)
        nothing = say.text(
            "digest.nothing_new.since" if preview else "digest.nothing_new.first", day=since_day
        )
        if untold:
            nothing = say.text(
                "digest.all_new" if preview else "digest.all_new.first", day=since_day
            )
    what_is_new.lists(told, page, title, nothing)
    if page.full:
        overdue.lists(await _awaited(store, about, now, day, as_of), page)
    closing = (_unknown(about, say), source_note(page.cited or page.sheet.figures, say))
    images: tuple[Image, ...] = ()
    files: tuple[File, ...] = ()
    if wishes.chart:
        images = await _picture(found, plans, about, say)
    figures, computed = tuple(page.sheet.figures), tuple(page.sheet.computed)
    if wishes.workbook:
        files = (
            await asyncio.to_thread(
                _workbook, figures, say.text("digest.file", day=day.isoformat()), say
            ),
        )
    whole = message(*page.blocks, *closing, images=images, files=files)
    return Digest(whole, watermark, figures, computed)


def _workbook(figures: Sequence[Figure], name: str, say: Say) -> File:
    from handlers.digest.workbook import workbook  # noqa: PLC0415 - only where one is asked for

    return workbook(figures, name, say)


def _title(about: Scope, every: Every, day: date, say: Say) -> str:
    parts = [
        say.text(f"digest.title.{every.value}"),
        *(about.subject if len(about.subject) <= 2 else ()),
    ]
    return " · ".join(
        (*parts, _where(about, say), say.day(day)) if about.places else (*parts, say.day(day))
    )


def _where(about: Scope, say: Say) -> str:
    """The places by their names, or as so many together."""
    return say.listing(list(about.places)) if len(about.places) <= 3 else say.text("digest.places")


def _stretch_before(every: Every, day: date) -> date:
    """The day one week, month or quarter before."""
    if every is Every.WEEK:
        return day - 7 * DAY
    months = day.year * 12 + day.month - 1 - (1 if every is Every.MONTH else 3)
    year, month = months // 12, months % 12 + 1
    return date(year, month, min(day.day, last_day(year, month).day))


def _headline(
    found: Results, plans: Progress, told: News | None, now: Sequence[Figure], page: Page
) -> tuple[str, ...]:
    """One sentence: what was met of what was asked, what is behind, what is new; nothing of news
    where there is no telling.
    """
    say = page.say
    where = _where(page.scope, say)
    judged, kept, missed = found.of(*HELD), found.of(*KEPT), found.of(Status.MISSED)
    if judged and found.year is not None:
        if len(judged) == 1:
            result = say.text(f"digest.result.one.{status(judged[0]).value}")
        elif len(kept) == len(judged):
            result = say.text("digest.result.all", count=page.count(judged))
        elif len(missed) == len(judged):
            result = say.text("digest.result.no", count=page.count(judged))
        else:  # what was met, missed and left open makes up the whole
            result = say.text("digest.result.some", kept=page.count(kept), count=page.count(judged))
            rest = {"missed": missed, "unclear": found.of(Status.UNCLEAR)}
            result += "".join(
                say.text(f"digest.result.{name}", count=page.count(these))
                for name, these in rest.items()
                if these
            )
        parts = [
            say.text(
                "digest.headline",
                period=capital(say.period(Period.year(found.year))),
                where=where,
                result=result,
            )
        ]
    elif any(each.target is not None for each in now):
        parts = [say.text("digest.headline.unjudged", where=where)]
    else:
        parts = [say.text("digest.headline.no_targets", where=where)]
    if plans.behind:
        parts.append(say.text("digest.headline.behind", count=page.count(plans.behind)))
    if told is None:
        return ("; ".join(parts) + ".",)
    if told.new:
        parts.append(say.text("digest.headline.new", count=page.count(told.new)))
    if told.corrected:
        parts.append(
            say.text(
                "digest.headline.corrected", count=page.count([each for each, _ in told.corrected])
            )
        )
    if not told.new and not told.corrected:
        parts.append(say.text("digest.headline.nothing_new"))
    return ("; ".join(parts) + ".",)


def _newest(figures: Sequence[Figure], page: Page) -> None:
    """The newest result of each indicator, where nothing has a target to be held against."""
    newest: dict[tuple[str, str], Figure] = {}
    for each in figures:
        if each.value is not None:
            kept = newest.get((each.indicator.code, each.region.name))
            if kept is None or (each.period.end, each.period.days) > (
                kept.period.end,
                kept.period.days,
            ):
                newest[each.indicator.code, each.region.name] = each
    shown = list(newest.values())
    rows = [
        ((page.scope.label(each),), (page.say.period(each.period),), what_is_new.result(each, page))
        for each in shown[: page.most(4, 30)]
    ]
    header = tuple(
        page.say.text(each) for each in ("column.indicator", "column.period", "column.result")
    )
    page.section(page.say.text("digest.newest"), header, rows, shown)


async def _awaited(
    store: Store, about: Scope, now: Sequence[Figure], day: date, as_of: date | None
) -> list[tuple[Figure, overdue.Overdue]]:
    """What is overdue of every series, each with the figure of the year before; units that are
    there no more owe nothing.
    """
    stored = {(each.indicator.code, each.region.key, each.period): each for each in now}
    found = []
    for (code, key), published in (
        await store.first_published(about.indicators, about.units, as_of)
    ).items():
        for each in overdue.overdue(published, day):
            before = stored.get((code, key, each.before))
            if before is not None and before.region.valid_on(each.period.end):
                found.append((before, each))
    return found


async def _picture(found: Results, plans: Progress, about: Scope, say: Say) -> tuple[Image, ...]:
    """Draw the year's results against their targets, or how far the plans have got."""
    judged = [
        *found.of(Status.MISSED),
        *found.of(Status.UNCLEAR),
        *found.of(Status.EXCEEDED),
        *found.of(Status.MET),
    ]
    shown = judged or [each for each in plans.parts if each.target is not None]
    if not shown:
        return ()
    year = (
        found.year
        if judged
        else max((each.target.period.reporting_year or 0) for each in shown if each.target)
    )
    subtitle = (
        f"{_where(about, say)} · {say.period(Period.year(year))}" if year else _where(about, say)
    )
    counted = "".join(targets.summary(list(found.figures), say, Sheet())) if judged else ""
    return await pictures.of_targets(shown, subtitle, counted, say, several=len(about.places) > 1)


def _unknown(about: Scope, say: Say) -> Block | None:
    """What was wished for and is not there."""
    return (
        note(say.text("digest.unknown", what=", ".join(about.unknown))) if about.unknown else None
    )
