"""The words that a reader starts with, compiled ahead from lexicon and library."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import locales
from handlers.reading.spelling import fold

WORDS = Path(locales.__file__).parent / "vi" / "words.json"
"""Made by `python -m handlers.reading.naming.compiling`."""
Form = tuple[tuple[str, ...], tuple[str, ...], int]
"""A form of a concept: its syllables, the same bare, the concept's number."""
CONTENT = frozenset({"thing", "event", "measure", "quality", "degree", "unit", "english"})
"""Classes of words that may tell of an indicator."""


@dataclass(frozen=True)
class WordData:
    """Concepts by number, their forms by first syllable, and the rarity of words (0 to 1)."""

    kinds: tuple[str, ...]
    slugs: tuple[str, ...]
    apart: tuple[frozenset[int], ...]
    forms: Mapping[str, list[Any]]
    rarity: Mapping[str, float]

    def forms_from(self, bare: str) -> list[Form]:
        """Give the forms that begin with a bare syllable."""
        found = self.forms.get(bare, [])
        return [_form(text, number) for text, number in zip(found[::2], found[1::2], strict=True)]

    def begins(self, pair: tuple[str, str]) -> bool:
        """Return whether a form begins with two bare syllables."""
        return any(bares[:2] == pair for _, bares, _ in self.forms_from(pair[0]))

    @cached_property
    def by_concept(self) -> Mapping[int, tuple[str, ...]]:
        """The forms of each concept that may tell of an indicator, as text."""
        found: dict[int, list[str]] = {}
        for row in self.forms.values():
            for text, number in zip(row[::2], row[1::2], strict=True):
                if self.kinds[number] in CONTENT:
                    found.setdefault(number, []).append(text)
        return {number: tuple(texts) for number, texts in found.items()}

    @cached_property
    def bare_rarity(self) -> Mapping[str, float]:
        """The rarity of bare words: that of the rarest word with these letters."""
        found: dict[str, float] = {}
        for word, weight in self.rarity.items():
            bare = fold(word)
            found[bare] = max(weight, found.get(bare, 0.0))
        return found


def _form(text: str, number: int) -> Form:
    words = tuple(text.split())
    return words, tuple(map(fold, words)), number


@cache
def word_data() -> WordData:
    """Read the compiled words; once."""
    data = json.loads(WORDS.read_text(encoding="utf-8"))
    slugs, kinds, apart = zip(*data["concepts"], strict=True)
    both = [set(each) for each in apart]
    for number, others in enumerate(apart):  # what is apart is so both ways
        for other in others:
            both[other].add(number)
    return WordData(kinds, slugs, tuple(map(frozenset, both)), data["forms"], data["rarity"])
