"""A question as naming sees it: which words tell of an indicator, and how much each says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from handlers.reading.naming.segments import Segment
from handlers.reading.spelling import is_syllable
from handlers.reading.words import Word

QUESTIONS = frozenset({"nhiêu", "mấy", "nào", "sao", "nhieu", "may", "nao", "nhiu", "bn", "ntn"})


@dataclass(frozen=True)
class Asked:
    """The words of a question, or of a part of it between two places.

    `said` holds what each word weighs where no name explains it: 0 for talk and for words that
    other readers want. `taken` are words of a period or a place, which a name may have, too.
    """

    row: Sequence[Word]
    start: int
    end: int
    said: Sequence[float]
    rarity: Sequence[float]
    clauses: Sequence[int]
    segments: Sequence[Segment]
    segment_of: Sequence[int]
    taken: frozenset[int] = frozenset()
    named: frozenset[int] = frozenset()
    """Words that some name of the catalogue has."""
    heads: frozenset[str] = frozenset()
    """What is asked of a thing: its share, its growth."""
    dimensions: Mapping[int, frozenset[str]] | None = None
    """What kind of value is asked for, by the places of the words that say so."""
    head_ends: Mapping[int, str] = field(default_factory=dict)
    """Where a phrase ends that says what is measured, with what that is: "*tốc độ tăng* …"."""
    negated: frozenset[int] = frozenset()
    marked: bool = False
    hits: Mapping[str, Sequence[tuple[int, float]]] | None = None
    """For each bare word of names, where it may stand, and how alike the letters are."""
    excluded: Mapping[str, Sequence[tuple[int, float]]] = field(default_factory=dict)
    """The same of words that are said not to be meant."""
    amounts: frozenset[int] = frozenset()
    """The places of amounts that were typed with their units: "62,4%"."""
    not_wanted: frozenset[str] = frozenset()
    """The kinds of value that are said not to be meant."""

    @cached_property
    def dimensions_asked(self) -> frozenset[str]:
        """The kinds of value that are asked for."""
        return frozenset[str]().union(*(self.dimensions or {}).values())

    def dimensions_outside(self, explained: frozenset[int]) -> frozenset[str]:
        """Give the kinds of value that are asked for by words that a name does not explain."""
        asked = self.dimensions or {}
        kinds = (kind for place, kind in asked.items() if place not in explained)
        return frozenset[str]().union(*kinds)

    @cached_property
    def content(self) -> tuple[int, ...]:
        """The places of words that could tell of an indicator."""
        return tuple(place for place in range(self.start, self.end) if self.said[place] > 0)

    def is_asking(self, place: int) -> bool:
        """Return whether a word stands in a clause that asks; where none does, every one does."""
        return not self._asking or self.clauses[place] in self._asking

    def asks(self, place: int) -> bool:
        """Return whether a word asks: a question word, or the kind of value that is asked for."""
        return self.row[place].text in QUESTIONS or place in (self.dimensions or {})

    @cached_property
    def _asking(self) -> frozenset[int]:
        """The clauses with a question word, or with the kind of value that is asked for."""
        within = range(self.start, self.end)
        return frozenset(self.clauses[place] for place in within if self.asks(place))

    @cached_property
    def initials(self) -> tuple[int, ...]:
        """The places of words that may be initials of several: LLLĐ."""
        return tuple(
            place for place in range(self.start, self.end) if _is_initials(self.row[place])
        )

    @cached_property
    def weight(self) -> float:
        """What all words together say."""
        return sum(self.said[place] for place in self.content)

    @cached_property
    def concepts(self) -> frozenset[int]:
        """Every concept that the words may tell of."""
        return frozenset(
            concept
            for segment in self.segments
            if self.start <= segment.start and segment.end <= self.end
            for concept in segment.meanings
        )


_VOWELS = frozenset("aeiouy")


def _is_initials(word: Word) -> bool:
    """Return whether a word can only be read letter by letter, or was typed in capitals so."""
    text = word.text
    capitals = len(text) > 2 and word.typed.isupper() and not is_syllable(word.bare)
    unsayable = _VOWELS.isdisjoint(word.bare) or capitals
    return 2 <= len(text) <= 8 and text.isalpha() and unsayable
