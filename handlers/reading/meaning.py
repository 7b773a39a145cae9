"""Which indicators and fields of work a question means, or may mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from db.facts import Category, Indicator, UnitKind
from handlers.reading.joined import JoinedReader
from handlers.reading.listening import Listener
from handlers.reading.naming.asked import Asked
from handlers.reading.naming.deciding import answered, lacking
from handlers.reading.naming.namer import FieldSaid
from handlers.reading.naming.ranking import Claim, Ranked
from handlers.reading.words import Found, Lexicon, Words
from locales.vocabulary import Vocabulary

HALF_A_WORD = 0.2
"""Words that weigh less together say nothing, even of what is likely."""
LITTLE = 0.25
"""Words that weigh less together name nothing."""
STRAY, UNLIKELY = 1.0, 0.12
"""Words that weigh less and make no indicator as likely are only talk in a follow-up."""
LIKELY = 0.3
"""The probability from which an indicator is meant sooner than the field in its name."""
MUCH = 0.6
"""Words of a sentence that weigh as much may name an indicator without the others."""
_STOPS = frozenset(".;?!\n")
PARTS = (UnitKind.COUNT, UnitKind.MONEY)
"""What a part and its whole are given in."""
_SURVEYING = frozenset({"overview", "which", "catalogue", "filter:missed", "filter:exceeded"})
"""Groups of phrases that ask about more than one indicator."""
_ASKING = frozenset({"money", "rank"})
"""Kinds of value that tell one indicator from its neighbours by themselves."""


@dataclass(frozen=True, slots=True)
class Meant:
    """What the words say of indicators: those meant, those that may be, and fields of work."""

    indicators: tuple[Indicator, ...] = ()
    claims: tuple[Claim, ...] = ()
    """What may be meant, likeliest first."""
    categories: tuple[Category, ...] = ()
    explained: frozenset[int] = frozenset()
    """The places of the words that what is meant explains."""
    content: bool = False
    """Whether any word was there that could have named an indicator."""
    portion: bool = False
    """Whether it is asked how much of a whole the first of them is."""
    not_stored: tuple[str, ...] = ()
    """What was asked for that the catalogue lacks."""


@dataclass(frozen=True)
class _Heard:
    """A question that one indicator is looked for in, with what it may mean."""

    words: Words
    found: list[Found]
    asked: Asked
    ranked: Ranked
    before: Sequence[Indicator]


class MeaningReader:
    """Reads what is meant, over one version of a catalogue."""

    def __init__(self, vocabulary: Vocabulary, listener: Listener, joined: JoinedReader) -> None:
        self._namer = listener.namer
        self._joined = joined
        self._wants = frozenset({*vocabulary.wants, "target", "attainment", "gap"})
        self._whole = Lexicon({"whole": vocabulary.replies["whole"]})
        self._turns = frozenset(phrase[0] for phrase in vocabulary.replies["turns"])

    def read(self, words: Words, found: list[Found], before: Sequence[Indicator]) -> Meant:
        """Read the free words; `found` are phrases of wanting, `before` was spoken of."""
        portion = self._portion(words, found)
        if portion is not None:
            return portion
        asked = self._namer.hear(words, found)
        ranked = self._namer.rank(asked, before)
        several = self._joined.several(words, found, ranked)
        several = several or self._joined.kin(found, asked, ranked)
        if several:
            return _of_several(several)
        fields = self._namer.fields(asked)
        heard = _Heard(words, found, asked, ranked, before)
        if not fields and not self._says_anything(heard):
            return Meant()
        meant = self._single(heard)
        if meant is None:
            return Meant()
        return self._with_fields(meant, fields, heard) if fields else meant

    def _says_anything(self, heard: _Heard) -> bool:
        """Return whether any word may name an indicator, or goes on to another one."""
        of_a_whole = any(each.group == "portion" for each in heard.found)
        if self._speaks(heard.asked, () if of_a_whole else heard.before):
            return True
        return heard.asked.weight >= HALF_A_WORD and _is_of_another(heard.ranked, heard.before)

    def _single(self, heard: _Heard) -> Meant | None:
        """Read the one that is meant, or what may be; None where only talk is left."""
        words, found, asked = heard.words, heard.found, heard.asked
        meant = self._one(asked, heard.ranked)
        if not meant.indicators:
            meant = self._in_the_question(words, found, asked, heard.before) or meant
        if heard.before and not meant.indicators and self._only_strays(heard):
            return None
        if meant.indicators and self._joined.leaves_one_out(words, found, asked, meant.explained):
            return replace(meant, indicators=())
        return meant

    def _with_fields(self, meant: Meant, fields: Sequence[FieldSaid], heard: _Heard) -> Meant:
        """Add the fields of work that were named, where they are asked about."""
        of_field = frozenset[int]().union(*(one.places for one in fields))
        inside = bool(meant.indicators) and meant.explained > of_field
        lists = any(each.group == "which" for each in heard.found)
        if not lists and (inside or _is_more(heard.ranked, of_field)):
            return meant
        attached = any(claim.evidence.attached for claim in heard.ranked.real[:1])
        if attached or not self._is_of_field(heard.asked, heard.found, of_field):
            return meant
        return replace(
            meant,
            indicators=() if lists else meant.indicators,
            categories=tuple(one.category for one in fields),
            explained=meant.explained | of_field,
            not_stored=(),
        )

    @staticmethod
    def _is_of_field(asked: Asked, found: list[Found], of_field: frozenset[int]) -> bool:
        """Return whether a field is asked about, and not something in it.

        So it is where that is said, or where nothing else stands there that could be named.
        """
        if any(each.group in _SURVEYING for each in found):
            return True
        rest = sum(asked.said[place] for place in asked.content if place not in of_field)
        return rest < LITTLE and not asked.dimensions_asked

    def _only_strays(self, heard: _Heard) -> bool:
        """Return whether a follow-up asks for another facet, with a word or two around it.

        "À nhầm, 2022 *cơ*" names nothing new.
        """
        words, asked, before, ranked = heard.words, heard.asked, heard.before, heard.ranked
        whole = {at for each in words.find(self._whole) for at in range(each.start, each.end)}
        facets = bool(words.taken) or any(each.group in self._wants for each in heard.found)
        if (
            ranked.real
            and ranked.real[0].owner not in before
            and ranked.real[0].probability > LIKELY
        ):
            return False
        likely = max((claim.probability for claim in ranked.real), default=0.0)
        weight = sum(asked.said[at] for at in asked.content if at not in whole)
        stray = weight < STRAY and not self._namer.foreign(asked)
        return stray and (bool(whole) or (facets and likely < UNLIKELY))

    def _speaks(self, asked: Asked, before: Sequence[Indicator]) -> bool:
        """Return whether any word may name an indicator, or tell one from its neighbours."""
        loud = [place for place in asked.content if asked.row[place].text not in self._turns]
        if sum(asked.said[place] for place in loud) >= LITTLE:
            return True
        if bool(asked.dimensions_asked & _ASKING):
            return True
        return bool(before) and (
            self._namer.is_of_other_kind(asked, before[0]) or self._namer.turns(asked, before[0])
        )

    def _in_the_question(
        self, words: Words, found: list[Found], asked: Asked, before: Sequence[Indicator]
    ) -> Meant | None:
        """Read the one sentence that asks, where others only tell why; None if unclear."""
        sentences = _sentences(words)
        asking = [span for span in sentences if any(map(asked.asks, span))]
        if len(sentences) < 2 or len(asking) != 1:
            return None
        alone = self._namer.hear(words, found, asking[0].start, asking[0].stop)
        if alone.weight < MUCH:
            return None
        meant = self._one(alone, self._namer.rank(alone, before))
        return meant if meant.indicators else None

    def _one(self, asked: Asked, ranked: Ranked) -> Meant:
        """Give the one that is meant, or what may be."""
        claim = answered(ranked)
        if claim is None or not isinstance(claim.owner, Indicator):
            return Meant(
                claims=ranked.real, content=True, not_stored=self._not_stored(asked, ranked)
            )
        return Meant((claim.owner,), ranked.real, explained=claim.matched, content=True)

    def _not_stored(self, asked: Asked, ranked: Ranked) -> tuple[str, ...]:
        named = lacking(ranked)
        return (named,) if named else tuple(self._namer.foreign(asked))

    def _portion(self, words: Words, found: list[Found]) -> Meant | None:
        """Read a part before "chiếm bao nhiêu phần trăm" and its whole behind; either may lack."""
        asking = next((each for each in found if each.group == "portion"), None)
        if asking is None:
            return None
        parts: list[Claim] = []
        for start, end in ((0, asking.start), (asking.end, len(words))):
            asked = self._namer.hear(words, found, start, end)
            if asked.weight < LITTLE:
                continue
            before = [claim.owner for claim in parts if isinstance(claim.owner, Indicator)]
            one = answered(self._namer.rank(asked, before), joined=True)
            if one is None or not _is_counted(one):
                return None
            parts.append(one)
        owners = (claim.owner for claim in parts)
        indicators = tuple(dict.fromkeys(one for one in owners if isinstance(one, Indicator)))
        explained = frozenset[int]().union(*(claim.matched for claim in parts))
        if not indicators:
            return None
        if not self._is_part(indicators) and self._is_a_share(words, found):
            return None
        return Meant(indicators, tuple(parts), (), explained, content=True, portion=True)

    def _is_a_share(self, words: Words, found: list[Found]) -> bool:
        """Return whether an indicator is meant that is a share itself."""
        one = answered(self._namer.rank(self._namer.hear(words, found)))
        owner = one.owner if one is not None else None
        return isinstance(owner, Indicator) and owner.unit.kind is UnitKind.SHARE

    def _is_part(self, indicators: Sequence[Indicator]) -> bool:
        """Return whether there is a whole that the first may be a share of."""
        above = self._namer.catalogue.indicators.get(indicators[0].parent or "")
        return len(indicators) > 1 or (above is not None and above.unit == indicators[0].unit)


def _of_several(claims: Sequence[Claim]) -> Meant:
    """Give several indicators that are meant together."""
    owners = tuple(claim.owner for claim in claims if isinstance(claim.owner, Indicator))
    explained = frozenset[int]().union(*(claim.matched for claim in claims))
    return Meant(owners, tuple(claims), explained=explained, content=True)


def _is_of_another(ranked: Ranked, before: Sequence[Indicator]) -> bool:
    """Return whether another indicator than those spoken of is the likeliest."""
    best = ranked.real[0] if ranked.real and before else None
    return best is not None and best.owner not in before and best.probability > LIKELY


def _sentences(words: Words) -> list[range]:
    """Give the places of each sentence."""
    starts = [
        at for at, word in enumerate(words.row) if at == 0 or not _STOPS.isdisjoint(word.breaks)
    ]
    return [range(*pair) for pair in pairwise([*starts, len(words)])]


def _is_more(ranked: Ranked, of_field: frozenset[int]) -> bool:
    """Return whether a likely indicator has the field's words and more: "bảo hiểm *y tế*"."""
    return any(
        claim.matched > of_field and claim.probability >= LIKELY for claim in ranked.real[:1]
    )


def _is_counted(claim: Claim) -> bool:
    return isinstance(claim.owner, Indicator) and claim.owner.unit.kind in PARTS
