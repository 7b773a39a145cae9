"""What a subscription is to be like: when it comes, how long, with what, and at what news."""

from __future__ import annotations

from collections.abc import Callable

from db.subscriptions import Alert
from handlers.reading.heard import Heard, Neighbours
from handlers.reading.hours import HourReader
from handlers.reading.numerals import is_word, stands
from handlers.reading.schedules import ScheduleReader
from handlers.reading.words import Found, Lexicon, Word, Words
from handlers.subscribing import Facets
from locales.vocabulary import Vocabulary

_REACH = 4
"""How many words on a "không" still speaks: "không cần gửi kèm biểu đồ"."""
_HOURLY = ("lúc", "vào", "sang", "từ", "đến", "khoảng", "hồi")
"""What stands before an hour, so that "bay gio" is bảy giờ and no bây giờ."""


class WishReader:
    """Reads what is said of subscribing with a vocabulary; it keeps nothing between questions."""

    def __init__(self, vocabulary: Vocabulary, neighbours: Neighbours, hours: HourReader) -> None:
        wishes = vocabulary.wishes
        self._neighbours = neighbours
        self._hours = hours
        self._schedules = ScheduleReader(vocabulary, neighbours)
        self._without = Lexicon({"without": wishes["without"]}, loose=True)
        self._extras = Lexicon({group: wishes[group] for group in ("chart", "workbook")})
        self._lengths = Lexicon({group: wishes[group] for group in ("short", "full")}, loose=True)
        self._alerts = Lexicon(
            {group: wishes[group] for group in ("new", "corrected", "missed")}, loose=True
        )
        self._at_once = Lexicon({"at_once": wishes["at_once"]}, loose=True)
        self._now = Lexicon({"now": wishes["now"]})
        self._rest = Lexicon(
            {group: wishes[group] for group in ("digest", "everything", "asks_day", "asks_hour")}
        )
        self._around = Lexicon({"around": wishes["around"]}, loose=True)

    def read(self, words: Words, take_acts: Callable[[Words], None]) -> Facets:
        """Take every word that says what a subscription is like.

        `take_acts` takes the words of doing, once the wishes among them are taken.
        """
        heard = Heard()
        self._read_at_once(words, heard)
        self._read_now(words, heard)
        self._hours.read(words, heard)
        self._schedules.read_days(words, heard)
        self._schedules.read_rhythm(words, heard, wanted=not heard.at_once)
        self._read_extras(words, heard)
        self._hours.read_part_of_day(words, heard)
        self._read_rest(words, heard)
        take_acts(words)
        for found in self._around.find(words.row):
            if self._neighbours.takes(words, found):
                words.take(found.start, found.end, "around", "around")
        return heard.as_facets()

    def _read_at_once(self, words: Words, heard: Heard) -> None:
        """Take "khi có số liệu mới", "khi không đạt chỉ tiêu"."""
        row = words.row
        begins = [each for each in self._at_once.find(row) if self._neighbours.takes(words, each)]
        if not begins:
            return
        heard.at_once = True
        for each in begins:
            words.take(each.start, each.end, "once", "at once")
        for found in self._alerts.find(row):
            if self._neighbours.takes(words, found):
                words.take(found.start, found.end, "wish", found.group)
                heard.alerts.add(Alert(found.group))

    def _read_now(self, words: Words, heard: Heard) -> None:
        """Take "ngay bây giờ": no seven o'clock."""
        for found in self._now.find(words.row):
            if words.free(found.start, found.end) and _is_now(words, found):
                words.take(found.start, found.end, "wish", "now")
                heard.say("now", True)

    def _read_rest(self, words: Words, heard: Heard) -> None:
        """Take how long it is to be, and whether all is meant; "ngày nào" stays a question."""
        for found in self._lengths.find(words.row):
            if self._neighbours.takes(words, found):
                words.take(found.start, found.end, "wish", found.group)
                heard.say("full", found.group == "full")
        for found in self._rest.find(words.row):
            if self._neighbours.takes(words, found):
                asking = found.phrase[-1] == "nào" or found.phrase[0] == "mấy"
                words.take(found.start, found.end, "asked" if asking else "wish", found.group)
                heard.say(found.group, True)

    # ------------------------------------------------------------ the picture and the workbook

    def _read_extras(self, words: Words, heard: Heard) -> None:
        """Take the picture and the workbook, with them or without."""
        row = words.row
        nouns = [each for each in self._extras.find(row) if self._neighbours.takes(words, each)]
        refusals = [each for each in self._without.find(row) if _refuses(words, each)]
        refused: set[int] = set()
        for refusal in refusals:
            noun = _refused_by(row, refusal, nouns, refusals)
            if noun is not None:
                words.take(refusal.start, refusal.end, "wish", "without")
                refused.update(_joined_on(row, noun, nouns))
        for noun in nouns:
            if words.free(noun.start, noun.end):
                words.take(noun.start, noun.end, "wish", noun.group)
                heard.say(noun.group, noun.start not in refused)


def _is_now(words: Words, found: Found) -> bool:
    """Tell "ngay" and "bây giờ" from what they may be without marks: ngày, bảy giờ."""
    if words.marked:
        return True
    hourly = stands(words.row, found.start - 1, *_HOURLY)
    return len(found.phrase) > 1 and not hourly


def _refuses(words: Words, found: Found) -> bool:
    """Tell a refusal from the end of a question: "biểu đồ phải không?", "biểu đồ thì không"."""
    if not words.free(found.start, found.end):
        return False
    bare = found.phrase == ("không",) and found.start > 0 and found.end == len(words)
    return not bare or is_word(words.row[found.start - 1], "thì")


def _refused_by(
    row: list[Word], refusal: Found, nouns: list[Found], refusals: list[Found]
) -> Found | None:
    """Find what a "không" speaks of: what follows it, else what stands before."""
    for noun in nouns:
        near = refusal.end <= noun.start < refusal.end + _REACH
        between = any(refusal.end <= other.start < noun.start for other in refusals)
        if near and not between and not _parted(row, refusal.end, noun.start):
            return noun
    behind = [noun for noun in nouns if noun.end <= refusal.start <= noun.end + 1]
    together = [noun for noun in behind if not _parted(row, noun.end, refusal.start)]
    return together[-1] if together else None


def _joined_on(row: list[Word], noun: Found, nouns: list[Found]) -> set[int]:
    """The begins of a noun and of those joined to it: "không cần biểu đồ và file excel"."""
    begins, last = {noun.start}, noun
    for each in nouns:
        if each.start > last.start and _is_joined(row, last, each):
            begins.add(each.start)
            last = each
    return begins


def _is_joined(row: list[Word], one: Found, other: Found) -> bool:
    between = row[one.end : other.start]
    return len(between) <= 1 and all(is_word(word, "và", "hay", "hoặc", "lẫn") for word in between)


def _parted(row: list[Word], start: int, end: int) -> bool:
    return any(word.breaks for word in row[start : end + 1])
