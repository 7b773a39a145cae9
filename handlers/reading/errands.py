"""Whether a text is about a subscription, what is to be done with which one, and what about."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from handlers.mood import Mood
from handlers.question import Reading, Rest, Wants
from handlers.reading.acts import ACTS, ActReader
from handlers.reading.heard import Neighbours
from handlers.reading.hours import HourReader
from handlers.reading.joined import JoinedReader
from handlers.reading.listening import Listener
from handlers.reading.meaning import MeaningReader
from handlers.reading.periods import PeriodReader
from handlers.reading.places import PlaceReader
from handlers.reading.requests import RequestReader
from handlers.reading.topics import Part, TopicReader
from handlers.reading.wants import RANKS
from handlers.reading.wishes import WishReader
from handlers.reading.words import Found, Words
from handlers.subscribing import Act, Errand, Facets
from locales.vocabulary import Vocabulary

_TELLING = ("báo", "nhắc", "nhắn", "dõi")
"""The last words of verbs that news is told by; what is sent when may be any figure."""
_CHANNEL = re.compile(
    r"(?:kênh|kenh|channel|cho|vào|vao|lên|len|tới|toi|đến|den|sang|trên|tren)\s+(@[a-z]\w{3,63})",
    re.IGNORECASE,
)
"""The name of a channel that something is to be sent to, and not somebody who is spoken to."""
DEEDS: frozenset[Act] = frozenset({"subscribe", "change", "pause", "resume", "end"})
"""What changes a subscription, and so is done only where the whole sentence asks for it."""
_SURVEYS = frozenset({"comparison", "series", "which_period"}) | RANKS


@dataclass(frozen=True)
class Spoken:
    """A text about subscriptions: its words and acts, and its parts around a turning word.

    `turned`: that word is "sang", with what is to be changed before it; else it is "vào" or "khỏi".
    """

    text: str
    words: Words
    acts: tuple[Found, ...]
    parts: tuple[Part, ...]
    split: int | None = None
    turned: bool = False
    subscribing: bool = False

    @property
    def which(self) -> Facets:
        if len(self.parts) == 1:
            return Facets()
        return self.parts[0].facets if self.turned else self.parts[1].facets

    @property
    def to(self) -> Facets:
        if len(self.parts) == 1 or not self.turned:
            return self.parts[0].facets
        return self.parts[1].facets

    @property
    def settled(self) -> frozenset[int]:
        """The words that say what a subscription is to be like, in the whole row."""
        if self.split is None:
            return self.parts[0].settled
        after = {place + self.split + 1 for place in self.parts[1].settled}
        return self.parts[0].settled | after | {self.split}


class ErrandReader:
    """Reads subscriptions with the readers of questions: they are about the same things."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        listener: Listener,
        joined: JoinedReader,
        meaning: MeaningReader,
        periods: PeriodReader,
        places: PlaceReader,
        requests: RequestReader,
    ) -> None:
        self._listener = listener
        self._requests = requests
        self._topics = TopicReader(vocabulary, listener, joined, meaning, periods, places, requests)
        neighbours = Neighbours(listener.pairs)
        hours = HourReader(vocabulary, neighbours, places.ends_at)
        self._acts = ActReader(vocabulary, neighbours, hours.is_morning)
        self._wishes = WishReader(vocabulary, neighbours, hours)

    def read(
        self, text: str, today: date, reading: Reading, *, subscribing: bool
    ) -> Reading | None:
        """Read a text as one about a subscription; None where it is a question.

        It is one where that is said. Else words of doing something ("đổi sang ngày 10", "tạm dừng")
        are about one only if nothing is left that could be anything else.
        """
        said = reading.wants == Wants.SUBSCRIPTION
        words = self._listener.repairer.words(text)
        acts = self._acts.find(words)
        if not (said or acts or subscribing):
            return None
        spoken = self._spoken(text, words, acts, subscribing=subscribing)
        act = self._acts.act(words, acts)
        if not (self._speaks(spoken) if said else self._goes_on(spoken, act, reading)):
            return None
        spoken = self._with_topics(spoken, today, viewing=act == "preview")
        errand = self._errand(spoken, act, said=said)
        if not (_stands(errand, reading, acts) if said else _stands_alone(errand, spoken)):
            return None
        return _reading_of(errand, spoken, reading)

    # ------------------------------------------------------------ what it is of

    def _spoken(
        self, text: str, words: Words, acts: tuple[Found, ...], *, subscribing: bool
    ) -> Spoken:
        """The text in its parts, with the wishes that each says."""
        cut = self._acts.turn(words, acts)
        split = self._acts.into(words, acts) if cut is None else cut
        rows = [words.row] if split is None else [words.row[:split], words.row[split + 1 :]]
        parts = [self._requests.without_receivers(Words(row)) for row in rows]
        heard = tuple(Part(part, self._wishes.read(part, self._acts.take)) for part in parts)
        return Spoken(text, words, acts, heard, split, cut is not None, subscribing)

    def _speaks(self, spoken: Spoken) -> bool:
        """Whether words of doing something or of digests are there, and not only their like."""
        return bool(
            spoken.acts
            or any(part.facets.digest for part in spoken.parts)
            or self._acts.telling(spoken.words)
        )

    def _goes_on(self, spoken: Spoken, act: Act | None, reading: Reading) -> bool:
        """Whether words that do not name a digest can be of one."""
        if not any(self._topics.left(part.words) for part in spoken.parts):
            return True
        alerting = spoken.parts[-1].facets.alerting and not reading.time.periods
        if alerting and not self._surveys(spoken.words, reading):
            return True
        return spoken.subscribing and act is not None and reading.wants != Wants.SETTINGS

    def _surveys(self, words: Words, reading: Reading) -> bool:
        """Whether figures are to be seen side by side: "theo dõi … qua các năm"."""
        if reading.wants in (Wants.SERIES, Wants.RANKING):
            return True
        return reading.wants == Wants.COMPARISON and any(
            found.group in _SURVEYS for found in self._listener.functional(Words(words.row))
        )

    # ------------------------------------------------------------ what is to be done

    def _errand(self, spoken: Spoken, act: Act | None, *, said: bool) -> Errand:
        act, mood = self._asked(spoken, act)
        deed = act or _unnamed(spoken, said=said)
        if act is None and self._acts.telling(spoken.words) is None:
            mood = _mood_of_bare(spoken, deed, mood)
        if act == "subscribe":
            deed, mood = _sent(spoken, mood)
        joining = self._acts.joining(spoken.words, spoken.acts)
        errand = Errand(deed, spoken.which, spoken.to, joining, turned=spoken.turned, mood=mood)
        return _arranged(errand, split=spoken.split is not None)

    def _asked(self, spoken: Spoken, act: Act | None) -> tuple[Act | None, Mood]:
        """The act that is meant and its mood: of several that are named, one that is asked for."""
        if act in ("list", "preview"):
            return act, Mood.REQUEST
        deeds = [found for found in spoken.acts if found.group in DEEDS]
        if not deeds:
            return act, self._mood(spoken, self._acts.telling(spoken.words))
        moods = [(found.group, self._mood(spoken, found)) for found in deeds]
        if act not in dict(moods):  # "không cần gửi biểu đồ": no ending
            return act, self._mood(spoken, replace(deeds[0], phrase=()))
        first = next((each for each in ACTS if (each, Mood.REQUEST) in moods), None)
        if first is not None:
            return first, Mood.REQUEST
        return act, next(mood for group, mood in moods if group == act)

    def _mood(self, spoken: Spoken, deed: Found | None) -> Mood:
        deeds = spoken.acts if deed is None else (*spoken.acts, deed)
        return self._requests.mood(
            spoken.text, spoken.words, deed, deeds=deeds, settled=spoken.settled
        )

    def _with_topics(self, spoken: Spoken, today: date, *, viewing: bool) -> Spoken:
        """Read what each part is about."""
        told = any(act.group == "subscribe" for act in spoken.acts)
        told = told or self._acts.telling(spoken.words) is not None
        read = self._topics.read
        parts = tuple(read(part, today, viewing=viewing, told=told) for part in spoken.parts)
        return replace(spoken, parts=parts)


