"""The ways to write a period, one function each: a row and a place in it → what is named there.

A way gives None where it finds nothing, and `Unreadable` where it is written and cannot be.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date

from db.facts import Period
from handlers.reading.periods.named import Day, Named, Part, Unit, Unreadable, What, Year
from handlers.reading.periods.numerals import (
    ROMAN,
    count,
    counts,
    digit,
    full_year,
    spoken_year,
    year_number,
)
from handlers.reading.periods.row import Row
from handlers.reading.spelling import spell
from handlers.reading.words import Word

Way = Callable[[Row, int], Named | None]

ROMAN_QUARTERS = {"qi": 1, "qii": 2, "qiii": 3, "qiv": 4}
MONTH_WORDS = ("tháng", "thg")
OLD_NAMES = {"giêng": 1, "chạp": 12}
"""Months of the old calendar that are still called by their names."""
HALVES = {"đầu": 1, "cuối": 7}
_FROM_TO = re.compile(r"(\d{1,2})-(\d{1,2})[/.](\d{4})")
_LEAP = 2024
"""A year that has every day."""


# ------------------------------------------------------------ digits and signs


def written(row: Row, place: int) -> Named | None:
    """One token: 31/12/2023, 3/2023, 2021-2025, 2023-Q2."""
    word = row.at(place)
    if word is None or word.number is None or _is_document(row, place):
        return None
    what = _token(row, place, word)
    return None if what is None else Named(place, place + 1, what)


def _token(row: Row, place: int, word: Word) -> What | None:
    if word.period is not None:
        return word.period
    if word.span is not None:
        first, last = sorted(word.span) if len(word.typed) > 8 else word.span
        return Period.years(first, last) if first <= last else Unreadable()
    if word.month is not None:
        month, year = word.month
        return _checked(month, year, 12, Unit.MONTH)
    if word.day is not None:
        return _day_of(row, place, word.day)
    return Unreadable() if _is_no_date(word.number or "") else None


def _day_of(row: Row, place: int, day: date) -> What:
    """A day; what stood on the last one is the year's figure."""
    if (day.month, day.day) == (12, 31) and not row.is_(place - 1, "since"):
        return Year(day.year)
    return Period(day, day)


def _is_no_date(number: str) -> bool:
    """Whether it is written as a date, which would have been read if there were one."""
    pieces = number.replace("/", ".").replace("-", ".").split(".")
    lengths = [len(piece) for piece in pieces]
    return len(pieces) == 3 and 4 in (lengths[0], lengths[2]) and max(lengths[1:2]) <= 2


def _checked(number: int, year: int, most: int, unit: Unit) -> What:
    """The month or quarter of this number; unreadable where a year has none."""
    if not 1 <= number <= most:
        return Unreadable()
    return Period.months(year, (number - 1) * unit + 1, unit)


def _is_document(row: Row, place: int) -> bool:
    """Whether a number is a document's: "Nghị quyết 15/2024", "số 09/2019/NĐ-CP"."""
    before = place - 1 if row.says(place - 1, "số") else place
    after = row.at(place + 1)
    slashed = after is not None and after.number is None and after.breaks == "/"
    return row.ends_with(before, "documents") is not None or slashed


def slashed(row: Row, place: int) -> Named | None:
    """The year first: 2024/08, 2024/8/15; 2023/24 are two years."""
    year = full_year(row.at(place))
    month = _behind_slash(row, place + 1)
    if year is None or month is None:
        return None
    day = _behind_slash(row, place + 2)
    if day is not None:
        return Named(place, place + 3, _date(year, month, day))
    if month == (year + 1) % 100 and month > 12:
        return Named(place, place + 2, Period.years(year, year + 1))
    return Named(place, place + 2, _checked(month, year, 12, Unit.MONTH))


def _behind_slash(row: Row, place: int) -> int | None:
    word = row.at(place)
    if word is None or word.breaks not in ("/", "-") or len(word.number or "") not in (1, 2):
        return None
    return None if _counts_something(row, place + 1) else word.plain_number


