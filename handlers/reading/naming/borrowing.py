"""Finds which official indicators of the library a catalogue has, and which near ones it lacks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from db.facts import Catalogue, Indicator
from db.loans import Loan
from handlers.reading.naming.known import repairer_of
from handlers.reading.naming.namer import dimensions_of, maker_of
from handlers.reading.naming.names import OFFICE, Name, own_names, spelled_out
from handlers.reading.naming.segments import Segmenter
from handlers.reading.naming.worddata import word_data
from handlers.reading.words import Lexicon, Repairer, Word
from locales.library import Entry, entries
from locales.vocabulary import Vocabulary, vocabulary

CLEAR = 0.04
"""How much farther the next indicator must be."""
NEAR = 0.25
"""How far a longer name of the same is apart at the most."""
WANTING = 0.15
"""What the words may weigh that the longer name lacks."""
EXACT = 0.005
"""How far the same words are apart, but for the lightest."""
AMONG = 0.1
"""How much farther than an indicator's nearest entry one may be that it is, too."""
ALIKE = 0.30
"""An entry as near as this to an indicator that is not its own is no other indicator for sure."""
NEIGHBOURS = 6
"""So many entries around each indicator are kept as what the catalogue lacks."""
LOOKED_AT = 40
BY_CONCEPT = 0.15
"""What is left of the distance of words that say one thing in other words."""
OTHER_HEAD, OTHER_DIMENSION, BY_ALIAS = 0.3, 0.5, 0.06
"""What another measure, another kind of unit, and a name that is no official one add."""
AKIN_HEAD = 0.1
"""What another word for a measure of the same kind adds."""
NARROWING = frozenset({"và", OFFICE})
"""What makes of one thing two, or one office's."""
COUNTED = frozenset({"", "count"})
"""A count is one whether or not its name begins with "số"."""
OF_MONEY = frozenset({"value", "capital", "money", "revenue"})
FILLS = 0.2
"""A word that weighs no more only fills a name."""
LEAST = 0.15
"""A word that weighs less finds no entry."""


@dataclass(frozen=True, slots=True)
class _Known:
    """An entry of the library, taken apart."""

    entry: Entry
    official: tuple[Name, ...]
    also: tuple[tuple[str, ...], ...]
    dimensions: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Pair:
    """An indicator held against an entry."""

    code: str
    number: int
    far: float
    wanting: float
    """What the entry's words weigh that the indicator's name lacks."""
    akin: bool
    """Whether both measure the same kind of thing."""
    narrower: bool
    """Whether the indicator has a word for a part of what the entry counts."""


