"""A row of words as the readers of periods look at it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from handlers.reading.spelling import agreement, spell
from handlers.reading.words import Found, Lexicon, Word, Words
from locales.vocabulary import Phrase

NOTHING = Word("", "")
"""What stands outside of a row."""
LONGEST = 3
"""No phrase of the calendar that is looked for backwards has more words."""
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

    def at(self, place: int) -> Word:
        """The word at a place; an empty one outside of the row."""
        return self._row[place] if 0 <= place < len(self._row) else NOTHING

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
        return word.number is None and _agrees(word.text, meant)

    def typed(self, place: int, *meant: str) -> bool:
        """Whether a word is one of these to the letter."""
        return self.at(place).text in meant

    def has_marks(self, place: int) -> bool:
        """Whether a word is typed with its marks, so that those beside it have theirs."""
        return spell(self.at(place).text).marked

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

    def begins(self, place: int, group: str) -> bool:
        """Whether a phrase of a group of the calendar begins at a place."""
        return self.phrase(place, group) is not None

    def ended(self, end: int, group: str) -> Found | None:
        """A phrase of a group of the calendar that ends right before a place."""
        lexicon = self._calendar.phrases[group]
        starts = range(max(0, end - LONGEST), end)
        found = (one for start in starts for one in self.find(lexicon, start))
        return next((one for one in found if one.end == end), None)

    def ends(self, end: int, group: str) -> bool:
        """Whether a phrase of a group of the calendar ends right before a place."""
        return self.ended(end, group) is not None

    def breaks(self, place: int) -> str:
        """The signs before a word."""
        return self.at(place).breaks

    def stops(self, start: int, end: int) -> bool:
        """Whether a sentence ends before one of these words."""
        return any(not _STOPS.isdisjoint(word.breaks) for word in self._row[start:end])

    def in_name(self, place: int) -> bool:
        """Whether names have this word right behind the one before it."""
        before, word = self.at(place - 1), self.at(place)
        return not word.breaks and (before.bare, word.bare) in self._pairs

    def is_year_word(self, place: int) -> bool:
        """Whether "năm" stands here; among marked words "nam" behind persons is male."""
        text = self.at(place).text
        if text == "nam" and self.words.marked:
            return not self.in_name(place) and not self.ends(place, "persons")
        return text == "n" or self.says(place, "năm")