def _date(year: int, month: int, day: int) -> What:
    try:
        return Period(date(year, month, day), date(year, month, day))
    except ValueError:
        return Unreadable()


def day(row: Row, place: int) -> Named | None:
    """A day without its year: "ngày 15 tháng 3", "đến 30/6"; "dịp 27/7" is a feast."""
    word = row.at(place)
    number = word.plain_number if word is not None else None
    if number is None:
        return None
    if row.says(place + 1, *MONTH_WORDS):
        month, end = row.at(place + 2), place + 3
        called = row.says(place - 1, "ngày", "mùng", "mồng") or number > 12
    else:
        month, end = row.at(place + 1), place + 2
        called = _behind_slash(row, place + 1) is not None and _bounds(row, place)
    if not called or month is None or month.plain_number is None:
        return None
    return Named(place, end, _day_of_year(month.plain_number, number))


def _bounds(row: Row, place: int) -> bool:
    """Whether a stretch begins or ends with what stands here."""
    before = place - 2 if row.says(place - 1, "ngày") else place - 1
    return row.is_(before, "until", "since")


def _day_of_year(month: int, number: int) -> What:
    readable = not isinstance(_date(_LEAP, month, number), Unreadable)
    return Day(month, number) if readable else Unreadable()


# ------------------------------------------------------------ months and quarters of a year


def months_counted(row: Row, place: int) -> Named | None:
    """Months or quarters from one end of a year: "6 tháng đầu", "3 quý", "9T"."""
    counted = counts(row, place)
    if counted is None or _is_length(row, place, counted[1]):
        return None
    number, end = counted
    unit = _unit(row, end, glued=_is_glued(row, place))
    if unit is None or (_is_five_or_year(row, place) and not _goes_on(row, end + 1)):
        return None
    side = row.at(end + 1) if row.says(end + 1, "đầu", "cuối") else None
    if number * unit > 12 or number == 0:
        return Named(place, end + 1, Unreadable()) if _goes_on(row, end + 1) else None
    if number == 1 and side is None:
        return None  # "một tháng năm 2023" is so much a month
    months = number * unit
    first = 13 - months if side is not None and row.says(end + 1, "cuối") else 1
    end = _past_year_word(row, end + 2) if side is not None else end + 1
    return Named(place, end, Part(first, months, Unit(unit)))


def _unit(row: Row, place: int, *, glued: bool) -> Unit | None:
    """The unit that is counted here; T stands for months only behind its number."""
    if row.says(place, *MONTH_WORDS, "th") or (glued and row.typed(place, "t")):
        return Unit.MONTH
    return Unit.QUARTER if row.says(place, "quý") else None


def _is_glued(row: Row, place: int) -> bool:
    word = row.at(place)
    return word is not None and word.number is not None and word.repaired


def _is_five_or_year(row: Row, place: int) -> bool:
    """Whether the count is "năm", which is a year elsewhere."""
    return row.says(place, "năm")


def _goes_on(row: Row, place: int) -> bool:
    """Whether it is said from which end, or of which year."""
    return row.says(place, "đầu", "cuối") or begins_year(row, place)


def _is_length(row: Row, start: int, end: int) -> bool:
    """Whether so many months are a length: "dưới 6 tháng", "6 tháng tuổi", "3 tháng một lần"."""
    before = row.ends_with(start, "thresholds")
    after = row.phrase(end + 1, "lengths")
    return before is not None or (after is not None and not row.stops(end + 1, end + 2))


def begins_year(row: Row, place: int) -> bool:
    """Whether a year is named from here on: "năm 2023", "2023", "năm ngoái"."""
    if full_year(row.at(place)) is not None and not row.in_name(place):
        return True
    if not row.is_year_word(place):
        return False
    following = row.at(place + 1)
    spanned = following is not None and following.span is not None
    return (
        year_number(following) is not None or spanned or row.is_(place + 1, "behind_year")
    ) and not row.stops(place + 1, place + 2)


