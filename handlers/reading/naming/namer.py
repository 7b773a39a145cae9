"""Names indicators over one version of a catalogue: hears, ranks, and finds fields of work."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from db.facts import Catalogue, Category, Indicator
from handlers.reading.naming.asked import Asked
from handlers.reading.naming.dimensions import Dimensions
from handlers.reading.naming.hearing import Hearing
from handlers.reading.naming.known import repairer_of
from handlers.reading.naming.matching import match
from handlers.reading.naming.names import (
    Called,
    Name,
    NameMaker,
    Names,
    Owner,
    Shadow,
    names_of,
    own_names,
)
from handlers.reading.naming.ranking import Candidate, Ranked, Ranker, Weighed
from handlers.reading.naming.scoring import Scorer, scorer
from handlers.reading.naming.segments import Segmenter
from handlers.reading.naming.worddata import word_data
from handlers.reading.words import Found, Lexicon, Words
from locales.vocabulary import Phrase, Vocabulary

FIELD_SAID = 0.96
"""The share of a field's name from which it was said."""
Texts = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Borrowed:
    """What a catalogue borrows from the library: names by code, and what it lacks."""

    lent: dict[str, tuple[Texts, ...]] = field(default_factory=dict)
    shadows: tuple[tuple[Shadow, tuple[Texts, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class FieldSaid:
    """A field of work that was named, and the places of its words."""

    category: Category
    places: frozenset[int]


class Namer:
    """Reads which indicators and fields of work are named; made once for a catalogue."""

    def __init__(
        self,
        catalogue: Catalogue,
        vocabulary: Vocabulary,
        borrowed: Borrowed | None = None,
        weights: Scorer | None = None,
    ) -> None:
        """Take the catalogue, the words around it, and what it borrows from the library."""
        lending = borrowed or Borrowed()
        data = word_data()
        rarity = {**data.bare_rarity, **data.rarity}
        heads = Lexicon(vocabulary.heads, strict=True)
        segmenter = Segmenter(data)
        dimensions = dimensions_of(vocabulary)
        self.catalogue = catalogue
        self.repairer = repairer_of(catalogue, vocabulary)
        self._dimensions = dimensions
        self._maker = maker_of(vocabulary, segmenter)
        self.names: Names = names_of(
            catalogue,
            self.repairer,
            self._maker,
            dimensions,
            Lexicon({"tail": vocabulary.tails}),
            lending.lent,
            lending.shadows,
        )
        self._fields = self._field_names()
        self._hearing = Hearing(
            self.names,
            self.repairer,
            segmenter,
            dimensions,
            rarity,
            heads,
            Lexicon({"talk": vocabulary.talk}, loose=True),
            frozenset(bare for _, name in self._fields for bare in name.bares),
        )
        self._ranker = Ranker(self.names, data)
        self._weights = weights or scorer()
        self.pairs = frozenset(
            pair
            for name in self._own_names()
            for pair in zip(name.bares, name.bares[1:], strict=False)
        )
        """Bare words that stand side by side in the catalogue's own names."""
        self.own_words = frozenset(bare for name in self._own_names() for bare in name.bares)

    def _own_names(self) -> list[Name]:
        own = [
            self.names.name(number)
            for number, called in enumerate(self.names.called)
            if self.names.is_own(called)
        ]
        return [*own, *(name for _, name in self._fields)]

    def _field_names(self) -> list[tuple[Category, Name]]:
        return [
            (category, self._maker.name(called))
            for category in self.catalogue.categories.values()
            for called in own_names(
                0, (category.name, *category.aliases), self.repairer, self._maker
            )
        ]

    # ------------------------------------------------------------ what is named

    def hear(
        self, words: Words, found: Sequence[Found], start: int = 0, end: int | None = None
    ) -> Asked:
        """Hear the words between two places; `found` are phrases that other readers want."""
        return self._hearing.asked(words, found, start, end)

    def rank(self, asked: Asked, before: Sequence[Indicator] = ()) -> Ranked:
        """Give what may be meant, likeliest first; `before` was spoken of."""
        return self._ranker.rank(asked, before, self._weights)

    def weigh(self, asked: Asked, before: Sequence[Indicator] = ()) -> Weighed:
        """Weigh what may be meant, without deciding."""
        return self._ranker.weigh(asked, before)

    def ranked(self, weighed: Weighed) -> Ranked:
        """Give what was weighed its probabilities."""
        return self._ranker.ranked(weighed, self._weights)

    def owner(self, candidate: Candidate) -> Owner:
        """Give whose name a candidate is."""
        return self._ranker.owner(candidate)

    def is_of_other_kind(self, asked: Asked, indicator: Indicator) -> bool:
        """Return whether a kind of value is asked for that an indicator's unit is not."""
        row = self.repairer.words(indicator.unit.name).row
        measured = self._dimensions.of_unit(row)
        wanted = asked.dimensions_asked
        return bool(wanted) and bool(measured) and not wanted & measured

    def turns(self, asked: Asked, indicator: Indicator) -> bool:
        """Return whether the words that tell another one of its kind from this one were said."""
        return self._ranker.turns(asked, indicator)

    def fields(self, asked: Asked) -> list[FieldSaid]:
        """Give the fields of work whose whole name was said."""
        said: dict[str, FieldSaid] = {}
        for category, name in self._fields:
            laid = match(asked, name)
            if laid is None or laid.covered < FIELD_SAID * name.total or laid.runs > 1:
                continue
            if category.code not in said or said[category.code].places < laid.explained:
                said[category.code] = FieldSaid(category, laid.explained)
        longest = list(said.values())
        return [one for one in longest if not any(one.places < other.places for other in longest)]

    def foreign(self, asked: Asked) -> list[str]:
        """Give the terms of the field that were said and that no name has, as typed."""
        return list(dict.fromkeys(words for _, words in self._ranker.foreign(asked)))


def dimensions_of(vocabulary: Vocabulary) -> Dimensions:
    """Make what reads kinds of value with the words of a language."""
    asking = {"share": "share", "rank": "rank", "money": "money", "index": "score"}
    measures = {kind: vocabulary.measures[group] for group, kind in asking.items()}
    return Dimensions(vocabulary.dimensions, measures)


def maker_of(
    vocabulary: Vocabulary, segmenter: Segmenter, filling: Iterable[Phrase] = ()
) -> NameMaker:
    """Make what takes names apart with the words of a language; `filling` weighs least, too."""
    data = word_data()
    return NameMaker(
        segmenter,
        Lexicon(vocabulary.heads, strict=True),
        Lexicon({"general": [*vocabulary.general, *filling]}),
        {**data.bare_rarity, **data.rarity},
    )


__all__ = ["Borrowed", "Called", "FieldSaid", "Namer", "dimensions_of", "maker_of"]
