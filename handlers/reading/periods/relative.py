"""Periods counted from today or from what was named: "năm ngoái", "3 tháng qua", "tháng sau đó"."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from db.facts import Period
from handlers.reading.periods.named import (
    Counted,
    Cue,
    Named,
    Recent,
    Shift,
    Unit,
    What,
    Year,
    named,
)
from handlers.reading.periods.numerals import counts
from handlers.reading.periods.parts import month, quarter
from handlers.reading.periods.row import Row
from handlers.reading.periods.years import begins_year
from handlers.reading.words import Found, Lexicon
from locales.vocabulary import Phrase

STEPS: dict[str, tuple[Unit, int]] = {
    "this_year": (Unit.YEAR, 0),
    "last_year": (Unit.YEAR, -1),
    "two_years_ago": (Unit.YEAR, -2),
    "next_year": (Unit.YEAR, 1),
    "this_month": (Unit.MONTH, 0),
    "last_month": (Unit.MONTH, -1),
    "two_months_ago": (Unit.MONTH, -2),
    "next_month": (Unit.MONTH, 1),
    "this_quarter": (Unit.QUARTER, 0),
    "last_quarter": (Unit.QUARTER, -1),
    "two_quarters_ago": (Unit.QUARTER, -2),
    "next_quarter": (Unit.QUARTER, 1),
}
"""Groups of the vocabulary that are counted from today."""
SHIFTS: dict[str, Shift] = {
    "year_before_named": Shift(Unit.YEAR, -1),
    "year_after_named": Shift(Unit.YEAR, 1),
    "month_before_named": Shift(Unit.MONTH, -1),
    "month_after_named": Shift(Unit.MONTH, 1),
    "quarter_before_named": Shift(Unit.QUARTER, -1),
    "quarter_after_named": Shift(Unit.QUARTER, 1),
}
NEWEST: dict[str, Recent] = {
    "newest_month": Recent(1, Unit.MONTH),
    "newest_quarter": Recent(1, Unit.QUARTER),
}
CUES: dict[str, Cue] = {
    "latest": Cue.LATEST,
    "same_before": Cue.SAME_BEFORE,
    "running": Cue.RUNNING,
    "year_to_date": Cue.YEAR_TO_DATE,
    "to_now": Cue.TO_NOW,
    "whole_year": Cue.WHOLE_YEAR,
}
A_FEW = {Unit.MONTH: 6, Unit.QUARTER: 4}
""" "mấy tháng gần đây": half a year of months, a year of quarters; years are shown all."""
MOST = {Unit.MONTH: 120, Unit.QUARTER: 60, Unit.YEAR: 50}
"""More of them is no stretch that anybody asks for."""


class Relative:
    """Reads what is counted from today or from what was named."""

    def __init__(self, phrases: Mapping[str, tuple[Phrase, ...]]) -> None:
        """`phrases` are those of the vocabulary, by group."""
        known = (*STEPS, *SHIFTS, *NEWEST, *CUES)
        self._phrases = Lexicon({name: phrases[name] for name in known})
        self._recent = Lexicon({"recent": phrases["recent"]})
        self.first = self._phrases.first

    def named(self, row: Row, place: int) -> Named | None:
        """A phrase such as "năm ngoái"; one that only opens a longer one is none."""
        for found in row.find(self._phrases, place):
            free = row.words.free(found.start, found.end)
            if free and not _opens_another(row, found) and not _of_several(row, found):
                return named(found.start, found.end, _meant(found.group, row.today))
        return None

    def recent(self, row: Row, place: int) -> Named | None:
        """ "5 năm gần đây", "3 tháng qua", "mấy tháng gần đây"."""
        few = row.is_(place, "few")
        number, end = counts(row, place) or (0, place + few)
        unit = _unit(row, end) if end > place else None
        found = next(row.find(self._recent, end + 1), None)
        if unit is None or found is None:
            return None
        number = number or A_FEW.get(unit, 0)
        return named(place, found.end, Recent(number, unit) if 2 <= number <= MOST[unit] else None)

    def ago(self, row: Row, place: int) -> Named | None:
        """ "hai năm trước", "3 tháng trước", "cách đây 3 năm"."""
        away = row.phrase(place, "ago")
        number, end = counts(row, place if away is None else away.end) or (0, place)
        unit = _unit(row, end) if 1 <= number <= MOST[Unit.YEAR] else None
        behind = row.phrase(end + 1, "before")
        if unit is None or (away is None) == (behind is None) or _names_an_anchor(row, behind):
            return None
        end = end + 1 if behind is None else behind.end
        return named(place, end, _counted(unit, -number, row.today))


def _names_an_anchor(row: Row, behind: Found | None) -> bool:
    """Whether something else than today is counted from: "2 năm trước đó", "2 năm trước 2020"."""
    return behind is not None and (row.says(behind.end, "đó") or begins_year(row, behind.end))


def _opens_another(row: Row, found: Found) -> bool:
    """Whether the last word begins something longer: "sang *năm 2023*", "năm *tới đâu*"."""
    last = found.end - 1
    if last == found.start:
        return False
    begins = begins_year(row, last) or month(row, last) or quarter(row, last)
    return bool(begins) or row.phrase(last, "traps") is not None


def _of_several(row: Row, found: Found) -> bool:
    """Whether a year is one of some: "mấy *năm nay*", "các *năm qua*" are no single year."""
    year = STEPS.get(found.group, (None, 0))[0] is Unit.YEAR
    return year and found.start > 0 and row.is_(found.start - 1, "few")


def _unit(row: Row, place: int) -> Unit | None:
    if row.is_year_word(place):
        return Unit.YEAR
    if row.says(place, "tháng", "thg"):
        return Unit.MONTH
    return Unit.QUARTER if row.says(place, "quý") else None


def _meant(group: str, today: date) -> What | None:
    if group in STEPS:
        return _counted(*STEPS[group], today)
    return SHIFTS.get(group) or NEWEST.get(group) or CUES[group]


def _counted(unit: Unit, steps: int, today: date) -> What | None:
    """The year, quarter or month so many steps from that of today; None beyond the calendar."""
    if unit is Unit.YEAR:
        return Year(today.year + steps, steps)
    now = Period.months(today.year, (today.month - 1) // unit * unit + 1, unit)
    try:
        return Counted(now.later(steps * unit), unit, steps)
    except ValueError:
        return None
