"""Reads a question facet by facet: period, place, indicator, what is wanted; each takes its words
and leaves the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
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
from handlers.reading.deciding import Meant
from handlers.reading.errands import ErrandReader
from handlers.reading.hearing import KINDS, Listener
from handlers.reading.indicators import NEAR, NUMERALS, Names
from handlers.reading.joined import JoinedReader
from handlers.reading.languages import LanguageReader
from handlers.reading.meaning import MeaningReader
from handlers.reading.numbers import NumberReader, Numbers
from handlers.reading.pages import PageReader, Turning
from handlers.reading.periods import PeriodReader
from handlers.reading.picks import PickReader
from handlers.reading.places import PlaceReader, Places
from handlers.reading.requests import RequestReader
from handlers.reading.spelling import TONE, agreement, fold
from handlers.reading.wants import FILTERS, RANKS, Seen, wanted
from handlers.reading.words import Found, Lexicon, Word, Words
from locales.vocabulary import Vocabulary

FEW = 200
"""Names that are looked through for a word with its marks."""
MOST_RANKED = 63
"""There were never more provinces."""
WEAK = 0.40
"""A claim below which greeting or asking for help outweighs it."""
_GRAINS = {"thang": 1, "qui": 3}
LIKE = 0.9
"""How well a word typed without marks agrees with what is meant."""
_LOW = ("thấp", "ít", "nhỏ", "bé")
_BEFORE = fold("trước")
_STRETCHES = ("tháng", "quý", "tuần")
_SENDING = {"subscription", "send", "tell", "rhythm", "when"}


class Reader:
    """Reads questions over one version of a catalogue; made once, then only read from."""

    def __init__(self, catalogue: Catalogue, vocabulary: Vocabulary) -> None:
        self.catalogue = catalogue
        self.vocabulary = vocabulary
        self.names = Names.of(catalogue, vocabulary)
        self._listener = Listener(self.names, vocabulary)
        self._joined = JoinedReader(vocabulary, self._listener)
        self._meaning = MeaningReader(vocabulary, self._listener, self._joined)
        pairs = self._listener.pairs
        self.picks = PickReader(vocabulary)
        self.pages = PageReader(vocabulary, pairs)
        requests = RequestReader(vocabulary)
        self.accounts = AccountReader(vocabulary, requests, pairs)
        self.periods = PeriodReader(vocabulary, pairs)
        self.places = PlaceReader(catalogue, vocabulary, pairs, self.names.postings)
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
        stripped = text.strip()
        if stripped.startswith("/"):
            command, _, rest = stripped[1:].partition(" ")
            words_of = self.vocabulary.commands.get(command.split("@")[0].casefold())
            if words_of is None:
                return Reading(
                    text=text, wants=Wants.NOT_UNDERSTOOD, rest=Rest(unread=(stripped.split()[0],))
                )
            if (
                command.casefold().startswith(("chitieu", "nguon"))
                or not rest.strip()
                or not words_of
            ):
                stripped = f"{words_of} {rest}".strip() or "trợ giúp"
            else:
                stripped = f"{words_of} {rest}"
        words = self.names.repairer.words(stripped)
        only_not = self._aside.read(words, today)
        if only_not:
            return Reading(
                text=text, wants=Wants.NOT_UNDERSTOOD, rest=Rest(content=True, unread=(only_not,))
            )
        turning = self.pages.read(words)
        if turning.alone:
            return Reading(
                text=text,
                wants=Wants.PAGE,
                listing=Listing(page=turning.number, step=turning.step),
                taken=tuple(words.taken),
            )
        linking = self.accounts.read(stripped, words, self.names.repairer.words)
        if linking is not None and linking.explicit:
            return _of_accounts(text, linking)
        longer = [each for each in words.find(self._listener.wants) if len(each.phrase) > 1]
        places = self.places.read(words, longer)  # before the periods: Hà Nam is no "năm"
        time = self.periods.read(words, today)
        limit = self._how_many(words)
        numbers = self._numbers.read(words)
        words.take_all(self._levels, "level")
        found = self._listener.functional(words)
        meant = self._meaning.read(words, found, leaning)
        if settled:
            meant = replace(meant, indicators=tuple(settled), categories=(), content=False)
        taken = len(words.taken)
        reading = self._conclude(text, words, turning, time, places, found, meant, numbers)
        if linking is not None and not (
            reading.wants if linking.code else reading.indicators or reading.candidates
        ):
            return _of_accounts(text, linking)
        errand = self._errands.read(stripped, today, reading, subscribing=subscribing)
        if errand is not None:
            return errand
        if time.unreadable:
            return Reading(
                text=text,
                wants=Wants.NOT_UNDERSTOOD,
                time=time,
                rest=Rest(content=True, unread=time.unreadable),
            )
        if reading.wants == Wants.SUBSCRIPTION:  # words of sending in a question
            del words.taken[taken:]
            reading = self._conclude(
                text, words, turning, time, places, found, meant, numbers, sending=False
            )
        return (
            replace(reading, listing=replace(reading.listing, limit=limit))
            if limit is not None and reading.wants == Wants.RANKING
            else reading
        )

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
        words: Words,
        turning: Turning,
        time: OfTime,
        places: Places,
        found: list[Found],
        meant: Meant,
        numbers: Numbers,
        *,
        sending: bool = True,
    ) -> Reading:
        groups = self._groups(words, found, meant)
        left = self._unread(words, found, meant)
        if not sending:
            groups -= _SENDING - {"rhythm"}
        for indicator in meant.indicators:
            words.taken.append(
                Taken("indicator", self._typed(words, meant.explained), indicator.code)
            )
        for category in meant.categories:
            words.taken.append(
                Taken("category", self._typed(words, meant.explained), category.code)
            )
        seen = self._seen(groups, time, places, meant, self._chatter.read(words))
        changing = self._is_change(meant)
        time = _against_before(time, words.taken) if changing else time
        seen = replace(
            seen,
            time=time,
            quoted=numbers.quoted is not None,
            changing=changing,
            paced=_is_paced(meant),
        )
        wants = wanted(seen)
        for each in found:
            if each.group.removeprefix("filter:") in groups and each.group in self._shown(groups):
                words.taken.append(
                    Taken(
                        "wants",
                        " ".join(word.typed for word in words.row[each.start : each.end]),
                        each.group,
                    )
                )
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
                Candidate(claim.owner, round(claim.score, 3), claim.name)
                for claim in meant.claims
                if isinstance(claim.owner, Indicator) and claim.score >= NEAR
            )[:12],
            categories=categories,
            regions=places.regions,
            strangers=places.strangers,
            home=places.home,
            territory=places.territory,
            time=replace(time, grain=self._grain(words, seen) or time.grain),
            targets=_of_targets(seen, listed=wants == Wants.TARGETS),
            remarks=self._remarks(words, seen),
            listing=Listing(
                order=self._order(groups, words), limit=time.recent, page=turning.number
            ),
            quoted=numbers.quoted,
            threshold=numbers.threshold,
            rest=Rest(
                content=meant.content,
                vague=self._says_little(words, found, meant),
                unread=tuple(dict.fromkeys(word.typed for word in left)),
                strange=tuple(
                    dict.fromkeys(word.typed for word in left if not self._in_a_name(word))
                ),
            ),
            language=self._languages.asked(text, words) if wants == Wants.SETTINGS else None,
            taken=tuple(words.taken),
        )

    def _is_change(self, meant: Meant) -> bool:
        """Return whether the one indicator is a change itself, by its names."""
        phrases = self.vocabulary.change["names"]
        names = [f" {name.casefold()} " for each in meant.indicators for name in each.names]
        return len(meant.indicators) == 1 and any(
            f" {' '.join(phrase)} " in name for phrase in phrases for name in names
        )

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
            weak=not meant.claims or meant.claims[0].score < WEAK,
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
            follows=seen.says("follows") or self._goes_on(words),
            surveys=self._surveys(words),
            reckon=seen.says("reckon"),
            talk=seen.talk,
            total=any(
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

    def _goes_on(self, words: Words) -> bool:
        """Return whether a text begins as one that goes on: "còn …?"."""
        return any(
            each.group == "goes_on" and each.start == 0 for each in words.find(self._replies)
        )

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
            if each.group in self.vocabulary.wants:
                span = set(range(each.start, each.end))
                if span <= meant.explained and self._inside_name(words, each, meant):
                    continue
                groups.add(each.group)
        if "settings" in groups and not self._languages.is_about(words):
            groups.discard("settings")  # "điểm thi tiếng Anh"
        groups.update(each.group for each in words.find(self._replies))
        if any(each.group in KINDS for each in found):
            groups.add("asks")  # "mấy phần trăm?"
        return groups

    def _inside_name(self, words: Words, found: Found, meant: Meant) -> bool:
        """Whether a phrase stands in the name that was heard: "trợ giúp" in "trẻ em được trợ giúp"."""
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
        """Whether a word stands in a name with the marks that it was typed with."""
        holders = self.names.postings.get(word.bare, ())[:FEW]
        return any(
            agreement(word.text, each) >= TONE
            for place in holders
            for each in self.names.variants[place].words
        )

    def _says_little(self, words: Words, found: list[Found], meant: Meant) -> bool:
        """Whether the strongest claim explains less than half of the words that say something."""
        telling = self._listener.telling(words, found)
        matched = meant.claims[0].matched if meant.claims else frozenset()
        return len(telling & matched) * 2 < len(telling)

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
    owner = meant.claims[0].owner if meant.claims else None
    return owner is not None and chatter.within((owner.name, *owner.aliases))


def _of_accounts(text: str, linking: Linking) -> Reading:
    return Reading(
        text=text,
        wants=Wants.ACCOUNT,
        linking=linking,
        taken=(Taken("account", text.strip(), linking.act),),
    )


def _numeral(text: str) -> int | None:
    """The number that a word with its marks says, up to ten."""
    return next((number for number, word in enumerate(NUMERALS.values(), 1) if word == text), None)
