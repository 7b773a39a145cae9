"""What we say, for any channel: blocks of words, what to ask next, pictures, files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from handlers.command import Command


class Strong(str):
    """Words to stand out, by whatever means the channel has."""

    __slots__ = ()


class Weak(str):
    """Words that may step back."""

    __slots__ = ()


class Good(str):
    """Words that tell of a result as it should be."""

    __slots__ = ()


class Bad(str):
    """Words that tell of a result not as it should be."""

    __slots__ = ()


Words = tuple[str, ...]
"""A line of words; each part is plain or one of the kinds above."""


@dataclass(frozen=True, slots=True)
class Heading:
    """What the message is about."""

    words: Words


@dataclass(frozen=True, slots=True)
class Line:
    """One line of words."""

    words: Words


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells under a header; every row has as many cells as the header."""

    header: tuple[str, ...]
    rows: tuple[tuple[Words, ...], ...]

    def __post_init__(self) -> None:
        if any(len(row) != len(self.header) for row in self.rows):
            raise ValueError("a table row with another number of cells than its header")


@dataclass(frozen=True, slots=True)
class Note:
    """Small print: sources, what is missing."""

    words: Words


Block = Heading | Line | Table | Note


@dataclass(frozen=True, slots=True)
class Choice:
    """What may be asked next: choosing it is the same as typing its text, which stands without the
    talk before it.

    `indicator` is the code of the indicator that choosing it settles; None where it settles none.
    `command` is what choosing it does without reading the text, which says the same.
    """

    label: str
    text: str
    indicator: str | None = None
    command: Command | None = None

    @property
    def carried(self) -> str:
        """The command as JSON; empty where there is none."""
        return self.command.dump() if self.command is not None else ""


@dataclass(frozen=True, slots=True)
class Image:
    """A picture; `alt` is its content in words, `lines` the same picture in block characters.

    `caption` is what stands under it where the words beside it say its content already; without
    one, `alt` does.
    """

    data: bytes
    media_type: str
    alt: str
    lines: tuple[str, ...] = ()
    caption: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """A file to hand over."""

    name: str
    data: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Message:
    """One reply. Channels dress it; none changes its words."""

    blocks: tuple[Block, ...]
    choices: tuple[Choice, ...] = ()
    images: tuple[Image, ...] = ()
    files: tuple[File, ...] = ()

    @property
    def text(self) -> str:
        """The words without any markup: a line a block, a table as a line a row."""
        return "\n".join(plain(block) for block in self.blocks)


def heading(*words: str) -> Heading:
    return Heading(words)


def line(*words: str) -> Line:
    return Line(words)


def note(*words: str) -> Note:
    return Note(words)


def message(
    *blocks: Block | None,
    choices: Iterable[Choice] = (),
    images: tuple[Image, ...] = (),
    files: tuple[File, ...] = (),
) -> Message:
    """A message of the blocks that are there."""
    return Message(
        tuple(block for block in blocks if block is not None), tuple(choices), images, files
    )


def table(header: Iterable[str], rows: Iterable[tuple[Words, ...]]) -> Table:
    """A table without the columns in which nothing stands."""
    titles, filled = tuple(header), tuple(rows)
    said = [place for place in range(len(titles)) if any("".join(row[place]) for row in filled)]
    return Table(
        tuple(titles[place] for place in said),
        tuple(tuple(row[place] for place in said) for row in filled),
    )


def plain(block: Block) -> str:
    """A block without markup: a table's row is its first cell, a colon, and the cells that say
    something.
    """
    if isinstance(block, Table):
        return "\n".join(plain_row(row) for row in block.rows)
    return "".join(block.words)


def plain_row(row: tuple[Words, ...]) -> str:
    first, *rest = ("".join(cell) for cell in row)
    said = " · ".join(cell for cell in rest if cell)
    return f"• {first}: {said}" if said else f"• {first}"
