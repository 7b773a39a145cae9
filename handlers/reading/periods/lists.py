"""Lists that go on in numbers alone: "quý 1 và 2", "tháng 1, 2 và 3", "năm 2022 và 23"."""

from __future__ import annotations

from collections.abc import Iterator

from db.facts import Period
from handlers.reading.periods.dates import MONTHS, numbered
from handlers.reading.periods.named import Named, Part, Unit, What, Year, named
from handlers.reading.periods.numerals import ROMAN, year_number
from handlers.reading.periods.row import Row
from handlers.reading.periods.years import begins_year, counts_something
from handlers.reading.words import Word

_SIGNS = ",;+-–— "


def listed(row: Row, head: Named) -> Iterator[Named]:
    """Yield what goes on in numbers alone: "quý 1 *và 2*", "tháng 1*, 2 và 3*"."""
    unit, end = _unit_of(head.what), head.end
    while unit is not None:
        following = _next(row, end, unit)
        if following is None:
            return
        yield following
        end = following.end


def _unit_of(what: What) -> Unit | None:
    """The unit that numbers behind may go on in: of one month, one quarter or one year."""
    match what:
        case Part(unit=unit, months=months):
            return unit if months == unit < Unit.HALF else None
        case Period(whole_months=(Unit.MONTH | Unit.QUARTER) as months):
            return Unit(months)
        case Year(steps=None):
            return Unit.YEAR
    return None


def _next(row: Row, end: int, unit: Unit) -> Named | None:
    joined = row.is_(end, "joins", "until") and not row.breaks(end)
    at = end + 1 if joined else end
    if not _goes_on(row, at, joined=joined) or counts_something(row, at + 1):
        return None
    what = _year(row, at) if unit is Unit.YEAR else _part(row.at(at), unit)
    return named(at, at + 1, what)


def _goes_on(row: Row, place: int, *, joined: bool) -> bool:
    """Whether a joining word or sign stands before a number, or the number before it."""
    breaks = row.breaks(place)
    if joined:
        return not breaks
    if breaks:
        return not breaks.strip(_SIGNS)
    return row.at(place).month is not None or begins_year(row, place + 1)


def _year(row: Row, place: int) -> Year | None:
    """A year in two digits, behind a joining word only."""
    short = len(row.at(place).number or "") == 2 and row.is_(place - 1, "joins")
    number = year_number(row.at(place)) if short else None
    return None if number is None else Year(number)


def _part(word: Word, unit: Unit) -> What | None:
    if word.month is not None:
        return numbered(*word.month, MONTHS // unit, unit)
    number = ROMAN.get(word.text) if word.number is None else word.plain_number
    if number is None or not 1 <= number <= MONTHS // unit:
        return None
    return Part((number - 1) * unit + 1, unit, unit)
