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
_NOT_RECENT = Recent(0)


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
    dating = Dating(frames, pieces)
    said = _with_year_to_date(frames.row, pieces, dating.said())
    stretches = _narrowed(frames.row, _ended(frames, _joined(frames.row, said), pieces))
    periods = _with_same_before(dating, [stretch.period for stretch in stretches])
    shift, recent = _first(pieces, Shift), _first(pieces, Recent) or _NOT_RECENT
    shifted = _shifted(shift, periods)
    return OfTime(
        periods=tuple(dict.fromkeys([*periods, *shifted])),
        spans=any(_is_span(stretch) for stretch in stretches),
        recent=recent.count or None,
        grain=recent.grain,
        moved=0 if shift is None or shifted else shift.months,
        yearless=dating.yearless,
        latest=_is_latest(pieces, stretches),
        to_date=_says(pieces, Cue.RUNNING) or any(stretch.to_date for stretch in stretches),
        whole_year=_says(pieces, Cue.WHOLE_YEAR) and not stretches,
        against=_against(frames, pieces, stretches, dating),
        unreadable=_unreadable(frames.row, pieces),
    )


def _with_same_before(dating: Dating, periods: list[Period]) -> list[Period]:
    """The periods, and the last of them in the year that "cùng kỳ" was said of."""
    if dating.same_year is None:
        return periods
    years = periods[-1].start.year - dating.same_year
    return [*periods, periods[-1].years_before(years)]


def _shifted(shift: Shift | None, periods: list[Period]) -> list[Period]:
    """The period so many steps from the last one, where it is of that unit."""
    if shift is None or not periods:
        return []
    shifted = shift.of(periods[-1])
    return [] if shifted is None else [shifted]


def _unreadable(row: Row, pieces: Sequence[Named]) -> tuple[str, ...]:
    """What is written as a period and is none, as it was typed."""
    spans = (
        row.between(piece.start, piece.end)
        for piece in pieces
        if isinstance(piece.what, Unreadable)
    )
    return tuple(" ".join(word.typed for word in span) for span in spans)


def _first(pieces: Sequence[Named], kind: type[_Kind]) -> _Kind | None:
    return next((piece.what for piece in pieces if isinstance(piece.what, kind)), None)


def _says(pieces: Sequence[Named], cue: Cue) -> bool:
    return any(piece.what is cue for piece in pieces)


def _is_latest(pieces: Sequence[Named], stretches: Sequence[_Stretch]) -> bool:
    """Whether the newest figure is meant; "đến nay" says so where it closes nothing."""
    return _says(pieces, Cue.LATEST) or (_says(pieces, Cue.TO_NOW) and not stretches)


def _against(
    frames: Frames, pieces: Sequence[Named], stretches: Sequence[_Stretch], dating: Dating
) -> Against:
    """What is compared with: what stands behind "so với", the step or the year before."""
    named = [piece for piece in pieces if not isinstance(piece.what, Cue)]
    whats = [piece.what for piece in named if frames.of(piece.start).against]
    steps = [what.steps for what in whats if isinstance(what, Counted)]
    return Against(
        named=bool(whats),
        step_before=-1 in steps and len(stretches) == 1,
        same_before=_says(pieces, Cue.SAME_BEFORE) and dating.same_year is None,
    )


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
        joined = _as_one(before.said, one) if before and _reaches(row, before, one) else None
        stretches[len(stretches) - (joined is not None) :] = [joined or _Stretch(one)]
    return stretches


def _reaches(row: Row, before: _Stretch, one: Said) -> bool:
    return reaches(row, before.said.end, one.start)


def _as_one(first: Said, last: Said) -> _Stretch | None:
    """Two ends as one stretch; None where the second comes before the first."""
    if first.what is Cue.YEAR_TO_DATE:
        return _Stretch(replace(last, period=_from_january(last.period)), to_date=True)
    if first.period.start > last.period.start:
        return None
    period = Period(first.period.start, last.period.end)
    return _Stretch(replace(first, end=last.end, period=period), joined=True)


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
    until = frame.until or _is_running(frames, said, pieces, alone=alone)
    return _to_date(stretch) if until else stretch


def _is_open(frames: Frames, said: Said, pieces: Sequence[Named]) -> bool:
    """Whether "đến nay" stands right behind: "2020 đến nay"."""
    return any(
        piece.what is Cue.TO_NOW and _follows(frames.row, said.end, piece.start) for piece in pieces
    )


def _is_running(frames: Frames, said: Said, pieces: Sequence[Named], *, alone: bool) -> bool:
    """Whether "luỹ kế" stands right before or behind, or anywhere where nothing else is named."""
    row, start = frames.row, frames.of(said.start).start
    cues = [piece for piece in pieces if piece.what is Cue.RUNNING]
    behind = any(_follows(row, said.end, cue.start) for cue in cues)
    return behind or any(alone or _follows(row, cue.end, start) for cue in cues)


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
