"""Numbers as they are written beside units of time: 6, VI, sáu, mười một, hai nghìn hai ba."""

from __future__ import annotations

from handlers.reading.periods.row import Row
from handlers.reading.spelling import agreement, fold
from handlers.reading.words import Word

FIRST_YEAR, LAST_YEAR = 1945, 2100
"""Four digits outside of these are no year."""
ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5}
_DIGITS = {
    "không": 0, "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5,
    "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9, "mười": 10,
}  # fmt: skip
_SCALES = {"mươi": 10, "mười": 10, "trăm": 100, "nghìn": 1000, "ngàn": 1000}
_BARE: dict[str, list[tuple[str, int]]] = {}
for _text, _value in _DIGITS.items():
    _BARE.setdefault(fold(_text), []).append((_text, _value))
BARE_DIGITS = frozenset(_BARE)
LAST_SHORT = 70
"""Two digits from here on are no year of this century."""
TEN = 10
NEVER_COUNTS = frozenset({"tu", "lam", "khong"})
"""Bare numerals that never stand before what they count."""
LONGEST = 9
"""No year in words is longer: hai nghìn không trăm hai mươi ba."""


def digit(word: Word, *, strict: bool = False) -> int | None:
    """The number up to ten that a word says; `strict` where it must have its marks."""
    least = 1.0 if strict else 0.9
    for text, value in _BARE.get(word.bare, ()):
        if agreement(word.text, text) >= least:
            return value
    return None


def counts(row: Row, place: int) -> tuple[int, int] | None:
    """A count before a unit of time: "tư" and "lăm" are none there, "sau tháng 3" no six months."""
    counted = count(row, place)
    if counted is None or row.at(place).number is not None:
        return counted
    numbered = len(row.at(counted[1] + 1).number or "") in (1, 2)
    return None if numbered or row.at(place).bare in NEVER_COUNTS else counted


def count(row: Row, place: int, *, strict: bool = False) -> tuple[int, int] | None:
    """A count in digits or words at a place: (the count, its end)."""
    word = row.at(place)
    first = digit(word, strict=strict) if word.number is None else word.plain_number
    if word.number is not None or first != TEN:
        return None if first is None else (first, place + 1)
    unit = _unit_after_ten(row, place + 1)
    return (TEN + unit, place + 2) if unit else (TEN, place + 1)


def _unit_after_ten(row: Row, place: int) -> int:
    """The one or two after "mười"; "mười năm" are ten years."""
    unit = None if row.breaks(place) else digit(row.at(place))
    return unit if unit in (1, 2) else 0


def year_number(word: Word) -> int | None:
    """The year that a number beside "năm" says: 2023, 23."""
    number = word.plain_number
    if number is None:
        return None
    short = len(word.number or "") == 2 and number < LAST_SHORT
    year = 2000 + number if short else number
    return year if FIRST_YEAR <= year <= LAST_YEAR else None


def full_year(word: Word) -> int | None:
    """The year that four digits say alone."""
    return year_number(word) if len(word.number or "") == 4 else None


def spoken_year(row: list[Word], start: int) -> tuple[int, int] | None:
    """A year in words: (its end, the year).

    "hai nghìn không trăm hai mươi ba", "hai nghìn hai ba", "hai không hai ba", "hai ba".
    """
    heard = _Heard()
    end = start
    for word in row[start : start + LONGEST]:
        if (word.breaks and end > start) or not heard.hears(word):
            break
        end += 1
    year = heard.year() if end - start >= 2 else None
    return None if year is None else (end, year)


class _Heard:
    """A number in words as far as it was heard: scaled so far, and digits since."""

    def __init__(self) -> None:
        self._total = 0
        self._scaled = False
        self._digits: list[int] = []

    def hears(self, word: Word) -> bool:
        """Whether the word goes on with the number."""
        scale = next((value for text, value in _SCALES.items() if _says(word, text)), None)
        heard = digit(word)
        if scale is not None and (self._digits or scale == TEN):
            self._total += (self._digits.pop() if self._digits else 1) * scale
            self._scaled = True
        elif heard is not None:
            self._digits.append(heard)
        else:
            return self._scaled and any(_says(word, text) for text in ("linh", "lẻ"))
        return True

    def year(self) -> int | None:
        """The year that was said, "hai ba" being 2023."""
        number = self._number()
        if number is None:
            return None
        year = number + 2000 if number < 100 else number
        return year if FIRST_YEAR <= year <= LAST_YEAR else None

    def _number(self) -> int | None:
        told = "".join(map(str, self._digits))
        if self._scaled:  # "hai nghìn không trăm hai hai"
            return self._total + int(told or "0")
        return int(told) if len(told) == len(self._digits) in (2, 4) else None


def _says(word: Word, meant: str) -> bool:
    return word.number is None and agreement(word.text, meant) >= 0.9