def _past_year_word(row: Row, place: int) -> int:
    """The place behind a "năm" that names no year of its own: "6 tháng đầu năm"."""
    return place + 1 if row.is_year_word(place) and not begins_year(row, place) else place


def half(row: Row, place: int) -> Named | None:
    """ "nửa đầu", "nửa cuối", "nửa năm", "giữa năm": up to its middle."""
    if row.says(place, "giữa"):
        middle = row.is_year_word(place + 1) and not _is_between(row, place + 1)
        end = _past_year_word(row, place + 1)
        return Named(place, end, Part(1, 6, Unit.HALF)) if middle else None
    if not row.says(place, "nửa"):
        return None
    side = place + 2 if row.is_year_word(place + 1) and not begins_year(row, place + 1) else None
    at = side if side is not None else place + 1
    word = row.at(at)
    first = next((month for text, month in HALVES.items() if row.says(at, text)), None)
    if word is None or first is None:
        alone = row.is_year_word(place + 1)
        return Named(place, side or place + 1, Part(1, 6, Unit.HALF)) if alone else None
    return Named(place, _past_year_word(row, at + 1), Part(first, 6, Unit.HALF))


def _is_between(row: Row, place: int) -> bool:
    """Whether two years follow: "giữa năm 2022 và 2023"."""
    return any(
        row.is_(after, "joins") and begins_year(row, after + 1)
        for after in range(place + 1, place + 4)
    )


def quarter(row: Row, place: int) -> Named | None:
    """ "quý 2", "Q2", "quý II", "quý hai", "quý đầu năm"."""
    glued = _roman_quarter(row.at(place))
    if glued is not None:
        return Named(place, place + 1, Part(glued * 3 - 2, 3, Unit.QUARTER))
    spelled = row.says(place, "quý")
    after = row.at(place + 1)
    if after is None or not (spelled or row.typed(place, "q", "quy")):
        return None
    dated = _of_a_year(after, 4, Unit.QUARTER)
    if dated is not None:
        return Named(place, place + 2, dated)
    at_end = _at_an_end(row, place, Unit.QUARTER) if spelled else None
    if at_end is not None:
        return at_end
    value = _quarter_number(after, strict=_has_marks(row, place))
    if value is None or is_quantity(row, place + 1):
        return None
    if not 1 <= value <= 4:
        return Named(place, place + 2, Unreadable()) if after.number is not None else None
    return Named(place, place + 2, Part(value * 3 - 2, 3, Unit.QUARTER))


def _roman_quarter(word: Word | None) -> int | None:
    """The quarter that "QII" says in one piece."""
    return ROMAN_QUARTERS.get(word.text) if word is not None else None


def _quarter_number(word: Word, *, strict: bool) -> int | None:
    if word.number is not None:
        return word.plain_number if len(word.number) <= 2 else None
    return ROMAN.get(word.text) or (digit(word, strict=strict) if not word.breaks else None)


def _has_marks(row: Row, place: int) -> bool:
    """Whether a word is typed with its marks, so that those beside it have theirs."""
    word = row.at(place)
    return word is not None and spell(word.text).marked


def _of_a_year(word: Word, most: int, unit: Unit) -> What | None:
    """Months or quarters that one token dates: 3/2023, 1-3/2024."""
    if word.month is not None:
        number, year = word.month
        return _checked(number, year, most, unit)
    ends = _FROM_TO.fullmatch(word.number or "")
    if ends is None:
        return None
    first, last, year = map(int, ends.groups())
    if not 1 <= first <= last <= most:
        return Unreadable()
    return Period.months(year, (first - 1) * unit + 1, (last - first + 1) * unit)


def _at_an_end(row: Row, place: int, unit: Unit) -> Named | None:
    """ "quý đầu năm", "tháng cuối năm": the first or the last of a year."""
    if not row.says(place + 1, "đầu", "cuối"):
        return None
    at = place + 3 if row.says(place + 2, "tiên", "cùng") else place + 2
    at = at + 1 if row.says(at, "của", "trong") else at
    if not (row.is_year_word(at) or begins_year(row, at)):
        return None
    first = 1 if row.says(place + 1, "đầu") else 13 - unit
    return Named(place, _past_year_word(row, at), Part(first, unit, unit))


