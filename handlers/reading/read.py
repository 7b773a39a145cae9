"""Reads a question facet by facet: period, place, indicator, what is wanted; each takes its words and leaves the rest."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from db.facts import Catalogue, Category, Indicator
from handlers.linking import Linking
from handlers.question import Candidate, Reading, Taken
from handlers.reading.accounts import AccountReader
from handlers.reading.deciding import Meant
from handlers.reading.hearing import KINDS, Listener
from handlers.reading.indicators import NEAR, NUMERALS, Names
from handlers.reading.joined import JoinedReader
from handlers.reading.meaning import MeaningReader
from handlers.reading.pages import PageReader, Turning
from handlers.reading.periods import PeriodReader, Periods
from handlers.reading.places import PlaceReader, Places
from handlers.reading.spelling import TONE, agreement, fold
from handlers.reading.wants import FILTERS, Seen, wanted
from handlers.reading.wishes import WishReader
from handlers.reading.words import Found, Lexicon, Word, Words
from handlers.subscribing import Errand, Facets
from locales.vocabulary import Vocabulary

FEW = 200
"""Names that are looked through for a word with its marks."""
MOST_RANKED = 63
"""There were never more provinces."""
WEAK = 0.40
"""A claim below which greeting or asking for help outweighs it."""
LIKELY = 0.60
"""A claim from which an indicator is offered to be subscribed to, beside the fields of work."""
_SENDING = {"subscription", "send", "tell", "rhythm", "when"}
_TELLING = ("báo", "nhắc", "nhắn", "dõi")
"""The last words of verbs that news is told by; what is sent when may be any figure."""
_CHANNEL = re.compile(r"(?:kênh|kenh|channel|cho|vào|vao|lên|len|tới|toi|đến|den|sang|trên|tren)\s+(@[a-z]\w{3,63})", re.IGNORECASE)
"""The name of a channel that something is to be sent to, and not somebody who is spoken to."""


class Reader:
    """Reads questions over one version of a catalogue; made once, then only read from."""

    def __init__(self, catalogue: Catalogue, vocabulary: Vocabulary) -> None:
        self.catalogue = catalogue
        self.vocabulary = vocabulary
        self.names = Names.of(catalogue, vocabulary)
        self._listener = Listener(self.names, vocabulary)
        self._joined = JoinedReader(self.names, vocabulary, self._listener)
        self._meaning = MeaningReader(self.names, vocabulary, self._listener, self._joined)
        pairs = self._listener.pairs
        self.pages = PageReader(vocabulary, pairs)
        self.accounts = AccountReader(vocabulary, pairs)
        self.periods = PeriodReader(vocabulary, pairs)
        self.places = PlaceReader(catalogue, vocabulary, pairs, self.names.postings)
        self.wishes = WishReader(vocabulary, pairs)
        self._but_not = Lexicon({"but not": vocabulary.replies["but_not"]})
        self._but = frozenset(phrase[0] for phrase in vocabulary.replies["but"])
        self._languages = Lexicon(vocabulary.languages)
        self._replies = Lexicon(vocabulary.replies)
        self._ranked = Lexicon({"places": vocabulary.places["ranked"]})
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
        longer = [each for each in words.find(self._listener.wants) if len(each.phrase) > 1]
        places = self.places.read(words, longer)
        found = self._listener.functional(words)
        meant = self._meaning.read(words, found, leaning)
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
        ranking = [each for each in words.find(self._listener.wants) if each.group == "ranking"]
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
        return reading.wants == "comparison" and any(each.group in looks for each in self._listener.functional(Words(words.row)))

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
        silent = {place for each in self._listener.talk.find(words.row) for place in range(each.start, each.end)}
        return any(words.free(place) and place not in silent for place in range(len(words)))

    def _about(self, words: Words, facets: Facets, today: date, *, viewing: bool) -> Facets:
        """What a subscription is to be about: fields of work, indicators, places, and what could not be placed."""
        places = self.places.read(words)
        if facets.alerting:
            self.periods.read(words, today)  # new figures of whatever period are told
        elif viewing:
            said = self.periods.read(words, today)
            facets = replace(facets, dated=bool(said.periods or said.marks))
        found = self._listener.functional(words)
        meant = self._meaning.read(words, found, ())
        begun = self._begun_topic(words, meant)
        topic = (" ".join(words.row[place].typed for place in begun),) if begun else ()
        unread = sorted((self._listener.telling(words, found) - meant.explained).difference(begun))
        left = tuple(dict.fromkeys((*topic, *(words.row[place].typed for place in unread))))
        owners = self._joined.each_named(words, found, alerting=facets.alerting)
        if owners:
            left = () if self._joined.cuts(words) else left
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
        row, talk = words.row, self._listener.talk.find(words.row)
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
        if any(each.group == "count" and "tổng" in each.phrase for each in words.find(self._listener.measures)):
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
            before = words.row[each.start - 1].bare if each.start else ""
            turned = each.group == "filter:exceeded" and before in self._listener.negations
            groups.update({"target", "not_exceeded"} if turned else {each.group.removeprefix("filter:")})
        for each in found:
            if each.group in self.vocabulary.wants:
                span = set(range(each.start, each.end))
                if span <= meant.explained and self._inside_name(words, each, meant):
                    continue
                groups.add(each.group)
        groups.update(each.group for each in words.find(self._replies))
        if any(each.group in KINDS for each in found):
            groups.add("asks")  # "mấy phần trăm?"
        return groups

    def _inside_name(self, words: Words, found: Found, meant: Meant) -> bool:
        """Whether a phrase stands in the name that was heard: "trợ giúp" in "trẻ em được trợ giúp"."""
        bare = [word.bare for word in words.row[found.start : found.end]]
        names = {claim.name for claim in meant.claims[:1]} | {name for each in meant.indicators for name in each.names}
        for name in names:
            folded = self._listener.folded(name)
            if any(folded[at : at + len(bare)] == bare for at in range(len(folded))):
                return True
        return False

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
        telling = self._listener.telling(words, found)
        matched = meant.claims[0].matched if meant.claims else frozenset()
        return len(telling & matched) * 2 < len(telling)

    def _unread(self, words: Words, found: list[Found], meant: Meant) -> list[Word]:
        return [words.row[place] for place in sorted(self._listener.telling(words, found) - meant.explained)]


def _of_accounts(text: str, linking: Linking) -> Reading:
    return Reading(text=text, wants="account", linking=linking, taken=(Taken("account", text.strip(), linking.act),))


def _numeral(text: str) -> int | None:
    """The number that a word with its marks says, up to ten."""
    return next((number for number, word in enumerate(NUMERALS.values(), 1) if word == text), None)
