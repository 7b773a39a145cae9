"""Puts the pieces together: stretches with two ends, open ones, running totals, comparisons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from db.facts import Period, last_day
from handlers.question import Against, OfTime
from handlers.reading.periods.dating import Dating, Said
from handlers.reading.periods.framing import Frames, reaches
from handlers.reading.periods.named import (
    Counted,
    Cue,
    Day,
    Named,
    Part,
    Recent,
    Shift,
    Unit,
    Unreadable,
    Year,
)
from handlers.reading.periods.row import Row

_Kind = TypeVar("_Kind")


@dataclass(frozen=True, slots=True)
class _Stretch:
    """One or two periods as one; `whole` when both ends were named, `open` when it runs to now."""

    said: Said
    joined: bool = False
    open: bool = False
    to_date: bool = False

    @property
    def period(self) -> Period:
        return self.said.period


def compose(frames: Frames, pieces: Sequence[Named]) -> OfTime:
    """What the pieces say together."""
    row = frames.row
    dating = Dating(frames, pieces)
    said = _with_year_to_date(row, pieces, dating.said())
    stretches = _narrowed(row, _ended(frames, _joined(row, said), pieces))
    periods = [stretch.period for stretch in stretches]
    same_before = any(piece.what is Cue.SAME_BEFORE for piece in pieces)
    if dating.same_year is not None and periods:
        same_before = False
        periods.append(periods[-1].years_before(periods[-1].start.year - dating.same_year))
    shift = _first(pieces, Shift)
    shifted = shift.of(periods[-1]) if shift is not None and periods else None
    recent = _first(pieces, Recent)
    return OfTime(
        periods=tuple(dict.fromkeys([*periods, *([shifted] if shifted is not None else [])])),
        spans=any(_is_span(stretch) for stretch in stretches),
        recent=recent.count if recent is not None else None,
        grain=recent.unit if recent is not None and recent.unit < Unit.YEAR else None,
        moved=shift.months if shift is not None and shifted is None else 0,
        yearless=dating.yearless,
        latest=_is_latest(pieces, stretches),
        to_date=any(stretch.to_date for stretch in stretches) or _says(pieces, Cue.RUNNING),
        whole_year=_says(pieces, Cue.WHOLE_YEAR) and not stretches,
        against=replace(_against(frames, pieces, stretches), same_before=same_before),
        unreadable=tuple(
            " ".join(word.typed for word in row.between(piece.start, piece.end))
            for piece in pieces
            if isinstance(piece.what, Unreadable)
        ),
    )


def _first(pieces: Sequence[Named], kind: type[_Kind]) -> _Kind | None:
    return next((piece.what for piece in pieces if isinstance(piece.what, kind)), None)


def _says(pieces: Sequence[Named], cue: Cue) -> bool:
    return any(piece.what is cue for piece in pieces)


def _is_latest(pieces: Sequence[Named], stretches: Sequence[_Stretch]) -> bool:
    """Whether the newest figure is meant; "đến nay" says so where it closes nothing."""
    return _says(pieces, Cue.LATEST) or (_says(pieces, Cue.TO_NOW) and not stretches)


def _against(frames: Frames, pieces: Sequence[Named], stretches: Sequence[_Stretch]) -> Against:
    """What is compared with: what stands behind "so với", or the step right before."""
    whats = [
        piece.what
        for piece in pieces
        if not isinstance(piece.what, Cue) and frames.of(piece.start).against
    ]
    step = any(isinstance(what, Counted) and what.steps == -1 for what in whats)
    return Against(named=bool(whats), step_before=step and len(stretches) == 1)


# ------------------------------------------------------------ stretches


def _with_year_to_date(row: Row, pieces: Sequence[Named], said: Sequence[Said]) -> list[Said]:
    """What was said, and "từ đầu năm" as a stretch from its first day to today."""
    year = Period(date(row.today.year, 1, 1), row.today)
    opened = [
        Said(piece.start, piece.end, year, Cue.YEAR_TO_DATE)
        for piece in pieces
        if piece.what is Cue.YEAR_TO_DATE
    ]
    return sorted([*said, *opened], key=lambda one: one.start)


def _joined(row: Row, said: Sequence[Said]) -> list[_Stretch]:
    """Joins what begins a stretch with what ends it: "từ quý 1 đến quý 3", "2021-2025"."""
    stretches: list[_Stretch] = []
    for one in said:
        before = stretches[-1] if stretches else None
        if before is None or not reaches(row, before.said.end, one.start):
            stretches.append(_Stretch(one))
        elif before.said.what is Cue.YEAR_TO_DATE:
            stretches[-1] = _Stretch(replace(one, period=_from_january(one.period)), to_date=True)
        elif before.period.start <= one.period.start:
            period = Period(before.period.start, one.period.end)
            stretches[-1] = _Stretch(
                Said(before.said.start, one.end, period, before.said.what), joined=True
            )
        else:
            stretches.append(_Stretch(one))
    return stretches


def _ended(
    frames: Frames, stretches: Sequence[_Stretch], pieces: Sequence[Named]
) -> list[_Stretch]:
    """Closes what was left open: "từ 2020", "2020 đến nay", "đến hết tháng 8", "luỹ kế"."""
    alone = len(stretches) == 1
    return [_closed(frames, stretch, pieces, alone=alone) for stretch in stretches]


def _closed(frames: Frames, stretch: _Stretch, pieces: Sequence[Named], *, alone: bool) -> _Stretch:
    said, frame = stretch.said, frames.of(stretch.said.start)
    if stretch.joined or stretch.to_date:
        return stretch
    if said.what is Cue.YEAR_TO_DATE:
        return replace(stretch, to_date=True)
    if frame.since or _is_open(frames, said, pieces):
        return _to_now(stretch, frames.row.today)
    running = (alone and _says(pieces, Cue.RUNNING)) or _is_running(frames, said, pieces)
    return _to_date(stretch) if frame.until or running else stretch


def _is_open(frames: Frames, said: Said, pieces: Sequence[Named]) -> bool:
    """Whether "đến nay" stands right behind: "2020 đến nay"."""
    return any(
        piece.what is Cue.TO_NOW and _follows(frames.row, said.end, piece.start) for piece in pieces
    )


def _is_running(frames: Frames, said: Said, pieces: Sequence[Named]) -> bool:
    """Whether "luỹ kế" stands right before or right behind."""
    start = frames.of(said.start).start
    return any(
        _follows(frames.row, said.end, piece.start) or _follows(frames.row, piece.end, start)
        for piece in pieces
        if piece.what is Cue.RUNNING
    )


def _to_date(stretch: _Stretch) -> _Stretch:
    """The stretch from the first of January, where it is less than a year."""
    if not _adds_up(stretch.said):
        return stretch
    said = replace(stretch.said, period=_from_january(stretch.period))
    return replace(stretch, said=said, to_date=True)


def _follows(row: Row, end: int, start: int) -> bool:
    """Whether "đến nay" stands right behind."""
    return end <= start and all(
        row.is_(place, "frames", "marked_frames", "fillers") for place in range(end, start)
    )


def _adds_up(said: Said) -> bool:
    """Whether it is less than a year, which a running total may end with."""
    months = said.period.whole_months
    within = isinstance(said.what, Part | Day | Counted | Period) and not said.period.is_year
    return within and (months is None or months < Unit.YEAR) and said.period.days < 366


def _from_january(period: Period) -> Period:
    return Period(date(period.end.year, 1, 1), period.end)


def _to_now(stretch: _Stretch, today: date) -> _Stretch:
    """The stretch up to the year, quarter or month of today."""
    period = stretch.period
    if period.start > today:
        return stretch
    if isinstance(stretch.said.what, Year) and period.start.year == today.year:
        return replace(stretch, to_date=True)
    end = date(today.year, 12, 31) if period.is_year else last_day(today.year, today.month)
    said = replace(stretch.said, period=Period(period.start, max(end, period.end)))
    return replace(stretch, said=said, open=said.period != period)


def _is_span(stretch: _Stretch) -> bool:
    """Whether the pieces of the stretch are meant one by one as well."""
    return stretch.open or (stretch.period.whole_months or 0) > Unit.YEAR


def _narrowed(row: Row, stretches: Sequence[_Stretch]) -> list[_Stretch]:
    """Without a stretch that only describes: "chuẩn nghèo 2021-2025 năm 2023" asks for 2023."""
    said = [stretch.said for stretch in stretches]
    return [
        stretch
        for stretch in stretches
        if not _writes_years(stretch.said)
        or not any(_describes(row, stretch.said, other) for other in said)
    ]


def _writes_years(said: Said) -> bool:
    """Whether it is written as a stretch of years: "2021-2025"."""
    return isinstance(said.what, Period) and (said.period.whole_months or 0) > Unit.YEAR


def _describes(row: Row, one: Said, other: Said) -> bool:
    """Whether a written stretch of years holds what stands apart from it."""
    if one.period == other.period or not one.period.contains(other.period):
        return False
    first, second = sorted((one, other), key=lambda each: each.start)
    return not any(row.is_(place, "joins") for place in range(first.end, second.start))
