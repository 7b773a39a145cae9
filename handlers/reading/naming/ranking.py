"""Finds the indicators that a question may mean, and how probable each of them is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from db.facts import Indicator
from handlers.reading.naming.asked import Asked
from handlers.reading.naming.confidence import confidence, row_of
from handlers.reading.naming.evidence import MOST, SAID, Evidence, held_together, weigh
from handlers.reading.naming.matching import Match, match, unsaid
from handlers.reading.naming.names import Name, Names, Owner, Shadow
from handlers.reading.naming.scoring import Nothing, Scorer
from handlers.reading.naming.segments import Segment
from handlers.reading.naming.worddata import WordData
from handlers.reading.spelling import fold
from handlers.reading.words import Word

PROMISING = 0.4
"""A name worth less than this share of the best one is not looked at."""
LOOKED_AT, MOST_OWN = 40, 80
"""So many names are laid beside the question; the catalogue's own even when there are more."""
CANDIDATES = 12
"""So many indicators are weighed."""
NAMES_EACH = 3
"""So many names of one indicator are laid beside it."""
NAMES_WEIGHED = 2
"""So many of these are weighed."""
SHADOWS = 6
"""So many indicators that the catalogue lacks are weighed beside them."""
CHOOSING, ENOUGH = 10, 300
"""So many of the weightiest words choose names, and more of them until there are so many."""
AKIN = (
    frozenset({"people", "household", "trip", "gift", "file"}),
    frozenset({"case", "file", "project", "patient"}),
    frozenset({"people", "patient", "trip"}),
    frozenset({"village", "commune"}),
    frozenset({"class", "school"}),
    frozenset({"station", "firm", "school", "relic"}),
    frozenset({"share", "permille", "score"}),
    frozenset({"household", "dwelling"}),
    frozenset({"mass", "yield", "animal", "volume"}),
    frozenset({"area", "yield", "length"}),
    frozenset({"firm", "project", "product", "school", "commune"}),
    frozenset({"year", "hour"}),
)
"""Kinds of value that people take for one another; no other is given where one is asked for."""
PROVINCE = frozenset({"tỉnh", "tinh"})
MOSTLY = 0.85
"""The share of these words from which all of them were said."""
APART = 0.4
"""What words weigh at the least that tell two indicators apart."""
SAME, KIN = 3.0, 2.0
"""How near an indicator is to itself, and to its whole, its parts and what is beside it."""
ALL_SAID, WHOLE = 0.98, 0.5
"""From which share on a whole name was said, and what that is worth."""
WANTED = 0.4
"""What is left of a word for choosing names that other readers want, too."""
INITIALS, MOST_INITIALS = 3, 6
"""Fewer initials choose no name, and no more words of them do."""
LEAST = 0.15
"""A word that weighs less chooses no name."""
TERMS = frozenset({"thing", "event", "measure"})
"""Classes of words that a figure may be asked of."""
TELLING = 0.35
"""A term that weighs less is no term of its own."""
BY_CONCEPT = 0.5
"""What a shared concept adds to a name's standing, before it is weighed."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One indicator that may be meant: how probable it is, by which name, and why."""

    owner: Indicator | Shadow
    probability: float
    match: Match
    evidence: Evidence

    @property
    def is_real(self) -> bool:
        """Return whether the catalogue has it."""
        return not isinstance(self.owner, Shadow)

    @property
    def name(self) -> str:
        """Give the name that fits best."""
        return self.match.name.text

    @property
    def matched(self) -> frozenset[int]:
        """Give the places of the words that it explains."""
        return self.match.explained


