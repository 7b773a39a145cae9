"""The ways to write part of a year: "quý 2", "T3", "tháng ba", "6 tháng đầu năm", "nửa cuối"."""

from __future__ import annotations

from rapidfuzz.distance import OSA

from db.facts import Period
from handlers.reading.periods.dates import MONTHS, of_a_year
from handlers.reading.periods.named import Named, Part, Unit, Unreadable, named
from handlers.reading.periods.numerals import ROMAN, count, counts, digit
from handlers.reading.periods.row import Row
from handlers.reading.periods.years import begins_year, is_quantity, past_year_word

ROMAN_QUARTERS = {"qi": 1, "qii": 2, "qiii": 3, "qiv": 4}
OLD_NAMES = {"giêng": 1, "chạp": 12}
"""Months of the old calendar that are still called by their names."""
ENDS = ("đầu", "cuối")
"""From which end of a year it is counted."""


# ------------------------------------------------------------ counted from one end


def months_counted(row: Row, place: int) -> Named | None:
    """Months or quarters from one end of a year: "6 tháng đầu", "3 quý", "9T"."""
    number, end = counts(row, place) or (0, place)
    unit = _unit(row, place, end) if end > place else None
    after = end + 1
    if unit is None or _is_length(row, place, after):
        return None
    if row.says(after, "của") and begins_year(row, after + 1):
        after += 1  # "10 tháng của năm 2024"
    sided = row.says(after, *ENDS)
    goes_on = sided or begins_year(row, after)
    if not 1 <= number * unit <= MONTHS:
        return Named(place, after, Unreadable()) if goes_on else None
    if not _is_counted(row, place, number, sided=sided, goes_on=goes_on):
        return None
    end = past_year_word(row, after + 1) if sided else after
    return Named(place, end, _from_end(row, after, number * unit, unit))


def _is_counted(row: Row, place: int, number: int, *, sided: bool, goes_on: bool) -> bool:
    """Whether it counts: "năm" is a year elsewhere, "một tháng năm 2023" is so much a month."""
    return goes_on if row.says(place, "năm") else number > 1 or sided


def _from_end(row: Row, place: int, months: int, unit: Unit) -> Part:
    """So many months from the beginning, or from the end where "cuối" stands here."""
    first = MONTHS + 1 - months if row.says(place, "cuối") else 1
    return Part(first, months, unit)


def _unit(row: Row, place: int, end: int) -> Unit | None:
    """The unit that is counted; T stands for months only right behind digits."""
    glued = row.at(place).repaired and row.at(place).number is not None
    slipped = row.says(end + 1, *ENDS) and OSA.distance(row.at(end).bare, "thang") == 1
    if slipped or row.says(end, "tháng", "thg", "th") or (glued and row.typed(end, "t")):
        return Unit.MONTH
    return Unit.QUARTER if row.says(end, "quý") else None


def _is_length(row: Row, start: int, end: int) -> bool:
    """Whether so many months are a length: "dưới 6 tháng", "6 tháng tuổi", "3 tháng một lần"."""
    behind = row.begins(end, "lengths") and not row.stops(end, end + 1)
    return behind or row.ends(start, "thresholds")


def half(row: Row, place: int) -> Named | None:
    """ "nửa đầu", "nửa cuối năm", "nửa năm", "nửa năm đầu"."""
    if not row.says(place, "nửa"):
        return None
    side = past_year_word(row, place + 1)
    if row.says(side, *ENDS):
        return Named(place, past_year_word(row, side + 1), _from_end(row, side, 6, Unit.HALF))
    return Named(place, side, Part(1, 6, Unit.HALF)) if row.is_year_word(place + 1) else None


def middle(row: Row, place: int) -> Named | None:
    """ "giữa năm": up to the middle of it; "giữa năm 2022 và 2023" is between two."""
    if not row.says(place, "giữa") or not row.is_year_word(place + 1):
        return None
    between = any(
        row.is_(after, "joins") and begins_year(row, after + 1)
        for after in range(place + 2, place + 5)
    )
    return None if between else Named(place, past_year_word(row, place + 1), Part(1, 6, Unit.HALF))


def at_an_end(row: Row, place: int) -> Named | None:
    """ "quý đầu năm", "tháng cuối cùng của năm 2023"."""
    unit = _unit(row, place, place)
    if unit is None or not row.says(place + 1, *ENDS):
        return None
    at = _past(row, _past(row, place + 2, "tiên", "cùng"), "của", "trong")
    if not row.is_year_word(at) and not begins_year(row, at):
        return None
    return Named(place, past_year_word(row, at), _from_end(row, place + 1, unit, unit))


def _past(row: Row, place: int, *words: str) -> int:
    """The place behind one of these words, where it stands here."""
    return place + row.says(place, *words)


