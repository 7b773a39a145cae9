"""Which indicators the words may mean: every name in the catalogue weighed, for and against."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from operator import mul

from rapidfuzz import process
from rapidfuzz.distance import OSA

from db.facts import Catalogue, Category, Indicator, UnitKind
from handlers.reading.spelling import (
    Spelling,
    agreement,
    fold,
    is_syllable,
    likeness_of_marks,
    sound,
    spell,
)
from handlers.reading.words import Lexicon, Repairer, Word
from locales.vocabulary import Vocabulary

_PARENTHESES = re.compile(r"\(([^()\d]{2,20})\)")
"""A short form behind a name is another name: "Hệ số sử dụng vốn đầu tư (ICOR)"."""
MOST_CANDIDATES = 12
FIRST = 2
"""So many of the most telling words choose names however many there are."""
ENOUGH = 120
"""Names to choose among; with so many, further words only tell them apart."""
COMMON = 400
"""A word of more names than this chooses no more than this."""


ANSWER = 0.66
"""A claim from which an indicator is answered, when no other comes within MARGIN of it."""
MARGIN = 0.10
WHOLE = 0.85
"""From this share of a name heard, MARGIN_OF_WHOLE parts it from its neighbours: who says a whole
name means it.
"""
MARGIN_OF_WHOLE = 0.04
QUALIFIER = 2.6
"""What a narrowing word weighs against a name that lacks it: more than two words that are merely
unknown.
"""
ELSEWHERE = 0.22
"""How much doubt it adds that a word which a name lacks stands in other names: another indicator is
meant.
"""
IN_ANOTHER_UNIT = 0.85
"""What it keeps when the unit that is asked for is another's."""
IN_ITS_UNIT = 1.06
"""What a claim gains when its unit is asked for: "bao nhiêu USD"."""
AVERAGES = frozenset({"binh", "trung"})
"""bình quân, trung bình: where what it is an average over is said, they may be left out: "bác sĩ
trên 10.000 dân".
"""
NUMERALS = {
    fold(word): word
    for word in ("một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười")
}
"""Number words by their bare letters."""
PLAIN_NUMERALS = frozenset(word for bare, word in NUMERALS.items() if bare == word)
"""Number words that have no marks: among words with their marks they are no others."""
DIGITS = {
    **{str(number): (bare,) for number, bare in enumerate(NUMERALS, 1)},
    **{bare: (str(number),) for number, bare in enumerate(NUMERALS, 1)},
}
"""Small numbers as digits and as words, one for the other."""
CONTRAST = 0.7
"""What a claim keeps when its name has a word that turns the thing into another, and the question
lacks it.
"""
OTHER_HEAD = 0.60
"""What a claim keeps when something else is measured: the growth of what is asked for, the capital
and not the number.
"""
OTHER_THING = 0.75
"""What it keeps when the same is measured of another thing: "số *lao động* trong hợp tác xã" for
"số hợp tác xã".
"""
PAID = frozenset({"money", "value", "capital", "revenue", "spending", "lack"})
"""Measures in money: "bao nhiêu tiền" asks for any of them."""
THINGS = frozenset({"count", "area", "yield", "output", "value", "capital"})
"""Measures whose thing is always named; of a share the whole is often left out."""
OTHER_FIRST = 0.88
"""What it keeps when the first word of a name without such a head is missing."""
BESIDE = 0.91
"""What the claim of an amount of money or a rank keeps beside the indicator that it goes with, when
no word asks for it.
"""
OTHER_COUNTED = 0.65
"""What it keeps when that word is missing where the question says what is counted."""
OTHER_KIND = 0.62
"""What a claim keeps when another kind of value is asked for: a number of people where a rate is
stored.
"""
NEAR = 0.30
"""A claim from which an indicator is worth offering."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One name of an indicator or a category, as words."""

    owner: int
    name: str
    words: tuple[str, ...]
    bare: tuple[str, ...]
    spelled: tuple[tuple[str, str], ...]
    """Each word by its bare letters and as it is written."""
    weights: tuple[float, ...]
    total: float
    initials: str
    synonyms: tuple[tuple[int, tuple[int, ...]], ...]
    """Synonym groups that it uses, each with the places of its words."""
    contrasts: tuple[tuple[int, int], ...]
    """Where words stand that turn its thing into another: the first and behind the last."""
    head: str
    """What it measures of the thing, by its first words: count, share, growth …; empty where it
    begins with the thing.
    """
    first: int
    """The place of its first word behind those."""
    later: frozenset[str]
    """What its further words measure, where it begins with the thing: a share in "giảm tỷ lệ hộ
    nghèo".
    """


