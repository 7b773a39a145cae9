"""What a value measures, by the words of its unit: people, money, a share, a weight, a rank."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from handlers.reading.words import Found, Lexicon, Word
from locales.vocabulary import Phrase

_QUANTIFIERS = frozenset({"nhiêu", "mấy", "nhieu", "may", "nhiu", "số"})
_SCALES = frozenset({"nghìn", "ngàn", "vạn", "triệu", "trăm", "chục", "nghin", "trieu", "tram"})
_PER = frozenset({"một", "mỗi", "trên", "mot", "moi", "tren"})
REACH = 3
"""How many words of scale may lie between "bao nhiêu" and the unit."""

Asked = dict[int, frozenset[str]]
"""The kinds of value that words ask for, by the places of the words."""


class Dimensions:
    """Reads dimensions with the words of units."""

    def __init__(
        self, units: Mapping[str, Sequence[Phrase]], measures: Mapping[str, Sequence[Phrase]]
    ) -> None:
        """Take the words of units by what they measure, and words that ask for such a value."""
        self._units = Lexicon(dict(units), loose=True)
        self._measures = Lexicon(dict(measures), strict=True)

    def of_unit(self, row: Sequence[Word]) -> frozenset[str]:
        """Give what a unit measures; of "triệu đồng/người" that is money."""
        words = list(row)
        for place in range(len(words)):
            groups = {found.group for found in self._units.at(words, place)}
            if groups:
                return frozenset({"yield"} if "yield" in groups else groups)
        return frozenset()

    def asked(
        self,
        row: Sequence[Word],
        start: int,
        end: int,
        other: Collection[int] = (),
        dated: Collection[int] = (),
    ) -> Asked:
        """Give the kinds asked for: "bao nhiêu *người*", "*số tiền*".

        `other`, `dated`: the places of words that are of something else, "con *số*", "thời *điểm*",
        and of those of a period.
        """
        words = list(row)
        asked: Asked = {}
        for found in self._measures.find(words[start:end]):
            place = found.start + start
            inside = words[place + 1 : found.end + start]
            if any(word.breaks for word in inside):
                continue
            if not words[place].written_out and place not in other:
                _note(asked, place, found.end + start, {found.group})
        for place in range(start, end):
            if words[place].text in _QUANTIFIERS and place not in other:
                self._behind(words, place + 1, end, asked, dated)
        self._before(words, start, asked)
        return asked

    def amounts(self, row: Sequence[Word], places: Iterable[int], end: int) -> Asked:
        """Give the kinds of value of amounts that were typed: "62,4*%*", "90 *nghìn hecta*"."""
        words = list(row)
        found: Asked = {}
        for place in places:
            amount: Asked = {}
            self._behind(words, place + 1, end, amount)
            if amount:
                _note(found, place, place + 1, set())
                found.update(amount)
        return found

    def _before(self, words: list[Word], start: int, asked: Asked) -> None:
        """Turn a weight that is asked of an area into a yield: "*mỗi hecta* mấy tạ"."""
        masses = [place for place, groups in asked.items() if groups == {"mass"}]
        for place in range(start, min(masses, default=start)):
            found = [each for each in self._units.at(words, place) if each.group == "area"]
            if found and place > start and words[place - 1].text in _PER:
                _note(asked, place - 1, max(each.end for each in found), {"yield"})
                asked.update(dict.fromkeys(masses, frozenset({"yield"})))
                return

    def _behind(
        self,
        words: list[Word],
        start: int,
        end: int,
        asked: Asked,
        dated: Collection[int] = (),
    ) -> None:
        """Note the unit that stands behind a question word."""
        place = start
        while place < min(end, start + REACH) and words[place].text in _SCALES:
            place += 1
        spots = [spot for spot in range(start, place + 1) if spot < end]
        if any(words[spot].breaks for spot in spots):
            return
        for spot in reversed(spots):  # "mấy nghìn tỷ" is money, as "mấy tỷ" is
            found = [] if spot in dated else list(self._units.at(words, spot))
            if found:
                last = max(each.end for each in found)
                _note(asked, start, spot, set())
                groups, last = self._per_area(words, last, _groups(found))
                _note(asked, spot, last, groups)
                return
        _note(asked, start, place, set())

    def _per_area(self, words: list[Word], end: int, groups: set[str]) -> tuple[set[str], int]:
        """Read on behind a weight: "tạ *một hecta*" is a yield."""
        spot = end
        while spot < len(words) and words[spot].text in _PER and not words[spot].breaks:
            spot += 1
        if "mass" in groups and spot < len(words):
            found = [each for each in self._units.at(words, spot) if each.group == "area"]
            if found:
                return {"yield"}, max(each.end for each in found)
        return groups, end


def _groups(found: Iterable[Found]) -> set[str]:
    return {each.group for each in found}


def _note(asked: Asked, start: int, end: int, groups: set[str]) -> None:
    for place in range(start, end):
        asked[place] = asked.get(place, frozenset()) | groups
