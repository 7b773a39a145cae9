"""Every name of a catalogue, taken apart when first looked at: words, weights, what it measures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from db.facts import Catalogue, Indicator
from handlers.reading.naming.dimensions import Dimensions
from handlers.reading.naming.segments import Segment, Segmenter
from handlers.reading.spelling import fold, sound
from handlers.reading.words import Lexicon, Repairer, Word

ROUND = {"1.000": "nghìn", "10.000": "vạn", "100.000": "trăm nghìn"}
"""How people say the numbers that rates are made per."""
_PER_SO_MANY = re.compile(
    r"(?:bình quân )?(trên|mỗi|một|tính trên) (1\.000|10\.000|100\.000) (dân|người|trẻ)"
)
_PARENTHESES = re.compile(r"\(([^()]{2,})\)")
_SHORT = re.compile(r"[A-ZĐ][\w-]*(?: [A-Z]\w*)?")
"""A short form behind a name is another name: "Hệ số sử dụng vốn đầu tư (ICOR)"."""
OFFICE, PROVINCE = "sở", "tỉnh"
AMONG_IT = ("trong", "đó")
COUNT = "count"
LITTLE_MORE = 0.8
"""A name that weighs as little more than another is as good as the same."""
SHORTEST = 0.7
"""What a name weighs at the least without its tails."""
GENERAL = 0.2
"""What is left of a word's weight in a phrase that any name may have or lack: "trên địa bàn"."""


@dataclass(frozen=True, slots=True)
class Shadow:
    """An official indicator this catalogue lacks, known so that its question finds no other."""

    code: str
    name: str
    dimensions: frozenset[str] = frozenset()


Owner = Indicator | Shadow


@dataclass(frozen=True, slots=True)
class Called:
    """One way to call an owner, by the owner's number, as mended words."""

    owner: int
    words: tuple[str, ...]
    official: bool = False
    lent: bool = False
    """Whether it is an everyday name that the library lends."""


@dataclass(frozen=True, slots=True)
class Name:
    """One way to call an indicator, taken apart."""

    owner: int
    words: tuple[str, ...]
    bares: tuple[str, ...]
    weights: tuple[float, ...]
    total: float
    segments: tuple[Segment, ...]
    segment_of: tuple[int, ...]
    """For each word, the number of the segment that it stands in."""
    head: str
    """What it measures of the thing, by its first words: count, share …; empty without such."""
    first: int
    """The place of the first word behind those."""
    initials: str
    official: bool
    lent: bool

    def __len__(self) -> int:
        return len(self.words)

    @property
    def text(self) -> str:
        """Give the name as it is matched."""
        return " ".join(self.words)


class NameMaker:
    """Takes names apart with the words of a language."""

    def __init__(
        self, segmenter: Segmenter, heads: Lexicon, general: Lexicon, rarity: Mapping[str, float]
    ) -> None:
        """Take how words are parted and weighed; `general` phrases weigh least."""
        self._segmenter = segmenter
        self._heads = heads
        self._general = general
        self._rarity = rarity

    def name(self, called: Called) -> Name:
        """Take one name apart."""
        row = [Word(text, text) for text in called.words]
        head, first = self.head(row)
        segments = self._segmenter.segment(row)
        weights = self._weights(row)
        return Name(
            called.owner,
            called.words,
            tuple(word.bare for word in row),
            weights,
            sum(weights),
            segments,
            _numbers(segments, len(row)),
            head,
            first,
            "".join(word.text[:1] for word in row),
            called.official,
            called.lent,
        )

    def weight(self, words: Iterable[str]) -> float:
        """Give what words weigh together."""
        return sum(self._rarity.get(word, 1.0) for word in words)

    def telling(self, words: Sequence[str]) -> tuple[str, tuple[str, ...]]:
        """Give what a name measures, and of what: without words any name may have or lack."""
        row = [Word(text, text) for text in words]
        head, first = self.head(row)
        general = {
            place for each in self._general.find(row) for place in range(each.start, each.end)
        }
        left = (text for place, text in enumerate(words) if place >= first and place not in general)
        return head or COUNT, tuple(left)

    def head(self, row: Sequence[Word]) -> tuple[str, int]:
        """Read what a name measures of its thing, and where the thing begins."""
        found = next(self._heads.at(list(row), 0), None)
        if found is None or found.end >= len(row):
            return "", 0
        return found.group, found.end

    def _weights(self, row: Sequence[Word]) -> tuple[float, ...]:
        general = {
            place
            for found in self._general.find(list(row))
            for place in range(found.start, found.end)
        }
        return tuple(
            self._rarity.get(word.text, 1.0) * (GENERAL if place in general else 1.0)
            for place, word in enumerate(row)
        )


def _numbers(segments: Sequence[Segment], length: int) -> tuple[int, ...]:
    numbers = [0] * length
    for number, segment in enumerate(segments):
        numbers[segment.start : segment.end] = [number] * (segment.end - segment.start)
    return tuple(numbers)


