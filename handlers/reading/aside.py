"""What is named only to be set aside: "2023 *không phải 2022*"."""

from __future__ import annotations

from datetime import date

from handlers.reading.periods import PeriodReader
from handlers.reading.places import PlaceReader
from handlers.reading.words import Found, Lexicon, Word, Words, clause_of
from locales.vocabulary import Vocabulary


class AsideReader:
    """Reads with the readers of periods and places, for what is set aside is one of these."""

    def __init__(self, vocabulary: Vocabulary, periods: PeriodReader, places: PlaceReader) -> None:
        self._periods = periods
        self._places = places
        self._but_not = Lexicon({"but not": vocabulary.replies["but_not"]})
        self._set_aside = Lexicon({"set aside": vocabulary.replies["set_aside"]})
        self._but = frozenset(phrase[0] for phrase in vocabulary.replies["but"])

    def read(self, words: Words, today: date) -> str:
        """Takes what is said not to be meant: "2023 *không phải 2022*".

        Gives the words that only say which period or place is not meant, when none is named that
        is: nobody guesses another one.
        """
        for found in words.find(self._but_not):
            end = self._end(words.row, found.end, today)
            if end == found.end or end - found.start == len(words):
                continue
            if self._leaves_open(words.row, found, end, today):
                return " ".join(word.typed for word in words.row[found.start : end])
            words.take(found.start, end, "aside", "not meant")
        self._take_set_aside(words, today)
        return ""

    def _take_set_aside(self, words: Words, today: date) -> None:
        """Takes the clause that ends so: "cho điểm, *hạng thì biết rồi*"."""
        row = words.row
        for found in words.find(self._set_aside):
            clause = clause_of(row, found)
            start, ends = clause.start, clause.stop == found.end
            alone = len(clause) == len(row)
            if not ends or alone or start == found.start or not words.free(start, found.end):
                continue
            behind = Found(start, start, found.group, found.phrase)
            if not self._leaves_open(row, behind, found.end, today):
                words.take(start, found.end, "aside", "not meant")

    def _end(self, row: list[Word], start: int, today: date) -> int:
        """Where what is not meant ends; "không phải thành thị 2023" means the year."""
        behind = range(start, len(row))
        stops = (at for at in behind if row[at].breaks or self._turns(row, at))
        end = next(stops, len(row))
        inner = Words(row[start:end])
        self._periods.read(inner, today)
        when = inner.owner.index("period") if "period" in inner.owner else 0
        return start + when if when else end

    def _turns(self, row: list[Word], at: int) -> bool:
        """Whether a word turns to what is meant; "mới *chỉ*" does not."""
        return row[at].text in self._but and row[at - 1].text != "mới"

    def _leaves_open(self, row: list[Word], found: Found, end: int, today: date) -> bool:
        """Whether only what is not meant names a period, or only that a place."""
        inner, rest = Words(row[found.end : end]), Words([*row[: found.start], *row[end:]])
        set_aside = self._facets(inner, today)
        return bool(set_aside) and bool(set_aside - self._facets(rest, today))

    def _facets(self, words: Words, today: date) -> set[str]:
        """Which of period and place are named."""
        places, time = self._places.read(words), self._periods.read(words, today)
        named = {"period": time.said, "place": places.said}
        return {facet for facet, said in named.items() if said}
