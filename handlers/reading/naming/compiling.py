"""Compiles lexicon and library into the words that a reader starts with; run after either changes.

python -m handlers.reading.naming.compiling
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from typing import Any

from handlers.reading.naming.worddata import WORDS
from handlers.reading.spelling import fold
from locales.lexicon import Concept, concepts
from locales.library import Entry, entries

_WORD = re.compile(r"\d+(?:\.\d{3})+|[^\W_]+|[%‰]")
LEAST = 0.08
"""The rarity of the commonest word; a word that only one entry has weighs one."""


def compiled() -> dict[str, Any]:
    """Give concepts, their forms by first syllable, and how rare words are, as JSON holds them."""
    every = concepts()
    numbers = {each.slug: number for number, each in enumerate(every)}
    return {
        "concepts": [_concept(each, numbers) for each in every],
        "forms": _forms(every),
        "rarity": _rarity(entries()),
    }


def _concept(concept: Concept, numbers: dict[str, int]) -> list[Any]:
    apart = sorted(numbers[slug] for slug in concept.apart if slug in numbers)
    return [concept.slug, str(concept.kind), apart]


def _forms(every: Iterable[Concept]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for number, concept in enumerate(every):
        for words in dict.fromkeys(map(_words, concept.forms)):
            if words:
                found.setdefault(fold(words[0]), []).extend([" ".join(words), number])
    return found


def _rarity(library: Iterable[Entry]) -> dict[str, float]:
    """Weigh each word by how few official indicators are named or asked for with it."""
    counts: Counter[str] = Counter()
    total = 0
    for entry in library:
        total += 1
        counts.update({word for text in (entry.name, *entry.also) for word in _words(text)})
    most = math.log(total + 1)
    return {
        word: round(max(LEAST, math.log((total + 1) / count) / most), 3)
        for word, count in sorted(counts.items())
    }


def _words(text: str) -> tuple[str, ...]:
    """Give the words of a text; "10.000" is one."""
    return tuple(_WORD.findall(unicodedata.normalize("NFC", text).casefold()))


def main() -> None:
    """Write the words."""
    text = json.dumps(compiled(), ensure_ascii=False, separators=(",", ":"))
    WORDS.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
