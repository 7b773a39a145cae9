"""Which places the words name: known ones, "tỉnh ta", and those that no figures are kept of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from db.facts import Catalogue, Region
from handlers.question import Territory
from handlers.reading.spelling import agreement, fold, spell
from handlers.reading.words import Found, Lexicon, Word, Words
from locales.vocabulary import Phrase, Vocabulary

CITY = "city"
LIKE = 0.9
"""The agreement of a word that may be meant."""
WITHOUT_MARKS = 0.98
"""The agreement of a word that lacks marks."""
_YEAR_WORDS = frozenset({"nam", "thang", "qui"})
"""Bare words that begin a period where a number follows."""
_NO_TINH = frozenset({"cap", "cac", "lien", "dac"})
_ALL = frozenset({"cũng", "đều"})
""" "Xã nào *cũng* …" asks nothing of the places."""
_ALL = frozenset({"cũng", "đều"})
""" "Xã nào *cũng* …" asks nothing of the places."""
_NO_HOME = frozenset({"nao", "khac", "hinh"})
"""Bare words before and behind which "tỉnh" is not the home province: cấp tỉnh, tỉnh nào."""


@dataclass(frozen=True, slots=True)
class Home:
    """The home region, named without its name: "tỉnh ta"."""


@dataclass(frozen=True, slots=True)
class Stranger:
    """A place that the store does not know, as it was typed."""

    typed: str


@dataclass(frozen=True, slots=True)
class Spot:
    """What the words from `start` to before `end` say of places."""

    start: int
    end: int
    what: Region | Stranger | Home | Territory

    @property
    def meaning(self) -> str:
        match self.what:
            case Region() as region:
                return region.name
            case Home():
                return "home"
            case Territory() as territory:
                return f"{territory} territory"
            case _:
                return "unknown place"


@dataclass(frozen=True, slots=True)
class Places:
    """The places that were named.

    Of units that share a name the newest is given; which one is meant follows from the period.
    `strangers` are places that the store does not know: below the province, parts of the country,
    abroad. `home`: "tỉnh ta", "toàn tỉnh". `possible`: names that were left, as they may be other
    words ("dien bien"). `territory`: "theo địa giới mới", "trước sáp nhập", "Thái Nguyên cũ".
    """

    regions: tuple[Region, ...] = ()
    strangers: tuple[str, ...] = ()
    home: bool = False
    possible: tuple[str, ...] = ()
    territory: Territory | None = None

    @property
    def said(self) -> bool:
        """Whether any place was named."""
        return bool(self.regions or self.strangers) or self.home


class PlaceReader:
    """Reads places with the regions of a catalogue."""

    def __init__(
        self,
        catalogue: Catalogue,
        words: Vocabulary,
        pairs: frozenset[tuple[str, str]],
        known: Iterable[str],
    ) -> None:
        """`pairs` are neighbours in names of indicators, `known` their bare words."""
        self._known = {fold(word) for phrase in words.qualifiers for word in phrase} | set(known)
        self._catalogue = catalogue
        self._pairs = pairs
        names = _names(catalogue)
        provinces = {phrase for phrases in names.values() for phrase in phrases}
        self._names = Lexicon(names)
        self._spoken = {_bare(phrase) for phrase in words.phrases() if phrase not in provinces}
        self._districts = Lexicon(
            {"district": [one for one in words.districts if self._is_district(one, provinces)]}
        )
        self._abroad = Lexicon({"abroad": words.places["abroad"]})
        self._countries = Lexicon(
            {
                "abroad": [
                    (*towards, *country)
                    for towards in words.places["towards"]
                    for country in words.places["countries"]
                ]
            }
        )
        self._home = Lexicon({"home": words.places["home"]})
        self._us = Lexicon({"us": words.places["us"]})
        self._against_us = Lexicon({"against": words.places["against_us"]})
        self._levels = Lexicon({"level": words.places["levels"]})
        self._territories = Lexicon(
            {each.value: words.places[f"{each.value}_territory"] for each in Territory}
        )
        self._links = Lexicon({"link": (*words.places["links"], *words.places["beside"])})
        self._behind = Lexicon({"behind": words.places["behind"]})
        self._below = words.places["below"]
        self._above = words.places["ranked"]
        self._which = Lexicon({"which": words.places["which"]})
        self._each = Lexicon({"each": words.places["each"]})
        self._numbered = words.places["numbered"]
        self._level_words = tuple(word for phrase in words.places["levels"] for word in phrase)
        self._talk = frozenset(fold(phrase[0]) for phrase in words.talk if len(phrase) == 1)

    def _is_district(self, phrase: Phrase, provinces: set[Phrase]) -> bool:
        """Whether a district's name is no province's, and no other words: La Gi is là gì."""
        return phrase not in provinces and len(phrase) > 1 and _bare(phrase) not in self._spoken

    # ------------------------------------------------------------ the whole

    def read(self, words: Words, phrases: Sequence[Found] = ()) -> Places:
        """Takes every free word that names a place.

        `phrases` are of several words, in which "tinh" is no tỉnh.
        """
        spots = list(self._spots(words, phrases))
        regions = [spot.what for spot in spots if isinstance(spot.what, Region)]
        strangers = [spot.what.typed for spot in spots if isinstance(spot.what, Stranger)]
        territories = [spot.what for spot in spots if isinstance(spot.what, Territory)]
        return Places(
            tuple(dict.fromkeys(regions)),
            tuple(strangers),
            any(isinstance(spot.what, Home) for spot in spots),
            tuple(self._possible(words)),
            territories[-1] if territories else None,
        )

    def named(self, words: Words, phrases: Sequence[Found] = ()) -> tuple[Spot, ...]:
        """The places that free words name, without taking them."""
        return tuple(self._spots(words.apart(), phrases))

    def _spots(self, words: Words, phrases: Sequence[Found]) -> Iterator[Spot]:
        """Yield the places, each taking its words before the next is looked for."""
        readers: tuple[Callable[[Words], Iterator[Spot]], ...] = (
            self._told_territories,
            self._provinces,
            self._former,
            self._foreign,
            self._of_districts,
            self._which_below,
            self._below_province,
        )
        for read in readers:
            for spot in read(words):
                words.take(spot.start, spot.end, "place", spot.meaning)
                yield spot
        for spot in (*self._homes(words, phrases), *self._of_us(words)):
            words.take(spot.start, spot.end, "place", spot.meaning)
            yield spot

    # ------------------------------------------------------------ provinces, regions, the country

    def _provinces(self, words: Words) -> Iterator[Spot]:
        place = 0
        while place < len(words):
            found = self._name_at(words, place)
            if found is None or not self._is_meant(words, found):
                place += 1
                continue
            start, level = self._level_before(words, found.start)
            if level in self._below and not self._is_city(found.group):
                yield Spot(start, found.end, _stranger(words, start, found.end))
            else:
                yield Spot(start, found.end, self._catalogue.namesakes(found.group)[-1])
            place = found.end

    def ends_at(self, row: list[Word], place: int) -> int | None:
        """Give the end of the name of a place that begins at a word; None where none does."""
        words = Words(row)
        found = self._name_at(words, place)
        return found.end if found is not None and self._is_meant(words, found) else None

    def _is_meant(self, words: Words, found: Found) -> bool:
        """Whether a name is a place here, and no other words."""
        if words.marked and _has_other_marks(words, found):
            return False  # "nhà đa năng"
        return not self._is_doubtful(words, found) or self._fits(words, found)

    def _name_at(self, words: Words, place: int) -> Found | None:
        """The longest name of free words that begins at a place, of equals that with its marks."""
        if words.bares[place] not in self._names.first:
            return None
        found = [one for one in self._names.at(words.row, place) if words.free(one.start, one.end)]
        if len(found) < 2:
            return found[0] if found else None
        return max(found, key=lambda one: (one.end, not _lacks_marks(words, one)))

    def _is_city(self, name: str) -> bool:
        """Whether a unit of this name is or was a city of the country itself."""
        return any(region.level == CITY for region in self._catalogue.namesakes(name))

    def _possible(self, words: Words) -> Iterator[str]:
        """Yield the names that were left to other words."""
        for place in range(len(words)):
            found = self._name_at(words, place)
            if found is not None and not self._is_in_name(words, found):
                yield found.group

    def _is_doubtful(self, words: Words, found: Found) -> bool:
        """Whether a name may be other words: "dien bien" is diễn biến, "nghe an toan" nghề an toàn.

        It is as it stands where it has its marks, or a large letter among small ones.
        """
        lacking = _lacks_marks(words, found)
        if not lacking or (words.row[found.start].typed[:1].isupper() and not words.titled):
            return False
        alone = found.end - found.start == 1
        other = alone or _bare(found.phrase) in self._spoken
        return (
            other or words.marked or self._is_in_name(words, found) or self._straddles(words, found)
        )

    def _is_in_name(self, words: Words, found: Found) -> bool:
        """Whether names of indicators have these words: "nhà đa năng"."""
        pairs = zip(
            words.bares[found.start : found.end],
            words.bares[found.start + 1 : found.end],
            strict=False,
        )
        return any(pair in self._pairs for pair in pairs)

    def _straddles(self, words: Words, found: Found) -> bool:
        """Whether its first or last word is one with the word beside: "lao *cai nghiện*"."""
        ends = [(found.start - 1, found.start), (found.end - 1, found.end)]
        pairs = [
            (words.bares[one], words.bares[other])
            for one, other in ends
            if one >= 0 and other < len(words) and not words.row[other].breaks
        ]
        return any(pair in self._pairs or pair in self._spoken for pair in pairs)

    def _fits(self, words: Words, found: Found) -> bool:
        """Whether a doubtful name stands where a place does: "o hue", "ho ngheo dien bien 2023"."""
        if self._is_in_name(words, found) or self._straddles(words, found):
            return False
        leveled = self._level_before(words, found.start)[0] < found.start
        linked = leveled or self._ends_before(self._links, words, found.start)
        return linked or self._closes(words, found)

    def _closes(self, words: Words, found: Found) -> bool:
        """Whether it ends what is asked, or a period or "bao nhiêu" follows."""
        if found.end == len(words) or words.row[found.end].breaks:
            return found.start > 0 or _bare(found.phrase) not in self._spoken
        asks = any(True for _ in self._behind.at(words.row, found.end))
        return asks or _begins_period(words, found.end)

    @staticmethod
    def _ends_before(lexicon: Lexicon, words: Words, end: int) -> bool:
        starts = range(max(0, end - 3), end)
        return any(found.end == end for start in starts for found in lexicon.at(words.row, start))

    # ------------------------------------------------------------ of which territory

    def _told_territories(self, words: Words) -> Iterator[Spot]:
        """Yield what asks for an old or a new territory: "theo địa giới mới"."""
        for found in self._territories.find(words.row):
            lacking = words.marked and _lacks_marks(words, found)
            if words.free(found.start, found.end) and not lacking:
                yield Spot(found.start, found.end, Territory(found.group))

    def _former(self, words: Words) -> Iterator[Spot]:
        """Yield "cũ" behind a place's name, typed with its mark: "Thái Nguyên *cũ*"."""
        for place in range(1, len(words)):
            behind = words.owner[place - 1] == "place" and words.free(place)
            word = words.row[place]
            if behind and word.text == "cũ" and not word.breaks:
                yield Spot(place, place + 1, Territory.OLD)

    # ------------------------------------------------------------ what the store does not know

    def _foreign(self, words: Words) -> Iterator[Spot]:
        """Yield countries and parts of this one: "Nhật Bản", "miền Bắc", "sang *Nhật*"."""
        yield from self._unknown(words, self._abroad)
        for found in self._countries.apart(words.row):
            exact = all(
                words.row[found.start + at].text == word for at, word in enumerate(found.phrase)
            )
            if exact and self._stands_alone(words, found):
                yield Spot(found.start, found.end, _stranger(words, found.end - 1, found.end))

    def _of_districts(self, words: Words) -> Iterator[Spot]:
        """Yield districts by their names alone: "Đại Từ"."""
        yield from self._unknown(words, self._districts)

    def _unknown(self, words: Words, lexicon: Lexicon) -> Iterator[Spot]:
        for found in lexicon.apart(words.row):
            lacking = words.marked and _lacks_marks(words, found)
            if not lacking and self._stands_alone(words, found):
                start, _ = self._level_before(words, found.start)
                yield Spot(start, found.end, _stranger(words, start, found.end))

    def _stands_alone(self, words: Words, found: Found) -> bool:
        return words.free(found.start, found.end) and not self._is_in_name(words, found)

    def _below_province(self, words: Words) -> Iterator[Spot]:
        """Yield a level below the province with its name: "huyện Đại Từ", "quận 3"."""
        for found in self._levels.find(words.row):
            end = self._end_of_name(words, found)
            if end is not None:
                yield Spot(found.start, end, _stranger(words, found.start, end))

    def _which_below(self, words: Words) -> Iterator[Spot]:
        """Yield a level below the province that is asked about: "*huyện nào*", "*từng xã*"."""
        row = words.row
        levels = [each for each in self._levels.find(row) if each.phrase in self._below]
        ends = {each.start: each.end for each in levels}
        every = {each.end: each.start for each in self._each.find(row)}
        for found in levels:
            if not self._is_level(words, found) or found.phrase in self._above:
                continue
            start = found.start
            end = ends.get(found.end, found.end)  # "quận huyện"
            if self._asks_which(row, end):
                yield from self._stranger_at(words, start, end, end + 1)
            if start in every:
                yield from self._stranger_at(words, every[start], end, end)

    def _asks_which(self, row: list[Word], place: int) -> bool:
        """Whether "nào" stands there; "xã nào *cũng* …" asks nothing."""
        asked = place < len(row) and any(self._which.at(row, place))
        return asked and not any(word.text in _ALL for word in row[place + 1 : place + 2])

    def _stranger_at(self, words: Words, start: int, named: int, end: int) -> Iterator[Spot]:
        if words.free(start, end):
            yield Spot(start, end, _stranger(words, start, named))

    def _end_of_name(self, words: Words, found: Found) -> int | None:
        """Where the name behind a level ends; None where none is there."""
        after = found.end
        if found.phrase not in self._below or not self._is_level(words, found):
            return None
        if after == len(words) or not words.free(found.start, after + 1):
            return None
        word = words.row[after]
        named = self._is_numbered(word, found) if word.number else self._may_be_name(words, after)
        if word.breaks or not named:
            return None
        return after + 2 if self._goes_on(words, after + 1) else after + 1

    def _is_numbered(self, word: Word, found: Found) -> bool:
        """Whether a level goes by numbers: "quận 3"."""
        return found.phrase in self._numbered and len(word.number or "") <= 2

    def _may_be_name(self, words: Words, place: int) -> bool:
        """Whether the word behind a level names a place: no word of names, of talk, no level."""
        first, last = words.row[place], words.row[place - 1]
        if (last.bare, first.bare) in self._pairs or _begins_period(words, place):
            return False
        if first.bare in self._known and (words.titled or not _is_large(first)):
            return False  # "xã nông thôn mới"
        if first.bare in self._talk and not _is_large(first):
            return False
        return not self._goes_with_level(first, last)

    def _goes_with_level(self, first: Word, last: Word) -> bool:
        """Whether the two are another word: "xã hội", "thành phố huyện"; "Quận Quận" is a name."""
        society = first.bare == "hoi" and agreement(last.text, "xã") >= LIKE
        level = any(agreement(first.text, level) >= LIKE for level in self._level_words)
        return society or (level and first.bare != last.bare)

    def _goes_on(self, words: Words, place: int) -> bool:
        """Whether a second word belongs to the name: "huyện Đại *Từ*"."""
        if place >= len(words) or not words.free(place) or _begins_period(words, place):
            return False
        word = words.row[place]
        if word.breaks or word.number is not None or words.row[place - 1].number is not None:
            return False
        return word.bare not in self._talk or (_is_large(word) and not words.titled)

    # ------------------------------------------------------------ levels

    def _level_before(self, words: Words, start: int) -> tuple[int, Phrase | None]:
        """Where the level before a name begins, and the level: "*tỉnh* Thái Nguyên"."""
        for begin in (start - 2, start - 1):
            level = self._level_between(words, begin, start)
            if level is not None:
                return begin, level
        return start, None

    def _level_between(self, words: Words, begin: int, end: int) -> Phrase | None:
        broken = any(word.breaks for word in words.row[max(0, begin) + 1 : end + 1])
        if begin < 0 or broken or not words.free(begin, end):
            return None
        levels = self._levels.at(words.row, begin)
        found = (one for one in levels if one.end == end and self._is_level(words, one))
        return next((one.phrase for one in found), None)

    def _is_level(self, words: Words, found: Found) -> bool:
        """Whether it is a level: "quân" is no quận, and "địa phương" of a name no phường."""
        row = words.row
        if words.marked and agreement(row[found.start].text, found.phrase[0]) < 1.0:
            return False
        whole = len(found.phrase) > 1  # "công nghiệp thành phố Hà Nội", for "nghiệp thành" is one
        before = row[found.start - 1].bare if found.start else ""
        return whole or (before, row[found.start].bare) not in self._pairs

    # ------------------------------------------------------------ home

    def _homes(self, words: Words, phrases: Sequence[Found]) -> Iterator[Spot]:
        """Yield "tỉnh ta", "toàn tỉnh", "tỉnh"."""
        for found in self._home.find(words.row):
            single = found.end - found.start == 1
            inside = any(one.start <= found.start < one.end for one in phrases)
            if not words.free(found.start, found.end):
                continue
            if not single or not (inside or self._is_no_home(words.row, found)):
                yield Spot(found.start, found.end, Home())

    def _of_us(self, words: Words) -> Iterator[Spot]:
        """Yield "mình" or "ta" where it is set against a place: "Phú Thọ hơn *mình*"."""
        if "place" not in words.owner:
            return
        for found in self._us.apart(words.row):
            before = self._ends_before(self._against_us, words, found.start)
            behind = found.end < len(words) and any(self._against_us.at(words.row, found.end))
            if (before or behind) and words.free(found.start, found.end):
                yield Spot(found.start, found.end, Home())

    @staticmethod
    def _is_no_home(row: list[Word], found: Found) -> bool:
        """Whether "tỉnh" is part of a name or asked for: "chuyển đổi số cấp tỉnh", "tỉnh nào"."""
        text = row[found.start].text
        before = row[found.start - 1].bare if found.start else ""
        after = row[found.end].bare if found.end < len(row) else ""
        other = agreement(text, "tỉnh") < 0.93 and text != "tinh"
        return other or after in _NO_HOME or before in _NO_TINH