def own_names(
    owner: int, texts: Iterable[str], repairer: Repairer, maker: NameMaker
) -> Iterable[Called]:
    """Give the names that a catalogue has for an owner, the official one first."""
    seen: set[tuple[str, ...]] = set()
    for number, text in enumerate(texts):
        for form in _forms(text, repairer, maker):
            words = tuple(word.text for word in repairer.words(form).row if word.text != "%")
            if words and words not in seen:
                seen.add(words)
                yield Called(owner, words, official=number == 0)


def spelled_out(text: str) -> str:
    """Give a name with what stands in parentheses as a part of it; a short form stays apart."""
    return _PARENTHESES.sub(
        lambda found: found[0] if _SHORT.fullmatch(found[1]) else f" {found[1]} ", text
    )


def _forms(text: str, repairer: Repairer, maker: NameMaker) -> Iterable[str]:
    """Give a name without what stands in parentheses, with its short form, and as it is said."""
    told = _PER_SO_MANY.sub(lambda found: f"{found[1]} {ROUND[found[2]]} {found[3]}", text)
    if told != text:
        yield _PARENTHESES.sub(" ", told)
    whole = spelled_out(text)
    if whole != text:
        yield whole
        text = _PARENTHESES.sub(lambda found: found[0] if _SHORT.fullmatch(found[1]) else " ", text)
    short = _PARENTHESES.search(text)
    if short is None:
        yield text
        return
    before, after = text[: short.start()], text[short.end() :]
    yield f"{before} {after}"
    row = repairer.words(before).row
    said = [word.text for word in row]
    written_out = [word.text for word in repairer.words(short[1]).row]
    if said[-len(written_out) :] != written_out:
        _, first = maker.head(row)
        yield " ".join([*said[:first], short[1], after])


class Names:
    """The names of one version of a catalogue; read only, taken apart as they are needed."""

    def __init__(
        self,
        catalogue: Catalogue,
        owners: Sequence[Owner],
        called: Sequence[Called],
        maker: NameMaker,
        dimensions: Sequence[frozenset[str]],
    ) -> None:
        """Take all owners, all their names, and what each owner's unit measures."""
        self.catalogue = catalogue
        self.owners = tuple(owners)
        self.called = tuple(called)
        self.dimensions = tuple(dimensions)
        self._maker = maker
        self._names: dict[int, Name] = {}
        self._holding: dict[str, frozenset[int]] = {}
        self.postings: dict[str, tuple[int, ...]] = _postings(self.called)

    @cached_property
    def totals(self) -> tuple[float, ...]:
        """What all words of each name weigh."""
        return tuple(self._maker.weight(called.words) for called in self.called)

    def name(self, number: int) -> Name:
        """Give a name by its number, taken apart."""
        if number not in self._names:
            self._names[number] = self._maker.name(self.called[number])
        return self._names[number]

    def official(self, owner: int) -> Name:
        """Give the official name of an owner, taken apart."""
        return self.name(self._first[owner])

    @cached_property
    def _first(self) -> Mapping[int, int]:
        """The number of each owner's first name."""
        found: dict[int, int] = {}
        for number, called in enumerate(self.called):
            found.setdefault(called.owner, number)
        return found

    def holding(self, bare: str) -> frozenset[int]:
        """Give the numbers of the names that have a bare word."""
        if bare not in self._holding:
            self._holding[bare] = frozenset(self.postings.get(bare, ()))
        return self._holding[bare]

    def with_all(self, words: Iterable[str]) -> frozenset[int]:
        """Give the numbers of the names that have all of these bare words."""
        rows = sorted((self.holding(bare) for bare in words), key=len)
        found = rows[0] if rows else frozenset()
        for row in rows[1:]:
            found &= row
        return found

    def with_initials(self, letters: str) -> frozenset[int]:
        """Give the numbers of the names with words in a row that begin with these letters."""
        return frozenset(
            number for number, initials in enumerate(self._initials) if letters in initials
        )

    @cached_property
    def _initials(self) -> tuple[str, ...]:
        return tuple("".join(word[0] for word in each.words) for each in self.called)

    @cached_property
    def pairs(self) -> frozenset[tuple[str, str]]:
        """The bare words that stand side by side in the catalogue's own names."""
        rows = [tuple(map(fold, each.words)) for each in self._own_called()]
        return frozenset(pair for row in rows for pair in pairwise(row))

    @cached_property
    def own(self) -> frozenset[str]:
        """The bare words of the catalogue's own names."""
        return frozenset(fold(word) for each in self._own_called() for word in each.words)

    @cached_property
    def of_offices(self) -> frozenset[int]:
        """The numbers of the indicators that are of an office: "… của Sở"."""
        every = [each for each in self._own_called() if OFFICE in each.words]
        return frozenset(each.owner for each in every if PROVINCE not in each.words)

    def _own_called(self) -> list[Called]:
        return [each for each in self.called if self.is_own(each)]

    def is_own(self, called: Called) -> bool:
        """Return whether a name is the catalogue's own, and not the library's."""
        return not called.lent and not isinstance(self.owners[called.owner], Shadow)

    @cached_property
    def owned(self) -> tuple[bool, ...]:
        """Whether each name is the catalogue's own."""
        return tuple(map(self.is_own, self.called))

    @cached_property
    def texts(self) -> Mapping[str, frozenset[str]]:
        """For each bare word of names, how it is written there."""
        found: dict[str, set[str]] = {}
        for called in self.called:
            for word in called.words:
                found.setdefault(fold(word), set()).add(word)
        return {bare: frozenset(words) for bare, words in found.items()}

    @cached_property
    def sounds(self) -> Mapping[str, tuple[str, ...]]:
        """The bare words of names by how regions sound them."""
        found: dict[str, list[str]] = {}
        for bare in self.postings:
            found.setdefault(sound(bare), []).append(bare)
        return {key: tuple(words) for key, words in found.items()}

    @cached_property
    def words_of(self) -> Mapping[str, frozenset[str]]:
        """The bare words of all names of each indicator, by its code."""
        found: dict[str, set[str]] = {}
        for called in self.called:
            found.setdefault(self.owners[called.owner].code, set()).update(map(fold, called.words))
        return {code: frozenset(words) for code, words in found.items()}


