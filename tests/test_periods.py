"""A period is its first and last day, whatever it is called."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.facts import Period, latest

DAYS = st.dates(date(1900, 1, 1), date(2150, 12, 31))


@pytest.mark.parametrize(
    ("written", "start", "end"),
    [
        ("2023", "2023-01-01", "2023-12-31"),
        ("2023-S1", "2023-01-01", "2023-06-30"),
        ("2023-S2", "2023-07-01", "2023-12-31"),
        ("2023-Q1", "2023-01-01", "2023-03-31"),
        ("2023-Q4", "2023-10-01", "2023-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2023-01/2023-09", "2023-01-01", "2023-09-30"),
        ("2021/2025", "2021-01-01", "2025-12-31"),
        ("2022-12-15/2023-12-14", "2022-12-15", "2023-12-14"),
        ("2023-Q2/2023-Q3", "2023-04-01", "2023-09-30"),
    ],
)
def test_reads_what_files_write(written: str, start: str, end: str) -> None:
    read = Period.parse(written)
    assert (read.start, read.end) == (date.fromisoformat(start), date.fromisoformat(end))


@pytest.mark.parametrize(
    ("long", "short"),
    [
        ("2023-01/2023-06", "2023-S1"),
        ("2023-01/2023-12", "2023"),
        ("2023-07/2023-09", "2023-Q3"),
        ("2023-03/2023-03", "2023-03"),
        ("2023-02/2023-04", "2023-02/2023-04"),
        ("2023-07/2024-06", "2023-07/2024-06"),
    ],
)
def test_prints_the_shorter_form(long: str, short: str) -> None:
    assert str(Period.parse(long)) == short
    assert Period.parse(long) == Period.parse(short)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "23",
        "2023-Q5",
        "2023-S3",
        "2023-13",
        "2023-00",
        "2023-05-01",
        "2023/2022",
        "2023-02-30/2023-03-01",
        "a/b",
        "2023/2024/2025",
        "quý 2/2023",
    ],
)
def test_refuses_what_is_no_period(written: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any of them will do
        Period.parse(written)


@given(DAYS, DAYS)
def test_what_is_printed_is_read_back(one: date, other: date) -> None:
    period = Period(min(one, other), max(one, other))
    assert Period.parse(str(period)) == period


def test_a_reporting_year_goes_by_its_number() -> None:
    assert Period.parse("2022-12-15/2023-12-14").reporting_year == 2023
    assert Period.parse("2023").reporting_year == 2023
    assert Period.parse("2023-S1").reporting_year is None


def test_a_whole_february_stays_whole() -> None:
    assert Period.parse("2023-02").years_before(-1) == Period.parse("2024-02")
    assert Period.parse("2024-02").years_before(1) == Period.parse("2023-02")


def test_of_periods_that_end_together_the_longest_is_the_latest() -> None:
    year, quarter = Period.parse("2023"), Period.parse("2023-Q4")
    assert latest([quarter, year]) == latest([year, quarter]) == year
    assert latest([]) is None
