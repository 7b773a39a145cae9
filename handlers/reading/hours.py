"""At what time of day something is to come: "8h", "tám giờ rưỡi", "2 giờ chiều", "7:30 PM"."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import time
from itertools import filterfalse

from db.rhythm import Rhythm
from handlers.reading.heard import Heard, Neighbours
from handlers.reading.numerals import Number, counted, has_all_marks, is_word, stands, typing
from handlers.reading.words import Found, Lexicon, Word, Words
from locales.vocabulary import Vocabulary

_SPANS = ("hằng", "hàng", "tháng", "tuần", "quý", "lần")
"""What a number stands before that is no number of minutes: "8h 5 hằng tháng"."""
_LIKE_SANG = ("sang", "toi")
"""Parts of the day that are other words without their marks: sang, tới or tôi."""
_EARLY = range(1, 6)
"""Hours that may be of the night or of the afternoon."""


def _later(first: int, last: int) -> dict[int, int]:
    """Hours of the second half of the day, as they are said and as the clock shows them."""
    return {
        **{hour: hour + 12 for hour in range(first, last + 1)},
        **{hour: hour for hour in range(first + 12, last + 13)},
    }


PARTS: dict[str, dict[int, int]] = {
    "morning": {hour: hour for hour in range(12)},
    "noon": {10: 10, 11: 11, 12: 12, 13: 13, 1: 13},
    "afternoon": {12: 12, **_later(1, 6)},
    "evening": {12: 0, **_later(5, 11)},
    "night": {12: 0, 0: 0, **{hour: hour for hour in range(1, 5)}, **_later(9, 11)},
    "am": {12: 0, 0: 0, **{hour: hour for hour in range(1, 12)}},
    "pm": {12: 12, **_later(1, 11)},
}
"""What hour of the clock an hour of a part of the day is; those that are none of it are missing."""


@dataclass(frozen=True, slots=True)
class Clock:
    """An hour and its minutes as they were said, and the place after them."""

    end: int
    hour: int
    minute: int = 0
    exact: bool = False
    """Whether it was written with a nought before: "02:00"."""


class HourReader:
    """Reads times of day with a vocabulary.

    `ends_place` gives the end of a place's name that begins at a place: "giờ Hà Nội" is of the
    clock, and not about Hà Nội.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        neighbours: Neighbours,
        ends_place: Callable[[list[Word], int], int | None],
    ) -> None:
        self._hours = Lexicon(vocabulary.hours, loose=True)
        self._zones = Lexicon(vocabulary.zones)
        self._neighbours = neighbours
        self._ends_place = ends_place

    def read(self, words: Words, heard: Heard) -> None:
        """Take every time of day, with its part of the day and its zone."""
        place = 0
        while place < len(words):
            clock = self._clock(words, place)
            if clock is None:
                place += 1
                continue
            place = self._take(words, place, clock, heard)
        self._read_zones(words, heard)

    def _take(self, words: Words, start: int, clock: Clock, heard: Heard) -> int:
        part, end = self._part_of_day(words, start, clock.end), clock.end
        if part is not None:
            words.take(part.start, part.end, "wish", part.group)
            end = max(end, part.end) if part.start == end else end
        _settle(heard, clock, part, typing(words.row, start, end))
        for place in range(start, end):
            if words.free(place):
                words.take(place, place + 1, "wish", f"{clock.hour}:{clock.minute:02d}")
        return end

    # ------------------------------------------------------------ hours and minutes

    def _clock(self, words: Words, place: int) -> Clock | None:
        row = words.row
        number = counted(row, place)
        if number is None or not words.free(place):
            return None
        exact = (row[place].number or "").startswith("0")
        readers = (self._with_minutes, self._and_half, self._of_half_day, self._by_the_hour)
        clocks = (read(row, number, exact) for read in readers)
        return next((clock for clock in clocks if clock is not None), None)

    @staticmethod
    def _with_minutes(row: list[Word], number: Number, exact: bool) -> Clock | None:
        """ "8:30"."""
        end = number.end
        if end < len(row) and row[end].breaks == ":" and row[end].plain_number is not None:
            return Clock(end + 1, number.value, row[end].plain_number or 0, exact)
        return None

    def _and_half(self, row: list[Word], number: Number, exact: bool) -> Clock | None:
        """ "8 rưỡi"."""
        half = self._at(row, number.end, "half")
        return None if half is None else Clock(half.end, number.value, 30, exact)

    def _of_half_day(self, row: list[Word], number: Number, exact: bool) -> Clock | None:
        """ "7 pm"."""
        half = self._at(row, number.end, "am") or self._at(row, number.end, "pm")
        if half is None or row[number.end].breaks:
            return None
        return Clock(number.end, number.value, 0, exact)

    def _by_the_hour(self, row: list[Word], number: Number, exact: bool) -> Clock | None:
        """ "8 giờ", "8h30", "8 giờ rưỡi", "9 giờ kém 15"."""
        named = self._at(row, number.end, "hour")
        if named is None or row[number.end].breaks:
            return None
        end, hour = named.end, number.value
        half = self._at(row, end, "half")
        if half is not None:
            return Clock(half.end, hour, 30, exact)
        less = self._at(row, end, "less")
        minutes = counted(row, less.end) if less is not None else None
        if minutes is not None and 0 < minutes.value < 60:
            return Clock(_past_minutes(row, minutes), (hour - 1) % 24, 60 - minutes.value, exact)
        minutes = counted(row, end)
        if minutes is not None and _are_minutes(row, end, minutes):
            return Clock(_past_minutes(row, minutes), hour, minutes.value, exact)
        return Clock(end, hour, 0, exact)

    def _at(self, row: list[Word], place: int, group: str) -> Found | None:
        if place >= len(row):
            return None
        return next((each for each in self._hours.at(row, place) if each.group == group), None)

    # ------------------------------------------------------------ parts of the day

    def _part_of_day(self, words: Words, start: int, end: int) -> Found | None:
        """Find the part of the day of an hour: behind it, before it, or typed out elsewhere."""
        row = words.row
        while stands(row, start - 1, "lúc", "vào"):
            start -= 1
        parts = list(self._parts(words))
        behind = [each for each in parts if each.start == end and self._is_behind(words, each)]
        before = [each for each in parts if each.end == start and _is_before(row, each)]
        elsewhere = [each for each in parts if self._is_elsewhere(row, each)]
        apart = [each for each in elsewhere if not _inside_another(each, elsewhere)]
        return next(iter(behind or before or (apart if len(apart) == 1 else [])), None)

    def _parts(self, words: Words) -> Iterator[Found]:
        """Yield the parts of the day that nobody has taken."""
        longest = (next(self._hours.at(words.row, place), None) for place in range(len(words)))
        for found in longest:
            if found is None or found.group not in PARTS:
                continue
            if words.free(found.start, found.end):
                yield found

    def _is_behind(self, words: Words, part: Found) -> bool:
        """Tell whether a word is a part of the day: "8h tôi" is no evening, "8h toi" may be."""
        word = words.row[part.end - 1]
        if word.text == "sang":
            return self.is_morning(words, part.end - 1)
        return has_all_marks(words.row, part) or word.text == word.bare

    def _is_elsewhere(self, row: list[Word], part: Found) -> bool:
        return has_all_marks(row, part) and not self._neighbours.in_name(row, part)

    def is_morning(self, words: Words, place: int) -> bool:
        """Tell whether "sang" is the sáng of an hour: "8h sang", but not "tu 8h sang 9h"."""
        row = words.row
        if words.marked or row[place].text != "sang" or place == 0:
            return False
        ended = any(each.end == place for each in self._hours.find(row))
        timed = ended or row[place - 1].number is not None
        return timed and not _goes_on(row, place + 1)

    def read_part_of_day(self, words: Words, heard: Heard) -> None:
        """Take "vào buổi sáng" as the usual hour; of other parts the hour is asked back."""
        for found in self._hours.find(words.row):
            if found.group not in PARTS or not self._neighbours.takes(words, found):
                continue
            if len(found.phrase) == 1 and not has_all_marks(words.row, found):
                continue
            words.take(found.start, found.end, "wish", found.group)
            if found.group == "morning":
                heard.say("at", Rhythm().at)
            elif "at" not in heard.facets:
                heard.refuse("no_hour", typing(words.row, found.start, found.end))

    # ------------------------------------------------------------ zones

    def _read_zones(self, words: Words, heard: Heard) -> None:
        """Take "giờ Hà Nội" silently, and refuse "giờ Nhật Bản": all clocks are Viet Nam's."""
        place = 0
        while place < len(words):
            zone = self._zone(words, place)
            if zone is None:
                place += 1
                continue
            words.take(zone.start, zone.end, "wish", zone.group)
            if zone.group != "home":
                heard.refuse("no_zone", typing(words.row, zone.start, zone.end))
            place = zone.end

    def _zone(self, words: Words, place: int) -> Found | None:
        """Find a zone by its name, or whatever stands behind "múi giờ"."""
        row = words.row
        head = next(filter(_says_zone, self._zones.at(row, place)), None)
        begin = place + stands(row, place, "giờ") if head is None else head.end
        of_a_clock = place > 0 and words.owner[place - 1] == "wish"
        if begin == place and not of_a_clock:
            return None
        if begin >= len(row) or not words.free(place, begin + 1) or row[begin].breaks:
            return None
        unknown = Found(place, begin + 1, "other", ()) if head is not None else None
        return self._named_zone(row, place, begin) or unknown

    def _named_zone(self, row: list[Word], place: int, begin: int) -> Found | None:
        """Find whose clock is named from a word on; a place that is known has the home zone's."""
        end = self._ends_place(row, begin)
        if end is not None and begin > place:
            return Found(place, end, "home", ())
        named = next(filterfalse(_says_zone, self._zones.at(row, begin)), None)
        if named is None:
            return None
        return _with_offset(row, Found(place, named.end, named.group, ()))


