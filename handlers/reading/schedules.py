"""On which day and how often something is to come: "thứ hai", "ngày 5", "hằng tháng"."""

from __future__ import annotations

from db.rhythm import Every
from handlers.reading.heard import Heard, Neighbours
from handlers.reading.numerals import Number, counted, is_word, stands, typing, unit
from handlers.reading.words import Found, Lexicon, Word, Words
from locales.vocabulary import Vocabulary

DAYS_OF_MONTH = {
    "first_of_month": 1,
    "middle_of_month": 15,
    "last_of_month": 31,
    "first_of_quarter": 1,
}
_DAYS = ("ngày", "mùng", "mồng")
_OF_ONE = ("này", "trước", "sau", "tới", "rồi", "qua", "vừa")
"""What makes "bản tin tháng …" the one of a month, and not one of each."""


class ScheduleReader:
    """Reads days and rhythms with a vocabulary."""

    def __init__(self, vocabulary: Vocabulary, neighbours: Neighbours) -> None:
        wishes = vocabulary.wishes
        self._neighbours = neighbours
        self._rhythms = Lexicon(
            {group: wishes[group] for group in ("week", "month", "quarter", "unoffered")}
        )
        self._days = Lexicon({group: wishes[group] for group in (*DAYS_OF_MONTH, "first_of_week")})
        self._nth = Lexicon({"nth": wishes["nth"]})
        self._spans = Lexicon({"span": wishes["span"]})
        self._countable = Lexicon({"countable": wishes["countable"]})

    # ------------------------------------------------------------ days

    def read_days(self, words: Words, heard: Heard) -> None:
        """Take every day of the week and of the month."""
        self._read_nth(words, heard)
        self._read_weekdays(words, heard)
        self._read_days_of_month(words, heard)
        for found in self._days.find(words.row):
            if self._neighbours.takes(words, found):
                words.take(found.start, found.end, "wish", found.group)
                _say_day(heard, found)

    def _read_nth(self, words: Words, heard: Heard) -> None:
        """Refuse "thứ hai đầu tiên của tháng": it is another day of each month."""
        row = words.row
        for place in range(len(row)):
            start = self._past_countable(row, place)
            end = start if start is None else self._past_nth(row, start)
            if end is not None and words.free(place, end):
                words.take(place, end, "wish", "nth")
                heard.refuse("no_day", typing(row, place, end))

    def _past_countable(self, row: list[Word], place: int) -> int | None:
        """Give the place after what there are several of in a month: a weekday, "tuần"."""
        end = _past_weekday(row, place)
        if end is not None and stands(row, end, "tuần"):
            return end + 1
        if end is not None:
            return end
        found = next(self._countable.at(row, place), None)
        return None if found is None else found.end

    def _past_nth(self, row: list[Word], place: int) -> int | None:
        """Give the place after "đầu tiên của tháng"."""
        if place >= len(row) or row[place].breaks:
            return None
        for nth in self._nth.at(row, place):
            span = next(self._spans.at(row, nth.end), None) if nth.end < len(row) else None
            if span is not None:
                return span.end
        return None

    def _read_weekdays(self, words: Words, heard: Heard) -> None:
        """Take "thứ hai", "thứ 2", "chủ nhật"; a thứ that there is not is refused."""
        row = words.row
        weekly = any(each.group == "week" for each in self._rhythms.find(row))
        for place in range(len(row) - 1):
            if words.free(place, place + 2) and not row[place + 1].breaks:
                day = _weekday(words, place, weekly=weekly)
                if day is not None:
                    _say_weekday(words, heard, place, day)

    def _read_days_of_month(self, words: Words, heard: Heard) -> None:
        """Take "ngày 5", "mùng 5"; a day that no month has or only one month is refused."""
        row = words.row
        for place in range(len(row)):
            number = _day_number(words, place)
            if number is None:
                continue
            more = _past_month(row, number.end) or _past_another_day(words, number.end)
            end = more or number.end
            if more or not 1 <= number.value <= 31 or "day" in heard.facets:
                heard.refuse("no_day", typing(row, place, end))
            else:
                heard.say("day", number.value)
            words.take(place, end, "wish", f"day {number.value}")

    # ------------------------------------------------------------ rhythms

    def read_rhythm(self, words: Words, heard: Heard, *, wanted: bool) -> None:
        """Take a rhythm; where one is wanted, the only one even beside a name that has it."""
        row = words.row
        found = [each for each in self._rhythms.find(row) if self._is_rhythm(words, each)]
        apart = [each for each in found if not self._neighbours.beside_name(row, each)]
        if not apart and wanted:
            apart = found[:1]
        apart.sort(key=lambda each: each.phrase[0] == "bản")  # "bản tin *tháng một lần*"
        for each in apart:
            if words.free(each.start, each.end):
                words.take(each.start, each.end, "wish", each.group)
                _say_rhythm(words, heard, each)

    @staticmethod
    def _is_rhythm(words: Words, found: Found) -> bool:
        return words.free(found.start, found.end) and not _begins_month(words.row, found)


