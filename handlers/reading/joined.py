"""Where one name ends and the next begins: names joined by và, với, hay or commas."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from db.facts import Category, Indicator
from handlers.reading.listening import Listener
from handlers.reading.naming.asked import Asked
from handlers.reading.naming.deciding import answered, is_forbidden
from handlers.reading.naming.ranking import Claim, Ranked
from handlers.reading.words import Found, Lexicon, Words
from locales.vocabulary import Vocabulary

LITTLE = 0.3
"""Words that weigh less together name nothing."""
MUCH = 0.5
"""Words that weigh as much together name something for sure."""
LEFT = 0.8
"""What may be left unexplained beside kin that are held together."""
LIKELY, UNLIKELY = 0.75, 0.2
"""From which probability one side of a comparison is taken, and below which there is none."""
TELLING = 0.3
"""What the words weigh at the least that tell one part of a whole from the others."""
COMPARING = frozenset({"comparison", "breakdown"})
_OF_TARGETS = frozenset({"target", "attainment", "gap"})
MOST_CUTS = 12
_SEPARATORS = frozenset(",;")


class JoinedReader:
    """Reads several names in one text, over one version of a catalogue."""

    def __init__(self, vocabulary: Vocabulary, listener: Listener) -> None:
        self._namer = listener.namer
        self._talk = listener.talk
        self._join = Lexicon({"join": vocabulary.target["join"]})
        self._and = Lexicon({"join": [("và",)]}, loose=True)
        self._fields = Lexicon({"field": vocabulary.wishes["field"]})

    # ------------------------------------------------------------ in a question

    def several(self, words: Words, found: list[Found], whole: Ranked) -> list[Claim]:
        """Give two or more indicators that are joined; none when the whole names one."""
        gaps = self._gaps(words)
        cuts = sorted(gaps)
        if not cuts or len(cuts) > MOST_CUTS or _spans(answered(whole), cuts):
            return []
        bounds = zip([0, *(gaps[cut] for cut in cuts)], [*cuts, len(words)], strict=True)
        sides = [each for each in bounds if self._is_a_side(words, found, *each)]
        parts: list[Claim] = []
        for start, end in sides:
            one = self._part(words, found, start, end, parts)
            if one is None:
                return self._likely_pair(words, found, sides)
            if one.owner not in [part.owner for part in parts]:
                parts.append(one)
        return parts if len(parts) > 1 and _go_together(parts) else []

    def _likely_pair(
        self, words: Words, found: list[Found], sides: list[tuple[int, int]]
    ) -> list[Claim]:
        """Give two of one unit that are compared, each likely on its side."""
        compared = any(each.group in COMPARING for each in found) or _sets_against(words)
        if len(sides) != 2 or not compared:
            return []
        ranked = [self._namer.rank(self._namer.hear(words, found, *side)) for side in sides]
        pair = [claim for each in ranked for claim in each.real[:1]]
        owners = [claim.owner for claim in pair if isinstance(claim.owner, Indicator)]
        if len(owners) != 2 or owners[0] == owners[1] or owners[0].unit != owners[1].unit:
            return []
        likely = all(
            claim.probability >= LIKELY and not is_forbidden(claim.evidence) for claim in pair
        )
        return pair if likely else []

    def kin(self, found: list[Found], asked: Asked, whole: Ranked) -> list[Claim]:
        """Give two or more parts of one whole that are held together, each by its own words.

        "*Rừng tự nhiên* với *rừng trồng*, bên nào rộng hơn?"
        """
        if not any(each.group in COMPARING for each in found):
            return []
        real = [claim for claim in whole.real if isinstance(claim.owner, Indicator)]
        family = [claim for claim in real if _are_parts(claim.owner, real[0].owner)]
        named = [claim for claim in family if _says(asked, _own_places(claim, family)) >= TELLING]
        if len(named) < 2:
            return []
        explained = frozenset[int]().union(*(claim.matched for claim in named))
        left = _says(asked, frozenset(asked.content) - explained)
        return sorted(named, key=lambda one: min(_own_places(one, family))) if left <= LEFT else []

    def leaves_one_out(
        self, words: Words, found: list[Found], asked: Asked, explained: frozenset[int]
    ) -> bool:
        """Return whether two are compared and one of them was not understood."""
        if not any(each.group == "comparison" for each in found) and not _sets_against(words):
            return False
        joins = [*words.find(self._join), *words.find(self._and)]
        held = {
            place
            for each in found
            if each.group in _OF_TARGETS
            for place in range(each.start, each.end)
        }
        cuts = [each.start for each in joins if not _joins_facets(words, each, held)]
        sides = [(0, cut) for cut in cuts] + [(cut, len(words)) for cut in cuts]
        return any(_is_unexplained(asked, explained, *side) for side in sides)

    def _is_a_side(self, words: Words, found: list[Found], start: int, end: int) -> bool:
        """Return whether a part names something, and does not only ask "bên nào rộng hơn"."""
        if not self._names_something(words, found, start, end):
            return False
        asks = any(each.group == "comparison" and start <= each.start < end for each in found)
        real = self._namer.rank(self._namer.hear(words, found, start, end)).real if asks else ()
        return not asks or max((claim.probability for claim in real), default=0.0) >= UNLIKELY

    def _names_something(self, words: Words, found: list[Found], start: int, end: int) -> bool:
        return self._namer.hear(words, found, start, end).weight >= LITTLE

    def _part(
        self, words: Words, found: list[Found], start: int, end: int, before: Sequence[Claim]
    ) -> Claim | None:
        """Give what one part names, by itself or by what the part before it names."""
        asked = self._namer.hear(words, found, start, end)
        alone = answered(self._namer.rank(asked), joined=True)
        if not before:
            return alone
        if alone is not None and alone.evidence.alone:
            return alone
        spoken = [claim.owner for claim in before[-1:] if isinstance(claim.owner, Indicator)]
        ranked = self._namer.rank(asked, spoken)
        if _goes_on(ranked, before[-1]):
            return before[-1]
        one = answered(ranked, joined=True)
        return one if one is not None and one.evidence.alone else None

    def _gaps(self, words: Words) -> dict[int, int]:
        """Give where a part ends and where the next begins; a joining word belongs to neither."""
        row = words.row
        gaps = {
            place: place
            for place in range(1, len(row))
            if not _SEPARATORS.isdisjoint(row[place].breaks)
        }
        for each in [*words.find(self._join), *words.find(self._and)]:
            gaps[each.start] = max(each.end, gaps.get(each.start, 0))
        return gaps

    # ------------------------------------------------------------ in a subscription

    def each_named(
        self, words: Words, found: list[Found], *, alerting: bool
    ) -> list[Indicator | Category]:
        """Give fields and indicators joined by và or commas; none where one is not clear."""
        stops = [place for place in range(1, len(words)) if ";" in words.row[place].breaks]
        owners: list[Indicator | Category] = []
        for start, end in pairwise([0, *stops, len(words)]):  # no name runs across a semicolon
            here = self._named_between(words, found, start, end, alerting=alerting)
            if here is None:
                return []
            owners += [each for each in here if each not in owners]
        return owners

    def _named_between(
        self, words: Words, found: list[Found], start: int, end: int, *, alerting: bool
    ) -> list[Indicator | Category] | None:
        """Give what is named between two places, by as few names as account for it."""
        bounds = [start, *[cut for cut in self.cuts(words) if start < cut < end][:MOST_CUTS], end]
        owners: list[Indicator | Category] = []
        first = 0
        while first < len(bounds) - 1:
            begin = bounds[first] + self._begins_joined(words, bounds[first])
            step = self._longest(words, found, begin, bounds[first + 1 :], alerting=alerting)
            if step is None:
                return None
            length, named = step
            owners += named
            first += length
        return owners

    def _begins_joined(self, words: Words, place: int) -> bool:
        """Return whether "và" stands there, with which no name begins."""
        return any(each.start == place for each in self._and.find(words.row))

    def _longest(
        self, words: Words, found: list[Found], begin: int, ends: list[int], *, alerting: bool
    ) -> tuple[int, list[Indicator | Category]] | None:
        """Give the longest stretch that one name accounts for, as parts, and what it names."""
        if not self._names_something(words, found, begin, ends[0]):
            return 1, []
        for length in range(len(ends), 0, -1):
            end = ends[length - 1]
            one = self._one_owner(words, found, begin, end, alerting=alerting)
            if one is None:
                continue
            owner, places = one
            if length == 1 or self._all_said(words, found, places, begin, end):
                return length, [owner]
        return None

    def cuts(self, words: Words) -> list[int]:
        """Give where one name may end and another begin."""
        row = words.row
        joins = [*self._join.find(row), *self._and.find(row)]
        breaks = {place for place in range(1, len(row)) if row[place].breaks}
        return sorted({each.start for each in joins} | breaks)

    def _one_owner(
        self, words: Words, found: list[Found], start: int, end: int, *, alerting: bool
    ) -> tuple[Indicator | Category, frozenset[int]] | None:
        """Give what is meant: a digest is of fields sooner, what is told at once of indicators."""
        asked = self._namer.hear(words, found, start, end)
        fields = self._namer.fields(asked)
        claim = answered(self._namer.rank(asked), joined=True)
        said = any(start <= each.start < end for each in self._fields.find(words.row))
        if fields and (said or not alerting or claim is None):
            within = claim is not None and claim.matched > fields[0].places
            whole = claim is None or not within or not claim.evidence.whole
            if whole or said:
                return fields[0].category, fields[0].places
        if claim is None or not isinstance(claim.owner, Indicator):
            return None
        return claim.owner, claim.matched

    def _all_said(
        self, words: Words, found: list[Found], places: frozenset[int], start: int, end: int
    ) -> bool:
        """Return whether a name accounts for every word between two places that is no talk."""
        silent = {
            place
            for each in [*found, *self._talk.find(words.row)]
            for place in range(each.start, each.end)
        }
        rest = set(range(start, end)) - places - silent
        return not any(words.free(place) for place in rest)


def _go_together(parts: Sequence[Claim]) -> bool:
    """Return whether names of different kinds of value were all said whole."""
    owners = [claim.owner for claim in parts if isinstance(claim.owner, Indicator)]
    alike = len({owner.unit.kind for owner in owners}) == 1
    return alike or all(claim.evidence.whole for claim in parts)


def _are_parts(one: object, other: object) -> bool:
    """Return whether two indicators are parts of one whole, in one unit."""
    return (
        isinstance(one, Indicator)
        and isinstance(other, Indicator)
        and one.parent is not None
        and (one.parent, one.unit) == (other.parent, other.unit)
    )


def _own_places(claim: Claim, family: Sequence[Claim]) -> frozenset[int]:
    """Give the places of the words that one of several names explains alone."""
    others = (other.matched for other in family if other is not claim)
    return claim.matched.difference(*others)


def _says(asked: Asked, places: frozenset[int]) -> float:
    return sum(asked.said[place] for place in places)


def _spans(claim: Claim | None, cuts: Sequence[int]) -> bool:
    """Return whether one name was said across a joining word."""
    if claim is None:
        return False
    first, last = min(claim.matched), max(claim.matched)
    return claim.evidence.within == 0.0 and any(first < cut <= last for cut in cuts)


def _goes_on(ranked: Ranked, last: Claim) -> bool:
    """Return whether a part only goes on with the name before it: "thu gom *và xử lý*"."""
    real = ranked.real
    same = next((claim for claim in real if claim.owner == last.owner), None)
    return same is not None and same.matched >= real[0].matched


def _sets_against(words: Words) -> bool:
    """Return whether "so" stands alone between two names: "lúa *so* ngô"."""
    return words.marked and any(
        word.text == "so" and words.free(place) for place, word in enumerate(words.row) if place
    )


def _joins_facets(words: Words, found: Found, held: set[int]) -> bool:
    """Return whether a word joins periods or places, or a result with its target."""
    if found.end >= len(words):
        return False
    dated = [words.owner[place] for place in (found.start - 1, found.end) if place >= 0]
    return found.end in held or (len(dated) == 2 and all(dated))


def _is_unexplained(asked: Asked, explained: frozenset[int], start: int, end: int) -> bool:
    """Return whether what a name is told from is on one side, and none of the name is."""
    if any(start <= place < end for place in explained):
        return False
    return sum(asked.said[place] for place in range(start, end)) >= MUCH