@dataclass(frozen=True, slots=True)
class Asked:
    """The words that may tell of an indicator, and how each of them weighs when nothing in a name
    answers it.

    `against` is 0 for words of talk and for words that other readers could take. `kinds` are the
    kinds of value that the words ask for.
    """

    words: tuple[Word, ...]
    places: tuple[int, ...]
    against: tuple[float, ...]
    synonyms: tuple[tuple[int, tuple[int, ...]], ...] = ()
    kinds: frozenset[UnitKind] = frozenset()
    scopes: frozenset[str] = frozenset()
    heads: frozenset[str] = frozenset()
    """What is asked of a thing: its count, its share, its growth …"""
    marked: bool = False
    """Whether the words have their marks."""
    content: bool = True
    """Whether any of the words could name an indicator."""
    initials: tuple[int, ...] = ()
    """Which of the words may be initials of several words."""
    speaking: tuple[tuple[int, float, float, str, bool], ...] = ()
    """Each word by its place among them, its weight, what it weighs unanswered, its bare letters,
    and whether names have it.
    """
    telling: tuple[int, ...] = ()
    """Which of the words are no numbers."""
    measuring: tuple[int, ...] = ()
    """Which of the words only units have."""
    qualifiers: tuple[tuple[int, tuple[int, ...], bool], ...] = ()
    """Words that narrow what is counted, by number, each with the places of its words and whether
    it has its marks.
    """


@dataclass(frozen=True, slots=True)
class Claim:
    """How well one indicator or category fits what was asked."""

    owner: Indicator | Category
    score: float
    cover: float
    heard: float
    matched: frozenset[int]
    """Places (in the row of words) that it explains."""
    name: str = ""
    exact: bool = False


