"""What the words say of subscribing: what is to be done, when it is to come, how long, with what,
and at what news.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import time
from itertools import pairwise

from db.rhythm import Every, Rhythm
from db.subscriptions import Alert
from handlers.reading.spelling import agreement, fold
from handlers.reading.words import Found, Lexicon, Word, Words
from handlers.subscribing import Act, Facets, Joining
from locales.vocabulary import Vocabulary

ACTS: tuple[Act, ...] = ("end", "pause", "resume", "list", "preview", "change", "subscribe")
"""Of several that are said the first holds: "huỷ đăng ký" ends."""
_UNITS = {
    "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5, "nhăm": 5,
    "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9,
}  # fmt: skip
_DAYS_OF_MONTH = {
    "first_of_month": 1,
    "middle_of_month": 15,
    "last_of_month": 31,
    "first_of_quarter": 1,
}
_DROPPING = (("bỏ",), ("bớt",), ("tắt",))
_REACH = 4
"""How many words on a "không" still speaks: "không cần gửi kèm biểu đồ"."""


def _is(word: Word, *meant: str) -> bool:
    return word.number is None and any(agreement(word.text, each) >= 0.9 for each in meant)


def _typed(row: list[Word], found: Found) -> bool:
    """Whether a phrase is typed with all its marks."""
    return all(
        word.text == part
        for word, part in zip(row[found.start : found.end], found.phrase, strict=True)
    )


def _typing(row: list[Word], start: int, end: int) -> str:
    """The words between two places as they were typed: "ngày 31/12", "8:75"."""
    text = row[start].typed
    for before, word in pairwise(row[start:end]):
        if word.typed == before.typed and not word.breaks and (word.repaired or word.written_out):
            continue  # a piece of the same: "8h75"
        close = word.breaks if word.breaks in ("/", ":", "-", ".") else f"{word.breaks} "
        text += close + word.typed
    return text


def _unit(word: Word) -> int | None:
    if word.number is not None:
        return None
    return next(
        (
            value
            for text, value in _UNITS.items()
            if fold(text) == word.bare and agreement(word.text, text) >= 0.9
        ),
        None,
    )


def counted(row: list[Word], place: int) -> tuple[int, int] | None:
    """A whole number below a hundred from a place on, in digits or in words: (its end, the number)."""
    if place >= len(row):
        return None
    word = row[place]
    if word.plain_number is not None:
        return place + 1, word.plain_number
    tens, end = 0, place
    if _is(word, "mười"):
        tens, end = 1, place + 1
    elif _is(word, "hăm"):
        tens, end = 2, place + 1
    elif _unit(word) is not None and place + 1 < len(row) and _is(row[place + 1], "mươi", "mười"):
        tens, end = _unit(word) or 0, place + 2
    if end < len(row) and not (end > place and row[end].breaks):
        unit = _unit(row[end])
        if unit is not None:
            return end + 1, tens * 10 + unit
    return (end, tens * 10) if tens else None


@dataclass
class _Heard:
    """What was heard so far; each part is said once, and what is said again stays unread."""

    facets: dict[str, object] = field(default_factory=dict)
    refused: dict[str, list[str]] = field(
        default_factory=lambda: {"no_rhythm": [], "no_day": [], "no_hour": []}
    )
    alerts: set[Alert] = field(default_factory=set)
    implied: Every | None = None
    """The rhythm that "cuối tháng" speaks of, where none is said."""


class WishReader:
    """Reads what is said of subscribing with a vocabulary; it keeps nothing between questions."""

    def __init__(self, vocabulary: Vocabulary, pairs: frozenset[tuple[str, str]]) -> None:
        """`pairs` are neighbours in names of indicators: "hằng tháng" may be a piece of one."""
        self._pairs = pairs
        wishes = vocabulary.wishes
        self._acts = Lexicon(vocabulary.acts, loose=True)
        self._tell = Lexicon({"tell": vocabulary.wants["tell"]})
        self._hours = Lexicon(vocabulary.hours, loose=True)
        self._without = Lexicon({"without": wishes["without"]}, loose=True)
        self._extras = Lexicon({group: wishes[group] for group in ("chart", "workbook")})
        self._rhythms = Lexicon(
            {group: wishes[group] for group in ("week", "month", "quarter", "unoffered")}
        )
        self._days = Lexicon({group: wishes[group] for group in (*_DAYS_OF_MONTH, "first_of_week")})
        self._lengths = Lexicon({group: wishes[group] for group in ("short", "full")}, loose=True)
        self._alerts = Lexicon(
            {group: wishes[group] for group in ("new", "corrected", "missed")}, loose=True
        )
        self._at_once = Lexicon({"at_once": wishes["at_once"]}, loose=True)
        self._rest = Lexicon(
            {group: wishes[group] for group in ("digest", "everything", "asks_day", "asks_hour")}
        )
        self._around = Lexicon({"around": wishes["around"]}, loose=True)
        self._more = Lexicon({"more": wishes["more"]}, loose=True)

    # ------------------------------------------------------------ what is to be done

    def acts(self, words: Words) -> tuple[Found, ...]:
        """The phrases of doing something, each where it stands for itself and not in a name, nor
        for news: "khi bị sửa".
        """
        row = words.row
        since = min((each.start for each in self._at_once.find(row)), default=len(row))
        news = {each.start for each in self._alerts.find(row) if each.start > since}
        apart = [each for each in self._apart(row) if each.group != "none"]
        begins = {each.start for each in apart}
        found = [
            each
            for each in apart
            if not self._named(words, each) and not self._is_another_word(row, each, begins)
        ]
        told = any(
            each.group == "subscribe" and each.start < since for each in found
        )  # "nhắc tôi khi … *thay đổi*"
        return tuple(
            each
            for each in found
            if not (
                each.group == "change" and (each.start in news or (told and each.start > since))
            )
        )

    def _apart(self, row: list[Word]) -> Iterator[Found]:
        """Yield the acts left to right, none across a stop: "tạm dừng, gửi tiếp" are two."""
        stops = [place for place, word in enumerate(row) if place and "," in word.breaks]
        for start, end in pairwise([0, *stops, len(row)]):
            for each in self._acts.apart(row[start:end]):
                yield Found(each.start + start, each.end + start, each.group, each.phrase)

    @staticmethod
    def _is_another_word(row: list[Word], found: Found, begins: set[int]) -> bool:
        """Tell whether a word without its marks is none of doing: "dung (co) dang ky" is đừng."""
        alone = found.end - found.start == 1 and row[found.start].text != found.phrase[0]
        return (
            alone and found.group == "pause" and not begins.isdisjoint((found.end, found.end + 1))
        )

    def act(self, words: Words, found: Sequence[Found]) -> Act | None:
        """Give what is to be done; an ending that only leaves the picture out ends nothing."""
        left_out = [each for each in found if each.group == "end" and self._leaves_out(words, each)]
        groups = {each.group for each in found if each not in left_out}
        if left_out and not groups:
            return "change"  # "hủy biểu đồ"
        return next((act for act in ACTS if act in groups), None)

    def telling(self, words: Words) -> Found | None:
        """Find the words that ask to be told, where no act does: "cho tôi biết khi …"."""
        return next(iter(self._tell.find(words.row)), None)

    def turn(self, words: Words, found: Sequence[Found]) -> int | None:
        """The place of the "sang" that what is to be changed stands before and what it is to become
        after.
        """
        row = words.row
        first = min((each.end for each in found if each.group == "change"), default=None)
        if first is None:
            return None
        for place in range(first, len(row) - 1):
            named = self._named(words, Found(place, place + 1, "turn", ()))  # "khu vực thành thị"
            if (
                _is(row[place], "sang", "thành")
                and not named
                and not self._is_morning(words, place)
            ):
                return place
        return None

    def into(self, words: Words, found: Sequence[Found]) -> int | None:
        """The place of the "vào" or "khỏi" that stands before the subscription that something comes
        to or goes from.
        """
        row = words.row
        first = min((each.end for each in found if each.group == "change"), default=None)
        if first is None:
            return None
        digests = {each.start for each in self._rest.find(row) if each.group == "digest"}
        return next(
            (
                at
                for at in range(first + 1, len(row) - 1)
                if at + 1 in digests and _is(row[at], "vào", "khỏi")
            ),
            None,
        )

    def joining(self, words: Words, found: Sequence[Found]) -> Joining:
        """Whether what is named comes to what is there ("thêm lĩnh vực …"), goes from it ("bỏ …"),
        or takes its place.
        """
        if self._more.find(words.row):
            return "also"
        dropping = [each for each in found if each.group == "change" and each.phrase in _DROPPING]
        return "not" if any(not self._leaves_out(words, each) for each in dropping) else "only"

    def _leaves_out(self, words: Words, act: Found) -> bool:
        """Whether an ending begins with a "không" that goes on to a picture or a file: "không gửi
        biểu đồ".
        """
        row = words.row
        if not any(each.start == act.start for each in self._without.find(row)):
            return False
        return any(act.end <= each.start < act.end + _REACH - 1 for each in self._extras.find(row))

    def _is_morning(self, words: Words, place: int) -> bool:
        """Whether a "sang" without its mark is the sáng of an hour: "8h sang", but not "tu 8h sang
        9h".
        """
        row = words.row
        if words.marked or row[place].text != "sang" or place == 0:
            return False
        timed = (
            any(each.end == place for each in self._hours.find(row))
            or row[place - 1].number is not None
        )
        goes_on = place + 1 < len(row) and (
            counted(row, place + 1) is not None or _is(row[place + 1], "ngày", "thứ", "hằng", "mỗi")
        )
        return timed and not goes_on

    # ------------------------------------------------------------ what it is to be like

    def read(self, words: Words) -> Facets:
        """Takes every word that says what a subscription is like."""
        heard = _Heard()
        at_once = self._read_at_once(words, heard)
        self._read_hours(words, heard)
        self._read_weekdays(words, heard)
        self._read_days(words, heard)
        self._take(words, self._days, heard, self._say_day)
        self._read_rhythm(words, heard, wanted=not at_once)
        self._read_extras(words, heard)
        self._read_part_of_day(words, heard)
        for lexicon, say in ((self._lengths, self._say_length), (self._rest, self._say_rest)):
            self._take(words, lexicon, heard, say)
        self._take_acts(words)
        for found in self._around.find(words.row):
            if words.free(found.start, found.end) and not self._named(words, found):
                words.take(found.start, found.end, "around", "around")
        if heard.implied is not None:
            heard.facets.setdefault("every", heard.implied)
        refused = {kind: tuple(typed) for kind, typed in heard.refused.items()}
        digest = "digest" in heard.facets or "every" in heard.facets
        at_once = at_once and (bool(heard.alerts) or not digest)  # "nếu được thì gửi bản tin"
        return Facets(alerting=at_once, alerts=frozenset(heard.alerts), **heard.facets, **refused)  # type: ignore[arg-type]

    def _take(
        self, words: Words, lexicon: Lexicon, heard: _Heard, say: Callable[[_Heard, Found], None]
    ) -> None:
        for found in lexicon.find(words.row):
            if words.free(found.start, found.end) and not self._named(words, found):
                asking = found.phrase[-1] == "nào" or found.phrase[0] == "mấy"
                words.take(found.start, found.end, "asked" if asking else "wish", found.group)
                say(heard, found)

    def _take_acts(self, words: Words) -> None:
        for found in self._acts.find(words.row):
            if not self._named(words, found):
                for place in range(
                    found.start, found.end
                ):  # "huỷ nhận tin": a piece of it may say more
                    if words.free(place):
                        words.take(place, place + 1, "act", found.group)

    def _named(self, words: Words, found: Found) -> bool:
        """Whether a word stands beside one that names have beside it: the "đổi" of chuyển đổi số."""
        row, start, end = words.row, found.start, found.end
        if end - start > 1:
            return False
        before = (
            start > 0
            and not row[start].breaks
            and (row[start - 1].bare, row[start].bare) in self._pairs
        )
        after = (
            end < len(row)
            and not row[end].breaks
            and (row[end - 1].bare, row[end].bare) in self._pairs
        )
        return before or after

    # ------------------------------------------------------------ when

    def _read_hours(self, words: Words, heard: _Heard) -> None:
        """ "8h", "8 giờ 30", "8:30", "8h rưỡi", "9 giờ kém 15", "tám giờ sáng", "2 giờ chiều", "tối
        7h".
        """
        row = words.row
        place = 0
        while place < len(row):
            one = self._hour(words, place)
            if one is None:
                place += 1
                continue
            end, hour, minute, said = one
            start = place
            part = self._part_of_day(words, start, end)
            if part is not None:
                words.take(part.start, part.end, "wish", part.group)
                start, end = (start, part.end) if part.start == end else (start, end)
            typed = _typing(row, start, end)
            self._settle_hour(
                heard,
                hour,
                minute,
                part.group if part is not None else None,
                said=said,
                typed=typed,
            )
            for at in range(start, end):
                if words.free(at):
                    words.take(at, at + 1, "wish", f"{hour}:{minute:02d}")
            place = end

    def _hour(self, words: Words, place: int) -> tuple[int, int, int, bool] | None:
        """An hour from a place on: (its end, hour, minute, whether it was written with a nought
        before: "02:00").
        """
        row = words.row
        first = counted(row, place)
        if first is None or not words.free(place):
            return None
        end, hour = first
        nought = (row[place].number or "").startswith("0")
        if end < len(row) and row[end].breaks == ":" and row[end].plain_number is not None:  # 8:30
            return end + 1, hour, row[end].plain_number or 0, nought
        following = list(self._hours.at(row, end)) if end < len(row) else []
        half = next((each for each in following if each.group == "half"), None)
        if half is not None:  # 8 rưỡi
            return half.end, hour, 30, nought
        named = next((each for each in following if each.group == "hour"), None)
        if named is None or row[end].breaks:
            return None
        end = named.end
        for each in self._hours.at(row, end) if end < len(row) else ():
            if each.group == "half":
                return each.end, hour, 30, nought
            less = counted(row, each.end) if each.group == "less" else None
            if less is not None and 0 < less[1] < 60:
                return self._minutes_word(row, less[0]), (hour - 1) % 24, 60 - less[1], nought
        after = counted(row, end)
        if (
            after is not None
            and not row[end].breaks.strip(":")
            and self._are_minutes(row, end, after[0])
        ):
            return self._minutes_word(row, after[0]), hour, after[1], nought
        return end, hour, 0, nought

    @staticmethod
    def _minutes_word(row: list[Word], end: int) -> int:
        return (
            end + 1
            if end < len(row) and (_is(row[end], "phút") or row[end].text in ("p", "ph"))
            else end
        )

    @staticmethod
    def _are_minutes(row: list[Word], place: int, end: int) -> bool:
        """Whether a number after an hour is its minutes, and not the beginning of something else:
        "8h 5 hằng tháng".
        """
        if end < len(row) and _is(row[end], "hằng", "hàng", "tháng", "tuần", "quý", "lần"):
            return False
        return (
            row[place].number is not None
            or end - place > 1
            or (end < len(row) and _is(row[end], "phút"))
        )

    def _part_of_day(self, words: Words, start: int, end: int) -> Found | None:
        """The part of the day of an hour: behind it, before it, or anywhere else in so many
        letters: "chiều thứ hai lúc 2h".
        """
        row = words.row
        while start > 0 and _is(row[start - 1], "lúc", "vào"):
            start -= 1
        parts = [
            each
            for place in range(len(row))
            for each in list(self._hours.at(row, place))[:1]
            if each.group in _PARTS and words.free(each.start, each.end)
        ]
        behind = [each for each in parts if each.start == end and self._heard_behind(words, each)]
        before = [
            each
            for each in parts
            if each.end == start
            and (_typed(row, each) or row[each.end - 1].text not in ("sang", "toi"))
        ]
        elsewhere = [each for each in parts if _typed(row, each) and not self._named(words, each)]
        elsewhere = [
            each
            for each in elsewhere
            if not any(one.start < each.start < one.end for one in elsewhere)
        ]
        return next(iter(behind or before or (elsewhere if len(elsewhere) == 1 else [])), None)

    def _heard_behind(self, words: Words, part: Found) -> bool:
        """Whether a word behind an hour is a part of the day: "8h tôi" is not in the evening, "8h
        toi" may be.
        """
        word = words.row[part.end - 1]
        if word.text == "sang":
            return self._is_morning(words, part.end - 1)
        return _typed(words.row, part) or word.text == word.bare

    def _read_part_of_day(self, words: Words, heard: _Heard) -> None:
        """ "vào buổi sáng" without an hour is the usual one; what other hour is not said is asked
        back.
        """
        for found in self._hours.find(words.row):
            if (
                found.group not in _PARTS
                or not words.free(found.start, found.end)
                or self._named(words, found)
            ):
                continue
            if not _typed(words.row, found) and len(found.phrase) == 1:
                continue
            words.take(found.start, found.end, "wish", found.group)
            if found.group == "morning":
                heard.facets.setdefault("at", Rhythm().at)
            elif "at" not in heard.facets:
                heard.refused["no_hour"].append(_typing(words.row, found.start, found.end))

    @staticmethod
    def _settle_hour(
        heard: _Heard, hour: int, minute: int, part: str | None, *, said: bool, typed: str
    ) -> None:
        meant: int | None = hour
        if part is not None:
            meant = _PARTS[part].get(hour)
        elif 1 <= hour <= 5 and not said and minute < 60:
            heard.facets.setdefault("hour", hour)
        if meant is None or meant > 23 or minute > 59 or "at" in heard.facets:
            heard.refused["no_hour"].append(typed)
            return
        heard.facets["at"] = time(meant, minute)

    def _read_weekdays(self, words: Words, heard: _Heard) -> None:
        """ "thứ hai", "thứ 2", "chủ nhật"; a thứ that there is not is refused."""
        row = words.row
        weekly = any(each.group == "week" for each in self._rhythms.find(row))
        for place in range(len(row) - 1):
            after = row[place + 1]
            if not words.free(place, place + 2) or after.breaks:
                continue
            if _is(row[place], "chủ") and _is(after, "nhật"):
                self._say_weekday(words, heard, place, place + 2, 7)
            elif (
                row[place].text == "t"
                and weekly
                and after.repaired
                and 2 <= (after.plain_number or 0) <= 7
            ):  # "T6 hằng tuần"
                self._say_weekday(words, heard, place, place + 2, (after.plain_number or 0) - 1)
            elif row[place].text == "thứ" or (row[place].text == "thu" and not words.marked):
                number = after.plain_number if after.number is not None else _unit(after)
                if number is not None:
                    self._say_weekday(
                        words, heard, place, place + 2, number - 1 if 2 <= number <= 7 else None
                    )

    @staticmethod
    def _say_weekday(words: Words, heard: _Heard, start: int, end: int, day: int | None) -> None:
        if day is None or "weekday" in heard.facets:
            heard.refused["no_day"].append(_typing(words.row, start, end))
        else:
            heard.facets["weekday"] = day
        words.take(start, end, "wish", f"weekday {day}")

    def _read_days(self, words: Words, heard: _Heard) -> None:
        """ "ngày 5", "mùng 5", "ngày mười lăm"; a day that no month has is refused, and so is one of
        a single month.
        """
        row = words.row
        for place in range(len(row)):
            if not words.free(place) or not _is(row[place], "ngày", "mùng", "mồng"):
                continue
            begin = place
            while begin + 1 < len(row) and _is(row[begin + 1], "mùng", "mồng"):
                begin += 1
            number = counted(row, begin + 1)
            if number is None or row[begin + 1].breaks or not words.free(begin + 1):
                continue
            end, day = number
            dated = self._month_behind(row, end)
            other = self._another_day(words, end)
            end = dated or other or end
            if dated or other or not 1 <= day <= 31 or "day" in heard.facets:
                heard.refused["no_day"].append(_typing(row, place, end))
            else:
                heard.facets["day"] = day
            words.take(place, end, "wish", f"day {day}")

    @staticmethod
    def _month_behind(row: list[Word], place: int) -> int | None:
        """The end of the month that a day is of: "ngày 31/12", "ngày 30 tháng 2", but not "ngày 5
        tháng 1 lần".
        """
        if place < len(row) and "/" in row[place].breaks and row[place].number is not None:
            return place + 1
        if (
            place + 1 < len(row)
            and _is(row[place], "tháng")
            and row[place + 1].plain_number is not None
        ):
            return None if place + 2 < len(row) and _is(row[place + 2], "lần") else place + 2
        return None

    @staticmethod
    def _another_day(words: Words, place: int) -> int | None:
        """The end of a second day that is joined to a first: "ngày 5 và 20" is two digests a month."""
        row = words.row
        joined = place < len(row) and _is(row[place], "và", "hoặc", "với")
        begin = place + 1 if joined else place
        if begin >= len(row) or not (joined or "," in row[begin].breaks) or not words.free(begin):
            return None
        number = counted(row, begin)
        return number[0] if number is not None else None

    def _read_rhythm(self, words: Words, heard: _Heard, *, wanted: bool) -> None:
        """A rhythm; where one is wanted the only "hằng tháng" is it, even beside words of a name
        that has it.
        """
        row = words.row
        found = [
            each
            for each in self._rhythms.find(row)
            if words.free(each.start, each.end) and not self._begins_month(row, each)
        ]
        apart = [each for each in found if not self._beside_name(row, each)]
        if not apart and wanted:
            apart = found[:1]
        apart.sort(key=lambda each: each.phrase[0] == "bản")  # "bản tin *tháng một lần*"
        for each in apart:
            if not words.free(each.start, each.end):
                continue
            words.take(each.start, each.end, "wish", each.group)
            if each.group == "unoffered":
                heard.refused["no_rhythm"].append(_typing(row, each.start, each.end))
            else:
                heard.facets.setdefault("every", Every(each.group))

    @staticmethod
    def _begins_month(row: list[Word], found: Found) -> bool:
        """ "bản tin tháng 11" is the one of a month, not one of each."""
        return (
            found.end < len(row)
            and found.phrase[0] == "bản"
            and not row[found.end].breaks
            and (
                row[found.end].number is not None
                or _is(row[found.end], "này", "trước", "sau", "tới", "rồi", "qua", "vừa")
            )
        )

    def _beside_name(self, row: list[Word], found: Found) -> bool:
        before = (
            found.start > 0 and (row[found.start - 1].bare, row[found.start].bare) in self._pairs
        )
        after = (
            found.end < len(row) and (row[found.end - 1].bare, row[found.end].bare) in self._pairs
        )
        return before or after

    @staticmethod
    def _say_day(heard: _Heard, found: Found) -> None:
        if found.group == "first_of_week":
            heard.facets.setdefault("weekday", 1)
        else:
            heard.facets.setdefault("day", _DAYS_OF_MONTH[found.group])
            heard.implied = Every.QUARTER if found.group == "first_of_quarter" else Every.MONTH

    # ------------------------------------------------------------ how, and at what news

    def _read_at_once(self, words: Words, heard: _Heard) -> bool:
        """ "khi có số liệu mới", "khi không đạt chỉ tiêu": whether word at once is asked for, and at
        what.
        """
        row = words.row
        begins = [
            each
            for each in self._at_once.find(row)
            if words.free(each.start, each.end) and not self._named(words, each)
        ]
        if not begins:
            return False
        for each in begins:
            words.take(each.start, each.end, "once", "at once")
        for found in self._alerts.find(row):
            if words.free(found.start, found.end) and not self._named(words, found):
                words.take(found.start, found.end, "wish", found.group)
                heard.alerts.add(Alert(found.group))
        return True

    def _read_extras(self, words: Words, heard: _Heard) -> None:
        """The picture and the workbook, with or without: a "không" speaks of what follows it, else
        of what stands before.
        """
        row = words.row
        nouns = [
            each
            for each in self._extras.find(row)
            if words.free(each.start, each.end) and not self._named(words, each)
        ]
        refusals = [
            each
            for each in self._without.find(row)
            if words.free(each.start, each.end) and not self._ends_a_question(row, each)
        ]
        refused: set[int] = set()
        for no in refusals:
            ahead = [
                each
                for each in nouns
                if no.end <= each.start < no.end + _REACH
                and not self._parted(row, no.end, each.start)
                and not any(no.end <= other.start < each.start for other in refusals)
            ]
            behind = [
                each
                for each in nouns
                if each.end <= no.start <= each.end + 1
                and not self._parted(row, each.end, no.start)
            ]
            chosen = ahead[:1] or behind[-1:]
            if not chosen:
                continue
            refused.add(chosen[0].start)
            words.take(no.start, no.end, "wish", "without")
            last = chosen[0]
            for each in nouns:  # "không cần biểu đồ và file excel"
                if (
                    each.start > last.start
                    and each.start - last.end <= 1
                    and all(
                        _is(word, "và", "hay", "hoặc", "lẫn") for word in row[last.end : each.start]
                    )
                ):
                    refused.add(each.start)
                    last = each
        for each in nouns:
            if words.free(each.start, each.end):
                words.take(each.start, each.end, "wish", each.group)
                heard.facets.setdefault(each.group, each.start not in refused)

    @staticmethod
    def _ends_a_question(row: list[Word], no: Found) -> bool:
        """Tell "biểu đồ phải không?" from "biểu đồ thì không"."""
        return (
            no.start > 0
            and no.end == len(row)
            and no.phrase == ("không",)
            and not _is(row[no.start - 1], "thì")
        )

    @staticmethod
    def _parted(row: list[Word], start: int, end: int) -> bool:
        return any(word.breaks for word in row[start : end + 1])

    @staticmethod
    def _say_length(heard: _Heard, found: Found) -> None:
        heard.facets.setdefault("full", found.group == "full")

    @staticmethod
    def _say_rest(heard: _Heard, found: Found) -> None:
        heard.facets.setdefault(found.group, True)


_PARTS: dict[str, dict[int, int]] = {
    "morning": {hour: hour for hour in range(12)},
    "noon": {10: 10, 11: 11, 12: 12, 13: 13, 1: 13},
    "afternoon": {
        12: 12,
        **{hour: hour + 12 for hour in range(1, 7)},
        **{hour: hour for hour in range(13, 19)},
    },
    "evening": {
        12: 0,
        **{hour: hour + 12 for hour in range(5, 12)},
        **{hour: hour for hour in range(17, 24)},
    },
    "night": {
        12: 0,
        0: 0,
        **{hour: hour for hour in range(1, 5)},
        **{hour: hour + 12 for hour in range(9, 12)},
        21: 21,
        22: 22,
        23: 23,
    },
}
"""What hour of the clock an hour of a part of the day is; those that are none of it are missing."""
