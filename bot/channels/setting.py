"""How the words of a message are set: lines of marked words, cleaned, in parts that fit one text of
a platform.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from handlers.message import Block, Heading, Note, Strong, Table, Weak, Words

# What platforms drop or refuse: control characters, marks that turn the direction of what follows,
# halves of pairs.
_REFUSED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")

Span = tuple[str, str]
"""Words and the mark that they have, empty for none."""
Row = tuple[Span, ...]
"""One line as it is shown."""


def clean(text: str) -> str:
    """Words as platforms take them, in the form in which they count them."""
    return unicodedata.normalize("NFC", _REFUSED.sub("", text))


def units(text: str) -> int:
    """The length of a text in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def cut(text: str, length: int) -> str:
    """The beginning of a text on one line, with "…" for what is left out."""
    text = " ".join(clean(text).split())
    if units(text) <= length:
        return text
    kept = text[: length - 1]
    while units(kept) > length - 1:
        kept = kept[:-1]
    return kept.rstrip() + "…"


@dataclass(frozen=True, slots=True)
class Setting:
    """What one text of a platform has room for: UTF-16 units, and marked places. `marks` names the
    mark of each kind of words.
    """

    units: int
    marked: int
    marks: Mapping[type[str], str]

    def less(self, units: int, marked: int = 0) -> Setting:
        """The room that is left beside something else."""
        return replace(self, units=self.units - units, marked=self.marked - marked)

    def parts(self, blocks: Iterable[Block]) -> Iterator[tuple[Block, ...]]:
        """Blocks in parts that fit a text each: broken between blocks, then between rows, then
        where it must be.
        """
        part: list[Block] = []
        for block in blocks:
            for piece in self._pieces(block):
                if part and not self.fits([*part, piece]):
                    yield tuple(part)
                    part = []
                _join(part, piece)
        if part and shown(part).strip():
            yield tuple(part)

    def fits(self, part: Sequence[Block]) -> bool:
        rows = self.rows(part)
        marked = sum(1 for row in rows for _, mark in row if mark)
        return marked <= self.marked and units(_text(rows)) <= self.units

    def rows(self, part: Iterable[Block]) -> list[Row]:
        """Blocks as lines of marked words."""
        rows: list[Row] = []
        for block in part:
            if isinstance(block, Table):
                rows += [self.spans(table_row(row)) for row in block.rows]
            elif isinstance(block, Heading):
                rows.append(self.spans(tuple(Strong(part) for part in block.words)))
            elif isinstance(block, Note):
                rows.append(
                    self.spans(
                        tuple(
                            part if isinstance(part, Strong) else Weak(part) for part in block.words
                        )
                    )
                )
            else:
                rows.append(self.spans(block.words))
        return rows

    def spans(self, words: Words) -> Row:
        """Words with their marks; neighbours of one mark share it."""
        spans: list[Span] = []
        for part in words:
            mark = self.marks.get(type(part), "")
            text = clean(part)
            if not text:
                continue
            if not text.strip():
                mark = spans[-1][1] if spans else ""
            if spans and spans[-1][1] == mark:
                spans[-1] = (spans[-1][0] + text, mark)
            else:
                spans.append((text, mark))
        return tuple(spans)

    def _pieces(self, block: Block) -> Iterator[Block]:
        """A block in pieces each of which fits a text: a table's rows, or the whole of anything
        else when it fits.
        """
        if isinstance(block, Table):
            for row in block.rows:
                piece = Table(block.header, (row,))
                if self.fits([piece]):
                    yield piece
                else:
                    yield from (Note(words) for words in self._broken(_joined(table_row(row))))
        elif self.fits([block]):
            if shown([block]).strip():
                yield block
        else:
            yield from (type(block)(words) for words in self._broken(block.words))

    def _broken(self, words: Words) -> Iterator[Words]:
        """Words in pieces that fit a text, broken at ends of lines, else between words, else
        anywhere.
        """
        piece: list[str] = []
        room, marks = self.units, self.marked
        for part in words:
            kind, rest = type(part), clean(part)
            while rest:
                if marks and units(rest) <= room:
                    piece.append(kind(rest))
                    room -= units(rest)
                    marks -= 1
                    break
                head = self._head(rest, room) if marks else ""
                if head:
                    piece.append(kind(head))
                rest = rest[len(head) :].lstrip()
                yield tuple(piece)
                piece, room, marks = [], self.units, self.marked
        if piece:
            yield tuple(piece)

    def _head(self, text: str, room: int) -> str:
        """As much of a text as fits and ends well; nothing when the text should rather begin a new
        piece.
        """
        size = 0
        end = len(text)
        for index, letter in enumerate(text):
            size += 2 if ord(letter) > 0xFFFF else 1
            if size > room:
                end = index
                break
        head = text[:end]
        for mark in ("\n", " "):
            if found := head.rfind(mark) + 1:
                return head[:found]
        return head if room == self.units else ""


def shown(part: Iterable[Block]) -> str:
    """Blocks as they are read: without any mark."""
    return _text(_UNMARKED.rows(part))


def table_row(row: tuple[Words, ...]) -> tuple[str, ...]:
    """A table's row as a line: the first cell, a colon, and the cells that say something."""
    first, *rest = row
    words: list[str] = ["• ", *first]
    mark = ": "
    for cell in rest:
        if any(cell):
            words += [mark, *cell]
            mark = " · "
    return tuple(words)


def _join(part: list[Block], piece: Block) -> None:
    """Adds a piece to a part; the rows of one table stay one table."""
    before = part[-1] if part else None
    if isinstance(piece, Table) and isinstance(before, Table) and piece.header is before.header:
        part[-1] = Table(before.header, before.rows + piece.rows)
    else:
        part.append(piece)


def _joined(words: Words) -> Words:
    return (clean("".join(words)),)


def _text(rows: Iterable[Row]) -> str:
    return "\n".join("".join(text for text, _ in row) for row in rows)


_UNMARKED = Setting(0, 0, {})