def _names(catalogue: Catalogue) -> dict[str, list[Phrase]]:
    """The phrases that each name of a region is written with."""
    names: dict[str, list[Phrase]] = {}
    for region in catalogue.regions.values():
        for name in (region.name, *region.aliases):
            phrase = tuple("".join(c if c.isalnum() else " " for c in name.casefold()).split())
            if phrase:
                names.setdefault(region.name, []).append(phrase)
    return names


def _is_large(word: Word) -> bool:
    """Whether a word begins with a large letter."""
    return word.typed[:1].isupper()


def _bare(phrase: Phrase) -> Phrase:
    return tuple(fold(word) for word in phrase)


def _lacks_marks(words: Words, found: Found) -> bool:
    """Whether a word of a name is typed without some of its marks."""
    pairs = zip(words.row[found.start : found.end], found.phrase, strict=True)
    return any(agreement(word.text, part) == WITHOUT_MARKS for word, part in pairs)


def _has_other_marks(words: Words, found: Found) -> bool:
    """Whether a word of a name is typed with some of its marks and without others."""
    pairs = zip(words.row[found.start : found.end], found.phrase, strict=True)
    return any(
        spell(word.text).marked and agreement(word.text, part) == WITHOUT_MARKS
        for word, part in pairs
    )


def _begins_period(words: Words, place: int) -> bool:
    """Whether a year, month or quarter begins here: "nam 2023", "2023", "quy 2"."""
    if words.row[place].number is not None:
        return len(words.row[place].number or "") >= 4
    follows = place + 1 < len(words) and words.row[place + 1].number is not None
    return follows and words.bares[place] in _YEAR_WORDS


def _stranger(words: Words, start: int, end: int) -> Stranger:
    """An unknown place by its words as they were typed, a short form once: "TP Thái Nguyên"."""
    typed: list[str] = []
    short = False
    for word in words.row[start:end]:
        if not (short and word.repaired and word.typed == word.text):
            typed.append(word.typed)
            short = word.repaired and fold(word.typed) != word.bare
    return Stranger(" ".join(typed))