def month(row: Row, place: int) -> Named | None:
    """ "tháng 3", "T3", "thg 3/2023", "tháng ba", "tháng giêng", "tháng đầu năm"."""
    spelled = row.says(place, *MONTH_WORDS)
    after = row.at(place + 1)
    if after is None or not (spelled or row.typed(place, "t", "th")):
        return None
    dated = _of_a_year(after, 12, Unit.MONTH)
    if dated is not None:
        return Named(place, place + 2, dated)
    if after.number is not None:
        return _month_number(row, place, spelled=spelled)
    at_end = _at_an_end(row, place, Unit.MONTH) if spelled else None
    return at_end or _month_word(row, place)


def _month_number(row: Row, place: int, *, spelled: bool) -> Named | None:
    after = row.at(place + 1)
    number = after.plain_number if after is not None else None
    if after is None or number is None or len(after.number or "") > 2 or after.breaks in ("/", ","):
        return None
    if is_quantity(row, place + 1):
        return None  # "một tháng 5 triệu"
    if 1 <= number <= 12:
        return Named(place, place + 2, Part(number, 1, Unit.MONTH))
    return Named(place, place + 2, Unreadable()) if spelled else None


def _month_word(row: Row, place: int) -> Named | None:
    """ "tháng ba", "tháng mười một", "tháng năm năm 2024"; "một tháng năm 2024" is no May."""
    after = row.at(place + 1)
    if after is None or after.breaks or row.in_name(place) or row.phrase(place + 1, "lengths"):
        return None
    old = next((n for text, n in OLD_NAMES.items() if row.says(place + 1, text)), None)
    if old is not None:
        return Named(place, place + 2, Part(old, 1, Unit.MONTH))
    if begins_year(row, place + 1) and _is_per_month(row, place):
        return None
    counted = count(row, place + 1, strict=_has_marks(row, place))
    if counted is None or not 1 <= counted[0] <= 12 or _is_next_month(row, place + 1):
        return None
    return Named(place, counted[1], Part(counted[0], 1, Unit.MONTH))


def _is_next_month(row: Row, place: int) -> bool:
    """Whether "thang sau" without its marks is the next one and no June."""
    return row.typed(place, "sau") and not begins_year(row, place + 1)


def _is_per_month(row: Row, place: int) -> bool:
    """Whether "tháng" only says how often: "mỗi tháng", "đồng/tháng", "bình quân tháng"."""
    return "/" in row.breaks(place) or row.ends_with(place, "each") is not None


# ------------------------------------------------------------ years


def year(row: Row, place: int) -> Named | None:
    """ "năm 2023", "năm 23", "2023", "2k23", "'23", "năm hai ba"."""
    if row.is_year_word(place):
        named = _behind_year_word(row, place)
        if named is not None:
            return named
    return _year_alone(row, place)


def _behind_year_word(row: Row, place: int) -> Named | None:
    following = row.at(place + 1)
    number = year_number(following)
    if number is not None and following is not None:
        short = len(following.number or "") == 2
        amount = is_quantity(row, place + 1, place, short=short)
        return None if amount else Named(place, place + 2, Year(number))
    spanned = following is not None and following.number is not None
    spoken = None if spanned or row.typed(place, "n") else _spoken(row, place + 1)
    return None if spoken is None else Named(place, spoken[0], Year(spoken[1]))


def _spoken(row: Row, place: int) -> tuple[int, int] | None:
    return spoken_year(row.between(0, len(row)), place)


