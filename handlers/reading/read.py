"""Reads a question facet by facet: period, place, indicator, what is wanted; each takes its words and leaves the rest."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from db.facts import Catalogue, Category, Indicator, UnitKind
from handlers.linking import Linking
from handlers.question import Candidate, Reading, Taken
from handlers.reading.accounts import AccountReader
from handlers.reading.indicators import (
    ANSWER,
    MARGIN,
    MARGIN_OF_WHOLE,
    NEAR,
    NUMERALS,
    QUALIFIER,
    WHOLE,
    Asked,
    Claim,
    Names,
    unheard,
)
from handlers.reading.pages import PageReader, Turning
from handlers.reading.periods import PeriodReader, Periods
from handlers.reading.places import PlaceReader, Places
from handlers.reading.spelling import agreement, fold, is_syllable, spell
from handlers.reading.wants import FILTERS, Seen, wanted
from handlers.reading.wishes import WishReader
from handlers.reading.words import Found, Lexicon, Word, Words
from handlers.subscribing import Errand, Facets
from locales.vocabulary import Vocabulary

_KINDS = {
    "share": frozenset({UnitKind.SHARE}),
    "rank": frozenset({UnitKind.RANK}),
    "money": frozenset({UnitKind.MONEY}),
    "index": frozenset({UnitKind.INDEX, UnitKind.SHARE}),
    "count": frozenset({UnitKind.COUNT}),
}
SEVERAL = 0.74
"""What each of several joined indicators must claim by itself."""

_COUNTING = frozenset(NUMERALS.values())
_HARD = frozenset(":.;?!\n")
_NEGATIONS = (("không",), ("chưa",))
"""Words that turn a name round where they stand before one of its words."""
MISSPELT = 0.15
"""What a word says that is none, and one slip away from talk: "nhie" for nhiêu; and a number word."""
HARDLY = 0.5
"""Less of a name than this says little of what is meant, where another has the same words."""
SIBLINGS = 0.15
"""How near sums of money of one field claim that share all words which were said."""
TONE = 0.93
"""The agreement of a word typed with hỏi for ngã."""
HALF = 0.5
"""What a word typed without marks says that may be talk, where names have it as it stands."""
MEASURED = 0.55
"""What the noun of a measure says against a name that lacks it."""
ONE_NAME = 0.90
"""A claim from which a name that runs across a joining word is one name."""
SAME = 0.02
"""Claims that differ by no more than this are of one strength."""
FEW = 200
"""Names that are looked through for a word with its marks."""
MOST_RANKED = 63
"""There were never more provinces."""
LOUD = 0.85
"""What a word weighs that speaks of something: with one that a claim does not explain, it is asked back."""
WEAK = 0.40
"""A claim below which greeting or asking for help outweighs it."""
LIKELY = 0.60
"""A claim from which an indicator is offered to be subscribed to, beside the fields of work."""
_SENDING = {"subscription", "send", "tell", "rhythm", "when"}
_TELLING = ("báo", "nhắc", "nhắn", "dõi")
"""The last words of verbs that news is told by; what is sent when may be any figure."""
_CHANNEL = re.compile(r"(?:kênh|kenh|channel|cho|vào|vao|lên|len|tới|toi|đến|den|sang|trên|tren)\s+(@[a-z]\w{3,63})", re.IGNORECASE)
"""The name of a channel that something is to be sent to, and not somebody who is spoken to."""


@dataclass(frozen=True, slots=True)
class Meant:
    """What the words say of indicators: those meant, those that may be, a category, and the places that tell so."""

    indicators: tuple[Indicator, ...] = ()
    claims: tuple[Claim, ...] = ()
    categories: tuple[Category, ...] = ()
    explained: frozenset[int] = frozenset()
    content: bool = False
    """Whether any word was there that could have named an indicator."""
    leaned: bool = False
    portion: bool = False
    """Whether it is asked how much of a whole the first of them is, or of the one of them something said before."""


@dataclass(frozen=True, slots=True)
class Hushed:
    """The words that speak less than others, each with what it still says; `functional` are those other readers want."""

    share: dict[int, float]
    functional: frozenset[int]


class Reader:
    """Reads questions over one version of a catalogue; made once, then only read from."""

    def __init__(self, catalogue: Catalogue, vocabulary: Vocabulary) -> None:
        self.catalogue = catalogue
        self.vocabulary = vocabulary
        self.names = Names.of(catalogue, vocabulary)
        pairs = frozenset(pair for variant in self.names.variants for pair in zip(variant.bare, variant.bare[1:], strict=False))
        self._pair_kinds: dict[tuple[str, str], set[UnitKind]] = {}
        for variant in self.names.variants:
            owner = self.names.owners[variant.owner]
            if isinstance(owner, Indicator):
                for pair in zip(variant.bare, variant.bare[1:], strict=False):
                    self._pair_kinds.setdefault(pair, set()).add(owner.unit.kind)
        self.pages = PageReader(vocabulary, pairs)
        self.accounts = AccountReader(vocabulary, pairs)
        self.periods = PeriodReader(vocabulary, pairs)
        self.places = PlaceReader(catalogue, vocabulary, pairs, self.names.postings)
        self.wishes = WishReader(vocabulary, pairs)
        self._wants = Lexicon(vocabulary.wants)
        self._targets = Lexicon(
            {
                **{f"filter:{name}": phrases for name, phrases in vocabulary.filter.items()},
                "attainment": vocabulary.target["attainment"],
                "gap": vocabulary.target["gap"],
                "which": vocabulary.target["which"],
                "target": vocabulary.target["words"],
            }
        )
        self._negations = {fold(each[0]): vocabulary.qualifiers.index(each) for each in _NEGATIONS}
        self._links = frozenset(fold(phrase[0]) for phrase in vocabulary.places["links"])
        self._offices = tuple(phrase[-1] for phrase in vocabulary.places["offices"])
        self._office_letters = frozenset(map(fold, self._offices))
        self._measures = Lexicon(vocabulary.measures, strict=True)
        self._heads = Lexicon(vocabulary.heads, strict=True)
        self._measuring = frozenset(fold(word) for word in ("số", "tổng", "bao", "nhiêu", "mấy", "lượng", "được"))
        self._talk = Lexicon({"talk": vocabulary.talk}, loose=True)
        names = [phrase for phrase in vocabulary.phrases() if len(phrase) > 1]
        names += [tuple(each.name.casefold().split()) for each in catalogue.categories.values()]
        names += [tuple(each.name.casefold().split()) for each in catalogue.regions.values()]
        self._together = pairs | {(fold(one), fold(other)) for name in names for one, other in pairwise(name)}
        self._talk_words: dict[str, list[str]] = {}
        for phrase in vocabulary.talk:
            if len(phrase) == 1:
                self._talk_words.setdefault(fold(phrase[0]), []).append(phrase[0])
        self._turns = tuple(phrase[0] for phrase in vocabulary.replies["turns"])
        self._but_not = Lexicon({"but not": vocabulary.replies["but_not"]})
        self._but = frozenset(phrase[0] for phrase in vocabulary.replies["but"])
        self._languages = Lexicon(vocabulary.languages)
        self._replies = Lexicon(vocabulary.replies)
        self._join = Lexicon({"join": vocabulary.target["join"]})
        self._and = Lexicon({"join": [("và",)]}, loose=True)
        self._ranked = Lexicon({"places": vocabulary.places["ranked"]})
        self._bare_names: dict[str, list[str]] = {}
        self._fields = Lexicon({"field": vocabulary.wishes["field"]})
        self._topics = Lexicon({"topic": vocabulary.wishes["topic"]}, loose=True)

    # ------------------------------------------------------------ the whole

    def read(self, text: str, today: date, leaning: Sequence[Indicator] = (), *, subscribing: bool = False) -> Reading:
        """What a text says.

        `leaning` are the indicators of the question before, for words that name only a part; `subscribing`: it was of a
        subscription, so that a bare "lúc 9h" is about that.
        """
        stripped = text.strip()
        if stripped.startswith("/"):
            command, _, rest = stripped[1:].partition(" ")
            words_of = self.vocabulary.commands.get(command.split("@")[0].casefold())
            if words_of is None:
                return Reading(text=text, wants="not_understood", unread=(stripped.split()[0],))
            if command.casefold().startswith(("chitieu", "nguon")) or not rest.strip() or not words_of:
                stripped = f"{words_of} {rest}".strip() or "trợ giúp"
            else:
                stripped = f"{words_of} {rest}"
        words = self.names.repairer.words(stripped)
        only_not = self._set_aside(words, today)
        if only_not:
            return Reading(text=text, wants="not_understood", marks=frozenset({"content"}), unread=(only_not,))
        turning = self.pages.read(words)
        if turning.alone:
            return Reading(text=text, wants="page", page=turning.number, step=turning.step, taken=tuple(words.taken))
        linking = self.accounts.read(stripped, words, self.names.repairer.words)
        if linking is not None and linking.explicit:
            return _of_accounts(text, linking)
        periods = self.periods.read(words, today)
        limit = self._how_many(words)
        longer = [each for each in words.find(self._wants) if len(each.phrase) > 1]
        places = self.places.read(words, longer)
        found = self._functional(words)
        meant = self._indicators(words, found, leaning)
        taken = len(words.taken)
        reading = self._conclude(text, words, turning, periods, places, found, meant)
        if linking is not None and not (reading.wants if linking.code else reading.indicators or reading.candidates):
            return _of_accounts(text, linking)
        errand = self._of_subscribing(stripped, today, reading, subscribing=subscribing)
        if errand is not None:
            return errand
        if reading.wants == "subscription":  # words of sending in a question
            del words.taken[taken:]
            reading = self._conclude(text, words, turning, periods, places, found, meant, sending=False)
        return replace(reading, limit=limit) if limit is not None and reading.wants == "ranking" else reading

    def _set_aside(self, words: Words, today: date) -> str:
        """Takes what is said not to be meant: "2023 *không phải 2022*".

        Gives the words that only say which period or place is not meant, when none is named that is: nobody guesses
        another one.
        """
        row = words.row
        for each in words.find(self._but_not):
            end = each.end
            while end < len(row) and not row[end].breaks and row[end].text not in self._but:
                end += 1
            inner = Words(row[each.end : end])
            self.periods.read(inner, today)
            when = [at for at, owner in enumerate(inner.owner) if owner == "period"]
            if when and when[0] > 0:  # "không phải thành thị 2023": the year is meant
                end = each.end + when[0]
            if end == each.end or end - each.start == len(row):
                continue
            rest = Words([*row[: each.start], *row[end:]])
            if self._facets(Words(row[each.end : end]), today) - self._facets(rest, today):
                return " ".join(word.typed for word in row[each.start : end])
            words.take(each.start, end, "aside", "not meant")
        return ""

    def _facets(self, words: Words, today: date) -> set[str]:
        """Which of period and place are named."""
        periods, places = self.periods.read(words, today), self.places.read(words)
        named = {"period"} if periods.periods or periods.marks else set()
        return named | ({"place"} if places.regions or places.strangers or places.home else set())

    def _how_many(self, words: Words) -> int | None:
        """How many places of a ranking are asked for: "top 3", "5 địa phương cao nhất"; the number is taken."""
        row = words.row
        ranking = [each for each in words.find(self._wants) if each.group == "ranking"]
        if not ranking:
            return None
        tops = {each.end for each in ranking if each.phrase == ("top",)}
        for place, word in enumerate(row):
            count = word.plain_number if word.number is not None else _numeral(word.text)
            if count is None or not 0 < count <= MOST_RANKED or not words.free(place):
                continue
            noun = next(self._ranked.at(row, place + 1), None) if place + 1 < len(row) else None
            if noun is None and (place not in tops or word.number is None):
                continue
            words.take(place, place + 1, "limit", str(count))
            last = noun.end if noun is not None else len(row)
            if noun is not None and noun.phrase[0] != "tỉnh" and not (last < len(row) and row[last].bare == "nao"):
                words.take(noun.start, noun.end, "limit", noun.group)
            return count
        return None

    def _functional(self, words: Words) -> list[Found]:
        """Every phrase of wanting, of targets and of measures, overlaps included."""
        found = [*words.find(self._wants), *words.find(self._targets), *words.find(self._measures)]
        return [each for each in found if words.free(each.start, each.end) and not self._piece_of_name(words, each)]

    def _piece_of_name(self, words: Words, found: Found) -> bool:
        """Whether a phrase stands in names together with the word before it: "so sánh" in "giá so sánh"."""
        within = [word.bare for word in words.row[max(0, found.start - 1) : found.end]]
        return len(within) > len(found.phrase) > 1 and all(pair in self._pair_kinds for pair in pairwise(within))

    # ------------------------------------------------------------ indicators

    def _indicators(self, words: Words, found: list[Found], leaning: Sequence[Indicator]) -> Meant:
        asked = self._asked(words, found)
        if asked is None:
            return Meant()
        portion = self._portion(words, found)
        if portion is not None:
            return portion
        claims = self.names.rank(asked)
        several = self._several(words, found, claims)
        if several is not None:
            return several
        content = asked.content or bool(asked.kinds & {UnitKind.MONEY, UnitKind.RANK})
        if not asked.content and len(leaning) == 1 and leaning[0].unit.kind in asked.kinds:
            return Meant()  # "tăng mấy bậc?" after a rank
        if not content and asked.kinds and leaning:
            return self._of_kind(asked, leaning)
        if leaning and self._only_turns(asked):
            return Meant()
        decided = self._heard_out(words, asked, self._decide(claims))
        if not content and not (decided is not None and decided.exact):
            open_choice = len(claims) > 1 and claims[1].score >= NEAR and bool(asked.heads - {"count"})  # "tỷ trọng năm 2022"
            return Meant(claims=tuple(claims), content=True) if open_choice and not leaning else Meant()
        if decided is None and leaning:
            leant = self.names.rank(asked, leaning)
            again = self._heard_out(words, asked, self._decide(leant, leaning=True))
            if again is not None and isinstance(again.owner, Indicator):
                return Meant((again.owner,), tuple(leant), (), again.matched, content, leaned=True)
        if decided is None:
            return Meant(claims=tuple(claims), content=content)
        if isinstance(decided.owner, Category):
            return Meant((), tuple(claims), (decided.owner,), decided.matched, True)
        categories = tuple(
            each.owner
            for each in claims
            if isinstance(each.owner, Category) and each.cover > 0.95 and each.score >= decided.score - 0.05
        )
        return Meant((decided.owner,), tuple(claims), categories, decided.matched, True)

    def _heard_out(self, words: Words, asked: Asked, claim: Claim | None) -> Claim | None:
        """The claim, unless a word that speaks of something is left over: "nghèo *đô thị*", "*vay vốn* giải quyết việc làm".

        Slips are no such words, nor is talk with a wrong mark, nor the unit. A name that nobody knows is: "xuất khẩu sang
        *Hoa Kỳ*".
        """
        if claim is None or self._names_another(words):
            return None
        unit = {fold(word) for word in claim.owner.unit.name.split()} if isinstance(claim.owner, Indicator) else frozenset()
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
        """Whether two words or more begin large inside a sentence, and are no name that is known here."""
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
        return any(agreement(word.text, each) >= TONE for each in self._talk_words.get(word.bare, ()))

    def _only_turns(self, asked: Asked) -> bool:
        """Whether the words say only which way something went: "tại sao giảm?"."""
        loud = [word for word, weight in zip(asked.words, asked.against, strict=True) if weight > 0.0]
        return bool(loud) and all(any(agreement(word.text, each) >= TONE for each in self._turns) for word in loud)

    def _of_kind(self, asked: Asked, leaning: Sequence[Indicator]) -> Meant:
        """ "bao nhiêu suất?" after a sum of money: the kin of what was asked before that is of this kind."""
        if len(leaning) > 1:
            first = {word.bare for word in asked.words}
            named = [each for each in leaning if fold(each.name.split()[0]) in first and each.unit.kind in asked.kinds]
            return Meant((named[0],), leaned=True) if len(named) == 1 else Meant()
        if leaning[0].unit.kind in asked.kinds:
            return Meant()
        decided = self._decide(
            [
                claim
                for claim in self.names.rank(asked, leaning)
                if isinstance(claim.owner, Indicator) and claim.owner.unit.kind in asked.kinds
            ]
        )
        return Meant((decided.owner,), leaned=True) if decided is not None and isinstance(decided.owner, Indicator) else Meant()

    def _asked(self, words: Words, found: list[Found], start: int = 0, end: int | None = None) -> Asked | None:
        row = words.row
        end = len(row) if end is None else end
        changes = self._changes(found)
        places = tuple(
            place for place in range(start, end) if words.free(place) and place not in changes and row[place].text != "%"
        )
        if not places:
            return None
        hushed = self._hushed(words, found)
        said = [each for each in words.find(self._talk) if len(each.phrase) > 1]
        narrowing = [
            each
            for each in self.names.qualifiers.apart(row)
            if all(words.free(place) and place not in hushed.functional for place in range(each.start, each.end))
            and not any(_straddles(each, other) for other in said)
            and each.phrase not in _NEGATIONS
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
                if other != at and known[other] and abs(places[other] - place) <= 3 and parts[places[other]] == parts[place]
            ]
            weight = unheard(row[place], follows=any(gap < 0 for gap in beside), near=bool(beside), known=known[at])
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
            (self._negations[row[place].bare], (at,), spell(row[place].text).marked)
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
            content=any(weight > 0 and hushed.share.get(place, 1.0) > HALF for place, weight in zip(places, against, strict=True)),
        )

    @staticmethod
    def _changes(found: list[Found]) -> set[int]:
        """Where a change is asked about beside what it is measured against: "*giảm bao nhiêu* so với 2022" names no drop."""
        asked = [each for each in found if each.group == "comparison" and len(each.phrase) > 1]
        against = any(each.phrase[0] in ("so", "đối") for each in asked)
        return {place for each in asked for place in range(each.start, each.end)} if against else set()

    def _negates(self, words: Words, hushed: Hushed, found: list[Found], place: int) -> bool:
        """Whether không or chưa stands before a word of names: "lao động *chưa* qua đào tạo"; at the end it only asks."""
        row = words.row
        if (
            row[place].bare not in self._negations
            or not any(agreement(row[place].text, each[0]) >= TONE for each in _NEGATIONS)
            or place in hushed.functional
            or any(each.start < place == each.end and each.group not in _KINDS for each in found)  # "đạt kế hoạch chưa"
            or any(len(each.phrase) > 1 and each.start <= place < each.end for each in words.find(self._talk))
        ):
            return False
        for after in range(place + 1, place + 4):  # "chưa *được* trợ giúp", "không *có bằng* cấp"
            if after >= len(row) or not words.free(after) or row[after].breaks:
                return False
            if row[after].bare in self.names.postings and hushed.share.get(after, 1.0) > 0.0:
                return True
        return False

    def _leads_on(self, words: Words, place: int) -> bool:
        """Whether a word typed without its marks stands between a name and a place or a period: "cua Ha Noi" is của."""
        return words.row[place].bare in self._links and place + 1 < len(words) and not words.free(place + 1)

    def _hushed(self, words: Words, found: list[Found]) -> Hushed:
        """Which words speak less than others against a name that lacks them, and how much they still say.

        Words of wanting and of talk say nothing; the noun of a measure ("bao nhiêu *hồ sơ*") says some. A word typed
        without marks that would be talk with them is talk only where nothing is typed with marks, and then only half if
        names have it as it stands: "thu" is thu before it is thứ.
        """
        share: dict[int, float] = {}
        for each in found:
            for place in range(each.start, each.end):
                noun = each.group == "count" and words.row[place].bare not in self._measuring
                share[place] = min(share.get(place, 1.0), MEASURED if noun else 0.0)
        functional = frozenset(place for place, left in share.items() if not left)
        for each in found:
            if each.group == "breakdown" and each.phrase[-1] == "theo":  # what parts are told apart by
                for place in range(each.end, min(each.end + 3, len(words))):
                    share.setdefault(place, MEASURED)
        for each in words.find(self._talk):
            word = words.row[each.start]
            alike = agreement(word.text, each.phrase[0])
            if len(each.phrase) == 1 and alike < 1.0 and not self._leads_on(words, each.start):
                if words.marked and alike > TONE:  # marks are missing where others have theirs: another word
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
        """Whether a word names which office is meant, and no indicator speaks of that one: "Sở *Tài* chính"."""
        if place == 0 or row[place].breaks:
            return False
        before = row[place - 1]
        return (
            before.bare in self._office_letters
            and any(agreement(before.text, office) >= 0.99 for office in self._offices)
            and (before.bare, row[place].bare) not in self._pair_kinds
        )

    def _kinds(self, words: Words, found: list[Found], start: int, end: int) -> frozenset[UnitKind]:
        """The kinds of value that are asked for between two places; empty when the words leave it open."""
        attained = self._passed(words, found)
        groups = {
            each.group
            for each in (words.find(self._measures) if end == len(words) else self._measures.find(words.row[:end]))
            if each.start >= start
            and each.start not in attained
            and words.free(each.start)
            and not words.row[each.start].written_out  # "PCI" asks for no kind of value
            and not self._names_no_kind(words, each)
        }
        for decisive in ("rank", "money"):
            if decisive in groups:
                return _KINDS[decisive] | (_KINDS["share"] if "share" in groups else frozenset())
        asked = frozenset[UnitKind]().union(*(_KINDS[group] for group in groups))
        return asked if len(groups) <= 2 else frozenset()

    def _goes_on(self, words: Words, head: Found) -> bool:
        """Whether a name has the head and the word behind it together: "tiền sử dụng đất"."""
        row = words.row
        return head.end < len(row) and (row[head.end - 1].bare, row[head.end].bare) in self._pair_kinds

    def _passed(self, words: Words, found: list[Found]) -> set[int]:
        """Measures that ask for no kind of value: percent of a plan, the ranking of places."""
        passed = {place for each in found if each.group == "attainment" for place in range(each.start, each.end)}
        planned = any(each.group in ("target", "gap") for each in found)
        ranked = any(each.group == "ranking" for each in found)
        for each in words.find(self._measures):
            percent = each.group == "share" and ("trăm" in each.phrase or "%" in each.phrase)
            moved = percent and any(one.group == "comparison" and one.start < each.start <= one.end for one in found)
            if moved or (planned and percent) or (ranked and each.group == "rank"):
                passed.update(range(each.start, each.end))
        return passed

    def _heads_of(self, words: Words, found: list[Found], start: int, end: int) -> frozenset[str]:
        """What is asked of a thing between two places: its share, its growth; "số" says least beside another of these."""
        passed = self._passed(words, found)
        passed.update(place for each in words.find(self._talk) if len(each.phrase) > 1 for place in range(each.start, each.end))
        heads: set[str] = set()
        row = words.row[:end]
        place = start
        while place < end:
            begins = row[place].bare in self._heads.first and words.free(place) and place not in passed
            head = next(self._heads.at(row, place), None) if begins else None
            if head is not None and place and (words.row[place - 1].bare, words.row[place].bare) in self._pair_kinds:
                head = None  # "dân số", "hệ số"
            if head is not None and words.row[place].written_out:
                place = head.end
                continue
            if head is not None and not (head.group == "money" and self._goes_on(words, head)):
                heads.add(head.group)
            place = head.end if head is not None else place + 1
        return frozenset(heads - {"count"} or heads)

    def _names_no_kind(self, words: Words, found: Found) -> bool:
        """Whether a measure is a piece of a name that is measured otherwise: "tiền" in "không dùng tiền mặt"."""
        if found.end >= len(words.row) or words.row[found.end].breaks or len(found.phrase) > 1:
            return False
        kinds = self._pair_kinds.get((words.row[found.end - 1].bare, words.row[found.end].bare))
        return kinds is not None and kinds.isdisjoint(_KINDS[found.group])

    @staticmethod
    def _scopes(words: Words) -> frozenset[str]:
        bares = {word.bare for word, owner in zip(words.row, words.owner, strict=True) if owner in (None, "place")}
        return frozenset({"tinh"}) if "tinh" in bares and "so" not in {fold_so(word.text) for word in words.row} else frozenset()

    @staticmethod
    def _decide(claims: Sequence[Claim], *, leaning: bool = False) -> Claim | None:
        """The one that is meant, or None when several may be, or none is heard well enough."""
        if not claims or claims[0].score < ANSWER:
            return None
        best = claims[0]
        if isinstance(best.owner, Category):  # an indicator of the very same name is what is asked; the category is offered
            alike = (claim for claim in claims[1:] if isinstance(claim.owner, Indicator) and claim.score >= best.score - SAME)
            best = next(alike, best)
        margin = MARGIN_OF_WHOLE if best.cover >= WHOLE else MARGIN
        if not leaning and not best.exact and any(_told_apart_by_nothing(best, other) for other in claims[1:4]):
            return None
        for other in claims:
            if other.score <= best.score - margin:
                break
            if (
                other is best
                or (best.exact and not other.exact)
                or isinstance(other.owner, Category) != isinstance(best.owner, Category)
            ):
                continue
            return None
        return best

    def _portion(self, words: Words, found: list[Found]) -> Meant | None:
        """A sum before "chiếm bao nhiêu phần trăm" and what it is a part of behind it; either may be missing."""
        asking = next((each for each in found if each.group == "portion"), None)
        if asking is None:
            return None
        parts: list[Claim] = []
        for start, end in ((0, asking.start), (asking.end, len(words))):
            asked = self._asked(words, found, start, end)
            if asked is None or not asked.content:
                continue
            one = self._decide(self.names.rank(asked))
            if one is None and parts and isinstance(parts[0].owner, Indicator):
                above = self.catalogue.indicators.get(parts[0].owner.parent or "")
                one = self._decide(self.names.rank(asked, [above]), leaning=True) if above is not None else None
            if one is None or not isinstance(one.owner, Indicator) or one.owner.unit.kind not in (UnitKind.COUNT, UnitKind.MONEY):
                return None
            parts.append(one)
        indicators = tuple(dict.fromkeys(part.owner for part in parts if isinstance(part.owner, Indicator)))
        matched = frozenset[int]().union(*(part.matched for part in parts))
        return Meant(indicators, tuple(parts), (), matched, bool(indicators), portion=True) if indicators else None

    def _several(self, words: Words, found: list[Found], claims: Sequence[Claim]) -> Meant | None:
        """Two or more indicators, or fields of work, joined by và, với, hay or a comma; None when the whole names one."""
        row = words.row
        # Where a part ends and the next one begins: a joining word, with its marks or without, belongs to neither.
        gaps = {place: place for place in range(1, len(row)) if "," in row[place].breaks or ";" in row[place].breaks}
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
            asked = self._asked(words, found, start, end)
            if asked is None or not any(asked.against):
                continue
            leaning = [parts[-1].owner] if parts and isinstance(parts[-1].owner, Indicator) else []
            ranked = self.names.rank(asked)
            one = self._decide(ranked)
            if leaning and (one is None or one.score < SEVERAL):
                one = self._decide(self.names.rank(asked, leaning))
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
        return Meant(indicators, tuple(parts), categories, frozenset().union(*(part.matched for part in parts)), True)

    def _spans_a_cut(self, words: Words, claim: Claim, cuts: list[int]) -> bool:
        """Whether a name was said in one piece across each joining word: "Số người có công và thân nhân"."""
        said = self._folded(claim.name)
        row = words.row
        for cut in cuts:
            around = [place for place in (cut - 1, cut, cut + 1) if place in claim.matched]
            if any(place > cut for place in claim.matched) and any(place < cut for place in claim.matched):
                piece = [row[place].bare for place in around]
                if not any(said[at : at + len(piece)] == piece for at in range(len(said))):
                    return False
        return True

    # ------------------------------------------------------------ subscribing

    def _of_subscribing(self, text: str, today: date, reading: Reading, *, subscribing: bool) -> Reading | None:
        """The text read as one about a subscription; None where it is a question.

        It is one where that is said. Else words of doing something ("đổi sang ngày 10", "tạm dừng") are about one only
        if nothing is left that could be anything else.
        """
        said = reading.wants == "subscription"
        words = self.names.repairer.words(text)
        acts = self.wishes.acts(words)
        if not (said or acts or subscribing):
            return None
        act = self.wishes.act(words, acts)
        joining = self.wishes.joining(words, acts)
        cut = self.wishes.turn(words, acts)
        into = self.wishes.into(words, acts) if cut is None else None
        split = cut if cut is not None else into
        parts = [Words(words.row)] if split is None else [Words(words.row[:split]), Words(words.row[split + 1 :])]
        heard = [self.wishes.read(part) for part in parts]
        if not said and any(self._left(part) for part in parts):
            following = heard[-1].alerting and not reading.periods and not self._surveys(words, reading)
            if not (following or (subscribing and act is not None and reading.wants != "settings")):
                return None
        heard = [self._about(part, facets, today, viewing=act == "preview") for part, facets in zip(parts, heard, strict=True)]
        which, to = (Facets(), heard[0]) if split is None else (heard[0], heard[1]) if into is None else (heard[1], heard[0])
        unread = tuple(word for each in heard for word in (*each.unread, *each.aside))
        if act is None:
            act = "change" if (subscribing and to.says) or (to.looks and not to.times and not to.scope) else "offer"
            anew = to.alerting and (said or to.scope)  # "khi có số liệu mới về …" is another one than a digest
            act = "subscribe" if anew or (act == "offer" and (to.times or to.alerting)) else act
        elif act == "subscribe" and self.wishes.wonders(words, acts):
            act = "offer"
        elif act == "subscribe" and not to.alerting and (to.asks_day or to.asks_hour or any(map(self.wishes.asks, parts))):
            act = "list"  # "bản tin gửi lúc mấy giờ"
        elif act == "subscribe" and subscribing and to.looks and not (to.digest or to.times or to.scope or to.alerting):
            act = "change"  # "gửi bản đầy đủ nhé"
        errand = Errand(act, which, to, joining, turned=cut is not None)
        if errand.act in ("end", "pause", "resume", "list", "preview") or (errand.act == "change" and to.digest and not to.says):
            errand = replace(errand, which=to, to=Facets())
        elif act == "change" and split is None:
            errand = replace(errand, which=Facets(digest=to.digest, alerting=to.alerting))
        alone = self._stands_alone(errand, acts, subscribing=subscribing, turned=cut is not None)
        if not (self._stands(errand, reading, acts) if said else alone):
            return None
        channel = _CHANNEL.search(reading.text)
        errand = replace(errand, target=channel[1] if channel else "")
        about = errand.to if errand.to.scope else errand.which
        return Reading(
            text=reading.text,
            wants="subscription",
            indicators=about.indicators,
            categories=about.categories,
            regions=about.regions,
            errand=errand,
            unread=unread,
            taken=tuple(taken for part in parts for taken in part.taken),
        )

    def _surveys(self, words: Words, reading: Reading) -> bool:
        """Whether figures are to be seen side by side: "theo dõi … qua các năm", but not two that are only followed."""
        if reading.wants in ("series", "ranking"):
            return True
        looks = {"comparison", "series", "ranking", "which_period"}
        return reading.wants == "comparison" and any(each.group in looks for each in self._functional(Words(words.row)))

    @staticmethod
    def _stands(errand: Errand, reading: Reading, acts: list[Found]) -> bool:
        """Whether words that speak of sending do so of a digest: a year is errand for, not sent for ever."""
        to = errand.to
        if errand.act != "subscribe" or to.digest or any("đăng" in each.phrase for each in acts):
            return True
        if to.alerting:
            return bool(to.alerts) or any(each.phrase[-1] in _TELLING for each in acts)
        return not (reading.indicators and any(each.is_year for each in reading.periods))

    @staticmethod
    def _stands_alone(errand: Errand, acts: list[Found], *, subscribing: bool, turned: bool) -> bool:
        """Whether words are of a subscription though none was named; `turned`: something is to become something else.

        "thêm biểu đồ" after a figure asks for its picture: only what is left out, or turned into, is of a digest.
        """
        to, which = errand.to, errand.which
        if any(each.unread or each.aside or each.near for each in (to, which)) and not (subscribing and errand.act == "change"):
            return False
        match errand.act:
            case "subscribe":
                known = any("đăng" in each.phrase for each in acts)
                return (known and not to.scope) or to.times or (to.alerting and to.scope and not to.unclear)
            case "offer":
                return False
            case "change":
                if subscribing:
                    return to.says
                looks = False in (to.chart, to.workbook) or (turned and to.looks and to.chart is not True)
                return to.times or looks or to.asks_day or to.asks_hour
            case _:
                return subscribing or any(len(each.phrase) > 1 for each in acts)

    def _left(self, words: Words) -> bool:
        """Whether words are left that neither a wish nor talk took."""
        silent = {place for each in self._talk.find(words.row) for place in range(each.start, each.end)}
        return any(words.free(place) and place not in silent for place in range(len(words)))

    def _about(self, words: Words, facets: Facets, today: date, *, viewing: bool) -> Facets:
        """What a subscription is to be about: fields of work, indicators, places, and what could not be placed."""
        places = self.places.read(words)
        if facets.alerting:
            self.periods.read(words, today)  # new figures of whatever period are told
        elif viewing:
            said = self.periods.read(words, today)
            facets = replace(facets, dated=bool(said.periods or said.marks))
        found = self._functional(words)
        meant = self._indicators(words, found, ())
        begun = self._begun_topic(words, meant)
        topic = (" ".join(words.row[place].typed for place in begun),) if begun else ()
        unread = sorted((self._telling(words, found) - meant.explained).difference(begun))
        left = tuple(dict.fromkeys((*topic, *(words.row[place].typed for place in unread))))
        owners = self._each_named(words, found, alerting=facets.alerting)
        if owners:
            left = () if self._cuts(words) else left
        else:
            owners = [*(meant.indicators or meant.categories)]
        near = [each.owner for each in meant.claims if isinstance(each.owner, Indicator) and each.score >= LIKELY]
        left = tuple(word for word in left if any(map(str.isalnum, word)))
        asked = bool(owners) or facets.alerting or bool(begun)
        return replace(
            facets,
            indicators=tuple(each for each in owners if isinstance(each, Indicator)),
            categories=tuple(each for each in owners if isinstance(each, Category)),
            regions=places.regions,
            strangers=places.strangers,
            near=tuple(near[:6]) if asked and not owners else (),
            unread=left if asked else (),
            aside=() if asked else left,
        )

    def _begun_topic(self, words: Words, meant: Meant) -> tuple[int, ...]:
        """Where a word that is left stands where the topic does: "bản tin *giá vàng*", but not "*sếp* bảo đăng ký".

        A word with other marks than talk has is of the topic if the next one is left: "số liệu *du lịch*" is no "đủ".
        """
        row, talk = words.row, self._talk.find(words.row)
        silent = {place for each in talk for place in range(each.start, each.end)}
        exact = {
            place for each in talk for place in range(each.start, each.end) if row[place].text == each.phrase[place - each.start]
        }
        free = {place for place in range(len(row)) if words.free(place) and place not in meant.explained}
        left = free - silent
        for place in sorted({each.end for each in self._topics.find(row)} & free):
            if row[place].breaks:
                continue
            if place in left:
                return (place,)
            if place not in exact and place + 1 in left and not row[place + 1].breaks:
                return place, place + 1
        return ()

    def _each_named(self, words: Words, found: list[Found], *, alerting: bool) -> list[Indicator | Category]:
        """Fields of work and indicators joined by và or commas; none where one of them is not clear."""
        stops = [place for place in range(1, len(words)) if ";" in words.row[place].breaks]  # no name runs across one
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
        """What is named between two places, as few names as account for it; None where one of them is not clear."""
        bounds = [start, *[cut for cut in self._cuts(words) if start < cut < end][:12], end]
        ands = {each.start for each in self._and.find(words.row)}
        owners: list[Indicator | Category] = []
        first = 0
        while first < len(bounds) - 1:
            begin = bounds[first] + (bounds[first] in ands)  # no name begins with "và", typed with its mark or without
            for last in range(len(bounds) - 1, first, -1):
                asked = self._asked(words, found, begin, bounds[last])
                if asked is None or not any(asked.against):
                    break  # nothing is named here
                a_field = any(bounds[first] <= each.start < bounds[last] for each in self._fields.find(words.row))
                one = self._one_owner(self.names.rank(asked), field=a_field or (None if alerting else False))
                if one is not None and (last == first + 1 or self._all_said(words, found, one, bounds[first], bounds[last])):
                    owners.append(one.owner)
                    break
            else:
                return None
            first = last
        return owners

    def _cuts(self, words: Words) -> list[int]:
        """Where one name may end and another begin."""
        row = words.row
        joins = [*self._join.find(row), *self._and.find(row)]
        cuts = {each.start for each in joins} | {place for place in range(1, len(row)) if row[place].breaks}
        return sorted(cuts)

    def _one_owner(self, claims: Sequence[Claim], *, field: bool | None) -> Claim | None:
        """The one that is meant; where an indicator has the name of a field of work, `field` says which.

        True: "lĩnh vực …" was said; False: a digest is of fields sooner; None: what is told at once is of indicators.
        """
        one = self._decide(claims)
        best = next((each for each in claims if isinstance(each.owner, Category) and each.cover > 0.95), None)
        if best is None or field is None:
            return one
        if field:
            return best if best.score >= ANSWER else one
        return best if one is not None and best.score >= one.score - 0.05 else one

    def _all_said(self, words: Words, found: list[Found], claim: Claim, start: int, end: int) -> bool:
        """Whether a name accounts for every word between two places that is no talk."""
        silent = {place for each in [*found, *self._talk.find(words.row)] for place in range(each.start, each.end)}
        return all(place in claim.matched or place in silent or not words.free(place) for place in range(start, end))

    # ------------------------------------------------------------ what is wanted

    def _conclude(
        self,
        text: str,
        words: Words,
        turning: Turning,
        periods: Periods,
        places: Places,
        found: list[Found],
        meant: Meant,
        *,
        sending: bool = True,
    ) -> Reading:
        groups = self._groups(words, found, meant)
        left = self._unread(words, found, meant)
        if not sending:
            groups -= _SENDING - {"rhythm"}
        for indicator in meant.indicators:
            words.taken.append(Taken("indicator", self._typed(words, meant.explained), indicator.code))
        for category in meant.categories:
            words.taken.append(Taken("category", self._typed(words, meant.explained), category.code))
        seen = self._seen(groups, periods, places, meant)
        wants = wanted(seen)
        marks = self._marks(words, seen)
        for each in found:
            if each.group.removeprefix("filter:") in groups and each.group in self._shown(groups):
                words.taken.append(Taken("wants", " ".join(word.typed for word in words.row[each.start : each.end]), each.group))
        categories = meant.categories if wants in ("overview", "catalogue", "targets") or not meant.indicators else ()
        indicators = () if categories and wants == "overview" else meant.indicators
        return Reading(
            text=text,
            wants=wants,
            indicators=indicators,
            candidates=tuple(
                Candidate(claim.owner, round(claim.score, 3), claim.name)
                for claim in meant.claims
                if isinstance(claim.owner, Indicator) and claim.score >= NEAR
            )[:12],
            categories=categories,
            regions=places.regions,
            strangers=places.strangers,
            periods=periods.periods,
            spans=periods.span,
            filter=seen.filter if wants == "targets" else None,
            order=self._order(groups, words),
            limit=periods.recent,
            page=turning.number,
            marks=frozenset(
                marks
                | periods.marks
                | ({"home"} if places.home else set())
                | ({"leaned"} if meant.leaned else set())
                | ({"content"} if meant.content else set())
                | ({"vague"} if self._says_little(words, found, meant) else set())
            ),
            language=self._language(words) if wants == "settings" else None,
            unread=tuple(dict.fromkeys(word.typed for word in left)),
            strange=tuple(dict.fromkeys(word.typed for word in left if not self._in_a_name(word))),
            taken=tuple(words.taken),
        )

    @staticmethod
    def _shown(groups: set[str]) -> set[str]:
        return groups | {f"filter:{name}" for name in groups}

    @staticmethod
    def _typed(words: Words, places: frozenset[int]) -> str:
        return " ".join(dict.fromkeys(words.row[place].typed for place in sorted(places)))

    @staticmethod
    def _seen(groups: set[str], periods: Periods, places: Places, meant: Meant) -> Seen:
        parent = meant.indicators[0] if meant.indicators else None
        return Seen(
            groups=frozenset(groups),
            indicators=len(meant.indicators),
            parts=parent is not None and all(each.parent == parent.code for each in meant.indicators[1:]),
            categories=bool(meant.categories),
            content=meant.content,
            portion=meant.portion,
            weak=not meant.claims or meant.claims[0].score < WEAK,
            periods=len(periods.periods),
            stretch=periods.span or periods.recent is not None,
            regions=len(places.regions),
            elsewhere=bool(places.strangers) or places.home,
            moments=periods.marks,
        )

    def _marks(self, words: Words, seen: Seen) -> set[str]:
        """The small things that were said beside what is wanted."""
        marks = {
            name
            for name in ("attainment", "gap", "reason", "chart", "which", "source", "thanks", "assent", "not_exceeded")
            if seen.says(name)
        }
        if seen.portion:
            marks.add("portion")
        if seen.target:
            marks.add("target")
            if not seen.says("attainment", "gap", *FILTERS):
                marks.add("plan")
        if seen.says("series", "chart", "breakdown", "rhythm"):
            spoken = {word.bare for word, owner in zip(words.row, words.owner, strict=True) if owner is None}
            marks |= {mark for mark, bare in (("months", "thang"), ("quarters", "qui")) if bare in spoken}
        if any(each.group == "count" and "tổng" in each.phrase for each in words.find(self._measures)):
            marks.add("total")
        return marks

    def _groups(self, words: Words, found: list[Found], meant: Meant) -> set[str]:
        """The groups whose phrase is more than a piece of the indicator's own name, longer phrases before their pieces."""
        groups: set[str] = set()
        taken: set[int] = set()
        targets = [
            each for each in found if each.group in ("attainment", "gap", "which", "target") or each.group.startswith("filter:")
        ]
        for each in sorted(targets, key=lambda one: (one.start - one.end, one.group == "target")):
            span = set(range(each.start, each.end))
            if span <= meant.explained and self._inside_name(words, each, meant):
                continue
            if span <= taken and each.group != "which":
                continue
            taken |= span
            turned = each.group == "filter:exceeded" and each.start > 0 and words.row[each.start - 1].bare in self._negations
            groups.update({"target", "not_exceeded"} if turned else {each.group.removeprefix("filter:")})
        for each in found:
            if each.group in self.vocabulary.wants:
                span = set(range(each.start, each.end))
                if span <= meant.explained and self._inside_name(words, each, meant):
                    continue
                groups.add(each.group)
        groups.update(each.group for each in words.find(self._replies))
        if any(each.group in _KINDS for each in found):
            groups.add("asks")  # "mấy phần trăm?"
        return groups

    def _inside_name(self, words: Words, found: Found, meant: Meant) -> bool:
        """Whether a phrase stands in the name that was heard: "trợ giúp" in "trẻ em được trợ giúp"."""
        bare = [word.bare for word in words.row[found.start : found.end]]
        names = {claim.name for claim in meant.claims[:1]} | {name for each in meant.indicators for name in each.names}
        for name in names:
            folded = self._folded(name)
            if any(folded[at : at + len(bare)] == bare for at in range(len(folded))):
                return True
        return False

    def _folded(self, name: str) -> list[str]:
        """The bare words of a name of the catalogue."""
        if name not in self._bare_names:
            self._bare_names[name] = [word.bare for word in self.names.repairer.words(name).row]
        return self._bare_names[name]

    @staticmethod
    def _order(groups: set[str], words: Words) -> str | None:
        if "ranking" not in groups:
            return None
        low = any(
            word.bare in ("thap", "it", "nho", "kem", "cuoi", "so") and agreement(word.text, meant) >= 0.9
            for word in words.row
            for meant in ("thấp", "ít", "nhỏ", "kém", "cuối")
            if fold(meant) == word.bare
        )
        return "asc" if low else "desc"

    def _language(self, words: Words) -> str | None:
        found = self._languages.find(words.row)
        return found[-1].group if found else None

    def _in_a_name(self, word: Word) -> bool:
        """Whether a word stands in a name with the marks that it was typed with."""
        holders = self.names.postings.get(word.bare, ())[:FEW]
        return any(agreement(word.text, each) >= TONE for place in holders for each in self.names.variants[place].words)

    def _says_little(self, words: Words, found: list[Found], meant: Meant) -> bool:
        """Whether the strongest claim explains less than half of the words that say something."""
        telling = self._telling(words, found)
        matched = meant.claims[0].matched if meant.claims else frozenset()
        return len(telling & matched) * 2 < len(telling)

    def _telling(self, words: Words, found: list[Found]) -> set[int]:
        """Where words stand that nobody took and that are no talk."""
        silent = {place for each in found for place in range(each.start, each.end)}
        for each in words.find(self._talk):
            silent.update(range(each.start, each.end))
        return {place for place in range(len(words)) if words.free(place)} - silent

    def _unread(self, words: Words, found: list[Found], meant: Meant) -> list[Word]:
        return [words.row[place] for place in sorted(self._telling(words, found) - meant.explained)]


