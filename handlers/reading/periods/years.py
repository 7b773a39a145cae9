"""The ways to write a year: "năm 2023", "2023", "2k23", "năm hai ba"; and numbers that count."""

from __future__ import annotations

from handlers.reading.periods.named import Named, Unreadable, Year
from handlers.reading.periods.numerals import full_year, spoken_year, year_number
from handlers.reading.periods.row import Row

_CLOSING = frozenset(",;:?!\n")
SHORT_YEARS = range(18, 31)
"""Two digits that stand for a year without "năm" before them."""


def behind_year_word(row: Row, place: int) -> Named | None:
    """ "năm 2023", "năm 23"; "mỗi năm 20 người" counts."""
    following = row.at(place + 1)
    number = year_number(following) if row.is_year_word(place) else None
    short = len(following.number or "") == 2
    if number is None or is_quantity(row, place + 1, place, short=short):
        return None
    return Named(place, place + 2, Year(number))


def spoken(row: Row, place: int) -> Named | None:
    """ "năm hai không hai ba", "năm hai ba"."""
    if row.typed(place, "n") or not row.is_year_word(place):
        return None
    heard = spoken_year(row.between(0, len(row)), place + 1)
    return None if heard is None else Named(place, heard[0], Year(heard[1]))


def in_words(row: Row, place: int) -> Named | None:
    """ "hai nghìn không trăm hai ba" without "năm" before it."""
    thousand = row.says(place + 1, "nghìn", "ngàn")
    heard = spoken_year(row.between(0, len(row)), place) if thousand else None
    if heard is None or is_quantity(row, heard[0] - 1, place, short=True):
        return None
    return Named(place, heard[0], Year(heard[1]))


def alone(row: Row, place: int) -> Named | None:
    """ "2023"; "2000 hộ" counts, and "giá so sánh 2010" is a name."""
    number = full_year(row.at(place))
    if number is None or row.in_name(place):
        return None
    amount = is_quantity(row, place, place, short=number % 100 == 0)
    return None if amount else Named(place, place + 1, Year(number))


def in_pieces(row: Row, place: int) -> Named | None:
    """ "2k23", "2o23" in their three pieces."""
    pieces = row.at(place).plain_number == 2 and row.typed(place + 1, "k", "o")
    tail = year_number(row.at(place + 2)) if pieces else None
    return None if tail is None else Named(place, place + 3, Year(tail))


def shortened(row: Row, place: int) -> Named | None:
    """ "'23"."""
    word = row.at(place)
    short = len(word.number or "") == 2 and word.typed.startswith(("'", "’"))
    return Named(place, place + 1, Year(2000 + int(word.number or 0))) if short else None


def after(row: Row, place: int) -> Named | None:
    """ "sau 2022", "sau năm 2022": no year, and open at its end."""
    if row.stops(place + 1, place + 2) or not begins_year(row, place + 1):
        return None
    return Named(place, place + 2 + row.is_year_word(place + 1), Unreadable())


def slashed(row: Row, place: int) -> Named | None:
    """ "tháng 12/24", "Q4/23": two digits behind a month or a quarter."""
    number = row.at(place).plain_number
    short = len(row.at(place).number or "") == 2 and number in SHORT_YEARS
    part = row.at(place - 1)
    whole = part.number is None and part.text[:1] in ("t", "q") and part.text[1:].isdecimal()
    parted = part.number is not None and row.says(place - 2, "tháng", "thg", "quý", "q", "t")
    if row.breaks(place) != "/" or not short or not (whole or parted):
        return None
    return Named(place, place + 1, Year(2000 + (number or 0)))


def trailing(row: Row, place: int) -> Named | None:
    """ "hộ nghèo 23?": two digits where a question ends, or goes on with what is asked of it."""
    number = row.at(place).plain_number
    closed = bool(row.breaks(place + 1)) and set(row.breaks(place + 1)) <= _CLOSING
    ends = place + 1 == len(row) or closed or row.is_(place + 1, "asked_of")
    short = len(row.at(place).number or "") == 2 and number in SHORT_YEARS
    counts = row.is_(place - 1, "counters") or row.at(place - 1).number is not None
    if not short or not ends or not place or counts or row.in_name(place):
        return None
    return Named(place, place + 1, Year(2000 + (number or 0)))


def begins_year(row: Row, place: int) -> bool:
    """Whether a year is named from here on: "năm 2023", "2023", "năm ngoái"."""
    if full_year(row.at(place)) is not None:
        return not row.in_name(place)
    if not row.is_year_word(place) or row.stops(place + 1, place + 2):
        return False
    following = row.at(place + 1)
    numbered = year_number(following) is not None or following.span is not None
    return numbered or row.is_(place + 1, "behind_year")


def past_year_word(row: Row, place: int) -> int:
    """The place behind a "năm" that names no year of its own: "6 tháng đầu năm"."""
    return place + 1 if row.is_year_word(place) and not begins_year(row, place) else place


def is_quantity(row: Row, place: int, start: int | None = None, *, short: bool = False) -> bool:
    """Whether a number counts things: "5 triệu", "hơn 2023 người", "mỗi năm 20 người".

    `start` is where the number's words begin; `short`: things behind it suffice.
    """
    after = place + 1
    if row.breaks(after):
        return False
    if row.begins(after, "scales"):
        return not row.begins(after, "no_scales")
    things = start is not None and row.begins(after, "counted")
    return things and (short or row.ends(start or 0, "amounts"))


def counts_something(row: Row, place: int) -> bool:
    """Whether a number before this place counts things, or units of time of its own."""
    if row.breaks(place):
        return False
    own = row.says(place, "tháng", "thg", "quý") or past_year_word(row, place) > place
    return own or row.begins(place, "scales") or row.begins(place, "counted")
