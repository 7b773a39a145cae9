"""What a subscription is to be about: fields of work, indicators, places, and what is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from db.facts import Category, Indicator
from handlers.reading.joined import JoinedReader
from handlers.reading.listening import Listener
from handlers.reading.meaning import MeaningReader, Meant
from handlers.reading.periods import PeriodReader
from handlers.reading.places import PlaceReader
from handlers.reading.requests import RequestReader, places_of
from handlers.reading.words import Found, Lexicon, Words
from handlers.subscribing import Facets
from locales.vocabulary import Vocabulary

LIKELY = 0.60
"""A claim from which an indicator is offered to be subscribed to, beside the fields of work."""
MOST_NEAR = 6
_SETTLED = frozenset({"wish", "once", "place"})
"""Readers whose words say what a subscription is to be like, and nothing of a mood."""

Owner = Indicator | Category


@dataclass(frozen=True)
class Part:
    """What stands on one side of the word that something is turned by, and what it says.

    `settled` are the places of words that only say what a subscription is to be like.
    """

    words: Words
    facets: Facets
    settled: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Topic:
    """What is named, where it stands, and whether several are joined."""

    owners: tuple[Owner, ...] = ()
    places: frozenset[int] = frozenset()
    joined: bool = False


class TopicReader:
    """Reads with the readers of questions: a subscription is about the same things."""

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
        self._joined = joined
        self._meaning = meaning
        self._periods = periods
        self._places = places
        self._requests = requests
        self._heads = Lexicon({"topic": vocabulary.wishes["topic"]}, loose=True)

    def read(self, part: Part, today: date, *, viewing: bool, told: bool) -> Part:
        """Read what a part is about; `told`: words ask to be told of news."""
        words = part.words
        places = self._places.read(words)
        facets = self._dated(part, today, viewing=viewing)
        found = self._listener.functional(words)
        meant = self._meaning.read(words, found, ())
        topic = self._topic(words, found, meant, alerting=facets.alerting)
        begun = self._begun(words, topic)
        rest = self._rest(words, found, topic, begun)
        facets = replace(facets, regions=places.regions, strangers=places.strangers)
        facets = _with_owners(facets, topic, meant, _typed(words, begun, rest), begun=bool(begun))
        named = _in_a_row(self._own_places(words, topic.owners)) | frozenset(begun)
        news = told and facets.alerting and _is_news(words, facets, named.union(rest))
        return Part(words, facets, _settled(words, news=news) | named)

    def _dated(self, part: Part, today: date, *, viewing: bool) -> Facets:
        """Take periods: news is told of whatever period, a digest is seen as of now."""
        if not (part.facets.alerting or viewing):
            return part.facets
        time = self._periods.read(part.words, today)
        return part.facets if part.facets.alerting else replace(part.facets, dated=time.said)

    def _topic(self, words: Words, found: list[Found], meant: Meant, *, alerting: bool) -> Topic:
        """Find what is named: joined names by their own words, else what is meant."""
        owners = self._joined.each_named(words, found, alerting=alerting)
        if owners:
            joined = bool(self._joined.cuts(words))
            own = self._own_places(words, owners)
            return Topic(tuple(owners), own | meant.explained, joined)
        likely = meant.indicators or meant.categories
        return Topic(likely, meant.explained if likely else frozenset())

    def _own_places(self, words: Words, owners: Sequence[Owner]) -> frozenset[int]:
        """Give where words of the names of what is named stand."""
        names = (name for owner in owners for name in (owner.name, *owner.aliases))
        bares = {bare for name in names for bare in self._listener.folded(name)}
        return frozenset(place for place, word in enumerate(words.row) if word.bare in bares)

    # ------------------------------------------------------------ what is left

    def left(self, words: Words) -> bool:
        """Tell whether words are left that no wish, talk or mood took."""
        silent = self._silent(words)
        return any(words.free(place) and place not in silent for place in range(len(words)))

    def _silent(self, words: Words) -> frozenset[int]:
        row = words.row
        return places_of((*self._listener.talk.find(row), *self._requests.marks(row)))

    def _rest(
        self, words: Words, found: list[Found], topic: Topic, begun: tuple[int, ...]
    ) -> list[int]:
        """Give where words stand that nothing was made of, out of a topic."""
        silent = places_of(self._requests.marks(words.row))
        telling = self._listener.telling(words, found) - topic.places - silent
        return sorted(telling.difference(begun))

    def _begun(self, words: Words, topic: Topic) -> tuple[int, ...]:
        """Find where a word that is left stands where the topic does: "bản tin *giá vàng*".

        A word with other marks than talk has is of the topic if the next one is left: "số liệu *du
        lịch*" is no "đủ".
        """
        free = {place for place in range(len(words)) if words.free(place)} - topic.places
        left = free - self._silent(words)
        heads = {head.end for head in self._heads.find(words.row)} & free
        begins = (place for place in sorted(heads) if not words.row[place].breaks)
        for place in begins:
            if place in left:
                return (place,)
            if self._goes_on(words, place, left):
                return place, place + 1
        return ()

    def _goes_on(self, words: Words, place: int, left: set[int]) -> bool:
        """Tell whether a word of talk is another one, for the next one is left."""
        if place + 1 not in left or words.row[place + 1].breaks:
            return False
        return not any(
            phrase.start <= place < phrase.end
            and words.row[place].text == phrase.phrase[place - phrase.start]
            for phrase in self._listener.talk.find(words.row)
        )


def _with_owners(
    facets: Facets, topic: Topic, meant: Meant, left: tuple[str, ...], *, begun: bool
) -> Facets:
    """Say what is named, else what is near; words that are left are of a topic, or aside."""
    left = () if topic.joined else left
    asked = bool(topic.owners) or facets.alerting or begun
    return replace(
        facets,
        indicators=tuple(each for each in topic.owners if isinstance(each, Indicator)),
        categories=tuple(each for each in topic.owners if isinstance(each, Category)),
        near=_near(meant) if asked and not topic.owners else (),
        unread=left if asked else (),
        aside=() if asked else left,
    )


def _near(meant: Meant) -> tuple[Indicator, ...]:
    """The indicators that are likely enough to be offered."""
    likely = [claim.owner for claim in meant.claims if claim.probability >= LIKELY]
    return tuple(owner for owner in likely if isinstance(owner, Indicator))[:MOST_NEAR]


def _in_a_row(places: frozenset[int]) -> frozenset[int]:
    """The places that stand beside another one: a single word of a name is likely no name."""
    return frozenset(place for place in places if {place - 1, place + 1} & places)


def _typed(words: Words, begun: tuple[int, ...], rest: list[int]) -> tuple[str, ...]:
    """The words that nothing was made of as they were typed, those of a topic first."""
    topic = (" ".join(words.row[place].typed for place in begun),) if begun else ()
    left = dict.fromkeys((*topic, *(words.row[place].typed for place in rest)))
    return tuple(word for word in left if any(map(str.isalnum, word)))


def _owned(words: Words, *readers: str) -> list[int]:
    return [place for place, owner in enumerate(words.owner) if owner in readers]


def _is_news(words: Words, facets: Facets, topics: frozenset[int]) -> bool:
    """Whether it is news that something hangs on: "khi *hộ nghèo* thay đổi thì báo"."""
    begins = _owned(words, "once")
    if facets.alerts or not begins:
        return True
    last = next(place for place in begins if place + 1 not in begins)
    end = min((at for at in _owned(words, "act", "once") if at > last), default=len(words))
    return not topics.isdisjoint(range(last + 1, end))


def _settled(words: Words, *, news: bool) -> frozenset[int]:
    """The words that only say what a subscription is to be like.

    With word at once they go on from "khi" to the news: "khi *chỉ tiêu nào* không đạt". Where it is
    not news that something hangs on, "nếu" is none of them.
    """
    places, begins = frozenset(_owned(words, *_SETTLED)), _owned(words, "once")
    if not begins:
        return places
    if not news:
        return places.difference(begins)
    return places.union(range(min(begins), max(places) + 1))