def _of_accounts(text: str, linking: Linking) -> Reading:
    return Reading(text=text, wants="account", linking=linking, taken=(Taken("account", text.strip(), linking.act),))


def _numeral(text: str) -> int | None:
    """The number that a word with its marks says, up to ten."""
    return next((number for number, word in enumerate(NUMERALS.values(), 1) if word == text), None)


def fold_so(text: str) -> str:
    """ "so" for Sở typed with or without its marks, but not for số."""
    return "so" if agreement(text, "sở") >= 0.9 else ""


def _told_apart_by_nothing(best: Claim, other: Claim) -> bool:
    """Whether the same words speak for two indicators alike, nearly as well: "tỷ lệ người có công" is for either.

    Of sums of money that holds however much of a name was said: they are the commonest to share all words.
    """
    one, two = best.owner, other.owner
    if not isinstance(one, Indicator) or not isinstance(two, Indicator) or one == two:
        return False
    money = one.unit.kind is UnitKind.MONEY and two.unit.kind is UnitKind.MONEY and one.category == two.category
    alike = money or (one.unit.kind is two.unit.kind and best.cover < HARDLY)
    return alike and other.matched == best.matched and other.score >= best.score - SIBLINGS


def _straddles(one: Found, other: Found) -> bool:
    """Whether two finds share words and each has others: "cap so" between "cung cap" and "so lieu"."""
    return one.start < other.start < one.end < other.end or other.start < one.start < other.end < one.end


def _parts(row: Sequence[Word]) -> list[int]:
    """The number of the clause that each word stands in: colons, stops and the like part them."""
    parts: list[int] = []
    for word in row:
        before = parts[-1] if parts else 0
        parts.append(before + 1 if word.breaks and not _HARD.isdisjoint(word.breaks) else before)
    return parts