def _past_weekday(row: list[Word], place: int) -> int | None:
    """Give the place after a day of the week."""
    if place + 1 >= len(row) or row[place + 1].breaks:
        return None
    if is_word(row[place], "chủ") and is_word(row[place + 1], "nhật"):
        return place + 2
    named = is_word(row[place], "thứ") and _number_of(row[place + 1]) is not None
    return place + 2 if named else None


def _number_of(word: Word) -> int | None:
    return word.plain_number if word.number is not None else unit(word)


def _weekday(words: Words, place: int, *, weekly: bool) -> int | None:
    """Give the day of the week at a place, 1 to 7; 0 for one that there is not."""
    row, after = words.row, words.row[place + 1]
    if is_word(row[place], "chủ") and is_word(after, "nhật"):
        return 7
    number = _number_of(after)
    if row[place].text == "t" and weekly and after.repaired and 2 <= (number or 0) <= 7:
        return (number or 0) - 1  # "T6 hằng tuần"
    thu = row[place].text == "thứ" or (row[place].text == "thu" and not words.marked)
    if not thu or number is None:
        return None
    return number - 1 if 2 <= number <= 7 else 0


def _say_weekday(words: Words, heard: Heard, place: int, day: int) -> None:
    if not day or "weekday" in heard.facets:
        heard.refuse("no_day", typing(words.row, place, place + 2))
    else:
        heard.say("weekday", day)
    words.take(place, place + 2, "wish", f"weekday {day}")


def _day_number(words: Words, place: int) -> Number | None:
    """Read the number behind "ngày" or "mùng"."""
    row = words.row
    if not words.free(place) or not is_word(row[place], *_DAYS):
        return None
    while stands(row, place + 1, "mùng", "mồng"):
        place += 1
    number = counted(row, place + 1)
    if number is None or row[place + 1].breaks or not words.free(place + 1):
        return None
    return number


def _past_month(row: list[Word], place: int) -> int | None:
    """Give the place after the month of a day: "ngày 31/12", but not "ngày 5 tháng 1 lần"."""
    if place >= len(row):
        return None
    if "/" in row[place].breaks and row[place].number is not None:
        return place + 1
    numbered = place + 1 < len(row) and row[place + 1].plain_number is not None
    if numbered and is_word(row[place], "tháng") and not stands(row, place + 2, "lần"):
        return place + 2
    return None


def _past_another_day(words: Words, place: int) -> int | None:
    """Give the place after a second day: "ngày 5 và 20" is two digests a month."""
    row = words.row
    joined = stands(row, place, "và", "hoặc", "với")
    begin = place + joined
    if begin >= len(row) or not words.free(begin) or not (joined or "," in row[begin].breaks):
        return None
    number = counted(row, begin)
    return number.end if number is not None else None


def _say_day(heard: Heard, found: Found) -> None:
    if found.group == "first_of_week":
        heard.say("weekday", 1)
        return
    heard.say("day", DAYS_OF_MONTH[found.group])
    heard.implied = Every.QUARTER if found.group == "first_of_quarter" else Every.MONTH


def _say_rhythm(words: Words, heard: Heard, found: Found) -> None:
    if found.group == "unoffered":
        heard.refuse("no_rhythm", typing(words.row, found.start, found.end))
    else:
        heard.say("every", Every(found.group))


def _begins_month(row: list[Word], found: Found) -> bool:
    """Tell whether "bản tin tháng 11" is the one of a month, and not one of each."""
    if found.phrase[0] != "bản" or found.end >= len(row) or row[found.end].breaks:
        return False
    return row[found.end].number is not None or is_word(row[found.end], *_OF_ONE)
