"""Whether a text is about a subscription, what is to be done with which one, and what that is to be
about.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from db.facts import Category, Indicator
from handlers.question import Reading, Rest, Wants
from handlers.reading.deciding import Meant
from handlers.reading.hearing import Listener
from handlers.reading.joined import JoinedReader
from handlers.reading.meaning import MeaningReader
from handlers.reading.periods import PeriodReader
from handlers.reading.places import PlaceReader
from handlers.reading.wants import RANKS
from handlers.reading.wishes import WishReader
from handlers.reading.words import Found, Lexicon, Words
from handlers.subscribing import Errand, Facets
from locales.vocabulary import Vocabulary

_TELLING = ("báo", "nhắc", "nhắn", "dõi")
"""The last words of verbs that news is told by; what is sent when may be any figure."""
_CHANNEL = re.compile(
    r"(?:kênh|kenh|channel|cho|vào|vao|lên|len|tới|toi|đến|den|sang|trên|tren)\s+(@[a-z]\w{3,63})",
    re.IGNORECASE,
)
"""The name of a channel that something is to be sent to, and not somebody who is spoken to."""
LIKELY = 0.60
"""A claim from which an indicator is offered to be subscribed to, beside the fields of work."""


class ErrandReader:
    """Reads with the readers of questions: a subscription is about the same indicators, places and
    periods.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        listener: Listener,
        joined: JoinedReader,
        meaning: MeaningReader,
        periods: PeriodReader,
        places: PlaceReader,
    ) -> None:
        self._names = listener.names
        self._listener = listener
        self._joined = joined
        self._meaning = meaning
        self._periods = periods
        self._places = places
        self._wishes = WishReader(vocabulary, listener.pairs)
        self._topics = Lexicon({"topic": vocabulary.wishes["topic"]}, loose=True)

    def read(
        self, text: str, today: date, reading: Reading, *, subscribing: bool
    ) -> Reading | None:
        """The text read as one about a subscription; None where it is a question.

        It is one where that is said. Else words of doing something ("đổi sang ngày 10", "tạm dừng")
        are about one only if nothing is left that could be anything else.
        """
        said = reading.wants == Wants.SUBSCRIPTION
        words = self._names.repairer.words(text)
        acts = self._wishes.acts(words)
        if not (said or acts or subscribing):
            return None
        act = self._wishes.act(words, acts)
        joining = self._wishes.joining(words, acts)
        cut = self._wishes.turn(words, acts)
        into = self._wishes.into(words, acts) if cut is None else None
        split = cut if cut is not None else into
        parts = (
            [Words(words.row)]
            if split is None
            else [Words(words.row[:split]), Words(words.row[split + 1 :])]
        )
        heard = [self._wishes.read(part) for part in parts]
        if not said and any(self._left(part) for part in parts):
            following = (
                heard[-1].alerting
                and not reading.time.periods
                and not self._surveys(words, reading)
            )
            if not (
                following or (subscribing and act is not None and reading.wants != Wants.SETTINGS)
            ):
                return None
        heard = [
            self._about(part, facets, today, viewing=act == "preview")
            for part, facets in zip(parts, heard, strict=True)
        ]
        which, to = (
            (Facets(), heard[0])
            if split is None
            else (heard[0], heard[1])
            if into is None
            else (heard[1], heard[0])
        )
        unread = tuple(word for each in heard for word in (*each.unread, *each.aside))
        if act is None:
            act = (
                "change"
                if (subscribing and to.says) or (to.looks and not to.times and not to.scope)
                else "offer"
            )
            anew = to.alerting and (
                said or to.scope
            )  # "khi có số liệu mới về …" is another one than a digest
            act = "subscribe" if anew or (act == "offer" and (to.times or to.alerting)) else act
        elif act == "subscribe" and self._wishes.wonders(words, acts):
            act = "offer"
        elif (
            act == "subscribe"
            and not to.alerting
            and (to.asks_day or to.asks_hour or any(map(self._wishes.asks, parts)))
        ):
            act = "list"  # "bản tin gửi lúc mấy giờ"
        elif (
            act == "subscribe"
            and subscribing
            and to.looks
            and not (to.digest or to.times or to.scope or to.alerting)
        ):
            act = "change"  # "gửi bản đầy đủ nhé"
        errand = Errand(act, which, to, joining, turned=cut is not None)
        if errand.act in ("end", "pause", "resume", "list", "preview") or (
            errand.act == "change" and to.digest and not to.says
        ):
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
            wants=Wants.SUBSCRIPTION,
            indicators=about.indicators,
            categories=about.categories,
            regions=about.regions,
            errand=errand,
            rest=Rest(unread=unread),
            taken=tuple(taken for part in parts for taken in part.taken),
        )

    def _surveys(self, words: Words, reading: Reading) -> bool:
        """Whether figures are to be seen side by side: "theo dõi … qua các năm", but not two that
        are only followed.
        """
        if reading.wants in (Wants.SERIES, Wants.RANKING):
            return True
        looks = {"comparison", "series", "which_period"} | RANKS
        return reading.wants == Wants.COMPARISON and any(
            each.group in looks for each in self._listener.functional(Words(words.row))
        )

    @staticmethod
    def _stands(errand: Errand, reading: Reading, acts: list[Found]) -> bool:
        """Whether words that speak of sending do so of a digest: a year is errand for, not sent for
        ever.
        """
        to = errand.to
        if errand.act != "subscribe" or to.digest or any("đăng" in each.phrase for each in acts):
            return True
        if to.alerting:
            return bool(to.alerts) or any(each.phrase[-1] in _TELLING for each in acts)
        return not (reading.indicators and any(each.is_year for each in reading.time.periods))

    @staticmethod
    def _stands_alone(
        errand: Errand, acts: list[Found], *, subscribing: bool, turned: bool
    ) -> bool:
        """Whether words are of a subscription though none was named; `turned`: something is to
        become something else.

        "thêm biểu đồ" after a figure asks for its picture: only what is left out, or turned into,
        is of a digest.
        """
        to, which = errand.to, errand.which
        if any(each.unread or each.aside or each.near for each in (to, which)) and not (
            subscribing and errand.act == "change"
        ):
            return False
        match errand.act:
            case "subscribe":
                known = any("đăng" in each.phrase for each in acts)
                return (
                    (known and not to.scope)
                    or to.times
                    or (to.alerting and to.scope and not to.unclear)
                )
            case "offer":
                return False
            case "change":
                if subscribing:
                    return to.says
                looks = False in (to.chart, to.workbook) or (
                    turned and to.looks and to.chart is not True
                )
                return to.times or looks or to.asks_day or to.asks_hour
            case _:
                return subscribing or any(len(each.phrase) > 1 for each in acts)

    def _left(self, words: Words) -> bool:
        """Whether words are left that neither a wish nor talk took."""
        silent = {
            place
            for each in self._listener.talk.find(words.row)
            for place in range(each.start, each.end)
        }
        return any(words.free(place) and place not in silent for place in range(len(words)))

    def _about(self, words: Words, facets: Facets, today: date, *, viewing: bool) -> Facets:
        """What a subscription is to be about: fields of work, indicators, places, and what could
        not be placed.
        """
        places = self._places.read(words)
        if facets.alerting:
            self._periods.read(words, today)  # new figures of whatever period are told
        elif viewing:
            time = self._periods.read(words, today)
            facets = replace(facets, dated=time.said)
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
        near = [
            each.owner
            for each in meant.claims
            if isinstance(each.owner, Indicator) and each.score >= LIKELY
        ]
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
        """Where a word that is left stands where the topic does: "bản tin *giá vàng*", but not
        "*sếp* bảo đăng ký".

        A word with other marks than talk has is of the topic if the next one is left: "số liệu *du
        lịch*" is no "đủ".
        """
        row, talk = words.row, self._listener.talk.find(words.row)
        silent = {place for each in talk for place in range(each.start, each.end)}
        exact = {
            place
            for each in talk
            for place in range(each.start, each.end)
            if row[place].text == each.phrase[place - each.start]
        }
        free = {
            place for place in range(len(row)) if words.free(place) and place not in meant.explained
        }
        left = free - silent
        for place in sorted({each.end for each in self._topics.find(row)} & free):
            if row[place].breaks:
                continue
            if place in left:
                return (place,)
            if place not in exact and place + 1 in left and not row[place + 1].breaks:
                return place, place + 1
        return ()