class Library:
    """The library, ready to be held against catalogues."""

    def __init__(self, words: Vocabulary, every: Iterable[Entry]) -> None:
        """Take every entry apart."""
        self._maker = maker_of(words, Segmenter(word_data()), words.filling)
        self._dimensions = dimensions_of(words)
        self._words = words
        self._qualifiers = Lexicon({"quality": words.qualifiers})
        self._plans = words.target["plans"]
        rows = tuple(every)
        repairer = repairer_of(_as_catalogue(rows), words)
        self.known = tuple(self._take_apart(entry, repairer) for entry in rows)
        self._postings: dict[str, list[tuple[int, Name]]] = {}
        for number, known in enumerate(self.known):
            for name in known.official:
                for bare in set(name.bares):
                    self._postings.setdefault(bare, []).append((number, name))

    def _take_apart(self, entry: Entry, repairer: Repairer) -> _Known:
        names = own_names(0, [spelled_out(entry.name)], repairer, self._maker)
        official = [self._maker.name(called) for called in names]
        official = [name for name in official if name.head or name is official[0]]
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
        pairs = [
            pair
            for indicator in catalogue.indicators.values()
            for pair in self._pairs(indicator, repairer)
        ]
        own = {
            called.words
            for indicator in catalogue.indicators.values()
            for called in own_names(0, indicator.names, repairer, self._maker)
        }
        links = _links(pairs)
        linked = {pair.number for pair in links}
        alike = {pair.number for pair in pairs if pair.far <= ALIKE or pair.wanting <= WANTING}
        lacking = [
            number for number in _lacking(pairs, linked | alike) if not self._is_a_target(number)
        ]
        shared = Counter(words for number in linked for words in set(self._texts(number)))
        lent = [self._loan(pair.number, pair.code, 1.0 - pair.far, own, shared) for pair in links]
        shadows = [self._loan(number, None, 1.0, own, Counter()) for number in lacking]
        return tuple(loan for loan in [*lent, *shadows] if loan.names)

    def _is_a_target(self, number: int) -> bool:
        """Return whether an entry is what is asked of another: "*kế hoạch* trồng rừng"."""
        return any(
            name.words[: len(plan)] == plan
            for name in self.known[number].official
            for plan in self._plans
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

    def _pairs(self, indicator: Indicator, repairer: Repairer) -> list[_Pair]:
        """Hold an indicator against the entries around it."""
        dimensions = self._dimensions.of_unit(repairer.words(indicator.unit.name).row)
        best: dict[int, _Pair] = {}
        every = list(own_names(0, indicator.names, repairer, self._maker))
        official = self._maker.name(every[0])
        for called in every:
            name = self._maker.name(called)
            for other, number in self._around(name):
                theirs = self.known[number].dimensions
                same = not dimensions or not theirs or bool(dimensions & theirs)
                far = distance(name, other) + OTHER_DIMENSION * (not same)
                pair = _Pair(
                    indicator.code,
                    number,
                    far + BY_ALIAS * (not called.official),
                    _left(other, name),
                    same and _between_heads(name, other) < OTHER_HEAD,
                    self._narrows(name, other) or self._narrows(official, other),
                )
                if number not in best or pair.far < best[number].far:
                    best[number] = pair
        return list(best.values())

    def _narrows(self, name: Name, other: Name) -> bool:
        """Return whether a name is of a part, a sum or another thing than another one counts."""
        left = set(_alone(name, other))
        meanings = {each for segment in other.segments for each in segment.meanings}
        thing = name.segments[name.segment_of[name.first]]
        another = not thing.meanings & meanings and any(
            at in left and name.weights[at] >= LEAST for at in range(thing.start, thing.end)
        )
        if another or any(name.words[at] in NARROWING for at in left):
            return True
        row = [Word(text, text) for text in name.words]
        found = [(each.start, each.end) for each in self._qualifiers.find(row)]
        found += [(each.start, each.end) for each in name.segments if "quality" in each.kinds]
        heavy = {at for at in left if name.weights[at] > FILLS}
        return any(not heavy.isdisjoint(range(start, end)) for start, end in found)

    def _around(self, name: Name) -> list[tuple[Name, int]]:
        """Give the entries' names that share most with a name."""
        points: Counter[int] = Counter()
        found: dict[int, tuple[int, Name]] = {}
        for bare, weight in zip(name.bares, name.weights, strict=True):
            for number, other in self._postings.get(bare, ()) if weight >= LEAST else ():
                points[id(other)] += weight  # type: ignore[assignment]
                found[id(other)] = number, other
        rows = [found[key] for key, _ in points.most_common(LOOKED_AT)]
        return [(other, number) for number, other in rows]


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


def _links(pairs: Sequence[_Pair]) -> list[_Pair]:
    """Give the entries that each indicator is, where that is nearly certain.

    An entry is the one indicator that is nearest to it by far, if this has all its words, and no
    word for a part of it; and of the indicator's entries it is among the nearest.
    """
    of_entry: dict[int, list[_Pair]] = {}
    nearest: dict[str, float] = {}
    for pair in pairs:
        of_entry.setdefault(pair.number, []).append(pair)
        nearest[pair.code] = min(pair.far, nearest.get(pair.code, pair.far))
    links = []
    for rows in of_entry.values():
        rows.sort(key=lambda pair: pair.far)
        best = rows[0]
        clear = len(rows) < 2 or rows[1].far - best.far >= CLEAR or best.far <= EXACT < rows[1].far
        if clear and _is_same(best) and best.far - nearest[best.code] <= AMONG:
            links.append(best)
    links.sort(key=lambda pair: (pair.code, pair.far))
    return links


def _is_same(pair: _Pair) -> bool:
    """Return whether an indicator counts what an entry counts, said at more length or not."""
    longer = pair.far <= NEAR and not pair.narrower
    return pair.akin and pair.wanting <= WANTING and (longer or pair.far <= EXACT)


def _lacking(pairs: Sequence[_Pair], left_out: set[int]) -> list[int]:
    """Give the entries nearest to each indicator that the catalogue lacks."""
    of_code: dict[str, list[_Pair]] = {}
    for pair in pairs:
        if pair.far <= 1.0 and pair.number not in left_out:
            of_code.setdefault(pair.code, []).append(pair)
    rows = [sorted(each, key=lambda pair: pair.far)[:NEIGHBOURS] for each in of_code.values()]
    return list(dict.fromkeys(pair.number for row in rows for pair in row))


def distance(one: Name, other: Name) -> float:
    """Give the share of two names that is not in both, by words and by what they mean."""
    left = _left(one, other) + _left(other, one)
    return left / (one.total + other.total) + _between_heads(one, other)


def _between_heads(one: Name, other: Name) -> float:
    """Give how far apart what two names measure is."""
    heads = {one.head, other.head}
    if len(heads) == 1 or heads <= COUNTED:
        return 0.0
    return AKIN_HEAD if heads <= OF_MONEY else OTHER_HEAD


def _left(one: Name, other: Name) -> float:
    """Weigh the words of one name that another one lacks."""
    meanings = {each for segment in other.segments for each in segment.meanings}
    left = set(_alone(one, other))
    return sum(
        one.weights[at] * (BY_CONCEPT if segment.meanings & meanings else 1.0)
        for segment in one.segments
        for at in range(segment.start, segment.end)
        if at in left
    )


def _alone(one: Name, other: Name) -> Iterator[int]:
    """Give the places of words that another name has not, or not as often."""
    words = Counter(other.words)
    for at, word in enumerate(one.words):
        words[word] -= 1
        if words[word] < 0:
            yield at


def borrow(catalogue: Catalogue) -> tuple[Loan, ...]:
    """Hold a catalogue against the shipped library; takes seconds."""
    return Library(vocabulary(), entries()).loans(catalogue)
