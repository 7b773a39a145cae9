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
        self._listed: dict[int, Part | Period] = {}
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
                self.same_year = _same_year(piece.what, said)
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
        anchor = said[-1].period if said and self._frames[at].against else None
        match piece.what:
            case Period() as period:
                return period
            case Year() as year:
                return self._year(at, year, anchor)
            case Counted() as counted:
                return _step(counted, anchor)
            case Part() | Day() as part:
                return self._of_year(at, part, anchor)
        return None

    def _year(self, at: int, year: Year, anchor: Period | None) -> Period | None:
        if anchor is not None and year.steps == -1:
            return anchor.years_before(1)
        alike = self._listed_with(at)
        return year_of(year.number) if alike is None else _in_year(alike, year.number)

    def _listed_with(self, at: int) -> Part | Period | None:
        """The part that a year is listed with: "quý 2 năm 2023 *và 2024*"."""
        before = at - 1
        whole = self._row.says(self._pieces[at].start - 1, "cả")
        if whole or not self._lists(before, at) or not self._is_parallel(before, at):
            return None
        borrowers = [part for part, year in self._lender.items() if year == before and part < year]
        what = self._listed.get(before) or self._pieces[(*borrowers, before)[0]].what
        if not _is_within_a_year(what):
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
        row, start = self._row, self._pieces[before].end
        words = range(start, self._pieces[at].start)
        if before < 0 or len(words) > MOST_BETWEEN + 1:
            return False
        if not all(row.is_(place, "joins", "compares", "fillers") for place in words):
            return False
        joined = any(row.is_(place, "joins", "compares") for place in words)
        return joined or row.breaks(start) in (",", ";", "+")

    def _of_year(self, at: int, part: Yearless, anchor: Period | None) -> Period:
        lender = self._lender.get(at)
        if lender is not None:
            return part.in_year(_lent_year(self._pieces[lender].what, anchor))
        period = part.in_year(self._year_elsewhere(at))
        if anchor is not None and period.start > anchor.start:
            return period.years_before(1)  # "tháng 1/2025 so với tháng 12"
        return self._before_next(at, period)

    def _before_next(self, at: int, period: Period) -> Period:
        """A year earlier where it begins what ends in the year: "tháng 11 đến tháng 2 năm 2024"."""
        if at + 1 == len(self._pieces):
            return period
        following = self._pieces[at + 1]
        reached = reaches(self._row, self._pieces[at].end, following.start)
        ends = self._end(at + 1, period) if reached else period
        return period.years_before(1) if period.start > ends.start else period

    def _end(self, at: int, begun: Period) -> Period:
        """The period that ends a stretch begun in a year."""
        what = self._pieces[at].what
        if not isinstance(what, Part | Day):
            return what if isinstance(what, Period) else begun
        lender = self._lender.get(at)
        year = begun.start.year if lender is None else _years(self._pieces[lender])[0]
        return what.in_year(year)

    # ------------------------------------------------------------ years from elsewhere

    def _year_elsewhere(self, at: int) -> int:
        """The nearest year that was named behind or else before, or the newest that fits."""
        behind = [other for other in range(at + 1, len(self._pieces)) if self._tells(other)]
        free = [other for other in behind if not self._frames[other].against]
        before = [other for other in range(at - 1, -1, -1) if self._tells(other)]
        if free:
            return _years(self._pieces[free[0]])[0]
        return _years(self._pieces[before[0]])[-1] if before else self._newest()

    def _tells(self, at: int) -> bool:
        """Whether a year is named there, and not that of "cùng kỳ"."""
        return bool(_years(self._pieces[at])) and not self._is_of_same_period(at)

    def _newest(self) -> int:
        """The newest year that all fit which have none."""
        self.yearless = True
        alone = [piece.what for at, piece in enumerate(self._pieces) if at not in self._lender]
        parts = [what for what in alone if isinstance(what, Part | Day)]
        return min(newest_year(part, self._row.today) for part in parts)

    def _is_of_same_period(self, at: int) -> bool:
        """Whether it says of which year "cùng kỳ" is, once something else was named."""
        start = self._frames[at].start
        return start in self._same_before and not self._row.breaks(start)


def _same_year(year: What, said: list[Said]) -> int | None:
    """The year that "cùng kỳ" is said of, once something else was named."""
    return _lent_year(year, said[-1].period) if said and isinstance(year, Year) else None


def _lent_year(year: What, anchor: Period | None) -> int:
    """The year that a part is of; "năm trước" counts from what is compared with."""
    assert isinstance(year, Year)
    counted = anchor is not None and year.steps == -1
    return anchor.start.year - 1 if anchor is not None and counted else year.number


def _step(counted: Counted, anchor: Period | None) -> Period | None:
    """A month or quarter; "so với tháng trước" counts from the one named."""
    known = anchor is not None and anchor.whole_months == counted.unit and counted.steps == -1
    return anchor.preceding if anchor is not None and known else counted.period


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
