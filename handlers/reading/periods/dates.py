"""The ways to write a date in digits and signs: 31/12/2023, 3/2023, 2023/03, "ngày 15 tháng 3"."""

from __future__ import annotations

import re
from datetime import date

from db.facts import Period
from handlers.reading.periods.named import Day, Named, Unit, Unreadable, What, Year, named
from handlers.reading.periods.numerals import full_year
from handlers.reading.periods.row import Row
from handlers.reading.periods.years import counts_something
from handlers.reading.words import Word

MONTHS = 12
LONG = 8
"""Two years in full have more letters than this, "2021-25" fewer."""
A_LEAP_YEAR = 2024
_FROM_TO = re.compile(r"(\d{1,2})-(\d{1,2})[/.](\d{4})")
_DATE = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\d{4}[/.-]\d{2}[/.-]\d{2}")


def token(row: Row, place: int) -> Named | None:
    """What one token says: 31/12/2023, 3/2023, 2021-2025, 2023-Q2."""
    word = row.at(place)
    if word.number is None or _is_document(row, place):
        return None
    what = word.period or _month(word) or _day(row, place, word) or _years(word)
    return named(place, place + 1, what)


def _month(word: Word) -> What | None:
    return None if word.month is None else numbered(*word.month, MONTHS, Unit.MONTH)


def _years(word: Word) -> What | None:
    if word.span is None:
        return None
    first, last = sorted(word.span) if len(word.typed) > LONG else word.span
    return Period.years(first, last) if first <= last else Unreadable()


def _day(row: Row, place: int, word: Word) -> What | None:
    """A day, or a date that there is not; what stood on the last day is the year's figure."""
    if word.day is None:
        return Unreadable() if _DATE.fullmatch(word.number or "") else None
    if (word.day.month, word.day.day) == (12, 31) and not row.is_(place - 1, "since"):
        return Year(word.day.year)
    return Period(word.day, word.day)


def numbered(number: int, year: int, most: int, unit: Unit) -> What:
    """The month or quarter of this number; unreadable where a year has none."""
    if not 1 <= number <= most:
        return Unreadable()
    return Period.months(year, (number - 1) * unit + 1, unit)


def of_a_year(word: Word, unit: Unit) -> What | None:
    """Months or quarters that one token dates: 3/2023, 1-3/2024."""
    most = MONTHS // unit
    if word.month is not None:
        return numbered(*word.month, most, unit)
    ends = _FROM_TO.fullmatch(word.number or "")
    if ends is None:
        return None
    first, last, year = map(int, ends.groups())
    if not 1 <= first <= last <= most:
        return Unreadable()
    return Period.months(year, (first - 1) * unit + 1, (last - first + 1) * unit)


def _is_document(row: Row, place: int) -> bool:
    """Whether a number is a document's: "Nghị quyết 15/2024", "số 09/2019/NĐ-CP"."""
    before = place - 1 if row.says(place - 1, "số") else place
    slashed = row.at(place + 1).number is None and row.breaks(place + 1) == "/"
    return slashed or row.ends(before, "documents")


def year_first(row: Row, place: int) -> Named | None:
    """ "2024/08", "2024/8/15"; 2023/24 are two years."""
    year, month = full_year(row.at(place)), _behind_slash(row, place + 1)
    if year is None or month is None:
        return None
    day = _behind_slash(row, place + 2)
    if day is not None:
        return Named(place, place + 3, _date(year, month, day))
    if month == (year + 1) % 100 and month > MONTHS:
        return Named(place, place + 2, Period.years(year, year + 1))
    return Named(place, place + 2, numbered(month, year, MONTHS, Unit.MONTH))


def _behind_slash(row: Row, place: int) -> int | None:
    """The one or two digits behind a slash or a dash, which count nothing."""
    word = row.at(place)
    slashed = word.breaks in ("/", "-") and len(word.number or "") in (1, 2)
    return word.plain_number if slashed and not counts_something(row, place + 1) else None


def _date(year: int, month: int, day: int) -> What:
    try:
        return Period(date(year, month, day), date(year, month, day))
    except ValueError:
        return Unreadable()


def day_of_month(row: Row, place: int) -> Named | None:
    """ "ngày 15 tháng 3"; "6 tháng 3" is six months before it is a day."""
    number, month = row.at(place).plain_number, row.at(place + 2).plain_number
    if number is None or month is None or not row.says(place + 1, "tháng", "thg"):
        return None
    called = row.says(place - 1, "ngày", "mùng", "mồng") or number > MONTHS
    return Named(place, place + 3, _day_of_year(month, number)) if called else None


def day_and_month(row: Row, place: int) -> Named | None:
    """ "đến 30/6" as an end of a stretch; "dịp 27/7" is a feast."""
    number, month = row.at(place).plain_number, _behind_slash(row, place + 1)
    before = place - 2 if row.says(place - 1, "ngày") else place - 1
    if number is None or month is None or not row.is_(before, "until", "since"):
        return None
    return Named(place, place + 2, _day_of_year(month, number))


def _day_of_year(month: int, number: int) -> What:
    found = _date(A_LEAP_YEAR, month, number)
    return found if isinstance(found, Unreadable) else Day(month, number)
