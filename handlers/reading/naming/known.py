"""The words that a question over a catalogue may be made of, for mending what was typed."""

from __future__ import annotations

from collections.abc import Iterable

from db.facts import Catalogue, Category, Indicator
from handlers.reading.spelling import Spelling, fold, is_syllable, spell
from handlers.reading.words import Repairer
from locales.vocabulary import Vocabulary

_NAMED, _SPOKEN, _PLACE = 1.0, 1.3, 1.6
"""What words cost by whose they are: names cheap, talk and places dearer."""


def repairer_of(catalogue: Catalogue, vocabulary: Vocabulary) -> Repairer:
    """Make what mends words typed over a catalogue."""
    typed = [(word, cost) for word, cost in _typed_words(catalogue, vocabulary) if word]
    known: dict[str, float] = {}
    for word, cost in typed:
        if not word.isdecimal():
            known.setdefault(fold(word), cost)
    spelled = frozenset(spell(word) for word, _ in typed)
    return Repairer(known, vocabulary.short, spelled, _spoken(catalogue, vocabulary))


def _spoken(catalogue: Catalogue, vocabulary: Vocabulary) -> frozenset[Spelling]:
    groups = (vocabulary.heads, vocabulary.measures, vocabulary.places)
    phrases = {phrase for group in groups for phrases in group.values() for phrase in phrases}
    phrases |= vocabulary.spoken()
    phrases |= {tuple(region.name.casefold().split()) for region in catalogue.regions.values()}
    return frozenset(spell(word) for phrase in phrases for word in phrase if word.isalpha())


def _typed_words(catalogue: Catalogue, vocabulary: Vocabulary) -> Iterable[tuple[str, float]]:
    owners: list[Indicator | Category] = [
        *catalogue.indicators.values(),
        *catalogue.categories.values(),
    ]
    for owner in owners:
        for name in (owner.name, *owner.aliases):
            for word in name.replace("-", " ").split():
                yield "".join(filter(str.isalnum, word)), _NAMED
    for phrase in vocabulary.phrases():
        for word in phrase:
            yield word, _SPOKEN
    for region in catalogue.regions.values():
        for word in " ".join((region.name, *region.aliases)).split():
            if is_syllable(fold(word)):
                yield word, _PLACE