def _unnamed(spoken: Spoken, *, said: bool) -> Act:
    """What is to be done where no word of doing says it."""
    to = spoken.to
    if to.alerting and (said or to.scope):  # "khi có số liệu mới về …" is not of a digest
        return "subscribe"
    if (spoken.subscribing and to.says) or (to.looks and not to.times and not to.scope):
        return "change"
    return "subscribe" if to.times or to.alerting else "offer"


def _mood_of_bare(spoken: Spoken, deed: Act, mood: Mood) -> Mood:
    """A new digest that is only named, out of a talk about them, is not asked for."""
    bare = deed == "subscribe" and mood is Mood.REQUEST and not spoken.subscribing
    return Mood.UNSURE if bare else mood


def _sent(spoken: Spoken, mood: Mood) -> tuple[Act, Mood]:
    """What is meant by words of sending: once or again and again, or in another shape."""
    to = spoken.to
    if spoken.subscribing and _only_looks(to):
        return "change", mood  # "gửi bản đầy đủ nhé"
    sending = all(act.phrase == ("gửi",) for act in spoken.acts)
    if mood is not Mood.REQUEST or to.alerting or not sending:
        return "subscribe", mood
    if to.now and not to.regular:
        return ("preview", mood) if to.at is None else ("subscribe", Mood.LATER)
    return ("offer" if to.digest and not to.times else "subscribe"), mood