@dataclass(frozen=True)
class Names:
    """Every name of a catalogue, ready to be weighed; made once for each version of the catalogue."""

    catalogue: Catalogue
    vocabulary: Vocabulary
    repairer: Repairer
    owners: tuple[Indicator | Category, ...]
    variants: tuple[Variant, ...]
    postings: dict[str, tuple[int, ...]]
    rarity: dict[str, float]
    sounds: dict[str, tuple[str, ...]]
    by_owner: tuple[tuple[int, ...], ...]
    extra: tuple[frozenset[str], ...]
    """For each owner, the bare words around its names: category, parent."""
    units: tuple[dict[str, str], ...]
    """For each owner, the words of its unit by their bare letters."""
    synonyms: Lexicon
    tokens: tuple[str, ...]
    texts: dict[str, tuple[str, ...]]
    """For each bare word of names, how it is written there."""
    bares: tuple[frozenset[str], ...]
    """For each owner, the bare words of all its names."""
    by_synonym: dict[int, tuple[int, ...]]
    qualifiers: Lexicon
    beside: frozenset[int]
    """The owners that are the money or the rank of another indicator."""
    narrowed: tuple[frozenset[int], ...]
    """For each owner, the qualifiers that its names hold."""
    measures: frozenset[str]
    """Bare words that only units have: usd, ha, kwh."""
    talk: dict[str, tuple[str, ...]]
    """The bare words of talk, of periods and of wanting, each with how it is written."""
    talk_near: dict[str, bool] = field(default_factory=dict)
    unmarked: dict[int, frozenset[int]] = field(default_factory=dict)
    near: dict[str, tuple[tuple[str, float], ...]] = field(default_factory=dict)
    alike: dict[tuple[str, str, bool], tuple[tuple[str, float], ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, catalogue: Catalogue, vocabulary: Vocabulary) -> Names:
        owners: list[Indicator | Category] = [
            *catalogue.indicators.values(),
            *catalogue.categories.values(),
        ]
        known = known_words(catalogue, vocabulary)
        groups = (vocabulary.heads, vocabulary.measures, vocabulary.places)
        spoken = {
            *vocabulary.spoken(),
            *(phrase for group in groups for phrases in group.values() for phrase in phrases),
        }
        spoken.update(
            tuple(region.name.casefold().split()) for region in catalogue.regions.values()
        )
        repairer = Repairer(
            known,
            vocabulary.short,
            spelled_words(catalogue, vocabulary),
            frozenset(spell(word) for phrase in spoken for word in phrase if word.isalpha()),
        )
        heads = Lexicon(vocabulary.heads, strict=True)
        contrasts = Lexicon({"contrast": vocabulary.contrasts}, strict=True)
        qualifiers = Lexicon(
            {str(number): (phrase,) for number, phrase in enumerate(vocabulary.qualifiers)},
            strict=True,
        )
        synonyms = Lexicon({str(number): group for number, group in enumerate(vocabulary.synonyms)})
        spelled: list[tuple[int, str, tuple[Word, ...]]] = []
        for number, owner in enumerate(owners):
            whole = owner.names if isinstance(owner, Indicator) else (owner.name, *owner.aliases)
            for name in dict.fromkeys(
                each for full in whole for each in (full, *_PARENTHESES.findall(full))
            ):
                words = tuple(word for word in repairer.words(name).row if word.text != "%")
                if words:
                    spelled.append((number, name, words))
        read = cache(
            lambda text: frozenset(word.bare for word in repairer.words(text).row)
        )  # many share a category
        holders: dict[str, set[int]] = {}
        written: dict[str, list[str]] = {}
        for number, _, words in spelled:
            for word in words:
                holders.setdefault(word.bare, set()).add(number)
                written.setdefault(word.bare, []).append(word.text)
        size = max(len(owners), 1)
        talk = {spell(phrase[0]) for phrase in vocabulary.talk if len(phrase) == 1}
        spoken_bare = {
            word.bare for _, _, words in spelled for word in words if spell(word.text) in talk
        }
        rarity = {
            bare: (0.35 if bare in spoken_bare else 1.0)
            * (0.4 + math.log(1 + size / len(holding)) / math.log(1 + size))
            for bare, holding in holders.items()
        }
        variants: list[Variant] = []
        postings: dict[str, list[int]] = {}
        by_owner: list[list[int]] = [[] for _ in owners]
        for number, name, words in spelled:
            row = list(words)
            weights = tuple(rarity[word.bare] for word in words)
            place = len(variants)
            variants.append(
                Variant(
                    number,
                    name,
                    tuple(word.text for word in words),
                    tuple(word.bare for word in words),
                    tuple((word.bare, word.text) for word in words),
                    weights,
                    sum(weights),
                    "".join(word.bare[:1] for word in words),
                    tuple(
                        (int(found.group), tuple(range(found.start, found.end)))
                        for found in synonyms.find(row)
                    ),
                    tuple((found.start, found.end) for found in contrasts.find(row)),
                    *_head(heads, row),
                    frozenset(found.group for found in heads.find(row) if found.start),
                )
            )
            by_owner[number].append(place)
            for bare in {word.bare for word in words}:
                postings.setdefault(bare, []).append(place)
        sounds: dict[str, list[str]] = {}
        for bare in postings:
            sounds.setdefault(sound(bare), []).append(bare)
        return cls(
            catalogue,
            vocabulary,
            repairer,
            tuple(owners),
            tuple(variants),
            {bare: tuple(places) for bare, places in postings.items()},
            rarity,
            {key: tuple(words) for key, words in sounds.items()},
            tuple(tuple(places) for places in by_owner),
            tuple(_around(owner, catalogue, read) for owner in owners),
            tuple(_unit(owner, repairer) for owner in owners),
            synonyms,
            tuple(postings),
            {bare: tuple(dict.fromkeys(texts)) for bare, texts in written.items()},
            tuple(
                frozenset(bare for place in places for bare in variants[place].bare)
                for places in by_owner
            ),
            {
                group: tuple(
                    dict.fromkeys(
                        variant.owner
                        for variant in variants
                        if any(group == each for each, _ in variant.synonyms)
                    )
                )
                for group in range(len(vocabulary.synonyms))
            },
            qualifiers,
            frozenset(
                number for number, owner in enumerate(owners) if _goes_with(owner, catalogue)
            ),
            tuple(
                _holding(qualifiers, [spelled[place][2] for place in places]) for places in by_owner
            ),
            _measures(owners, repairer)
            - postings.keys()
            - {fold(word) for phrase in vocabulary.spoken() for word in phrase},
            _by_bare(word for phrase in vocabulary.spoken() for word in phrase),
        )

    # ------------------------------------------------------------ matching words

    def matches(self, word: Word) -> tuple[tuple[str, float], ...]:
        """The catalogue's words that a typed word may be, each with its likeness (0 to 1)."""
        key = word.text, word.bare, word.number is None
        if key not in self.alike:
            if len(self.alike) > 20_000:
                self.alike.clear()
            self.alike[key] = self._matches(word)
        return self.alike[key]

    def _matches(self, word: Word) -> tuple[tuple[str, float], ...]:
        found: dict[str, float] = {}
        if word.bare in self.postings:
            found[word.bare] = 1.0
        for digit in DIGITS.get(word.bare, ()):  # "dưới 1 tuổi", "dưới một tuổi"
            if digit in self.postings:
                found.setdefault(digit, 0.95)
        for alike in self.sounds.get(sound(word.bare), ()):
            found.setdefault(
                alike, (0.8 if word.bare not in self.postings else 0.6) * self._allowed(word, alike)
            )
        strange = word.bare not in self.postings or not self.repairer.is_spelled(word.text)
        if strange and len(word.bare) >= 2 and word.number is None:
            for near, likeness in self._near(word.bare):
                found[near] = max(found.get(near, 0.0), likeness * self._allowed(word, near))
        return tuple(found.items())

    def _allowed(self, word: Word, token: str) -> float:
        """How far the marks of a word allow it to be one of the words with these bare letters."""
        return max(likeness_of_marks(word.text, text) for text in self.texts[token])

    def _seemingly(self, number: int) -> frozenset[int]:
        """The qualifiers of an owner with all marks taken off: "số sinh viên" then holds "sơ sinh"."""
        if number not in self.unmarked:
            rows = [
                [Word(text, text) for text in self.variants[place].bare]
                for place in self.by_owner[number]
            ]
            alone = (phrase[0] if len(phrase) == 1 else "" for phrase in self.vocabulary.qualifiers)
            single = {at for at, word in enumerate(alone) if fold(word) in self.bares[number]}
            self.unmarked[number] = _holding(self.qualifiers, rows) | single
        return self.unmarked[number]

    def is_misspelt_talk(self, word: Word) -> bool:
        """Whether letters that are no known word are one slip away from a word of talk or of a
        period, marks and all.
        """
        if word.bare in self.repairer.known or not 3 <= len(word.bare) <= 7:
            return False
        if word.text not in self.talk_near:
            if len(self.talk_near) > 20_000:
                self.talk_near.clear()
            near = process.extract(
                word.bare, self.talk.keys(), scorer=OSA.distance, score_cutoff=1, limit=12
            )
            self.talk_near[word.text] = any(
                likeness_of_marks(word.text, meant) == 1.0
                for bare, _, _ in near
                for meant in self.talk[bare]
            )
        return self.talk_near[word.text]

    def _near(self, bare: str) -> tuple[tuple[str, float], ...]:
        if bare not in self.near:
            if len(self.near) > 20_000:
                self.near.clear()
            most = 2 if len(bare) >= 7 else 1
            least = 3 if len(bare) > 2 else len(bare) + 1
            hits = process.extract(
                bare, self.tokens, scorer=OSA.distance, score_cutoff=most, limit=8
            )
            self.near[bare] = tuple(
                (
                    token,
                    (0.85 if sorted(token) == sorted(bare) else 0.78 if distance == 1 else 0.6)
                    - (0.1 if len(bare) <= 3 else 0.0),
                )
                for token, distance, _ in hits
                if distance and len(token) >= least and (len(bare) > 2 or token[0] == bare[0])
            )
        return self.near[bare]

    # ------------------------------------------------------------ weighing names

    def rank(self, asked: Asked, leaning: Sequence[Indicator] = ()) -> list[Claim]:
        """Every indicator and category worth a look, the strongest claim first.

        `leaning`: indicators of the question before; their words are lent to their kin.
        """
        matched = [self.matches(word) for word in asked.words]
        asked = replace(
            asked,
            speaking=tuple(
                (at, self.rarity.get(word.bare, 1.0), silent, word.bare, word.bare in self.postings)
                for at, (word, silent) in enumerate(zip(asked.words, asked.against, strict=True))
            ),
            telling=tuple(at for at, word in enumerate(asked.words) if word.number is None),
            measuring=tuple(
                at for at, word in enumerate(asked.words) if word.bare in self.measures
            ),
            initials=tuple(
                at
                for at, word in enumerate(asked.words)
                if 2 <= len(word.bare) <= 8
                and word.number is None
                and not is_syllable(word.bare)
                and word.bare not in self.postings
            ),
        )
        hits: dict[str, list[tuple[int, float]]] = {}
        for place, pairs in enumerate(matched):
            for token, likeness in pairs:
                hits.setdefault(token, []).append((place, likeness))
        for word in (
            asked.words
        ):  # one word of a name is not said twice: "vay" beside "giải" is not giải, as it may sound
            heard_by = hits.get(word.bare, [])
            if len(heard_by) > 1:
                hits[word.bare] = [
                    (at, like) for at, like in heard_by if asked.words[at].bare == word.bare
                ]
        kin = self._kin(leaning)
        owners = self._gather(hits, asked, kin)
        alone = not asked.synonyms and not asked.initials
        heard = frozenset(hits)
        told: dict[tuple[str, str], tuple[tuple[int, float], ...]] = {}
        claims = []
        for number in owners:
            shared = self.bares[number] & heard
            if alone and not shared:
                continue  # kin of what was asked before, of which nothing is said
            anywhere = [0.0] * len(asked.words)
            for token in shared:
                for at, like in hits[token]:
                    anywhere[at] = like if like > anywhere[at] else anywhere[at]
            best: Claim | None = None
            for place in self.by_owner[number]:
                claim = self._weigh(
                    self.variants[place], number, asked, hits, told, anywhere, kin.get(number)
                )
                if claim is not None and (best is None or claim.score > best.score):
                    best = claim
            if best is not None and best.score > 0.05:
                claims.append(best)
        claims.sort(key=lambda claim: (-claim.score, -claim.cover))
        return claims

    def _gather(
        self, hits: dict[str, list[tuple[int, float]]], asked: Asked, kin: Iterable[int]
    ) -> list[int]:
        """The owners to weigh: those with a name that shares much with the words, and the kin of
        what was asked before.

        The rare words choose the names, the common ones only tell those names apart; so it takes as
        long among three thousand indicators as among three hundred.
        """
        gains = {
            token: self.rarity[token] * max(likeness for _, likeness in pairs)
            for token, pairs in hits.items()
        }
        points: dict[int, float] = {}
        for number, token in enumerate(sorted(gains, key=lambda each: -gains[each])):
            gain, places = gains[token], self.postings[token]
            if number < FIRST or (len(points) < ENOUGH and len(places) <= COMMON):
                if points:
                    known = points.get
                    points.update([(place, known(place, 0.0) + gain) for place in places[:COMMON]])
                else:
                    points = dict.fromkeys(places[:COMMON], gain)
            else:
                for place in self.holding[token] & points.keys():
                    points[place] += gain
        best: dict[int, float] = {}
        totals = self.totals
        for place, gained in points.items():
            owner, total = totals[place]
            worth = gained * (1.0 + gained / total)
            if owner not in best or worth > best[owner]:
                best[owner] = worth
        for group, _ in asked.synonyms:
            for owner in self.by_synonym.get(group, ())[:COMMON]:
                best.setdefault(owner, 0.3)
        for at in asked.initials:
            bare = asked.words[at].bare
            for variant in self.variants:
                if bare in variant.initials:
                    best[variant.owner] = best.get(variant.owner, 0.0) + 0.5 * len(bare)
        strongest = sorted(best, key=best.__getitem__, reverse=True)[:MOST_CANDIDATES]
        return list(dict.fromkeys([*strongest, *kin]))

    def _kin(self, leaning: Sequence[Indicator]) -> dict[int, tuple[float, frozenset[str]]]:
        """The owners related to what was asked before: how closely, and which words they may
        borrow.
        """
        found: dict[int, tuple[float, frozenset[str]]] = {}
        for before in leaning:
            words = frozenset[str]().union(
                *(self.bares[number] for number in self.relatives.get(("code", before.code), ()))
            )
            near: dict[int, float] = {}
            for numbers, closeness in (
                (self.relatives.get(("code", before.code), ()), 1.0),
                (self.relatives.get(("code", before.parent), ()), 1.0),
                (self.relatives.get(("parent", before.code), ()), 1.0),
                (self.relatives.get(("parent", before.parent), ()), 0.97),
                (self.relatives.get(("category", before.category), ()), 0.88),
            ):
                for number in numbers:
                    near.setdefault(number, closeness)
            for number, closeness in near.items():
                if number not in found or found[number][0] < closeness:
                    found[number] = (closeness, words)
        return {number: found[number] for number in sorted(found)}

    @cached_property
    def relatives(self) -> dict[tuple[str, str | None], list[int]]:
        """The numbers of the indicators with a code, under a parent or in a category."""
        found: dict[tuple[str, str | None], list[int]] = {}
        for number, owner in enumerate(self.owners):
            if isinstance(owner, Indicator):
                for relation, other in (
                    ("code", owner.code),
                    ("parent", owner.parent),
                    ("category", owner.category),
                ):
                    if other:
                        found.setdefault((relation, other), []).append(number)
        return found

    @cached_property
    def holding(self) -> dict[str, frozenset[int]]:
        """For each bare word, the variants that have it."""
        return {bare: frozenset(places) for bare, places in self.postings.items()}

    @cached_property
    def totals(self) -> tuple[tuple[int, float], ...]:
        """For each variant, whose name it is and what all its words weigh."""
        return tuple((variant.owner, variant.total) for variant in self.variants)

    def _weigh(
        self,
        variant: Variant,
        number: int,
        asked: Asked,
        hits: dict[str, list[tuple[int, float]]],
        told: dict[tuple[str, str], tuple[tuple[int, float], ...]],
        anywhere: list[float],
        lent: tuple[float, frozenset[str]] | None,
    ) -> Claim | None:
        """How well one name fits; None when the words say nothing of it. `told` keeps what they say
        of a name's word.
        """
        likeness = [0.0] * len(variant.bare)
        heard_as = [0.0] * len(asked.words)
        touched = False
        for place, spelled in enumerate(variant.spelled):
            said = told.get(spelled)
            if said is None:
                said = told[spelled] = self._told(asked, hits, *spelled)
            for at, real in said:
                likeness[place] = (
                    real if real > likeness[place] else likeness[place]
                )  # a call of max takes longer
                heard_as[at] = real if real > heard_as[at] else heard_as[at]
                touched = True
        for at in asked.initials:  # HCĐB for hoàn cảnh đặc biệt
            bare = asked.words[at].bare
            begin = variant.initials.find(bare) if heard_as[at] == 0.0 else -1
            if begin >= 0:
                heard_as[at] = 0.9
                touched = True
                for place in range(begin, begin + len(bare)):
                    likeness[place] = max(likeness[place], 0.85)
        for group, places in asked.synonyms if variant.synonyms else ():
            for other, theirs in variant.synonyms:
                if other == group:
                    touched = True
                    for at in places:
                        heard_as[at] = max(heard_as[at], 0.9)
                    for place in theirs:
                        likeness[place] = max(likeness[place], 0.9)
        # A number alone names nothing: "2" picks from a list that was offered, or it is nothing at
        # all.
        if not touched or max(map(heard_as.__getitem__, asked.telling), default=0.0) < 0.5:
            return None
        if (
            variant.head and variant.head in asked.heads
        ):  # "bao nhiêu phần trăm hộ nghèo" asks for a tỷ lệ
            for place in range(variant.first):
                likeness[place] = max(likeness[place], 0.9)
        if lent is not None:
            for place, bare in enumerate(variant.bare):
                if likeness[place] == 0.0 and bare in lent[1]:
                    likeness[place] = 0.8 * lent[0]
        owner = self.owners[number]
        cover = sum(map(mul, variant.weights, likeness)) / variant.total
        heard, against, doubt, explained = self._heard(asked, heard_as, anywhere, number)
        if heard <= 0.0:
            return None
        listening = heard / (heard + against) * math.exp(-ELSEWHERE * doubt)
        score = listening * (0.4 + 0.6 * math.sqrt(cover))
        if asked.kinds:
            if isinstance(owner, Category):
                score *= 0.5
            elif owner.unit.kind not in asked.kinds:
                score *= OTHER_KIND
        elif isinstance(owner, Indicator) and number in self.beside:
            score *= BESIDE
        score *= self._measured(variant, asked, likeness)
        wanted = [asked.words[at].bare for at in asked.measuring if heard_as[at] < 0.5]
        if wanted:
            there = any(bare in self.units[number] for bare in wanted)
            score = min(score * (IN_ITS_UNIT if there else IN_ANOTHER_UNIT), 1.0)
        if (
            asked.scopes
            and isinstance(owner, Indicator)
            and self._other_scope(number, asked.scopes)
        ):
            score *= 0.6
        if lent is not None:
            score *= lent[0]
        exact = cover >= 0.96 and against == 0.0 and lent is None
        if isinstance(owner, Category) and cover < 0.9:
            score *= 0.5  # a field of work is named, or it is not
        return Claim(
            owner, min(score, 1.0), cover, listening, frozenset(explained), variant.name, exact
        )

    @staticmethod
    def _told(
        asked: Asked, hits: dict[str, list[tuple[int, float]]], bare: str, text: str
    ) -> tuple[tuple[int, float], ...]:
        """Which of the words may be a word of a name, each with its likeness."""
        found: list[tuple[int, float]] = []
        for at, like in hits.get(bare, ()):
            word = asked.words[at]
            if word.bare == bare:
                if asked.marked and word.text in PLAIN_NUMERALS and text != word.text:
                    continue  # "so sánh hai năm" is not of hài lòng
                found.append((at, like * agreement(word.text, text)))
            elif word.number is not None and agreement(NUMERALS[bare], text) < 1.0:
                continue  # 2 is hai and not hài
            else:
                found.append((at, like))
        return tuple(found)

    @staticmethod
    def _measured(variant: Variant, asked: Asked, likeness: Sequence[float]) -> float:
        """What a claim keeps when a name measures something else of the thing than is asked, or
        measures another thing.
        """
        turned = bool(variant.contrasts) and any(
            max(likeness[start:end]) < 0.5
            and not (
                variant.bare[start] in AVERAGES and likeness[-1] >= 0.5 and end < len(likeness)
            )
            for start, end in variant.contrasts
        )
        kept = CONTRAST if turned else 1.0
        said = variant.first > 0 and min(likeness[: variant.first]) >= 0.5
        paid = "money" in asked.heads and variant.head in PAID
        if (
            asked.heads
            and variant.head
            and variant.head not in asked.heads
            and not paid
            and not said
        ):
            return kept * OTHER_HEAD
        if likeness[variant.first] >= 0.5:
            return kept
        if not variant.head:  # "tỷ lệ hộ nghèo" is not "giảm tỷ lệ hộ nghèo"
            return kept * (
                OTHER_COUNTED
                if "count" in asked.heads or asked.heads & variant.later
                else OTHER_FIRST
            )
        return kept * (
            OTHER_THING if variant.head in asked.heads and variant.head in THINGS else 1.0
        )

    def _heard(
        self, asked: Asked, heard_as: list[float], anywhere: list[float], number: int
    ) -> tuple[float, float, float, list[int]]:
        """What the words say for a name and against it, how much of that names have elsewhere, and
        what is explained.
        """
        heard = against = doubt = 0.0
        explained: list[int] = []
        around, units = self.extra[number], self.units[number]
        field_of_work = isinstance(self.owners[number], Category)
        lacking: set[int] = set()
        for qualifier, places, marked in asked.qualifiers:
            if qualifier not in (self.narrowed[number] if marked else self._seemingly(number)):
                against += QUALIFIER
                doubt += QUALIFIER
                lacking.update(places)
        for at, weight, silent, bare, named in asked.speaking:
            if at in lacking:
                continue
            like = heard_as[at]
            if like >= 0.5:
                heard += weight * like
                if silent and like < 0.9:
                    against += weight * (1 - like) * 0.5
            elif (
                bare in units
            ):  # typed without marks it may be another word: "dong" is đồng, đóng, đông
                sure = agreement(asked.words[at].text, units[bare]) == 1.0
                against += 0.0 if sure or not named else silent * 0.5
                continue
            elif bare in around:
                if not named:
                    against += silent * 0.4
                    continue
                against += silent
                doubt += silent
                continue
            elif anywhere[at] >= 0.5 and not field_of_work:
                heard += weight * anywhere[at] * 0.8
            else:
                against += silent
                if named:
                    doubt += silent
                continue
            explained.append(asked.places[at])
        return heard, against, doubt, explained

    def _other_scope(self, number: int, scopes: frozenset[str]) -> bool:
        """Whether the names speak of one office ("của Sở") and the question of another level ("của
        tỉnh").
        """
        bares = self.bares[number]
        return (
            "so" in bares and self._says(number, "sở") and "tinh" not in bares and "tinh" in scopes
        )

    def _says(self, number: int, word: str) -> bool:
        return any(word in self.variants[place].words for place in self.by_owner[number])


def _by_bare(words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {}
    for word in words:
        found.setdefault(fold(word), set()).add(word)
    return {bare: tuple(sorted(texts)) for bare, texts in found.items()}


def _head(heads: Lexicon, name: list[Word]) -> tuple[str, int]:
    """What a name measures, by its first words, and where the thing begins."""
    found = next(heads.at(name, 0), None)
    return (found.group, found.end) if found is not None and found.end < len(name) else ("", 0)


def _goes_with(owner: Indicator | Category, catalogue: Catalogue) -> bool:
    """Whether an indicator is the money or the rank of its parent, which is counted otherwise."""
    if isinstance(owner, Category) or owner.unit.kind not in (UnitKind.MONEY, UnitKind.RANK):
        return False
    parent = catalogue.indicators.get(owner.parent or "")
    return parent is not None and parent.unit.kind is not owner.unit.kind


def _holding(qualifiers: Lexicon, names: Iterable[Sequence[Word]]) -> frozenset[int]:
    return frozenset(int(found.group) for name in names for found in qualifiers.apart(list(name)))


def _typed_words(catalogue: Catalogue, vocabulary: Vocabulary) -> Iterable[tuple[str, float]]:
    """Every word of the catalogue and the vocabulary with its cost: names cheap, places and talk
    dearer.
    """
    owners: list[Indicator | Category] = [
        *catalogue.indicators.values(),
        *catalogue.categories.values(),
    ]
    for owner in owners:
        for name in (owner.name, *owner.aliases):
            for word in name.replace("-", " ").split():
                yield "".join(letter for letter in word if letter.isalnum()), 1.0
    for phrase in vocabulary.phrases():
        for word in phrase:
            yield word, 1.3
    for region in catalogue.regions.values():
        for name in (region.name, *region.aliases):
            for word in name.split():
                if is_syllable(fold(word)):
                    yield word, 1.6


def known_words(catalogue: Catalogue, vocabulary: Vocabulary) -> dict[str, float]:
    """The bare words that a question may be made of, each with its cost."""
    known: dict[str, float] = {}
    for word, cost in _typed_words(catalogue, vocabulary):
        if word and not word.isdecimal():
            known.setdefault(fold(word), cost)
    return known


def spelled_words(catalogue: Catalogue, vocabulary: Vocabulary) -> frozenset[Spelling]:
    """The same words with their marks."""
    return frozenset(spell(word) for word, _ in _typed_words(catalogue, vocabulary) if word)


def _around(
    owner: Indicator | Category, catalogue: Catalogue, read: Callable[[str], frozenset[str]]
) -> frozenset[str]:
    if isinstance(owner, Category):
        return frozenset()
    texts: list[str] = []
    if owner.category in catalogue.categories:
        category = catalogue.categories[owner.category]
        texts += [category.name, *category.aliases]
    parent = catalogue.indicators.get(owner.parent or "")
    if parent is not None:
        texts += [parent.name]
    return frozenset[str]().union(*(read(text) for text in texts))


def _measures(owners: Iterable[Indicator | Category], repairer: Repairer) -> frozenset[str]:
    return frozenset(bare for owner in owners for bare in _unit(owner, repairer))


def _unit(owner: Indicator | Category, repairer: Repairer) -> dict[str, str]:
    return (
        {word.bare: word.text for word in repairer.words(owner.unit.name).row}
        if isinstance(owner, Indicator)
        else {}
    )


def unheard(word: Word, *, follows: bool, near: bool, known: bool) -> float:
    """What a word weighs against a name that says nothing of it.

    Vietnamese narrows to the right: "Sở *Y tế*", "thất nghiệp *nông thôn*"; what follows a word of
    a name says more than what stands before or far from it.
    """
    if word.number is not None:
        if not known and sum(letter.isdecimal() for letter in word.number) >= 4:
            # a day or a year that there is not, another target: "30/2/2023", "có đạt 45000 không"
            return QUALIFIER
        return 0.4 if near else 0.1
    weight = 1.0 if spell(word.text).marked or known else 0.85
    return weight * (1.5 if follows else 1.2 if near else 0.4)