# ------------------------------------------------------------ quarters


def quarter_in_one(row: Row, place: int) -> Named | None:
    """ "QII"."""
    number = ROMAN_QUARTERS.get(row.at(place).text)
    return None if number is None else Named(place, place + 1, _quarter(number))


def quarter_of_token(row: Row, place: int) -> Named | None:
    """ "quý 2/2023", "quý 1-3/2024"."""
    what = of_a_year(row.at(place + 1), Unit.QUARTER) if _says_quarter(row, place) else None
    return named(place, place + 2, what)


def quarter(row: Row, place: int) -> Named | None:
    """ "quý 2", "Q2", "quý II", "quý hai"."""
    number = _quarter_number(row, place + 1) if _says_quarter(row, place) else None
    if number is None or is_quantity(row, place + 1):
        return None
    return Named(place, place + 2, _quarter(number) if 1 <= number <= 4 else Unreadable())


def _says_quarter(row: Row, place: int) -> bool:
    return row.typed(place, "q", "quy") or row.says(place, "quý")


def _quarter_number(row: Row, place: int) -> int | None:
    """A number in digits, which may be none of a quarter, or one to four in letters."""
    word = row.at(place)
    if word.number is not None:
        return word.plain_number if len(word.number) <= 2 else None
    strict = row.has_marks(place - 1)
    said = ROMAN.get(word.text) or (None if word.breaks else digit(word, strict=strict))
    return said if said in range(1, 5) else None


def _quarter(number: int) -> Part:
    return Part(number * 3 - 2, 3, Unit.QUARTER)


# ------------------------------------------------------------ months


def month_of_token(row: Row, place: int) -> Named | None:
    """ "tháng 3/2023", "tháng 1-3/2024"."""
    what = of_a_year(row.at(place + 1), Unit.MONTH) if _says_month(row, place) else None
    return named(place, place + 2, what)


def months_to_token(row: Row, place: int) -> Named | None:
    """ "1-5/2025": months from the first to the one with its year."""
    first, last = row.at(place).plain_number, row.at(place + 1)
    if first is None or last.breaks != "-" or last.month is None:
        return None
    what = of_a_year(last, Unit.MONTH)
    if not isinstance(what, Period) or not 1 <= first < what.start.month:
        return None
    count = what.start.month - first + 1
    return Named(place, place + 2, Period.months(what.start.year, first, count))


def month(row: Row, place: int) -> Named | None:
    """ "tháng 3", "T3"; "một tháng 5 triệu" counts."""
    number = _month_number(row, place + 1) if _says_month(row, place) else None
    if number is None or is_quantity(row, place + 1):
        return None
    if 1 <= number <= MONTHS:
        return Named(place, place + 2, _month(number))
    return Named(place, place + 2, Unreadable()) if row.says(place, "tháng", "thg") else None


def _month_number(row: Row, place: int) -> int | None:
    """One or two digits that no slash or comma parts from what stands before."""
    word = row.at(place)
    parted = word.breaks in ("/", ",") or len(word.number or "") > 2
    return None if parted else word.plain_number


def old_month(row: Row, place: int) -> Named | None:
    """ "tháng giêng", "tháng chạp"."""
    if not row.says(place, "tháng"):
        return None
    numbers = (number for text, number in OLD_NAMES.items() if row.says(place + 1, text))
    return next((Named(place, place + 2, _month(number)) for number in numbers), None)


def month_in_words(row: Row, place: int) -> Named | None:
    """ "tháng ba", "tháng mười một", "tháng năm năm 2024"; "một tháng năm 2024" is no May."""
    if not _says_month(row, place) or row.breaks(place + 1) or row.at(place + 1).number:
        return None
    counted = count(row, place + 1, strict=row.has_marks(place))
    if counted is None or not 1 <= counted[0] <= MONTHS or _is_other(row, place):
        return None
    return Named(place, counted[1], _month(counted[0]))


def _is_other(row: Row, place: int) -> bool:
    """Whether it is a name, how often, or the next month: "từng tháng một", "thang sau"."""
    after = place + 1
    if row.in_name(place) or row.begins(after, "lengths"):
        return True
    if row.ends(place, "each") and row.typed(after, "một"):
        return True
    if begins_year(row, after):
        return "/" in row.breaks(place) or row.ends(place, "each")
    beside_year = begins_year(row, after + 1) or begins_year(row, place - 1)
    return row.typed(after, "sau") and not beside_year


def _says_month(row: Row, place: int) -> bool:
    return row.typed(place, "t", "th") or row.says(place, "tháng", "thg")


def _month(number: int) -> Part:
    return Part(number, 1, Unit.MONTH)
