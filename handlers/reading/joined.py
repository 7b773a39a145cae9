"""Where one name ends and the next begins: indicators and fields of work joined by và, với, hay or
commas.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from db.facts import Category, Indicator
from handlers.reading.deciding import Meant, decide
from handlers.reading.hearing import Listener
from handlers.reading.indicators import ANSWER, Claim
from handlers.reading.words import Found, Lexicon, Words
from locales.vocabulary import Vocabulary

SEVERAL = 0.74
"""What each of several joined indicators must claim by itself."""
ONE_NAME = 0.90
"""A claim from which a name that runs across a joining word is one name."""


class JoinedReader:
    """Reads several names in one text, over one version of a catalogue."""

    def __init__(self, vocabulary: Vocabulary, listener: Listener) -> None:
        self._names = listener.names
        self._listener = listener
        self._join = Lexicon({"join": vocabulary.target["join"]})
        self._and = Lexicon({"join": [("và",)]}, loose=True)
        self._fields = Lexicon({"field": vocabulary.wishes["field"]})

    def several(self, words: Words, found: list[Found], claims: Sequence[Claim]) -> Meant | None:
        """Two or more indicators, or fields of work, joined by và, với, hay or a comma; None when
        the whole names one.
        """
        row = words.row
        # Where a part ends and the next one begins: a joining word, with its marks or without,
        # belongs to neither.
        gaps = {
            place: place
            for place in range(1, len(row))
            if "," in row[place].breaks or ";" in row[place].breaks
        }
        for each in [*words.find(self._join), *words.find(self._and)]:
            gaps[each.start] = max(each.end, gaps.get(each.start, 0))
        cuts = sorted(gaps)
        if not cuts or len(cuts) > 12:
            return None
        if claims and claims[0].score >= ONE_NAME and self._spans_a_cut(words, claims[0], cuts):
            return None
        bounds = zip([0, *(gaps[cut] for cut in cuts)], [*cuts, len(row)], strict=True)
        parts: list[Claim] = []
        for start, end in bounds:
            asked = self._listener.asked(words, found, start, end)
            if asked is None or not any(asked.against):
                continue
            leaning = [parts[-1].owner] if parts and isinstance(parts[-1].owner, Indicator) else []
            ranked = self._names.rank(asked)
            one = decide(ranked)
            if leaning and (one is None or one.score < SEVERAL):
                one = decide(self._names.rank(asked, leaning))
            if one is None or one.score < SEVERAL:
                return None
            if one.owner not in [part.owner for part in parts]:
                parts.append(one)
        if len(parts) < 2:
            return None
        indicators = tuple(part.owner for part in parts if isinstance(part.owner, Indicator))
        categories = tuple(part.owner for part in parts if isinstance(part.owner, Category))
        if indicators and categories:
            return None
        return Meant(
            indicators,
            tuple(parts),
            categories,
            frozenset().union(*(part.matched for part in parts)),
            True,
        )

    def _spans_a_cut(self, words: Words, claim: Claim, cuts: list[int]) -> bool:
        """Whether a name was said in one piece across each joining word: "Số người có công và thân
        nhân".
        """
        said = self._listener.folded(claim.name)
        row = words.row
        for cut in cuts:
            around = [place for place in (cut - 1, cut, cut + 1) if place in claim.matched]
            if any(place > cut for place in claim.matched) and any(
                place < cut for place in claim.matched
            ):
                piece = [row[place].bare for place in around]
                if not any(said[at : at + len(piece)] == piece for at in range(len(said))):
                    return False
        return True

    def each_named(
        self, words: Words, found: list[Found], *, alerting: bool
    ) -> list[Indicator | Category]:
        """Fields of work and indicators joined by và or commas; none where one of them is not
        clear.
        """
        stops = [
            place for place in range(1, len(words)) if ";" in words.row[place].breaks
        ]  # no name runs across one
        owners: list[Indicator | Category] = []
        for start, end in pairwise([0, *stops, len(words)]):
            here = self._named_between(words, found, start, end, alerting=alerting)
            if here is None:
                return []
            owners += [each for each in here if each not in owners]
        return owners

    def _named_between(
        self, words: Words, found: list[Found], start: int, end: int, *, alerting: bool
    ) -> list[Indicator | Category] | None:
        """What is named between two places, as few names as account for it; None where one of them
        is not clear.
        """
        bounds = [start, *[cut for cut in self.cuts(words) if start < cut < end][:12], end]
        ands = {each.start for each in self._and.find(words.row)}
        owners: list[Indicator | Category] = []
        first = 0
        while first < len(bounds) - 1:
            begin = bounds[first] + (
                bounds[first] in ands
            )  # no name begins with "và", typed with its mark or without
            for last in range(len(bounds) - 1, first, -1):
                asked = self._listener.asked(words, found, begin, bounds[last])
                if asked is None or not any(asked.against):
                    break  # nothing is named here
                a_field = any(
                    bounds[first] <= each.start < bounds[last]
                    for each in self._fields.find(words.row)
                )
                one = self._one_owner(
                    self._names.rank(asked), field=a_field or (None if alerting else False)
                )
                if one is not None and (
                    last == first + 1
                    or self._all_said(words, found, one, bounds[first], bounds[last])
                ):
                    owners.append(one.owner)
                    break
            else:
                return None
            first = last
        return owners

    def cuts(self, words: Words) -> list[int]:
        """Where one name may end and another begin."""
        row = words.row
        joins = [*self._join.find(row), *self._and.find(row)]
        cuts = {each.start for each in joins} | {
            place for place in range(1, len(row)) if row[place].breaks
        }
        return sorted(cuts)

    def _one_owner(self, claims: Sequence[Claim], *, field: bool | None) -> Claim | None:
        """The one that is meant; where an indicator has the name of a field of work, `field` says
        which.

        True: "lĩnh vực …" was said; False: a digest is of fields sooner; None: what is told at once
        is of indicators.
        """
        one = decide(claims)
        best = next(
            (each for each in claims if isinstance(each.owner, Category) and each.cover > 0.95),
            None,
        )
        if best is None or field is None:
            return one
        if field:
            return best if best.score >= ANSWER else one
        return best if one is not None and best.score >= one.score - 0.05 else one

    def _all_said(
        self, words: Words, found: list[Found], claim: Claim, start: int, end: int
    ) -> bool:
        """Whether a name accounts for every word between two places that is no talk."""
        silent = {
            place
            for each in [*found, *self._listener.talk.find(words.row)]
            for place in range(each.start, each.end)
        }
        return all(
            place in claim.matched or place in silent or not words.free(place)
            for place in range(start, end)
        )
