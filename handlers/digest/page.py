"""What a digest is while it is written: its blocks, and every figure and number in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from db.facts import Figure
from handlers.answers.lines import Sheet
from handlers.digest.scope import Scope
from handlers.message import Block, Message, Strong, Words, line, table
from handlers.question import Computed
from handlers.say import Say


@dataclass(frozen=True)
class Digest:
    """What is sent, and what it holds: `figures` and `computed` are as an answer's.

    `watermark` is the store's when it was made: what is loaded later is news for the next one.
    """

    message: Message
    watermark: int
    figures: tuple[Figure, ...] = ()
    computed: tuple[Computed, ...] = ()


Row = tuple[Words, ...]


@dataclass
class Page:
    """A digest while it is written; `full` is for all sections and long lists."""

    say: Say
    scope: Scope
    day: date
    full: bool
    sheet: Sheet = field(default_factory=Sheet)
    blocks: list[Block] = field(default_factory=list)
    cited: list[Figure] = field(default_factory=list)
    """The figures whose sources are to be named."""

    def count(self, figures: Sequence[Figure]) -> Decimal:
        """How many figures, as a number that may be said."""
        return self.sheet.compute("count", Decimal(len(figures)), "", *figures)

    def most(self, brief: int, full: int) -> int:
        return full if self.full else brief

    def section(
        self, title: str, header: Sequence[str], rows: Sequence[Row], figures: Sequence[Figure]
    ) -> None:
        """A title with the number of figures, and rows for the first of them; nothing where there
        is none.
        """
        if not rows:
            return
        say, count, shown = self.say, self.count(figures), figures[: len(rows)]
        if len(rows) < len(figures):
            said = say.text("digest.title.cut", title=title, count=count, shown=self.count(shown))
        else:
            said = say.text("digest.title.count", title=title, count=count)
        self.blocks += [line(Strong(said)), table(header, rows)]
        self.cited += shown
