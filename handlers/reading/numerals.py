"""Whole numbers below a hundred, in digits or in words, and words that are meant as written."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from handlers.reading.spelling import agreement, fold
from handlers.reading.words import Found, Word

UNITS = {
    "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5, "nhăm": 5,
    "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9,
}  # fmt: skip
_TENS = {"mười": 1, "hăm": 2}
_LIKE = 0.9
"""How well a word must agree with the one that is meant."""


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number and the place after its last word."""

    end: int
    value: int


def is_word(word: Word, *meant: str) -> bool:
    """Tell whether a word may be one of those that are meant."""
    return word.number is None and any(agreement(word.text, each) >= _LIKE for each in meant)


def stands(row: list[Word], place: int, *meant: str) -> bool:
    """Tell whether one of the words stands at a place, which may be none of the row."""
    return 0 <= place < len(row) and is_word(row[place], *meant)


def unit(word: Word) -> int | None:
    """Give the number from 1 to 9 that a word says."""
    if word.number is not None:
        return None
    alike = (text for text in UNITS if fold(text) == word.bare)
    return next((UNITS[text] for text in alike if agreement(word.text, text) >= _LIKE), None)


def counted(row: list[Word], place: int) -> Number | None:
    """Read a whole number below a hundred from a place on, in digits or in words."""
    if place >= len(row):
        return None
    if row[place].plain_number is not None:
        return Number(place + 1, row[place].plain_number or 0)
    tens = _tens(row, place)
    if tens.end < len(row) and not (tens.end > place and row[tens.end].breaks):
        ones = unit(row[tens.end])
        if ones is not None:
            return Number(tens.end + 1, tens.value + ones)
    return tens if tens.value else None


def _tens(row: list[Word], place: int) -> Number:
    """Read "mười", "hăm" or "hai mươi"; zero where there are no tens."""
    for text, tens in _TENS.items():
        if is_word(row[place], text):
            return Number(place + 1, tens * 10)
    first = unit(row[place])
    if first is not None and stands(row, place + 1, "mươi", "mười"):
        return Number(place + 2, first * 10)
    return Number(place, 0)


def has_all_marks(row: list[Word], found: Found) -> bool:
    """Tell whether a phrase is typed with all its marks."""
    words = row[found.start : found.end]
    return all(word.text == part for word, part in zip(words, found.phrase, strict=True))


def typing(row: list[Word], start: int, end: int) -> str:
    """Give the words between two places as they were typed: "ngày 31/12", "8:75"."""
    text = row[start].typed
    for before, word in pairwise(row[start:end]):
        if _is_piece(before, word):
            continue
        close = word.breaks if word.breaks in ("/", ":", "-", ".") else f"{word.breaks} "
        text += close + word.typed
    return text


def _is_piece(before: Word, word: Word) -> bool:
    """Tell whether two words were typed as one: "8h75"."""
    same = word.typed == before.typed and not word.breaks
    return same and (word.repaired or word.written_out)