def _postings(called: Sequence[Called]) -> dict[str, tuple[int, ...]]:
    postings: dict[str, list[int]] = {}
    for number, each in enumerate(called):
        for bare in dict.fromkeys(map(fold, each.words)):
            postings.setdefault(bare, []).append(number)
    return {bare: tuple(numbers) for bare, numbers in postings.items()}


def _without_tails(
    owns: Mapping[int, Sequence[Called]],
    indicators: Sequence[Indicator],
    maker: NameMaker,
    tails: Lexicon,
) -> Iterable[Called]:
    """Give official names without what nobody says, where no other indicator is called so.

    Parts of an indicator may be: what is said without more is the whole.
    """
    shorts = {
        owner: tuple(filter(None, (_cut(names[0].words, tails), _part(names[0].words, maker))))
        for owner, names in owns.items()
    }
    every = [
        (owner, maker.telling(words))
        for owner, names in owns.items()
        for words in (*shorts[owner], *(name.words for name in names))
    ]
    for owner, names in owns.items():
        own = {name.words for name in names}
        for short in dict.fromkeys(shorts[owner]):
            head, told = maker.telling(short)
            weight = maker.weight(told)
            other = any(
                mine != owner
                and indicators[mine].parent != indicators[owner].code
                and measured == head
                and _holds(words, told)
                and maker.weight(words) - weight < LITTLE_MORE
                for mine, (measured, words) in every
            )
            if maker.weight(short) >= SHORTEST and short not in own and not other:
                yield Called(owner, short)


def _holds(words: Sequence[str], part: Sequence[str]) -> bool:
    """Return whether words stand in a row within others."""
    length = len(part)
    starts = range(len(words) - length + 1)
    return any(words[at : at + length] == part for at in starts)


def _part(words: tuple[str, ...], maker: NameMaker) -> tuple[str, ...]:
    """Give what "trong đó" singles out: "Tổng thu …, trong đó: *thu nội địa*"."""
    places = [at for at, pair in enumerate(pairwise(words)) if pair == AMONG_IT]
    part = words[places[-1] + 2 :] if places else ()
    if not part:
        return ()
    head, _ = maker.head([Word(text, text) for text in part])
    return part if head else ()


def _cut(words: tuple[str, ...], tails: Lexicon) -> tuple[str, ...]:
    row = [Word(text, text) for text in words]
    gone = {
        place
        for found in tails.apart(row)
        if found.start
        for place in range(found.start, found.end)
    }
    left = [word for place, word in enumerate(words) if place not in gone]
    while left and gone and not left[-1].isalpha():  # "giai đoạn 2022-2025"
        left.pop()
    return tuple(left)


def names_of(
    catalogue: Catalogue,
    repairer: Repairer,
    maker: NameMaker,
    dimensions: Dimensions,
    tails: Lexicon,
    lent: Mapping[str, Sequence[tuple[str, ...]]],
    shadows: Sequence[tuple[Shadow, Sequence[tuple[str, ...]]]],
) -> Names:
    """Gather all names: the catalogue's own, those lent by code, and those of shadows."""
    owners: list[Owner] = []
    called: list[Called] = []
    measured: list[frozenset[str]] = []
    owns: dict[int, list[Called]] = {}
    for indicator in catalogue.indicators.values():
        owns[len(owners)] = list(own_names(len(owners), indicator.names, repairer, maker))
        called += owns[len(owners)]
        called += [Called(len(owners), words, lent=True) for words in lent.get(indicator.code, ())]
        measured.append(dimensions.of_unit(repairer.words(indicator.unit.name).row))
        owners.append(indicator)
    called += _without_tails(owns, tuple(catalogue.indicators.values()), maker, tails)
    for shadow, names in shadows:
        called += [
            Called(len(owners), words, official=number == 0, lent=number > 0)
            for number, words in enumerate(names)
        ]
        measured.append(shadow.dimensions)
        owners.append(shadow)
    return Names(catalogue, owners, called, maker, measured)