@dataclass(frozen=True, slots=True)
class Ranked:
    """What a question may mean, likeliest first; `none`: the probability of none of them."""

    claims: tuple[Claim, ...] = ()
    none: float = 1.0
    """Of none of them, and of what the catalogue lacks."""
    sure: float = 0.0
    """How sure it is that the first that the catalogue has is meant."""

    @property
    def real(self) -> tuple[Claim, ...]:
        """Give the claims of what the catalogue has."""
        return tuple(claim for claim in self.claims if claim.is_real)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One name of one indicator, weighed."""

    match: Match
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Weighed:
    """Every name worth a look with its evidence, and what speaks for none of them."""

    asked: Asked
    candidates: tuple[Candidate, ...]
    nothing: Nothing


class Ranker:
    """Ranks the indicators of one version of a catalogue."""

    def __init__(
        self,
        names: Names,
        data: WordData,
    ) -> None:
        """Take the names, and the words of the language."""
        self.names = names
        self._data = data
        self._alike_to: dict[int, frozenset[int]] = {}

    def rank(self, asked: Asked, before: Sequence[Indicator], scorer: Scorer) -> Ranked:
        """Give every indicator worth a look its probability; `before` was spoken of."""
        return self.ranked(self.weigh(asked, before), scorer)

    def weigh(self, asked: Asked, before: Sequence[Indicator]) -> Weighed:
        """Weigh every indicator worth a look."""
        candidates = tuple(self._candidates(asked, before))
        return Weighed(asked, candidates, self._nothing(asked, candidates, before))

    def ranked(self, weighed: Weighed, scorer: Scorer) -> Ranked:
        """Give each indicator that was weighed its probability, by its best name."""
        best: dict[int, tuple[float, Candidate]] = {}
        for candidate in weighed.candidates:
            owner = candidate.match.name.owner
            utility = scorer.utility(candidate.evidence)
            if owner not in best or utility > best[owner][0]:
                best[owner] = utility, candidate
        chosen = list(best.values())
        probabilities, none = scorer.probabilities([one for one, _ in chosen], weighed.nothing)
        claims = [
            Claim(self.owner(one), probability, one.match, one.evidence)
            for (_, one), probability in zip(chosen, probabilities, strict=True)
        ]
        claims.sort(key=lambda claim: -claim.probability)
        return _settled(claims, none, weighed.nothing)

    def owner(self, candidate: Candidate) -> Owner:
        """Give whose name a candidate is."""
        return self.names.owners[candidate.match.name.owner]

    def _candidates(self, asked: Asked, before: Sequence[Indicator]) -> list[Candidate]:
        """Weigh the names that share most with the question."""
        kin = self._kin(before)
        laid = [one for one in (match(asked, name) for name in self._gather(asked, kin)) if one]
        laid += self._of_another_kind(asked, laid, kin)
        found = [
            (one, weigh(asked, one, self._data.apart, self._words_of(one)))
            for one in self._best(laid, kin)
        ]
        return [
            Candidate(
                one,
                Evidence(
                    **evidence,
                    **self._of_owner(asked, one, evidence),
                    **self._of_talk(one, kin),
                ),
            )
            for (one, _), evidence in zip(found, held_together(asked, found), strict=True)
        ]

    def _words_of(self, laid: Match) -> frozenset[str]:
        """Give the bare words of all names of whose name it is."""
        return self.names.words_of[self.names.owners[laid.name.owner].code]

    # ------------------------------------------------------------ which names to weigh

    def _gather(self, asked: Asked, kin: Mapping[int, float]) -> list[Name]:
        """Find the names that share the weightiest words with the question."""
        called, owned = self.names.called, self.names.owned
        each: dict[int, int] = {}
        chosen: list[Name] = []
        for _, number in self._promising(asked, kin):
            owner = called[number].owner
            if len(chosen) >= (MOST_OWN if owned[number] else LOOKED_AT) and owner not in kin:
                continue
            if each.get(owner, 0) < NAMES_EACH:
                each[owner] = each.get(owner, 0) + 1
                chosen.append(self.names.name(number))
        akin = [self.names.official(owner) for owner in kin if each.get(owner)]
        return [*chosen, *(name for name in akin if name not in chosen)]

    def _promising(self, asked: Asked, kin: Mapping[int, float]) -> list[tuple[float, int]]:
        """Give the names worth a look, the best first, each behind its worth below zero."""
        totals, called = self.names.totals, self.names.called
        rows = [
            (-_worth(gained, totals[number]), number)
            for number, gained in self._points(asked).items()
        ]
        least = PROMISING * min(rows, default=(0.0, 0))[0]
        return sorted(row for row in rows if row[0] <= least or called[row[1]].owner in kin)

    def _best(self, laid: Sequence[Match], kin: Mapping[int, float]) -> list[Match]:
        """Keep the best names of the best owners, shadows apart."""
        by_owner: dict[int, list[tuple[float, Match]]] = {}
        for one in laid:
            worth = _worth(one.covered, one.name.total)
            by_owner.setdefault(one.name.owner, []).append((worth, one))
        for names in by_owner.values():
            names.sort(key=lambda pair: -pair[0])
        best = sorted(by_owner, key=lambda owner: (-by_owner[owner][0][0], owner))
        shadows = [owner for owner in best if isinstance(self.names.owners[owner], Shadow)]
        real = [owner for owner in best if not isinstance(self.names.owners[owner], Shadow)]
        kept = [*real[:CANDIDATES], *(owner for owner in real[CANDIDATES:] if owner in kin)]
        least = PROMISING * max((by_owner[owner][0][0] for owner in best[:1]), default=0.0)
        return [
            one
            for owner in [*kept, *shadows[:SHADOWS]]
            for at, (worth, one) in enumerate(by_owner[owner])
            if (at < NAMES_WEIGHED and worth >= least)
            or (owner in kin and (at < NAMES_WEIGHED or one.name is self.names.official(owner)))
        ]

    def _points(self, asked: Asked) -> dict[int, float]:
        """Give each name what its words that may have been said weigh.

        The rarest words choose the names; the others only tell those names apart.
        """
        points: dict[int, float] = {}
        for step, (worth, numbers) in enumerate(self._spoken(asked)):
            if step < CHOOSING or len(points) < ENOUGH:
                for number in numbers:
                    points[number] = points.get(number, 0.0) + worth
            else:
                for number in points.keys() & numbers:
                    points[number] += worth
        return points

    def _spoken(self, asked: Asked) -> list[tuple[float, Collection[int]]]:
        """Give what each word and each concept weighs, with the names that have it."""
        found: list[tuple[float, Collection[int]]] = []
        taken: list[tuple[float, Collection[int]]] = []
        for bare, spots in (asked.hits or {}).items():
            heard = [
                (like * asked.rarity[place], asked.said[place] > 0)
                for place, like in spots
                if asked.start <= place < asked.end
            ]
            worth = max((each for each, _ in heard), default=0.0)
            if worth >= LEAST:
                told = any(free for _, free in heard)
                if told:
                    found.append((worth, self.names.holding(bare)))
                else:
                    taken.append((WANTED * worth, self.names.holding(bare)))
        for segment in asked.segments:
            if not segment.silent and asked.start <= segment.start < asked.end:
                weight = sum(asked.rarity[segment.start : segment.end])
                found.append((BY_CONCEPT * weight, self._alike(segment.concepts)))
        for place in asked.initials[:MOST_INITIALS]:
            if asked.said[place] > 0 and len(asked.row[place].text) >= INITIALS:
                found.append((TELLING, self.names.with_initials(asked.row[place].text)))
        found.sort(key=lambda pair: -pair[0])
        taken.sort(key=lambda pair: -pair[0])
        return found + taken

    def _alike(self, concepts: Iterable[int]) -> frozenset[int]:
        """Give the names that have a form of one of these concepts."""
        return frozenset[int]().union(*map(self._with_concept, concepts))

    def _with_concept(self, concept: int) -> frozenset[int]:
        if concept not in self._alike_to:
            forms = self._data.by_concept.get(concept, ())
            rows = (self.names.with_all(map(fold, form.split())) for form in forms)
            self._alike_to[concept] = frozenset[int]().union(*rows)
        return self._alike_to[concept]

    def _of_another_kind(
        self, asked: Asked, laid: Sequence[Match], kin: Mapping[int, float]
    ) -> list[Match]:
        """Give those near what was spoken of that no word names, but the kind of value does.

        "Rồi *tiền* thì sao" goes on from how many people to what they cost.
        """
        wanted = asked.dimensions_asked
        spoken = _same(kin)
        if not wanted or any(self.names.dimensions[owner] & wanted for owner in spoken):
            return []
        places = frozenset(place for place, kinds in (asked.dimensions or {}).items() if kinds)
        named = {one.name.owner for one in laid}
        return [
            unsaid(self.names.official(owner), places)
            for owner, near in kin.items()
            if owner not in named and near < SAME and self.names.dimensions[owner] & wanted
        ]

    # ------------------------------------------------------------ what the catalogue says

    def _of_owner(
        self, asked: Asked, laid: Match, evidence: Mapping[str, float]
    ) -> dict[str, float]:
        owner = self.names.owners[laid.name.owner]
        dimensions = self.names.dimensions[laid.name.owner]
        wanted = asked.dimensions_asked
        fits = bool(wanted & dimensions)
        outside = asked.dimensions_outside(laid.explained)
        clash = bool(outside) and bool(dimensions) and not fits
        shadow = float(isinstance(owner, Shadow))
        return {
            "dimension_hit": float(fits),
            "dimension_clash": float(clash),
            "unwanted": float(bool(dimensions) and not fits and dimensions <= asked.not_wanted),
            "kind_clash": float(clash and _is_another_kind(outside, dimensions)),
            "other_level": float(self._is_other_level(asked, laid)),
            "shadow": shadow,
            "shadow_whole": shadow * evidence["whole"],
            "shadow_lent": shadow * evidence["lent"],
            "child": float(isinstance(owner, Indicator) and owner.parent is not None),
            "parent": float(owner.code in self.names.catalogue.children),
        }

    def _is_other_level(self, asked: Asked, laid: Match) -> bool:
        """Return whether the province's is asked for of what only an office has."""
        behind = max(laid.explained) + 1
        while behind < asked.end and asked.row[behind].text == "của":
            behind += 1
        return (
            behind < asked.end
            and asked.row[behind].text in PROVINCE
            and not asked.row[behind].breaks
            and laid.name.owner in self.names.of_offices
        )

    # ------------------------------------------------------------ what was spoken of

    def _kin(self, before: Sequence[Indicator]) -> dict[int, float]:
        """Give how near each indicator is to those spoken of: 3 the same, 2 kin, 1 of the field."""
        near: dict[int, float] = {}
        codes = {each.code for each in before}
        parents = {each.parent for each in before if each.parent}
        fields = {each.category for each in before if each.category}
        if not before:
            return near
        for number, owner in enumerate(self.names.owners):
            if not isinstance(owner, Indicator):
                continue
            if owner.code in codes:
                near[number] = SAME
            elif owner.code in parents or owner.parent in codes or owner.parent in parents:
                near[number] = KIN
            elif owner.category in fields:
                near[number] = 1.0
        return near

    def turns(self, asked: Asked, indicator: Indicator) -> bool:
        """Return whether all words were said that tell a neighbour of an indicator from it."""
        typed = {word.text for word in asked.row[asked.start : asked.end]}
        words = self.names.words_of[indicator.code]
        for owner, near in self._kin((indicator,)).items():
            if near == SAME:
                continue
            name = self.names.official(owner)
            rows = zip(name.words, name.bares, name.weights, strict=True)
            apart = [(word, weight) for word, bare, weight in rows if bare not in words]
            weight = sum(weight for _, weight in apart)
            said = sum(weight for word, weight in apart if word in typed)
            if weight >= APART and said >= MOSTLY * weight:
                return True
        return False

    def _of_talk(self, laid: Match, kin: Mapping[int, float]) -> dict[str, float]:
        if not kin:
            return {}
        closeness = kin.get(laid.name.owner, 0.0)
        spoken = self._spoken_words(kin)
        if closeness < SAME:
            spoken = spoken - self._own_words(kin)
        borrowed = estranged = turned = 0.0
        for bare, weight, like in zip(
            laid.name.bares, laid.name.weights, laid.likeness, strict=True
        ):
            if like < SAID:
                borrowed += weight * (bare in spoken)
                estranged += weight * (bare not in spoken)
            else:
                turned += weight * (bare not in spoken)
        return {
            "previous": float(closeness == SAME),
            "previous_kin": float(closeness == KIN),
            "previous_field": float(closeness == 1.0),
            "borrowed": min(MOST, borrowed),
            "borrowed_kin": min(MOST, borrowed) * (closeness >= KIN),
            "estranged": min(MOST, estranged),
            "turned": min(MOST, turned),
            "turned_kin": float(0 < closeness < SAME and turned >= LEAST and estranged < LEAST),
        }

    def _spoken_words(self, kin: Mapping[int, float]) -> frozenset[str]:
        """Give the bare words of all names of what was spoken of."""
        rows = (self.names.words_of[self.names.owners[each].code] for each in _same(kin))
        return frozenset[str]().union(*rows)

    def _own_words(self, kin: Mapping[int, float]) -> frozenset[str]:
        """Give the words that tell what was spoken of from its kin, which do not go on with it.

        "Phần nuôi?" after "khai thác" asks neither for what is caught nor for both.
        """
        codes = {self.names.owners[each].code for each in _same(kin)}
        near = [
            self.names.official(each)
            for each, how in kin.items()
            if how == KIN and _parent(self.names.owners[each]) not in codes
        ]
        theirs = frozenset[str]().union(*(name.bares for name in near))
        own = frozenset[str]().union(*(self.names.official(each).bares for each in _same(kin)))
        return own - theirs if near else frozenset()

    # ------------------------------------------------------------ none of them

    def _nothing(
        self, asked: Asked, candidates: Sequence[Candidate], before: Sequence[Indicator]
    ) -> Nothing:
        """Weigh what speaks for none of the candidates."""
        left = [_left(each.evidence) for each in candidates]
        beside = [_beside(each.evidence) for each in candidates]
        told = [each.evidence.matched + _left(each.evidence) for each in candidates]
        return Nothing(
            weight=min(MOST, max(told, default=asked.weight)),
            least_left=min(MOST, min(left, default=asked.weight)),
            least_beside=min(MOST, min(beside, default=asked.weight)),
            unknown=min(MOST, self._unknown(asked)),
            foreign=min(MOST, sum(weight for weight, _ in self.foreign(asked))),
            talking=float(bool(before)),
        )

    @staticmethod
    def _unknown(asked: Asked) -> float:
        return sum(asked.said[place] for place in asked.content if place not in asked.named)

    def foreign(self, asked: Asked) -> Iterable[tuple[float, str]]:
        """Give the terms of the field that were said and that no name has, with their weight."""
        for segment in asked.segments:
            if not asked.start <= segment.start < asked.end or segment.silent:
                continue
            if not asked.is_asking(segment.start):
                continue
            said = sum(asked.said[segment.start : segment.end])
            terms = [one for one in segment.concepts if self._data.kinds[one] in TERMS]
            if terms and said >= TELLING and not self._has_one(terms):
                yield said, _as_typed(asked.row[slice(*_whole_term(asked, segment))])

    def _has_one(self, concepts: Iterable[int]) -> bool:
        """Return whether an indicator of the catalogue has a name with one of these concepts."""
        owners = (self.names.called[number].owner for number in self._alike(concepts))
        return any(not isinstance(self.names.owners[owner], Shadow) for owner in owners)


