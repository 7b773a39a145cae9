"""Which span of days the words name: years, quarters, months, spans, in any order and from any
side.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise

from db.facts import Period
from handlers.question import Against, OfTime
from handlers.reading.spelling import agreement, fold
from handlers.reading.words import Lexicon, Word, Words, is_marked
from locales.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Named:
    """A period as far as its words go: a whole one, or a part of a year still to be named."""

    start: int
    end: int
    period: Period | None = None
    year: int | None = None
    first: int = 0
    months: int = 0
    before_named: bool = False
    """Said as "năm trước", "tháng trước" after "so với": the one before that which is named, if one
    is.
    """


_MOVED = {"year_before_named": -12, "year_after_named": 12}
_DIGITS = {
    "không": 0, "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5,
    "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9, "mười": 10,
}  # fmt: skip
_BARE_DIGITS: dict[str, list[tuple[str, int]]] = {}
for _text, _value in _DIGITS.items():
    _BARE_DIGITS.setdefault(fold(_text), []).append((_text, _value))
_BEGINNINGS = frozenset(_BARE_DIGITS) | {
    fold(text) for text in ("nửa", "q", "quý", "tháng", "thg", "t", "th", "năm", "n")
}
"""The bare words that the readers below begin with, where no number stands first; phrases have
their own.
"""
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5}
_SCALES = {"mươi": 10, "mười": 10, "trăm": 100, "nghìn": 1000, "ngàn": 1000}


def _is(word: Word, *meant: str) -> bool:
    return word.number is None and _agrees(word.text, meant)


@lru_cache(maxsize=65536)
def _agrees(text: str, meant: tuple[str, ...]) -> bool:
    return any(agreement(text, each) >= 0.9 for each in meant)


def _digit(word: Word) -> int | None:
    for text, value in _BARE_DIGITS.get(word.bare, ()):
        if agreement(word.text, text) >= 0.9:
            return value
    return None


def spoken_year(row: list[Word], start: int) -> tuple[int, int] | None:
    """A year in words from `start`: (its end, the year): "hai nghìn không trăm hai mươi ba", "hai
    không hai ba", "hai ba".
    """
    digits: list[int] = []
    total, end, scaled = 0, start, False
    while end < len(row) and end - start < 9 and not (end > start and row[end].breaks):
        word = row[end]
        scale = next((value for text, value in _SCALES.items() if _is(word, text)), None)
        digit = _digit(word)
        if scale is not None and (digits or scale == 10):
            unit = digits.pop() if digits else 1
            total += unit * scale
            scaled = True
        elif _is(word, "linh", "lẻ") and scaled:
            pass
        elif digit is not None:
            digits.append(digit)
        else:
            break
        end += 1
    if scaled:
        year = total + (digits[-1] if digits else 0)
    elif len(digits) in (2, 4) and max(digits) < 10:
        year = int("".join(map(str, digits)))
    else:
        return None
    year = year + 2000 if year < 100 else year
    return (end, year) if 1945 <= year <= 2100 and end - start >= 2 else None


def _full_year(word: Word) -> int | None:
    number = word.plain_number
    return (
        number
        if number is not None and 1945 <= number <= 2100 and len(word.number or "") == 4
        else None
    )


def _year_number(word: Word) -> int | None:
    """The year that a number beside "năm" says: 2023, 23."""
    number = word.plain_number
    if number is None:
        return None
    if 1945 <= number <= 2100:
        return number
    return 2000 + number if len(word.number or "") == 2 and number < 70 else None


class PeriodReader:
    """Reads periods with a vocabulary; it keeps nothing between questions."""

    def __init__(self, words: Vocabulary, pairs: frozenset[tuple[str, str]] = frozenset()) -> None:
        """`pairs` are neighbours in names, where a year or "nam" is no period."""
        self._pairs = pairs
        self._relative = Lexicon(
            {
                group: phrases
                for group, phrases in words.periods.items()
                if group not in ("year_end", "recent", "latest", "all_years")
            }
        )
        self._beginnings = _BEGINNINGS | self._relative.first
        self._latest = Lexicon({"latest": words.periods["latest"]})
        self._all_years = Lexicon({"all_years": words.periods["all_years"]})
        self._year_end = Lexicon({"year_end": words.periods["year_end"]})
        self._recent = Lexicon({"recent": words.periods["recent"]})

    def read(self, words: Words, today: date) -> OfTime:
        """Takes every word that names a period."""
        row = words.row
        marks: set[str] = set()
        named: list[Named] = []
        recent: int | None = None
        place = 0
        while place < len(row):
            if not words.free(place) or not (
                row[place].number is not None or row[place].bare in self._beginnings
            ):
                place += 1
                continue
            last = self._last_years(row, place)
            if last is not None:
                end, recent = last
                words.take(place, end, "period", f"last {recent} years")
                place = end
                continue
            one = self._one(words, place, today, marks)
            if one is not None:
                named.append(one)
            place = one.end if one is not None else place + 1
        return self._join(words, named, recent, marks, today)

    # ------------------------------------------------------------ one at a time

    def _one(self, words: Words, place: int, today: date, marks: set[str]) -> Named | None:
        readers: tuple[Callable[[list[Word], int, date], Named | None], ...] = (
            self._day, self._months_of_year, self._half, self._quarter, self._month, self._years_ago, self._year,
        )  # fmt: skip
        for read in readers:
            named = read(words.row, place, today)
            if named is not None and words.free(named.start, named.end):
                words.take(
                    named.start,
                    named.end,
                    "period",
                    str(named.period or named.year or f"months {named.first}+{named.months}"),
                )
                return named
        for found in self._relative.at(words.row, place):
            if not words.free(found.start, found.end):
                continue
            relative = _relative(found.group, today)
            if relative is None:
                marks.add(found.group)
                words.take(found.start, found.end, "period", found.group)
                return None
            if found.group == "last_year" and self._against(words.row, place):
                named = Named(found.start, found.end, year=relative.start.year, before_named=True)
            elif found.group.endswith("_year") or found.group == "two_years_ago":
                named = Named(found.start, found.end, year=relative.start.year)
            else:
                before = found.group in ("last_month", "last_quarter") and self._against(
                    words.row, place
                )
                named = Named(found.start, found.end, relative, before_named=before)
            words.take(found.start, found.end, "period", str(relative))
            return named
        return None

    @staticmethod
    def _against(row: list[Word], place: int) -> bool:
        return place > 1 and _is(row[place - 1], "với") and _is(row[place - 2], "so", "sánh")

    @staticmethod
    def _day(row: list[Word], place: int, _: date) -> Named | None:
        word = row[place]
        if word.period is not None:
            return Named(place, place + 1, word.period)
        if word.span is not None:
            first, last = word.span
            return Named(place, place + 1, Period.years(first, last)) if first <= last else None
        if (
            word.day is not None
            and (word.day.month, word.day.day) == (12, 31)
            and (not _is(row[place - 1], "từ") or place == 0)
        ):
            return Named(
                place, place + 1, year=word.day.year
            )  # what stood on the last day is the year's figure
        if word.day is not None:
            return Named(place, place + 1, Period(word.day, word.day))
        if (
            word.number is not None
            and place > 0
            and _is(row[place - 1], "ngày")
            and place + 3 < len(row)
            and _is(row[place + 1], "tháng")
        ):
            return None
        return None

    def _months_of_year(self, row: list[Word], place: int, _: date) -> Named | None:
        """ "6 tháng đầu năm", "9 tháng", "3 tháng cuối năm": months counted from one end of a year."""
        count = row[place].plain_number if row[place].number is not None else _digit(row[place])
        end = place + 1
        if (
            count is None
            or end >= len(row)
            or not (
                _is(row[end], "tháng", "thg", "th")
                or (row[end].text == "t" and row[place].repaired)
            )
        ):
            return None
        if not 1 <= count <= 12:
            return None
        end += 1
        last = end < len(row) and _is(row[end], "cuối")
        if end < len(row) and _is(row[end], "đầu", "cuối"):
            end += 1
        elif count in (1, 2) or (row[place].number is None and count not in (3, 6, 9)):
            return None
        first = 13 - count if last else 1
        return Named(place, end, first=first, months=count)

    @staticmethod
    def _half(row: list[Word], place: int, _: date) -> Named | None:
        if _is(row[place], "nửa") and place + 1 < len(row) and _is(row[place + 1], "đầu", "cuối"):
            return Named(place, place + 2, first=7 if _is(row[place + 1], "cuối") else 1, months=6)
        return None

    @staticmethod
    def _quarter(row: list[Word], place: int, _: date) -> Named | None:
        word = row[place]
        if not (word.text in ("q", "quy") or _is(word, "quý")) or place + 1 >= len(row):
            return None
        after = row[place + 1]
        if after.month is not None and 1 <= after.month[0] <= 4:
            return Named(place, place + 2, Period.months(after.month[1], after.month[0] * 3 - 2, 3))
        number = (
            after.plain_number
            or _ROMAN.get(after.text)
            or (_digit(after) if not after.breaks else None)
        )
        if number is None or not 1 <= number <= 4:
            return None
        return Named(place, place + 2, first=number * 3 - 2, months=3)

    def _begins_a_year(self, row: list[Word], place: int) -> bool:
        following = row[place + 1] if place + 1 < len(row) else None
        return (
            _is(row[place], "năm")
            and following is not None
            and (
                _year_number(following) is not None
                or _is(following, "ngoái", "nay", "trước", "kia", "rồi", "qua")
            )
        )

    def _month(self, row: list[Word], place: int, _: date) -> Named | None:
        word = row[place]
        if word.month is not None and 1 <= word.month[0] <= 12:
            return Named(place, place + 1, Period.months(word.month[1], word.month[0], 1))
        if place + 1 >= len(row) or not (_is(word, "tháng", "thg") or word.text in ("t", "th")):
            return None
        after = row[place + 1]
        if after.month is not None and 1 <= after.month[0] <= 12:
            return Named(place, place + 2, Period.months(after.month[1], after.month[0], 1))
        if after.number is None and (
            self._in_name(row, place) or self._begins_a_year(row, place + 1)
        ):
            return None  # "một tháng" of a name, "tháng năm 2023" without its month
        number, end = after.plain_number, place + 2
        if (number is None and not after.breaks and not after.text.startswith("t")) or _is(
            after, "tư", "tám"
        ):
            number = _digit(after)
            if number == 10 and end < len(row) and _digit(row[end]) in (1, 2):
                number, end = 10 + (_digit(row[end]) or 0), end + 1
        return (
            Named(place, end, first=number, months=1)
            if number is not None and 1 <= number <= 12
            else None
        )

    def _years_ago(self, row: list[Word], place: int, today: date) -> Named | None:
        """ "hai năm trước", "cách đây 3 năm": a year counted back from today."""
        count = row[place].plain_number if row[place].number is not None else _digit(row[place])
        if (
            count is None
            or not 1 <= count <= 30
            or place + 2 >= len(row)
            or not _is(row[place + 1], "năm")
        ):
            return None
        return (
            Named(place, place + 3, year=today.year - count)
            if _is(row[place + 2], "trước")
            else None
        )

    def _year(self, row: list[Word], place: int, _: date) -> Named | None:
        word = row[place]
        following = row[place + 1] if place + 1 < len(row) else None
        beside = (_is(word, "năm") or word.text in ("n", "nam")) and following is not None
        if self._in_name(row, place) and (
            word.number is not None or (word.text == "nam" and is_marked(row))
        ):
            return None  # "giá so sánh 2010", "dân số nam 2023"
        if beside and following is not None:
            year = _year_number(following)
            if year is not None:
                return Named(place, place + 2, year=year)
            if following.span is None and _is(word, "năm"):
                spoken = spoken_year(row, place + 1)
                if spoken is not None:
                    return Named(place, spoken[0], year=spoken[1])
        year = _full_year(word)
        if year is not None:
            return Named(place, place + 1, year=year)
        if (
            word.plain_number == 2
            and following is not None
            and following.text == "k"
            and place + 2 < len(row)
        ):
            tail = row[place + 2].plain_number
            if tail is not None and tail < 70:
                return Named(place, place + 3, year=2000 + tail)
        if word.number is not None and len(word.number) == 2 and word.typed.startswith(("'", "’")):
            return Named(place, place + 1, year=2000 + int(word.number))
        return None

    def _in_name(self, row: list[Word], place: int) -> bool:
        return (
            place > 0
            and not row[place].breaks
            and (row[place - 1].bare, row[place].bare) in self._pairs
        )

    def _last_years(self, row: list[Word], place: int) -> tuple[int, int] | None:
        """ "5 năm gần đây": (end, how many)."""
        count = row[place].plain_number if row[place].number is not None else _digit(row[place])
        if (
            count is None
            or not 2 <= count <= 50
            or place + 2 >= len(row)
            or not _is(row[place + 1], "năm")
        ):
            return None
        for found in self._recent.at(row, place + 2):
            return found.end, count
        return None

    # ------------------------------------------------------------ together

    def _join(
        self, words: Words, named: list[Named], recent: int | None, marks: set[str], today: date
    ) -> OfTime:
        row = words.row
        periods: list[Period] = []
        ranges: list[bool] = []
        for number, one in enumerate(named):
            if one.period is not None and one.before_named:
                known = (
                    periods[-1]
                    if periods and periods[-1].whole_months == one.period.whole_months
                    else None
                )
                if len(named) == 1:
                    marks.add("step_before")
                periods.append((known.preceding if known is not None else None) or one.period)
            elif one.period is not None:
                periods.append(one.period)
            elif one.months:
                if not any(each.year is not None for each in named):
                    marks.add("yearless")
                year = self._year_for(named, number, today)
                periods.append(Period.months(year, one.first, one.months))
            elif self._lends_its_year(row, named, number):
                continue
            elif one.before_named and periods:
                periods.append(periods[-1].years_before(1))
            else:
                periods.append(Period.year(one.year or today.year))
            ranges.append(self._reaches(row, named, number))
        span = any(
            word.span for word, owner in zip(row, words.owner, strict=True) if owner == "period"
        )
        for number in range(len(periods) - 1, 0, -1):
            if ranges[number] and periods[number - 1].start <= periods[number].start:
                joined = Period(periods[number - 1].start, periods[number].end)
                span = span or (joined.whole_months is not None and joined.whole_months > 12)
                periods[number - 1 : number + 1] = [joined]
        if (
            len(periods) == 1
            and len(named) == 1
            and periods[0].is_year
            and _opens_towards_now(row, named[0])
            and marks & {"to_date"}
        ):
            periods = [Period.years(periods[0].start.year, max(today.year, periods[0].start.year))]
            marks.discard("to_date")
            span = True
        self._sweep(words, named, marks)
        return OfTime(
            periods=tuple(dict.fromkeys(periods)),
            spans=span,
            recent=recent,
            moved=next((months for mark, months in _MOVED.items() if mark in marks), 0),
            yearless="yearless" in marks,
            latest="latest" in marks,
            to_date="to_date" in marks,
            against=Against(
                named="against" in marks,
                step_before="step_before" in marks,
                same_before="same_before" in marks,
            ),
        )

    @staticmethod
    def _lends_its_year(row: list[Word], named: list[Named], number: int) -> bool:
        """Whether a year only says which year its neighbour's quarter or months are of."""
        neighbours = [each for each in (number - 1, number + 1) if 0 <= each < len(named)]
        return any(
            named[each].months and _near(row, named[each], named[number]) for each in neighbours
        )

    @staticmethod
    def _year_for(named: list[Named], number: int, today: date) -> int:
        one = named[number]
        later = [each for each in named[number + 1 :] if each.year is not None]
        earlier = [each for each in reversed(named[:number]) if each.year is not None]
        for other in (*later, *earlier):
            if other.year is not None:
                return other.year
        return today.year if date(today.year, one.first, 1) <= today else today.year - 1

    @staticmethod
    def _reaches(row: list[Word], named: list[Named], number: int) -> bool:
        """Whether this period is the end of a stretch that the one before it begins: "từ … đến", a
        dash between.
        """
        if number == 0:
            return False
        before, one = named[number - 1], named[number]
        between = row[before.end : one.start]
        if not between:
            return (
                any(dash in row[one.start].breaks for dash in "-–—/")
                and "," not in row[one.start].breaks
            )
        return (len(between) <= 3 and _is(between[0], "đến", "tới")) or (
            len(between) == 2 and _is(between[-1], "đến", "tới")
        )

    def _sweep(self, words: Words, named: list[Named], marks: set[str]) -> None:
        """Takes the words that only frame a period: từ, đến, giai đoạn, cuối năm, trong năm; and
        what stands for now.
        """
        row = words.row
        for found in [
            *self._all_years.find(row),
            *self._latest.find(row),
            *self._year_end.find(row),
        ]:
            if words.free(found.start, found.end):
                if found.group != "all_years":
                    words.take(found.start, found.end, "period", found.group)
                if found.group == "latest":
                    marks.add("latest")
        for one in named:
            place = one.start - 1
            while place >= 0 and words.free(place) and not row[place + 1].breaks.strip("('‘“–-"):
                if _is(row[place], "so") or (
                    row[place].text == "nam" and (is_marked(row) or self._in_name(row, place))
                ):
                    break
                if _is(row[place], "với") and place > 0 and _is(row[place - 1], "so", "sánh"):
                    marks.add("against")
                    break
                if not _is(
                    row[place],
                    "từ",
                    "đến",
                    "tới",
                    "trong",
                    "vào",
                    "năm",
                    "kỳ",
                    "giai",
                    "đoạn",
                    "nhiệm",
                    "ngày",
                    "cuối",
                    "hết",
                    "của",
                    "thời",
                    "hai",
                    "giữa",
                ):
                    break
                words.take(place, place + 1, "period", "frame")
                place -= 1
        for before, after in pairwise(named):
            if (
                after.start - before.end == 1
                and _is(row[before.end], "và", "đến", "tới", "với", "của", "năm", "so")
                and words.free(before.end)
            ):
                words.take(before.end, after.start, "period", "frame")


def _near(row: list[Word], one: Named, other: Named) -> bool:
    first, second = sorted((one, other), key=lambda each: each.start)
    between = row[first.end : second.start]
    return len(between) <= 1 and all(_is(word, "năm", "của", "đầu") for word in between)


def _opens_towards_now(row: list[Word], one: Named) -> bool:
    return any(_is(word, "từ") for word in row[max(0, one.start - 2) : one.start])


def _relative(group: str, today: date) -> Period | None:
    month = date(today.year, today.month, 1)
    quarter = (today.month - 1) // 3
    match group:
        case "this_year":
            return Period.year(today.year)
        case "last_year":
            return Period.year(today.year - 1)
        case "two_years_ago":
            return Period.year(today.year - 2)
        case "next_year":
            return Period.year(today.year + 1)
        case "this_month":
            return Period.months(month.year, month.month, 1)
        case "last_month":
            back = month.year * 12 + month.month - 2
            return Period.months(back // 12, back % 12 + 1, 1)
        case "this_quarter":
            return Period.months(today.year, quarter * 3 + 1, 3)
        case "last_quarter":
            back = today.year * 4 + quarter - 1
            return Period.months(back // 4, back % 4 * 3 + 1, 3)
    return None