def _says_zone(found: Found) -> bool:
    return found.group == "said"


def _with_offset(row: list[Word], zone: Found) -> Found:
    """Take in the offset of "GMT+7", which is the home zone's."""
    end = zone.end
    if zone.group == "home" or end >= len(row) or row[end].breaks not in ("+", "-"):
        return zone
    home = row[end].breaks == "+" and row[end].plain_number == 7
    return Found(zone.start, end + 1, "home" if home else zone.group, ())


def _settle(heard: Heard, clock: Clock, part: Found | None, typed: str) -> None:
    """Say a time of day, or refuse one that no clock shows."""
    hour = clock.hour if part is None else PARTS[part.group].get(clock.hour, 24)
    if part is None and clock.hour in _EARLY and not clock.exact and clock.minute < 60:
        heard.say("hour", clock.hour)
    if hour > 23 or clock.minute > 59 or "at" in heard.facets:
        heard.refuse("no_hour", typed)
    else:
        heard.say("at", time(hour, clock.minute))


def _past_minutes(row: list[Word], minutes: Number) -> int:
    """Give the place after a number of minutes and the word for them."""
    end = minutes.end
    said = end < len(row) and (is_word(row[end], "phút") or row[end].text in ("p", "ph"))
    return end + said


def _are_minutes(row: list[Word], place: int, number: Number) -> bool:
    """Tell whether a number after an hour is its minutes: not in "8h 5 hằng tháng"."""
    if row[place].breaks.strip(":") or stands(row, number.end, *_SPANS):
        return False
    written = row[place].number is not None or number.end - place > 1
    return written or stands(row, number.end, "phút")


def _is_before(row: list[Word], part: Found) -> bool:
    return has_all_marks(row, part) or row[part.end - 1].text not in _LIKE_SANG


def _inside_another(part: Found, parts: list[Found]) -> bool:
    return any(each.start < part.start < each.end for each in parts)


def _goes_on(row: list[Word], place: int) -> bool:
    """Tell whether a time follows: "tu 8h sang *9h*"."""
    return counted(row, place) is not None or stands(row, place, "ngày", "thứ", "hằng", "mỗi")