def _year_alone(row: Row, place: int) -> Named | None:
    word = row.at(place)
    if word is None or row.in_name(place):
        return None  # "giá so sánh 2010"
    if word.number is None:
        return _year_in_words(row, place)
    number = full_year(word)
    if number is not None:
        amount = is_quantity(row, place, place, short=number % 100 == 0)
        return None if amount else Named(place, place + 1, Year(number))
    if word.plain_number == 2 and row.typed(place + 1, "k", "o"):  # 2k23, 2o23
        tail = year_number(row.at(place + 2))
        return None if tail is None else Named(place, place + 3, Year(tail))
    if len(word.number) == 2 and word.typed.startswith(("'", "’")):
        return Named(place, place + 1, Year(2000 + int(word.number)))
    return None


def _year_in_words(row: Row, place: int) -> Named | None:
    """ "hai nghìn không trăm hai ba" without "năm" before it."""
    spoken = _spoken(row, place) if row.says(place + 1, "nghìn", "ngàn") else None
    if spoken is None or is_quantity(row, spoken[0] - 1, place, short=True):
        return None
    return Named(place, spoken[0], Year(spoken[1]))


def is_quantity(row: Row, place: int, start: int | None = None, *, short: bool = False) -> bool:
    """Whether a number counts things: "5 triệu", "hơn 2023 người", "mỗi năm 20 người".

    `start` is where the number's words begin; `short`: things behind it suffice.
    """
    if row.breaks(place + 1):
        return False
    scale = row.phrase(place + 1, "scales")
    if scale is not None and row.phrase(place + 1, "no_scales") is None:
        return True
    if start is None or row.phrase(place + 1, "counted") is None:
        return False
    return short or row.ends_with(start, "amounts") is not None


# ------------------------------------------------------------ lists


def listed(row: Row, head: Named) -> Iterator[Named]:
    """Yield what goes on in numbers alone: "quý 1 *và 2*", "tháng 1*, 2 và 3*", "2022 *và 23*"."""
    unit, last = _unit_of(head), head
    while unit is not None:
        joined = row.is_(last.end, "joins", "until") and not row.breaks(last.end)
        at = last.end + 1 if joined else last.end
        if not _continues(row, at, joined=joined):
            return
        what = _next_listed(row, at, unit)
        if what is None:
            return
        last = Named(at, at + 1, what)
        yield last


def _unit_of(head: Named) -> Unit | None:
    """The unit that numbers behind may go on in: of one month, one quarter or one year."""
    match head.what:
        case Part() as part:
            return part.unit if part.months == part.unit < Unit.HALF else None
        case Period() as period:
            months = period.whole_months
            return Unit(months) if months in (Unit.MONTH, Unit.QUARTER) else None
        case Year():
            return Unit.YEAR if head.what.steps is None else None
        case _:
            return None


def _continues(row: Row, place: int, *, joined: bool) -> bool:
    """Whether a joining word or sign stands before a number, or the number before it."""
    word = row.at(place)
    if word is None or joined:
        return word is not None and not word.breaks
    if not word.breaks:
        return word.month is not None or begins_year(row, place + 1)
    return not word.breaks.strip(",;+-–— ")


def _next_listed(row: Row, at: int, unit: Unit) -> What | None:
    word = row.at(at)
    if word is None or _counts_something(row, at + 1):
        return None
    if unit is Unit.YEAR:
        short = len(word.number or "") == 2 and row.is_(at - 1, "joins")
        number = year_number(word) if short else None
        return None if number is None else Year(number)
    if word.month is not None:
        number, year = word.month
        return _checked(number, year, 12 // unit, unit)
    value = word.plain_number if word.number is not None else ROMAN.get(word.text)
    if value is None or not 1 <= value <= 12 // unit:
        return None
    return Part((value - 1) * unit + 1, unit, unit)


def _counts_something(row: Row, place: int) -> bool:
    """Whether a number before this place counts things, or units of time of its own."""
    if row.at(place) is None or row.breaks(place):
        return False
    own = row.says(place, *MONTH_WORDS, "quý") or (
        row.is_year_word(place) and not begins_year(row, place)
    )
    return own or any(row.phrase(place, group) for group in ("scales", "counted"))


WAYS: tuple[Way, ...] = (
    written, slashed, day, months_counted, half, quarter, month, year,
)  # fmt: skip
