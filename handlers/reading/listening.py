"""Which phrases of a question say what is wanted of a figure, and which words are only talk."""

from __future__ import annotations

from itertools import pairwise

from handlers.reading.naming.namer import Namer
from handlers.reading.spelling import fold
from handlers.reading.words import Found, Lexicon, Words
from locales.vocabulary import Vocabulary

MEASURES = frozenset({"share", "rank", "money", "index", "count"})
"""Groups of phrases that ask for a kind of value."""
NEGATIONS = frozenset(map(fold, ("không", "chưa")))
"""Words that turn what stands behind them."""


class Listener:
    """Finds phrases around what is named, over one version of a catalogue."""

    def __init__(self, namer: Namer, vocabulary: Vocabulary) -> None:
        self.namer = namer
        self.repairer = namer.repairer
        self.pairs = namer.pairs
        self.wants = Lexicon(vocabulary.wants)
        self.measures = Lexicon(vocabulary.measures, strict=True)
        self.talk = Lexicon({"talk": vocabulary.talk}, loose=True)
        self.negations = NEGATIONS
        self._targets = Lexicon(
            {
                **{f"filter:{name}": phrases for name, phrases in vocabulary.filter.items()},
                "attainment": vocabulary.target["attainment"],
                "gap": vocabulary.target["gap"],
                "which": vocabulary.target["which"],
                "target": vocabulary.target["words"],
            }
        )
        self._making = frozenset(phrase[0] for phrase in vocabulary.wishes["making"])
        self._bare_names: dict[str, list[str]] = {}

    def functional(self, words: Words) -> list[Found]:
        """Give every phrase of wanting, of targets and of measures, overlaps included."""
        found = [*words.find(self.wants), *words.find(self._targets), *words.find(self.measures)]
        return [
            each
            for each in found
            if words.free(each.start, each.end)
            and not self._piece_of_name(words, each)
            and not self._is_made(words, each)
        ]

    def _is_made(self, words: Words, found: Found) -> bool:
        """Return whether a digest is spoken of that the asker writes: "đang soạn bản tin"."""
        before = words.row[found.start - 1].text if found.start else ""
        return found.group == "subscription" and before in self._making

    def _piece_of_name(self, words: Words, found: Found) -> bool:
        """Return whether names have a phrase with the word before it: "giá *so sánh*"."""
        within = [word.bare for word in words.row[max(0, found.start - 1) : found.end]]
        whole = len(within) > len(found.phrase) > 1
        return whole and all(pair in self.pairs for pair in pairwise(within))

    def telling(self, words: Words, found: list[Found]) -> set[int]:
        """Give where words stand that nobody took and that are no talk."""
        silent = {place for each in found for place in range(each.start, each.end)}
        for each in words.find(self.talk):
            silent.update(range(each.start, each.end))
        return {place for place in range(len(words)) if words.free(place)} - silent

    def folded(self, name: str) -> list[str]:
        """Give the bare words of a name of the catalogue."""
        if name not in self._bare_names:
            self._bare_names[name] = [word.bare for word in self.repairer.words(name).row]
        return self._bare_names[name]
