"""Which words of a question may tell of an indicator, how much each of them says, and what kind of
value they ask for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from db.facts import Indicator, UnitKind
from handlers.reading.indicators import NUMERALS, QUALIFIER, Asked, Names, unheard
from handlers.reading.spelling import TONE, agreement, fold, spell
from handlers.reading.wants import RANKS
from handlers.reading.words import Found, Lexicon, Word, Words
from locales.vocabulary import Vocabulary

KINDS = {
    "share": frozenset({UnitKind.SHARE}),
    "rank": frozenset({UnitKind.RANK}),
    "money": frozenset({UnitKind.MONEY}),
    "index": frozenset({UnitKind.INDEX, UnitKind.SHARE}),
    "count": frozenset({UnitKind.COUNT}),
}
NEGATIONS = (("không",), ("chưa",))
"""Words that turn a name round where they stand before one of its words."""
_COUNTING = frozenset(NUMERALS.values())
_HARD = frozenset(":.;?!\n")
MISSPELT = 0.15
"""What a word says that is none, and one slip away from talk: "nhie" for nhiêu; and a number word.
"""
HALF = 0.5
"""What a word typed without marks says that may be talk, where names have it as it stands."""
MEASURED = 0.55
"""What the noun of a measure says against a name that lacks it."""


@dataclass(frozen=True, slots=True)
class Hushed:
    """The words that speak less than others, each with what it still says; `functional` are those
    other readers want.
    """

    share: dict[int, float]
    functional: frozenset[int]


class Listener:
    """Hears the words of questions against the names of one catalogue."""

    def __init__(self, names: Names, vocabulary: Vocabulary) -> None:
        self.names = names
        self.pairs = frozenset(
            pair
            for variant in names.variants
            for pair in zip(variant.bare, variant.bare[1:], strict=False)
        )
        """Bare words that stand side by side in names."""
        self._pair_kinds: dict[tuple[str, str], set[UnitKind]] = {}
        for variant in names.variants:
            owner = names.owners[variant.owner]
            if isinstance(owner, Indicator):
                for pair in zip(variant.bare, variant.bare[1:], strict=False):
                    self._pair_kinds.setdefault(pair, set()).add(owner.unit.kind)
        self.wants = Lexicon(vocabulary.wants)
        self._targets = Lexicon(
            {
                **{f"filter:{name}": phrases for name, phrases in vocabulary.filter.items()},
                "attainment": vocabulary.target["attainment"],
                "gap": vocabulary.target["gap"],
                "which": vocabulary.target["which"],
                "target": vocabulary.target["words"],
            }
        )
        self.measures = Lexicon(vocabulary.measures, strict=True)
        self._heads = Lexicon(vocabulary.heads, strict=True)
        self._measuring = frozenset(
            fold(word) for word in ("số", "tổng", "bao", "nhiêu", "mấy", "lượng", "được")
        )
        self.talk = Lexicon({"talk": vocabulary.talk}, loose=True)
        self.negations = {fold(each[0]): vocabulary.qualifiers.index(each) for each in NEGATIONS}
        self._links = frozenset(fold(phrase[0]) for phrase in vocabulary.places["links"])
        self._offices = tuple(phrase[-1] for phrase in vocabulary.places["offices"])
        self._office_letters = frozenset(map(fold, self._offices))
        self._bare_names: dict[str, list[str]] = {}

    def functional(self, words: Words) -> list[Found]:
        """Every phrase of wanting, of targets and of measures, overlaps included."""
        found = [*words.find(self.wants), *words.find(self._targets), *words.find(self.measures)]
        return [
            each
            for each in found
            if words.free(each.start, each.end) and not self._piece_of_name(words, each)
        ]

    def _piece_of_name(self, words: Words, found: Found) -> bool:
        """Whether a phrase stands in names together with the word before it: "so sánh" in "giá so
        sánh".
        """
        within = [word.bare for word in words.row[max(0, found.start - 1) : found.end]]
        return len(within) > len(found.phrase) > 1 and all(
            pair in self._pair_kinds for pair in pairwise(within)
        )

    def telling(self, words: Words, found: list[Found]) -> set[int]:
        """Where words stand that nobody took and that are no talk."""
        silent = {place for each in found for place in range(each.start, each.end)}
        for each in words.find(self.talk):
            silent.update(range(each.start, each.end))
        return {place for place in range(len(words)) if words.free(place)} - silent

    def folded(self, name: str) -> list[str]:
        """The bare words of a name of the catalogue."""
        if name not in self._bare_names:
            self._bare_names[name] = [word.bare for word in self.names.repairer.words(name).row]
        return self._bare_names[name]

    def asked(
        self, words: Words, found: list[Found], start: int = 0, end: int | None = None
    ) -> Asked | None:
        """What is asked for between two places, with what each free word weighs there; None where
        no word is free.
        """
        row = words.row
        end = len(row) if end is None else end
        changes = self._changes(found)
        places = tuple(
            place
            for place in range(start, end)
            if words.free(place) and place not in changes and row[place].text != "%"
        )
        if not places:
            return None
        hushed = self._hushed(words, found)
        said = [each for each in words.find(self.talk) if len(each.phrase) > 1]
        narrowing = [
            each
            for each in self.names.qualifiers.apart(row)
            if all(
                words.free(place) and place not in hushed.functional
                for place in range(each.start, each.end)
            )
            and not any(_straddles(each, other) for other in said)
            and each.phrase not in NEGATIONS
        ]
        parts = _parts(row)
        known = [bool(self.names.postings.get(row[place].bare)) for place in places]
        against = []
        for at, place in enumerate(places):
            loud = hushed.share.get(place, 1.0)
            if not loud:
                against.append(0.0)
                continue
            beside = [
                places[other] - place
                for other in range(max(0, at - 3), min(len(places), at + 4))
                if other != at
                and known[other]
                and abs(places[other] - place) <= 3
                and parts[places[other]] == parts[place]
            ]
            weight = unheard(
                row[place],
                follows=any(gap < 0 for gap in beside),
                near=bool(beside),
                known=known[at],
            )
            against.append(weight * loud)
            if self._another_office(row, place):
                against[-1] = QUALIFIER
        slots = {place: at for at, place in enumerate(places)}
        synonyms = tuple(
            (int(each.group), tuple(slots[place] for place in range(each.start, each.end)))
            for each in words.find(self.names.synonyms)
            if all(place in slots for place in range(each.start, each.end))
        )
        qualifiers = tuple(
            (
                int(each.group),
                tuple(slots[place] for place in range(each.start, each.end)),
                any(spell(row[place].text).marked for place in range(each.start, each.end)),
            )
            for each in narrowing
            if all(place in slots for place in range(each.start, each.end))
        ) + tuple(
            (self.negations[row[place].bare], (at,), spell(row[place].text).marked)
            for at, place in enumerate(places)
            if self._negates(words, hushed, found, place)
        )
        return Asked(
            tuple(row[place] for place in places),
            places,
            tuple(against),
            synonyms,
            self._kinds(words, found, start, end),
            self._scopes(words),
            qualifiers=qualifiers,
            heads=self._heads_of(words, found, start, end),
            marked=words.marked,
            content=any(
                weight > 0 and hushed.share.get(place, 1.0) > HALF
                for place, weight in zip(places, against, strict=True)
            ),
        )

    @staticmethod
    def _changes(found: list[Found]) -> set[int]:
        """Where a change is asked about beside what it is measured against: "*giảm bao nhiêu* so
        với 2022" names no drop.
        """
        asked = [each for each in found if each.group == "comparison" and len(each.phrase) > 1]
        against = any(each.phrase[0] in ("so", "đối") for each in asked)
        return (
            {place for each in asked for place in range(each.start, each.end)} if against else set()
        )

    def _negates(self, words: Words, hushed: Hushed, found: list[Found], place: int) -> bool:
        """Whether không or chưa stands before a word of names: "lao động *chưa* qua đào tạo"; at
        the end it only asks.
        """
        row = words.row
        if (
            row[place].bare not in self.negations
            or not any(agreement(row[place].text, each[0]) >= TONE for each in NEGATIONS)
            or place in hushed.functional
            or any(
                each.start < place == each.end and each.group not in KINDS for each in found
            )  # "đạt kế hoạch chưa"
            or any(
                len(each.phrase) > 1 and each.start <= place < each.end
                for each in words.find(self.talk)
            )
        ):
            return False
        for after in range(place + 1, place + 4):  # "chưa *được* trợ giúp", "không *có bằng* cấp"
            if after >= len(row) or not words.free(after) or row[after].breaks:
                return False
            if row[after].bare in self.names.postings and hushed.share.get(after, 1.0) > 0.0:
                return True
        return False

    def _leads_on(self, words: Words, place: int) -> bool:
        """Whether a word typed without its marks stands between a name and a place or a period:
        "cua Ha Noi" is của.
        """
        return (
            words.row[place].bare in self._links
            and place + 1 < len(words)
            and not words.free(place + 1)
        )

    def _hushed(self, words: Words, found: list[Found]) -> Hushed:
        """Which words speak less than others against a name that lacks them, and how much they
        still say.

        Words of wanting and of talk say nothing; the noun of a measure ("bao nhiêu *hồ sơ*") says
        some. A word typed without marks that would be talk with them is talk only where nothing is
        typed with marks, and then only half if names have it as it stands: "thu" is thu before it
        is thứ.
        """
        share: dict[int, float] = {}
        for each in found:
            for place in range(each.start, each.end):
                noun = each.group == "count" and words.row[place].bare not in self._measuring
                share[place] = min(share.get(place, 1.0), MEASURED if noun else 0.0)
        functional = frozenset(place for place, left in share.items() if not left)
        for each in found:
            if (
                each.group == "breakdown" and each.phrase[-1] == "theo"
            ):  # what parts are told apart by
                for place in range(each.end, min(each.end + 3, len(words))):
                    share.setdefault(place, MEASURED)
        for each in words.find(self.talk):
            word = words.row[each.start]
            alike = agreement(word.text, each.phrase[0])
            if len(each.phrase) == 1 and alike < 1.0 and not self._leads_on(words, each.start):
                if (
                    words.marked and alike > TONE
                ):  # marks are missing where others have theirs: another word
                    continue
                left = HALF if word.bare in self.names.postings else 0.0
            else:
                left = 0.0
            for place in range(each.start, each.end):
                share[place] = min(share.get(place, 1.0), left)
        for place, word in enumerate(words.row):
            if place not in share and word.text in _COUNTING:
                share[place] = MISSPELT  # "so sánh hai năm"
            if place not in share and word.number is None and self.names.is_misspelt_talk(word):
                share[place] = MISSPELT
        return Hushed(share, functional)

    def _another_office(self, row: list[Word], place: int) -> bool:
        """Whether a word names which office is meant, and no indicator speaks of that one: "Sở
        *Tài* chính".
        """
        if place == 0 or row[place].breaks:
            return False
        before = row[place - 1]
        return (
            before.bare in self._office_letters
            and any(agreement(before.text, office) >= 0.99 for office in self._offices)
            and (before.bare, row[place].bare) not in self._pair_kinds
        )

    def _kinds(self, words: Words, found: list[Found], start: int, end: int) -> frozenset[UnitKind]:
        """The kinds of value that are asked for between two places; empty when the words leave it
        open.
        """
        attained = self._passed(words, found)
        groups = {
            each.group
            for each in (
                words.find(self.measures)
                if end == len(words)
                else self.measures.find(words.row[:end])
            )
            if each.start >= start
            and each.start not in attained
            and words.free(each.start)
            and not words.row[each.start].written_out  # "PCI" asks for no kind of value
            and not self._names_no_kind(words, each)
        }
        for decisive in ("rank", "money"):
            if decisive in groups:
                return KINDS[decisive] | (KINDS["share"] if "share" in groups else frozenset())
        asked = frozenset[UnitKind]().union(*(KINDS[group] for group in groups))
        return asked if len(groups) <= 2 else frozenset()

    def _goes_on(self, words: Words, head: Found) -> bool:
        """Whether a name has the head and the word behind it together: "tiền sử dụng đất"."""
        row = words.row
        return (
            head.end < len(row) and (row[head.end - 1].bare, row[head.end].bare) in self._pair_kinds
        )

    def _passed(self, words: Words, found: list[Found]) -> set[int]:
        """Measures that ask for no kind of value: percent of a plan, the ranking of places."""
        passed = {
            place
            for each in found
            if each.group == "attainment"
            for place in range(each.start, each.end)
        }
        planned = any(each.group in ("target", "gap") for each in found)
        ranked = any(each.group in RANKS for each in found)
        for each in words.find(self.measures):
            percent = each.group == "share" and ("trăm" in each.phrase or "%" in each.phrase)
            moved = percent and any(
                one.group == "comparison" and one.start < each.start <= one.end for one in found
            )
            if moved or (planned and percent) or (ranked and each.group == "rank"):
                passed.update(range(each.start, each.end))
        return passed

    def _heads_of(self, words: Words, found: list[Found], start: int, end: int) -> frozenset[str]:
        """What is asked of a thing between two places: its share, its growth; "số" says least
        beside another of these.
        """
        passed = self._passed(words, found)
        passed.update(
            place
            for each in words.find(self.talk)
            if len(each.phrase) > 1
            for place in range(each.start, each.end)
        )
        heads: set[str] = set()
        row = words.row[:end]
        place = start
        while place < end:
            begins = (
                row[place].bare in self._heads.first and words.free(place) and place not in passed
            )
            head = next(self._heads.at(row, place), None) if begins else None
            if (
                head is not None
                and place
                and (words.row[place - 1].bare, words.row[place].bare) in self._pair_kinds
            ):
                head = None  # "dân số", "hệ số"
            if head is not None and words.row[place].written_out:
                place = head.end
                continue
            if head is not None and not (head.group == "money" and self._goes_on(words, head)):
                heads.add(head.group)
            place = head.end if head is not None else place + 1
        return frozenset(heads - {"count"} or heads)

    def _names_no_kind(self, words: Words, found: Found) -> bool:
        """Whether a measure is a piece of a name that is measured otherwise: "tiền" in "không dùng
        tiền mặt".
        """
        if found.end >= len(words.row) or words.row[found.end].breaks or len(found.phrase) > 1:
            return False
        kinds = self._pair_kinds.get((words.row[found.end - 1].bare, words.row[found.end].bare))
        return kinds is not None and kinds.isdisjoint(KINDS[found.group])

    @staticmethod
    def _scopes(words: Words) -> frozenset[str]:
        bares = {
            word.bare
            for word, owner in zip(words.row, words.owner, strict=True)
            if owner in (None, "place")
        }
        return (
            frozenset({"tinh"})
            if "tinh" in bares and "so" not in {_fold_so(word.text) for word in words.row}
            else frozenset()
        )


def _fold_so(text: str) -> str:
    """ "so" for Sở typed with or without its marks, but not for số."""
    return "so" if agreement(text, "sở") >= 0.9 else ""


def _straddles(one: Found, other: Found) -> bool:
    """Whether two finds share words and each has others: "cap so" between "cung cap" and "so lieu"."""
    return (
        one.start < other.start < one.end < other.end
        or other.start < one.start < other.end < one.end
    )


def _parts(row: Sequence[Word]) -> list[int]:
    """The number of the clause that each word stands in: colons, stops and the like part them."""
    parts: list[int] = []
    for word in row:
        before = parts[-1] if parts else 0
        parts.append(before + 1 if word.breaks and not _HARD.isdisjoint(word.breaks) else before)
    return parts
