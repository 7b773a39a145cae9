"""Numbers that are said of a figure: one that is quoted, to be confirmed, and a threshold."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from db.facts import Op
from handlers.question import Amount, Threshold
from handlers.reading.words import Found, Lexicon, Words
from locales.vocabulary import Vocabulary

_WRITTEN = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:[.,]\d+)?")
"""34.451,21 and 3,02; "3.02" is typed the English way."""
_YEAR = re.compile(r"(?:19|20)\d\d")
_SCALES = {
    ("nghìn",): 3,
    ("ngàn",): 3,
    ("vạn",): 4,
    ("triệu",): 6,
    ("tỷ",): 9,
    ("nghìn", "tỷ"): 12,
    ("ngàn", "tỷ"): 12,
}
_BEFORE = {"over": Op.GT, "least": Op.GE, "under": Op.LT, "most": Op.LE}
_AFTER = {"upward": Op.GE, "downward": Op.LE}


@dataclass(frozen=True, slots=True)
class Numbers:
    """What was said of a figure in numbers."""

    quoted: Amount | None = None
    threshold: Threshold | None = None


@dataclass(frozen=True, slots=True)
class _Placed:
    """An amount and the words that it takes."""

    amount: Amount
    start: int
    end: int


class NumberReader:
    """Reads numbers with a vocabulary, after the readers of periods have taken theirs."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._lexicon = Lexicon(vocabulary.numbers)

    def read(self, words: Words) -> Numbers:
        """Take the numbers that are said of a figure, with the words that tell so."""
        amounts = self._amounts(words)
        if not amounts:
            return Numbers()
        found = [each for each in words.find(self._lexicon) if words.free(each.start, each.end)]
        checks = [each for each in found if each.group == "check"]
        if checks and len(amounts) == 1:
            return self._quoted(words, amounts[0], checks, found)
        return self._between(words, amounts, found) or self._bound(words, amounts, found)

    # ------------------------------------------------------------ what is said of them

    @staticmethod
    def _quoted(words: Words, placed: _Placed, checks: list[Found], found: list[Found]) -> Numbers:
        """ "là 5% đúng không"; "hơn 5% đúng không" quotes no number that could be confirmed."""
        for check in checks:
            if words.free(check.start, check.end):
                words.take(check.start, check.end, "number", "quoted")
        about = any(each.end == placed.start and each.group != "check" for each in found)
        words.take(placed.start, placed.end, "number", placed.amount.typed)
        return Numbers() if about else Numbers(quoted=placed.amount)

    @staticmethod
    def _between(words: Words, amounts: list[_Placed], found: list[Found]) -> Numbers | None:
        """ "từ 3% đến 5%"."""
        for low, high in pairwise(amounts):
            joined = any(
                each.group == "to" and (each.start, each.end) == (low.end, high.start)
                for each in found
            )
            if joined:
                start = _start_of("from", low, found)
                words.take(start, high.end, "number", "between")
                return Numbers(threshold=Threshold(Op.BETWEEN, low.amount, high.amount))
        return None

    @staticmethod
    def _bound(words: Words, amounts: list[_Placed], found: list[Found]) -> Numbers:
        """ "trên 5%", "từ 5% trở lên"."""
        for placed in amounts:
            before = [each for each in found if each.end == placed.start]
            after = [each for each in found if each.start == placed.end]
            for each in after:
                if each.group in _AFTER:
                    words.take(_start_of("from", placed, found), each.end, "number", each.group)
                    return Numbers(threshold=Threshold(_AFTER[each.group], placed.amount))
            for each in before:
                if each.group in _BEFORE:
                    words.take(each.start, placed.end, "number", each.group)
                    return Numbers(threshold=Threshold(_BEFORE[each.group], placed.amount))
        return Numbers()

    # ------------------------------------------------------------ amounts

    def _amounts(self, words: Words) -> list[_Placed]:
        """The numbers with what they count; one without is an amount only where nothing follows."""
        return [
            placed
            for place in range(len(words))
            if words.free(place) and words.row[place].number is not None
            for placed in self._amount(words, place)
        ]

    def _amount(self, words: Words, place: int) -> list[_Placed]:
        row = words.row
        word = row[place]
        written = word.day is None and word.month is None and word.span is None
        if not written or word.period or not _WRITTEN.fullmatch(word.number or ""):
            return []
        end, scale = self._follows(words, place + 1, "scale")
        after, unit = self._follows(words, end, "unit")
        counted = self._follows(words, after, "noun")[1]
        if not (scale or unit or counted) and not self._stands_alone(words, place):
            return []
        value, places = _value(word.number or "")
        said = _said(word.number or "", scale, unit)
        amount = Amount(value, places, _SCALES.get(scale, 0), " ".join(unit), said)
        return [_Placed(amount, place, after)]

    def _follows(self, words: Words, place: int, group: str) -> tuple[int, tuple[str, ...]]:
        """The end and the words of a phrase of a group at a place, where one is."""
        row = words.row
        if place >= len(row) or row[place].breaks or not words.free(place):
            return place, ()
        here = (each for each in self._lexicon.at(row, place) if each.group == group)
        found = next(here, None)
        return (found.end, found.phrase) if found is not None else (place, ())

    def _stands_alone(self, words: Words, place: int) -> bool:
        """Whether a number is said by itself: "là 23250 đúng không"; a year never is."""
        row = words.row
        if _YEAR.fullmatch(row[place].number or ""):
            return False
        last = place + 1 == len(row)
        return last or any(each.group == "check" for each in self._lexicon.at(row, place + 1))


def _start_of(group: str, placed: _Placed, found: list[Found]) -> int:
    """Where a phrase of a group begins that ends at an amount; else where the amount does."""
    starts = (each.start for each in found if each.group == group and each.end == placed.start)
    return next(starts, placed.start)


def _said(number: str, scale: tuple[str, ...], unit: tuple[str, ...]) -> str:
    """An amount as it is said back: "5%", "18.500 tỷ"."""
    if unit in (("%",), ("‰",)):
        return number + unit[0]
    return " ".join((number, *scale, *unit))


def _value(written: str) -> tuple[Decimal, int]:
    """A number as it was typed, and how many decimals it has."""
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", written):
        written = written.replace(".", "")
    whole, _, decimals = written.replace(",", ".").partition(".")
    return Decimal(f"{whole}.{decimals}" if decimals else whole), len(decimals)
