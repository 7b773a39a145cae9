"""Finds which official indicators of the library a catalogue has, and which near ones it lacks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from db.facts import Catalogue, Indicator
from db.loans import Loan
from handlers.reading.naming.known import repairer_of
from handlers.reading.naming.namer import dimensions_of, maker_of
from handlers.reading.naming.names import Called, Name, own_names
from handlers.reading.naming.segments import Segmenter
from handlers.reading.naming.worddata import word_data
from handlers.reading.words import Repairer
from locales.library import Entry, entries
from locales.vocabulary import Vocabulary, vocabulary

SAME = 0.05
"""How far two names of one indicator are apart at the most, as a share of their words' weight."""
CLEAR = 0.02
"""How much farther the next entry must be."""
ALIKE = 0.30
"""An entry as near as this to an indicator that is not its own is no other indicator for sure."""
WITHIN = 0.10
"""The share of a name's weight that another one may lack and still say all of it."""
NEIGHBOURS = 6
"""So many entries around each indicator are kept as what the catalogue lacks."""
LOOKED_AT = 40
BY_CONCEPT = 0.3
"""What is left of the distance of words that say one thing in other words."""
OTHER_HEAD, OTHER_DIMENSION, BY_ALIAS = 0.3, 0.5, 0.06
"""What another measure, another kind of unit, and a name that is no official one add."""
LEAST = 0.15
"""A word that weighs less finds no entry."""


@dataclass(frozen=True, slots=True)
class _Known:
    """An entry of the library, taken apart."""

    entry: Entry
    official: tuple[Name, ...]
    also: tuple[tuple[str, ...], ...]
    dimensions: frozenset[str]


class Library:
    """The library, ready to be held against catalogues."""

    def __init__(self, words: Vocabulary, every: Iterable[Entry]) -> None:
        """Take every entry apart."""
        self._maker = maker_of(words, Segmenter(word_data()))
        self._dimensions = dimensions_of(words)
        self._words = words
        rows = tuple(every)
        repairer = repairer_of(_as_catalogue(rows), words)
        self.known = tuple(self._take_apart(entry, repairer) for entry in rows)
        self._postings: dict[str, list[tuple[int, Name]]] = {}
        for number, known in enumerate(self.known):
            for name in known.official:
                for bare in set(name.bares):
                    self._postings.setdefault(bare, []).append((number, name))

    def _take_apart(self, entry: Entry, repairer: Repairer) -> _Known:
        official = [
            self._maker.name(called) for called in own_names(0, [entry.name], repairer, self._maker)
        ]
        own = {name.words for name in official}
        also = (
            tuple(word.text for word in repairer.words(text).row if word.text != "%")
            for text in entry.also
        )
        units = (self._dimensions.of_unit(repairer.words(unit).row) for unit in entry.units)
        return _Known(
            entry,
            tuple(official),
            tuple(dict.fromkeys(words for words in also if words and words not in own)),
            frozenset[str]().union(*units),
        )

    # ------------------------------------------------------------ how near a catalogue is

    def loans(self, catalogue: Catalogue) -> tuple[Loan, ...]:
        """Give what a catalogue has in common with the library, and the near ones that it lacks."""
        repairer = repairer_of(catalogue, self._words)
        near = {
            indicator.code: self._near(indicator, repairer)
            for indicator in catalogue.indicators.values()
        }
        own = {
            called.words
            for indicator in catalogue.indicators.values()
            for called in own_names(0, indicator.names, repairer, self._maker)
        }
        links = _links(near)
        linked = set(links.values())
        alike = {number for rows in near.values() for far, number in rows if far <= ALIKE}
        alike |= self._likely(catalogue, near, links, repairer)
        lacking = dict.fromkeys(
            number for rows in near.values() for number in _first(rows, linked | alike)
        )
        shared = Counter(words for number in linked for words in set(self._texts(number)))
        lent = [
            self._loan(number, code, 1.0 - near[code][0][0], own, shared)
            for code, number in links.items()
        ]
        shadows = [self._loan(number, None, 1.0, own, Counter()) for number in lacking]
        return tuple(loan for loan in [*lent, *shadows] if loan.names)

    def _likely(
        self,
        catalogue: Catalogue,
        near: Mapping[str, Sequence[tuple[float, int]]],
        links: Mapping[str, int],
        repairer: Repairer,
    ) -> set[int]:
        """Give the entries that indicators without a link may be, said at less length."""
        found: set[int] = set()
        for code, rows in near.items():
            if code in links:
                continue
            texts = [catalogue.indicators[code].name]
            for called in own_names(0, texts, repairer, self._maker):
                name = self._maker.name(called)
                found |= {number for _, number in rows if self._is_within(number, name)}
        return found

    def _is_within(self, number: int, name: Name) -> bool:
        """Return whether all that an entry's name says is said in another name, too."""
        return any(
            official.head == name.head and _left(official, name) <= WITHIN * official.total
            for official in self.known[number].official
        )

    def _texts(self, number: int) -> list[tuple[str, ...]]:
        known = self.known[number]
        return [*(name.words for name in known.official), *known.also]

    def _loan(
        self,
        number: int,
        code: str | None,
        certainty: float,
        own: set[tuple[str, ...]],
        shared: Counter[tuple[str, ...]],
    ) -> Loan:
        known = self.known[number]
        names = [
            " ".join(words)
            for words in self._texts(number)
            if words not in own and shared[words] <= 1
        ]
        return Loan(
            known.entry.code,
            code,
            certainty,
            known.entry.name,
            tuple(names),
            tuple(sorted(known.dimensions)),
        )

    def _near(self, indicator: Indicator, repairer: Repairer) -> list[tuple[float, int]]:
        """Give the entries around an indicator: how far each is, the nearest first."""
        dimensions = self._dimensions.of_unit(repairer.words(indicator.unit.name).row)
        best: dict[int, float] = {}
        for called in own_names(0, indicator.names, repairer, self._maker):
            for far, number in self._around(called):
                theirs = self.known[number].dimensions
                other = bool(dimensions) and bool(theirs) and not dimensions & theirs
                away = far + OTHER_DIMENSION * other + BY_ALIAS * (not called.official)
                best[number] = min(away, best.get(number, away))
        return sorted((far, number) for number, far in best.items())

    def _around(self, called: Called) -> list[tuple[float, int]]:
        name = self._maker.name(called)
        points: Counter[int] = Counter()
        found: dict[int, tuple[int, Name]] = {}
        for bare, weight in zip(name.bares, name.weights, strict=True):
            for number, other in self._postings.get(bare, ()) if weight >= LEAST else ():
                points[id(other)] += weight  # type: ignore[assignment]
                found[id(other)] = number, other
        rows = [found[key] for key, _ in points.most_common(LOOKED_AT)]
        return [(distance(name, other), number) for number, other in rows]


