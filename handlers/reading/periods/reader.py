"""Reads the periods of a question: proposes spans, keeps the longest, takes their words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from handlers.question import OfTime
from handlers.reading.periods.composing import compose
from handlers.reading.periods.framing import Frames
from handlers.reading.periods.lists import listed
from handlers.reading.periods.named import Cue, Named
from handlers.reading.periods.numerals import BARE_DIGITS
from handlers.reading.periods.relative import Relative
from handlers.reading.periods.row import Calendar, Row
from handlers.reading.periods.ways import BEHIND_NUMBERS, Way, by_head
from handlers.reading.spelling import fold
from handlers.reading.words import Lexicon, Words
from locales.vocabulary import Vocabulary

_BEFORE_RECENT = ("mấy", "vài", "các", "những", "cách")


class PeriodReader:
    """Reads periods with a vocabulary; it keeps nothing between questions."""

    def __init__(self, words: Vocabulary, pairs: frozenset[tuple[str, str]] = frozenset()) -> None:
        """`pairs` are neighbours in names, where a year or "nam" is no period."""
        self._pairs = pairs
        self._calendar = Calendar(words.calendar)
        self._relative = Relative(words.periods)
        self._numbers = (*BEHIND_NUMBERS, self._relative.recent, self._relative.ago)
        self._ways = self._by_head()
        self._year_end = Lexicon({"year_end": words.periods["year_end"]})

    def _by_head(self) -> dict[str, tuple[Way, ...]]:
        """The ways by the bare words that they begin with, those of the vocabulary among them."""
        ways = by_head()
        counted = {*BARE_DIGITS, *(fold(text) for text in _BEFORE_RECENT)}
        for head in counted:
            ways[head] = (*ways.get(head, ()), self._relative.recent, self._relative.ago)
        for head in self._relative.first:
            ways[head] = (*ways.get(head, ()), self._relative.named)
        return ways

    def read(self, words: Words, today: date) -> OfTime:
        """Takes every free word that names a period, and those that only frame one."""
        row = Row(words, today, self._calendar, self._pairs)
        pieces = list(self._pieces(row))
        frames = Frames(row)
        time = compose(frames, pieces)
        for piece in pieces:
            words.take(piece.start, piece.end, "period", _meaning(piece))
        self._take_frames(frames, pieces)
        return time

    def named(self, words: Words, today: date) -> tuple[Named, ...]:
        """What free words say of time, without taking them; some may be reserved before."""
        return tuple(self._pieces(Row(words, today, self._calendar, self._pairs)))

    def _pieces(self, row: Row) -> Iterator[Named]:
        """Yield the longest of what is proposed at each place, left to right."""
        place = 0
        while place < len(row):
            piece = self._longest(row, place)
            if piece is None:
                place += 1
                continue
            for one in (piece, *listed(row, piece)):
                if one is not piece and not row.free(one.start, one.end):
                    break
                row.mark(one.start, one.end)
                yield one
                place = one.end

    def _longest(self, row: Row, place: int) -> Named | None:
        word = row.at(place)
        ways = self._numbers if word.number is not None else self._ways.get(word.bare, ())
        proposed = [named for way in ways if (named := way(row, place)) is not None]
        free = [named for named in proposed if row.words.free(named.start, named.end)]
        return max(free, key=lambda named: named.end, default=None)

    def _take_frames(self, frames: Frames, pieces: list[Named]) -> None:
        """Takes the words that only frame a period, and what says that a year's end is meant."""
        row = frames.row
        for before, piece in zip([None, *pieces], pieces, strict=False):
            start = frames.of(piece.start).start
            if before is not None and piece.start - before.end == 1:
                start = before.end if row.is_(before.end, "joins", "fillers") else start
            if start < piece.start and row.free(start, piece.start):
                row.words.take(start, piece.start, "period", "frame")
        for found in self._year_end.find(row.words.row):
            if row.words.free(found.start, found.end):
                row.words.take(found.start, found.end, "period", found.group)


def _meaning(piece: Named) -> str:
    return piece.what.value if isinstance(piece.what, Cue) else str(piece.what)
