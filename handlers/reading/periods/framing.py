"""The words around a period that only frame it: từ, đến, so với, trong, vào, hồi."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.reading.periods.row import Row

DASHES = frozenset("-–—/")
MOST_BETWEEN = 4
"""The words that may stand between the two ends of a stretch: "2022 *cho đến hết năm* 2023"."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the framing words before a period begin, and what they say of it."""

    start: int
    against: bool = False
    """ "so với"."""
    since: bool = False
    """ "từ", said plainly enough to open a stretch that nothing closes."""
    until: bool = False
    """ "đến", "hết"."""


class Frames:
    """The frames of what was named in a row, each looked for once."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self._known: dict[int, Frame] = {}

    def of(self, start: int) -> Frame:
        """The frame of what begins at a place."""
        if start not in self._known:
            self._known[start] = _framed(self.row, start)
        return self._known[start]


def _framed(row: Row, start: int) -> Frame:
    first = start
    while (before := _frame_before(row, first)) is not None:
        first = before
    words = range(first, start)
    return Frame(
        first,
        against=_is_against(row, first),
        since=any(_opens(row, place) for place in words),
        until=any(_closes(row, place) for place in words),
    )


def _frame_before(row: Row, end: int) -> int | None:
    """Where the framing word or phrase begins that ends here; None where none does."""
    last = end - 1
    if last < 0 or not row.free(last, end) or row.breaks(end).strip("('‘“–-"):
        return None
    if row.says(last, "năm"):
        return last if row.is_year_word(last) else None
    if _counts_years(row, last) or _opens(row, last) or _is_marked_frame(row, last):
        return last
    found = row.ended(end, "frames")
    return found.start if found is not None and row.free(found.start, end) else None


def _is_marked_frame(row: Row, place: int) -> bool:
    """Whether a word frames that is many other words without its marks: "từ", "đầu", "hai"."""
    return row.frames_marked(place) and not row.in_name(place)


def _counts_years(row: Row, place: int) -> bool:
    """Whether it is the number of the years that follow: "*5* năm 2021-2025"."""
    return row.at(place).plain_number in range(2, 11) and row.at(place + 2).span is not None


def _is_against(row: Row, first: int) -> bool:
    if row.says(first - 1, "với"):
        return row.says(first - 2, "so", "sánh", "đọ", "chiếu")
    if row.typed(first - 1, "hơn", "kém", "thua", "vs"):
        return True
    return row.words.marked and row.typed(first - 1, "so")


def _opens(row: Row, place: int) -> bool:
    """Whether "từ" stands here and is no "đầu tư" without its marks."""
    if not row.is_(place, "since") or row.in_name(place):
        return False
    return row.typed(place, "từ") or not (row.words.marked or row.is_(place - 1, "before_tu"))


def _closes(row: Row, place: int) -> bool:
    """Whether "đến" or "hết" stands here, and is no "cho tôi" without its marks."""
    return row.is_(place, "until") and not (
        row.typed(place, "toi") and not row.says(place - 1, "tính")
    )


def reaches(row: Row, end: int, start: int) -> bool:
    """Whether what ends here begins a stretch that what starts there closes."""
    if start == end:
        breaks = row.breaks(start)
        return not DASHES.isdisjoint(breaks) and "," not in breaks
    words = range(end, start)
    closing = [place for place in words if row.is_(place, "until") or row.typed(place, "sang")]
    return (
        len(words) <= MOST_BETWEEN
        and bool(closing)
        and all(
            place in closing or row.is_(place, "frames", "marked_frames", "between")
            for place in words
        )
        and not row.stops(end, start + 1)
    )
