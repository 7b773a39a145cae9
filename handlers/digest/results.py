"""What was met and missed: the latest year that has results held against targets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from db.facts import Figure
from handlers.answers import targets
from handlers.digest.page import Page
from handlers.message import line
from handlers.verdict import Status, status

KEPT = (Status.EXCEEDED, Status.MET)
HELD = (*KEPT, Status.MISSED, Status.UNCLEAR)


@dataclass(frozen=True)
class Results:
    """The figures of one year that have a target of that year; `year` None where no result of any
    year has one.
    """

    year: int | None
    figures: tuple[Figure, ...]

    def of(self, *wanted: Status) -> list[Figure]:
        return [each for each in self.figures if status(each) in wanted]


def results(figures: Iterable[Figure]) -> Results:
    """The latest year in which a result is held against a target of the same year, and all that was
    asked of that year.
    """
    asked = [
        each
        for each in figures
        if each.target is not None
        and each.period.reporting_year is not None
        and each.target.period.reporting_year == each.period.reporting_year
    ]
    years = [each.period.reporting_year or 0 for each in asked if each.value is not None]
    if not years:
        return Results(None, ())
    year = max(years)
    return Results(year, tuple(each for each in asked if each.period.reporting_year == year))


def counts(found: Results, page: Page) -> None:
    """How many met, exceeded, missed and wait; a line a place."""
    for place in page.scope.places:
        here = [each for each in found.figures if each.region.name == place]
        if here:
            head = f"{place} – " if len(page.scope.places) > 1 else ""
            page.blocks.append(line(head, *targets.summary(here, page.say, page.sheet)))


def lists(found: Results, page: Page) -> None:
    """The missed ones first; in a full digest then what is open, exceeded, met, and waits for its
    result.
    """
    _list("digest.missed", found.of(Status.MISSED), page, page.most(3, 30))
    if page.full:
        _list("digest.unclear", found.of(Status.UNCLEAR), page, 10)
        _list("digest.kept", [*found.of(Status.EXCEEDED), *found.of(Status.MET)], page, 30)
        _list("digest.pending", found.of(Status.PENDING), page, 20)


def _list(title: str, figures: Sequence[Figure], page: Page, most: int) -> None:
    rows = [
        targets.row(each, page.say, page.sheet, page.scope.label(each)) for each in figures[:most]
    ]
    page.section(page.say.text(title), targets.header(page.say), rows, figures)