def _only_looks(to: Facets) -> bool:
    return to.looks and not (to.digest or to.times or to.scope or to.alerting)


def _arranged(errand: Errand, *, split: bool) -> Errand:
    """The errand with its facets where they belong: what is ended is named, not described."""
    to = errand.to
    chooses = errand.act in ("end", "pause", "resume", "list", "preview")
    if chooses or (errand.act == "change" and to.digest and not to.says):
        return replace(errand, which=to, to=Facets())
    if errand.act == "change" and not split:
        return replace(errand, which=Facets(digest=to.digest, alerting=to.alerting))
    return errand


def _stands(errand: Errand, reading: Reading, acts: tuple[Found, ...]) -> bool:
    """Whether words that speak of sending do so of a digest: a year is asked for, not sent."""
    to = errand.to
    if errand.act != "subscribe" or to.digest or any("đăng" in act.phrase for act in acts):
        return True
    if to.alerting:
        return bool(to.alerts) or any(act.phrase[-1] in _TELLING for act in acts)
    return not reading.time.periods or to.day is not None or to.weekday is not None


def _stands_alone(errand: Errand, spoken: Spoken) -> bool:
    """Whether words are of a subscription though none was named.

    "thêm biểu đồ" after a figure asks for its picture: only what is left out, or turned into,
    is of a digest.
    """
    changing = spoken.subscribing and errand.act == "change"
    if _has_lost_words(errand) and not changing:
        return False
    match errand.act:
        case "subscribe":
            return _subscribes_alone(errand.to, spoken.acts)
        case "offer":
            return False
        case "change":
            return _changes_alone(errand.to, spoken)
        case _:
            return spoken.subscribing or any(len(act.phrase) > 1 for act in spoken.acts)


def _has_lost_words(errand: Errand) -> bool:
    return any(facets.unread or facets.aside or facets.near for facets in (errand.to, errand.which))


def _subscribes_alone(to: Facets, acts: tuple[Found, ...]) -> bool:
    if acts and all(act.phrase == ("nhận",) for act in acts):
        return False  # "số người nhận trợ cấp hằng tháng"
    named = any("đăng" in act.phrase for act in acts)
    followed = to.alerting and to.scope and not to.unclear
    return (named and not to.scope) or to.times or followed


def _changes_alone(to: Facets, spoken: Spoken) -> bool:
    if spoken.subscribing:
        return to.says
    left_out = False in (to.chart, to.workbook)
    turned = spoken.turned and to.looks and to.chart is not True
    return to.times or left_out or turned or to.asks_day or to.asks_hour


def _reading_of(errand: Errand, spoken: Spoken, reading: Reading) -> Reading:
    channel = _CHANNEL.search(reading.text)
    errand = replace(errand, target=channel[1] if channel else "")
    about = errand.to if errand.to.scope else errand.which
    heard = [part.facets for part in spoken.parts]
    unread = tuple(word for facets in heard for word in (*facets.unread, *facets.aside))
    return Reading(
        text=reading.text,
        wants=Wants.SUBSCRIPTION,
        indicators=about.indicators,
        categories=about.categories,
        regions=about.regions,
        errand=errand,
        rest=Rest(unread=unread),
        taken=tuple(taken for part in spoken.parts for taken in part.words.taken),
    )
