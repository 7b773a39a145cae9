"""A period written in any way of the grammar is read back exactly or not at all, never as another."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.facts import Catalogue, Period
from handlers.reading.naming.known import repairer_of
from handlers.reading.periods import PeriodReader
from locales.vocabulary import vocabulary

TODAY = date(2025, 11, 18)
NUMERALS = (
    "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười", "mười một", "mười hai",
)  # fmt: skip
ROMAN = ("I", "II", "III", "IV")
YEARS = st.integers(2000, 2030)
MONTHS = st.integers(1, 12)
QUARTERS = st.integers(1, 4)
BEFORE = ("", "tỷ lệ hộ nghèo ", "cho em hỏi quy mô dân số ", "Thu ngân sách của ", "Số vụ, ")
BEHIND = ("", " là bao nhiêu", "?", " thế nào ạ", " của tỉnh", ", nhờ anh chị xem giúp")

Read = Callable[[str], tuple[Period, ...]]


@dataclass(frozen=True)
class Way:
    """One way to write periods, with the periods that it means."""

    text: str
    periods: tuple[Period, ...]


def year_words(year: int) -> list[str]:
    """The ways to name a year behind a part of it."""
    relative = {TODAY.year: ["năm nay"], TODAY.year - 1: ["năm ngoái"]}
    return [f"năm {year}", str(year), f"/{year}", *relative.get(year, [])]


def with_year(part: str, year: str) -> str:
    return f"{part}{year}" if year.startswith("/") else f"{part} {year}"


@st.composite
def years(draw: st.DrawFn) -> Way:
    year = draw(YEARS)
    text = draw(
        st.sampled_from(
            [
                str(year),
                f"năm {year}",
                f"cả năm {year}",
                f"cuối năm {year}",
                f"2k{year % 100:02}",
                f"năm {year % 100:02}",
                f"đến hết năm {year}",
            ]
        )
    )
    return Way(text, (Period.year(year),))


@st.composite
def quarters(draw: st.DrawFn) -> Way:
    number, year = draw(QUARTERS), draw(YEARS)
    part = draw(
        st.sampled_from(
            [
                f"quý {number}",
                f"quý {ROMAN[number - 1]}",
                f"Q{number}",
                f"quý {NUMERALS[number - 1]}",
            ]
        )
    )
    text = with_year(part, draw(st.sampled_from(year_words(year))))
    return Way(text, (Period.months(year, number * 3 - 2, 3),))


@st.composite
def months(draw: st.DrawFn) -> Way:
    number, year = draw(MONTHS), draw(YEARS)
    part = draw(
        st.sampled_from(
            [
                f"tháng {number}",
                f"T{number}",
                f"thg {number}",
                f"tháng {NUMERALS[number - 1]}",
                f"tháng {number:02}",
            ]
        )
    )
    text = with_year(part, draw(st.sampled_from(year_words(year))))
    return Way(
        draw(
            st.sampled_from([text, f"{year}/{number:02}", f"{number}/{year}", f"năm {year} {part}"])
        ),
        (Period.months(year, number, 1),),
    )


@st.composite
def counted(draw: st.DrawFn) -> Way:
    number, year = draw(st.integers(2, 12)), draw(YEARS)
    count = draw(st.sampled_from([str(number), NUMERALS[number - 1]]))
    part = draw(st.sampled_from([f"{count} tháng", f"{count} tháng đầu", f"luỹ kế {count} tháng"]))
    text = with_year(part, draw(st.sampled_from(year_words(year))))
    return Way(text, (Period.months(year, 1, number),))


@st.composite
def quarters_counted(draw: st.DrawFn) -> Way:
    number, year = draw(st.integers(2, 4)), draw(YEARS)
    count = draw(st.sampled_from([str(number), NUMERALS[number - 1]]))
    side = draw(st.sampled_from(["", " đầu", " cuối"]))
    text = with_year(f"{count} quý{side}", draw(st.sampled_from(year_words(year))))
    first = 13 - number * 3 if side == " cuối" else 1
    return Way(text, (Period.months(year, first, number * 3),))


@st.composite
def running(draw: st.DrawFn) -> Way:
    number, year = draw(MONTHS), draw(YEARS)
    frame = draw(
        st.sampled_from(
            [
                "đến hết {}",
                "tính đến {}",
                "hết {}",
                "luỹ kế {}",
                "lũy kế đến {}",
                "từ đầu năm đến hết {}",
            ]
        )
    )
    part = with_year(f"tháng {number}", draw(st.sampled_from(year_words(year))))
    return Way(frame.format(part), (Period.months(year, 1, number),))


@st.composite
def stretches(draw: st.DrawFn) -> Way:
    year = draw(YEARS)
    first, last = sorted((draw(MONTHS), draw(MONTHS)))
    text = draw(st.sampled_from([
        f"từ tháng {first} đến tháng {last} năm {year}", f"tháng {first} - tháng {last}/{year}",
        f"tháng {first}-{last}/{year}", f"T{first}-T{last} {year}",
        f"từ tháng {first}/{year} đến tháng {last}/{year}",
    ]))  # fmt: skip
    return Way(text, (Period.months(year, first, last - first + 1),))


@st.composite
def over_years(draw: st.DrawFn) -> Way:
    first = draw(YEARS)
    last = first + draw(st.integers(1, 10))
    text = draw(st.sampled_from([
        f"giai đoạn {first}-{last}", f"từ {first} đến {last}", f"{first}–{last}",
        f"từ năm {first} đến năm {last}", f"từ năm {first} cho đến hết năm {last}",
    ]))  # fmt: skip
    return Way(text, (Period.years(first, last),))


@st.composite
def open_stretches(draw: st.DrawFn) -> Way:
    first = draw(st.integers(2005, TODAY.year - 1))
    frame = draw(
        st.sampled_from(
            [
                "từ {}",
                "từ năm {}",
                "{} đến nay",
                "từ năm {} đến nay",
                "kể từ {} tới giờ",
                "từ {} trở lại đây",
            ]
        )
    )
    return Way(frame.format(first), (Period.years(first, TODAY.year),))


@st.composite
def lists(draw: st.DrawFn) -> Way:
    unit, most, months = draw(st.sampled_from([("quý", 4, 3), ("tháng", 12, 1)]))
    numbers = draw(st.lists(st.integers(1, most), min_size=2, max_size=4, unique=True))
    year = draw(YEARS)
    *first, last = [str(number) for number in numbers]
    also = draw(st.sampled_from([" và ", ", ", " với "]))
    text = with_year(
        f"{unit} {', '.join(first)}{also}{last}", draw(st.sampled_from(year_words(year)))
    )
    return Way(text, tuple(Period.months(year, (n - 1) * months + 1, months) for n in numbers))


@st.composite
def listed_years(draw: st.DrawFn) -> Way:
    several = draw(st.lists(YEARS, min_size=2, max_size=4, unique=True))
    *first, last = [str(year) for year in several]
    text = f"{draw(st.sampled_from(['năm ', '']))}{', '.join(first)} và {last}"
    return Way(text, tuple(Period.year(year) for year in several))


@st.composite
def ends_of_years(draw: st.DrawFn) -> Way:
    year = draw(YEARS)
    text, first, length = draw(st.sampled_from([
        ("nửa đầu", 1, 6), ("nửa cuối", 7, 6), ("quý đầu", 1, 3), ("quý cuối", 10, 3),
        ("6 tháng cuối", 7, 6), ("3 tháng cuối", 10, 3), ("tháng cuối", 12, 1),
    ]))  # fmt: skip
    return Way(f"{text} năm {year}", (Period.months(year, first, length),))


WAYS: tuple[Callable[[], st.SearchStrategy[Way]], ...] = (
    years, quarters, months, counted, quarters_counted, running, stretches, over_years,
    open_stretches, lists, listed_years, ends_of_years,
)  # fmt: skip


def bare(text: str) -> str:
    """The text as it is typed without marks."""
    letters = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


@pytest.fixture(scope="module")
def read() -> Read:
    repairer = repairer_of(Catalogue(), vocabulary())
    reader = PeriodReader(vocabulary())
    return lambda text: reader.read(repairer.words(text), TODAY).periods


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_is_read_back(read: Read, way: Callable[[], st.SearchStrategy[Way]]) -> None:
    @settings(max_examples=120, deadline=None)
    @given(way())
    def hold(written: Way) -> None:
        assert read(written.text) == written.periods, written.text

    hold()


@settings(max_examples=400, deadline=None)
@given(
    st.one_of([way() for way in WAYS]),
    st.sampled_from(BEFORE),
    st.sampled_from(BEHIND),
    st.booleans(),
)
def test_is_never_read_as_another(
    read: Read, written: Way, before: str, behind: str, marks: bool
) -> None:
    text = f"{before}{written.text}{behind}"
    periods = read(text if marks else bare(text))
    assert periods in ((), written.periods), text


@settings(max_examples=200, deadline=None)
@given(st.one_of([way() for way in WAYS]), st.one_of([way() for way in WAYS]))
def test_two_beside_each_other_are_both_read_or_one(read: Read, one: Way, other: Way) -> None:
    text = f"Báo cáo ghi số của {one.text}. Em muốn hỏi {other.text}"
    periods = read(text)
    assert set(periods) <= {*one.periods, *other.periods}, text
