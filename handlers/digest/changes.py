"""The largest changes against the same period a year before."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal, localcontext

from db.facts import Figure
from handlers.answers.lines import change
from handlers.digest.page import Page
from handlers.verdict import EXACT

MOST = 5


def changes(figures: Iterable[Figure], after: date) -> list[tuple[Figure, Figure]]:
    """Each indicator's newest result that ends after a day and has one of the year before, beside
    it, the largest change first.

    How large a change is, among different units, is its part of the value before. Hedged values and
    a value before of zero say nothing of that, and what did not change is no change.
    """
    every = [each for each in figures if each.value is not None and each.qualifier is None]
    stored = {(each.indicator.code, each.region.key, each.period): each for each in every}
    newest: dict[tuple[str, str], tuple[Figure, Figure]] = {}
    for each in every:
        before = stored.get((each.indicator.code, each.region.key, each.period.years_before(1)))
        if each.period.end <= after or before is None:
            continue
        series = each.indicator.code, each.region.key
        kept = newest.get(series)
        if kept is None or (each.period.end, each.period.days) > (
            kept[0].period.end,
            kept[0].period.days,
        ):
            newest[series] = each, before
    return sorted(
        (pair for pair in newest.values() if _size(*pair) > 0),
        key=lambda pair: _size(*pair),
        reverse=True,
    )


def _size(now: Figure, before: Figure) -> Decimal:
    if now.value is None or not before.value:
        return Decimal(0)
    with localcontext(prec=EXACT):
        return abs((now.value - before.value) / before.value)


def lists(found: list[tuple[Figure, Figure]], page: Page) -> None:
    """The largest of them, each with its size and whether it is good."""
    say = page.say
    shown = found[:MOST]
    rows = [
        (
            (page.scope.label(now),),
            (say.text("digest.change", value=say.figure(now), period=say.period(now.period)),),
            (*change(now, before, say, page.sheet),),
        )
        for now, before in shown
    ]
    header = tuple(
        say.text(each) for each in ("column.indicator", "column.result", "digest.column.change")
    )
    page.section(say.text("digest.changes"), header, rows, [now for now, _ in shown])
