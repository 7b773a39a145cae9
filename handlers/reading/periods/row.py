"""A row of words as the readers of periods look at it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from handlers.reading.spelling import agreement
from handlers.reading.words import Found, Lexicon, Word, Words
from locales.vocabulary import Phrase

_STOPS = frozenset(";?!\n")


@lru_cache(maxsize=65536)
def _agrees(text: str, meant: tuple[str, ...]) -> bool:
    return any(agreement(text, one) >= 0.9 for one in meant)


@dataclass(frozen=True)
class Calendar:
    """The words around periods, by what they do there."""

    groups: dict[str, tuple[Phrase, ...]]
    words: dict[str, tuple[str, ...]] = field(init=False)
    """Those of a single word."""
    phrases: dict[str, Lexicon] = field(init=False)

    def __post_init__(self) -> None:
        single = {
            name: tuple(phrase[0] for phrase in phrases if len(phrase) == 1)
            for name, phrases in self.groups.items()
        }
        object.__setattr__(self, "words", single)
        lexicons = {name: Lexicon({name: phrases}) for name, phrases in self.groups.items()}
        object.__setattr__(self, "phrases", lexicons)


class Row:
    """Words, what stands around them, and the day they were typed."""

    def __init__(
        self,
        words: Words,
        today: date,
        calendar: Calendar,
        pairs: frozenset[tuple[str, str]] = frozenset(),
    ) -> None:
        self.words = words
        self.today = today
        self._row = words.row
        self._calendar = calendar
        self._pairs = pairs
        self._named: set[int] = set()

    def __len__(self) -> int:
        return len(self._row)

    def at(self, place: int) -> Word | None:
        """The word at a place; None outside of the row."""
        return self._row[place] if 0 <= place < len(self._row) else None

    def mark(self, start: int, end: int) -> None:
        """Keeps in mind that these words name something themselves."""
        self._named.update(range(start, end))

    def free(self, start: int, end: int) -> bool:
        """Whether nobody took these words, and they name nothing themselves."""
        return self.words.free(start, end) and self._named.isdisjoint(range(start, end))

    def between(self, start: int, end: int) -> list[Word]:
        return self._row[start:end]

    def says(self, place: int, *meant: str) -> bool:
        """Whether a word is one of these, with its marks or without."""
        word = self.at(place)
        return word is not None and word.number is None and _agrees(word.text, meant)

    def typed(self, place: int, *meant: str) -> bool:
        """Whether a word is one of these to the letter."""
        word = self.at(place)
        return word is not None and word.text in meant

    def is_(self, place: int, *groups: str) -> bool:
        """Whether a word stands in one of these groups of the calendar."""
        return any(self.says(place, *self._calendar.words[group]) for group in groups)

    def find(self, lexicon: Lexicon, place: int) -> Iterator[Found]:
        """The phrases of a lexicon that begin at a place, longest first."""
        return lexicon.at(self._row, place) if 0 <= place < len(self._row) else iter(())

    def frames_marked(self, place: int) -> bool:
        """Whether a word that frames only with its marks stands here with them."""
        return self.typed(place, *self._calendar.words["marked_frames"])

    def phrase(self, place: int, group: str) -> Found | None:
        """The longest phrase of a group of the calendar that begins at a place."""
        return next(self.find(self._calendar.phrases[group], place), None)

    def ends_with(self, end: int, group: str) -> Found | None:
        """A phrase of a group of the calendar that ends right before a place."""
        for start in range(max(0, end - 3), end):
            for found in self.find(self._calendar.phrases[group], start):
                if found.end == end:
                    return found
        return None

    def breaks(self, place: int) -> str:
        word = self.at(place)
        return word.breaks if word is not None else ""

    def stops(self, start: int, end: int) -> bool:
        """Whether a sentence ends before one of these words."""
        return any(not _STOPS.isdisjoint(word.breaks) for word in self._row[start:end])

    def in_name(self, place: int) -> bool:
        """Whether names have this word right behind the one before it."""
        before, word = self.at(place - 1), self.at(place)
        return (
            before is not None
            and word is not None
            and not word.breaks
            and (before.bare, word.bare) in self._pairs
        )

    def is_year_word(self, place: int) -> bool:
        """Whether "năm" stands here; among marked words "nam" behind persons is male."""
        word = self.at(place)
        if word is None or not (self.says(place, "năm") or word.text == "n"):
            return False
        if word.text != "nam" or not self.words.marked:
            return True
        return not self.in_name(place) and self.ends_with(place, "persons") is None