def _as_catalogue(every: Iterable[Entry]) -> Catalogue:
    """Give the library as a catalogue, for the words that it knows."""
    from db.facts import Unit, UnitKind  # noqa: PLC0415

    return Catalogue(
        {
            entry.code: Indicator(
                entry.code, entry.name, Unit("", UnitKind.COUNT), aliases=entry.also
            )
            for entry in every
        }
    )


def _links(near: Mapping[str, Sequence[tuple[float, int]]]) -> dict[str, int]:
    """Give the one entry that each indicator is, where that is nearly certain."""
    clear = {
        code: rows[0][1]
        for code, rows in near.items()
        if rows and rows[0][0] <= SAME and (len(rows) < 2 or rows[1][0] - rows[0][0] >= CLEAR)
    }
    uses = Counter(clear.values())
    return {code: number for code, number in clear.items() if uses[number] == 1}


def _first(rows: Sequence[tuple[float, int]], left_out: set[int]) -> list[int]:
    """Give the nearest entries that are not left out and share something."""
    near = (number for far, number in rows if far <= 1.0 and number not in left_out)
    return [number for _, number in zip(range(NEIGHBOURS), near, strict=False)]


def distance(one: Name, other: Name) -> float:
    """Give the share of two names that is not in both, by words and by what they mean."""
    left = _left(one, other) + _left(other, one)
    return left / (one.total + other.total) + OTHER_HEAD * (one.head != other.head)


def _left(one: Name, other: Name) -> float:
    words = set(other.words)
    concepts = {concept for segment in other.segments for concept in segment.concepts}
    left = 0.0
    for segment in one.segments:
        alone = sum(
            one.weights[at]
            for at in range(segment.start, segment.end)
            if one.words[at] not in words
        )
        left += alone * (BY_CONCEPT if segment.concepts & concepts else 1.0)
    return left


def borrow(catalogue: Catalogue) -> tuple[Loan, ...]:
    """Hold a catalogue against the shipped library; takes seconds."""
    return Library(vocabulary(), entries()).loans(catalogue)
