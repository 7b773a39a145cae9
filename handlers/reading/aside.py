"""What is named only to be set aside: "2023 *không phải 2022*"."""

from __future__ import annotations

from datetime import date

from handlers.reading.periods import PeriodReader
from handlers.reading.places import PlaceReader
from handlers.reading.words import Lexicon, Words
from locales.vocabulary import Vocabulary


class AsideReader:
    """Reads with the readers of periods and places, for what is set aside is one of these."""

    def __init__(self, vocabulary: Vocabulary, periods: PeriodReader, places: PlaceReader) -> None:
        self._periods = periods
        self._places = places
        self._but_not = Lexicon({"but not": vocabulary.replies["but_not"]})
        self._but = frozenset(phrase[0] for phrase in vocabulary.replies["but"])

    def read(self, words: Words, today: date) -> str:
        """Takes what is said not to be meant: "2023 *không phải 2022*".

        Gives the words that only say which period or place is not meant, when none is named that
        is: nobody guesses another one.
        """
        row = words.row
        for each in words.find(self._but_not):
            end = each.end
            while end < len(row) and not row[end].breaks and row[end].text not in self._but:
                end += 1
            inner = Words(row[each.end : end])
            self._periods.read(inner, today)
            when = [at for at, owner in enumerate(inner.owner) if owner == "period"]
            if when and when[0] > 0:  # "không phải thành thị 2023": the year is meant
                end = each.end + when[0]
            if end == each.end or end - each.start == len(row):
                continue
            rest = Words([*row[: each.start], *row[end:]])
            if self._facets(Words(row[each.end : end]), today) - self._facets(rest, today):
                return " ".join(word.typed for word in row[each.start : end])
            words.take(each.start, end, "aside", "not meant")
        return ""

    def _facets(self, words: Words, today: date) -> set[str]:
        """Which of period and place are named."""
        time, places = self._periods.read(words, today), self._places.read(words)
        named = {"period"} if time.said else set()
        return named | ({"place"} if places.regions or places.strangers or places.home else set())
