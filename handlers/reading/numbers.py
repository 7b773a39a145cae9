"""Numbers that are said of a figure: one that is quoted, to be confirmed, and a threshold."""

from __future__ import annotations

import re
from collections.abc import Iterable
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
_ASKING = frozenset({"check", "whether"})
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
        said = _Said(words, words.find(self._lexicon))
        if len(amounts) == 1 and said.checks:
            return said.quoted(amounts[0])
        return said.between(amounts) or said.bound(amounts)

    # ------------------------------------------------------------ amounts

    def _amounts(self, words: Words) -> list[_Placed]:
        """The numbers with what they count; one without is an amount only where nothing follows."""
        numbers = [place for place in range(len(words)) if _is_number(words, place)]
        amounts = (self._amount(words, place) for place in numbers)
        return [placed for placed in amounts if placed is not None]

    def _amount(self, words: Words, place: int) -> _Placed | None:
        end, scale = self._follows(words, place + 1, "scale")
        after, unit = self._follows(words, end, "unit")
        counts = scale or unit or self._follows(words, after, "noun")[1]
        if not counts and not self._stands_alone(words, place):
            return None
        number = words.row[place].number or ""
        value, places = _value(number)
        said = _said(number, scale, unit)
        amount = Amount(value, places, _SCALES.get(scale, 0), " ".join(unit), said)
        return _Placed(amount, place, after)

    def _follows(self, words: Words, place: int, group: str) -> tuple[int, tuple[str, ...]]:
        """The end and the words of a phrase of a group at a place, where one is."""
        row = words.row
        if place >= len(row) or row[place].breaks or not words.free(place):
            return place, ()
        longest_last = reversed(list(self._lexicon.at(row, place)))
        found = {one.group: one for one in longest_last}.get(group)
        return (place, ()) if found is None else (found.end, found.phrase)

    def _stands_alone(self, words: Words, place: int) -> bool:
        """Whether a number is said by itself: "là 23250 đúng không"; a year never is."""
        row = words.row
        if _YEAR.fullmatch(row[place].number or ""):
            return False
        if place + 1 == len(row):
            return True
        return any(one.group in _ASKING for one in self._lexicon.at(row, place + 1))


def _is_number(words: Words, place: int) -> bool:
    """Whether a free number stands at a place, and no date, month or span."""
    word = words.row[place]
    dated = word.day or word.month or word.span or word.period
    return words.free(place) and not dated and bool(_WRITTEN.fullmatch(word.number or ""))


class _Said:
    """What stands around the amounts of a message."""

    def __init__(self, words: Words, found: list[Found]) -> None:
        self._words = words
        self._found = [one for one in found if words.free(one.start, one.end)]
        self.checks = [one for one in self._found if one.group == "check"]

    def quoted(self, placed: _Placed) -> Numbers:
        """ "là 5% đúng không"; "hơn 5% đúng không" quotes nothing that could be confirmed."""
        for check in self.checks:
            if self._words.free(check.start, check.end):
                self._words.take(check.start, check.end, "number", "quoted")
        self._words.take(placed.start, placed.end, "number", placed.amount.typed)
        hedged = self._before(placed, {*_BEFORE, "about", "from"})
        return Numbers() if hedged else Numbers(quoted=placed.amount)

    def between(self, amounts: list[_Placed]) -> Numbers | None:
        """ "từ 3% đến 5%"."""
        joints = {(one.start, one.end) for one in self._found if one.group == "to"}
        for low, high in pairwise(amounts):
            if (low.end, high.start) in joints:
                self._words.take(self._start(low), high.end, "number", "between")
                return Numbers(threshold=Threshold(Op.BETWEEN, low.amount, high.amount))
        return None

    def bound(self, amounts: list[_Placed]) -> Numbers:
        """ "trên 5%", "từ 5% trở lên": the first that there is."""
        bounds = (self._bound_of(placed) for placed in amounts)
        first = next((bound for bound in bounds if bound is not None), None)
        return Numbers(threshold=first)

    def _bound_of(self, placed: _Placed) -> Threshold | None:
        after = self._after(placed)
        if after is not None:
            self._words.take(self._start(placed), after.end, "number", after.group)
            return Threshold(_AFTER[after.group], placed.amount)
        before = self._before(placed, _BEFORE) or self._reached(placed)
        if before is None:
            return None
        self._words.take(before.start, placed.end, "number", before.group)
        return Threshold(_BEFORE.get(before.group, Op.GE), placed.amount)

    def _reached(self, placed: _Placed) -> Found | None:
        """ "có đạt 45.000 không": whether so much was reached."""
        asked = any(one.start == placed.end and one.group == "whether" for one in self._found)
        return self._before(placed, ("reaches",)) if asked else None

    def _after(self, placed: _Placed) -> Found | None:
        behind = (one for one in self._found if one.start == placed.end)
        return next((one for one in behind if one.group in _AFTER), None)

    def _before(self, placed: _Placed, groups: Iterable[str]) -> Found | None:
        ahead = (one for one in self._found if one.end == placed.start)
        return next((one for one in ahead if one.group in groups), None)

    def _start(self, placed: _Placed) -> int:
        """Where "từ" before an amount begins; else where the amount does."""
        opening = self._before(placed, ("from",))
        return placed.start if opening is None else opening.start


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
