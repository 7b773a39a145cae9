"""Which year each quarter, month and day is of, where it was named beside them or elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeGuard

from db.facts import Period
from handlers.reading.periods.framing import Frames, reaches
from handlers.reading.periods.named import Counted, Cue, Day, Named, Part, Unit, What, Year

Yearless = Part | Day
MOST_BETWEEN = 2
"""The words that may stand between a part and its year: "6 tháng đầu *của* năm 2023"."""


@dataclass(frozen=True, slots=True)
class Said:
    """A period that was said, and the words that said it."""

    start: int
    end: int
    period: Period
    what: What


class Dating:
    """Gives the pieces that were named their years."""

    def __init__(self, frames: Frames, pieces: Sequence[Named]) -> None:
        self._row = frames.row
        self._pieces = [piece for piece in pieces if _is_timed(piece.what)]
        self._same_before = {
            piece.end for piece in pieces if piece.what is Cue.SAME_BEFORE
        }  # "cùng kỳ *2023*"
        self._frames = [frames.of(piece.start) for piece in self._pieces]
        self._lender = self._lent()
        self._listed: dict[int, Yearless | Period] = {}
        self.yearless = False
        """Whether no year was named for what wants one."""
        self.same_year: int | None = None
        """The year that "cùng kỳ" was said of."""

    def said(self) -> list[Said]:
        """The periods that were said, each of its year, in the order of the words."""
        lenders = set(self._lender.values())
        said: list[Said] = []
        for at, piece in enumerate(self._pieces):
            if self._is_of_same_period(at):
                self.same_year = self._year_before(said) if _is_year(piece) else None
                continue
            if at not in lenders:
                said += self._dated(at, piece, said)
        return said

    # ------------------------------------------------------------ years that are lent

    def _lent(self) -> dict[int, int]:
        """The place of the year beside each part: behind it, else before it."""
        lent: dict[int, int] = {}
        parts = [at for at, piece in enumerate(self._pieces) if _is_yearless(piece)]
        for step in (1, -1):
            for at in parts:
                beside = at + step
                if at not in lent and beside not in lent.values() and self._lends(at, beside):
                    lent[at] = beside
        return lent

    def _lends(self, at: int, beside: int) -> bool:
        if not 0 <= beside < len(self._pieces) or not _is_year(self._pieces[beside]):
            return False
        first, second = sorted((at, beside))
        start, end = self._pieces[first].end, self._pieces[second].start
        fillers = all(self._row.is_(place, "fillers") for place in range(start, end))
        return fillers and end - start <= MOST_BETWEEN and not self._row.stops(start, end + 1)

    # ------------------------------------------------------------ one piece

    def _dated(self, at: int, piece: Named, said: list[Said]) -> Iterator[Said]:
        period = self._period(at, piece, said)
        if period is not None:
            lender = self._lender.get(at)
            ends = [piece, *([self._pieces[lender]] if lender is not None else [])]
            start, end = min(one.start for one in ends), max(one.end for one in ends)
            yield Said(start, end, period, piece.what)

    def _period(self, at: int, piece: Named, said: list[Said]) -> Period | None:
        against = self._frames[at].against
        match piece.what:
            case Period() as period:
                return period
            case Year() as year:
                if against and year.steps == -1 and said:
                    return said[-1].period.years_before(1)
                alike = self._listed_with(at)
                return year_of(year.number) if alike is None else _in_year(alike, year.number)
            case Counted() as counted:
                known = said[-1].period if said and against else None
                if known is not None and known.whole_months == counted.unit:
                    return known.preceding if counted.steps == -1 else counted.period
                return counted.period
            case Part() | Day() as part:
                return self._of_year(at, part, said)
            case _:
                return None

    def _listed_with(self, at: int) -> Yearless | Period | None:
        """The part that a year is listed with: "quý 2 năm 2023 *và 2024*"."""
        before = at - 1
        if self._row.says(self._pieces[at].start - 1, "cả") or not self._lists(before, at):
            return None
        borrower = next((part for part, year in self._lender.items() if year == before), before)
        what = self._listed.get(before) or self._pieces[borrower].what
        if borrower > before or not _is_within_a_year(what) or not self._is_parallel(before, at):
            return None
        self._listed[at] = what
        return what

    def _is_parallel(self, before: int, at: int) -> bool:
        """Whether a year goes on with the one before; "quý 1/2024 và *năm 2023*" names a whole."""
        row = self._row
        named = row.is_year_word(self._pieces[at].start)
        alike = row.is_year_word(self._pieces[before].start)
        return not named or alike or self._frames[at].against

    def _lists(self, before: int, at: int) -> bool:
        """Whether two neighbours are listed or held against each other."""
        if before < 0:
            return False
        start, end = self._pieces[before].end, self._pieces[at].start
        words = range(start, end)
        joining = all(self._row.is_(place, "joins", "compares", "fillers") for place in words)
        joined = any(self._row.is_(place, "joins", "compares") for place in words)
        signs = self._row.breaks(end if not words else start)
        return joining and len(words) <= MOST_BETWEEN + 1 and (joined or signs in (",", ";", "+"))

    def _of_year(self, at: int, part: Yearless, said: list[Said]) -> Period:
        anchor = said[-1].period if said and self._frames[at].against else None
        lender = self._lender.get(at)
        if lender is not None:
            year = self._pieces[lender].what
            if anchor is not None and isinstance(year, Year) and year.steps == -1:
                return part.in_year(anchor.start.year - 1)
            return part.in_year(_years(self._pieces[lender])[0])
        period = part.in_year(self._year_elsewhere(at))
        if anchor is not None and period.start > anchor.start:
            return period.years_before(1)  # "tháng 1/2025 so với tháng 12"
        return self._before_next(at, period)

    def _before_next(self, at: int, period: Period) -> Period:
        """A year earlier where it begins what ends in the year: "tháng 11 đến tháng 2 năm 2024"."""
        following = self._pieces[at + 1] if at + 1 < len(self._pieces) else None
        if following is None or not reaches(self._row, self._pieces[at].end, following.start):
            return period
        part = following.what
        if isinstance(part, Part | Day):
            lender = self._lender.get(at + 1)
            year = period.start.year if lender is None else _years(self._pieces[lender])[0]
            ends = part.in_year(year)
        else:
            ends = part if isinstance(part, Period) else period
        return period.years_before(1) if period.start > ends.start else period

    # ------------------------------------------------------------ years from elsewhere

    def _year_elsewhere(self, at: int) -> int:
        """The nearest year that was named behind or else before, or the newest that fits."""
        later = range(at + 1, len(self._pieces))
        earlier = range(at - 1, -1, -1)
        for other in (*later, *earlier):
            held_against = other > at and self._frames[other].against
            years = _years(self._pieces[other])
            if years and not held_against and not self._is_of_same_period(other):
                return years[0] if other > at else years[-1]
        self.yearless = True
        return min(
            newest_year(piece.what, self._row.today)
            for place, piece in enumerate(self._pieces)
            if isinstance(piece.what, Part | Day) and place not in self._lender
        )

    def _is_of_same_period(self, at: int) -> bool:
        """Whether it says of which year "cùng kỳ" is, once something else was named."""
        return self._frames[at].start in self._same_before

    def _year_before(self, said: list[Said]) -> int | None:
        at = next(at for at in range(len(self._pieces)) if self._is_of_same_period(at))
        year = self._pieces[at].what
        if not isinstance(year, Year) or not said:
            return None
        return said[-1].period.start.year - 1 if year.steps == -1 else year.number


def _is_within_a_year(what: What) -> TypeGuard[Part | Period]:
    """Whether it is some months of a year."""
    return isinstance(what, Part) or (
        isinstance(what, Period) and (what.whole_months or Unit.YEAR) < Unit.YEAR
    )


def _in_year(what: Yearless | Period, year: int) -> Period:
    """The same months of another year."""
    if isinstance(what, Period):
        return what.years_before(what.start.year - year)
    return what.in_year(year)


def year_of(number: int) -> Period | None:
    """A year of the calendar; None beyond its end."""
    return Period.year(number) if date.min.year < number < date.max.year else None


def newest_year(part: Yearless, today: date) -> int:
    """The newest year of which a part may be asked about today."""
    return today.year if part.newest <= today.month else today.year - 1


def _is_timed(what: What) -> bool:
    return isinstance(what, Period | Year | Part | Day | Counted)


def _is_yearless(piece: Named) -> bool:
    return isinstance(piece.what, Part | Day)


def _is_year(piece: Named) -> bool:
    return isinstance(piece.what, Year)


def _years(piece: Named) -> tuple[int, ...]:
    """The first and the last year of what names its year."""
    match piece.what:
        case Year() as year:
            return (year.number, year.number)
        case Period() as period:
            return (period.start.year, period.end.year)
        case Counted() as counted:
            return (counted.period.start.year, counted.period.end.year)
        case _:
            return ()
