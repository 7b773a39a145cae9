"""What a message is that asks for no figure: about the bot itself, another topic, an insult, a
leave-taking.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from handlers.question import Talk
from handlers.reading.spelling import fold
from handlers.reading.words import Lexicon, Words
from locales.vocabulary import Vocabulary

_RULES: tuple[tuple[Talk, frozenset[str]], ...] = (
    (Talk.KEPT, frozenset({"keep", "mine"})),
    (Talk.KEPT, frozenset({"privacy"})),
    (Talk.WHO, frozenset({"who"})),
    (Talk.WHO, frozenset({"bot", "whose"})),
    (Talk.USAGE, frozenset({"usage"})),
    (Talk.TRUE, frozenset({"true"})),
    (Talk.ORDER, frozenset({"order"})),
    (Talk.INSULT, frozenset({"insult"})),
    (Talk.INSULT, frozenset({"bot", "complaint"})),
    (Talk.TOPIC, frozenset({"topic"})),
    (Talk.GOODBYE, frozenset({"goodbye"})),
    (Talk.SMALL, frozenset({"small"})),
    (Talk.MEETS, frozenset({"meets"})),
)
"""The groups of the vocabulary that must all be there; the first that are tell."""


@dataclass(frozen=True, slots=True)
class Chatter:
    """What kind of talk stands in a message, and the bare words that tell so."""

    talk: Talk | None = None
    words: frozenset[str] = frozenset()

    def within(self, names: Iterable[str]) -> bool:
        """Whether all its words stand in names: "giá vàng" is a price index before it is talk."""
        return self.words <= {fold(word) for name in names for word in name.split()}


class ChatterReader:
    """Reads talk with a vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._lexicon = Lexicon(vocabulary.chatter, strict=True)

    def read(self, words: Words) -> Chatter:
        """What kind of talk stands in a message, whatever else does."""
        found = list(self._lexicon.apart(words.row))
        said = {one.group for one in found}
        for talk, groups in _RULES:
            if groups <= said:
                phrases = [one.phrase for one in found if one.group in groups]
                return Chatter(talk, frozenset(fold(word) for phrase in phrases for word in phrase))
        return Chatter()
