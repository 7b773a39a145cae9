"""Which indicators a question means: the one that is clearly heard, kin of the one before, several,
or those that may be.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from db.facts import Category, Indicator, UnitKind
from handlers.reading.deciding import Meant, decide
from handlers.reading.hearing import Listener
from handlers.reading.indicators import NEAR, Asked, Claim
from handlers.reading.joined import JoinedReader
from handlers.reading.spelling import TONE, agreement, fold, is_syllable
from handlers.reading.words import Found, Word, Words
from locales.vocabulary import Vocabulary

LOUD = 0.85
"""What a word weighs that speaks of something: with one that a claim does not explain, it is asked
back.
"""


class MeaningReader:
    """Reads what is meant, over one version of a catalogue."""

    def __init__(self, vocabulary: Vocabulary, listener: Listener, joined: JoinedReader) -> None:
        self._names = listener.names
        self._listener = listener
        self._joined = joined
        known = [phrase for phrase in vocabulary.phrases() if len(phrase) > 1]
        known += [
            tuple(each.name.casefold().split())
            for each in self._names.catalogue.categories.values()
        ]
        known += [
            tuple(each.name.casefold().split()) for each in self._names.catalogue.regions.values()
        ]
        self._together = listener.pairs | {
            (fold(one), fold(other)) for name in known for one, other in pairwise(name)
        }
        self._talk_words: dict[str, list[str]] = {}
        for phrase in vocabulary.talk:
            if len(phrase) == 1:
                self._talk_words.setdefault(fold(phrase[0]), []).append(phrase[0])
        self._turns = tuple(phrase[0] for phrase in vocabulary.replies["turns"])

    def read(self, words: Words, found: list[Found], leaning: Sequence[Indicator]) -> Meant:
        """What the free words mean; `found` are the phrases of wanting, `leaning` the indicators of
        the question before.
        """
        asked = self._listener.asked(words, found)
        if asked is None:
            return Meant()
        portion = self._portion(words, found)
        if portion is not None:
            return portion
        claims = self._names.rank(asked)
        several = self._joined.several(words, found, claims)
        if several is not None:
            return several
        content = asked.content or bool(asked.kinds & {UnitKind.MONEY, UnitKind.RANK})
        if not asked.content and len(leaning) == 1 and leaning[0].unit.kind in asked.kinds:
            return Meant()  # "tăng mấy bậc?" after a rank
        if not content and asked.kinds and leaning:
            return self._of_kind(asked, leaning)
        if leaning and self._only_turns(asked):
            return Meant()
        decided = self._heard_out(words, asked, decide(claims))
        if not content and not (decided is not None and decided.exact):
            open_choice = (
                len(claims) > 1 and claims[1].score >= NEAR and bool(asked.heads - {"count"})
            )  # "tỷ trọng năm 2022"
            return (
                Meant(claims=tuple(claims), content=True)
                if open_choice and not leaning
                else Meant()
            )
        if decided is None and leaning:
            leant = self._names.rank(asked, leaning)
            again = self._heard_out(words, asked, decide(leant, leaning=True))
            if again is not None and isinstance(again.owner, Indicator):
                return Meant((again.owner,), tuple(leant), (), again.matched, content, leaned=True)
        if decided is None:
            return Meant(claims=tuple(claims), content=content)
        if isinstance(decided.owner, Category):
            return Meant((), tuple(claims), (decided.owner,), decided.matched, True)
        categories = tuple(
            each.owner
            for each in claims
            if isinstance(each.owner, Category)
            and each.cover > 0.95
            and each.score >= decided.score - 0.05
        )
        return Meant((decided.owner,), tuple(claims), categories, decided.matched, True)

    def _heard_out(self, words: Words, asked: Asked, claim: Claim | None) -> Claim | None:
        """The claim, unless a word that speaks of something is left over: "nghèo *đô thị*", "*vay
        vốn* giải quyết việc làm".

        Slips are no such words, nor is talk with a wrong mark, nor the unit. A name that nobody
        knows is: "xuất khẩu sang *Hoa Kỳ*".
        """
        if claim is None or self._names_another(words):
            return None
        unit = (
            {fold(word) for word in claim.owner.unit.name.split()}
            if isinstance(claim.owner, Indicator)
            else frozenset()
        )
        for word, place, weight in zip(asked.words, asked.places, asked.against, strict=True):
            if (
                weight >= LOUD
                and place not in claim.matched
                and word.number is None
                and is_syllable(word.bare)
                and word.bare not in unit
                and not self._is_talk(word)
            ):
                return None
        return claim

    def _names_another(self, words: Words) -> bool:
        """Whether two words or more begin large inside a sentence, and are no name that is known
        here.
        """
        if words.titled:
            return False
        large = [
            words.owner[place] != "place"
            and place > 0
            and word.typed[:1].isupper()
            and word.typed[1:].islower()
            and not word.repaired
            for place, word in enumerate(words.row)
        ]
        return any(
            large[place]
            and large[place - 1]
            and not words.row[place].breaks
            and (words.row[place - 1].bare, words.row[place].bare) not in self._together
            for place in range(1, len(large))
        )

    def _is_talk(self, word: Word) -> bool:
        """Whether a word is talk as it was meant, with hỏi for ngã."""
        return any(
            agreement(word.text, each) >= TONE for each in self._talk_words.get(word.bare, ())
        )

    def _only_turns(self, asked: Asked) -> bool:
        """Whether the words say only which way something went: "tại sao giảm?"."""
        loud = [
            word for word, weight in zip(asked.words, asked.against, strict=True) if weight > 0.0
        ]
        return bool(loud) and all(
            any(agreement(word.text, each) >= TONE for each in self._turns) for word in loud
        )

    def _of_kind(self, asked: Asked, leaning: Sequence[Indicator]) -> Meant:
        """ "bao nhiêu suất?" after a sum of money: the kin of what was asked before that is of this
        kind.
        """
        if len(leaning) > 1:
            first = {word.bare for word in asked.words}
            named = [
                each
                for each in leaning
                if fold(each.name.split()[0]) in first and each.unit.kind in asked.kinds
            ]
            return Meant((named[0],), leaned=True) if len(named) == 1 else Meant()
        if leaning[0].unit.kind in asked.kinds:
            return Meant()
        decided = decide(
            [
                claim
                for claim in self._names.rank(asked, leaning)
                if isinstance(claim.owner, Indicator) and claim.owner.unit.kind in asked.kinds
            ]
        )
        return (
            Meant((decided.owner,), leaned=True)
            if decided is not None and isinstance(decided.owner, Indicator)
            else Meant()
        )

    def _portion(self, words: Words, found: list[Found]) -> Meant | None:
        """A sum before "chiếm bao nhiêu phần trăm" and what it is a part of behind it; either may
        be missing.
        """
        asking = next((each for each in found if each.group == "portion"), None)
        if asking is None:
            return None
        parts: list[Claim] = []
        for start, end in ((0, asking.start), (asking.end, len(words))):
            asked = self._listener.asked(words, found, start, end)
            if asked is None or not asked.content:
                continue
            one = decide(self._names.rank(asked))
            if one is None and parts and isinstance(parts[0].owner, Indicator):
                above = self._names.catalogue.indicators.get(parts[0].owner.parent or "")
                one = (
                    decide(self._names.rank(asked, [above]), leaning=True)
                    if above is not None
                    else None
                )
            if (
                one is None
                or not isinstance(one.owner, Indicator)
                or one.owner.unit.kind not in (UnitKind.COUNT, UnitKind.MONEY)
            ):
                return None
            parts.append(one)
        indicators = tuple(
            dict.fromkeys(part.owner for part in parts if isinstance(part.owner, Indicator))
        )
        matched = frozenset[int]().union(*(part.matched for part in parts))
        return (
            Meant(indicators, tuple(parts), (), matched, bool(indicators), portion=True)
            if indicators
            else None
        )