def _worth(said: float, total: float) -> float:
    """Give what a name is worth a look: what was said of it, more where that is most of it."""
    share = said / total
    return said * (1.0 + share) + (WHOLE if share >= ALL_SAID else 0.0)


def _is_another_kind(asked: Collection[str], measured: Collection[str]) -> bool:
    """Return whether nobody takes a kind of value for the one that was asked for."""
    return len(asked) == 1 and not any(
        not kinds.isdisjoint(asked) and not kinds.isdisjoint(measured) for kinds in AKIN
    )


def _whole_term(asked: Asked, segment: Segment) -> tuple[int, int]:
    """Give where a term begins and ends with the telling words right beside it."""
    start, end = segment.start, segment.end
    while start > asked.start and asked.said[start - 1] > 0 and not asked.row[start].breaks:
        start -= 1
    while end < asked.end and asked.said[end] > 0 and not asked.row[end].breaks:
        end += 1
    return start, end


def _as_typed(words: Sequence[Word]) -> str:
    """Give words as they were typed: a short form once, whatever it was written out as."""
    typed = [
        word.typed
        for place, word in enumerate(words)
        if place == 0 or not (word.written_out and words[place - 1].written_out)
    ]
    return " ".join(typed)


def _parent(owner: Owner) -> str | None:
    return owner.parent if isinstance(owner, Indicator) else None


def _same(kin: Mapping[int, float]) -> list[int]:
    """Give the owners that were spoken of."""
    return [number for number, near in kin.items() if near == SAME]


def _left(evidence: Evidence) -> float:
    return _beside(evidence) + evidence.near


def _beside(evidence: Evidence) -> float:
    return evidence.behind + evidence.before + evidence.within


def _settled(claims: Sequence[Claim], none: float, nothing: Nothing) -> Ranked:
    """Add how sure the likeliest is, beside the next and beside all that is not stored."""
    real = [claim for claim in claims if claim.is_real]
    if not real:
        return Ranked(tuple(claims), 1.0)
    lacking = none + sum(claim.probability for claim in claims if not claim.is_real)
    rows = [(claim.probability, claim.evidence.row()) for claim in real[:2]]
    row = row_of(rows[0], rows[1] if len(rows) > 1 else None, lacking, nothing)
    return Ranked(tuple(claims), lacking, confidence().probability(row))
