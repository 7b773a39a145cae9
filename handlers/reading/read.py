"""Reads a question facet by facet: period, place, indicator, what is wanted; each takes its words
and leaves the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from db.facts import Catalogue, Indicator
from handlers.linking import Linking
from handlers.question import (
    Against,
    Candidate,
    Listing,
    OfTargets,
    OfTime,
    Order,
    Reading,
    Remarks,
    Rest,
    Taken,
    Wants,
)
from handlers.reading.accounts import AccountReader
from handlers.reading.aside import AsideReader
from handlers.reading.chatter import Chatter, ChatterReader
from handlers.reading.errands import ErrandReader
from handlers.reading.joined import JoinedReader
from handlers.reading.languages import LanguageReader
from handlers.reading.listening import MEASURES, Listener
from handlers.reading.meaning import MeaningReader, Meant
from handlers.reading.naming.hearing import NUMERALS
from handlers.reading.naming.namer import Borrowed, Namer
from handlers.reading.naming.ranking import Ranked, Weighed
from handlers.reading.naming.scoring import thresholds
from handlers.reading.numbers import NumberReader, Numbers
from handlers.reading.pages import PageReader, Turning
from handlers.reading.periods import PeriodReader
from handlers.reading.picks import PickReader
from handlers.reading.places import PlaceReader, Places
from handlers.reading.requests import RequestReader
from handlers.reading.spelling import TONE, agreement, fold
from handlers.reading.wants import FILTERS, RANKS, Seen, wanted
from handlers.reading.words import Found, Lexicon, Word, Words, clause_of
from locales.vocabulary import Vocabulary

MOST_CANDIDATES = 12
MOST_RANKED = 63
"""There were never more provinces."""
WEAK = 0.40
"""A claim below which greeting or asking for help outweighs it."""
_MATCHING = frozenset({("đối", "chiếu"), ("so", "sánh")})
"""What people do with a figure, as well as what they ask for."""
_DECLINING = frozenset({"khỏi", "đừng", "miễn", "cần"})
_MOVING = frozenset({"tăng", "giảm"})
_GRAINS = {"thang": 1, "qui": 3}
LIKE = 0.9
"""How well a word typed without marks agrees with what is meant."""
_LOW = ("thấp", "ít", "nhỏ", "bé")
_BEFORE = fold("trước")
_STRETCHES = ("tháng", "quý", "tuần")
_SENDING = {"subscription", "send", "tell", "rhythm", "when"}


@dataclass(frozen=True)
class Facets:
    """The parts of a question, each with its words taken."""

    words: Words
    time: OfTime
    places: Places
    limit: int | None
    """How many places of a ranking are asked for."""
    numbers: Numbers
    """A number that was quoted, or a bound."""
    found: tuple[Found, ...]
    """Phrases of wanting, of targets and of measures."""
    meant: Meant


_TO_A_PLACE = frozenset({"ở", "tại", "của", "sang", "từ", "với", "so", "về", "o", "cua"})
"""Words before a place that is asked about."""
SEVERAL = 3
"""So many words beside a place make a clause of it that tells something."""


class Reader:
    """Reads questions over one version of a catalogue; made once, then only read from."""

    def __init__(
        self, catalogue: Catalogue, vocabulary: Vocabulary, borrowed: Borrowed | None = None
    ) -> None:
        """Take a catalogue, the words around it, and what it borrows from the library."""
        self.catalogue = catalogue
        self.vocabulary = vocabulary
        self.namer = Namer(catalogue, vocabulary, borrowed)
        self._listener = Listener(self.namer, vocabulary)
        self._joined = JoinedReader(vocabulary, self._listener)
        self._meaning = MeaningReader(vocabulary, self._listener, self._joined)
        pairs = self._listener.pairs
        self.picks = PickReader(vocabulary)
        self.pages = PageReader(vocabulary, pairs)
        requests = RequestReader(vocabulary)
        self.accounts = AccountReader(vocabulary, requests, pairs)
        self.periods = PeriodReader(vocabulary, pairs)
        self.places = PlaceReader(catalogue, vocabulary, pairs, self.namer.own_words)
        self._aside = AsideReader(vocabulary, self.periods, self.places)
        self._errands = ErrandReader(
            vocabulary,
            self._listener,
            self._joined,
            self._meaning,
            self.periods,
            self.places,
            requests,
        )
        self._numbers = NumberReader(vocabulary)
        self._levels = Lexicon({"level": vocabulary.wants["level"]})
        self._languages = LanguageReader(vocabulary, requests)
        self._replies = Lexicon(vocabulary.replies)
        self._chatter = ChatterReader(vocabulary)
        self._ranked = Lexicon({"places": vocabulary.places["ranked"]})

    # ------------------------------------------------------------ the whole

    def read(
        self,
        text: str,
        today: date,
        leaning: Sequence[Indicator] = (),
        *,
        subscribing: bool = False,
        settled: Sequence[Indicator] = (),
    ) -> Reading:
        """What a text says.

        `leaning` are the indicators of the question before, for words that name only a part;
        `subscribing`: it was of a subscription, so that a bare "lúc 9h" is about that. `settled`
        are the indicators meant, where they were chosen.
        """
        typed = self._typed_out(text)
        if isinstance(typed, Reading):
            return typed
        words = self.namer.repairer.words(typed)
        only_not = self._aside.read(words, today)
        if only_not:
            rest = Rest(content=True, unread=(only_not,))
            return Reading(text=text, wants=Wants.NOT_UNDERSTOOD, rest=rest)
        turning = self.pages.read(words)
        if turning.alone:
            return _of_pages(text, turning, words)
        linking = self.accounts.read(typed, words, self.namer.repairer.words)
        if linking is not None and linking.explicit:
            return _of_accounts(text, linking)
        facets = self._facets(words, today, leaning, settled)
        reading = self._conclude(text, turning, facets)
        if linking is not None and not _is_of_figures(reading, linking):
            return _of_accounts(text, linking)
        errand = self._errands.read(typed, today, reading, subscribing=subscribing)
        if errand is not None:
            return errand
        unreadable = facets.time.unreadable
        if unreadable:
            rest = Rest(content=True, unread=unreadable)
            return Reading(text=text, wants=Wants.NOT_UNDERSTOOD, time=facets.time, rest=rest)
        if reading.wants == Wants.SUBSCRIPTION:  # words of sending in a question
            reading = self._conclude(text, turning, facets, sending=False)
        return reading

    def _typed_out(self, text: str) -> str | Reading:
        """Give a text with a command written out in words; a reading where it is unknown."""
        stripped = text.strip()
        if not stripped.startswith("/"):
            return stripped
        command, _, rest = stripped[1:].partition(" ")
        name = command.split("@")[0].casefold()
        words = self.vocabulary.commands.get(name)
        if words is None:
            rest_ = Rest(unread=(stripped.split()[0],))
            return Reading(text=text, wants=Wants.NOT_UNDERSTOOD, rest=rest_)
        return f"{words} {rest}".strip() or "trợ giúp"

    def _facets(
        self,
        words: Words,
        today: date,
        leaning: Sequence[Indicator],
        settled: Sequence[Indicator],
    ) -> Facets:
        """Read time, place and name together.

        Where a name has words that a period or a place took ("CPI *so với tháng trước*"), all are
        read once more without these.
        """
        facets = self._read_facets(words, today, leaning)
        named = _of_the_name(facets)
        if named:
            again = Words(words.row)
            for place, owner in enumerate(words.owner):
                if place in named or owner == "aside":
                    again.owner[place] = "name" if place in named else owner
            facets = self._read_facets(again, today, leaning, facets.meant)
        if facets.meant.indicators and facets.places.possible:
            facets = replace(facets, places=self._with_left_over(facets))
        elsewhere = facets.places.home or facets.places.regions
        if facets.meant.indicators and facets.places.strangers and elsewhere:
            left = [each for each in facets.places.strangers if not _is_told_aside(facets, each)]
            facets = replace(facets, places=replace(facets.places, strangers=tuple(left)))
        if settled:
            meant = replace(
                facets.meant, indicators=tuple(settled), categories=(), content=False, not_stored=()
            )
            facets = replace(facets, meant=meant)
        return facets

    def _with_left_over(self, facets: Facets) -> Places:
        """Give the places with those that may be other words and that no reader wanted."""
        places = facets.places
        wanted = {at for each in facets.found for at in range(each.start, each.end)}
        wanted |= facets.meant.explained
        left = [
            self.catalogue.namesakes(name)[-1]
            for name in places.possible
            if any(not wanted.issuperset(span) for span in _spans_of(facets.words, name))
        ]
        return replace(places, regions=tuple(dict.fromkeys((*places.regions, *left))))

    def _read_facets(
        self,
        words: Words,
        today: date,
        leaning: Sequence[Indicator],
        meant: Meant | None = None,
    ) -> Facets:
        longer = [each for each in words.find(self._listener.wants) if len(each.phrase) > 1]
        places = self.places.read(words, longer)  # before the periods: Hà Nam is no "năm"
        time = self.periods.read(words, today)
        limit = self._how_many(words)
        numbers = self._numbers.read(words)
        words.take_all(self._levels, "level")
        found = self._listener.functional(words)
        return Facets(
            words,
            time,
            places,
            limit,
            numbers,
            tuple(found),
            meant or self._meaning.read(words, found, leaning),
        )

    def weighed(self, text: str, today: date, before: Sequence[Indicator] = ()) -> Weighed:
        """Weigh what a text may mean, without deciding: for fitting, and for whoever asks why."""
        words = self.namer.repairer.words(text)
        self._aside.read(words, today)
        facets = self._read_facets(words, today, before, Meant())
        return self.namer.weigh(self.namer.hear(facets.words, facets.found), before)

    def ranked(self, text: str, today: date, before: Sequence[Indicator] = ()) -> Ranked:
        """Give all that a text may mean, with probabilities and evidence."""
        return self.namer.ranked(self.weighed(text, today, before))

    def _how_many(self, words: Words) -> int | None:
        """How many places of a ranking are asked for: "top 3", "5 địa phương cao nhất"; the number
        is taken.
        """
        row = words.row
        ranking = [each for each in words.find(self._listener.wants) if each.group in RANKS]
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
            if (
                noun is not None
                and noun.phrase[0] != "tỉnh"
                and not (last < len(row) and row[last].bare == "nao")
            ):
                words.take(noun.start, noun.end, "limit", noun.group)
            return count
        return None

    # ------------------------------------------------------------ what is wanted

    def _conclude(
        self,
        text: str,
        turning: Turning,
        facets: Facets,
        *,
        sending: bool = True,
    ) -> Reading:
        words, time, places, meant = facets.words, facets.time, facets.places, facets.meant
        found = list(facets.found)
        groups = self._groups(words, found, meant)
        left = self._unread(words, found, meant)
        if not sending:
            groups -= _SENDING - {"rhythm"}
        seen = self._seen(groups, time, places, meant, self._chatter.read(words))
        changing = self._is_change(meant)
        time = _against_before(time, words.taken) if changing else time
        seen = replace(
            seen,
            time=time,
            quoted=facets.numbers.quoted is not None,
            changing=changing,
            paced=_is_paced(meant),
        )
        wants = wanted(seen)
        categories = (
            meant.categories
            if wants in (Wants.OVERVIEW, Wants.CATALOGUE, Wants.TARGETS) or not meant.indicators
            else ()
        )
        indicators = () if categories and wants == Wants.OVERVIEW else meant.indicators
        return Reading(
            text=text,
            wants=wants,
            indicators=indicators,
            candidates=tuple(
                Candidate(claim.owner, round(claim.probability, 3), claim.name)
                for claim in meant.claims
                if isinstance(claim.owner, Indicator) and claim.probability >= thresholds().offer
            )[:MOST_CANDIDATES],
            not_stored=() if indicators or categories else meant.not_stored,
            categories=categories,
            regions=places.regions,
            strangers=places.strangers,
            home=places.home,
            territory=places.territory,
            time=replace(time, grain=self._grain(words, seen) or time.grain),
            targets=_of_targets(seen, listed=wants == Wants.TARGETS),
            remarks=self._remarks(words, seen),
            listing=Listing(
                order=self._order(groups, words),
                limit=time.recent if wants != Wants.RANKING else facets.limit,
                page=turning.number,
            ),
            quoted=facets.numbers.quoted,
            threshold=facets.numbers.threshold,
            rest=Rest(
                content=meant.content,
                unread=tuple(dict.fromkeys(word.typed for word in left)),
                strange=tuple(
                    dict.fromkeys(word.typed for word in left if not self._in_a_name(word))
                ),
            ),
            language=self._languages.asked(text, words) if wants == Wants.SETTINGS else None,
            taken=(*words.taken, *self._taken(facets, groups)),
        )

    def _is_change(self, meant: Meant) -> bool:
        """Return whether the one indicator is a change itself, by its names."""
        phrases = self.vocabulary.change["names"]
        names = [f" {name.casefold()} " for each in meant.indicators for name in each.names]
        return len(meant.indicators) == 1 and any(
            f" {' '.join(phrase)} " in name for phrase in phrases for name in names
        )

    def _taken(self, facets: Facets, groups: set[str]) -> list[Taken]:
        """Say which words were taken for what is named and wanted."""
        words, meant = facets.words, facets.meant
        typed = self._typed(words, meant.explained)
        named = [Taken("indicator", typed, each.code) for each in meant.indicators]
        fields = [Taken("category", typed, each.code) for each in meant.categories]
        shown = self._shown(groups)
        wants = [
            Taken(
                "wants",
                " ".join(word.typed for word in words.row[each.start : each.end]),
                each.group,
            )
            for each in facets.found
            if each.group in shown
        ]
        return [*named, *fields, *wants]

    @staticmethod
    def _shown(groups: set[str]) -> set[str]:
        return groups | {f"filter:{name}" for name in groups}

    @staticmethod
    def _typed(words: Words, places: frozenset[int]) -> str:
        return " ".join(dict.fromkeys(words.row[place].typed for place in sorted(places)))

    @staticmethod
    def _seen(
        groups: set[str], time: OfTime, places: Places, meant: Meant, chatter: Chatter
    ) -> Seen:
        parent = meant.indicators[0] if meant.indicators else None
        return Seen(
            groups=frozenset(groups),
            indicators=len(meant.indicators),
            parts=parent is not None
            and all(each.parent == parent.code for each in meant.indicators[1:]),
            categories=bool(meant.categories),
            content=meant.content,
            portion=meant.portion,
            weak=not meant.claims or meant.claims[0].probability < WEAK,
            regions=len(places.regions),
            elsewhere=bool(places.strangers) or places.home,
            time=time,
            talk=chatter.talk,
            idle=not meant.categories and not _explained(chatter, meant),
        )

    def _remarks(self, words: Words, seen: Seen) -> Remarks:
        """Give the small things that were said beside what is wanted."""
        return Remarks(
            thanks=seen.says("thanks"),
            assent=seen.says("assent"),
            reason=seen.says("reason"),
            source=seen.says("source"),
            chart=seen.says("chart"),
            portion=seen.portion,
            beside=self._begins(words, "beside"),
            mutual=seen.says("mutual"),
            follows=seen.says("follows") or self._begins(words, "goes_on"),
            surveys=self._surveys(words),
            reckon=seen.says("reckon"),
            talk=seen.talk,
            total=seen.says("whole")
            or any(
                each.group == "count" and "tổng" in each.phrase
                for each in words.find(self._listener.measures)
            ),
        )

    def _surveys(self, words: Words) -> bool:
        """Return whether all of something is asked for; "lĩnh vực …" only names a field."""
        fields = self.vocabulary.wishes["field"]
        return any(
            each.group == "overview" and each.phrase not in fields
            for each in words.find(self._listener.wants)
        )

    def _begins(self, words: Words, group: str) -> bool:
        """Return whether a text begins with a phrase that goes on from the one before: "còn …"."""
        return any(each.group == group and each.start == 0 for each in words.find(self._replies))

    @staticmethod
    def _grain(words: Words, seen: Seen) -> int | None:
        """Give the months of each step of a series: "theo tháng", "theo quý"."""
        if not seen.says("series", "chart", "breakdown", "rhythm", "which_period"):
            return None
        spoken = {
            word.bare for word, owner in zip(words.row, words.owner, strict=True) if owner is None
        }
        return next((months for bare, months in _GRAINS.items() if bare in spoken), None)

    def _groups(self, words: Words, found: list[Found], meant: Meant) -> set[str]:
        """The groups whose phrase is more than a piece of the indicator's own name, longer phrases
        before their pieces.
        """
        groups: set[str] = set()
        taken: set[int] = set()
        targets = [
            each
            for each in found
            if each.group in ("attainment", "gap", "which", "target")
            or each.group.startswith("filter:")
        ]
        for each in sorted(targets, key=lambda one: (one.start - one.end, one.group == "target")):
            span = set(range(each.start, each.end))
            if span <= meant.explained and self._inside_name(words, each, meant):
                continue
            if span <= taken and each.group != "which":
                continue
            taken |= span
            before = words.row[each.start - 1].bare if each.start else ""
            turned = each.group == "filter:exceeded" and before in self._listener.negations
            groups.update(
                {"target", "not_exceeded"} if turned else {each.group.removeprefix("filter:")}
            )
        for each in found:
            if each.group == "comparison" and (
                _is_the_growth(each, meant) or _is_what_for(words, each, meant)
            ):
                continue
            if each.group == "definition" and _is_declined(words, each):
                continue
            if each.group in self.vocabulary.wants:
                span = set(range(each.start, each.end))
                if span <= meant.explained and self._inside_name(words, each, meant):
                    continue
                groups.add(each.group)
        if "settings" in groups and not self._languages.is_about(words):
            groups.discard("settings")  # "điểm thi tiếng Anh"
        groups.update(each.group for each in words.find(self._replies))
        if any(each.group in MEASURES for each in found):
            groups.add("asks")  # "mấy phần trăm?"
        return groups

    def _inside_name(self, words: Words, found: Found, meant: Meant) -> bool:
        """Whether a phrase stands in the name heard: "trợ giúp" in "trẻ em được trợ giúp"."""
        bare = [word.bare for word in words.row[found.start : found.end]]
        names = {claim.name for claim in meant.claims[:1]} | {
            name for each in meant.indicators for name in each.names
        }
        for name in names:
            folded = self._listener.folded(name)
            if any(folded[at : at + len(bare)] == bare for at in range(len(folded))):
                return True
        return False

    @staticmethod
    def _order(groups: set[str], words: Words) -> Order | None:
        """Give the end that is asked for: by size where that is said, else by merit."""
        if RANKS.isdisjoint(groups):
            return None
        if any(agreement(word.text, low) >= LIKE for word in words.row for low in _LOW):
            return Order.ASC
        merits = (Order(each) for each in ("best", "worst") if each in groups)
        return next(merits, Order.DESC)

    def _in_a_name(self, word: Word) -> bool:
        """Return whether a word stands in a name with the marks that it was typed with."""
        texts = self.namer.names.texts.get(word.bare, frozenset())
        return any(agreement(word.text, each) >= TONE for each in texts)

    def _unread(self, words: Words, found: list[Found], meant: Meant) -> list[Word]:
        return [
            words.row[place]
            for place in sorted(self._listener.telling(words, found) - meant.explained)
        ]


def _of_targets(seen: Seen, *, listed: bool) -> OfTargets:
    """Give what was said of targets; `listed`: a list of them is wanted."""
    held = seen.says("attainment", "gap", *FILTERS)
    return OfTargets(
        spoken=seen.target,
        plan=seen.target and not held,
        attainment=seen.says("attainment"),
        gap=seen.says("gap"),
        not_exceeded=seen.says("not_exceeded"),
        which=seen.says("which"),
        filter=seen.filter if listed else None,
    )


def _is_paced(meant: Meant) -> bool:
    """Return whether the one indicator is of a month, a quarter or a week by name or unit."""
    said = " ".join(text for each in meant.indicators[:1] for text in (*each.names, each.unit.name))
    words = said.casefold().replace("/", " ").split()
    return any(stretch in words for stretch in _STRETCHES)


def _against_before(time: OfTime, taken: Sequence[Taken]) -> OfTime:
    """Leave out "so với tháng trước", that a change is measured against anyway."""
    said = [fold(word) for each in taken if each.reader == "period" for word in each.words.split()]
    if len(time.periods) != 2 or not time.against.named or _BEFORE not in said:
        return time
    return replace(time, periods=time.periods[:1], against=Against())


def _explained(chatter: Chatter, meant: Meant) -> bool:
    """Whether the likeliest indicator has the words of talk in its names."""
    owners = [claim.owner for claim in meant.claims[:1]]
    return any(isinstance(one, Indicator) and chatter.within(one.names) for one in owners)


def _is_the_growth(found: Found, meant: Meant) -> bool:
    """Return whether "tăng mấy phần trăm" asks for an indicator that is a growth itself."""
    growing = any(claim.match.name.head == "growth" for claim in meant.claims[:1])
    return growing and bool(meant.indicators) and found.phrase[0] in _MOVING


def _is_declined(words: Words, found: Found) -> bool:
    """Return whether something is said not to be needed: "*khỏi* giải thích"."""
    return bool(found.start) and words.row[found.start - 1].text in _DECLINING


def _is_what_for(words: Words, found: Found, meant: Meant) -> bool:
    """Return whether somebody only says that they compare: "tôi đang *đối chiếu*, cho xin …"."""
    clause = clause_of(words.row, found)
    named = not meant.explained.isdisjoint(clause)
    dated = any(words.owner[at] is not None for at in clause)
    return bool(meant.indicators) and found.phrase in _MATCHING and not named and not dated


def _is_told_aside(facets: Facets, name: str) -> bool:
    """Return whether a strange place stands in a clause of its own that asks nothing of it.

    "Để thuyết phục nhà đầu tư *Hàn Quốc*, cho xin tỷ lệ lao động qua đào tạo" is about no Korea.
    """
    row, explained = facets.words.row, facets.meant.explained
    spans = list(_spans_of(facets.words, name))
    for span in spans:
        clause = clause_of(row, Found(span.start, span.stop, "", ()))
        beside = {row[place].text for place in range(max(0, span.start - 1), span.start + 1)}
        alone = len(clause) < len(span) + SEVERAL
        if alone or not explained.isdisjoint(clause) or not beside.isdisjoint(_TO_A_PLACE):
            return False
    return bool(spans)


def _spans_of(words: Words, name: str) -> Iterator[range]:
    """Yield where the bare words of a name stand."""
    bares = [fold(word) for word in name.split()]
    for start in range(len(words) - len(bares) + 1):
        if words.bares[start : start + len(bares)] == bares:
            yield range(start, start + len(bares))


def _of_the_name(facets: Facets) -> frozenset[int]:
    """Give the places of words that a name has and that a period or a place took."""
    if not facets.meant.indicators:
        return frozenset()
    owner = facets.words.owner
    return frozenset(
        place for place in facets.meant.explained if owner[place] in ("period", "place")
    )


def _of_pages(text: str, turning: Turning, words: Words) -> Reading:
    listing = Listing(page=turning.number, step=turning.step)
    return Reading(text=text, wants=Wants.PAGE, listing=listing, taken=tuple(words.taken))


def _is_of_figures(reading: Reading, linking: Linking) -> bool:
    """Return whether words that could be of accounts ask for a figure instead."""
    if linking.code:
        return reading.wants is not None
    return bool(reading.indicators or reading.candidates)


def _of_accounts(text: str, linking: Linking) -> Reading:
    return Reading(
        text=text,
        wants=Wants.ACCOUNT,
        linking=linking,
        taken=(Taken("account", text.strip(), linking.act),),
    )


def _numeral(text: str) -> int | None:
    """The number that a word with its marks says, up to ten."""
    return NUMERALS.index(text) + 1 if text in NUMERALS else None
