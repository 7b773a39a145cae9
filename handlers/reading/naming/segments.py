"""Parts a row of syllables into words of the field, and says which concepts each of them may be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from handlers.reading.naming.worddata import CONTENT, Form, WordData
from handlers.reading.spelling import agreement
from handlers.reading.words import Word

SILENT = frozenset(
    {"talk", "asker", "use", "want", "dialect", "teencode", "period", "place", "number"}
)
"""Classes of words that name no indicator."""
LIGHT = SILENT | {"plain"}
"""The same, and words of daily life."""
NAMING = frozenset({"thing", "event", "measure"})
"""Classes of words for what is counted."""
UNKNOWN = 1.6
"""What a syllable costs that no word of the lexicon is; a word costs one, however long."""
UNMARKED = 0.15
"""What a word costs beside that, where it is typed without its marks."""
READS = 0.9
"""The agreement from which a typed syllable reads as the one that is meant."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One word of the field, or a syllable that is none: its place, its concepts, their classes."""

    start: int
    end: int
    concepts: frozenset[int] = frozenset()
    kinds: frozenset[str] = frozenset()
    meanings: frozenset[int] = frozenset()
    """The concepts of it that may tell of an indicator."""

    @property
    def places(self) -> range:
        """Give where its syllables stand."""
        return range(self.start, self.end)

    @property
    def light(self) -> bool:
        """Return whether this can only be a word of talk or of daily life."""
        return bool(self.kinds) and self.kinds <= LIGHT

    @property
    def silent(self) -> bool:
        """Return whether this can only be a word of talk, of time, or of who asks."""
        return bool(self.kinds) and self.kinds <= SILENT


def names_a_thing(segment: Segment) -> bool:
    """Return whether this is one word of several syllables: in "hàng *không*" nothing is denied."""
    return segment.end - segment.start > 1 and bool(segment.kinds & NAMING)


class Segmenter:
    """Parts rows of syllables with the words of a language; made once."""

    def __init__(self, data: WordData) -> None:
        """Take the words that rows are parted into."""
        self._data = data
        self._known: dict[str, tuple[dict[tuple[str, ...], list[Form]], int]] = {}

    def knows(self, pair: tuple[str, str]) -> bool:
        """Return whether a word of the lexicon begins with two bare syllables."""
        return self._data.begins(pair)

    def segment(self, row: Sequence[Word]) -> tuple[Segment, ...]:
        """Part a row into the fewest, best-spelt words."""
        bares = [word.bare for word in row]
        costs = [0.0] + [float("inf")] * len(row)
        best: list[Segment | None] = [None] * (len(row) + 1)
        for start in range(len(row)):
            for segment, cost in self._at(row, bares, start):
                total = costs[start] + cost
                if total < costs[segment.end]:
                    costs[segment.end], best[segment.end] = total, segment
        return _walk_back(best)

    def _at(self, row: Sequence[Word], bares: list[str], start: int) -> list[tuple[Segment, float]]:
        ends: Mapping[int, list[tuple[float, Form]]] = self._forms_at(row, bares, start)
        found = [(Segment(start, start + 1), UNKNOWN)]
        for end, read in ends.items():
            most = max(likeness for likeness, _ in read)
            forms = [form for likeness, form in read if likeness == most]
            concepts = frozenset(number for *_, number in forms)
            kinds = frozenset(self._data.kinds[number] for number in concepts)
            telling = frozenset(one for one in concepts if self._data.kinds[one] in CONTENT)
            segment = Segment(start, end, concepts, kinds, telling)
            found.append((segment, 1.0 + UNMARKED * (most < 1.0)))
        return found

    def _forms_at(
        self, row: Sequence[Word], bares: list[str], start: int
    ) -> dict[int, list[tuple[float, Form]]]:
        ends: dict[int, list[tuple[float, Form]]] = {}
        forms, longest = self._from(bares[start])
        for end in range(start + 1, min(len(row), start + longest) + 1):
            if end > start + 1 and row[end - 1].breaks:
                break
            for form in forms.get(tuple(bares[start:end]), ()):
                likeness = min(
                    agreement(word.text, text)
                    for word, text in zip(row[start:end], form[0], strict=True)
                )
                if likeness >= READS:
                    ends.setdefault(end, []).append((likeness, form))
        return ends

    def _from(self, bare: str) -> tuple[dict[tuple[str, ...], list[Form]], int]:
        """Give the forms that begin with a syllable, and how long the longest is."""
        if bare not in self._known:
            found: dict[tuple[str, ...], list[Form]] = {}
            for form in self._data.forms_from(bare):
                found.setdefault(form[1], []).append(form)
            self._known[bare] = found, max(map(len, found), default=1)
        return self._known[bare]


def _walk_back(best: Sequence[Segment | None]) -> tuple[Segment, ...]:
    segments: list[Segment] = []
    end = len(best) - 1
    while end > 0:
        segment = best[end]
        assert segment is not None  # a syllable alone is always a way on
        segments.append(segment)
        end = segment.start
    return tuple(reversed(segments))
